"""The card of one released report: its way, its last problem, the hash of its bytes, and the proof of its receipt.

It asks nobody: its buttons ask the page, which brings back what the proof showed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from app.reference.format import month_long
from app.reference.texts import tr
from app.services.outbox import ACCEPTED, WAITING
from app.ui.kit import Banner, Card, Chip, EmptyState, Label, SecondaryButton, beside
from app.ui.presenters import outbox
from app.ui.theme import px
from app.ui.widgets.life_line import LifeLine

if TYPE_CHECKING:
    from app.services.outbox import OutboxRow


class DispatchCard(Card):
    """Shows a report, or what to do while none is chosen."""

    bytes_asked = Signal()
    verify_asked = Signal()
    receipt_asked = Signal()
    file_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._pile = QStackedLayout()
        self.body.addLayout(self._pile)
        self._pile.addWidget(EmptyState("cloud_upload", tr("outbox.none_chosen"), tr("outbox.none_chosen_hint")))
        self._pile.addWidget(self._build())

    def _build(self) -> QWidget:
        self._title = Label("", "heading", wrap=True)
        self._house = Label("", "muted", wrap=True)
        self.chip = Chip("grey", "")
        self._life = LifeLine()
        self._problem_head = Label(tr("outbox.problem"), "small")
        self._problem = Label("", wrap=True)
        self._hash = Label("", "mono", wrap=True)
        self.proof = Banner()
        self.proof.hide()
        self.bytes = SecondaryButton(tr("outbox.see_bytes"), "code", on_click=self.bytes_asked.emit)
        self.verify = SecondaryButton(tr("outbox.verify"), "verified_user", on_click=self.verify_asked.emit)
        self.receipt = SecondaryButton(tr("outbox.save_receipt"), "receipt", on_click=self.receipt_asked.emit)
        self.file = SecondaryButton(tr("outbox.save_file"), "usb", on_click=self.file_asked.emit)
        self.file.setToolTip(tr("outbox.save_file_tip"))
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        column.addLayout(beside(self._title, self.chip, stretch=(1, 0), spacing=8))
        column.addWidget(self._house)
        column.addSpacing(px(6))
        for each in (self._life, self._problem_head, self._problem, Label("SHA-256", "small"), self._hash, self.proof):
            column.addWidget(each)
        column.addSpacing(px(6))
        column.addLayout(beside(self.file, self.bytes, None, spacing=8))
        column.addLayout(beside(self.verify, self.receipt, None, spacing=8))
        column.addStretch(1)
        return ground

    def show_report(self, row: OutboxRow | None) -> None:
        """Show a report; None shows none."""
        self._pile.setCurrentIndex(0 if row is None else 1)
        self.proof.hide()
        if row is None:
            return
        self._title.setText(tr("outbox.card", month=month_long(row.month.year, row.month.number), n=row.revision))
        self._house.setText(row.house_name)
        state = outbox.state(row)
        self.chip.show_state(state.tone, state.word, state.icon)
        self._life.show_steps(outbox.life(row))
        problem = outbox.problem(row)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._problem_head.setVisible(bool(problem))
        self._hash.setText(outbox.grouped_hash(row.sha256))
        received = row.state == ACCEPTED
        self.file.setVisible(row.state in WAITING and not row.is_broken)
        self.verify.setVisible(received)
        self.receipt.setVisible(received)

    def show_proof(self, sentence: str, *, proven: bool) -> None:
        """Say what verifying the receipt again showed."""
        self.proof.tell("ok" if proven else "error", sentence)
        self.proof.show()
