"""Salute: the referrals, the week and the day of appointments, the coverages; the referral chosen beside them.

The forms are opened by `ReferralForms`; what a state means is said in `app.ui.presenters.health`. For a role that may
not see health the page asks for nothing and says that it is reserved.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.reference.ids import GuestId, ReferralId
from app.reference.texts import tr
from app.services.calendar import Month
from app.services.coverage import HouseCoverage
from app.services.referral import ReferralRow, is_final
from app.ui.context import Context, RegisterPage
from app.ui.kit import Banner, Card, EmptyState, Tabs
from app.ui.pages.coverage_side import CoverageSide
from app.ui.pages.referral_forms import ReferralForms
from app.ui.presenters import coverage, health
from app.ui.presenters.health import HealthView
from app.ui.presenters.week import Stop, slot_start
from app.ui.theme import px
from app.ui.widgets.coverage_panel import CoveragePanel
from app.ui.widgets.day_panel import DayPanel
from app.ui.widgets.hours_card import HoursCard
from app.ui.widgets.referral_card import ReferralCard
from app.ui.widgets.referral_list import ReferralList
from app.ui.widgets.side_by_side import SideBySide
from app.ui.widgets.slot_menu import SlotMenu
from app.ui.widgets.week_panel import WeekPanel

REFERRALS, WEEK, DAY, COVERAGES = "referrals", "week", "day", "coverages"
_MORNING = time(9, 0)


class HealthPage(RegisterPage):
    """The page; opened with a guest's id it begins a referral for her, with a referral it shows that one."""

    listens = frozenset({"referrals", "guests"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._view: HealthView | None = None
        self._chosen: ReferralId | None = None
        self._month: Month | None = None
        self._since: date | None = None
        self.slot_menu = SlotMenu(self)
        self.forms = ReferralForms(context, self)
        self.list, self.week, self.day = ReferralList(), WeekPanel(), DayPanel()
        self.coverages, self.card, self.hours = CoveragePanel(), ReferralCard(), HoursCard()
        self.covered = CoverageSide(context)
        self.model, self.table = self.list.model, self.list.table
        self.kept = Banner("info", tr("health.kept"), tr("health.kept_hint"), action=tr("health.kept_open"))
        self.kept.hide()
        self.reserved = EmptyState(
            "lock", tr("health.reserved"), tr("health.reserved_hint"), action=tr("health.reserved_open")
        )
        self.tabs = Tabs()
        for name, panel in ((REFERRALS, self.list), (WEEK, self.week), (DAY, self.day), (COVERAGES, self.coverages)):
            self.tabs.add(name, tr(f"health.tab_{name}"), panel)
        self.pile = QStackedWidget()
        self.pile.addWidget(SideBySide(self._main(), self._side()))
        self.pile.addWidget(self.reserved)
        self.body.addWidget(self.kept)
        self.body.addWidget(self.pile, 1)
        self._connect()
        self.setFocusProxy(self.tabs.bar)

    def _main(self) -> Card:
        card = Card(flush=True)
        card.body.addWidget(self.tabs, 1)
        return card

    def _side(self) -> QWidget:
        side = QWidget()
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(px(14))
        self.beside = QStackedWidget()
        self.beside.addWidget(self.card)
        self.beside.addWidget(self.covered)
        right.addWidget(self.beside, 1)
        right.addWidget(self.hours)
        return side

    def _connect(self) -> None:
        self.kept.action_asked.connect(self.resume)
        self.forms.opened.connect(self._show_kept)
        self.reserved.action_asked.connect(lambda: self.context.page_asked.emit("today", None))
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(self._next_step)
        self.list.new_asked.connect(self.forms.new)
        self.list.more_asked.connect(self._ask_older)
        self.week.older_asked.connect(self._ask_older)
        self.day.older_asked.connect(self._ask_older)
        self.tabs.changed.connect(self._on_tab)
        self.week.grid.chosen.connect(self._on_week)
        self.week.grid.opened.connect(self._next_step)
        self.week.grid.slot_asked.connect(self._offer_slot)
        self.day.chosen.connect(self._on_chosen)
        self.day.opened.connect(self._next_step)
        self.day.add_asked.connect(self._add_on)
        self.coverages.chosen.connect(self.covered.show_row)
        self.coverages.opened.connect(lambda _: self.covered.coverage.open_form())
        self.covered.guest_asked.connect(self._open_guest)
        self.covered.coverage.form_opened.connect(self._show_kept)
        self.hours.month_asked.connect(self._on_month)
        self.card.book_asked.connect(lambda: self._with_row(self.forms.book))
        self.card.close_asked.connect(lambda: self._with_row(self.forms.close))
        self.card.follow_up_asked.connect(lambda: self._with_row(self.forms.follow_up))
        self.card.guest_asked.connect(lambda: self._with_row(lambda row: self._open_guest(row.guest)))
        self.card.more_asked.connect(self._on_more)
        self.card.other_asked.connect(self._choose)
        QShortcut(QKeySequence("Ctrl+N"), self).activated.connect(self._on_new_key)

    # --- showing

    def open(self, value: object = None) -> None:
        """Show the page; a guest's id begins a referral for her, a row shows that referral."""
        if isinstance(value, ReferralRow) and not value.is_withheld:
            self._chosen = value.id
            self._reach(value.requested_on)
            self.tabs.show_tab(REFERRALS)
            self.list.show_filter("open" if health.is_open(value) else "all")
        self.refresh()
        if isinstance(value, int) and self._view is not None:
            self.forms.new(GuestId(value))

    def refresh(self) -> None:
        """Ask for everything that the page shows."""
        register, house, month, since = self.context.register, self.context.house, self._month, self._since
        self.context.ask(self, lambda: health.load(register, house, month, since), self._show)

    def _reach(self, day: date) -> None:
        """Let the page look back to a day at least, the next time that it asks."""
        self._since = min(day, self._since or day)

    def _ask_older(self, day: date | None = None) -> None:
        """Show more of the past, back to a day if it is named."""
        if self._view is not None:
            self._reach(min(day or date.max, health.before(self._view.since)))
            self.refresh()

    def clear(self) -> None:
        """Drop every row and word about guests."""
        self._view = self._chosen = self._month = self._since = None
        self.slot_menu.close()
        for part in (self.list, self.week, self.day, self.coverages, self.card, self.covered, self.hours):
            part.clear()
        self._name_tab(0)

    def _show(self, view: HealthView | None) -> None:
        self._view = view
        self.pile.setCurrentIndex(0 if view is not None else 1)
        self.setFocusProxy(self.tabs.bar if view is not None else self.reserved)
        if view is None:
            return
        self.list.show_view(view, self._chosen)
        self.week.show_view(view)
        self.day.show_view(view)
        self.coverages.show_view(view)
        self.hours.show_sum(view.hours)
        self._name_tab(coverage.needs_hand(view.coverages))
        self.setFocusProxy(self.table if self.tabs.current() == REFERRALS else self.tabs.page(self.tabs.current()))
        self._show_card(self._row())
        self._show_kept()

    def _name_tab(self, pressing: int) -> None:
        text = tr("health.tab_coverages_n", n=pressing) if pressing else tr("health.tab_coverages")
        self.tabs.bar.setTabText(self.tabs.names().index(COVERAGES), text)

    def _show_card(self, row: ReferralRow | None) -> None:
        view = self._view
        if row is None or view is None:
            self.card.show_referral(None, None)
            return
        self.card.show_referral(row, view.now, view.chain(row), view.clashing(row))

    def _row(self) -> ReferralRow | None:
        return self._view.find(self._chosen) if self._view is not None else None

    def _on_chosen(self, row: ReferralRow | None) -> None:
        self._chosen = row.id if row is not None else None
        self._show_card(row)

    def _on_week(self, row: ReferralRow | None) -> None:
        if self.tabs.current() == WEEK:
            self._on_chosen(row)

    def _on_tab(self, name: str) -> None:
        """Let the card follow the list that is seen, and the keyboard go into it."""
        row = self._row()
        self.beside.setCurrentWidget(self.covered if name == COVERAGES else self.card)
        if name == WEEK:
            if row is not None:
                self.week.go_to(row)
            self._on_week(self.week.grid.row())
        elif name == REFERRALS:
            self.list.choose(row)
        if not self.tabs.bar.hasFocus():
            self.tabs.page(name).setFocus(Qt.FocusReason.TabFocusReason)

    def _choose(self, row: ReferralRow) -> None:
        """Show a referral in the list, among all if it is over."""
        self._chosen = row.id
        self.tabs.show_tab(REFERRALS)
        self.list.look_for("")
        self.list.show_filter("open" if health.is_open(row) else "all")
        self.refresh()
        self.table.setFocus()

    def _on_month(self, month: Month) -> None:
        self._month = month
        self.refresh()

    def _show_kept(self, *_: object) -> None:
        half = self.forms.half_filled() is not None or self._half_covered() is not None
        self.kept.setVisible(self._view is not None and half)

    def _half_covered(self) -> HouseCoverage | None:
        """Return the guest of this house whose coverage was half written."""
        guest, view = self.covered.coverage.half_filled(), self._view
        return next((row for row in view.coverages if row.guest == guest), None) if view is not None else None

    # --- acting

    def _with_row(self, act: Callable[[ReferralRow], object]) -> None:
        row = self._row()
        if row is not None:
            act(row)

    def _on_new_key(self) -> None:
        if self._view is not None:
            self.forms.new()

    def _next_step(self, row: ReferralRow) -> None:
        """Do what comes next in the life of a referral: Return on it."""
        if self._view is None:
            return
        steps = {"book": self.forms.book, "follow_up": self.forms.follow_up}
        steps.get(health.next_step(row, self._view.now), self.forms.close)(row)

    def _on_more(self, what: str) -> None:
        row = self._row()
        if row is None:
            return
        if what == "withdraw":
            self.forms.close(row, withdraw=True)
        elif what == "hers":
            self._reach(health.EVER)
            self.list.look_for(row.code)
            self.list.show_filter("all")
            self.tabs.show_tab(REFERRALS)
            self.refresh()
        else:
            {
                "amend": self.forms.amend,
                "unbook": self.forms.unbook,
                "accompany": self.forms.accompany,
                "reopen": self.forms.reopen,
            }[what](row)

    def _offer_slot(self, stop: Stop) -> None:
        """Begin an appointment in a free slot: for a request that waits, or a new one."""
        day, at = slot_start(*self.week.day_of(stop))
        self._offer(day, at)

    def _add_on(self, day: date | None) -> None:
        if day is not None:
            self._offer(day, _MORNING)

    def _offer(self, day: date, at: time) -> None:
        view, forms = self._view, self.forms
        waiting = [row for row in view.rows if not is_final(row.outcome) and row.appointment_at is None] if view else []
        place = self.week.grid.menu_place() if self.tabs.current() == WEEK else self.day.menu_place()
        self.slot_menu.open(waiting, place, lambda: forms.new(None, (day, at)), lambda row: forms.book(row, (day, at)))

    def resume(self) -> None:
        """Open the form that was half filled at the last lock."""
        view, covered = self._view, self._half_covered()
        if view is not None and self.forms.half_filled() is not None:
            self.forms.resume(view.find)
        elif covered is not None:
            self.tabs.show_tab(COVERAGES)
            self.coverages.table.choose_row(covered)
            self.covered.coverage.resume(covered.guest, covered.name_used)

    def _open_guest(self, guest: int) -> None:
        self.context.page_asked.emit("guests", guest)
