"""One entry of the rail, and the lines of text around it.

It says that it was pressed; which page that is, and whether it may be seen, is not its business.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.reference.texts import tr_n
from app.ui.kit.painting import box, ring_wanted
from app.ui.theme import colour, font, paint_icon, px

RAIL_WIDTH = 200
_ENTRY_HEIGHT = 32


class RailLabel(QWidget):
    """A line of text on the rail, in a token's colour."""

    def __init__(self, text: str, ink: str, size: int = 13, weight: int = 400) -> None:
        super().__init__()
        self._ink, self._size, self._weight = ink, size, weight
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Show another text."""
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(60), QFontMetrics(font(self._size, self._weight)).height() + 1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setFont(font(self._size, self._weight))
        painter.setPen(colour(self._ink))
        shown = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, shown)


class RailEntry(QAbstractButton):
    """One page on the rail, with its icon and, when something waits there, a count."""

    stepped = Signal(int)
    """Up (-1) or Down (+1) was pressed on it."""

    def __init__(self, page_id: str, icon_name: str, text: str) -> None:
        super().__init__()
        self.page_id = page_id
        self._icon_name = icon_name
        self._badge = 0
        self._ring = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setObjectName(f"{page_id}Entry")
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Show the name of the page, in the language in use."""
        self.setText(text)
        self._name()

    def show_badge(self, count: int) -> None:
        """Show how many things wait on the page; 0 shows none."""
        self._badge = count
        self._name()
        self.update()

    def badge(self) -> int:
        """Return the count shown."""
        return self._badge

    def _name(self) -> None:
        waiting = tr_n("frame.waiting", self._badge) if self._badge else ""
        self.setAccessibleName(f"{self.text()}, {waiting}" if waiting else self.text())

    def nextCheckState(self) -> None:  # noqa: N802
        # Pressing an entry asks for its page; which entry is marked follows the page that is shown.
        return

    def sizeHint(self) -> QSize:
        return QSize(px(RAIL_WIDTH - 20), px(_ENTRY_HEIGHT))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = ring_wanted(event.reason(), before=self._ring)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        lit = self.isChecked() or self.underMouse()
        if self.isChecked():
            box(painter, self.rect(), px(6), fill="rail_active")
        elif self.underMouse():
            box(painter, self.rect(), px(6), fill="rail_line")
        if self.hasFocus() and self._ring:
            box(painter, self.rect(), px(6), line="rail_logo", width=2)
        ink = "#FFFFFF" if lit else "rail_text"
        side = px(18)
        paint_icon(painter, self._icon_name, ink, QRectF(px(10), (self.height() - side) / 2, side, side))
        painter.setFont(font(13, 500 if self.isChecked() else 400))
        painter.setPen(colour(ink))
        room = self.rect().adjusted(px(38), 0, -px(29) if self._badge else -px(4), 0)
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
        if self._badge:
            self._paint_badge(painter)

    def _paint_badge(self, painter: QPainter) -> None:
        text = str(self._badge) if self._badge < 100 else "99+"
        painter.setFont(font(11, 600))
        width = max(px(18), painter.fontMetrics().horizontalAdvance(text) + px(9))
        height = px(18)
        disc = QRect(self.width() - width - px(8), (self.height() - height) // 2, width, height)
        box(painter, disc, height / 2, fill="badge")
        painter.setPen(colour("on_badge"))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, text)
