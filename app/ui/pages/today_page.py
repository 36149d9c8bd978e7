"""Oggi: the shift at a glance and the way to all of it by keyboard.

What is said and where it leads is decided in `app.ui.presenters.today`; here it is only shown.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.reference.format import day_long, day_short, number
from app.reference.texts import tr, tr_n
from app.services.calendar import house_day
from app.services.referral import ReferralRow
from app.services.today import Today
from app.ui.context import Context, RegisterPage
from app.ui.dialogs.round_dialog import open_round
from app.ui.kit import BarChart, Card, Chip, EmptyState, FigureCard, Label, ListRow
from app.ui.presenters import health
from app.ui.presenters import today as words
from app.ui.presenters.moment import hour
from app.ui.theme import px
from app.ui.widgets.row_list import RowList
from app.ui.widgets.task_row import TaskRow

_KEYS = {"tonight": "P", "meals": "M"}


class TodayPage(RegisterPage):
    """The page."""

    listens = frozenset({"presences", "meals", "referrals", "months", "guests", "houses"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._shown: Today | None = None
        self._wants_keyboard = False
        self.pile = QStackedWidget()
        self.none = EmptyState(
            "wb_twilight", tr("today.none"), tr("today.none_hint"), action=tr("today.none_action"), primary=True
        )
        self.none.action_asked.connect(partial(context.page_asked.emit, "guests", None))
        self.pile.addWidget(self._build())
        self.pile.addWidget(self.none)
        self.body.addWidget(self.pile, 1)
        for task, key in _KEYS.items():
            QShortcut(QKeySequence(key), self).activated.connect(self.rows[task].ask)
            self.rows[task].button.setToolTip(tr("today.key_tip", key=key))
        self.setFocusProxy(self.rows["tonight"].button)

    def _build(self) -> QWidget:
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(14))
        top = QHBoxLayout()
        top.setSpacing(px(14))
        self.figures = {name: FigureCard(tr(f"today.{name}")) for name in words.FIGURES}
        for card in self.figures.values():
            top.addWidget(card, 1)
        halves = QHBoxLayout()
        halves.setSpacing(px(14))
        halves.addLayout(_column(self._build_tasks(), self._build_agenda()), 3)
        halves.addLayout(_column(self._build_chart(), self._build_attention()), 2)
        column.addLayout(top)
        column.addLayout(halves, 1)
        return ground

    def _build_tasks(self) -> Card:
        card = Card(tr("today.tasks"), tr("today.tasks_hint"))
        self.rows: dict[str, TaskRow] = {task: TaskRow() for task in words.TASK_IDS}
        for row in self.rows.values():
            card.body.addWidget(row)
        self.rows["last_night"].asked.connect(self._open_round)
        self.rows["tonight"].asked.connect(self._open_round)
        for task, page in (("meals", "meals"), ("outcomes", "health"), ("months", "report")):
            self.rows[task].asked.connect(partial(self.context.page_asked.emit, page))
        return card

    def _build_agenda(self) -> Card:
        self.agenda_card = Card(tr("today.agenda"), " ")
        self.agenda = RowList()
        self.agenda_none = Label("", "muted")
        self.agenda_card.body.addWidget(self.agenda_none)
        self.agenda_card.body.addWidget(self.agenda, 1)
        return self.agenda_card

    def _build_chart(self) -> Card:
        self.chart_card = Card(tr("today.chart"), " ")
        self.chart = BarChart()
        self.chart.setAccessibleName(tr("today.chart_name"))
        self.chart_card.body.addWidget(self.chart, 1)
        return self.chart_card

    def _build_attention(self) -> Card:
        card = Card(tr("today.attention"))
        self.attention = RowList()
        self.attention_none = Label(tr("today.attention_none"), "muted")
        card.body.addWidget(self.attention_none)
        card.body.addWidget(self.attention, 1)
        return card

    # --- showing

    def open(self, value: object = None) -> None:  # noqa: ARG002 - the day is always today
        """Show the page; the keyboard goes to the first task that waits, as soon as the tasks are known."""
        self._wants_keyboard = True
        self.refresh()

    def refresh(self) -> None:
        """Ask for the day."""
        register, house = self.context.register, self.context.house
        self.context.ask(self, lambda: (register.todays.of(house), register.desk.now()), self._show)

    def clear(self) -> None:
        """Drop every row and figure."""
        self._shown = None
        for row in self.rows.values():
            row.show_task(None)
        for card in self.figures.values():
            card.show_figure("–", "", how="")
        self.agenda.clear()
        self.attention.clear()
        self.chart.show_bars([])
        self.context.title_told.emit("today", "")

    def _show(self, found: tuple[Today, datetime]) -> None:
        today, now = found
        self._shown = today
        self.context.title_told.emit("today", tr("today.title", day=day_long(today.day)))
        self.pile.setCurrentIndex(1 if words.is_empty(today) else 0)
        shown = words.figures(today)
        for name, card in self.figures.items():
            card.setVisible(name in shown)
            if name in shown:
                card.show_figure(shown[name].shown, shown[name].note, how=shown[name].how)
        for name, task in words.tasks(today).items():
            self.rows[name].show_task(task)
        self._show_agenda(today, now)
        self._show_attention(today)
        self.chart.show_bars(words.bars(today), ceiling=today.capacity)
        self.chart_card.set_title(tr("today.chart"), tr("today.capacity", n=number(today.capacity)))
        self._place_keyboard(today)

    def _place_keyboard(self, today: Today) -> None:
        """Make the button of the first task that waits the place where the keyboard begins."""
        waiting = (name for name, task in words.tasks(today).items() if task is not None and not task.done)
        button = self.rows[next(waiting, "tonight")].button
        first = self.none.findChild(QPushButton) if words.is_empty(today) else button
        if first is not None:
            self.setFocusProxy(first)
        if self._wants_keyboard:
            self._wants_keyboard = False
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_agenda(self, today: Today, now: datetime) -> None:
        later = [row for row in today.upcoming if row.appointment_at and house_day(row.appointment_at) > today.day]
        hints = [tr_n("today.agenda_count", len(today.agenda))] if today.agenda else []
        hints += [tr_n("today.agenda_ahead", len(later))] if later else []
        self.agenda_card.set_title(tr("today.agenda"), " · ".join(hints))
        self.agenda_none.setText(tr("today.agenda_none" if later else "today.agenda_none_ahead"))
        self.agenda_none.setVisible(not today.agenda)
        rows = [self._appointment(row, hour(row.appointment_at), now) for row in today.agenda if row.appointment_at]
        for row in later:
            if row.appointment_at is not None:
                lead = f"{day_short(house_day(row.appointment_at))}\n{hour(row.appointment_at)}"
                rows.append(self._appointment(row, lead, now))
        self.agenda.show_rows(rows)

    def _appointment(self, row: ReferralRow, lead: str, now: datetime) -> ListRow:
        state = health.outcome(row, now)
        chip = Chip(state.tone, state.word, state.icon)
        made = ListRow(row.name_used, health.appointment_line(row), lead=_lead(lead), trail=chip, can_open=True)
        made.opened.connect(partial(self.context.page_asked.emit, "health", row))
        return made

    def _show_attention(self, today: Today) -> None:
        alerts = words.alerts(today)
        self.attention_none.setVisible(not alerts)
        rows = []
        for alert in alerts:
            row = ListRow(alert.title, alert.note, trail=Chip(alert.tone, "", alert.icon), can_open=True)
            row.opened.connect(partial(self.context.page_asked.emit, alert.page, alert.value))
            rows.append(row)
        self.attention.show_rows(rows)

    def _open_round(self, night: date | None) -> None:
        open_round(self.context, self, night)


def _column(upper: QWidget, lower: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(px(14))
    column.addWidget(upper)
    column.addWidget(lower, 1)
    return column


def _lead(text: str) -> Label:
    lead = Label(text, "strong")
    lead.setMinimumWidth(px(52))
    lead.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return lead
