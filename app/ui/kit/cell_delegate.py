"""Paints the cells of a table: words, figures, codes, chips, and a hairline under each row.

What a cell says and of what kind it is comes from the model (`CellRole`).
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.kit.painting import CHIP_HEIGHT, chip_width, hairline, paint_chip
from app.ui.kit.row_model import CellRole
from app.ui.theme import colour, font, mono_font, px

ROW_HEIGHT = 37
TWO_LINES = 51
_PAD = 8
_Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Paints a cell by its kind: text, strong, muted, mono, number, chip; a note becomes a second line."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        painter.save()
        selected = option.state & QStyle.StateFlag.State_Selected
        if selected:
            painter.fillRect(rect, colour("primary_soft"))
            if index.column() == 0 and self._has_keyboard():
                painter.fillRect(rect.left(), rect.top(), 3, rect.height() - 1, colour("primary"))
        hairline(painter, rect.left(), rect.right() + 1, rect.bottom() + 0.5)
        inner = rect.adjusted(px(_PAD), 0, -px(_PAD), -1)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        kind = index.data(CellRole.KIND) or "text"
        tone = index.data(CellRole.TONE)
        if kind == "chip" and tone:
            self._paint_chip(painter, inner, index, selected=bool(selected))
        else:
            self._paint_text(painter, inner, index, text)
        if option.state & QStyle.StateFlag.State_HasFocus and self._cells_matter():
            painter.setPen(colour("primary"))
            painter.drawRect(rect.adjusted(0, 0, -1, -2))
        painter.restore()

    def _has_keyboard(self) -> bool:
        view = self.parent()
        return isinstance(view, QWidget) and view.hasFocus()

    def _cells_matter(self) -> bool:
        view = self.parent()
        whole_rows = QAbstractItemView.SelectionBehavior.SelectRows
        return isinstance(view, QAbstractItemView) and view.selectionBehavior() != whole_rows

    @staticmethod
    def _paint_chip(painter: QPainter, rect: QRect, index: _Index, *, selected: bool) -> None:
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        mark = index.data(CellRole.ICON) or ""
        wide, high = min(chip_width(text, mark), rect.width()), px(CHIP_HEIGHT)
        box = QRect(rect.left(), rect.center().y() - high // 2 + 1, wide, high)
        paint_chip(painter, box, index.data(CellRole.TONE), text, mark, outlined=selected)

    @staticmethod
    def _paint_text(painter: QPainter, rect: QRect, index: _Index, text: str) -> None:
        kind = index.data(CellRole.KIND) or "text"
        aligned = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignLeft)
        across = aligned & Qt.AlignmentFlag.AlignHorizontal_Mask
        note = index.data(CellRole.NOTE)
        upper = lower = rect
        if note:
            line = QFontMetrics(font()).height() + 1
            upper = QRect(rect.left(), rect.center().y() - line, rect.width(), line)
            lower = upper.translated(0, line)
        painter.setFont(cell_font(kind))
        painter.setPen(colour("muted" if kind == "muted" else "text"))
        _write(painter, upper, across, text)
        if note:
            painter.setFont(font(12))
            painter.setPen(colour("muted"))
            _write(painter, lower, across, str(note))

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        kind = index.data(CellRole.KIND) or "text"
        note = str(index.data(CellRole.NOTE) or "")
        if kind == "chip":
            wide = chip_width(text, index.data(CellRole.ICON) or "")
        else:
            wide = QFontMetrics(cell_font(kind)).horizontalAdvance(text)
            wide = max(wide, QFontMetrics(font(12)).horizontalAdvance(note))
        return QSize(wide + 2 * px(_PAD) + 2, px(TWO_LINES if note else ROW_HEIGHT))


def cell_font(kind: str) -> QFont:
    """Return the font of a kind of cell."""
    if kind == "mono":
        return mono_font()
    return font(13, 600 if kind == "strong" else 400)


def _write(painter: QPainter, rect: QRect, across: Qt.AlignmentFlag, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, across | Qt.AlignmentFlag.AlignVCenter, shown)
