"""A group of the tab Scheda: a heading with its buttons at the right, and under it what the group tells.

It holds what it is given; what is said is decided by `app.ui.presenters.guest_sheet`.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.kit.label import Label
from app.ui.theme import px


class SheetGroup(QWidget):
    """Heading and buttons over `body`."""

    def __init__(self, title: str, *buttons: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        head = QHBoxLayout()
        head.setSpacing(px(6))
        head.addWidget(Label(title, "heading"))
        head.addStretch(1)
        for button in buttons:
            head.addWidget(button)
        self.body = QVBoxLayout()
        self.body.setSpacing(px(8))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, px(6))
        column.setSpacing(px(8))
        column.addLayout(head)
        column.addLayout(self.body)
        self.setAccessibleName(title)
