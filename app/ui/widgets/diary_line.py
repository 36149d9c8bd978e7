"""One note of the diary: day, kind and author over its text; what it corrected is struck through, on demand.

It shows; correcting is asked for with `correct_asked`.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Chip, Label, QuietButton
from app.ui.kit.painting import hairline
from app.ui.presenters import diary as words
from app.ui.theme import px


class DiaryLine(QWidget):
    """A note."""

    correct_asked = Signal()

    def __init__(self, note: words.NoteWords) -> None:
        super().__init__()
        self._before = QWidget()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, px(10), 0, px(12))
        self._column.setSpacing(px(5))
        self._column.addLayout(self._build_head(note))
        text = Label(note.text, wrap=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._column.addWidget(text)
        self._column.addLayout(self._build_foot(note))
        self._column.addWidget(self._build_before(note))
        self.setAccessibleName(f"{note.day}, {note.kind}, {note.author}")
        self.setAccessibleDescription(note.text)

    def _build_head(self, note: words.NoteWords) -> QHBoxLayout:
        self.correct = QuietButton(tr("diary.correct"), on_click=self.correct_asked.emit)
        self.correct.setAccessibleName(tr("diary.correct_that", day=note.day))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(Label(note.day, "strong"))
        row.addWidget(Chip("grey", note.kind))
        row.addStretch(1)
        row.addWidget(self.correct)
        return row

    def _build_foot(self, note: words.NoteWords) -> QHBoxLayout:
        self.show_before: QuietButton | None = None
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(Label(note.author, "small", wrap=True), 1)
        if note.before:
            self.show_before = QuietButton(words.corrections(len(note.before)), "history", on_click=self._on_before)
            row.addWidget(self.show_before)
        return row

    def _build_before(self, note: words.NoteWords) -> QWidget:
        column = QVBoxLayout(self._before)
        column.setContentsMargins(px(14), px(4), 0, 0)
        column.setSpacing(px(3))
        for who, text in note.before:
            old = Label(text, "muted", wrap=True)
            struck = old.font()
            struck.setStrikeOut(True)
            old.setFont(struck)
            old.setAccessibleName(f"{who}: {text}")
            column.addWidget(Label(who, "small", wrap=True))
            column.addWidget(old)
        self._before.hide()
        return self._before

    def _on_before(self) -> None:
        self._before.setVisible(self._before.isHidden())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        hairline(QPainter(self), 0, self.width(), self.height() - 0.5)
