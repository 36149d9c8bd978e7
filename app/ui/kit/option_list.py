"""The list that drops down from a combo or proposes completions: roomy rows, soft selection.

Only for such short lists; tables have a `CellDelegate`.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui.kit.painting import box
from app.ui.theme import colour, font, px

_ROW = 30


class OptionDelegate(QStyledItemDelegate):
    """Paints one choice of a list."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.fillRect(option.rect, colour("surface"))
        if option.state & QStyle.StateFlag.State_Selected:
            box(painter, option.rect.adjusted(4, 1, -4, -1), px(5), fill="primary_soft")
        painter.setFont(font())
        painter.setPen(colour("text"))
        room = option.rect.adjusted(px(11), 0, -px(8), 0)
        text = painter.fontMetrics().elidedText(
            str(index.data(Qt.ItemDataRole.DisplayRole)), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width() + px(16), px(_ROW))


def dress_list(view: QAbstractItemView | None) -> None:
    """Give a list of choices its look; the delegate belongs to the view."""
    if view is not None:
        view.setItemDelegate(OptionDelegate(view))
