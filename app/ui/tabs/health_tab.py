"""The tab Salute: a guest's health referrals, for the roles that may see them; for the others it says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QVBoxLayout

from app.reference.texts import tr
from app.services.role import may_see_health
from app.ui.context import Context
from app.ui.kit import Chip, EmptyState, ListRow, SecondaryButton, beside
from app.ui.presenters import guest as words
from app.ui.tabs.card_tab import CardTab
from app.ui.tabs.layout import empty_layout

if TYPE_CHECKING:
    from app.services.referral import ReferralRow


class HealthTab(CardTab):
    """Her health referrals; only for roles that may see them."""

    title: ClassVar[str] = "guest.tab_health"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._empty = EmptyState("stethoscope", tr("guest.no_referrals"), tr("guest.no_referrals_hint"))
        self.new_referral = SecondaryButton(tr("guest.new_referral"), "add", on_click=self.open_referral)
        self.new_referral.setObjectName("newReferralButton")
        self.column.addLayout(self._list)
        self.column.addWidget(self._empty)
        self.column.addLayout(beside(self.new_referral, None))
        self._closed = EmptyState("lock", tr("guest.health_closed"), tr("guest.health_closed_hint"))
        self.column.addWidget(self._closed)
        self.column.addStretch(1)
        self.forget()

    def refresh(self) -> None:
        """Ask for the guest's referrals, if the role may see them; if not, say so."""
        card, register = self.card, self.context.register
        if card is None:
            return
        self._closed.setVisible(not may_see_health(self.role))
        if not may_see_health(self.role):
            return

        def done(rows: list[ReferralRow]) -> None:
            if self.is_still(card):
                self._show_referrals(rows, may_ask=card.current is not None)

        self.context.ask(self, lambda: register.referrals.of_guest(card.id), done)

    def open_referral(self) -> None:
        """Ask for the page Salute with a new referral of this guest."""
        if self.card is not None:
            self.context.page_asked.emit("health", self.card.id)

    def _show_referrals(self, rows: Sequence[ReferralRow], *, may_ask: bool) -> None:
        """Show the referrals; a new one can be asked while she is here."""
        empty_layout(self._list)
        for row in rows:
            title, note, outcome, tone = words.referral_words(row)
            self._list.addWidget(ListRow(title, note, trail=Chip(tone, outcome)))
        self._empty.setVisible(not rows)
        self.new_referral.setVisible(may_ask)

    def forget(self) -> None:
        """Forget everything."""
        empty_layout(self._list)
        self._empty.hide()
        self._closed.hide()
        self.new_referral.hide()
