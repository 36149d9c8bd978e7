"""The evening round: one list in order of bed, yesterday's state offered for each, confirmed with Return.

The states are written together at the end; until then nothing is recorded, and a lock keeps what was done so far.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.errors import ApprodoError
from app.reference.format import day_long, number
from app.reference.texts import say_error, tr
from app.services.presence import RoundRow
from app.ui.context import Context
from app.ui.form import FormDialog
from app.ui.kit import ROW_HEIGHT, EmptyState, Label, SecondaryButton, table_view
from app.ui.presenters.night_state import say_state, sign_of, state_codes, state_of_key, word_of
from app.ui.presenters.round_sheet import RoundSheet
from app.ui.tables.round_table import round_model
from app.ui.theme import px

_WIDTH = 760
_ROWS_SEEN, _ROWS_LEAST = 16, 4
_HEAD = 36
_AROUND = 48
"""What the window's own edges and the bar of the desktop may need of the screen."""
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RoundDialog(FormDialog):
    """The round of a night, tonight's when none is given."""

    form_id: ClassVar[str] = "round"

    def __init__(self, context: Context, parent: QWidget | None, night: date | None = None) -> None:
        today = context.register.desk.today()
        self._night = night or today
        title = tr("presences.round_tonight") if self._night == today else self._name_night()
        super().__init__(parent, title, tr("presences.round_lead"), width=_WIDTH)
        self._context = context
        self._house = context.house
        self._kept: dict[str, object] = {}
        self.sheet = RoundSheet(())
        self._build()
        register, house, asked = context.register, self._house, self._night
        context.ask(self, lambda: register.presences.round(house, asked), self._show, self._refused)

    def _name_night(self) -> str:
        return tr("presences.round_night", day=day_long(self._night))

    def _build(self) -> None:
        self.model = round_model()
        self.table = table_view(self.model, stretch=1, name=tr("presences.round_table"), sortable=False)
        self.table.installEventFilter(self)
        self.none = EmptyState("hotel", tr("presences.round_none"))
        self.none.hide()
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.none)
        self._marks = QHBoxLayout()
        self._marks.setSpacing(px(6))
        for code in state_codes():
            button = SecondaryButton(f"{sign_of(code)} {word_of(code)}", on_click=partial(self._mark, code))
            button.setToolTip(tr("presences.round_set", state=say_state(code), key=code))
            button.setAccessibleName(button.toolTip())
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._marks.addWidget(button)
        self._marks.addStretch(1)
        self.body.addLayout(self._marks)
        self.summary = Label("", "muted")
        self.body.addWidget(self.summary)
        self.add_cancel()
        self.save = self.add_action(tr("presences.round_save"), self._write)
        self.save.setEnabled(False)

    # --- what survives a lock

    def content(self) -> dict[str, object]:
        """Return the guests confirmed so far."""
        done = self.sheet.content()
        return {"night": self._night.isoformat(), **done} if done else {}

    def restore(self, content: dict[str, object]) -> None:
        """Go on where the round was left, if it was the round of the same night."""
        if content.get("night") != self._night.isoformat():
            return
        self._kept = content
        if self.sheet.lines:
            self.sheet.restore(content)
            self._show_lines(self.sheet.next_open() or 0)

    # --- showing

    def _show(self, rows: list[RoundRow]) -> None:
        self.sheet = RoundSheet(rows)
        if self._kept:
            self.sheet.restore(self._kept)
        self.none.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self.save.setEnabled(bool(rows))
        self._show_lines(self.sheet.next_open() or 0)
        self._grow()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _grow(self) -> None:
        """Take the height that the list needs, now that it is known, as far as the screen has it."""
        layout = self.layout()
        if layout is None:
            return
        rows = min(len(self.sheet.lines), _ROWS_SEEN)
        least = px(_HEAD) + min(rows, _ROWS_LEAST) * px(ROW_HEIGHT)
        self.table.setMinimumHeight(least)
        layout.activate()
        wide = max(self.width(), px(_WIDTH))
        wanted = layout.totalHeightForWidth(wide) - least + px(_HEAD) + rows * px(ROW_HEIGHT)
        self.resize(wide, min(wanted, self.screen().availableGeometry().height() - px(_AROUND)))

    def _show_lines(self, at: int) -> None:
        sheet = self.sheet
        self.model.show_rows(sheet.lines)
        self.table.choose(at)
        self.save.setText(tr("presences.round_save" if sheet.is_complete else "presences.round_rest"))
        words = {"confirmed": sheet.confirmed, "total": len(sheet.lines), "present": sheet.present}
        away = len(sheet.lines) - sheet.present
        shown = {name: number(value) for name, value in words.items()}
        self.summary.setText(tr("presences.round_summary", away=number(away), **shown) if sheet.lines else "")

    # --- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.table and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(event)
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        if not self.sheet.lines:
            return False
        if event.key() in _ENTERS:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._write()
            else:
                self._confirm()
            return True
        state = state_of_key(event.text()) if _is_plain(event) else None
        if state is not None:
            self._mark(state)
        return state is not None

    def _mark(self, state: str) -> None:
        at = self.table.currentIndex().row()
        if 0 <= at < len(self.sheet.lines):
            self.sheet.set_state(at, state)
            self._show_lines(at)

    def _confirm(self) -> None:
        """Confirm the chosen guest and go on; when all are confirmed, save."""
        at = self.table.currentIndex().row()
        if self.sheet.is_complete:
            self._write()
            return
        if at >= 0:
            self.sheet.confirm(at)
        following = self.sheet.next_open(at)
        self._show_lines(at if following is None else following)

    # --- writing

    def _write(self) -> None:
        if not self.save.isEnabled():
            return
        states = self.sheet.states()
        if not states:
            self.accept()
            return
        self.save.setEnabled(False)
        self.set_error("")
        register, house, night = self._context.register, self._house, self._night
        self._context.write(
            self,
            lambda: register.presences.confirm(house, night, states),
            self._written,
            changes="presences",
            failed=self._refused,
        )

    def _written(self, _none: None) -> None:
        present = self.sheet.present
        away = len(self.sheet.lines) - present
        said = tr("presences.round_done", present=number(present), away=number(away))
        # Once written, nothing is left to keep for after a lock.
        self.sheet = RoundSheet(())
        self._context.told.emit("ok", said)
        self.accept()

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(bool(self.sheet.lines))
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
