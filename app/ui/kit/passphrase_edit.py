"""The line where the *frase segreta* is typed, with an eye to look at it.

It keeps nothing: `take` hands the phrase over and empties the line. Python cannot promise to wipe the memory.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.reference.texts import tr
from app.ui.theme import icon


class PassphraseEdit(QLineEdit):
    """A hidden line; nothing can be copied or dragged out of it, and it hides again when it disappears."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setDragEnabled(False)
        self._eye = QAction(self)
        self._eye.triggered.connect(self.toggle)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        self.set_shown(shown=False)

    def set_shown(self, *, shown: bool) -> None:
        """Show the letters, or dots in their place."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._eye.setIcon(icon("visibility_off" if shown else "visibility", "muted"))
        self._eye.setText(tr("kit.hide_passphrase" if shown else "kit.show_passphrase"))

    def is_shown(self) -> bool:
        """Return whether the letters are shown."""
        return self.echoMode() == QLineEdit.EchoMode.Normal

    def toggle(self) -> None:
        """Show what is hidden, hide what is shown."""
        self.set_shown(shown=not self.is_shown())

    def take(self) -> str:
        """Return the phrase and empty the line, its undo history too."""
        phrase = self.text()
        # `clear` can be undone with Ctrl+Z; setting a text cannot.
        self.setText("")
        self.set_shown(shown=False)
        return phrase

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt hides a passphrase from the clipboard only while it shows dots.
        if event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.Cut):
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        # On X11 a text selected with the mouse is in the clipboard at once.
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def hideEvent(self, event: QHideEvent) -> None:
        self.set_shown(shown=False)
        super().hideEvent(event)
