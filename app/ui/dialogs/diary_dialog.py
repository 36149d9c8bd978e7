"""The form of a note in the diary, made to be written fast: the keyboard is in the text, Ctrl+Return saves.

A correction is a new note in the place of the old, which stays readable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.services.diary import DiaryDraft
from app.ui.form import FormDialog
from app.ui.kit import ChoiceCombo, DayEdit, Field, beside
from app.ui.presenters import diary as words
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.widgets.note_edit import NoteEdit

if TYPE_CHECKING:
    from app.reference.ids import DiaryId, GuestId
    from app.services.diary import DiaryNote
    from app.services.guest import GuestCard
    from app.ui.context import Context


def draft_of(guest: GuestId) -> str:
    """Return the name of the draft of a new note: one a guest, or a note could come up on the wrong card."""
    return f"diary_{guest}"


class DiaryDialog(FormDialog):
    """Writes a note; `accepted` when the register has it."""

    form_id: ClassVar[str] = "diary"

    def __init__(
        self, context: Context, card: GuestCard, *, corrects: DiaryNote | None = None, parent: QWidget | None = None
    ) -> None:
        title = tr("diary.new_title" if corrects is None else "diary.correct_title", name=card.name_used)
        super().__init__(parent, title, "" if corrects is None else tr("diary.correct_lead"), width=620)
        self.form_id = draft_of(card.id) if corrects is None else f"diary_fix_{corrects.id}"  # type: ignore[misc]  # see draft_of
        today = context.register.desk.today()
        self._context, self._guest = context, card.id
        self._replaces: DiaryId | None = corrects.id if corrects is not None else None
        self.day = DayEdit(today if corrects is None else corrects.day, today=lambda: today, latest=today)
        self.kind = ChoiceCombo(words.kind_choices())
        self.kind.set_code(words.USUAL_KIND if corrects is None else corrects.kind)
        self.text = NoteEdit(lines=9)
        if corrects is not None:
            self.text.setPlainText(corrects.text)
        self._day_field = Field(tr("diary.day"), self.day)
        self._text_field = Field(tr("diary.text"), self.text, help_text=tr("diary.text_help"))
        self.body.addWidget(self._text_field)
        self.body.addLayout(beside(Field(tr("diary.kind"), self.kind), self._day_field, stretch=(1, 1)))
        self.add_cancel()
        self.save = self.add_action(tr("diary.save"), self._save)
        for keys in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shortcut = QShortcut(QKeySequence(Qt.Modifier.CTRL | keys), self)
            shortcut.activated.connect(self._save)
        self.text.textChanged.connect(self._count)
        self._proposed = self._filled()
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self.text.setFocus()

    def content(self) -> dict[str, object]:
        """Return what is filled in; empty while it is as proposed."""
        filled = self._filled()
        return {} if filled == self._proposed else filled

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.text.setPlainText(as_text(content.get("text")))
        self.kind.set_code(as_text(content.get("kind")))
        self.day.set_day(day_from_text(content.get("day")))
        self.text.moveCursor(QTextCursor.MoveOperation.End)

    def _filled(self) -> dict[str, object]:
        day = self.day.day()
        return {"text": self.text.toPlainText(), "kind": self.kind.code(), "day": day.isoformat() if day else None}

    def _count(self) -> None:
        told = words.room_left(len(self.text.words()))
        self._text_field.set_error("")
        self._text_field.set_help(told or tr("diary.text_help"))

    def _save(self) -> None:
        if not self.save.isEnabled():
            return
        day, text = self.day.day(), self.text.words()
        self._text_field.set_error("" if text else tr("diary.text_missing"))
        self._day_field.set_error("" if day else self.day.problem() or tr("diary.day_missing"))
        if day is None or not text:
            (self._text_field if not text else self._day_field).setFocus()
            return
        draft = DiaryDraft(self._guest, day, self.kind.code(), text, self._replaces)
        self.save.setEnabled(False)
        diaries = self._context.register.diaries
        self._context.write(
            self, lambda: diaries.write(draft), lambda _: self.accept(), changes="diary", failed=self._refused
        )

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))
