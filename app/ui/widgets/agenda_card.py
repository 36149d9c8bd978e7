"""The appointments of one day, in order of hour, and the way to the days around it.

It asks nobody: the page gives it a day's rows and is told which day is wanted.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.reference.format import day_long
from app.reference.texts import tr, tr_n
from app.ui.kit import Card, Label, ListRow, Mark, QuietButton, QuietIconButton, beside
from app.ui.presenters import health
from app.ui.theme import px
from app.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from app.services.referral import ReferralRow


class _Appointment(ListRow):
    """A row of the agenda that knows its referral."""

    def __init__(self, row: ReferralRow, now: datetime) -> None:
        state = health.outcome(row, now)
        trail = Mark(state.icon, state.tone)
        trail.setToolTip(state.word)
        trail.setAccessibleName(state.word)
        super().__init__(
            row.name_used, health.appointment_line(row), lead=health.agenda_hour(row), trail=trail, can_open=True
        )
        self.row = row


class AgendaCard(Card):
    """An agenda; `chosen` carries the referral of a row that was opened, `day_asked` a date, None for today."""

    chosen = Signal(object)
    day_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("health.agenda"), " ", parent=parent)
        self._day: date | None = None
        self._name = Label("", "muted")
        self._before = QuietIconButton("chevron_left", tr("health.agenda_before"), on_click=lambda: self._step(-1))
        self._after = QuietIconButton("chevron_right", tr("health.agenda_after"), on_click=lambda: self._step(1))
        self._back = QuietButton(tr("health.agenda_back"), on_click=lambda: self.day_asked.emit(None))
        self._none = Label(tr("health.agenda_empty"), "muted")
        self.list = RowList()
        self.body.setSpacing(px(4))
        self.body.addLayout(beside(self._before, self._name, self._after, None, self._back, spacing=6))
        self.body.addWidget(self._none)
        self.body.addWidget(self.list, 1)

    def show_day(self, day: date, rows: tuple[ReferralRow, ...], now: datetime, today: date) -> None:
        """Show the appointments of a day."""
        self._day = day
        named = day_long(day)
        self._name.setText(tr("health.agenda_today", day=named) if day == today else named[:1].upper() + named[1:])
        self._back.setVisible(day != today)
        self.set_title(tr("health.agenda"), tr_n("health.agenda_count", len(rows)) if rows else "")
        self._none.setVisible(not rows)
        made = [_Appointment(row, now) for row in rows]
        for appointment in made:
            appointment.opened.connect(self._on_opened)
        self.list.show_rows(made)

    def clear(self) -> None:
        """Drop every row."""
        self._day = None
        self.list.clear()
        self._none.show()
        self.set_title(tr("health.agenda"), "")

    def _step(self, days: int) -> None:
        if self._day is not None:
            self.day_asked.emit(self._day + timedelta(days=days))

    def _on_opened(self) -> None:
        row = self.sender()
        if isinstance(row, _Appointment):
            self.chosen.emit(row.row)
