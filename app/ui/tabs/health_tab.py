"""The tab Salute: a guest's coverage and health referrals, for the roles that may see them; others are told so."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QVBoxLayout

from app.reference.texts import tr
from app.services.role import may_see_health
from app.ui.context import Context
from app.ui.kit import Chip, EmptyState, Label, ListRow, SecondaryButton, beside
from app.ui.presenters import health
from app.ui.presenters.referral_life import row_line
from app.ui.question import Dialogs
from app.ui.tabs.card_tab import CardTab
from app.ui.tabs.guest_coverage import GuestCoverage
from app.ui.tabs.layout import empty_layout
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.coverage import CoverageRow
    from app.services.referral import ReferralRow


class HealthTab(CardTab):
    """Her coverage and her referrals; only for roles that may see them."""

    title: ClassVar[str] = "guest.tab_health"

    def __init__(self, context: Context, dialogs: Dialogs | None = None) -> None:
        super().__init__(context)
        self.coverage = GuestCoverage(context, dialogs)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._heading = Label(tr("health.table"), "heading")
        self._empty = EmptyState("stethoscope", tr("guest.no_referrals"), tr("guest.no_referrals_hint"))
        self.new_referral = SecondaryButton(tr("guest.new_referral"), "add", on_click=self.open_referral)
        self.new_referral.setObjectName("newReferralButton")
        self.column.addWidget(self.coverage)
        self.column.addSpacing(px(6))
        self.column.addWidget(self._heading)
        self.column.addLayout(self._list)
        self.column.addWidget(self._empty)
        self.column.addLayout(beside(self.new_referral, None))
        self._closed = EmptyState("lock", tr("guest.health_closed"), tr("guest.health_closed_hint"))
        self.column.addWidget(self._closed)
        self.column.addStretch(1)
        self.coverage.form_opened.connect(self.form_opened)
        self.forget()

    def refresh(self) -> None:
        """Ask for the guest's coverages and referrals, if the role may see them; if not, say so."""
        card, register = self.card, self.context.register
        if card is None:
            return
        self._closed.setVisible(not may_see_health(self.role))
        if not may_see_health(self.role):
            return

        def work() -> tuple[list[CoverageRow], list[ReferralRow]]:
            return register.coverages.of_guest(card.id), register.referrals.of_guest(card.id)

        def done(found: tuple[list[CoverageRow], list[ReferralRow]]) -> None:
            if self.is_still(card):
                self.coverage.show_guest(card.id, card.name_used, found[0])
                self.coverage.show()
                self._show_referrals(found[1], may_ask=card.current is not None)

        self.context.ask(self, work, done)

    def open_referral(self) -> None:
        """Ask for the page Salute with a new referral of this guest."""
        if self.card is not None:
            self.context.page_asked.emit("health", self.card.id)

    def _show_referrals(self, rows: Sequence[ReferralRow], *, may_ask: bool) -> None:
        """Show the referrals; each leads to the page Salute, and a new one can be asked while she is here."""
        empty_layout(self._list)
        now = self.context.register.desk.now()
        for row in rows:
            state = health.outcome(row, now)
            made = ListRow(
                health.service(row.service), row_line(row), trail=Chip(state.tone, state.word), can_open=True
            )
            made.opened.connect(partial(self.context.page_asked.emit, "health", row))
            self._list.addWidget(made)
        self._heading.show()
        self._empty.setVisible(not rows)
        self.new_referral.setVisible(may_ask)

    def forget(self) -> None:
        """Forget everything."""
        self.coverage.clear()
        self.coverage.hide()
        empty_layout(self._list)
        self._heading.hide()
        self._empty.hide()
        self._closed.hide()
        self.new_referral.hide()
