"""The tab Pasti e dieta: what the kitchen keeps for a guest, and the meals recorded of late."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.ui.context import Context
from app.ui.kit import Chip, Label
from app.ui.presenters import guest as words
from app.ui.tabs.card_tab import CardTab
from app.ui.tabs.layout import empty_layout
from app.ui.theme import px
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.meal_strip import MealStrip

if TYPE_CHECKING:
    from app.services.guest import MealDay


class DietTab(CardTab):
    """What the kitchen keeps for her, and the meals recorded of late."""

    title: ClassVar[str] = "guest.tab_diet"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
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

    def refresh(self) -> None:
        """Show the guest's diet, and ask for her meals."""
        card, register = self.card, self.context.register
        if card is None:
            return
        empty_layout(self._flow)
        for said in words.diets(card):
            self._flow.addWidget(Chip("primary", said, "restaurant"))
        self._chips.setVisible(bool(card.diets))
        note = words.diet_note(card)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._none.setVisible(not card.diets and not card.diet_note)

        def done(meals: tuple[MealDay, ...]) -> None:
            if self.is_still(card):
                self._show_meals(meals)

        self.context.ask(self, lambda: register.guests.meals(card.id), done)

    def _show_meals(self, meals: tuple[MealDay, ...]) -> None:
        self.meals.show_days(meals)
        self.meals.setVisible(not self.meals.is_empty())
        self._no_meals.setVisible(self.meals.is_empty())

    def forget(self) -> None:
        """Forget everything."""
        empty_layout(self._flow)
        self._note.setText("")
        self.meals.show_days(())
