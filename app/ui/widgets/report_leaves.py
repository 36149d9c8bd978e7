"""Third step of the monthly report: exactly what leaves this computer, what was protected and why, and to whom it goes.

What may leave is decided in `app.services.totals`; here it is shown and nothing is signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QStackedLayout, QVBoxLayout, QWidget

from app.reference.format import number
from app.reference.texts import tr
from app.services.outbox import ReportPreview
from app.ui.kit import (
    Banner,
    Card,
    Column,
    EmptyState,
    FigureRow,
    Label,
    PrimaryButton,
    QuietButton,
    RowModel,
    SecondaryButton,
    beside,
    table_view,
)
from app.ui.presenters import breakdown as words
from app.ui.presenters import report
from app.ui.presenters.outbox import short_hash
from app.ui.presenters.protected import ProtectedLine
from app.ui.presenters.report import ReportView
from app.ui.theme import px
from app.ui.widgets.breakdown_card import BreakdownCard
from app.ui.widgets.reckon_line import ReckonLine
from app.ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from app.services.breakdown import MonthBreakdowns

PDF, XLSX, JSON = "pdf", "xlsx", "json"
_SIDE_EMPTY, _SIDE_FILLED = 460, 710
"""Pixels of the sketches for the breakdowns: while none leaves, the totals take two columns beside them."""


class LeavesPart(QWidget):
    """What leaves; `save_asked` carries pdf, xlsx or json."""

    sign_asked = Signal()
    bytes_asked = Signal()
    save_asked = Signal(str)
    close_asked = Signal()
    settings_asked = Signal()
    next_asked = Signal()
    proof_asked = Signal()
    prepare_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._not_closed = EmptyState(
            "lock_open",
            tr("report.not_closed"),
            tr("report.not_closed_hint"),
            action=tr("report.to_closing"),
            primary=True,
        )
        self._not_enrolled = EmptyState(
            "link",
            tr("report.not_enrolled"),
            tr("report.not_enrolled_hint"),
            action=tr("report.to_settings"),
            primary=True,
        )
        self._not_closed.action_asked.connect(self.close_asked)
        self._not_enrolled.action_asked.connect(self.settings_asked)
        self.pile = QStackedLayout(self)
        for each in (self._not_closed, self._not_enrolled, self._build()):
            self.pile.addWidget(each)

    def _build(self) -> QWidget:
        self.promise = Banner("info", tr("report.promise"), action_icon="policy", icon_name="shield")
        self.promise.action_asked.connect(self.proof_asked)
        self.notice = Banner("warn")
        self.notice.action_asked.connect(self.prepare_asked)
        self.notice.hide()
        self.working = ReckonLine("disclosure.working", "disclosure.working_prepare")
        self.breakdowns = BreakdownCard()
        self._totals = Card(tr("report.leaving"), " ")
        self._rows: list[FigureRow] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(24))
        self._grid.setVerticalSpacing(0)
        self._totals.body.addLayout(self._grid)
        self._totals.body.addStretch(1)
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(14))
        column.addWidget(self.promise)
        column.addWidget(self.notice)
        column.addWidget(self.working)
        self._above = SideBySide(self._totals, self.breakdowns, side_width=_SIDE_EMPTY)
        column.addWidget(self._above)
        column.addWidget(SideBySide(self._build_protected(), self._build_recipient(), side_width=350), 1)
        return ground

    def _build_protected(self) -> Card:
        self.model: RowModel[ProtectedLine] = RowModel(
            [
                Column(tr("report.column_what"), lambda line: line.what, tip=lambda line: line.what, width=186),
                Column(tr("report.column_why"), lambda line: line.why, "muted", tip=lambda line: line.why),
                Column(
                    tr("report.column_leaves"),
                    lambda line: line.leaves,
                    "chip",
                    tone=lambda line: line.tone,
                    icon=lambda line: line.icon,
                    width=246,
                ),
            ]
        )
        self.table = table_view(self.model, stretch=1, sortable=False, name=tr("report.protected"))
        self.table.setMinimumSize(px(480), px(200))
        self._protected = Card(tr("report.protected"), " ", flush=True)
        self._protected.body.addWidget(self.table, 1)
        return self._protected

    def _build_recipient(self) -> Card:
        self._name = Label("", "strong", wrap=True)
        self._fingerprint = Label("", "mono", wrap=True)
        self._package = _lines(4)
        self._last = _lines(2)
        self.hindered = Label("", "error", wrap=True)
        self.bytes = QuietButton(tr("report.see_bytes"), "code", on_click=self.bytes_asked.emit)
        self.sign = PrimaryButton(tr("report.sign"), "key", on_click=self.sign_asked.emit)
        self.next = PrimaryButton(tr("report.next_send"), "arrow_forward", on_click=self.next_asked.emit)
        saves = beside(spacing=8)
        for kind, icon_name in ((PDF, "picture_as_pdf"), (XLSX, "table"), (JSON, "download")):
            save = SecondaryButton(tr(f"report.save_{kind}"), icon_name)
            save.setAccessibleName(tr("report.save_name", kind=tr(f"report.save_{kind}")))
            save.clicked.connect(lambda _=False, wanted=kind: self.save_asked.emit(wanted))
            saves.addWidget(save)
        saves.addStretch(1)
        card = Card(tr("report.recipient"))
        card.body.setSpacing(px(6))
        for each in (self._name, Label(tr("report.recipient_key"), "small"), self._fingerprint, self._package):
            card.body.addWidget(each)
        card.body.addLayout(beside(self.sign, self.next, self.bytes, None, spacing=8))
        card.body.addWidget(self.hindered)
        card.body.addLayout(saves)
        card.body.addWidget(self._last)
        card.body.addStretch(1)
        return card

    def show_view(self, view: ReportView) -> None:
        """Show what the month would send, or what must be done first."""
        if view.preview is not None:
            self._show_preview(view, view.preview)
            self.pile.setCurrentIndex(2)
        else:
            self.pile.setCurrentIndex(1 if view.state.closed else 0)

    def _show_preview(self, view: ReportView, preview: ReportPreview) -> None:
        found = view.breakdowns
        self.promise.tell(
            "info",
            tr("report.promise"),
            words.promise(found, preview.threshold),
            action=tr("disclosure.see_proof") if view.has_proof else "",
            icon_name="verified_user" if words.is_proven(found) else "shield",
        )
        self.breakdowns.show_month(found, view.due, max(preview.threshold, report.LEAST_GROUP))
        self._show_notice(found)
        self._totals.set_title(tr("report.leaving"), tr("report.leaving_hint", n=preview.revision))
        self._above.set_side_width(_SIDE_FILLED if self.breakdowns.lines else _SIDE_EMPTY)
        self._show_totals(report.leaving(preview), across=1 if self.breakdowns.lines else 2)
        self._protected.set_title(tr("report.protected"), tr("report.protected_hint", k=preview.threshold))
        self.model.show_rows(report.protected(preview, found))
        self._name.setText(preview.capofila_name)
        self._fingerprint.setText(preview.capofila_fingerprint)
        size = number(len(preview.package))
        package = tr("report.package", size=size, sha=short_hash(preview.sha256))
        self._package.setText(f"{package}\n{tr('report.trail_head', head=short_hash(preview.trail))}")
        released = preview.released is not None
        self.sign.setVisible(not released)
        self.next.setVisible(released)
        self._last.setText(tr("report.signed_already" if released else "report.no_wait"))
        hindrance = "" if released else words.hindrance(found)
        self.sign.setEnabled(not hindrance)
        self.hindered.setText(hindrance)
        self.hindered.setVisible(bool(hindrance))

    def show_work(self, *, busy: bool) -> None:
        """Show that the breakdowns are being prepared again; nothing is signed meanwhile."""
        if busy:
            self.sign.setEnabled(False)
            self.notice.hide()
            if self.working.isHidden():
                self.working.begin()
        else:
            self.working.hide()

    def _show_notice(self, found: MonthBreakdowns | None) -> None:
        notice = words.notice(found) if found is not None else None
        self.notice.setVisible(notice is not None)
        if notice is not None:
            self.notice.tell(notice.mood, notice.title, notice.text, action=notice.action)

    def _show_totals(self, totals: tuple[tuple[str, str], ...], *, across: int) -> None:
        for old in self._rows:
            old.hide()
            self._grid.removeWidget(old)
            old.deleteLater()
        self._rows = [FigureRow(label, shown) for label, shown in totals]
        for place, row in enumerate(self._rows):
            self._grid.addWidget(row, place // across, place % across)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, across - 1)
        self._grid.setHorizontalSpacing(px(24) if across > 1 else 0)


def _lines(number: int) -> Label:
    """Return a label that wraps with room for so many lines: a page that scrolls does not ask how high it gets."""
    label = Label("", "muted", wrap=True)
    label.setMinimumHeight(number * label.fontMetrics().lineSpacing())
    return label
