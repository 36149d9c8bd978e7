"""The steps of a longer task, such as the monthly report: done, current, to come.

It shows where one is; moving between steps is the page's business.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.reference.texts import tr
from app.ui.kit.painting import box
from app.ui.theme import colour, font, paint_icon, px

_DISC = 22
_GAP = 8


class StepBar(QWidget):
    """Numbered steps with a line between them; those before the current carry a tick."""

    def __init__(self, steps: Sequence[str], current: int = 0, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = tuple(steps)
        self._current = current
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_step(current)

    def show_step(self, current: int) -> None:
        """Make `current` (from 0) the step in course; the number of steps means that all are done."""
        self._current = current
        if current < len(self._steps):
            said = tr("kit.step", number=current + 1, total=len(self._steps), name=self._steps[current])
        else:
            said = tr("kit.steps_done")
        self.setAccessibleName(said)
        self.update()

    def current(self) -> int:
        """Return the step in course, from 0."""
        return self._current

    def sizeHint(self) -> QSize:
        return QSize(px(600), px(_DISC + 2))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        widths = [self._width(i) for i in range(len(self._steps))]
        slack = max(self.width() - sum(widths), 0) / max(len(widths), 1)
        left = 0.0
        for number, (name, width) in enumerate(zip(self._steps, widths, strict=True)):
            self._paint_step(painter, left, number, name)
            painter.setPen(QPen(colour("border"), 1))
            start, end, middle = left + width + 4, left + width + slack - px(12), self.height() / 2
            if number == len(widths) - 1:
                end = self.width()
            if end > start:
                painter.drawLine(QPointF(start, middle), QPointF(end, middle))
            left += width + slack

    def _width(self, number: int) -> int:
        weight = 600 if number == self._current else 400
        return px(_DISC + _GAP + 8) + QFontMetrics(font(13, weight)).horizontalAdvance(self._steps[number])

    def _paint_step(self, painter: QPainter, left: float, number: int, name: str) -> None:
        disc = QRectF(left, (self.height() - px(_DISC)) / 2, px(_DISC), px(_DISC))
        done, now = number < self._current, number == self._current
        box(painter, disc, disc.height() / 2, fill="green" if done else "primary_fill" if now else "border")
        if done:
            paint_icon(painter, "check", "surface", disc.adjusted(4, 4, -4, -4))
        else:
            painter.setFont(font(12, 600))
            painter.setPen(colour("on_primary" if now else "muted"))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(number + 1))
        painter.setFont(font(13, 600 if now else 400))
        painter.setPen(colour("text" if now else "muted"))
        words = QRectF(disc.right() + px(_GAP), 0, self.width() - disc.right(), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, name)
