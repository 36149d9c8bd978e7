"""The ground of a page: its margins, and a column to put cards in.

It holds no title; that is in the top bar of the frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.theme import px


class Page(QWidget):
    """A page of the frame; add to `body` from above."""

    @contextmanager
    def keyboard_kept(self) -> Iterator[None]:
        """Keep the keyboard in the page while it shows something else: what had it may go, and Qt would take any."""
        before: object = self.window().focusWidget()
        mine = isinstance(before, QWidget) and self.isAncestorOf(before)
        yield
        now: object = self.window().focusWidget()
        if mine and not (isinstance(now, QWidget) and self.isAncestorOf(now) and now.isVisible()):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(px(20), px(16), px(20), px(16))
        self.body.setSpacing(px(14))


def beside(*widgets: QWidget | None, stretch: Sequence[int] = (), spacing: int = 14) -> QHBoxLayout:
    """Return a row of widgets; None is an empty place that takes what room is left, `stretch` shares the width."""
    row = QHBoxLayout()
    row.setSpacing(px(spacing))
    for place, widget in enumerate(widgets):
        share = stretch[place] if place < len(stretch) else 0
        if widget is None:
            row.addStretch(max(share, 1))
        else:
            row.addWidget(widget, share)
    return row


def stacked(*cards: QWidget) -> QWidget:
    """Return a column of cards, as high as they are; what room is left is below them."""
    ground = QWidget()
    column = QVBoxLayout(ground)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(14))
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    return ground


def centred(page: QWidget, card: QWidget) -> None:
    """Put a card in the middle of a page that paints its own ground; it scrolls where the window is too small."""
    ground = QWidget()
    middle = QVBoxLayout(ground)
    middle.addStretch(1)
    # Between stretches, not aligned: an aligned widget is not asked how high its wrapped words make it.
    middle.addLayout(beside(None, card, None))
    middle.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(ground)
    # `setWidget` makes the ground opaque; the colour of the page is what should be seen.
    ground.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(area)
