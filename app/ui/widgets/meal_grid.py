"""The table of a day's meals: a row a guest, a column a kind that the house offers, the other kinds at the right.

It paints a `MealBoard` and turns keys and clicks into toggles of it; confirming is the business of the page.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QKeySequence, QMouseEvent, QPainter
from PySide6.QtWidgets import QMenu, QWidget

from app.reference.codelist import codelist
from app.reference.format import number
from app.reference.texts import language, tr
from app.services.meal import MealSheet
from app.ui.kit.painting import CHIP_HEIGHT, box, chip_width, paint_chip
from app.ui.presenters.meal_board import LETTERS, MealBoard, Outcome, kind_word
from app.ui.theme import colour, font, mono_font, paint_icon, px
from app.ui.widgets.grid_area import GridArea
from app.ui.widgets.grid_frame import Place

_PAD = 8
_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NAME = 190
_BOX = 20


class MealGrid(GridArea):
    """The grid; `toggled` carries the `Outcome` of a key or click."""

    toggled = Signal(object)
    day_asked = Signal(int)
    """The day before (-1) or after (1) was asked for with PgUp or PgDn."""

    row_height = 33
    head_height = 42
    foot_height = 33
    name_width = 200
    tail_width = 150
    column_width = 72
    column_width_most = 104
    least_columns = 1
    has_ranges = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.board: MealBoard | None = None
        self._shown: MealSheet | None = None
        self.setObjectName("mealGrid")
        self.setAccessibleName(tr("meals.grid_name"))

    def show_board(self, board: MealBoard | None) -> None:
        """Show a day, or nothing."""
        self.board = board
        self._shown = board.sheet if board else None
        if self._shown is None or board is None:
            self.forget()
        else:
            self.set_shape(len(self._shown.rows), len(board.offered))
        self.tell_current()

    def describe(self, place: Place) -> str:
        """Return a cell in words."""
        if self._shown is None or self.board is None:
            return ""
        kinds = self.board.kinds(place.row)
        kind = self.board.offered[place.column]
        words = [tr("meals.cell_yes" if kind in kinds else "meals.cell_no", kind=kind_word(kind))]
        words += [kind_word(other) for other in self.board.others(place.row)]
        return f"{self._shown.rows[place.row].name_used}: {', '.join(words)}"

    def describe_head(self, column: int) -> str:
        """Return what a click on the head does."""
        return tr("meals.head", kind=kind_word(self.board.offered[column])) if self.board else ""

    @property
    def _is_open(self) -> bool:
        return self._shown is not None and not self._shown.closed

    # --- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.board is None or not self.rows or not self._press(event):
            super().keyPressEvent(event)

    def _press(self, event: QKeyEvent) -> bool:
        key, control = Qt.Key(event.key()), Qt.KeyboardModifier.ControlModifier
        step = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(key)
        if step is not None:
            self.day_asked.emit(step)
            return True
        if event.matches(QKeySequence.StandardKey.Undo):
            self.walk(back=True)
            return True
        if event.matches(QKeySequence.StandardKey.Redo) or (key == Qt.Key.Key_Y and event.modifiers() == control):
            self.walk(back=False)
            return True
        if key == Qt.Key.Key_Space:
            self.toggle_column(self.current.column) if event.modifiers() & control else self.toggle(self.current)
            return True
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers() & control:
            self.move_to(Place(self.current.row + 1, self.current.column))
            return True
        kind = LETTERS.get(event.text().upper()) if not event.modifiers() & control else None
        if kind is not None:
            self.toggle_other(kind)
        return kind is not None

    def toggle(self, place: Place) -> None:
        """Give or take the meal of a cell."""
        if self.board is not None and self._is_open:
            self._tell_toggle(self.board.toggle(place.row, self.board.offered[place.column]))

    def toggle_column(self, column: int) -> None:
        """Give or take a kind for all."""
        if self.board is not None and self._is_open:
            self._tell_toggle(self.board.toggle_all(self.board.offered[column]))

    def toggle_other(self, kind: str) -> None:
        """Give or take a kind without a column; a packed meal replaces that of the cursor's column if it can."""
        if self.board is not None and self._is_open:
            at = self.board.offered[self.current.column]
            self._tell_toggle(self.board.toggle(self.current.row, kind, instead_of=at))

    def walk(self, *, back: bool) -> None:
        """Undo or do again."""
        if self.board is not None and self._is_open:
            self._tell_toggle(Outcome(changed=self.board.undo() if back else self.board.redo()))

    def _tell_toggle(self, outcome: Outcome) -> None:
        if self.board is not None and outcome.changed:
            self._shown = self.board.sheet
            self.viewport().update()
            self.tell_current()
        self.toggled.emit(outcome)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        column, place = self.column_at(at), self.place_at(at)
        super().mousePressEvent(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if column is not None:
            self.toggle_column(column)
        elif place is not None:
            self.toggle(place)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        if self.board is None or not self.rows or not self._is_open:
            return
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self._offer(self.viewport().mapToGlobal(self.cell_rect(self.current).bottomLeft()))
            return
        row = self.nearest(event.pos()).row
        self.move_to(Place(row, self.current.column))
        self._offer(event.globalPos())

    def _offer(self, at: QPoint) -> None:
        """Open the menu of the kinds without a column, for those who work with the mouse."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        board, guest = self.board, self._shown.rows[self.current.row] if self._shown else None
        for letter, kind in LETTERS.items():
            if board is None or guest is None or kind in board.offered:
                continue
            if codelist("meal_kind").get(kind).flag("minors_only") and not guest.minor:
                continue
            action = menu.addAction(f"{codelist('meal_kind').label(kind)}\t{letter}")
            action.setCheckable(True)
            action.setChecked(kind in board.kinds(self.current.row))
            action.setData(kind)
        menu.triggered.connect(lambda action: self.toggle_other(str(action.data())))
        menu.popup(at)

    # --- painting

    def paint_head(self, painter: QPainter, columns: range) -> None:
        """Paint the names of the kinds."""
        board = self.board
        if board is None:
            return
        for column in columns:
            chosen = column == self.current.column and self.hasFocus()
            painter.setFont(font(12, 600 if chosen else 500))
            painter.setPen(colour("text" if chosen else "muted"))
            room = QRect(self.column_left(column), 0, self.wide(), px(self.head_height))
            painter.drawText(room, _CENTRE, kind_word(board.offered[column]).capitalize())

    def paint_cells(self, painter: QPainter, rows: range, columns: range) -> None:
        """Paint a ticked or an empty box in each cell."""
        board = self.board
        if board is None:
            return
        size = QSize(self.wide(), px(self.row_height))
        empty = self.strip("empty", size, self._is_open, partial(self._draw_box, ticked=False))
        ticked = self.strip("ticked", size, self._is_open, partial(self._draw_box, ticked=True))
        for row in rows:
            kinds, top = board.kinds(row), self.row_top(row)
            for column in columns:
                painter.drawPixmap(self.column_left(column), top, ticked if board.offered[column] in kinds else empty)

    def _draw_box(self, painter: QPainter, *, ticked: bool) -> None:
        side, high = px(_BOX), px(self.row_height)
        square = QRectF((self.wide() - side) / 2, (high - 1 - side) / 2, side, side)
        painter.fillRect(0, high - 1, self.wide(), 1, colour("hairline"))
        box(painter, square, px(5), fill="green_soft" if ticked else None, line="green" if ticked else "border_button")
        if ticked:
            paint_icon(painter, "check", "green", square.adjusted(2, 2, -2, -2))

    def paint_sides(self, painter: QPainter, rows: range) -> None:
        """Paint name, code and diets at the left, the other kinds at the right."""
        shown, board = self._shown, self.board
        if shown is None or board is None:
            return
        left, tail, high = self.left(), self.tail_left(), px(self.row_height)
        wide = self.viewport().width() - tail - 1
        guests = tuple((row.name_used, row.code, row.diets, row.note) for row in shown.rows)
        names = self.strip("names", QSize(left - 1, self.rows * high), (guests, language()), self._draw_names)
        painter.drawPixmap(1, self.row_top(0), names)
        painter.fillRect(tail, self.row_top(0), wide, self.rows * high, colour("surface"))
        for row in rows:
            top = self.row_top(row)
            painter.fillRect(tail, top + high - 1, wide, 1, colour("hairline"))
            at = tail + px(_PAD)
            for kind in board.others(row):
                word = kind_word(kind)
                chip = QRect(at, top + (high - px(CHIP_HEIGHT)) // 2, chip_width(word), px(CHIP_HEIGHT))
                paint_chip(painter, chip, "violet", word)
                at += chip.width() + px(4)

    def _draw_names(self, painter: QPainter) -> None:
        if self._shown is None:
            return
        high, diets = px(self.row_height), codelist("diet")
        for row, guest in enumerate(self._shown.rows):
            room = QRect(px(_PAD) - 1, row * high, px(_NAME), high - 1)
            painter.fillRect(0, room.bottom() + 1, self.left(), 1, colour("hairline"))
            painter.setFont(font(13, 600))
            metrics = painter.fontMetrics()
            code_wide = QFontMetrics(mono_font(12)).horizontalAdvance(guest.code)
            name = metrics.elidedText(guest.name_used, Qt.TextElideMode.ElideRight, room.width() - code_wide - px(7))
            painter.setPen(colour("text"))
            painter.drawText(room, _LEFT, name)
            painter.setFont(mono_font(12))
            painter.setPen(colour("muted"))
            painter.drawText(room.adjusted(metrics.horizontalAdvance(name) + px(7), 0, 0, 0), _LEFT, guest.code)
            painter.setFont(font(12))
            words = ", ".join([*(diets.label(code) for code in guest.diets), *filter(None, [guest.note])])
            rest = QRect(room.right() + px(_PAD), room.top(), self.left() - room.right() - px(12), room.height())
            words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, _LEFT, words)

    def paint_foot(self, painter: QPainter, columns: range) -> None:
        """Paint how many of each kind."""
        if self._shown is None:
            return
        counts = self._shown.kinds()
        painter.setFont(font(13, 600))
        painter.setPen(colour("text"))
        for column in columns:
            room = QRect(self.column_left(column), self.foot_top(), self.wide(), px(self.foot_height))
            painter.drawText(room, _CENTRE, number(counts.get(self._shown.offered[column], 0)))

    def paint_corners(self, painter: QPainter) -> None:
        """Paint the heads of the side panes and the word before the sums."""
        head, tail = px(self.head_height), self.tail_left()
        painter.setFont(font(12))
        painter.setPen(colour("muted"))
        painter.drawText(QRect(px(_PAD), 0, px(_NAME), head), _LEFT, tr("meals.guest"))
        diets = QRect(px(_PAD) + px(_NAME) + px(_PAD) - 1, 0, self.left(), head)
        if self.left() > diets.left() + px(60):
            painter.drawText(diets, _LEFT, tr("meals.diets"))
        painter.drawText(QRect(tail + px(_PAD), 0, px(self.tail_width), head), _LEFT, tr("meals.others"))
        foot = QRect(px(_PAD), self.foot_top(), self.left(), px(self.foot_height))
        painter.drawText(foot, _LEFT, tr("meals.total"))
