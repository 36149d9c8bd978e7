"""A section of a guest's card: a heading with a button at the right, and rows one under the other.

It shows the words it is given and forgets them when told.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.ui.kit import Chip, Label, ListRow, Mark, SecondaryButton, beside
from app.ui.presenters.protection import HistoryLine
from app.ui.theme import px


class CardSection(QWidget):
    """Heading, `action`, and `column` for what it holds."""

    def __init__(
        self, title: str, action: str, icon: str, on_click: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.action = SecondaryButton(action, icon, on_click=on_click)
        self.column = QVBoxLayout()
        self.column.setSpacing(0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(px(2))
        outer.addLayout(beside(Label(title, "heading"), None, self.action))
        outer.addLayout(self.column)
        self.setAccessibleName(title)

    def show_words(self, words: str, role: str = "muted") -> None:
        """Show one sentence in the place of rows."""
        self.clear()
        self.column.addWidget(Label(words, "muted" if role == "muted" else "body", wrap=True))

    def add_line(self, line: HistoryLine, on_open: Callable[[], object]) -> ListRow:
        """Add a row of a history that opens its form."""
        chip = Chip(line.chip.tone, line.chip.word, line.chip.icon) if line.chip else None
        row = ListRow(line.title, line.note, trail=chip, can_open=True)
        row.opened.connect(on_open)
        self.column.addWidget(row)
        return row

    def clear(self) -> None:
        """Drop every word and row, also what only a screen reader would say: a widget lives on until the next event."""
        while self.column.count():
            item = self.column.takeAt(0)
            old = item.widget() if item is not None else None
            if old is None:
                continue
            for widget in (old, *old.findChildren(QWidget)):
                widget.setAccessibleName("")
                widget.setAccessibleDescription("")
                widget.setToolTip("")
                if isinstance(widget, QLabel):
                    widget.setText("")
            old.hide()
            old.deleteLater()


class ReservedRow(ListRow):
    """Says kindly that something is for other roles: what, and for whom."""

    def __init__(self, what: str, for_whom: str, parent: QWidget | None = None) -> None:
        super().__init__(what, for_whom, lead=Mark("lock", "muted"), parent=parent)
