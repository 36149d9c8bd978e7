"""Three recovery cards on the screen, one at a time, to be printed or copied by hand.

It shows and keeps nothing else; proving that they are on paper is `app.ui.widgets.card_proof`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Label, Tabs
from app.ui.theme import px
from app.ui.widgets.card_proof import CARDS, PrintedLike
from app.ui.widgets.word_cells import WordCells


class CardFaces(QWidget):
    """A tab a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs = Tabs()
        self.cells = [WordCells(large=True) for _ in range(CARDS)]
        self._labels = [Label("", "small") for _ in range(CARDS)]
        for number, (cells, label) in enumerate(zip(self.cells, self._labels, strict=True), start=1):
            face = QWidget()
            column = QVBoxLayout(face)
            column.setContentsMargins(0, px(10), 0, 0)
            column.setSpacing(px(6))
            column.addWidget(cells)
            column.addWidget(label)
            self.tabs.add(str(number), tr("card.of_three", number=number), face)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        self.setFocusProxy(self.tabs.bar)

    def show_cards(self, cards: Sequence[PrintedLike], label: str) -> None:
        """Show three cards of a set."""
        for card, cells, shown in zip(cards, self.cells, self._labels, strict=True):
            cells.show_words(card.words)
            shown.setText(tr("card.set_of", label=label))

    def clear(self) -> None:
        """Show nothing."""
        for cells, shown in zip(self.cells, self._labels, strict=True):
            cells.clear()
            shown.setText("")
