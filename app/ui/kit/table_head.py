"""The heads of a table: muted words, the mark of the sorted column beside them, a line below.

Sorting itself is done by the view's proxy.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from app.ui.kit.painting import hairline
from app.ui.theme import colour, font, paint_icon, px

_PAD = 8
_MARK = 12
_HEIGHT = 31


class TableHead(QHeaderView):
    """The row of heads; it leaves room for the mark in every column, so that sorting never moves one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), px(_HEIGHT))

    def sectionSizeFromContents(self, logical_index: int) -> QSize:  # noqa: N802
        words = QFontMetrics(font(12)).horizontalAdvance(self._text(logical_index))
        mark = px(_MARK) if self.sectionsClickable() else 0
        return QSize(words + mark + 2 * px(_PAD), px(_HEIGHT))

    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:  # noqa: N802
        painter.fillRect(rect, colour("surface"))
        hairline(painter, rect.left(), rect.right() + 1, rect.bottom() + 0.5, "border")
        painter.setFont(font(12))
        sorted_by = self.isSortIndicatorShown() and self.sortIndicatorSection() == logical_index
        painter.setPen(colour("text" if sorted_by else "muted"))
        room = rect.adjusted(px(_PAD), 0, -px(_PAD), -1)
        text, side = self._text(logical_index), self._side(logical_index)
        words = painter.fontMetrics().horizontalAdvance(text)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, shown)
        if sorted_by:
            at_right = side & Qt.AlignmentFlag.AlignRight
            left = room.right() - words - px(_MARK) if at_right else room.left() + words + 1
            self._paint_mark(painter, left, room)

    def _paint_mark(self, painter: QPainter, left: int, room: QRect) -> None:
        down = self.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        side = px(_MARK)
        name = "arrow_downward" if down else "arrow_upward"
        paint_icon(painter, name, "primary", QRectF(left, room.center().y() - side / 2 + 1, side, side))

    def _text(self, logical_index: int) -> str:
        return str(self.model().headerData(logical_index, Qt.Orientation.Horizontal) or "")

    def _side(self, logical_index: int) -> Qt.AlignmentFlag:
        role = Qt.ItemDataRole.TextAlignmentRole
        given = self.model().headerData(logical_index, Qt.Orientation.Horizontal, role)
        side = Qt.AlignmentFlag(given if given is not None else Qt.AlignmentFlag.AlignLeft)
        return side & Qt.AlignmentFlag.AlignHorizontal_Mask
