"""The card of one referral: for whom, its life, why, what it is linked to, and what can be done next.

It writes nothing: its buttons ask the page. Its menu names guests, so the page closes it with `clear`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from app.reference.format import day
from app.reference.texts import tr
from app.services.referral import BOOKED, MISSED, WITHDRAWN, is_final
from app.ui.kit import Card, Chip, EmptyState, Label, ListRow, Mark, QuietButton, SecondaryButton, beside
from app.ui.presenters import health
from app.ui.presenters.referral_life import chain_line, late_words, life
from app.ui.theme import px
from app.ui.widgets.clash import Clash
from app.ui.widgets.fact_list import FactList
from app.ui.widgets.layout import empty_layout
from app.ui.widgets.life_line import LifeLine

if TYPE_CHECKING:
    from app.services.referral import ReferralRow


class ReferralCard(Card):
    """Shows a referral, or what to do while none is chosen; `other_asked` carries a linked one."""

    book_asked = Signal()
    close_asked = Signal()
    follow_up_asked = Signal()
    guest_asked = Signal()
    more_asked = Signal(str)
    """One of the seldom things: amend, unbook, accompany, reopen, withdraw, hers."""
    other_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("health.card"), " ", parent=parent)
        self._row: ReferralRow | None = None
        self._menu: QMenu | None = None
        self._pile = QStackedLayout()
        self.body.addLayout(self._pile)
        self._pile.addWidget(EmptyState("stethoscope", tr("health.none_chosen"), tr("health.none_chosen_hint")))
        self._pile.addWidget(self._build())

    def _build(self) -> QWidget:
        self._guest = Label("", "title")
        self._code = Label("", "mono")
        self._service = Label("", wrap=True)
        self._urgency = Chip("grey", "")
        self.book = SecondaryButton(tr("health.book"), "event_available", on_click=self.book_asked.emit)
        self.close_it = SecondaryButton(tr("health.close"), "check", on_click=self.close_asked.emit)
        self.follow_up = SecondaryButton(tr("health.follow_up"), "refresh", on_click=self.follow_up_asked.emit)
        self.more = SecondaryButton(tr("health.more"), arrow=True, on_click=self._open_menu)
        self.guest = QuietButton(tr("health.open_guest"), on_click=self.guest_asked.emit)
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        column.addLayout(beside(self._guest, self._code, None, self._urgency, spacing=8))
        column.addWidget(self._service)
        column.addSpacing(px(8))
        column.addWidget(self._build_middle(), 1)
        column.addSpacing(px(4))
        column.addLayout(beside(self.book, self.follow_up, self.close_it, None, spacing=8))
        column.addSpacing(px(4))
        column.addLayout(beside(self.more, None, self.guest, spacing=8))
        return ground

    def _build_middle(self) -> QScrollArea:
        self._life = LifeLine()
        self._words = FactList(columns=1)
        self._clash = Clash()
        self._chain_title = Label(tr("health.chain"), "heading")
        self._chain = QVBoxLayout()
        self._chain.setSpacing(0)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, px(6), 0)
        column.setSpacing(px(10))
        for widget in (self._clash, self._life, self._words, self._chain_title):
            column.addWidget(widget)
        column.addLayout(self._chain)
        column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(px(150))
        area.setWidget(inside)
        inside.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        return area

    def show_referral(
        self,
        row: ReferralRow | None,
        now: datetime | None,
        chain: Sequence[ReferralRow] = (),
        clashing: Sequence[ReferralRow] = (),
    ) -> None:
        """Show a referral as it stands at `now`, with those linked to it and those at its hour; None shows none."""
        self.clear()
        if row is None or now is None:
            return
        self._row = row
        self._pile.setCurrentIndex(1)
        self._guest.setText(row.name_used)
        self._code.setText(row.code)
        self._service.setText(health.service_line(row))
        urgency = health.urgency(row)
        self._urgency.show_state(urgency.tone, urgency.word, urgency.icon)
        self._life.show_steps(life(row, now))
        facts = ((tr("health.reason"), row.reason), (tr("health.note"), row.outcome_note))
        self._words.show_facts([(name, text) for name, text in facts if text])
        self._words.setVisible(bool(row.reason or row.outcome_note))
        self._clash.tell(health.clash_line(clashing))
        self._show_chain(row, chain)
        self._show_buttons(row)
        self.setAccessibleDescription(late_words(row, now))

    def _show_buttons(self, row: ReferralRow) -> None:
        final, missed = is_final(row.outcome), row.outcome == MISSED
        self.book.setVisible(not final)
        self.book.setText(tr("health.rebook") if row.appointment_at else tr("health.book"))
        self.close_it.setText(tr("health.correct") if final else tr("health.close"))
        self.follow_up.setVisible(health.may_follow_up(row))
        self.follow_up.setText(tr("health.follow_up_missed" if missed else "health.follow_up"))
        self.close_it.setVisible(not (final and row.outcome == WITHDRAWN))

    def _show_chain(self, row: ReferralRow, chain: Sequence[ReferralRow]) -> None:
        self._chain_title.setVisible(bool(chain))
        for other in chain:
            before = (other.requested_on, other.id) < (row.requested_on, row.id)
            title = tr("health.chain_before" if before else "health.chain_after", day=day(other.requested_on))
            arrow = Mark("arrow_upward" if before else "arrow_downward", "muted")
            made = ListRow(title, chain_line(other), lead=arrow, can_open=True)
            made.opened.connect(partial(self.other_asked.emit, other))
            self._chain.addWidget(made)

    def build_menu(self) -> QMenu | None:
        """Return the menu of what is seldom done with the referral shown."""
        row = self._row
        if row is None:
            return None
        menu = QMenu(self)
        final = is_final(row.outcome)
        self._offer(menu, "amend")
        if row.outcome == BOOKED:
            self._offer(menu, "unbook")
        if health.was_visit(row):
            self._offer(menu, "accompany")
        if final and row.followed_by is None:
            self._offer(menu, "reopen")
        if row.outcome != WITHDRAWN:
            self._offer(menu, "withdraw")
        menu.addSeparator()
        self._offer(menu, "hers", guest=row.name_used)
        return menu

    def _offer(self, menu: QMenu, what: str, **values: str) -> None:
        menu.addAction(tr(f"health.more_{what}", **values)).triggered.connect(lambda: self.more_asked.emit(what))

    def _open_menu(self) -> None:
        self._drop_menu()
        self._menu = self.build_menu()
        if self._menu is not None:
            self._menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _drop_menu(self) -> None:
        if self._menu is not None:
            self._menu.close()
            self._menu.clear()
            self._menu.deleteLater()
            self._menu = None

    def clear(self) -> None:
        """Drop every word about a guest."""
        self._row = None
        self._drop_menu()
        self._pile.setCurrentIndex(0)
        for label in (self._guest, self._code, self._service):
            label.clear()
        self._words.clear()
        self._clash.tell("")
        empty_layout(self._chain)
        self._chain_title.hide()
        self._life.show_steps(())
        self.setAccessibleDescription("")
