"""The ground of the two grids that are painted here: the cell that has the keyboard, the range around it, the mouse.

What a cell shows and what a key writes is the business of the grids themselves. Painting goes through no delegate:
the month repaints in some three milliseconds instead of forty.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from app.ui.theme import colour, px
from app.ui.widgets.grid_frame import GridFrame, Place

_Drag = Literal["", "cells", "columns", "rows"]
_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class GridArea(GridFrame):
    """Rows, columns and a cursor. `moved` tells that the cursor or the range is another."""

    moved = Signal()

    has_ranges = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.current = Place(0, 0)
        self.anchor = Place(0, 0)
        self._dragging: _Drag = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_shape(self, rows: int, columns: int) -> None:
        """Take another number of rows and columns; the cursor stays inside them."""
        super().set_shape(rows, columns)
        self.current, self.anchor = self.inside(self.current), self.inside(self.anchor)

    # --- for the grids to say

    def describe(self, place: Place) -> str:  # noqa: ARG002
        """Return a cell in words, for the tooltip and for screen readers."""
        return ""

    def describe_range(self, rows: range, columns: range) -> str:  # noqa: ARG002
        """Return a range of several cells in words; empty where only the cursor's cell is said."""
        return ""

    def describe_head(self, column: int) -> str:  # noqa: ARG002
        """Return the tooltip of a column's head."""
        return ""

    def paint_head(self, painter: QPainter, columns: range) -> None:
        """Paint the heads of these columns."""

    def paint_cells(self, painter: QPainter, rows: range, columns: range) -> None:
        """Paint these cells."""

    def paint_sides(self, painter: QPainter, rows: range) -> None:
        """Paint the panes of these rows at the left and the right, and those of the head."""

    def paint_foot(self, painter: QPainter, columns: range) -> None:
        """Paint the sums under these columns, with what is at both sides of them."""

    def paint_corners(self, painter: QPainter) -> None:
        """Paint the four corners: the heads and the sums of the side panes."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_current()

    # --- cursor and range

    def move_to(self, place: Place, *, extend: bool = False) -> None:
        """Put the cursor on a cell; `extend` keeps the other corner of the range where it is."""
        before = self.range_rect()
        self.current = self.inside(place)
        if not (extend and self.has_ranges):
            self.anchor = self.current
        self._show_current()
        self.viewport().update(before.united(self.range_rect()).adjusted(-3, -3, 3, 3))
        self.viewport().update(0, 0, self.viewport().width(), px(self.head_height))
        self._tell()

    def selected(self) -> tuple[range, range]:
        """Return the rows and the columns of the range."""
        one, other = self.current, self.anchor
        return (
            range(min(one.row, other.row), max(one.row, other.row) + 1 if self.rows else 0),
            range(min(one.column, other.column), max(one.column, other.column) + 1 if self.columns else 0),
        )

    def places(self) -> list[Place]:
        """Return the cells of the range, row by row."""
        rows, columns = self.selected()
        return [Place(row, column) for row in rows for column in columns]

    def choose_column(self, column: int) -> None:
        """Make a whole column the range."""
        self._choose(Place(self.rows - 1, column), Place(0, column))

    def choose_row(self, row: int) -> None:
        """Make a whole row the range."""
        self._choose(Place(row, self.columns - 1), Place(row, 0))

    def choose_all(self) -> None:
        """Make everything the range."""
        self._choose(Place(self.rows - 1, self.columns - 1), Place(0, 0))

    def _choose(self, anchor: Place, current: Place) -> None:
        self.anchor = self.inside(anchor)
        self.move_to(current, extend=True)
        self.viewport().update()

    def range_rect(self) -> QRect:
        """Return where the range is on the viewport."""
        return self.cell_rect(self.anchor).united(self.cell_rect(self.current))

    def _tell(self) -> None:
        words = self.describe(self.current) if self.rows and self.columns else ""
        if self.anchor != self.current:
            words = self.describe_range(*self.selected()) or words
        self.setAccessibleDescription(words)
        if self.hasFocus() and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        self.moved.emit()

    def tell_current(self) -> None:
        """Say the cursor's cell again: what it holds has changed."""
        self._tell()

    def _show_current(self) -> None:
        cell = self.cell_rect(self.current)
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        if cell.left() < self.left():
            across.setValue(across.value() - (self.left() - cell.left()))
        elif cell.right() >= self.tail_left():
            across.setValue(across.value() + cell.right() + 1 - self.tail_left())
        if cell.top() < px(self.head_height):
            down.setValue(down.value() - (px(self.head_height) - cell.top()))
        elif cell.bottom() >= self.foot_top():
            down.setValue(down.value() + cell.bottom() + 1 - self.foot_top())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not (self.rows and self.columns and self.move_by_key(event)):
            event.ignore()

    def move_by_key(self, event: QKeyEvent) -> bool:
        """Move the cursor if the key is one that moves it; return whether it is."""
        key = Qt.Key(event.key())
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        far = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        at = self.current
        if key in _ARROWS:
            down, right = (step * (1000 if far else 1) for step in _ARROWS[key])
            self.move_to(Place(at.row + down, at.column + right), extend=extend)
        elif key == Qt.Key.Key_Home:
            self.move_to(Place(0 if far else at.row, 0), extend=extend)
        elif key == Qt.Key.Key_End:
            self.move_to(Place(self.rows - 1 if far else at.row, self.columns - 1), extend=extend)
        else:
            return False
        return True

    # --- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        place = self.place_at(at)
        if place is None:
            if self.has_ranges and self.rows and self.columns:
                self._press_head(at, extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return
        inside = place.row in self.selected()[0] and place.column in self.selected()[1]
        if event.button() == Qt.MouseButton.RightButton and inside:
            return
        self.move_to(place, extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        self._dragging = "cells" if event.button() == Qt.MouseButton.LeftButton else ""

    def _press_head(self, at: QPoint, *, extend: bool) -> None:
        """Choose a night by its head, a guest by her name, everything by the corner; Shift goes on from before."""
        column, row = self.column_at(at), self.row_at(at)
        if column is not None:
            self._dragging = "columns"
            self._choose(Place(self.rows - 1, self.anchor.column if extend else column), Place(0, column))
        elif row is not None:
            self._dragging = "rows"
            self._choose(Place(self.anchor.row if extend else row, self.columns - 1), Place(row, 0))
        elif at.x() < self.left() and at.y() < px(self.head_height):
            self.choose_all()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not (self._dragging and self.has_ranges):
            return
        under = self.nearest(event.position().toPoint())
        place = {
            "columns": Place(0, under.column),
            "rows": Place(under.row, 0),
        }.get(self._dragging, under)
        if place != self.current:
            self.move_to(place, extend=True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        self._dragging = ""

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place, column = self.place_at(event.pos()), self.column_at(event.pos())
            words = self.describe(place) if place else self.describe_head(column) if column is not None else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()
        self._tell()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        dirty = event.rect()
        head, foot, seen = px(self.head_height), self.foot_top(), self.viewport().rect()
        self.paint_ground(painter, dirty)
        if not (self.rows and self.columns):
            return
        rows, columns = self.seen_rows(dirty), self.seen_columns(dirty)
        middle = QRect(self.left(), 0, self.tail_left() - self.left(), seen.height())
        painter.setClipRect(middle.adjusted(0, 1, 0, -1))
        self.paint_head(painter, columns)
        if self.foot_height:
            self.paint_foot(painter, columns)
        painter.setClipRect(QRect(middle.left(), head, middle.width(), foot - head))
        self.paint_cells(painter, rows, columns)
        self._paint_range(painter)
        painter.setClipRect(QRect(1, head, seen.width() - 2, foot - head))
        self.paint_sides(painter, rows)
        painter.setClipping(False)
        self.paint_corners(painter)
        painter.setPen(QPen(colour("border"), 1))
        painter.drawLine(1, head - 1, seen.width() - 2, head - 1)
        if self.foot_height:
            painter.drawLine(1, foot - 1, seen.width() - 2, foot - 1)

    def _paint_range(self, painter: QPainter) -> None:
        wash = QColor(colour("primary"))
        painter.setBrush(Qt.BrushStyle.NoBrush)  # the cells leave theirs behind; it would hide what is chosen
        if self.anchor != self.current:
            wash.setAlpha(36)
            painter.fillRect(self.range_rect(), wash)
            painter.setPen(QPen(colour("primary"), 1))
            painter.drawRect(self.range_rect().adjusted(0, 0, -1, -1))
        strong = self.hasFocus()
        painter.setPen(QPen(colour("primary" if strong else "border_field"), 2 if strong else 1))
        painter.drawRect(self.cell_rect(self.current).adjusted(1, 1, -1, -1))
