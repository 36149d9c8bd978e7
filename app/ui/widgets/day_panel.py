"""The appointments of one day, in order of hour, with where and who goes along; arrows lead to other days.

It takes its day from the referrals that it is given; it asks nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.reference.format import day_long
from app.reference.texts import tr, tr_n
from app.ui.kit import Chip, EmptyState, Label, ListRow, QuietButton, QuietIconButton, SecondaryButton, beside
from app.ui.presenters import health
from app.ui.presenters.week import day_rows
from app.ui.theme import px
from app.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from app.services.referral import ReferralRow
    from app.ui.presenters.health import HealthView

_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageUp: -7,
    Qt.Key.Key_PageDown: 7,
    Qt.Key.Key_Home: 0,
}


class _Appointment(ListRow):
    """A row that knows its referral; a click chooses it as the keyboard does, two open it."""

    seen = Signal()

    def __init__(self, row: ReferralRow, now: datetime) -> None:
        state = health.outcome(row, now)
        chip = Chip(state.tone, state.word, state.icon)
        super().__init__(
            f"{row.name_used} · {row.code}",
            health.appointment_line(row),
            lead=health.agenda_hour(row),
            trail=chip,
            can_open=True,
        )
        self.row = row

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.seen.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.opened.emit()


class DayPanel(QWidget):
    """An agenda of a day; `chosen` carries the referral of a row, `opened` one that was opened, `add_asked` the day.

    `older_asked` carries a day whose referrals are not here yet.
    """

    chosen = Signal(object)
    opened = Signal(object)
    add_asked = Signal(object)
    older_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: HealthView | None = None
        self.day: date | None = None
        self._name = Label("", "strong")
        self._count = Label("", "muted")
        before = QuietIconButton("chevron_left", tr("health.agenda_before"), on_click=lambda: self.step(-1))
        after = QuietIconButton("chevron_right", tr("health.agenda_after"), on_click=lambda: self.step(1))
        self._back = QuietButton(tr("health.agenda_back"), on_click=lambda: self.step(0))
        self.add = SecondaryButton(tr("health.agenda_add"), "add", on_click=lambda: self.add_asked.emit(self.day))
        self.list = RowList()
        self._none = EmptyState("event_available", tr("health.agenda_empty"), tr("health.agenda_empty_hint"))
        self._pile = QStackedWidget()
        self._pile.addWidget(self.list)
        self._pile.addWidget(self._none)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(8), px(12), px(4))
        column.setSpacing(px(8))
        column.addLayout(beside(before, self._name, after, self._count, None, self._back, self.add, spacing=6))
        column.addWidget(self._pile, 1)
        self.setFocusProxy(self.add)
        self._listen()

    def show_view(self, view: HealthView) -> None:
        """Show the day in view of these referrals, today at first."""
        self._view = view
        self._show(self.day or view.today)

    def step(self, days: int) -> None:
        """Go some days on or back; 0 leads to today."""
        if self._view is not None and self.day is not None:
            self._show(self.day + timedelta(days=days) if days else self._view.today)

    def _show(self, day: date) -> None:
        view = self._view
        if view is None:
            return
        self.day, named = day, day_long(day)
        is_today = day == view.today
        self._name.setText(tr("health.agenda_today", day=named) if is_today else named[:1].upper() + named[1:])
        self._back.setVisible(not is_today)
        rows = day_rows(view.rows, day)
        self._count.setText(tr_n("health.agenda_count", len(rows)) if rows else "")
        self._pile.setCurrentWidget(self.list if rows else self._none)
        made = [_Appointment(row, view.now) for row in rows]
        for appointment in made:
            appointment.seen.connect(partial(self.chosen.emit, appointment.row))
            appointment.opened.connect(partial(self.opened.emit, appointment.row))
        self.list.show_rows(made)
        if day < view.since:
            self.older_asked.emit(day)

    def menu_place(self) -> QPoint:
        """Return where on the screen a menu of the button belongs."""
        return self.add.mapToGlobal(self.add.rect().bottomLeft())

    def _listen(self) -> None:
        """Take the keys that lead to other days and rows; a button would move among its neighbours with them."""
        keys: dict[Qt.Key, Callable[[], object]] = {key: partial(self._go, days) for key, days in _STEPS.items()}
        keys[Qt.Key.Key_Up] = partial(self.focusNextPrevChild, False)  # noqa: FBT003 - Qt's own signature
        keys[Qt.Key.Key_Down] = partial(self.focusNextPrevChild, True)  # noqa: FBT003
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _go(self, days: int) -> None:
        self.step(days)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """Drop every row."""
        self._view = self.day = None
        self.list.clear()
        self._name.clear()
        self._count.clear()
