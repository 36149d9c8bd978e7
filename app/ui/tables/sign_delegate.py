"""Paints a cell of small signs: icons with short words, in fixed places or one after the other.

Which signs a row has is given as a function; their words for screen readers come from the model, as always.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from app.ui.kit import CellDelegate, CellRole
from app.ui.kit.cell_delegate import ROW_HEIGHT
from app.ui.kit.painting import box, hairline
from app.ui.presenters.inclusion import PathLine, Sign
from app.ui.theme import colour, font, paint_icon, px, tokens

_Index = QModelIndex | QPersistentModelIndex
PLACE = 22
"""How wide a fixed place is, in pixels of the sketches."""
_SIDE = 15
_PAD = 8
_GAP = 10
_WORD_GAP = 4


class SignDelegate(CellDelegate):
    """Paints `signs(row)`; with `fixed`, each in its own place, None leaving one empty."""

    def __init__(
        self, signs: Callable[[PathLine], Sequence[Sign | None]], parent: QWidget, *, fixed: bool = False
    ) -> None:
        super().__init__(parent)
        self._signs = signs
        self._fixed = fixed

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, colour("primary_soft"))
        hairline(painter, rect.left(), rect.right() + 1, rect.bottom() + 0.5)
        painter.setClipRect(rect)
        line = index.data(CellRole.ROW)
        left = float(rect.left() + px(_PAD if not self._fixed else _WORD_GAP))
        for sign in self._signs(line) if isinstance(line, PathLine) else ():
            if self._fixed:
                if sign is not None:
                    self._paint_place(painter, QRectF(left, rect.top(), px(PLACE), rect.height() - 1), sign)
                left += px(PLACE)
            elif sign is not None:
                left = self._paint_word(painter, left, rect, sign) + px(_GAP)
        painter.restore()

    @staticmethod
    def _paint_place(painter: QPainter, rect: QRectF, sign: Sign) -> None:
        side, ground = px(_SIDE), px(PLACE) - 2
        square = QRectF(0, 0, ground, ground)
        square.moveCenter(rect.center())
        if sign.lit:
            # Rounded and edged: on the ground of the selected row the soft colour alone would be lost.
            box(painter, square, px(6), fill=f"{sign.tone}_soft", line=f"#66{tokens().ink(sign.tone)[1:]}")
        mark = QRectF(0, 0, side, side)
        mark.moveCenter(rect.center())
        paint_icon(painter, sign.icon, tokens().ink(sign.tone) if sign.tone != "grey" else "disabled", mark)

    @staticmethod
    def _paint_word(painter: QPainter, left: float, rect: QRect, sign: Sign) -> float:
        side, ink = px(_SIDE), tokens().ink(sign.tone)
        paint_icon(painter, sign.icon, ink, QRectF(left, rect.center().y() - side / 2, side, side))
        painter.setFont(font(13, 500))
        painter.setPen(colour(ink))
        left += side + px(_WORD_GAP)
        room = QRect(int(left), rect.top(), rect.right() - int(left), rect.height() - 1)
        shown = painter.fontMetrics().elidedText(sign.text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        return left + painter.fontMetrics().horizontalAdvance(sign.text)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        line = index.data(CellRole.ROW)
        signs = self._signs(line) if isinstance(line, PathLine) else ()
        if self._fixed:
            return QSize(len(signs) * px(PLACE) + 2 * px(_WORD_GAP), px(ROW_HEIGHT))
        metrics = QFontMetrics(font(13, 500))
        wide = sum(px(_SIDE + _WORD_GAP + _GAP) + metrics.horizontalAdvance(sign.text) for sign in signs if sign)
        return QSize(wide + px(_PAD), px(ROW_HEIGHT))
