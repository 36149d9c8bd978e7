"""A line for a whole number of things, right-aligned; Up and Down step it, and the wheel never changes it.

It may be empty. For amounts of money or decimals it is the wrong control.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.reference.texts import tr
from app.ui.kit.field import mark_bad


class CountEdit(QLineEdit):
    """A number from `least` to `most`; `count_changed` carries an int, or None for an empty line.

    Not a QSpinBox: under a style sheet Qt 6.11 gives its line a width of one pixel when it has no buttons.
    """

    count_changed = Signal(object)

    def __init__(
        self, value: int | None = None, *, least: int = 0, most: int = 9999, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._least, self._most = least, most
        self._told = value
        self.setValidator(QIntValidator(min(least, 0), most, self))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.set_count(value)
        self.textEdited.connect(self._on_edited)
        self.editingFinished.connect(self._tell)

    def count(self) -> int | None:
        """Return the number, or None when the line is empty or out of bounds; see `problem`."""
        return None if self.problem() or not self.text() else int(self.text())

    def set_count(self, value: int | None) -> None:
        """Show a number, or nothing; does not emit."""
        self._told = value
        self.setText("" if value is None else str(value))
        mark_bad(self, bad=False)

    def problem(self) -> str:
        """Return what is wrong with what was typed, as a sentence for the field; empty when nothing is."""
        text = self.text()
        if not text:
            return ""
        digits = text.removeprefix("-")
        if digits.isdecimal() and self._least <= int(text) <= self._most:
            return ""
        return tr("kit.count_out_of_bounds", least=self._least, most=self._most)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        now = self.count()
        wanted = self._least if now is None else now + step
        self.setText(str(min(max(wanted, self._least), self._most)))
        self._tell()

    def _on_edited(self) -> None:
        mark_bad(self, bad=bool(self.problem()))
        self._tell()

    def _tell(self) -> None:
        found = self.count()
        if found != self._told:
            self._told = found
            self.count_changed.emit(found)
