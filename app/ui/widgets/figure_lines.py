"""Lines of a label and its number, painted as one widget so that they may change at every key.

For figures that explain themselves; one that must say how it was counted is a `FigureCard`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.reference.format import number
from app.ui.kit.painting import hairline
from app.ui.theme import colour, font, px

_HEIGHT = 32


class FigureLines(QWidget):
    """Labels at the left, numbers at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[tuple[str, int], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: Sequence[tuple[str, int]]) -> None:
        """Show other lines."""
        longer = len(lines) != len(self._lines)
        self._lines = tuple(lines)
        self.setAccessibleDescription("; ".join(f"{label}: {number(value)}" for label, value in self._lines))
        if longer:
            self.updateGeometry()
        self.update()

    def lines(self) -> tuple[tuple[str, int], ...]:
        """Return the lines shown."""
        return self._lines

    def sizeHint(self) -> QSize:
        return QSize(px(200), len(self._lines) * px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(140), len(self._lines) * px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        middle = Qt.AlignmentFlag.AlignVCenter
        for place, (label, value) in enumerate(self._lines):
            room = QRect(px(8), place * px(_HEIGHT), self.width() - px(16), px(_HEIGHT) - 1)
            shown = number(value)
            painter.setFont(font(13, 600))
            painter.setPen(colour("text"))
            painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, shown)
            left = room.width() - painter.fontMetrics().horizontalAdvance(shown) - px(8)
            painter.setFont(font())
            words = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, left)
            painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, words)
            hairline(painter, 0, self.width(), room.bottom() + 0.5)
