"""A month of days for the hours of one step: arrows go to a day, Space marks it, Del takes it away.

It paints an `HourMonth` and changes it; saving is the dialog's business.
"""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.reference.format import day_long, weekday_letter
from app.reference.texts import tr
from app.services.calendar import Month
from app.ui.kit.painting import box, focus_ring
from app.ui.presenters.hour_month import HourMonth
from app.ui.presenters.visit import say_minutes
from app.ui.theme import colour, font, px

_WEEK = 7
_ROWS = 6
_HEAD = 24
_HIGH = 42
_LEAST = 22
_ONE_LINE = 34
"""Below this height number and hours stand beside each other."""
_AROUND = 335
"""What the rest of the form and the edges of the screen need."""
_GAP = 4
_SUNDAY = 6
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -_WEEK, Qt.Key.Key_Down: _WEEK}


class HourCalendar(QWidget):
    """The days; `changed` when one was marked, `month_asked` (-1 or 1) when the cursor leaves the month."""

    changed = Signal()
    month_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet: HourMonth | None = None
        self.month: Month | None = None
        self.day: date | None = None
        self.duration = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("inclusion.hours_calendar"))

    def show_month(self, sheet: HourMonth | None, month: Month, day: date | None = None) -> None:
        """Show a month of a sheet with the cursor on a day of it; without a sheet, nothing."""
        self.sheet, self.month = sheet, month
        self.day = min(max(day or month.first, month.first), month.last)
        self._tell()

    def describe(self, day: date) -> str:
        """Return a day in words."""
        if self.sheet is None or not self.sheet.may_hold(day):
            return tr("inclusion.hours_day", day=day_long(day), time=tr("inclusion.hours_day_not"))
        minutes = self.sheet.minutes(day)
        said = say_minutes(minutes) if minutes else tr("inclusion.hours_day_none")
        return tr("inclusion.hours_day", day=day_long(day), time=said)

    def mark(self) -> None:
        """Give the day under the cursor the duration, or take it away when it has just that."""
        if self.sheet is not None and self.day is not None and self.duration:
            self.sheet.toggle(self.day, self.duration)
            self._tell()
            self.changed.emit()

    def take_away(self) -> None:
        """Take the hours of the day under the cursor away."""
        if self.sheet is not None and self.day is not None:
            self.sheet.put([self.day], None)
            self._tell()
            self.changed.emit()

    def move_to(self, day: date) -> None:
        """Put the cursor on a day; one of another month asks for that month."""
        if self.month is None:
            return
        wanted = Month.of(day)
        self.day = day
        if wanted != self.month:
            self.month_asked.emit(1 if wanted > self.month else -1)
        else:
            self._tell()

    def _tell(self) -> None:
        words = self.describe(self.day) if self.day is not None else ""
        self.setAccessibleDescription(words)
        if self.hasFocus() and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        self.update()

    # --- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.day is None or self.month is None:
            super().keyPressEvent(event)
        elif key in _STEPS:
            self.move_to(self.day + timedelta(days=_STEPS[key]))
        elif key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            self.month_asked.emit(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self.move_to(self.month.first if key == Qt.Key.Key_Home else self.month.last)
        elif key == Qt.Key.Key_Space:
            self.mark()
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.take_away()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self._day_at(event.position().x(), event.position().y())
        if day is not None:
            self.move_to(day)
            self.mark()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            day = self._day_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), self.describe(day) if day is not None else "", self)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell()

    # --- painting

    def _high(self) -> int:
        """Return how high a day is: less where the text is large and the screen low."""
        room = self.screen().availableGeometry().height() - px(_AROUND) - px(_HEAD)
        return max(min(px(_HIGH), room // _ROWS), px(_LEAST))

    def sizeHint(self) -> QSize:
        return QSize(px(60) * _WEEK, px(_HEAD) + _ROWS * self._high())

    def minimumSizeHint(self) -> QSize:
        return QSize(px(44) * _WEEK, self.sizeHint().height())

    def cell_rect(self, day: date) -> QRect:
        """Return where a day of the month is painted."""
        at = day.day - 1 + (self.month.first.weekday() if self.month is not None else 0)
        row, column = divmod(at, _WEEK)
        left, right = (place * self.width() // _WEEK for place in (column, column + 1))
        high = self._high()
        return QRect(left, px(_HEAD) + row * high, right - left, high).adjusted(1, 1, -_GAP, -_GAP)

    def _day_at(self, x: float, y: float) -> date | None:
        days = self.month.days if self.month is not None else []
        return next((day for day in days if self.cell_rect(day).contains(int(x), int(y))), None)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self.month is None:
            return
        painter = QPainter(self)
        painter.setFont(font(12))
        monday = date(2024, 1, 1)
        for column in range(_WEEK):
            left, right = (place * self.width() // _WEEK for place in (column, column + 1))
            painter.setPen(colour("amber" if column == _SUNDAY else "muted"))
            letter = weekday_letter(monday + timedelta(days=column))
            painter.drawText(QRect(left, 0, right - left - _GAP, px(_HEAD)), Qt.AlignmentFlag.AlignCenter, letter)
        for day in self.month.days:
            self._paint_day(painter, day)

    def _paint_day(self, painter: QPainter, day: date) -> None:
        sheet, rect = self.sheet, self.cell_rect(day)
        may_hold = sheet is not None and sheet.may_hold(day)
        minutes = sheet.minutes(day) if sheet is not None else None
        changed = sheet is not None and sheet.is_changed(day)
        fill = "surface_alt" if not may_hold else "amber_soft" if changed else "green_soft" if minutes else "surface"
        is_today = sheet is not None and day == sheet.today
        box(painter, rect, px(6), fill=fill, line="primary" if is_today else "border")
        painter.setFont(font(11))
        painter.setPen(colour("muted" if may_hold else "disabled"))
        is_low = self._high() < px(_ONE_LINE)
        upper = Qt.AlignmentFlag.AlignVCenter if is_low else Qt.AlignmentFlag.AlignTop
        lower = Qt.AlignmentFlag.AlignVCenter if is_low else Qt.AlignmentFlag.AlignBottom
        painter.drawText(rect.adjusted(px(6), px(2), 0, -px(2)), upper | Qt.AlignmentFlag.AlignLeft, str(day.day))
        if minutes or changed:
            painter.setFont(font(13, 600))
            painter.setPen(colour("amber" if changed else "green"))
            said = say_minutes(minutes) if minutes else "–"
            painter.drawText(rect.adjusted(0, px(2), -px(6), -px(2)), lower | Qt.AlignmentFlag.AlignRight, said)
        if day == self.day and self.hasFocus():
            focus_ring(painter, rect, px(6))
