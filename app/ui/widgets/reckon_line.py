"""How long a reckoning goes on already: a word with the seconds, a moving bar, and a button that gives it up.

It stops nothing itself: the button asks.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Label, SecondaryButton
from app.ui.theme import px


class ReckonLine(QWidget):
    """The line; hidden until something is under way."""

    stop_asked = Signal()

    def __init__(self, key: str, hint_key: str, *, can_stop: bool = True, parent: QWidget | None = None) -> None:
        """Take the keys of the sentence, which has a place `seconds`, and of the one under it."""
        super().__init__(parent)
        self._key = key
        self.words = Label("", "strong", wrap=True)
        self.hint = Label(tr(hint_key), "muted", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self.stop = SecondaryButton(tr("disclosure.give_up"), "close", on_click=self.stop_asked.emit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        for each in (self.words, self._bar, self.hint):
            column.addWidget(each)
        row = QHBoxLayout()
        row.addWidget(self.stop)
        row.addStretch(1)
        column.addLayout(row)
        self.stop.setVisible(can_stop)  # not before it has a place: it would be a window of its own
        self.hide()

    def begin(self, hint_key: str = "") -> None:
        """Show that it begins."""
        if hint_key:
            self.hint.setText(tr(hint_key))
        self.tell(0)
        self.show()

    def tell(self, seconds: int) -> None:
        """Say how many seconds it takes already."""
        said = tr(self._key, seconds=seconds)
        self.words.setText(said)
        self._bar.setAccessibleName(said)
