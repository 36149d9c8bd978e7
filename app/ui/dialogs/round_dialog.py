"""The evening round: one list by room, yesterday's state offered for each, confirmed with Return, signed with initials.

States, meals, note and signature are written together at the end; until then nothing is recorded, and a lock keeps
what was done so far, of every night that was begun.
"""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import ApprodoError
from app.reference.format import day_long, number
from app.reference.texts import tr, tr_n
from app.services.round import RoundNight
from app.services.signature import as_initials
from app.ui.context import Context
from app.ui.form import FormDialog
from app.ui.kit import Banner, DayEdit, EmptyState, IconButton, Label, SecondaryButton, beside
from app.ui.kit.popover import show_popover
from app.ui.presenters.meal_board import LETTERS, explain, kind_word
from app.ui.presenters.moment import moment_short
from app.ui.presenters.night_state import say_state, sign_of, state_codes, state_of_key, word_of
from app.ui.presenters.round_draft import RoundDraft
from app.ui.presenters.round_sheet import RoundSheet
from app.ui.tables.round_table import RoundTable
from app.ui.theme import px
from app.ui.widgets.round_signature import RoundSignature

_WIDTH = 900
_LEAST_LINES = 2
_AROUND = 48
"""What the window's own edges and the bar of the desktop may need of the screen."""
_TIGHT = 640
"""A screen lower than this, in lengths of the text's size, gives its height to the list: hints go behind a button."""
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RoundDialog(FormDialog):
    """The round of a night, tonight's when none is given."""

    form_id: ClassVar[str] = "round"

    def __init__(self, context: Context, parent: QWidget | None, night: date | None = None) -> None:
        super().__init__(parent, tr("presences.round_title"), tr("presences.round_lead"), width=_WIDTH)
        self._context = context
        self._house = context.house
        self._today = context.register.desk.today()
        self._tight = self.screen().availableGeometry().height() < px(_TIGHT)
        self._night = night or self._today
        self._begun = RoundDraft()
        self.sheet: RoundSheet | None = None
        self.list: RoundTable | None = None
        self._build_head()
        self._build_foot()
        self._tighten()
        self._ask()

    # --- building

    def _build_head(self) -> None:
        self.night = DayEdit(self._night, today=lambda: self._today, latest=self._today)
        self.night.setFixedWidth(px(190))
        self.night.setAccessibleName(tr("presences.round_of"))
        self.night.day_changed.connect(self._on_night)
        of_night = Label(tr("presences.round_of_key"), "field")
        of_night.setBuddy(self.night)
        self.summary = Label("", "muted", wrap=True)
        self.hints = IconButton("help", tr("presences.round_hints"), on_click=self._show_hints)
        self.hints.setVisible(False)
        head = beside(of_night, self.night, self.summary, self.hints, stretch=(0, 0, 1), spacing=12)
        self.body.addLayout(head)
        self.half = Banner("warn", icon_name="history")
        self.half.action_asked.connect(self._resume)
        self.half.hide()
        self.body.addWidget(self.half)
        self._place = QVBoxLayout()
        self.none = EmptyState("hotel", tr("presences.round_none"))
        self.none.hide()
        self.body.addLayout(self._place, 1)
        self.body.addWidget(self.none)

    def _build_foot(self) -> None:
        marks = QHBoxLayout()
        marks.setSpacing(px(6))
        for code in state_codes():
            button = SecondaryButton(f"{sign_of(code)} {word_of(code)}", on_click=partial(self._mark, code))
            button.setToolTip(tr("presences.round_set", state=say_state(code), key=code))
            button.setAccessibleName(button.toolTip())
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            marks.addWidget(button)
        marks.addStretch(1)
        self.marks = QWidget()
        self.marks.setLayout(marks)
        marks.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self.marks)
        self.meal_keys = Label("", "small", wrap=True)
        self.body.addWidget(self.meal_keys)
        self.alone = Label("", "strong", wrap=True)
        self.alone.hide()
        self.body.addWidget(self.alone)
        self.signature = RoundSignature()
        self.note, self.initials = self.signature.note, self.signature.initials
        self.signature.written.connect(self._on_written)
        self.body.addWidget(self.signature)
        self.add_cancel()
        self.save = self.add_action(tr("presences.round_save"), self._write)
        self.save.setEnabled(False)

    def _tighten(self) -> None:
        """On a low screen, or with large letters, leave out what can be asked for, and the air between the rows."""
        layout = self.layout()
        self.hints.setVisible(self._tight)
        if self._tight and layout is not None:
            layout.setContentsMargins(px(16), px(10), px(16), px(10))
            layout.setSpacing(px(6))
            self.body.setSpacing(px(8))
            self._lead.hide()
            title = layout.itemAt(0)
            if title is not None and (words := title.widget()) is not None:
                words.hide()  # the night beside it says what this is, and so does the accessible name

    def _show_hints(self) -> None:
        offered = self.sheet is not None and bool(self.sheet.offered)
        show_popover(
            self.hints, "\n\n".join([tr("presences.round_lead"), *([self.meal_keys.text()] if offered else [])])
        )

    # --- what survives a lock

    def content(self) -> dict[str, object]:
        """Return what was begun, night by night."""
        self._keep()
        return self._begun.content()

    def restore(self, content: dict[str, object]) -> None:
        """Go on where the round was left; what belongs to another night waits for it, and is offered."""
        self._begun.restore(content)
        self._take_up()

    def _keep(self) -> None:
        if self.sheet is not None:
            self._begun.keep(self._night, self.sheet.content())

    def _take_up(self) -> None:
        """Lay over the night in view what was begun of it, and offer the other nights."""
        begun = self._begun.of(self._night)
        if self.sheet is not None and begun:
            self.sheet.restore(begun)
            self._show_sheet()
        others = self._begun.others(self._night, self._today)
        self.half.setVisible(bool(others))
        if others:
            title = tr("presences.round_half", day=day_long(others[0]))
            self.half.tell("warn", title, action=tr("presences.round_resume"), icon_name="history")

    def _resume(self) -> None:
        others = self._begun.others(self._night, self._today)
        if others:
            self.night.set_day(others[0])
            self._on_night(others[0])

    # --- showing

    def _on_night(self, night: date | None) -> None:
        if night is not None and night != self._night:
            self._keep()
            self._night, self.sheet = night, None
            self.set_error("")
            self._ask()

    def _ask(self) -> None:
        register, house, asked = self._context.register, self._house, self._night
        self._context.ask(self, lambda: register.rounds.of(house, asked), self._show, self._refused)

    def _show(self, night: RoundNight) -> None:
        if night.night != self._night:
            return  # another night was asked for in the meantime
        self.sheet = RoundSheet(night)
        if self.list is None:
            self._build_list(self.sheet)
        self._show_signed()
        named = day_long(self._night)
        self.setAccessibleName(
            tr("presences.round_tonight") if self._night == self._today else tr("presences.round_night", day=named)
        )
        empty = not self.sheet.lines
        self.none.setVisible(empty)
        for part in (self.list.view if self.list else self.marks, self.marks, self.signature):
            part.setHidden(empty)
        self.meal_keys.setHidden(empty or self._tight or not self.sheet.offered)
        self.save.setEnabled(not empty and not night.meals.closed)
        if night.meals.closed:
            self.set_error(tr("presences.round_closed"), tr("presences.closed_text"))
        self._show_sheet()
        self._take_up()
        self._grow()
        if self.list is not None and not empty:
            self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build_list(self, sheet: RoundSheet) -> None:
        self.list = RoundTable(sheet.offered)
        self.list.view.installEventFilter(self)
        self._place.addWidget(self.list.view)
        QWidget.setTabOrder(self.night, self.list.view)
        QWidget.setTabOrder(self.list.view, self.note)
        keys = [
            tr("presences.round_key", key=at, word=kind_word(kind)) for at, kind in enumerate(sheet.offered, start=1)
        ]
        keys += [
            tr("presences.round_key", key=key, word=kind_word(kind))
            for key, kind in LETTERS.items()
            if kind not in sheet.offered
        ]
        self.meal_keys.setText(tr("presences.round_keys", keys=" · ".join(keys)))

    def _show_signed(self) -> None:
        signed = self.sheet.signed if self.sheet else None
        words = ""
        if signed is not None:
            by = signed.by or tr("presences.signed_recovery")
            words = tr("presences.round_signed", initials=signed.initials, by=by, when=moment_short(signed.at))
        self.set_lead(words or ("" if self._tight else tr("presences.round_lead")))
        self.note.setEnabled(self.sheet is None or self.sheet.note_open)
        self.note.setPlaceholderText("" if self.note.isEnabled() else tr("presences.note_reserved"))

    def _show_sheet(self) -> None:
        if self.sheet is None:
            return
        self.signature.show_words(self.sheet.note, self.sheet.initials)
        self._show_lines(self.sheet.next_open() or 0)

    def _show_lines(self, at: int, said: str = "") -> None:
        sheet = self.sheet
        if sheet is None or self.list is None:
            return
        self.list.show(sheet, headings=not self._tight)
        self._show_alone(sheet)
        self.list.choose(at)
        self.save.setText(tr("presences.round_save" if sheet.is_complete else "presences.round_rest"))
        words = {"confirmed": sheet.confirmed, "total": len(sheet.lines), "present": sheet.present}
        away = len(sheet.lines) - sheet.present
        shown = {name: number(value) for name, value in words.items()}
        summary = tr("presences.round_summary", away=number(away), **shown) if sheet.lines else ""
        if sheet.lines and sheet.offered:
            days = "AUT" in sheet.offered
            meals = tr_n("presences.round_days" if days else "presences.round_meals", sheet.meals())
            summary = f"{summary} · {meals}"
        self.summary.setText(f"{summary}. {said}" if said else summary)

    def _show_alone(self, sheet: RoundSheet) -> None:
        """Say which children would sleep here without an adult of theirs; it keeps nobody from signing."""
        alone = sheet.left_alone()
        self.alone.setText(tr("presences.round_alone", names=", ".join(alone)) if alone else "")
        self.alone.setVisible(bool(alone))

    def _grow(self) -> None:
        """Take the height that the list needs, now that it is known, as far as the screen has it."""
        layout = self.layout()
        if layout is None or self.list is None or self.sheet is None:
            return
        least = self.list.high(_LEAST_LINES)
        self.list.view.setMinimumHeight(least)
        layout.activate()
        wide = max(self.width(), px(_WIDTH))
        wanted = layout.totalHeightForWidth(wide) - least + self.list.high(self.list.model.rowCount())
        self.resize(wide, min(wanted, self.screen().availableGeometry().height() - px(_AROUND)))

    # --- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        of_list = self.list is not None and watched is self.list.view
        if of_list and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(event)
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        if self.sheet is None or not self.sheet.lines:
            return False
        if event.key() in _ENTERS:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._write()
            else:
                self._confirm()
            return True
        if not _is_plain(event):
            return False
        state = state_of_key(event.text())
        if state is not None:
            self._mark(state)
        return state is not None or self._toggle_meal(event.text())

    def _mark(self, state: str) -> None:
        at = self.list.chosen() if self.list is not None else -1
        if self.sheet is not None and at >= 0:
            self.sheet.set_state(at, state)
            self._show_lines(at)

    def _toggle_meal(self, key: str) -> bool:
        at = self.list.chosen() if self.list is not None else -1
        said = self.sheet.toggle_meal(at, key) if self.sheet is not None and at >= 0 else None
        if said is not None:
            self._show_lines(at, said)
        return said is not None

    def _confirm(self) -> None:
        """Confirm the chosen guest and go on; when all are confirmed, to the initials."""
        sheet, at = self.sheet, self.list.chosen() if self.list is not None else -1
        if sheet is None:
            return
        if at >= 0 and not sheet.is_complete:
            sheet.confirm(at)
        following = sheet.next_open(at)
        self._show_lines(at if following is None else following)
        if following is None:
            self.signature.ask_initials()

    def _on_written(self) -> None:
        if self.sheet is not None:
            self.sheet.note, self.sheet.initials = self.note.text(), as_initials(self.initials.text())
        if self.signature.error():
            self.signature.set_error("")

    # --- writing

    def _write(self) -> None:
        sheet = self.sheet
        if sheet is None or not self.save.isEnabled():
            return
        draft = sheet.draft()
        if draft is None:
            self.accept()
            return
        if not draft.initials:
            self.signature.set_error(tr("presences.round_initials_missing"))
            self.signature.ask_initials()
            return
        self.save.setEnabled(False)
        self.set_error("")
        rounds, house, night = self._context.register.rounds, self._house, self._night
        self._context.write(
            self,
            lambda: rounds.sign(house, night, draft),
            self._written,
            changes="presences",
            failed=self._refused,
            leaves=lambda: self._begun.without(night),
        )

    def _written(self, _none: None) -> None:
        sheet = self.sheet
        if sheet is not None:
            shown = {"present": number(sheet.present), "away": number(len(sheet.lines) - sheet.present)}
            self._context.told.emit("ok", tr("presences.round_done", initials=sheet.initials, **shown))
            if sheet.offered:
                self._context.changed.emit("meals")
        self.accept()

    def done(self, result: int) -> None:
        """Close; what is written or given up needs no draft, other nights that were begun are kept for their turn."""
        self.sheet = None
        self._begun.keep(self._night, {})
        waiting = self._begun.content()
        if waiting:
            self._context.drafts[self.form_id] = json.dumps(waiting)
        self._begun = RoundDraft()
        super().done(result)

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(self.sheet is not None and bool(self.sheet.lines))
        self.set_error(tr("presences.round_failed"), explain(error))


def open_round(context: Context, parent: QWidget, night: date | None = None) -> RoundDialog:
    """Open the round over a window, with what was left of it at the last lock."""
    dialog = RoundDialog(context, parent.window(), night)
    context.give_back(dialog)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def _is_plain(event: QKeyEvent) -> bool:
    strong = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    return not event.modifiers() & strong
