"""A legend: chips one after the other that go on in the next line when the first is full.

It is painted as one widget, because it is looked at and never pressed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.painting import CHIP_HEIGHT, chip_width, paint_chip
from app.ui.theme import Tone, px

_GAP = 8


class ChipFlow(QWidget):
    """Chips, each with its tone and its word."""

    def __init__(self, chips: Sequence[tuple[Tone, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips = tuple(chips)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(", ".join(text for _, text in self._chips))

    def _places(self, width: int) -> Iterator[tuple[QRect, Tone, str]]:
        left = top = 0
        for tone, text in self._chips:
            wide = chip_width(text)
            if left and left + wide > width:
                left, top = 0, top + px(CHIP_HEIGHT) + px(_GAP)
            yield QRect(left, top, wide, px(CHIP_HEIGHT)), tone, text
            left += wide + px(_GAP)

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return max((rect.bottom() + 1 for rect, _, _ in self._places(width)), default=0)

    def sizeHint(self) -> QSize:
        wide = sum(chip_width(text) + px(_GAP) for _, text in self._chips)
        return QSize(wide, px(CHIP_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(max((chip_width(text) for _, text in self._chips), default=0), px(CHIP_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        for rect, tone, text in self._places(self.width()):
            paint_chip(painter, rect, tone, text)
