"""The figure cards of a page beside each other, or two under two where the text is large and the screen small.

It only places them.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.kit import FigureCard
from app.ui.theme import px

_GAP = 14


class FigureBand(QWidget):
    """The cards that are shown; `show_cards` says which."""

    def __init__(self, cards: Sequence[FigureCard], *, breaks_at: int = 860, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = tuple(cards)
        self._shown = self._cards
        self._breaks_at = breaks_at
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(px(_GAP))
        self._place(len(self._cards))

    def show_cards(self, cards: Sequence[FigureCard]) -> None:
        """Show these of the cards, in their order."""
        if tuple(cards) != self._shown:
            self._shown = tuple(cards)
            self._columns = 0
            self._arrange()

    def minimumSizeHint(self) -> QSize:
        # That of the narrow form: a page that asked for all beside each other would be given them, with a scroll bar.
        widest = max((card.minimumSizeHint().width() for card in self._shown), default=0)
        return QSize(widest * 2 + px(_GAP), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def _arrange(self) -> None:
        self._place(2 if self.width() < px(self._breaks_at) else len(self._shown))

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for card in self._cards:
            self._grid.removeWidget(card)
            card.setParent(self)  # shown without a parent it would be a window of its own for a moment
            card.setVisible(card in self._shown)
        for at in range(self._grid.columnCount()):
            self._grid.setColumnStretch(at, 0)
        for at, card in enumerate(self._shown):
            self._grid.addWidget(card, at // columns, at % columns)
            self._grid.setColumnStretch(at % columns, 1)
        self.updateGeometry()
