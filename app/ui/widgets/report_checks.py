"""First step of the monthly report: what a colleague would point at, and the way to the page that mends it.

The checks themselves are made in `app.services.month`.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.format import month_long
from app.reference.texts import tr, tr_n
from app.ui.kit import Banner, Card, Chip, ListRow, Mark, PrimaryButton, SecondaryButton, beside
from app.ui.presenters import report
from app.ui.presenters.report import CheckLine, ReportView
from app.ui.theme import px
from app.ui.widgets.row_list import RowList


class ChecksPart(QWidget):
    """The checks of a month; `go_asked` carries the finding to mend."""

    go_asked = Signal(object)
    next_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.list = RowList()
        self.list.setMinimumHeight(px(280))
        self.next = PrimaryButton(tr("report.next_close"), "arrow_forward", on_click=self.next_asked.emit)
        self._card = Card(" ", " ")
        self._card.body.addWidget(self.list, 1)
        foot = beside(None, self.next)
        foot.setContentsMargins(0, px(10), 0, 0)
        self._card.body.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(14))
        column.addWidget(self.banner)
        column.addWidget(self._card, 1)

    def show_view(self, view: ReportView) -> None:
        """Show the checks of a month."""
        self._tell(view)
        month = month_long(view.month.year, view.month.number)
        errors, warnings = tr_n("report.errors", view.errors), tr_n("report.warnings", view.warnings)
        hint = tr("report.checks_count", errors=errors, warnings=warnings) if view.findings else ""
        self._card.set_title(tr("report.checks", month=month), hint)
        self.list.show_rows(self._row(line, closed=view.state.closed) for line in report.check_lines(view))

    def clear(self) -> None:
        """Drop every row: they name guests by their codes."""
        self.list.clear()

    def _tell(self, view: ReportView) -> None:
        if view.state.closed:
            self.banner.tell("info", tr("report.checks_closed"), tr("report.checks_closed_hint"))
        elif view.errors:
            self.banner.tell("error", tr("report.checks_wrong"), tr("report.checks_wrong_hint"))
        elif view.findings:
            self.banner.tell("warn", tr("report.checks_warn"), tr("report.checks_warn_hint"))
        elif not view.state.over:
            self.banner.tell("info", tr("report.checks_so_far"), tr("report.checks_so_far_hint"))
        else:
            self.banner.tell("ok", tr("report.checks_fine"), tr("report.checks_fine_hint"))

    def _row(self, line: CheckLine, *, closed: bool) -> ListRow:
        if line.finding is None:
            return ListRow(line.sentence, lead=Mark(line.icon, line.tone))
        if not line.finding.page:
            told = Chip(line.tone, line.word)
            return ListRow(line.sentence, line.advice, lead=Mark(line.icon, line.tone), trail=told)
        go = SecondaryButton(tr("report.go_look" if closed else "report.go"), "arrow_forward")
        go.setAccessibleDescription(line.sentence)
        finding = line.finding
        go.clicked.connect(lambda: self.go_asked.emit(finding))
        trail = QWidget()
        row = beside(Chip(line.tone, line.word), go, spacing=12)
        row.setContentsMargins(0, 0, 0, 0)
        trail.setLayout(row)
        return ListRow(line.sentence, line.advice, lead=Mark(line.icon, line.tone), trail=trail)
