"""Some lines for free words in a form; Tab leaves them, because a form is filled by keyboard.

Plain text only: what is pasted loses its looks.
"""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.ui.theme import font, px


class NoteEdit(QPlainTextEdit):
    """A box `lines` high."""

    def __init__(self, *, lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(QFontMetrics(font()).lineSpacing() * lines + px(24))

    def words(self) -> str:
        """Return what was written, without blanks around it."""
        return self.toPlainText().strip()
