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
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.errors import ApprodoError
from app.reference.format import day_long, number
from app.reference.texts import say_error, tr, tr_n
from app.services.round import RoundNight
from app.services.signature import MOST_INITIALS, as_initials
from app.ui.context import Context
from app.ui.form import FormDialog
from app.ui.kit import Banner, DayEdit, EmptyState, Field, Label, SecondaryButton, beside
from app.ui.presenters.meal_board import LETTERS, kind_word
from app.ui.presenters.moment import moment_short
from app.ui.presenters.night_state import say_state, sign_of, state_codes, state_of_key, word_of
from app.ui.presenters.round_draft import RoundDraft
from app.ui.presenters.round_sheet import RoundSheet
from app.ui.tables.round_table import RoundTable
from app.ui.theme import px

_WIDTH = 900
_LEAST_LINES = 2
_AROUND = 48
"""What the window's own edges and the bar of the desktop may need of the screen."""
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RoundDialog(FormDialog):
    """The round of a night, tonight's when none is given."""

    form_id: ClassVar[str] = "round"

    def __init__(self, context: Context, parent: QWidget | None, night: date | None = None) -> None:
        super().__init__(parent, tr("presences.round_title"), tr("presences.round_lead"), width=_WIDTH)
        self._context = context
        self._house = context.house
        self._today = context.register.desk.today()
        self._night = night or self._today
        self._begun = RoundDraft()
        self.sheet: RoundSheet | None = None
        self.list: RoundTable | None = None
        self._build_head()
        self._build_foot()
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
        self.body.addLayout(beside(of_night, self.night, self.summary, stretch=(0, 0, 1), spacing=12))
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
        self.note = QLineEdit()
        self.initials = QLineEdit()
        self.initials.setMaxLength(MOST_INITIALS + 2)
        self.initials.setFixedWidth(px(110))
        self._note_field = Field(tr("presences.round_note"), self.note)
        self._initials_field = Field(tr("presences.round_initials"), self.initials)
        for field in (self.note, self.initials):
            field.textChanged.connect(self._on_written)
            field.installEventFilter(self)
        self.body.addLayout(beside(self._note_field, self._initials_field, stretch=(1, 0), spacing=14))
        self.add_cancel()
        self.save = self.add_action(tr("presences.round_save"), self._write)
        self.save.setEnabled(False)

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
        for part in (self.list.view if self.list else self.marks, self.marks, self._note_field, self._initials_field):
            part.setHidden(empty)
        self.meal_keys.setHidden(empty or not self.sheet.offered)
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
        self.set_lead(words or tr("presences.round_lead"))
        self.note.setEnabled(self.sheet is None or self.sheet.note_open)
        self.note.setPlaceholderText("" if self.note.isEnabled() else tr("presences.note_reserved"))

    def _show_sheet(self) -> None:
        if self.sheet is None:
            return
        for field, words in ((self.note, self.sheet.note), (self.initials, self.sheet.initials)):
            field.blockSignals(True)  # noqa: FBT003 - Qt's signature
            field.setText(words)
            field.blockSignals(False)  # noqa: FBT003
        self._show_lines(self.sheet.next_open() or 0)

    def _show_lines(self, at: int, said: str = "") -> None:
        sheet = self.sheet
        if sheet is None or self.list is None:
            return
        self.list.show(sheet)
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

    def _grow(self) -> None:
        """Take the height that the list needs, now that it is known, as far as the screen has it."""
        layout = self.layout()
        if layout is None or self.list is None or self.sheet is None:
            return
        least = self.list.high(_LEAST_LINES)
        self.list.view.setMinimumHeight(least)
        layout.activate()
        wide = max(self.width(), px(_WIDTH))
        wanted = layout.totalHeightForWidth(wide) - least + self.list.high(len(self.sheet.entries()))
        self.resize(wide, min(wanted, self.screen().availableGeometry().height() - px(_AROUND)))

    # --- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if self.list is not None and watched is self.list.view:
                return self._press(event)
            if watched is self.note and event.key() in _ENTERS:
                self.initials.setFocus(Qt.FocusReason.TabFocusReason)
                return True
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
            self.initials.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_written(self) -> None:
        if self.sheet is not None:
            self.sheet.note, self.sheet.initials = self.note.text(), as_initials(self.initials.text())
        if self._initials_field.error():
            self._initials_field.set_error("")

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
            self._initials_field.set_error(tr("presences.round_initials_missing"))
            self.initials.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.save.setEnabled(False)
        self.set_error("")
        rounds, house, night = self._context.register.rounds, self._house, self._night
        self._context.write(
            self, lambda: rounds.sign(house, night, draft), self._written, changes="presences", failed=self._refused
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
        self.set_error(tr("presences.round_failed"), say_error(error))


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
