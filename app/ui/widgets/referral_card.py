"""The card of one referral: for whom, its life, why, and what can be done next.

It writes nothing: its buttons ask the page.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Card, Chip, EmptyState, Label, QuietButton, SecondaryButton, Strip, beside
from app.ui.presenters import health
from app.ui.theme import px
from app.ui.widgets.life_line import LifeLine

if TYPE_CHECKING:
    from app.services.referral import ReferralRow


class ReferralCard(Card):
    """Shows a referral, or what to do while none is chosen."""

    book_asked = Signal()
    close_asked = Signal()
    guest_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("health.card"), " ", parent=parent)
        self._pile = QStackedLayout()
        self.body.addLayout(self._pile)
        self._pile.addWidget(EmptyState("stethoscope", tr("health.none_chosen"), tr("health.none_chosen_hint")))
        self._pile.addWidget(self._build())

    def _build(self) -> QWidget:
        self._guest = Label("", "title")
        self._code = Label("", "mono")
        self._service = Label("", wrap=True)
        self._urgency = Chip("grey", "")
        self._life = LifeLine()
        self._words = Strip()
        self._reason = self._words.add_fact(tr("health.reason"), "")
        self._note = self._words.add_fact(tr("health.note"), "")
        self.book = SecondaryButton(tr("health.book"), "event_available", on_click=self.book_asked.emit)
        self.close_it = SecondaryButton(tr("health.close"), "check", on_click=self.close_asked.emit)
        self.guest = QuietButton(tr("health.open_guest"), on_click=self.guest_asked.emit)
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        column.addLayout(beside(self._guest, self._code, None, self._urgency, spacing=8))
        column.addWidget(self._service)
        column.addSpacing(px(10))
        column.addWidget(self._life)
        column.addWidget(self._words)
        column.addStretch(1)
        column.addLayout(beside(self.book, self.close_it, None, self.guest, spacing=8))
        return ground

    def show_referral(self, row: ReferralRow | None, now: datetime | None) -> None:
        """Show a referral as it stands at `now`; None shows none."""
        self._pile.setCurrentIndex(0 if row is None or now is None else 1)
        if row is None or now is None:
            self.clear()
            return
        self._guest.setText(row.name_used)
        self._code.setText(row.code)
        self._service.setText(f"{health.service(row.service)} · {health.area(row.service)}")
        urgency = health.urgency(row)
        self._urgency.show_state(urgency.tone, urgency.word, urgency.icon)
        self._life.show_steps(health.life(row, now))
        self._reason.setText(row.reason or "–")
        self._note.setText(row.outcome_note or "–")
        self._words.setVisible(bool(row.reason or row.outcome_note))
        awaited = health.is_open(row)
        self.book.setVisible(awaited)
        self.book.setText(tr("health.rebook") if row.appointment_at else tr("health.book"))
        self.close_it.setText(tr("health.close") if awaited else tr("health.correct"))

    def clear(self) -> None:
        """Drop every word about a guest."""
        self._pile.setCurrentIndex(0)
        for label in (self._guest, self._code, self._service, self._reason, self._note):
            label.clear()
        self._life.show_steps(())
