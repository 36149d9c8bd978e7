"""One purpose with its present answer, and one line of what was answered or given before.

They show; answering, withdrawing and taking out are asked for.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Chip, Label, QuietButton, QuietIconButton
from app.ui.kit.painting import hairline
from app.ui.presenters.consent import ConsentLine, PastLine
from app.ui.theme import px


class ConsentEntry(QWidget):
    """A purpose, its answer in a chip, and what can be done."""

    answer_asked = Signal()
    withdraw_asked = Signal()

    def __init__(self, line: ConsentLine) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(px(22) if line.under else 0, px(7), 0, px(8))
        row.setSpacing(px(8))
        row.addLayout(_words(line.title, line.note, strong=not line.under), 1)
        if line.word:
            row.addWidget(Chip(line.tone, line.word, line.icon), 0, Qt.AlignmentFlag.AlignVCenter)
        self.withdraw = QuietButton(tr("consents.withdraw"), on_click=self.withdraw_asked.emit)
        self.withdraw.setAccessibleName(tr("consents.withdraw_that", purpose=line.title))
        self.answer = QuietButton(tr("consents.answer_this"), on_click=self.answer_asked.emit)
        self.answer.setAccessibleName(tr("consents.answer_that", purpose=line.title))
        for button, wanted in ((self.withdraw, line.withdrawable is not None), (self.answer, line.can_answer)):
            row.addWidget(button)
            button.setVisible(wanted)  # only now: without a place it would flash up as a window
        self.setAccessibleName(f"{line.title}: {line.word}")
        self.setAccessibleDescription(line.note)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        hairline(QPainter(self), 0, self.width(), self.height() - 0.5)


class PastEntry(QWidget):
    """A line of the history or a paper given; it can be taken out when it was written by mistake."""

    remove_asked = Signal()

    def __init__(self, line: PastLine) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(6), 0, px(7))
        row.setSpacing(px(8))
        row.addLayout(_words(line.title, line.note, strong=False), 1)
        remove = QuietIconButton("delete", tr("consents.remove_that", what=line.title), on_click=self.remove_asked.emit)
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignVCenter)
        self.remove = remove
        self.setAccessibleName(line.title)
        self.setAccessibleDescription(line.note)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        hairline(QPainter(self), 0, self.width(), self.height() - 0.5)


def _words(title: str, note: str, *, strong: bool) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(px(2))
    column.addStretch(1)
    column.addWidget(Label(title, "strong" if strong else "body", wrap=True))
    if note:
        column.addWidget(Label(note, "small", wrap=True))
    column.addStretch(1)
    return column
