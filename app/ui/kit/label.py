"""Words on a page, each in one of a few roles that the style sheet knows.

A label only shows; a text that can be pressed is a `QuietButton`.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.theme import mono_font

Role = Literal["body", "strong", "muted", "small", "title", "heading", "figure", "error", "field", "mono"]


class Label(QLabel):
    """A text in a role; plain text always, so that a name with `<` in it is shown as it was written."""

    def __init__(
        self, text: str = "", role: Role = "body", *, wrap: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setWordWrap(wrap)
        if role == "mono":
            self.setFont(mono_font())
        elif role == "figure":
            # A figure that stands alone needs no column: digits of their own width look better at this size.
            face = self.font()
            face.setFeature(QFont.Tag("tnum"), 0)
            self.setFont(face)


class ElidedLabel(Label):
    """A label of one line that gives way with an ellipsis when room is short, and tells the whole as a tooltip."""

    def __init__(self, text: str = "", role: Role = "body", *, parent: QWidget | None = None) -> None:
        super().__init__(text, role, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 3, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment()) | Qt.TextFlag.TextSingleLine, shown)
        tip = self.text() if shown != self.text() else ""
        if tip != self.toolTip():
            self.setToolTip(tip)
