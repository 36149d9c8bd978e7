"""A word in passing at the foot of the window: it is done, it is saved.

Never for a question: it goes away by itself. A long sentence takes more lines, and stays until it can be read.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.kit.button import Button, Look
from app.ui.kit.painting import box
from app.ui.theme import Tone, colour, font, paint_icon, px

_SHOWN_MS = 5000
_MS_A_LETTER = 60
_WIDEST = 760
_BEFORE, _BEHIND = 42, 14
_LINES = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
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
        shown_ms: int = 0,
    ) -> None:
        """Show `text`, a long one longer, and say it to screen readers; `action` offers one button, such as undo."""
        self._text, self._tone, self._do = text, tone, on_action
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        self.update()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
        self._timer.start(shown_ms or max(_SHOWN_MS, len(text) * _MS_A_LETTER))

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
        metrics = QFontMetrics(font(13, 500))
        button = self._button.sizeHint().width() + px(8) if self._button.text() else 0
        around = px(_BEFORE) + px(_BEHIND) + button
        widest = min(window.width() - px(32), px(_WIDEST))
        width = min(metrics.horizontalAdvance(self._text) + around + px(4), widest)
        words = metrics.boundingRect(QRect(0, 0, width - around, window.height()), _LINES, self._text)
        height = max(px(42), words.height() + px(22))
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
        words = self.rect().adjusted(px(_BEFORE), 0, -px(_BEHIND) - button, 0)
        painter.drawText(words, _LINES, self._text)
