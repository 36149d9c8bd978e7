"""How the month of presences looks: the heads of the days, the names, the signs, the sums at the edges.

It only paints a `MonthSheet`; keys and mouse are in `app.ui.widgets.month_grid`.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from app.reference.format import number, weekday_letter
from app.reference.texts import language, tr
from app.ui.presenters.month_sheet import MonthSheet
from app.ui.theme import colour, font, mono_font, px
from app.ui.widgets.grid_area import GridArea
from app.ui.widgets.night_sign import NightSigns, blank_of

_SUNDAY = 6
_PAD = 8
_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class MonthFace(GridArea):
    """A month to be looked at."""

    foot_height = 30
    tail_width = 62

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet: MonthSheet | None = None
        self._signs = NightSigns()

    def paint_head(self, painter: QPainter, columns: range) -> None:
        """Paint the letter of the weekday over the number; Sundays in amber, today on a ground."""
        sheet = self.sheet
        if sheet is None:
            return
        size = QSize(self.columns * self.wide(), px(self.head_height) - 1)
        heads = self.strip("heads", size, (sheet.month, sheet.today, language()), self._draw_heads)
        painter.drawPixmap(self.column_left(0), 1, heads)
        for column in self.selected()[1]:
            if column in columns:
                self._draw_head(painter, column, self.column_left(column), chosen=True)

    def _draw_heads(self, painter: QPainter) -> None:
        for column in range(self.columns):
            self._draw_head(painter, column, column * self.wide(), chosen=False)

    def _draw_head(self, painter: QPainter, column: int, left: int, *, chosen: bool) -> None:
        sheet, wide = self.sheet, self.wide()
        if sheet is None:
            return
        day = sheet.days[column]
        painter.fillRect(left, 1, wide, px(self.head_height) - 2, colour(self._head_ground(day, chosen=chosen)))
        sunday = day.weekday() == _SUNDAY
        painter.setFont(font(12, 600 if sunday or chosen or day == sheet.today else 400))
        painter.setPen(colour("amber" if sunday else "text" if chosen else "muted"))
        painter.drawText(QRect(left, px(5), wide, px(18)), _CENTRE, weekday_letter(day))
        painter.drawText(QRect(left, px(23), wide, px(18)), _CENTRE, str(day.day))

    def _head_ground(self, day: date, *, chosen: bool) -> str:
        if self.sheet is not None and day == self.sheet.today:
            return "primary_soft"
        return "surface_alt" if chosen and self.hasFocus() else "surface"

    def paint_cells(self, painter: QPainter, rows: range, columns: range) -> None:
        """Paint the signs from their pictures."""
        sheet = self.sheet
        if sheet is None:
            return
        self._signs.fit(self.wide(), px(self.row_height), self.devicePixelRatioF())
        lefts = [(column, self.column_left(column), blank_of(sheet, column)) for column in columns]
        picture, draw = self._signs.picture, painter.drawPixmap
        for row in rows:
            top, states = self.row_top(row), sheet.states(row)
            for column, left, blank in lefts:
                draw(left, top, picture(states[column] or blank))

    def paint_sides(self, painter: QPainter, rows: range) -> None:
        """Paint name and code at the left, the nights at the right."""
        sheet, left, tail = self.sheet, self.left(), self.tail_left()
        if sheet is None:
            return
        high, width = px(self.row_height), self.viewport().width() - tail - 1
        names = self.strip("names", QSize(left - 1, self.rows * high), sheet.rows, self._draw_names)
        painter.drawPixmap(1, self.row_top(0), names)
        for row in self.selected()[0] if self.hasFocus() else ():
            self._draw_name(painter, row, QPoint(1, self.row_top(row)), "primary")
        painter.fillRect(tail, self.row_top(0), width, self.rows * high, colour("surface"))
        painter.setFont(font(13, 600))
        for row in rows:
            top = self.row_top(row)
            painter.fillRect(tail, top + high - 1, width, 1, colour("hairline"))
            painter.setPen(colour("text"))
            painter.drawText(QRect(tail, top, width + 1 - px(_PAD), high), _RIGHT, number(sheet.nights(row)))

    def _draw_names(self, painter: QPainter) -> None:
        for row in range(self.rows):
            self._draw_name(painter, row, QPoint(0, row * px(self.row_height)), "text")

    def _draw_name(self, painter: QPainter, row: int, at: QPoint, ink: str) -> None:
        sheet = self.sheet
        if sheet is None:
            return
        guest, width, high = sheet.rows[row], self.left() - 1, px(self.row_height)
        painter.fillRect(QRect(at, QSize(width, high)), colour("surface"))
        painter.fillRect(at.x(), at.y() + high - 1, width, 1, colour("hairline"))
        room = QRect(at, QSize(width, high)).adjusted(px(_PAD) - 1, 0, -px(4), -1)
        code_wide = QFontMetrics(mono_font(12)).horizontalAdvance(guest.code)
        painter.setFont(font(13, 600))
        metrics = painter.fontMetrics()
        name = metrics.elidedText(guest.name_used, Qt.TextElideMode.ElideRight, room.width() - code_wide - px(7))
        painter.setPen(colour(ink))
        painter.drawText(room, _LEFT, name)
        painter.setFont(mono_font(12))
        painter.setPen(colour("muted"))
        painter.drawText(room.adjusted(metrics.horizontalAdvance(name) + px(7), 0, 0, 0), _LEFT, guest.code)

    def paint_foot(self, painter: QPainter, columns: range) -> None:
        """Paint how many sleep here, night by night."""
        sheet = self.sheet
        if sheet is None:
            return
        top, wide = self.foot_top(), self.wide()
        painter.setFont(font(12))
        painter.setPen(colour("muted"))
        for column in columns:
            if sheet.is_recorded(column):
                room = QRect(self.column_left(column), top, wide, px(self.foot_height))
                painter.drawText(room, _CENTRE, number(sheet.present(column)))

    def paint_corners(self, painter: QPainter) -> None:
        """Paint the heads and sums of the side panes."""
        sheet, left, tail = self.sheet, self.left(), self.tail_left()
        if sheet is None:
            return
        head, foot, width = px(self.head_height), self.foot_top(), self.viewport().width()
        painter.setFont(font(12))
        painter.setPen(colour("muted"))
        painter.drawText(QRect(px(_PAD), 0, left, head), _LEFT, tr("presences.guest"))
        painter.drawText(QRect(tail, 0, width - tail - px(_PAD), head), _RIGHT, tr("presences.nights"))
        painter.drawText(QRect(px(_PAD), foot, left, px(self.foot_height)), _LEFT, tr("presences.present"))
        painter.setFont(font(13, 600))
        painter.setPen(colour("text"))
        room = QRect(tail, foot, width - tail - px(_PAD), px(self.foot_height))
        painter.drawText(room, _RIGHT, number(sheet.total()))
