"""How a week of appointments looks: the heads of the days, the hours at the left, a line for each appointment.

It only paints a `Week`; keys and mouse are in `app.ui.widgets.week_grid`.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QWidget

from app.reference.format import weekday_letter
from app.ui.kit.painting import box, focus_ring
from app.ui.presenters import health
from app.ui.presenters.week import DAYS, Stop, Week, say_hour
from app.ui.theme import colour, font, paint_icon, px, tokens

_HEAD = 44
_HOURS = 52
_LINE = 24
_GAP = 4
_LEAST_COLUMN = 74
_LEAST_HEIGHT = 260
_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_SUNDAY = 6


class WeekFace(QAbstractScrollArea):
    """A week to be looked at; the heads of the days stay while the hours scroll."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.week: Week | None = None
        self.current = Stop(0, 0)
        self._tops: dict[int, int] = {}
        self._height = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.viewport().setAutoFillBackground(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def measure(self) -> None:
        """Reckon where each hour begins; rows with several appointments are higher, and what room is left is shared."""
        week = self.week
        self._tops, top = {}, 0
        if week is not None:
            least = [week.lines(hour) * px(_LINE) + px(_GAP) for hour in week.hours]
            spare = max(0, self.viewport().height() - px(_HEAD) - sum(least)) // len(least)
            for hour, height in zip(week.hours, least, strict=True):
                self._tops[hour] = top
                top += height + min(spare, px(_LINE))
        self._height = top
        room = self.viewport().height() - px(_HEAD)
        self.verticalScrollBar().setRange(0, max(0, top - room))
        self.verticalScrollBar().setPageStep(max(1, room))
        self.verticalScrollBar().setSingleStep(px(_LINE))
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.measure()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(_HOURS) + DAYS * px(_LEAST_COLUMN), px(_LEAST_HEIGHT))

    # --- where things are

    def column_left(self, column: int) -> int:
        """Return where a column begins; column 7 is the right edge."""
        left = px(_HOURS)
        return left + (self.viewport().width() - left - 1) * column // DAYS

    def hour_rect(self, column: int, hour: int) -> QRect:
        """Return where a slot is on the viewport."""
        later = [top for at, top in self._tops.items() if at > hour]
        top, bottom = self._tops[hour], min(later, default=self._height)
        left = self.column_left(column)
        shift = px(_HEAD) - self.verticalScrollBar().value()
        return QRect(left, top + shift, self.column_left(column + 1) - left, bottom - top)

    def stop_rect(self, stop: Stop) -> QRect:
        """Return where an appointment is on the viewport, or the whole of a free slot."""
        slot = self.hour_rect(stop.column, stop.hour)
        if self.week is None or not self.week.rows(stop.column, stop.hour):
            return slot.adjusted(2, 1, -1, -1)
        top = slot.top() + px(_GAP) // 2 + stop.nth * px(_LINE)
        return QRect(slot.left() + px(2), top + 1, slot.width() - px(3), px(_LINE) - 2)

    def stop_at(self, at: QPoint) -> Stop | None:
        """Return the stop under a point of the viewport, or None."""
        if self.week is None or at.y() < px(_HEAD) or at.x() < px(_HOURS):
            return None
        column = next((c for c in range(DAYS) if at.x() < self.column_left(c + 1)), DAYS - 1)
        for hour in self.week.hours:
            slot = self.hour_rect(column, hour)
            if slot.top() <= at.y() < slot.bottom() + 1:
                return self.week.fit(Stop(column, hour, max(0, at.y() - slot.top() - px(_GAP) // 2) // px(_LINE)))
        return None

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        week = self.week
        if week is None:
            return
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), colour("surface"))
        today = (week.today - week.first).days
        if 0 <= today < DAYS:
            left = self.column_left(today)
            ground = QRect(left, 0, self.column_left(today + 1) - left, self.viewport().height())
            painter.fillRect(ground, colour("primary_soft" if not tokens().dark else "surface_alt"))
        self._paint_hours(painter, week)
        for (column, hour), rows in week.slots.items():
            for nth in range(len(rows)):
                self._paint_row(painter, week, Stop(column, hour, nth))
        self._paint_cursor(painter)
        self._paint_heads(painter, week)

    def _paint_hours(self, painter: QPainter, week: Week) -> None:
        width = self.viewport().width()
        painter.setFont(font(12))
        for hour in week.hours:
            slot = self.hour_rect(0, hour)
            painter.fillRect(0, slot.top(), width, 1, colour("hairline"))
            painter.setPen(colour("muted"))
            room = QRect(0, slot.top(), px(_HOURS) - px(8), px(_LINE))
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, say_hour(hour))
        for column in range(DAYS):
            painter.fillRect(self.column_left(column), px(_HEAD), 1, self.viewport().height(), colour("hairline"))

    def _paint_row(self, painter: QPainter, week: Week, stop: Stop) -> None:
        row = week.row(stop)
        if row is None:
            return
        state, rect, look = health.outcome(row, week.now), self.stop_rect(stop), tokens()
        ink = look.ink(state.tone)
        box(painter, rect, px(5), fill=look.ground(state.tone), line=f"#59{ink[1:]}")
        room = QRectF(rect).adjusted(px(5), 0, -px(3), 0)
        mark = "warning" if row.id in week.clashing else "alarm" if state.tone == "red" else ""
        if mark:
            side = px(13)
            room.setRight(room.right() - side - px(1))
            paint_icon(painter, mark, ink, QRectF(room.right(), room.center().y() - side / 2, side, side))
        painter.setPen(colour(ink))
        painter.setFont(font(12, 600))
        at = health.agenda_hour(row).removeprefix("0")  # the room is for the name
        painter.drawText(room, _LEFT, at)
        room.setLeft(room.left() + QFontMetrics(painter.font()).horizontalAdvance(at) + px(4))
        painter.setFont(font(12))
        painter.setPen(colour("text"))
        name = QFontMetrics(painter.font()).elidedText(
            row.name_used, Qt.TextElideMode.ElideRight, max(0, int(room.width()))
        )
        painter.drawText(room, _LEFT, name)

    def _paint_cursor(self, painter: QPainter) -> None:
        if self.hasFocus() and self.week is not None:
            focus_ring(painter, self.stop_rect(self.current), px(5))

    def _paint_heads(self, painter: QPainter, week: Week) -> None:
        painter.fillRect(0, 0, self.viewport().width(), px(_HEAD), colour("surface"))
        for column in range(DAYS):
            day, left = week.day(column), self.column_left(column)
            width = self.column_left(column + 1) - left
            if day == week.today:
                ground = "primary_soft" if not tokens().dark else "surface_alt"
                painter.fillRect(left, 0, width, px(_HEAD), colour(ground))
            chosen = self.hasFocus() and column == self.current.column
            painter.setFont(font(12, 600 if day == week.today or chosen else 400))
            painter.setPen(colour("amber" if day.weekday() == _SUNDAY else "text" if chosen else "muted"))
            painter.drawText(QRect(left, px(4), width, px(18)), _CENTRE, weekday_letter(day))
            painter.drawText(QRect(left, px(21), width, px(18)), _CENTRE, str(day.day))
        painter.fillRect(0, px(_HEAD) - 1, self.viewport().width(), 1, colour("border"))
