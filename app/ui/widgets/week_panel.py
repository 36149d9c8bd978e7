"""The week with its title, the way to other weeks, and what the keys do.

It reckons the week from the referrals that it is given; it asks nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Label, QuietButton, QuietIconButton, beside
from app.ui.presenters import week as weeks
from app.ui.presenters.week import DAYS, Stop
from app.ui.theme import px
from app.ui.widgets.week_grid import WeekGrid

if TYPE_CHECKING:
    from app.services.referral import ReferralRow
    from app.ui.presenters.health import HealthView


class WeekPanel(QWidget):
    """The panel; `grid` says what was chosen and opened, `older_asked` which day's referrals are not here yet."""

    older_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: HealthView | None = None
        self.first: date | None = None
        self.grid = WeekGrid()
        self._name = Label("", "strong")
        before = QuietIconButton("chevron_left", tr("health.week_before"), on_click=lambda: self._step(-1))
        after = QuietIconButton("chevron_right", tr("health.week_after"), on_click=lambda: self._step(1))
        self._back = QuietButton(tr("health.week_back"), on_click=lambda: self._step(0))
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(8), px(12), px(4))
        column.setSpacing(px(6))
        column.addLayout(beside(before, self._name, after, None, self._back, spacing=6))
        column.addWidget(self.grid, 1)
        column.addWidget(Label(tr("health.week_hint"), "small", wrap=True))
        self.grid.week_asked.connect(self._step)
        self.setFocusProxy(self.grid)

    def show_view(self, view: HealthView) -> None:
        """Show the week in view of these referrals, that of today at first."""
        self._view = view
        self._show(self.first or weeks.monday_of(view.today))

    def go_to(self, row: ReferralRow) -> None:
        """Put the cursor on an appointment if its week is shown."""
        stop = self.grid.week.find(row.id) if self.grid.week is not None else None
        if stop is not None and stop != self.grid.current:
            self.grid.move_to(stop)

    def day_of(self, stop: Stop) -> tuple[date, int]:
        """Return the day and hour of a stop."""
        assert self.first is not None  # noqa: S101 - asked only of a week that is shown
        return self.first + timedelta(days=stop.column), stop.hour

    def clear(self) -> None:
        """Drop every appointment."""
        self._view = self.first = None
        self.grid.show_week(None)
        self.grid.setToolTip("")
        self._name.clear()

    def _show(self, first: date) -> None:
        view = self._view
        if view is None:
            return
        self.first = first
        rows: Sequence[ReferralRow] = view.rows
        self.grid.show_week(weeks.build(rows, first, view.today, view.now))
        self._name.setText(weeks.week_title(first))
        self._back.setVisible(first != weeks.monday_of(view.today))
        if first < view.since:
            self.older_asked.emit(first)

    def _step(self, by: int) -> None:
        if self._view is not None and self.first is not None:
            this = weeks.monday_of(self._view.today)
            self._show(self.first + timedelta(days=DAYS * by) if by else this)
            if not by and self.grid.week is not None:
                self.grid.move_to(self.grid.week.begin())
