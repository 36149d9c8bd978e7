"""The last row of the evening round: the note for the next shift and the initials, with what is wrong under them.

It signs nothing; what is written goes where `written` leads.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.services.signature import MOST_INITIALS
from app.ui.kit import Label, beside
from app.ui.kit.field import mark_bad
from app.ui.theme import px

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RoundSignature(QWidget):
    """One row with its labels beside the fields: every line that is not needed here is a guest more in the list."""

    written = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.note = QLineEdit()
        self.initials = QLineEdit()
        self.initials.setMaxLength(MOST_INITIALS + 2)
        self.initials.setFixedWidth(px(110))
        labels = []
        for field, key in ((self.note, "presences.round_note"), (self.initials, "presences.round_initials")):
            label = Label(tr(key), "field")
            label.setBuddy(field)
            labels.append(label)
            field.setAccessibleName(tr(key).replace("&", ""))
            field.textChanged.connect(self.written)
            field.installEventFilter(self)
        self._missing = Label("", "error")
        self._missing.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        column.addLayout(beside(labels[0], self.note, labels[1], self.initials, stretch=(0, 1), spacing=10))
        column.addWidget(self._missing, 0, Qt.AlignmentFlag.AlignRight)

    def show_words(self, note: str, initials: str) -> None:
        """Show what the round holds, without telling that it was written."""
        self.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.note.setText(note)
        self.initials.setText(initials)
        self.blockSignals(False)  # noqa: FBT003

    def ask_initials(self) -> None:
        """Give the keyboard to the initials; those proposed are marked, so that what is typed takes their place."""
        self.initials.setFocus(Qt.FocusReason.TabFocusReason)
        self.initials.selectAll()

    def set_error(self, text: str) -> None:
        """Say what is wrong with the initials; an empty text takes it away."""
        self._missing.setText(text)
        self._missing.setVisible(bool(text))
        self.initials.setAccessibleDescription(text)
        mark_bad(self.initials, bad=bool(text))

    def error(self) -> str:
        """Return what is shown as wrong, or an empty text."""
        return self._missing.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _ENTERS:
            if watched is self.note:
                self.ask_initials()
                return True
            if event.isAutoRepeat():
                return True  # the initials are proposed: a key that is held down must not sign with them
        return super().eventFilter(watched, event)
