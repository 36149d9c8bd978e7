"""What a page or a list shows when it has nothing: why, and what to do first.

Not for errors; those are a `Banner`.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.kit.button import PrimaryButton, SecondaryButton
from app.ui.kit.label import Label
from app.ui.kit.painting import box
from app.ui.theme import paint_icon, px


class _Disc(QWidget):
    """An icon in a soft circle."""

    def __init__(self, icon_name: str) -> None:
        super().__init__()
        self._icon_name = icon_name
        self.setFixedSize(px(56), px(56))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        box(painter, self.rect(), self.height() / 2, fill="primary_soft")
        side = px(28)
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(self.rect()).center())
        paint_icon(painter, self._icon_name, "primary", square)


class EmptyState(QWidget):
    """An icon, a sentence, what to do, and perhaps the button that does it (`action_asked`)."""

    action_asked = Signal()

    def __init__(
        self,
        icon_name: str,
        sentence: str,
        hint: str = "",
        *,
        action: str = "",
        action_icon: str = "",
        primary: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        centre = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(24), px(24), px(24))
        column.setSpacing(px(8))
        column.addStretch(1)
        column.addWidget(_Disc(icon_name), 0, centre)
        column.addSpacing(px(4))
        for text, role in ((sentence, "heading"), (hint, "muted")):
            words = Label(text, "heading" if role == "heading" else "muted", wrap=True)
            words.setAlignment(centre)
            words.setMaximumWidth(px(420))
            words.setMinimumWidth(px(200))
            # Between stretches, not aligned: an aligned label is as high as one line and cuts the second.
            line = QHBoxLayout()
            line.addStretch(1)
            line.addWidget(words, 100)
            line.addStretch(1)
            column.addLayout(line)
            if not text:  # shown only once it has a place: a widget without one would flash up as a window
                words.hide()
        if action:
            kind = PrimaryButton if primary else SecondaryButton
            column.addSpacing(px(4))
            column.addWidget(kind(action, action_icon, on_click=self.action_asked.emit), 0, centre)
        column.addStretch(1)
        self.setAccessibleName(sentence)
        self.setAccessibleDescription(hint)
