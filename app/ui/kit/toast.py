"""A word in passing at the foot of the window: it is done, it is saved.

Never for an error that must be read or a question: it goes away by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.kit.button import Button, Look
from app.ui.kit.painting import box
from app.ui.theme import Tone, colour, font, paint_icon, px

_SHOWN_MS = 5000
_ICON: dict[Tone, str] = {
    "green": "check_circle",
    "amber": "warning",
    "red": "error",
    "violet": "shield",
    "grey": "info",
    "primary": "info",
}


class _ToastButton(Button):
    """The action of a toast, on its dark ground."""

    look = Look("rail_logo", None, "rail_active", ring="rail_logo")
    pad = 10


class Toast(QWidget):
    """One per window; a new word takes the place of the old, and of its action."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tone: Tone = "green"
        self._text = ""
        self._do: Callable[[], object] | None = None
        self._button = _ToastButton("", on_click=self._on_action, parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, px(6), 0)
        row.addStretch(1)
        row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        window.installEventFilter(self)
        self.hide()

    def tell(
        self,
        text: str,
        tone: Tone = "green",
        *,
        action: str = "",
        on_action: Callable[[], object] | None = None,
        shown_ms: int = _SHOWN_MS,
    ) -> None:
        """Show `text` for some seconds and say it to screen readers; `action` offers one button, such as undo."""
        self._text, self._tone, self._do = text, tone, on_action
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        self.update()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
        self._timer.start(shown_ms)

    def forget(self) -> None:
        """Hide and drop the words and the action: they may tell of people."""
        self._timer.stop()
        self._text, self._do = "", None
        self.setAccessibleName("")
        self.hide()

    def text(self) -> str:
        """Return the word shown last."""
        return self._text

    def _on_action(self) -> None:
        wanted, self._do = self._do, None
        self.hide()
        if wanted is not None:
            wanted()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        window = self._window
        words = QFontMetrics(font(13, 500)).horizontalAdvance(self._text)
        button = self._button.sizeHint().width() + px(8) if self._button.text() else 0
        width = min(words + px(60) + button, window.width() - px(32))
        height = px(42)
        self.setGeometry((window.width() - width) // 2, window.height() - height - px(24), width, height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        box(painter, self.rect(), px(9), fill="rail", line="rail_line")
        side = px(18)
        ink = {"green": "#74CF9E", "amber": "#F2B35F", "red": "#FF9A90"}.get(self._tone, "rail_logo")
        paint_icon(painter, _ICON[self._tone], ink, QRectF(px(14), (self.height() - side) / 2, side, side))
        painter.setFont(font(13, 500))
        painter.setPen(colour("rail_text"))
        button = self._button.width() + px(8) if self._button.isVisible() else 0
        words = self.rect().adjusted(px(42), 0, -px(14) - button, 0)
        shown = QFontMetrics(painter.font()).elidedText(self._text, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
