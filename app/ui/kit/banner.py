"""A banner tells the state of a whole page: what happened, whether anything was lost, what to do.

It stays until the page takes it away; for a passing word there is `Toast`.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.kit.button import SecondaryButton
from app.ui.kit.label import Label
from app.ui.kit.painting import box
from app.ui.theme import Tone, paint_icon, px, tokens

Mood = Literal["info", "ok", "warn", "error"]
_TONE: dict[Mood, Tone] = {"info": "primary", "ok": "green", "warn": "amber", "error": "red"}
_ICON: dict[Mood, str] = {"info": "info", "ok": "check_circle", "warn": "warning", "error": "error"}


class _Mark(QWidget):
    """The icon at the left, painted so that it follows the mood."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(px(28), px(28))
        self.icon_name = "info"
        self.tone: Tone = "primary"

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        paint_icon(QPainter(self), self.icon_name, tokens().ink(self.tone), QRectF(self.rect()))


class Banner(QWidget):
    """An icon, a sentence in bold, more words, and at most one action; `action_asked` when it is pressed."""

    action_asked = Signal()

    def __init__(
        self,
        mood: Mood = "info",
        title: str = "",
        text: str = "",
        *,
        action: str = "",
        action_icon: str = "",
        icon_name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Make a banner; `icon_name` takes the place of the mood's own icon."""
        super().__init__(parent)
        self._tone: Tone = _TONE[mood]
        self._mark = _Mark(self)
        self._title = Label("", "strong", wrap=True)
        self._text = Label("", wrap=True)
        self._action = SecondaryButton("", action_icon, on_click=self.action_asked.emit)
        words = QVBoxLayout()
        words.setSpacing(px(1))
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._text)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(18), px(12), px(16), px(12))
        row.setSpacing(px(14))
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self._action, 0, Qt.AlignmentFlag.AlignVCenter)
        self.tell(mood, title, text, action=action, icon_name=icon_name)

    def tell(self, mood: Mood, title: str, text: str = "", *, action: str = "", icon_name: str = "") -> None:
        """Say something else."""
        self._tone = _TONE[mood]
        self._mark.tone = self._tone
        self._mark.icon_name = icon_name or _ICON[mood]
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.update()
        self._mark.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        # The edge is the tone itself, thinned: #AARRGGBB.
        line = f"#66{tokens().ink(self._tone)[1:]}"
        box(QPainter(self), self.rect(), px(8), fill=f"{self._tone}_soft", line=line)
