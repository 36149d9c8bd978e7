"""Su carta: what opens the register when every passphrase is lost, when it was last tried, and how to make it anew.

It makes nothing: its buttons ask the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.ui.kit import Card, Chip, ChoiceCombo, Field, Label, SecondaryButton, beside
from app.ui.presenters import recovery as words
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.recovery import RecoveryState


class RecoveryCard(Card):
    """The card; `months_chosen` carries after how many months a card is asked for."""

    drill_asked = Signal()
    cards_asked = Signal()
    sheet_asked = Signal()
    months_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("recovery.card"), parent=parent)
        self.chip = Chip("grey", "–")
        self._about = Label("", "muted", wrap=True)
        self.drill = SecondaryButton(tr("recovery.drill"), "fact_check", on_click=self.drill_asked.emit)
        self.cards = SecondaryButton(tr("recovery.new_cards"), "print", on_click=self.cards_asked.emit)
        self.sheet = SecondaryButton(tr("settings.recovery"), "print", on_click=self.sheet_asked.emit)
        self.months = ChoiceCombo(words.month_choices())
        self.months.code_changed.connect(self._on_months)
        self._months_field = Field(tr("recovery.months"), self.months)
        self.body.setSpacing(px(8))
        self.body.addLayout(beside(self.chip, None))
        self.body.addWidget(self._about)
        self.body.addLayout(beside(self.drill, None))
        self.body.addWidget(self._months_field)
        self.body.addWidget(Label(tr("recovery.anew"), "muted", wrap=True))
        self.body.addLayout(beside(self.cards, self.sheet, None, spacing=8))

    def show_state(self, found: RecoveryState, *, may_make: bool) -> None:
        """Show what there is; only who coordinates, or came in with it, makes it anew."""
        shown = words.state(found)
        self.chip.show_state(shown.tone, shown.word, shown.icon)
        self._about.setText(words.about(found))
        has_cards = found.kind == "cards"
        self.drill.setVisible(has_cards)
        self._months_field.setVisible(has_cards and may_make)
        with QSignalBlocker(self.months):  # shown, not chosen
            self.months.set_code(words.month_choice(found.drill_months))
        self.cards.setVisible(may_make)
        self.sheet.setVisible(may_make)

    def clear(self) -> None:
        """Forget what there is."""
        self._about.clear()

    def _on_months(self, months: str) -> None:
        self.months_chosen.emit(int(months))
