"""A soft word of warning in a line or two: what an appointment clashes with. It stops nobody.

With nothing to say it takes no room.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.kit import Label, Mark
from app.ui.theme import px


class Clash(QWidget):
    """A sign and a sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Label("", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(Mark("warning", "amber"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.hide()

    def tell(self, words: str) -> None:
        """Say something, or nothing."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))

    def text(self) -> str:
        """Return what is said."""
        return self._words.text()
