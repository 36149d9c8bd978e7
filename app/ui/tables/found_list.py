"""The list of what a search found: two lines each, under a heading for each kind; the keyboard may stay elsewhere.

It shows lines and says which was chosen; where that leads is decided by whoever listens.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.kit.painting import box
from app.ui.presenters.search import FoundLine
from app.ui.theme import colour, font, mono_font, paint_icon, px

_ROW, _LOW_ROW, _HEADING = 48, 36, 26
_PAD, _ICON = 12, 18
_LINE = int(Qt.ItemDataRole.UserRole)
_Index = QModelIndex | QPersistentModelIndex


class FoundModel(QAbstractListModel):
    """The lines, in the order in which they were found."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[FoundLine, ...] = ()

    def show_lines(self, lines: Sequence[FoundLine]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        line = self._lines[index.row()]
        if role == _LINE:
            return line
        return line.spoken if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None


class _LineDelegate(QStyledItemDelegate):
    """Paints a line, and its heading over it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        line: FoundLine = index.data(_LINE)
        row = px(_ROW if line.note else _LOW_ROW)
        return QSize(option.rect.width(), row + (px(_HEADING) if line.heading else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line: FoundLine = index.data(_LINE)
        painter.save()
        room = QRect(option.rect)
        if line.heading:
            head = QRect(room.left() + px(_PAD), room.top(), room.width(), px(_HEADING))
            painter.setFont(font(12, 600))
            painter.setPen(colour("muted"))
            painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, line.heading)
            room.setTop(head.bottom() + 1)
        if option.state & QStyle.StateFlag.State_Selected:
            box(painter, room.adjusted(px(4), 1, -px(4), -1), px(6), fill="primary_soft", line="primary")
        self._paint_line(painter, room.adjusted(px(_PAD), px(5), -px(_PAD), -px(5)), line)
        painter.restore()

    def _paint_line(self, painter: QPainter, room: QRect, line: FoundLine) -> None:
        side = px(_ICON)
        top = QRect(room.left(), room.top(), room.width(), room.height() // 2 if line.note else room.height())
        at = QRectF(top.left(), top.top() + (top.height() - side) / 2, side, side)
        paint_icon(painter, line.icon, "muted", at)
        top.setLeft(top.left() + side + px(10))
        trail = _fit(painter, line.trail, top.width() // 2, muted=True)
        painter.drawText(top, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, trail)
        left = QRect(top)
        left.setRight(top.right() - QFontMetrics(painter.font()).horizontalAdvance(trail) - px(10))
        painter.setFont(mono_font(12))
        code = QFontMetrics(painter.font()).horizontalAdvance(line.code) + px(8) if line.code else 0
        painter.setFont(font(13, 600))
        painter.setPen(colour("text"))
        words = QFontMetrics(painter.font())
        title = words.elidedText(line.title, Qt.TextElideMode.ElideRight, left.width() - code)
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, title)
        if line.code:
            left.setLeft(left.left() + words.horizontalAdvance(title) + px(8))
            painter.setFont(mono_font(12))
            painter.setPen(colour("muted"))
            painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, line.code)
        if line.note:
            under = QRect(top.left(), top.bottom() + 1, top.width(), room.bottom() - top.bottom())
            note = _fit(painter, line.note, under.width(), muted=True)
            painter.drawText(under, Qt.AlignmentFlag.AlignVCenter, note)


def _fit(painter: QPainter, text: str, width: int, *, muted: bool) -> str:
    painter.setFont(font(12))
    painter.setPen(colour("muted" if muted else "text"))
    return QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, width)


class FoundList(QListView):
    """The list; `line_chosen` when a line is pressed or chosen with Return."""

    line_chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = FoundModel(self)
        self.setModel(self.lines)
        self.setItemDelegate(_LineDelegate(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._on_clicked)

    def show_lines(self, lines: Sequence[FoundLine]) -> None:
        """Show other lines, the first of them chosen; none forgets."""
        self.lines.show_lines(lines)
        self.move_to(0)
        self.scrollToTop()

    def content_height(self) -> int:
        """Return how high the list would be with every line in view."""
        return sum(self.sizeHintForRow(row) for row in range(self.lines.rowCount()))

    def move_by(self, steps: int) -> None:
        """Choose a line further down or up; past the last comes the first."""
        count = self.lines.rowCount()
        if count:
            self.move_to((self.currentIndex().row() + steps) % count)

    def move_to(self, row: int) -> None:
        """Choose a line; one that is not there chooses the nearest."""
        count = self.lines.rowCount()
        if count:
            self.setCurrentIndex(self.lines.index(max(0, min(row, count - 1))))

    def current_line(self) -> FoundLine | None:
        """Return the line that is chosen."""
        index = self.currentIndex()
        return index.data(_LINE) if index.isValid() else None

    def open_current(self) -> None:
        """Say that the line chosen is wanted."""
        line = self.current_line()
        if line is not None:
            self.line_chosen.emit(line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.open_current()
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.setCurrentIndex(index)
        super().mouseMoveEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.line_chosen.emit(index.data(_LINE))
