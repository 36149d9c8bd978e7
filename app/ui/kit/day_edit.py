"""A line for a day, made for the keyboard: typed in any usual form, arrows step a day, PgUp and PgDn a month.

It may be empty. What days are allowed beyond its bounds is a rule of the register, not of the line.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.reference.format import day_long
from app.reference.texts import tr
from app.ui.kit.day_text import add_months, read_day, write_day
from app.ui.kit.field import mark_bad
from app.ui.theme import colour, font, px


class DayEdit(QLineEdit):
    """Shows `22/11/2026` and, beside it, the day of the week; `day_changed` carries a date or None."""

    day_changed = Signal(object)

    def __init__(
        self,
        value: date | None = None,
        *,
        today: Callable[[], date] = date.today,
        earliest: date | None = None,
        latest: date | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Make the line; `today` is asked for missing parts and for the first step from an empty line."""
        super().__init__(parent)
        self._today = today
        self._earliest = earliest or date(1900, 1, 1)
        self._latest = latest or date(2199, 12, 31)
        self._told = value
        self.setPlaceholderText(tr("kit.day_placeholder"))
        self.setToolTip(tr("kit.day_help"))
        self.set_day(value)
        self.textEdited.connect(self._on_edited)
        self.editingFinished.connect(self._tidy)

    def day(self) -> date | None:
        """Return the day, or None when the line is empty or cannot be read; see `problem`."""
        return None if self.problem() or not self.text().strip() else read_day(self.text(), self._today())

    def problem(self) -> str:
        """Return what is wrong with what was typed, as a sentence for the field; empty when nothing is."""
        text = self.text().strip()
        if not text:
            return ""
        try:
            found = read_day(text, self._today())
        except ValueError:
            return tr("kit.day_unreadable")
        if found < self._earliest:
            return tr("kit.day_too_early", day=write_day(self._earliest))
        if found > self._latest:
            return tr("kit.day_too_late", day=write_day(self._latest))
        return ""

    def set_day(self, value: date | None) -> None:
        """Show a day, or nothing; does not emit."""
        self._told = value
        self.setText(write_day(value) if value else "")
        mark_bad(self, bad=False)

    def set_bounds(self, earliest: date | None, latest: date | None) -> None:
        """Change the first and last day that the line takes; None leaves that side open."""
        self._earliest = earliest or date(1900, 1, 1)
        self._latest = latest or date(2199, 12, 31)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        days = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(key), 0)
        months = {Qt.Key.Key_PageUp: 1, Qt.Key.Key_PageDown: -1}.get(Qt.Key(key), 0)
        if not (days or months):
            super().keyPressEvent(event)
            return
        start = self.day()
        if start is None:
            wanted = self._today()
        elif days:
            wanted = start + timedelta(days=days)
        else:
            wanted = add_months(start, months)
        self.setText(write_day(min(max(wanted, self._earliest), self._latest)))
        self._tell()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._tidy()

    def _on_edited(self) -> None:
        mark_bad(self, bad=False)
        if not self.problem():
            self._tell()

    def _tidy(self) -> None:
        found = self.day()
        if found is not None:
            self.setText(write_day(found))
        mark_bad(self, bad=bool(self.problem()))
        self._tell()

    def _tell(self) -> None:
        found = self.day()
        if found != self._told:
            self._told = found
            self.day_changed.emit(found)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        found = self.day()
        if found is None:
            return
        painter = QPainter(self)
        painter.setFont(font(12))
        weekday = day_long(found).split(" ")[0].rstrip(",")
        used = QFontMetrics(self.font()).horizontalAdvance(self.text()) + px(26)
        if used + QFontMetrics(painter.font()).horizontalAdvance(weekday) + px(12) < self.width():
            painter.setPen(colour("muted"))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(self.rect().adjusted(0, 0, -px(12), 0), flags, weekday)
