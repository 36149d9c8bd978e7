"""A small bar chart for some days: bars from zero, a label under each, the value on hover and for screen readers.

It has no axes and no second series; for more there are the reports.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.reference.format import number
from app.ui.bar import Bar
from app.ui.kit.painting import box
from app.ui.theme import colour, font, px


class BarChart(QWidget):
    """Bars side by side; `ceiling` is the value of a full bar (a capacity), else the highest value."""

    def __init__(self, bars: Sequence[Bar] = (), *, ceiling: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self._ceiling: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(px(84))
        self.show_bars(bars, ceiling=ceiling)

    def show_bars(self, bars: Sequence[Bar], *, ceiling: int | None = None) -> None:
        """Show other bars."""
        self._bars = tuple(bars)
        self._ceiling = ceiling
        self.setAccessibleDescription("; ".join(self._say(bar) for bar in self._bars))
        self.update()

    @staticmethod
    def _say(bar: Bar) -> str:
        return f"{bar.name or bar.label}: {number(bar.value)}"

    def sizeHint(self) -> QSize:
        return QSize(px(380), px(100))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._bars:
            at = int(event.pos().x() / (self.width() / len(self._bars)))
            QToolTip.showText(event.globalPos(), self._say(self._bars[min(at, len(self._bars) - 1)]), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if not self._bars:
            return
        painter = QPainter(self)
        painter.setFont(font(11))
        foot = px(20)
        room = self.height() - foot
        top = max(self._ceiling or 0, *(bar.value for bar in self._bars), 1)
        pitch = (self.width() + px(5)) / len(self._bars)
        for place, bar in enumerate(self._bars):
            left = place * pitch
            height = max(room * bar.value / top, 2 if bar.value else 0)
            column = QRectF(left, room - height, pitch - px(5), height)
            if height:
                # Rounded above, square on the ground: the rounded part is cut off below.
                painter.setClipRect(column)
                fill = "bar_soft" if bar.open_yet else "primary_fill"
                box(painter, column.adjusted(0, 0, 0, 4), 3, fill=fill)
                painter.setClipping(False)
            painter.setPen(colour("muted"))
            words = QRectF(left - 4, room, pitch - px(5) + 8, foot)
            painter.drawText(words, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, bar.label)
