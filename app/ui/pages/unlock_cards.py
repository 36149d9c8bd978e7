"""The unlock card's way in with two recovery cards: first one, then another of the same set.

The words are judged while they are typed; whether they open the register is found by the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal

from app.reference.texts import tr
from app.ui.kit import Label, QuietButton, beside
from app.ui.pages.unlock_panel import Panel
from app.ui.presenters.card import ReadingLike
from app.ui.widgets.card_edit import CardEdit


class CardsPanel(Panel):
    """One card after the other in the same place; `asked` when two are there."""

    sheet_asked = Signal()

    def __init__(self, read: Callable[[str], ReadingLike]) -> None:
        super().__init__(tr("unlock.next_card"), tr("unlock.unlocking"))
        self._first = ""
        self.card = CardEdit(read)
        self.card.changed.connect(self._show_button)
        self.card.entered.connect(self.ask)
        self._lead = Label("", wrap=True)
        self.back = QuietButton(tr("unlock.back"), "arrow_back", on_click=self._on_back)
        self.column.addWidget(Label(tr("unlock.cards_lead"), "muted", wrap=True))
        self.column.addWidget(self._lead)
        self.column.addWidget(self.card)
        self.column.addWidget(self.button)
        self.column.addWidget(self._bar)
        self.column.addLayout(beside(self.back, None))
        self.column.addWidget(Label(tr("unlock.other_cases"), "small", wrap=True))
        self.setFocusProxy(self.card)
        self._show_step()

    def offer(self, words: Sequence[str]) -> None:
        """Complete to these words."""
        self.card.offer(words)

    def step(self) -> int:
        """Return which card is typed, 1 or 2."""
        return 2 if self._first else 1

    def cards(self) -> tuple[str, str]:
        """Return both cards."""
        return self._first, self.card.text()

    def ask(self) -> None:
        """Go on to the second card, or emit `asked`."""
        if not self.card.is_right():
            return
        if self._first:
            super().ask()
            return
        known = self.card.card()
        self._first = self.card.take()
        self._show_step()
        if known is not None:
            self._lead.setText(tr("unlock.second_card", number=known.number, label=known.set_label))
        self.start()

    def start(self) -> None:
        """Take the keyboard."""
        self.card.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def fail(self, sentence: str) -> None:
        """Say what went wrong; the second card is there to be looked at."""
        self.card.fail(sentence)

    def forget(self) -> None:
        """Forget both cards."""
        self._first = ""
        self.card.take()
        self._show_step()

    def _on_back(self) -> None:
        if self._first:  # the first card may have been the wrong one
            self.forget()
            self.start()
        else:
            self.back_asked.emit()

    def _show_step(self) -> None:
        second = bool(self._first)
        self._lead.setText("" if second else tr("unlock.first_card"))
        self._action = tr("unlock.open_with_cards" if second else "unlock.next_card")
        self.back.setText(tr("unlock.back_to_first" if second else "unlock.back"))
        self._show_button()

    def _show_button(self) -> None:
        super()._show_button()
        if not self.card.is_right():
            self.button.setEnabled(False)
