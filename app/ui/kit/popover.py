"""A small box that explains something next to the widget it belongs to; Esc, Return or a click elsewhere closes it.

It holds text alone, no question. It lies inside the window, so whatever hides the window's content hides it too.
"""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from app.ui.kit.label import Label
from app.ui.kit.painting import box
from app.ui.theme import px

_WIDTH = 300


class Popover(QFrame):
    """The box itself; made by `show_popover`."""

    def __init__(self, anchor: QWidget, text: str) -> None:
        super().__init__(anchor.window())
        self._anchor = anchor
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(text)
        words = Label(text, wrap=True)
        words.setFixedWidth(px(_WIDTH))
        column = QVBoxLayout(self)
        column.setContentsMargins(px(14), px(12), px(14), px(12))
        column.addWidget(words)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def dismiss(self) -> None:
        """Close the box; the keyboard goes back to where it was."""
        had_keyboard = self.hasFocus()
        self.hide()
        if had_keyboard and shiboken6.isValid(self._anchor):
            self._anchor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        closing = {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
        if event.key() in closing:
            self.dismiss()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.isVisible() and event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.dismiss()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget) and self.isVisible():
            inside = watched is self or self.isAncestorOf(watched)
            if not inside and watched is not self._anchor:
                self.dismiss()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        box(painter, self.rect(), px(8), fill="surface", line="border_field")


def show_popover(anchor: QWidget, text: str) -> Popover:
    """Open a box with `text` under `anchor`, kept inside the window, and give it the keyboard."""
    made = Popover(anchor, text)
    made.adjustSize()
    window = anchor.window()
    at = anchor.mapTo(window, QPoint(0, anchor.height() + px(4)))
    at.setX(max(px(8), min(at.x(), window.width() - made.width() - px(8))))
    if at.y() + made.height() > window.height():
        at.setY(anchor.mapTo(window, QPoint(0, 0)).y() - made.height() - px(4))
    made.move(at)
    made.show()
    made.raise_()
    made.setFocus(Qt.FocusReason.OtherFocusReason)
    return made
