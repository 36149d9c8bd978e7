"""A sentence over a thin bar that fills as the days of a period go by.

It shows what it is given; the days are counted in the house's days elsewhere.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.colour import Tone
from app.ui.kit import Label
from app.ui.kit.painting import box
from app.ui.theme import px

_HEIGHT = 6


class _Bar(QWidget):
    """The bar."""

    def __init__(self) -> None:
        super().__init__()
        self.share = 0.0
        self.tone: Tone = "grey"

    def sizeHint(self) -> QSize:
        return QSize(px(120), px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(40), px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        high = float(px(_HEIGHT))
        box(painter, QRectF(0, 0, self.width(), high), high / 2, fill="border")
        if self.share > 0:
            wide = max(high, self.width() * self.share)
            box(painter, QRectF(0, 0, wide, high), high / 2, fill="muted" if self.tone == "grey" else self.tone)


class CountdownBar(QWidget):
    """The sentence and the bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Label("", "strong", wrap=True)
        self._bar = _Bar()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        column.addWidget(self._words)
        column.addWidget(self._bar)

    def show_count(self, words: str, gone: int, total: int, tone: Tone) -> None:
        """Show how many days of a period are gone."""
        self._words.setText(words)
        self._bar.share, self._bar.tone = gone / total if total else 1.0, tone
        self._bar.update()
        self.setAccessibleName(words)

    def clear(self) -> None:
        """Show nothing and keep nothing."""
        self._words.setText("")
        self._bar.share = 0.0
        self.setAccessibleName("")
