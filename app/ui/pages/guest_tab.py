"""The tabs of a guest's card: her sheet, her stays, meals and diet, health. Only what the register really holds.

Each shows what it is given; `clear` leaves no word about anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QScrollArea, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Chip, EmptyState, Label, ListRow, QuietButton, SecondaryButton, beside
from app.ui.presenters import guest as words
from app.ui.theme import px
from app.ui.widgets.fact_list import FactList
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.meal_strip import MealStrip
from app.ui.widgets.stay_line import StayEntry

if TYPE_CHECKING:
    from app.services.guest import FullName, GuestCard, MealDay
    from app.services.referral import ReferralRow


def empty_layout(layout: QLayout) -> None:
    """Take every widget out of a layout and let it go, its words at once: it lives on until the next event."""
    while layout.count():
        item = layout.takeAt(0)
        old = item.widget() if item is not None else None
        if old is not None:
            for label in old.findChildren(QLabel):
                label.setText("")
            old.setAccessibleName("")
            old.setAccessibleDescription("")
            old.hide()
            old.deleteLater()


class GuestTab(QScrollArea):
    """A tab that scrolls when its content is longer than the card; add to `column`."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        ground = QWidget()
        self.column = QVBoxLayout(ground)
        self.column.setContentsMargins(0, px(12), px(6), 0)
        self.column.setSpacing(px(12))
        self.setWidget(ground)
        # `setWidget` makes the ground opaque; the card under it is what should be seen.
        ground.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)


class SheetTab(GuestTab):
    """All fields; the full name only on demand."""

    reveal_asked = Signal()
    change_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.facts = FactList()
        self._name = Label("", "strong", wrap=True)
        self._noted = Label(tr("guest.reveal_noted"), "small", wrap=True)
        self.reveal = SecondaryButton(tr("guest.reveal"), "visibility", on_click=self.reveal_asked.emit)
        self.reveal.setObjectName("revealNameButton")
        self.reveal.setToolTip(tr("guest.reveal_tip"))
        self.change = SecondaryButton(tr("guest.change"), "edit", on_click=self.change_asked.emit)
        self.change.setObjectName("changeGuestButton")
        self.column.addWidget(self.facts)
        self.column.addWidget(self._name)
        self.column.addWidget(self._noted)
        self.column.addLayout(beside(self.change, self.reveal, None, spacing=8))
        self.column.addStretch(1)
        self.hide_name()

    def show_card(self, card: GuestCard) -> None:
        """Show a guest's fields, her full name hidden."""
        self.facts.show_facts(words.sheet_facts(card))
        self.hide_name()

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

    def clear(self) -> None:
        """Forget everything."""
        self.facts.clear()
        self.hide_name()


class StaysTab(GuestTab):
    """The stays, the newest first, and what can be done with them."""

    bed_asked = Signal()
    undo_asked = Signal()
    entry_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.change_bed = SecondaryButton(tr("guest.change_bed"), "bed", on_click=self.bed_asked.emit)
        self.change_bed.setObjectName("changeBedButton")
        self.enter_again = SecondaryButton(tr("guest.enter_again"), "add", on_click=self.entry_asked.emit)
        self.enter_again.setObjectName("enterAgainButton")
        self.column.addLayout(self._list)
        self.column.addLayout(beside(self.change_bed, self.enter_again, None, spacing=8))
        self.column.addStretch(1)
        self.clear()

    def show_card(self, card: GuestCard, *, with_reason: bool) -> None:
        """Show a guest's stays; only the exit of her last stay can be taken back."""
        empty_layout(self._list)
        for at, stay in enumerate(card.stays):
            undo = None
            if at == 0 and stay.exit_on is not None:
                undo = QuietButton(tr("guest.undo_exit"), "undo", on_click=self.undo_asked.emit)
                undo.setObjectName("undoExitButton")
            said = words.stay_words(stay, with_reason=with_reason)
            self._list.addWidget(StayEntry(said, trail=undo, last=at == len(card.stays) - 1))
        self.change_bed.setVisible(card.current is not None)
        self.enter_again.setVisible(card.current is None)

    def clear(self) -> None:
        """Forget everything."""
        empty_layout(self._list)
        self.change_bed.hide()
        self.enter_again.hide()


class DietTab(GuestTab):
    """What the kitchen keeps for her, and the meals recorded of late."""

    def __init__(self) -> None:
        super().__init__()
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips)
        self._note = Label("", wrap=True)
        self._none = Label(tr("guest.no_diet"), "muted", wrap=True)
        self.meals = MealStrip()
        self._no_meals = Label(tr("guest.no_meals"), "muted", wrap=True)
        self.column.addWidget(Label(tr("guest.diet_heading"), "heading"))
        for widget in (self._chips, self._note, self._none):
            self.column.addWidget(widget)
        self.column.addSpacing(px(8))
        self.column.addWidget(Label(tr("guest.meals_of_late"), "heading"))
        self.column.addWidget(self.meals)
        self.column.addWidget(self._no_meals)
        self.column.addStretch(1)

    def show_card(self, card: GuestCard, meals: Sequence[MealDay]) -> None:
        """Show a guest's diet and meals."""
        empty_layout(self._flow)
        for said in words.diets(card):
            self._flow.addWidget(Chip("primary", said, "restaurant"))
        self._chips.setVisible(bool(card.diets))
        note = words.diet_note(card)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._none.setVisible(not card.diets and not card.diet_note)
        self.meals.show_days(meals)
        self.meals.setVisible(not self.meals.is_empty())
        self._no_meals.setVisible(self.meals.is_empty())

    def clear(self) -> None:
        """Forget everything."""
        empty_layout(self._flow)
        self._note.setText("")
        self.meals.show_days(())


class HealthTab(GuestTab):
    """Her health referrals; only for roles that may see them."""

    referral_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._empty = EmptyState("stethoscope", tr("guest.no_referrals"), tr("guest.no_referrals_hint"))
        self.new_referral = SecondaryButton(tr("guest.new_referral"), "add", on_click=self.referral_asked.emit)
        self.new_referral.setObjectName("newReferralButton")
        self.column.addLayout(self._list)
        self.column.addWidget(self._empty)
        self.column.addLayout(beside(self.new_referral, None))
        self.column.addStretch(1)

    def show_referrals(self, rows: Sequence[ReferralRow], *, may_ask: bool) -> None:
        """Show a guest's referrals; a new one can be asked while she is here."""
        empty_layout(self._list)
        for row in rows:
            title, note, outcome, tone = words.referral_words(row)
            self._list.addWidget(ListRow(title, note, trail=Chip(tone, outcome)))
        self._empty.setVisible(not rows)
        self.new_referral.setVisible(may_ask)

    def clear(self) -> None:
        """Forget everything."""
        empty_layout(self._list)
        self._empty.hide()
