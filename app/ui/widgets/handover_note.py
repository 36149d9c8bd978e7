"""A handover note in the list: about whom, its words in full, who wrote and who read it, and the keys that mark it.

It says what was asked for; the dialog around it writes.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Chip, Label, QuietButton, SecondaryButton, beside
from app.ui.kit.painting import focus_ring, hairline, ring_wanted
from app.ui.presenters.handover import HandoverLine
from app.ui.theme import px


class HandoverNote(QWidget):
    """One note; L or Return marks it as read, F as done, the arrows leave it."""

    read_asked = Signal(object)
    done_asked = Signal(object)
    """The note is done, or by mistake was said to be."""
    guest_asked = Signal(object)
    left = Signal(int)
    """The keyboard wants the note before (-1) or after (1)."""

    def __init__(self, line: HandoverLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = line
        self._ring = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(line.spoken)
        self.setAccessibleDescription(f"{line.by}. {line.read_by}")
        self.read = SecondaryButton(tr("handover.read"), "check", on_click=self._ask_read)
        self.read.setAccessibleName(tr("handover.read_name"))
        self.read.setToolTip(tr("handover.read_name"))
        name = "handover.reopen" if line.is_done else "handover.done"
        self.done = QuietButton(tr(name), "undo" if line.is_done else "done_all", on_click=self._ask_done)
        self.done.setAccessibleName(tr(f"{name}_name"))
        self.done.setToolTip(tr(f"{name}_name"))
        for button in (self.read, self.done):
            button.setAutoDefault(False)
        self._lay_out()
        self.read.setVisible(line.may_read)

    def _lay_out(self) -> None:
        line = self.line
        about = Label(line.about, "strong")
        head: list[QWidget | None] = [about]
        if line.row.guest is not None:
            opens = QuietButton("", "arrow_forward", on_click=lambda: self.guest_asked.emit(line.row.guest))
            opens.setAccessibleName(tr("handover.open_guest", name=line.about))
            opens.setToolTip(tr("handover.open_guest", name=line.about))
            opens.setAutoDefault(False)
            head.append(opens)
        if line.chip is not None:
            head.append(Chip(line.chip.tone, line.chip.word, line.chip.icon))
        head += [Label(line.by, "small"), None, self.read, self.done]
        words = Label(line.text, wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(10), px(8), px(10), px(10))
        column.setSpacing(px(4))
        column.addLayout(beside(*head, spacing=8))
        column.addWidget(words)
        column.addWidget(Label(line.read_by, "small", wrap=True))

    def _ask_read(self) -> None:
        if self.line.may_read:
            self.read_asked.emit(self.line.row)

    def _ask_done(self) -> None:
        self.done_asked.emit(self.line.row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_L | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._ask_read()
            case Qt.Key.Key_F:
                self._ask_done()
            case Qt.Key.Key_Up:
                self.left.emit(-1)
            case Qt.Key.Key_Down:
                self.left.emit(1)
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = ring_wanted(event.reason(), before=self._ring)
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        if self._ring and self.hasFocus():
            focus_ring(painter, self.rect().adjusted(0, 1, 0, -2), px(6))
        hairline(painter, 0, self.width(), self.height() - 0.5)
