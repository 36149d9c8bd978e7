"""The days whose meals are still those that presence proposes, confirmed together: the month's end in one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QWidget

from app.errors import ApprodoError
from app.reference.format import day_long
from app.reference.texts import say_error, tr, tr_n
from app.ui.kit import Dialog, QuietButton, beside
from app.ui.theme import px
from app.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from app.services.meal import WaitingDay
    from app.ui.context import Context


_ROW, _TALLEST, _WIDTH = 40, 320, 680


class WaitingDaysDialog(Dialog):
    """The days ticked whose nights are all recorded, the others for her to tick.

    `confirmed` says how many days were written, `wanted` which one is to be looked at.
    """

    def __init__(self, context: Context, parent: QWidget | None, days: Sequence[WaitingDay]) -> None:
        guessed = any(waiting.missing for waiting in days)
        lead = tr("meals.waiting_lead_missing" if guessed else "meals.waiting_lead")
        super().__init__(parent, tr("meals.waiting_title"), lead, width=_WIDTH if guessed else 460)
        self._context = context
        self.confirmed = 0
        self.wanted: date | None = None
        self.boxes: dict[date, QCheckBox] = {}
        self.list = RowList()
        self.list.setMinimumHeight(px(min(_ROW * len(days), _TALLEST)))
        self.list.show_rows([self._row(waiting) for waiting in days])
        self.body.addWidget(self.list, 1)
        self.add_cancel()
        self.confirm = self.add_action(tr("meals.waiting_confirm"), self._confirm)
        self._show_state()
        (self.confirm if self.days() else next(iter(self.boxes.values()), self.confirm)).setFocus()

    def _row(self, waiting: WaitingDay) -> QWidget:
        named = day_long(waiting.day)
        words = tr("meals.waiting_day", day=named, n=tr_n("meals.waiting_meals", waiting.proposed))
        if waiting.missing:
            words = tr("meals.waiting_but", day=words, missing=tr_n("meals.waiting_missing", waiting.missing))
        box = QCheckBox(words)
        box.setChecked(not waiting.missing)
        box.toggled.connect(self._show_state)
        look = QuietButton(tr("meals.waiting_look"), on_click=lambda: self._look(waiting.day))
        look.setAccessibleName(tr("meals.waiting_look_day", day=named))
        self.boxes[waiting.day] = box
        row = QWidget()
        row.setLayout(beside(box, None, look))
        row.setFixedHeight(px(_ROW))
        return row

    def days(self) -> list[date]:
        """Return the days that are ticked."""
        return [day for day, box in self.boxes.items() if box.isChecked()]

    def _show_state(self) -> None:
        self.confirm.setEnabled(bool(self.days()))

    def _look(self, day: date) -> None:
        self.wanted = day
        self.reject()

    def _confirm(self) -> None:
        meals, house, days = self._context.register.meals, self._context.house, self.days()
        self.confirm.setEnabled(False)
        self._context.write(
            self,
            lambda: meals.confirm_proposed(house, days),
            lambda _n: self._done(len(days)),
            changes="meals",
            failed=self._refused,
        )

    def _done(self, days: int) -> None:
        self.confirmed = days
        self.accept()

    def _refused(self, error: ApprodoError) -> None:
        self._show_state()
        self.set_error(say_error(error))
