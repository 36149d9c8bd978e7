"""Initials in a circle; never a picture, and the full name is beside it or in the tooltip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.painting import box
from app.ui.theme import colour, font, px


def initials(name: str) -> str:
    """Return one or two capitals for a name: first and last word; empty for an empty name."""
    words = [word for word in name.replace(".", " ").split() if word[0].isalnum()]
    chosen = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0].upper() for word in chosen)


class Avatar(QWidget):
    """A circle of `side` pixels with the initials of a name."""

    def __init__(self, name: str = "", side: int = 28, *, fill: str = "avatar", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._fill = fill
        self._letters = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_name(name)

    def show_name(self, name: str) -> None:
        """Show the initials of another name."""
        self._letters = initials(name)
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self._side), px(self._side))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        box(painter, self.rect(), self.height() / 2, fill=self._fill)
        painter.setFont(font(max(10, round(self._side * 0.39)), 600))
        painter.setPen(colour("on_primary" if self._fill == "primary_fill" else "on_avatar"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letters)
