"""The kit's empty state with all of its words: wrapped lines that are centred get too little height from Qt's layout.

Nothing else differs from `EmptyState`.
"""

from __future__ import annotations

from PySide6.QtGui import QShowEvent

from app.ui.kit import EmptyState, Label
from app.ui.theme import px

_WIDTH = 280


class NothingHere(EmptyState):
    """Says why there is nothing and what to do."""

    def showEvent(self, event: QShowEvent) -> None:
        # A box layout asks a centred label how high it is at the full width, then gives it less width.
        for words in self.findChildren(Label):
            words.setFixedWidth(px(_WIDTH))
            words.setFixedHeight(words.heightForWidth(px(_WIDTH)))
        super().showEvent(event)
