"""The handover notes of a house: write one, read those of the other shifts, mark them read or done.

Reading is an explicit key or click; opening the list marks nothing.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from app.errors import ApprodoError
from app.reference.ids import GuestId
from app.reference.texts import say_error, tr, tr_n
from app.services.handover import DAYS_SHOWN, HandoverBook, HandoverDraft, HandoverRow
from app.ui.form import FormDialog
from app.ui.kit import CodeCombo, EmptyState, Field, Label, PrimaryButton, QuietButton, beside
from app.ui.presenters import handover as words
from app.ui.presenters.draft import as_text
from app.ui.presenters.health import guest_choices
from app.ui.theme import px
from app.ui.widgets.handover_note import HandoverNote
from app.ui.widgets.note_edit import NoteEdit
from app.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from app.services.guest import GuestRow
    from app.ui.context import Context

_WIDTH = 720
_LIST_HEIGHT = 150
_HEIGHT = 620
_AROUND = 48


class HandoverDialog(FormDialog):
    """Writes and reads; stays open until it is closed."""

    form_id: ClassVar[str] = "handover"

    def __init__(self, context: Context, parent: QWidget | None, *, writing: bool = False) -> None:
        """Open the notes; `writing` puts the keyboard where a new one is written, not on the first to read."""
        super().__init__(parent, tr("handover.title"), tr("handover.lead"), width=_WIDTH)
        self._context = context
        self._writing = writing
        self._in_list = False
        self._days = DAYS_SHOWN
        self._at = 0
        self._restored_guest = ""
        self._build_writing()
        self._build_list()
        self.add_cancel(tr("handover.close"))
        self.resize(px(_WIDTH), min(px(_HEIGHT), self.screen().availableGeometry().height() - px(_AROUND)))
        self._ask_guests()
        self._ask()

    def _build_writing(self) -> None:
        self.text = NoteEdit(lines=2)
        self.guest = CodeCombo(may_be_empty=True)
        line = self.guest.lineEdit()
        if line is not None:
            line.setPlaceholderText(tr("handover.whole_house"))
        self.urgent = QCheckBox(tr("handover.urgent"))
        self.write = PrimaryButton(tr("handover.write"), "edit_note", on_click=self._on_write)
        self.write.setAutoDefault(False)
        self._text_field = Field(tr("handover.field_text"), self.text, help_text=tr("handover.field_text_help"))
        self.body.addWidget(self._text_field)
        about = Label(tr("handover.field_guest"), "field")
        about.setBuddy(self.guest)
        self.guest.setMinimumWidth(px(220))
        self.body.addLayout(beside(about, self.guest, self.urgent, None, self.write, spacing=12))

    def _build_list(self) -> None:
        self.heading = Label("", "heading")
        self.read_all = QuietButton(tr("handover.read_all"), "done_all", on_click=self._on_read_all)
        self.older = QuietButton(tr("handover.older"), "history", on_click=self._on_older)
        for button in (self.read_all, self.older):
            button.setAutoDefault(False)
            button.hide()
        self.list = RowList()
        self.list.setMinimumHeight(px(_LIST_HEIGHT))
        self.none = EmptyState("chat", tr("handover.none"), tr("handover.none_hint"))
        self.none.hide()
        self.body.addLayout(beside(self.heading, None, self.older, self.read_all, spacing=8))
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.none, 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A plain Return belongs to whatever has the keyboard: a new line, or the note that is being read.
        is_return = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_return and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._on_write()
        elif not is_return:
            super().keyPressEvent(event)

    # --- what survives a lock

    def content(self) -> dict[str, object]:
        """Return the note that is half written; empty while no word of it is."""
        if not self.text.words():
            return {}
        return {"text": self.text.words(), "guest": self.guest.code(), "urgent": self.urgent.isChecked()}

    def restore(self, content: dict[str, object]) -> None:
        """Write it again."""
        self.text.setPlainText(as_text(content.get("text")))
        self._restored_guest = as_text(content.get("guest"))
        self.guest.set_code(self._restored_guest or None)
        self.urgent.setChecked(content.get("urgent") is True)

    # --- showing

    def _ask_guests(self) -> None:
        register, house = self._context.register, self._context.house

        def done(rows: list[GuestRow]) -> None:
            chosen = self.guest.code() or self._restored_guest or None
            self.guest.set_choices(guest_choices((row.id, row.code, row.name_used) for row in rows))
            self.guest.set_code(chosen)

        self._context.ask(self, lambda: register.guests.list_rows(house), done)

    def _ask(self) -> None:
        register, house, days = self._context.register, self._context.house, self._days
        self._context.ask(
            self, lambda: (register.handovers.list_rows(house, days=days), register.desk.now()), self._show, self._told
        )

    def _show(self, found: tuple[HandoverBook, datetime]) -> None:
        book, now = found
        unread = tr_n("handover.unread", book.unread) if book.unread else ""
        self.heading.setText(" · ".join(filter(None, (tr("handover.heading", n=book.days), unread))))
        self.read_all.setVisible(book.unread > 1)
        self.older.setVisible(book.has_older)
        notes = [HandoverNote(words.line(row, now)) for row in book.rows]
        for place, note in enumerate(notes):
            note.read_asked.connect(self._on_read)
            note.done_asked.connect(self._on_done)
            note.guest_asked.connect(self._on_guest)
            note.left.connect(partial(self._go, place))
        self.list.show_rows(notes)
        self.list.setVisible(bool(notes))
        self.none.setVisible(not notes)
        self._place_keyboard(unread=book.unread)

    def _place_keyboard(self, *, unread: int) -> None:
        """Give the keyboard to the first note to read; with none, or when writing, to the new one."""
        if unread and not self._writing:
            self._focus(0)
        elif self._in_list:
            self._focus(min(self._at, len(self.list.rows()) - 1))
        else:
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focus(self, place: int) -> None:
        rows = self.list.rows()
        if 0 <= place < len(rows):
            self._at = place
            rows[place].show()  # a row just made is not seen yet, and what is not seen is given no keyboard
            rows[place].setFocus(Qt.FocusReason.TabFocusReason)
            self.list.ensureWidgetVisible(rows[place], 0, px(8))

    def _go(self, place: int, step: int) -> None:
        if place + step < 0:
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._focus(min(place + step, len(self.list.rows()) - 1))

    # --- writing

    def _on_write(self) -> None:
        self.set_error("")
        text, guest = self.text.words(), self.guest.code()
        self._text_field.set_error("" if text else tr("handover.text_missing"))
        wrong = self.guest.problem()
        if not text or wrong:
            self.set_error(wrong)
            (self.guest if text else self.text).setFocus()
            return
        about = GuestId(int(guest)) if guest else None
        draft = HandoverDraft(self._context.house, text, about, is_urgent=self.urgent.isChecked())
        self.write.setEnabled(False)
        register = self._context.register
        self._context.write(
            self, lambda: register.handovers.write(draft), self._on_written, changes="handovers", failed=self._told
        )

    def _on_written(self, _note: object) -> None:
        self.write.setEnabled(True)
        self.text.clear()
        self.guest.set_code(None)
        self._restored_guest = ""
        self.urgent.setChecked(False)
        self._writing, self._in_list = True, False
        self._context.told.emit("ok", tr("handover.written"))
        self._ask()

    def _on_read(self, row: HandoverRow) -> None:
        self._mark([row])

    def _on_read_all(self) -> None:
        lines = [note.line for note in self.list.rows() if isinstance(note, HandoverNote)]
        self._mark([line.row for line in lines if line.may_read])

    def _mark(self, rows: list[HandoverRow]) -> None:
        register = self._context.register
        self._writing, self._in_list = False, True
        self._context.write(
            self,
            lambda: register.handovers.read([row.id for row in rows]),
            lambda _: self._ask(),
            changes="handovers",
            failed=self._told,
            leaves=self.content,
        )

    def _on_done(self, row: HandoverRow) -> None:
        handovers, note = self._context.register.handovers, row.id
        work = partial(handovers.reopen if row.done_at else handovers.finish, note)
        self._writing, self._in_list = False, True
        self._context.write(
            self, work, lambda _: self._ask(), changes="handovers", failed=self._told, leaves=self.content
        )

    def _on_older(self) -> None:
        self._days *= 4
        self._ask()

    def _on_guest(self, guest: GuestId) -> None:
        self._context.page_asked.emit("guests", guest)
        self._context.keep(self)  # a note half written comes back when the notes are opened again
        self.done(QDialog.DialogCode.Rejected)

    def _told(self, error: ApprodoError) -> None:
        self.write.setEnabled(True)
        self.set_error(say_error(error))


def open_handovers(context: Context, parent: QWidget, *, writing: bool = False) -> HandoverDialog:
    """Open the notes over a page, with what was half written at the last lock."""
    dialog = HandoverDialog(context, parent.window(), writing=writing)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    context.give_back(dialog)
    dialog.open()
    return dialog
