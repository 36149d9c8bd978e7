"""The fingerprint of a key as people compare it: eight groups of four, in a font where no two signs look alike.

It is for eyes and voices; programs compare whole keys.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.kit import Label
from app.ui.theme import px


class Fingerprint(QWidget):
    """A label over a fingerprint that can be selected and copied."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._key = Label("", "mono", wrap=True)
        self._key.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(2))
        column.addWidget(Label(name, "small"))
        column.addWidget(self._key)

    def show_key(self, fingerprint: str) -> None:
        """Show another fingerprint."""
        self._key.setText(fingerprint)
        self.setAccessibleName(f"{self._name}: {fingerprint}")

    def text(self) -> str:
        """Return the fingerprint shown."""
        return self._key.text()
