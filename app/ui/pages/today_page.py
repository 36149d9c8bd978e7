"""Oggi: the shift at a glance and the way to all of it by keyboard.

What is said and where it leads is decided in `app.ui.presenters.today`; here it is only shown.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.reference.format import day_long, number
from app.reference.texts import tr, tr_n
from app.services.attention import MonthToClose
from app.services.backup import Reminder
from app.services.recovery import RecoveryState
from app.services.restore import Pause
from app.services.retention import Watch
from app.services.today import Today
from app.ui.context import Context, Draftable, RegisterPage
from app.ui.dialogs.handover_dialog import open_handovers
from app.ui.dialogs.round_dialog import open_round
from app.ui.kit import BarChart, Card, Chip, EmptyState, FigureCard, Label, ListRow
from app.ui.presenters import agenda, backup, clock, outbox, recovery, retention
from app.ui.presenters import today as words
from app.ui.presenters.agenda import AgendaLine
from app.ui.presenters.today import Alert
from app.ui.theme import px
from app.ui.widgets.figure_band import FigureBand
from app.ui.widgets.row_list import RowList
from app.ui.widgets.side_by_side import SideBySide
from app.ui.widgets.task_row import TaskRow

_KEYS: dict[words.TaskId, str] = {"tonight": "P", "meals": "M", "handovers": "C"}
_WRITE_KEY = "N"
_SIDE, _BREAKS_AT = 444, 900
_LEAST_LIST = 160
"""So that a list is still one when the page has to scroll."""
Found = tuple[Today, datetime, Reminder | None, Pause | None, RecoveryState, Watch | None, list[Alert]]


class TodayPage(RegisterPage):
    """The page."""

    listens = frozenset(
        {
            "backups",
            "beds",
            "coverages",
            "deadlines",
            "documents",
            "guests",
            "handovers",
            "houses",
            "meals",
            "months",
            "outbox",
            "paths",
            "presences",
            "referrals",
            "settings",
        }
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._shown: Today | None = None
        self._wants_keyboard = False
        self._clock_told = False
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
        self.rows["handovers"].button.setToolTip(tr("today.handover_key_tip"))
        QShortcut(QKeySequence(_WRITE_KEY), self).activated.connect(partial(self._open_handovers, writing=True))
        self.setFocusProxy(self.rows["tonight"].button)

    def _build(self) -> QWidget:
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(14))
        self.figures = {name: FigureCard(tr(f"today.{name}")) for name in words.FIGURES}
        self.band = FigureBand(tuple(self.figures.values()))
        left = _column(self._build_tasks(), self._build_agenda())
        right = _column(self._build_chart(), self._build_attention())
        column.addWidget(self.band)
        column.addWidget(SideBySide(left, right, side_width=_SIDE, breaks_at=_BREAKS_AT), 1)
        return ground

    def _build_tasks(self) -> Card:
        card = Card(tr("today.tasks"), tr("today.tasks_hint"))
        self.rows: dict[str, TaskRow] = {task: TaskRow() for task in words.TASK_IDS}
        for row in self.rows.values():
            card.body.addWidget(row)
        self.rows["last_night"].asked.connect(self._open_round)
        self.rows["tonight"].asked.connect(self._open_round)
        self.rows["handovers"].asked.connect(lambda _: self._open_handovers())
        self.rows["meals"].asked.connect(partial(self.context.page_asked.emit, "meals"))
        self.rows["holes"].asked.connect(partial(self.context.page_asked.emit, "presences"))
        return card

    def _build_agenda(self) -> Card:
        self.agenda_card = Card(tr("today.agenda"), " ")
        self.agenda = RowList()
        self.agenda.setMinimumHeight(px(_LEAST_LIST))
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
        self.attention_card = card = Card(tr("today.attention"), " ")
        self.attention = RowList()
        self.attention.setMinimumHeight(px(_LEAST_LIST))
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

        def look() -> Found:
            today, now = register.todays.of(house), register.desk.now()
            backups, pause = register.backups.reminder(), register.restores.pause()
            sending = outbox.alerts(register.outbox.list_rows(house), register.sendings.paused(), now)
            return today, now, backups, pause, register.recoveries.state(), register.retentions.watch(), sending

        self.context.ask(self, look, self._show)

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

    def _show(self, found: Found) -> None:
        today, now, reminder, pause, paper, watch, sending = found
        self._shown = today
        self.context.title_told.emit("today", tr("today.title", day=day_long(today.day)))
        self.pile.setCurrentIndex(1 if words.is_empty(today) else 0)
        shown = words.figures(today)
        for name, figure in shown.items():
            self.figures[name].show_figure(figure.shown, figure.note, how=figure.how)
        self.band.show_cards([card for name, card in self.figures.items() if name in shown])
        for name, task in self._tasks(today).items():
            self.rows[name].show_task(task)
        self._show_agenda(today, now)
        safety = [*sending, *backup.alerts(reminder, pause), *recovery.alerts(paper), *retention.alerts(watch)]
        self._show_attention([*clock.alerts(today.clock), *words.alerts(today), *safety])
        if today.clock is not None and not self._clock_told:
            self._clock_told = True
            self.context.told.emit("warn", clock.sentence(today.clock))
        self.chart.show_bars(words.bars(today), ceiling=today.capacity)
        self.chart_card.set_title(tr("today.chart"), tr("today.capacity", n=number(today.capacity)))
        self._place_keyboard(today)
        if today.months_to_close:
            self._ask_findings(today, safety)

    def _tasks(self, today: Today) -> dict[words.TaskId, words.Task | None]:
        return words.tasks(today, meals_changed=today.day.isoformat() in self._half_done("meals"))

    def _half_done(self, form: str) -> dict[str, object]:
        """Return what another page of this window, or its draft that waits, holds half done of the house in view."""
        kept: dict[str, object] = json.loads(self.context.drafts.get(form, "{}"))
        pages = (page for page in self.window().findChildren(RegisterPage) if isinstance(page, Draftable))
        return next((page.content() for page in pages if page.form_id == form), {}) | kept

    def _ask_findings(self, today: Today, safety: list[words.Alert]) -> None:
        """Say what stands in the way of closing the oldest months, after all else is shown: it takes longer."""
        register, house = self.context.register, self.context.house

        def done(found: tuple[MonthToClose, ...]) -> None:
            if self._shown is today:
                self._shown = replace(today, findings=found)
                self._show_attention([*clock.alerts(today.clock), *words.alerts(self._shown), *safety])

        self.context.ask(self, lambda: register.todays.findings(house, today.months_to_close), done)

    def _place_keyboard(self, today: Today) -> None:
        """Make the button of the first task that waits the place where the keyboard begins."""
        waiting = (name for name, task in self._tasks(today).items() if task is not None and not task.done)
        button = self.rows[next(waiting, "tonight")].button
        first = self.none.findChild(QPushButton) if words.is_empty(today) else button
        if first is not None:
            self.setFocusProxy(first)
        if self._wants_keyboard:
            self._wants_keyboard = False
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_agenda(self, today: Today, now: datetime) -> None:
        here, later = agenda.agenda(today, now), agenda.agenda_ahead(today, now)
        n, ahead = len(here) + today.agenda_reserved, len(later) + today.ahead_reserved
        hints = [tr_n("today.agenda_count", n)] if n else []
        hints += [tr_n("today.agenda_ahead", ahead)] if ahead else []
        self.agenda_card.set_title(tr("today.agenda"), " · ".join(hints))
        self.agenda_none.setText(tr("today.agenda_none" if ahead else "today.agenda_none_ahead"))
        self.agenda_none.setVisible(not n)
        lines = [*here, *agenda.reserved(today), *later, *agenda.reserved_ahead(today)]
        self.agenda.show_rows(self._appointment(line) for line in lines)

    def _appointment(self, line: AgendaLine) -> ListRow:
        chip = Chip(line.chip.tone, line.chip.word, line.chip.icon)
        made = ListRow(line.title, line.note, lead=_lead(line.lead), trail=chip, can_open=bool(line.page))
        if line.page:
            made.opened.connect(partial(self.context.page_asked.emit, line.page, line.value))
        return made

    def _show_attention(self, alerts: list[words.Alert]) -> None:
        self.attention_card.set_title(tr("today.attention"), number(len(alerts)) if alerts else "")
        self.attention_none.setVisible(not alerts)
        rows = []
        for alert in alerts:
            row = ListRow(alert.title, alert.note, trail=Chip(alert.tone, "", alert.icon), can_open=bool(alert.page))
            if alert.page:
                row.opened.connect(partial(self.context.page_asked.emit, alert.page, alert.value))
            rows.append(row)
        self.attention.show_rows(rows)

    def _open_handovers(self, *, writing: bool = False) -> None:
        if self._shown is None:
            return
        if self._shown.handovers is None:
            self.context.told.emit("info", tr("today.handovers_told_reserved"))
        else:
            open_handovers(self.context, self, writing=writing)

    def _open_round(self, night: date | None) -> None:
        open_round(self.context, self, night)


def _column(upper: QWidget, lower: QWidget) -> QWidget:
    ground = QWidget()
    column = QVBoxLayout(ground)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(14))
    column.addWidget(upper)
    column.addWidget(lower, 1)
    return ground


def _lead(text: str) -> Label:
    lead = Label(text, "strong")
    lead.setMinimumWidth(px(52))
    lead.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return lead
