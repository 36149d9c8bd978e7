"""A small card: whether a guest is counted in breakdowns, since when not and why, and the way to change it.

It shows; what is asked is done by the tab it is in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Chip, Label, QuietButton, SecondaryButton, beside
from app.ui.kit.painting import hairline
from app.ui.presenters import counting as words
from app.ui.theme import px
from app.ui.widgets.layout import empty_layout

if TYPE_CHECKING:
    from app.services.counting import CountingSheet


class UncountedEntry(QWidget):
    """A reason with its days."""

    end_asked = Signal(object)

    def __init__(self, line: words.UncountedLine) -> None:
        super().__init__()
        self.line = line
        self.end = QuietButton(tr("disclosure.uncounted_end"), on_click=lambda: self.end_asked.emit(line))
        self.end.setAccessibleName(tr("disclosure.uncounted_end_that", reason=line.reason))
        column = QVBoxLayout()
        column.setSpacing(px(2))
        column.addWidget(Label(line.reason, wrap=True))
        column.addWidget(Label(line.note, "small", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(6), 0, px(7))
        row.setSpacing(px(8))
        row.addLayout(column, 1)
        row.addWidget(self.end, 0, Qt.AlignmentFlag.AlignVCenter)
        self.end.setVisible(line.can_end)
        self.setAccessibleName(f"{line.reason}, {line.note}")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        hairline(QPainter(self), 0, self.width(), self.height() - 0.5)


class CountingCard(QWidget):
    """The card; `end_asked` carries the line that is to end."""

    add_asked = Signal()
    end_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chip = Chip("grey", "–")
        self.add = SecondaryButton(tr("disclosure.uncounted_add"), "visibility_off", on_click=self.add_asked.emit)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self.entries: list[UncountedEntry] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        head = Label(tr("disclosure.uncounted"), "heading")
        column.addLayout(beside(head, self.chip, None, self.add, spacing=10))
        column.addWidget(Label(tr("disclosure.uncounted_hint"), "small", wrap=True))
        column.addLayout(self._lines)

    def show_sheet(self, sheet: CountingSheet) -> None:
        """Show how she stands."""
        self.clear()
        self.chip.show_state(*words.chip(sheet))
        for line in words.lines(sheet):
            entry = UncountedEntry(line)
            entry.end_asked.connect(self.end_asked)
            self.entries.append(entry)
            self._lines.addWidget(entry)

    def clear(self) -> None:
        """Forget her."""
        self.entries = []
        empty_layout(self._lines)
        self.chip.show_state("grey", "–", "")
