"""The measures of the grids that are painted here: rows, equal columns, a pane at each side that stays, the sums.

It says where a cell is and keeps pictures of what seldom changes; the cursor is in `app.ui.widgets.grid_area`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QWidget

from app.ui.kit.painting import box
from app.ui.theme import colour, px, tokens

_LEAST_ROWS = 6


class Place(NamedTuple):
    """A cell: its row and its column, from 0."""

    row: int
    column: int


class GridFrame(QAbstractScrollArea):
    """Where everything is. Lengths of the class are those of the sketches."""

    row_height = 33
    head_height = 47
    foot_height = 0
    name_width = 212
    """The least width of the pane at the left; what the columns leave over goes there too."""
    tail_width = 64
    column_width = 26
    """The least width of a column."""
    column_width_most = 60
    least_columns = 6
    """How many columns are to be seen at the least; the others are reached by scrolling."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = 0
        self.columns = 0
        self._wide = px(self.column_width)
        self._strips: dict[str, tuple[tuple[object, ...], QPixmap]] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.viewport().setAutoFillBackground(False)
        self.setCornerWidget(QWidget())
        self.horizontalScrollBar().setSingleStep(px(self.column_width))
        self.verticalScrollBar().setSingleStep(px(self.row_height))

    def set_shape(self, rows: int, columns: int) -> None:
        """Take another number of rows and columns; the cursor stays inside them."""
        self.rows, self.columns = rows, columns
        self._measure()
        self.setMaximumHeight(self.content_height() + (px(14) if self._needs_across() else 0))
        self._place_bars()
        self.updateGeometry()
        self.viewport().update()

    def forget(self) -> None:
        """Drop the rows and every picture of them."""
        self._strips = {}
        self.set_shape(0, 0)

    def content_height(self) -> int:
        """Return how high the grid is with all its rows."""
        return px(self.head_height) + self.rows * px(self.row_height) + px(self.foot_height) + 1

    def _measure(self) -> None:
        room = self.viewport().width() - px(self.name_width) - px(self.tail_width)
        fitting = room // self.columns if self.columns else 0
        self._wide = max(px(self.column_width), min(px(self.column_width_most), fitting))

    def wide(self) -> int:
        """Return the width of a column in pixels."""
        return self._wide

    def left(self) -> int:
        """Return the width of the pane at the left in pixels."""
        over = self.viewport().width() - px(self.tail_width) - self.columns * self.wide()
        return max(px(self.name_width), over)

    def tail_left(self) -> int:
        """Return where the pane at the right begins."""
        return self.viewport().width() - px(self.tail_width)

    def foot_top(self) -> int:
        """Return where the sums begin."""
        return self.viewport().height() - px(self.foot_height) - 1

    def column_left(self, column: int) -> int:
        """Return where a column begins on the viewport."""
        return self.left() + column * self.wide() - self.horizontalScrollBar().value()

    def row_top(self, row: int) -> int:
        """Return where a row begins on the viewport."""
        return px(self.head_height) + row * px(self.row_height) - self.verticalScrollBar().value()

    def cell_rect(self, place: Place) -> QRect:
        """Return where a cell is on the viewport, perhaps under the panes."""
        return QRect(self.column_left(place.column), self.row_top(place.row), self.wide(), px(self.row_height))

    def place_at(self, at: QPoint) -> Place | None:
        """Return the cell under a point of the viewport, or None."""
        inside = QRect(
            self.left(), px(self.head_height), self.tail_left() - self.left(), self.foot_top() - px(self.head_height)
        )
        return self.nearest(at) if self.rows and self.columns and inside.contains(at) else None

    def column_at(self, at: QPoint) -> int | None:
        """Return the column whose head is under a point, or None."""
        if at.y() >= px(self.head_height) or not self.left() <= at.x() < self.tail_left():
            return None
        column = self.nearest(at).column
        return column if self.columns else None

    def row_at(self, at: QPoint) -> int | None:
        """Return the row whose name is under a point, or None."""
        inside = px(self.head_height) <= at.y() < min(self.foot_top(), self.row_top(self.rows))
        return self.nearest(at).row if inside and at.x() < self.left() else None

    def nearest(self, at: QPoint) -> Place:
        """Return the cell under a point, or the one nearest to it."""
        row = (at.y() - px(self.head_height) + self.verticalScrollBar().value()) // px(self.row_height)
        column = (at.x() - self.left() + self.horizontalScrollBar().value()) // self.wide()
        return self.inside(Place(row, column))

    def inside(self, place: Place) -> Place:
        """Return the cell, or the nearest there is."""
        return Place(
            max(0, min(place.row, self.rows - 1)),
            max(0, min(place.column, self.columns - 1)),
        )

    def sizeHint(self) -> QSize:
        wide = px(self.name_width + self.tail_width) + self.columns * px(self.column_width)
        # A page that scrolls would grant whatever is asked: the grid asks for little and takes what there is.
        return QSize(wide, self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        rows = min(self.rows, _LEAST_ROWS)
        high = px(self.head_height) + rows * px(self.row_height) + px(self.foot_height) + 1
        return QSize(px(self.name_width + self.tail_width) + self.least_columns * px(self.column_width), high)

    def _needs_across(self) -> bool:
        return self.left() + self.columns * self.wide() + px(self.tail_width) > self.viewport().width()

    def _place_bars(self) -> None:
        seen = self.viewport().size()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        high = self.foot_top() - px(self.head_height)
        across.setRange(0, max(0, self.left() + self.columns * self.wide() + px(self.tail_width) - seen.width()))
        across.setPageStep(max(1, self.tail_left() - self.left()))
        down.setRange(0, max(0, self.rows * px(self.row_height) - high))
        down.setPageStep(max(1, high))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()
        self.setMaximumHeight(self.content_height() + (px(14) if self._needs_across() else 0))
        self._place_bars()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self.set_shape(self.rows, self.columns)

    # --- painting

    def paint_ground(self, painter: QPainter, dirty: QRect) -> None:
        """Paint the white card, whose edge is drawn only when it has to be: it is dear."""
        seen = self.viewport().rect()
        inner = seen.adjusted(px(8), px(8), -px(8), -px(8))
        if inner.contains(dirty):
            painter.fillRect(dirty, colour("surface"))
            return
        painter.fillRect(dirty, colour("background"))
        box(painter, seen, px(8), fill="surface", line="border")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # noqa: FBT003 - Qt's signature

    def strip(self, name: str, size: QSize, what: object, paint: Callable[[QPainter], None]) -> QPixmap:
        """Return a picture kept until its size, the theme or `what` it shows is another; `paint` draws it."""
        ratio = self.devicePixelRatioF()
        key = (size, ratio, tokens().dark, px(100), what)
        kept = self._strips.get(name)
        if kept is not None and kept[0] == key:
            return kept[1]
        made = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(colour("surface"))
        painter = QPainter(made)
        paint(painter)
        painter.end()
        self._strips[name] = (key, made)
        return made

    def seen_rows(self, dirty: QRect) -> range:
        """Return the rows of which something is in `dirty`."""
        high = px(self.row_height)
        top = max(dirty.top(), px(self.head_height)) - self.row_top(0)
        bottom = min(dirty.bottom(), self.foot_top()) - self.row_top(0)
        return range(max(0, top // high), min(self.rows, bottom // high + 1))

    def seen_columns(self, dirty: QRect) -> range:
        """Return the columns of which something is in `dirty`."""
        wide, start = self.wide(), self.column_left(0)
        left = max(dirty.left(), self.left()) - start
        right = min(dirty.right(), self.tail_left()) - start
        return range(max(0, left // wide), min(self.columns, right // wide + 1))
