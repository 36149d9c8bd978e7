"""The line for searching: a glass at the left, a key hint at the right, Esc empties it.

It searches nothing itself; `search_asked` carries the text to whoever does.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.kit.painting import box
from app.ui.theme import colour, font, icon, px


class SearchBox(QLineEdit):
    """A search line; `hint` such as `Ctrl K` is drawn as a key while the line is empty and not in use."""

    search_asked = Signal(str)
    """The text, at each change (with `live`) and at Return."""
    left_below = Signal()
    """The Down key was pressed: whoever shows results takes the keyboard."""

    def __init__(self, placeholder: str, *, hint: str = "", live: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = hint
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setProperty("search", "true")
        self.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.returnPressed.connect(self._ask)
        if live:
            self.textEdited.connect(self.search_asked)

    def _ask(self) -> None:
        self.search_asked.emit(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.setText("")
            self.search_asked.emit("")
            return
        if event.key() == Qt.Key.Key_Down:
            self.left_below.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._hint or self.text() or self.hasFocus():
            return
        painter = QPainter(self)
        painter.setFont(font(11))
        width = QFontMetrics(painter.font()).horizontalAdvance(self._hint) + px(12)
        height = px(19)
        key = QRect(self.width() - width - px(11), (self.height() - height) // 2, width, height)
        box(painter, QRectF(key), 4, fill="surface", line="border")
        painter.setPen(colour("muted"))
        painter.drawText(key, Qt.AlignmentFlag.AlignCenter, self._hint)
