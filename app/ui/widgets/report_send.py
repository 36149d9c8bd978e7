"""Last step of the monthly report: where the signed report is, from the signature to the capofila's receipt.

Green is shown for a verified receipt alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from app.reference.format import number
from app.reference.texts import tr
from app.services.outbox import ACCEPTED, REFUSED
from app.ui.kit import Banner, Card, Chip, EmptyState, Label, PrimaryButton, QuietButton, SecondaryButton, beside
from app.ui.presenters import outbox
from app.ui.presenters.moment import moment
from app.ui.theme import px
from app.ui.widgets.life_line import LifeLine
from app.ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from app.services.outbox import OutboxRow
    from app.ui.courier import Sender
    from app.ui.presenters.report import ReportView


class SendPart(QWidget):
    """The way of one report."""

    send_asked = Signal()
    bytes_asked = Signal()
    leaves_asked = Signal()
    outbox_asked = Signal(object)
    """The report to show there."""

    def __init__(self, sender: Sender, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sender = sender
        self._row: OutboxRow | None = None
        self._nothing = EmptyState(
            "send",
            tr("report.nothing_sent"),
            tr("report.nothing_sent_hint"),
            action=tr("report.to_leaves"),
            primary=True,
        )
        self._nothing.action_asked.connect(self.leaves_asked)
        self.pile = QStackedLayout(self)
        self.pile.addWidget(self._nothing)
        self.pile.addWidget(self._build())
        sender.state_changed.connect(self._show_sender)

    def _build(self) -> QWidget:
        self.banner = Banner()
        self.chip = Chip("grey", "")
        self._life = LifeLine()
        self._sending = Label("", "muted")
        self.send_now = PrimaryButton(tr("report.send_now"), "send", on_click=self.send_asked.emit)
        self.bytes = SecondaryButton(tr("report.see_bytes"), "code", on_click=self.bytes_asked.emit)
        self.open_outbox = QuietButton(tr("report.open_outbox"), on_click=lambda: self.outbox_asked.emit(self._row))
        card = Card(tr("report.send"))
        card.head.addWidget(self.chip)
        card.body.setSpacing(px(12))
        card.body.addWidget(self._life)
        buttons = beside(self.send_now, self.bytes, self.open_outbox, self._sending, None, spacing=8)
        card.body.addLayout(buttons)
        card.body.addStretch(1)
        self._name = Label("", "strong", wrap=True)
        self._fingerprint = Label("", "mono", wrap=True)
        self._package = Label("", "muted", wrap=True)
        recipient = Card(tr("report.recipient"))
        recipient.body.setSpacing(px(6))
        for each in (self._name, Label(tr("report.recipient_key"), "small"), self._fingerprint, self._package):
            recipient.body.addWidget(each)
        recipient.body.addStretch(1)
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(14))
        column.addWidget(self.banner)
        column.addWidget(SideBySide(card, recipient, side_width=380), 1)
        return ground

    def show_view(self, view: ReportView) -> None:
        """Show the report of the revision that is closed now, if it was released."""
        self._row = view.sent
        self.pile.setCurrentIndex(0 if self._row is None else 1)
        if self._row is None:
            return
        state = outbox.state(self._row)
        self.chip.show_state(state.tone, state.word, state.icon)
        self._life.show_steps(outbox.life(self._row))
        if view.preview is not None:
            size = number(len(view.preview.package))
            self._name.setText(view.preview.capofila_name)
            self._fingerprint.setText(view.preview.capofila_fingerprint)
            self._package.setText(tr("report.package", size=size, sha=outbox.short_hash(view.preview.sha256)))
        self._show_sender()

    def _show_sender(self) -> None:
        row = self._row
        if row is None:
            return
        waiting = row.state not in (ACCEPTED, REFUSED)
        self.send_now.setVisible(waiting)
        self.send_now.setEnabled(not self._sender.sending and not self._sender.paused)
        self._sending.setText(tr("report.sending_now") if self._sender.sending and waiting else "")
        if row.state == ACCEPTED and row.receipt_at is not None:
            said = outbox.elsewhere(row) or tr("report.delivered_text", when=moment(row.receipt_at))
            self.banner.tell("ok", tr("report.delivered"), said)
        elif row.state == REFUSED:
            text = tr("report.refused_text", problem=outbox.problem(row))
            self.banner.tell("error", tr("report.refused"), text)
        elif self._sender.paused:
            self.banner.tell("warn", tr("report.paused"), tr("report.paused_text"), icon_name="pause")
        else:
            said = outbox.problem(row) or tr("report.queued_text")
            self.banner.tell("warn", tr("report.queued"), said, icon_name="hourglass_empty")
