"""One stretch of a stay on the time line: a dot, the span and place in bold, the nights under it, and a chip.

It shows; changing a stay is done by the buttons beside and under it.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.kit.chip import Chip
from app.ui.kit.label import Label
from app.ui.kit.painting import box, hairline
from app.ui.presenters.stay import StretchWords
from app.ui.theme import colour, px

_GUTTER = 22


class StayEntry(QWidget):
    """One stretch; `trail` holds buttons for its stay, such as undoing the exit."""

    def __init__(self, words: StretchWords, *, trail: QWidget | None = None, last: bool = True) -> None:
        super().__init__()
        self._ongoing = words.ongoing
        self._last = last
        lines = QVBoxLayout()
        lines.setSpacing(px(3))
        lines.addWidget(Label(words.title, "strong", wrap=True))
        for text in (words.note, words.end):
            if text:
                lines.addWidget(Label(text, "muted", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(px(_GUTTER), px(10), px(4), px(12))
        row.setSpacing(px(12))
        row.addLayout(lines, 1)
        if trail is not None:
            row.addWidget(trail, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Chip(words.tone, words.chip), 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(f"{words.title}, {words.chip}")
        self.setAccessibleDescription(". ".join(filter(None, (words.note, words.end))))

    def sizeHint(self) -> QSize:
        wanted = super().sizeHint()
        return QSize(wanted.width(), max(wanted.height(), px(58)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        side, middle = px(10), px(20)
        if not self._last:
            painter.setPen(QPen(colour("border"), 1))
            painter.drawLine(QPointF(side / 2, middle + side), QPointF(side / 2, self.height()))
        dot = QRectF(0, middle - side / 2, side, side)
        box(painter, dot, side / 2, fill="primary_fill" if self._ongoing else "border_field")
        hairline(painter, px(_GUTTER), self.width(), self.height() - 0.5)
