"""A week of appointments under the keyboard: arrows go through days and hours, Return opens or begins an appointment.

It paints what it is given and asks the page for everything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from app.reference.texts import tr
from app.ui.presenters.week import DAYS, Stop, Week
from app.ui.theme import px
from app.ui.widgets.week_face import WeekFace

if TYPE_CHECKING:
    from app.services.referral import ReferralRow

_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class WeekGrid(WeekFace):
    """The grid; `chosen` carries the appointment under the cursor or None, `opened` one that was opened."""

    chosen = Signal(object)
    opened = Signal(object)
    slot_asked = Signal(object)
    """A free slot was opened: carries its `Stop`."""
    week_asked = Signal(int)
    """The week before (-1) or after (1), or with 0 that of today."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("weekGrid")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("health.week_name"))

    def show_week(self, week: Week | None) -> None:
        """Show a week, or nothing; the cursor goes to today when it is another week than before."""
        is_new = week is not None and (self.week is None or self.week.first != week.first)
        self.week = week
        if week is not None:
            self.current = week.begin() if is_new else week.fit(self.current)
        self.measure()
        self._tell()

    def row(self) -> ReferralRow | None:
        """Return the appointment under the cursor, or None."""
        return self.week.row(self.current) if self.week is not None else None

    def move_to(self, stop: Stop) -> None:
        """Put the cursor somewhere in the week and scroll to it."""
        if self.week is None:
            return
        self.current = self.week.fit(stop)
        rect, bar = self.stop_rect(self.current), self.verticalScrollBar()
        head = px(44)
        if rect.top() < head:
            bar.setValue(bar.value() - (head - rect.top()))
        elif rect.bottom() > self.viewport().height():
            bar.setValue(bar.value() + rect.bottom() - self.viewport().height() + 2)
        self.viewport().update()
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.week is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not self._press(event):
            super().keyPressEvent(event)

    def _press(self, event: QKeyEvent) -> bool:
        week, key = self.week, Qt.Key(event.key())
        if week is None:
            return False
        if key in _ENTER or key == Qt.Key.Key_Space:
            self._open()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._go_aside(-1 if key == Qt.Key.Key_Left else 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_to(week.above(self.current) if key == Qt.Key.Key_Up else week.below(self.current))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home):
            self.week_asked.emit({Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(key, 0))
        else:
            return False
        return True

    def _go_aside(self, by: int) -> None:
        """Go to the day beside; past the edge, to the week beside with the cursor at its other edge."""
        column = self.current.column + by
        if 0 <= column < DAYS:
            self.move_to(Stop(column, self.current.hour))
            return
        hour = self.current.hour
        self.week_asked.emit(by)
        self.move_to(Stop(0 if by > 0 else DAYS - 1, hour))

    def _open(self) -> None:
        row = self.row()
        if row is not None:
            self.opened.emit(row)
        elif self.week is not None:
            self.slot_asked.emit(self.current)

    def menu_place(self) -> QPoint:
        """Return where on the screen a menu about the cursor's slot belongs."""
        return self.viewport().mapToGlobal(self.stop_rect(self.current).bottomLeft())

    # --- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        stop = self.stop_at(event.position().toPoint())
        if stop is not None:
            self.move_to(stop)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.stop_at(event.position().toPoint()) is not None:
            self._open()

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.week is not None:
            stop = self.stop_at(event.pos())
            QToolTip.showText(event.globalPos(), self.week.describe(stop) if stop is not None else "", self)
            return True
        return super().viewportEvent(event)

    # --- telling

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def _tell(self) -> None:
        said = self.week.describe(self.current) if self.week is not None else ""
        self.setAccessibleDescription(said)
        self.chosen.emit(self.row())
        if said and self.hasFocus() and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))
