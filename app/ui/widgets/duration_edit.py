"""A line for a length of time, typed as people write it; beside it stands what was understood.

How it is read is said in `app.ui.presenters.visit`.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.reference.texts import tr
from app.ui.kit import mark_bad
from app.ui.presenters.visit import TimeUnreadable, read_minutes, say_minutes, write_minutes
from app.ui.theme import colour, font, px


class DurationEdit(QLineEdit):
    """Shows `1:30` and, beside it, `1 h 30`; `minutes_changed` carries an int while what is typed can be read."""

    minutes_changed = Signal(int)

    def __init__(self, minutes: int | None = None, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(tr("inclusion.duration_help"))
        self.set_minutes(minutes)
        self.textEdited.connect(self._on_edited)

    def minutes(self) -> int | None:
        """Return the minutes, or None when the line is empty or cannot be read; see `problem`."""
        try:
            return read_minutes(self.text())
        except TimeUnreadable:
            return None

    def set_minutes(self, minutes: int | None) -> None:
        """Show a duration, or nothing; does not emit."""
        self.setText(write_minutes(minutes))
        mark_bad(self, bad=False)

    def problem(self) -> str:
        """Return what is wrong with what was typed, as a sentence for the field; empty when nothing is."""
        return "" if self.minutes() is not None else tr("inclusion.duration_unreadable")

    def _on_edited(self) -> None:
        found = self.minutes()
        mark_bad(self, bad=found is None and bool(self.text().strip()))
        if found is not None:
            self.minutes_changed.emit(found)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        found = self.minutes()
        if found is None:
            return
        painter = QPainter(self)
        painter.setFont(font(12))
        said = say_minutes(found)
        used = QFontMetrics(self.font()).horizontalAdvance(self.text()) + px(26)
        if used + QFontMetrics(painter.font()).horizontalAdvance(said) + px(12) < self.width():
            painter.setPen(colour("muted"))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(self.rect().adjusted(0, 0, -px(12), 0), flags, said)
