"""Second step of the monthly report: the exact figures of the house, each with how it was counted, and the close.

It closes nothing itself: its buttons ask the page.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.reference.figure import figure
from app.reference.format import day_long, month_long
from app.reference.texts import tr, tr_n
from app.services.totals import ExactFigure
from app.ui.kit import (
    Banner,
    Card,
    Chip,
    Label,
    PrimaryButton,
    QuietButton,
    QuietIconButton,
    SecondaryButton,
    beside,
)
from app.ui.kit.painting import hairline
from app.ui.presenters import report
from app.ui.presenters.moment import moment
from app.ui.presenters.reckoning import changed
from app.ui.presenters.report import ReportView
from app.ui.theme import px
from app.ui.widgets.reckon_line import ReckonLine
from app.ui.widgets.side_by_side import SideBySide


class FigureLine(QWidget):
    """A figure: its name, how many persons stand behind it, its value, and the button that says how it was counted."""

    how_asked = Signal(object)
    """How this `ExactFigure` was counted is asked."""

    def __init__(self, exact: ExactFigure) -> None:
        super().__init__()
        self.exact = exact
        name = figure(exact.element).label()
        self.how = QuietIconButton("help", tr("report.how", figure=name), on_click=self._explain)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(8), px(3), px(4), px(4))
        row.setSpacing(px(12))
        row.addWidget(Label(name, wrap=True), 1)
        row.addWidget(Label(report.persons(exact), "small"))
        value = Label(report.value(exact), "strong")
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        value.setMinimumWidth(px(120))
        row.addWidget(value)
        row.addWidget(self.how)
        self.setAccessibleName(f"{name}: {report.value(exact)}")

    def _explain(self) -> None:
        self.how_asked.emit(self.exact)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        hairline(QPainter(self), 0, self.width(), self.height() - 0.5)


class ClosePart(QWidget):
    """The figures and the close of a month."""

    close_asked = Signal()
    reopen_asked = Signal()
    back_asked = Signal()
    next_asked = Signal()
    revisions_asked = Signal()
    how_asked = Signal(object)
    """How an `ExactFigure` was counted is asked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures = Card(tr("report.figures"), tr("report.figures_hint"))
        self.lines: list[FigureLine] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self._figures.body.addLayout(self._lines)
        self._figures.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(SideBySide(self._figures, self._build_closing(), side_width=372))

    def _build_closing(self) -> Card:
        self.banner = Banner()
        self.chip = Chip("grey", "")
        self._when = Label("", wrap=True)
        self._text = Label("", "muted", wrap=True)
        self.back = SecondaryButton(tr("report.back_to_checks"), "arrow_back", on_click=self.back_asked.emit)
        self.close_it = PrimaryButton("", "lock", on_click=self.close_asked.emit)
        self.next = PrimaryButton(tr("report.next_leaves"), "arrow_forward", on_click=self.next_asked.emit)
        self.reopen = QuietButton(tr("report.reopen"), "lock_open", on_click=self.reopen_asked.emit)
        self.working = ReckonLine("disclosure.working", "disclosure.working_hint")
        self._changed = Label("", "muted", wrap=True)
        self.revisions = QuietButton(tr("report.revisions"), "history", on_click=self.revisions_asked.emit)
        card = Card(tr("report.closing"))
        card.body.setSpacing(px(10))
        card.body.addLayout(beside(self.chip, None))
        for each in (self._when, self.banner, self._text):
            card.body.addWidget(each)
        card.body.addLayout(beside(self.close_it, self.next, self.back, self.reopen, None, spacing=8))
        card.body.addWidget(self.working)
        card.body.addWidget(self._changed)
        card.body.addLayout(beside(self.revisions, None))
        card.body.addStretch(1)
        return card

    def show_view(self, view: ReportView) -> None:
        """Show a month's figures and whether it is closed."""
        for old in self.lines:
            old.hide()
            self._lines.removeWidget(old)
            old.deleteLater()
        self.lines = [FigureLine(exact) for exact in view.figures.figures]
        for line in self.lines:
            line.how_asked.connect(self.how_asked)
            self._lines.addWidget(line)
        self._show_closing(view)

    def _show_closing(self, view: ReportView) -> None:
        state = view.state
        month = month_long(view.month.year, view.month.number)
        can_close = state.over and not state.closed and not view.errors
        self.close_it.setText(tr("report.close", month=month))
        self.close_it.setVisible(can_close)
        self.back.setVisible(bool(view.errors) and state.over and not state.closed)
        self.next.setVisible(state.closed)
        self.reopen.setVisible(state.closed)
        self._show_chip(view)
        self._when.setText(_said_of_close(view))
        self._when.setVisible(bool(self._when.text()))
        self._text.setText("" if state.closed or not state.over else tr("report.open_text"))
        self._text.setVisible(bool(self._text.text()))
        self._changed.setText(changed(view.revisions))
        self._changed.setVisible(bool(self._changed.text()))
        self.revisions.setVisible(len(view.revisions) > 1)
        self._tell(view)

    def show_work(self, *, busy: bool) -> None:
        """Show that the month's breakdowns are being reckoned; while they are, it cannot be closed twice."""
        self.close_it.setEnabled(not busy)
        if busy and self.working.isHidden():
            self.working.begin()
        elif not busy:
            self.working.hide()

    def _show_chip(self, view: ReportView) -> None:
        if view.state.closed:
            self.chip.show_state("green", tr("report.closed_chip", n=view.state.revision), "lock")
        elif view.state.over:
            self.chip.show_state("amber", tr("report.open_chip"), "lock_open")
        else:
            self.chip.show_state("grey", tr("report.running_chip"), "schedule")

    def _tell(self, view: ReportView) -> None:
        self.banner.setVisible(not view.state.closed and (not view.state.over or bool(view.findings)))
        if not view.state.over:
            text = tr("report.not_over_text", day=day_long(view.month.next().first))
            self.banner.tell("info", tr("report.not_over"), text)
        elif view.errors:
            self.banner.tell("error", tr_n("report.open_errors", view.errors))
        elif view.warnings:
            self.banner.tell("warn", tr_n("report.open_warnings", view.warnings))


def _said_of_close(view: ReportView) -> str:
    """Return when the month was closed, or reopened and why; empty for one that was never closed."""
    state = view.state
    if state.closed and state.closed_at is not None:
        when = moment(state.closed_at)
        by = state.closed_by
        return tr("report.closed_when_by", when=when, who=by) if by else tr("report.closed_when", when=when)
    if state.reopened_at is not None:
        return tr("report.reopened_when", when=moment(state.reopened_at), reason=state.reopen_reason or "")
    return ""
