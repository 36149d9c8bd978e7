"""A chip: a short word, with an icon, on the soft ground of its tone.

It shows a state and cannot be pressed; a word is asked for because colour alone tells nothing to many people.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.painting import CHIP_HEIGHT, chip_width, paint_chip
from app.ui.theme import Tone, px


class Chip(QWidget):
    """A state in a word."""

    def __init__(self, tone: Tone, text: str, icon_name: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone: Tone = tone
        self._text = text
        self._icon_name = icon_name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def show_state(self, tone: Tone, text: str, icon_name: str = "") -> None:
        """Show another state."""
        self._tone, self._text, self._icon_name = tone, text, icon_name
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """Return the word shown."""
        return self._text

    def tone(self) -> Tone:
        """Return the tone shown."""
        return self._tone

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self._text, self._icon_name), px(CHIP_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        paint_chip(QPainter(self), self.rect(), self._tone, self._text, self._icon_name)
