"""The tab Scheda: all of Sheet A in groups, each put right from here; her full name only on demand, and noted.

Stays, diet and papers have tabs of their own.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.context import Context
from app.ui.kit import Banner, Chip, Label, ListRow, SecondaryButton
from app.ui.presenters import guest_sheet as words
from app.ui.presenters.guest import companion_words
from app.ui.tabs.card_tab import CardTab
from app.ui.tabs.protection_panel import ProtectionPanel
from app.ui.widgets.custody_list import CustodyList
from app.ui.widgets.fact_list import FactList
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.layout import empty_layout
from app.ui.widgets.sheet_group import SheetGroup

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.custody import CustodyRow
    from app.services.guest import Companion, FullName, GuestCard


class SheetTab(CardTab):
    """All fields in groups; the full name only on demand."""

    title: ClassVar[str] = "guest.tab_sheet"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._items: list[CustodyRow] = []
        self._alone = Banner("warn", " ", " ")
        self.column.addWidget(self._alone)
        for group in (self._build_person(), self._build_household(), self._build_arrival()):
            self.column.addWidget(group)
        self.protection_place = QVBoxLayout()
        """Where permit, victim status and safety are shown, for who may read them."""
        self.column.addLayout(self.protection_place)
        self.protection = ProtectionPanel(context)
        self.protection.form_opened.connect(self.form_opened)
        self.protection_place.addWidget(self.protection)
        for group in (self._build_needs(), self._build_custody()):
            self.column.addWidget(group)
        self.column.addStretch(1)
        self.forget()

    # --- layout

    @staticmethod
    def _button(text: str, name: str, icon: str, on_click: Callable[[], object]) -> SecondaryButton:
        button = SecondaryButton(tr(text), icon, on_click=on_click)
        button.setObjectName(name)
        return button

    def _build_person(self) -> SheetGroup:
        self.facts = FactList()
        self._name = Label("", "strong", wrap=True)
        self._noted = Label(tr("guest.reveal_noted"), "small", wrap=True)
        self.reveal = self._button("guest.reveal", "revealNameButton", "visibility", self._on_reveal)
        self.reveal.setToolTip(tr("guest.reveal_tip"))
        self.change = self._button("guest.change", "changeGuestButton", "edit", self.open_change)
        group = SheetGroup(tr("guest.group_person"), self.reveal, self.change)
        for widget in (self._name, self._noted, self.facts):
            group.body.addWidget(widget)
        return group

    def _build_household(self) -> SheetGroup:
        self.join = self._button("guest.join_household", "joinHouseholdButton", "family_restroom", self.open_join)
        self.leave = self._button("guest.leave_household", "leaveHouseholdButton", "", self.open_leave)
        group = SheetGroup(tr("guest.group_household"), self.leave, self.join)
        self._no_household = Label(tr("guest.no_household"), "muted", wrap=True)
        self._people = QVBoxLayout()
        self._people.setSpacing(0)
        group.body.addWidget(self._no_household)
        group.body.addLayout(self._people)
        return group

    def _build_arrival(self) -> SheetGroup:
        self.change_arrival = self._button("guest.change_arrival", "changeArrivalButton", "edit", self.open_arrival)
        self._arrival = SheetGroup(tr("guest.group_arrival"), self.change_arrival)
        self.arrival_facts = FactList()
        self._arrival.body.addWidget(self.arrival_facts)
        return self._arrival

    def _build_needs(self) -> SheetGroup:
        self.change_needs = self._button("guest.change_needs", "changeNeedsButton", "edit", self.open_needs)
        self._needs = SheetGroup(tr("guest.group_needs"), self.change_needs)
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips)
        self._no_needs = Label(tr("guest.no_needs"), "muted", wrap=True)
        self._needs.body.addWidget(self._chips)
        self._needs.body.addWidget(self._no_needs)
        return self._needs

    def _build_custody(self) -> SheetGroup:
        self.hand_over = self._button("guest.hand_over", "handOverButton", "add", self.open_hand_over)
        group = SheetGroup(tr("guest.group_custody"), self.hand_over)
        self.custody = CustodyList()
        self.custody.give_back_asked.connect(self.open_give_back)
        self.custody.undo_asked.connect(self._on_undo)
        group.body.addWidget(self.custody)
        return group

    # --- what is shown

    def refresh(self) -> None:
        """Show the guest's fields, her full name hidden, and ask for what is in custody."""
        card, register = self.card, self.context.register
        if card is None:
            return
        title, text = words.alone_warning(card)
        self._alone.tell("warn", title, text)
        self._alone.setVisible(card.is_alone)
        self.facts.show_facts(words.person_facts(card))
        self.hide_name()
        self._show_people(card)
        has_stay = words.shown_stay(card) is not None
        for group in (self._arrival, self._needs):
            group.setVisible(has_stay)
        self.hand_over.setVisible(has_stay)
        self.arrival_facts.show_facts(words.arrival_facts(card))
        self._show_needs(words.needs(card))

        def done(rows: list[CustodyRow]) -> None:
            if self.is_still(card):
                self._items = rows
                self.custody.show_rows(rows)
                self.custody.come_after(self.hand_over)

        self.context.ask(self, lambda: register.custodies.of_guest(card.id), done)
        self.protection.take(card, self.role)

    def _show_people(self, card: GuestCard) -> None:
        empty_layout(self._people)
        before: QWidget = self.join
        for companion in card.companions:
            said = companion_words(companion.name_used, companion.age, is_minor=companion.is_minor)
            row = ListRow(said, words.companion_note(companion), can_open=True)
            row.opened.connect(partial(self._open_companion, companion))
            self._people.addWidget(row)
            QWidget.setTabOrder(before, row)  # made late, it would come last of all
            before = row
        self._no_household.setVisible(not card.companions)
        self.leave.setVisible(bool(card.companions))

    def _show_needs(self, needs: list[str]) -> None:
        empty_layout(self._flow)
        for need in needs:
            self._flow.addWidget(Chip("primary", need))
        self._chips.setVisible(bool(needs))
        self._no_needs.setVisible(not needs)

    def show_name(self, name: FullName) -> None:
        """Show the full name and say that this was noted."""
        said = f"{name.given_name} {name.family_name}".strip() or tr("guest.name_not_declared")
        self._name.setText(tr("guest.full_name", name=said))
        self._name.show()
        self._noted.show()
        self.reveal.hide()

    def hide_name(self) -> None:
        """Hide the full name and forget it."""
        self._name.setText("")
        self._name.hide()
        self._noted.hide()
        self.reveal.show()

    def name_shown(self) -> str:
        """Return the line with the full name, empty while it is hidden."""
        return self._name.text()

    # --- actions

    def open_change(self) -> None:
        """Open the form that puts the guest's data right."""
        from app.ui.dialogs.guest_dialog import GuestDialog

        if self.card is not None:
            self.show_form(GuestDialog(self.context, self.card.id, self))

    def open_join(self) -> None:
        """Open the form that joins her to another's household."""
        from app.ui.dialogs.household_dialog import JoinHouseholdDialog

        if self.card is not None:
            self.show_form(JoinHouseholdDialog(self.context, self.card, self))

    def open_leave(self) -> None:
        """Ask whether she is to be taken out of her household."""
        from app.ui.dialogs.household_dialog import LeaveHouseholdDialog

        if self.card is not None and self.card.companions:
            self.show_form(LeaveHouseholdDialog(self.context, self.card, self))

    def open_arrival(self) -> None:
        """Open the form that puts her entry right."""
        from app.ui.dialogs.entry_change_dialog import EntryChangeDialog

        if self.card is not None and (stay := words.shown_stay(self.card)) is not None:
            self.show_form(EntryChangeDialog(self.context, self.card, stay, self))

    def open_needs(self) -> None:
        """Open the form of what she needed at her entry."""
        from app.ui.dialogs.needs_dialog import NeedsDialog

        if self.card is not None and (stay := words.shown_stay(self.card)) is not None:
            self.show_form(NeedsDialog(self.context, stay, self.role, self))

    def open_hand_over(self) -> None:
        """Open the form of things handed over."""
        from app.ui.dialogs.hand_over_dialog import HandOverDialog

        if self.card is not None and (stay := words.shown_stay(self.card)) is not None:
            self.show_form(HandOverDialog(self.context, self.card.id, stay, self))

    def open_give_back(self, item: CustodyRow) -> None:
        """Ask on which day a thing was given back."""
        from app.ui.dialogs.give_back_dialog import GiveBackDialog

        self.show_form(GiveBackDialog(self.context, item, self))

    def _on_undo(self, item: CustodyRow) -> None:
        register = self.context.register

        def done(_nothing: None) -> None:
            self.context.told.emit("ok", tr("guest.give_back_undone"))

        self.context.write(self, lambda: register.custodies.undo_give_back(item.id), done, changes="guests")

    def _open_companion(self, companion: Companion) -> None:
        self.context.page_asked.emit("guests", companion.id)

    def _on_reveal(self) -> None:
        if self.card is None:
            return
        register, card = self.context.register, self.card

        def done(name: FullName) -> None:
            if self.is_still(card):
                self.show_name(name)

        self.context.ask(self, lambda: register.guests.reveal(card.id), done)

    def forget(self) -> None:
        """Forget everything."""
        self.protection.clear()
        self.facts.clear()
        self.arrival_facts.clear()
        empty_layout(self._people)
        empty_layout(self._flow)
        self._items = []
        self.custody.clear()
        self._alone.tell("warn", " ", " ")
        self._alone.hide()
        self.hide_name()
