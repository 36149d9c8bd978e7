"""A list of rows that scrolls by itself inside a card, rebuilt each time it is shown.

For some dozens of rows; longer lists are a `table_view`.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


class RowList(QScrollArea):
    """Widgets one under the other; Tab goes from one to the next, and the list scrolls to the one in use."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Tab must go to what is in the list, not to the ground it scrolls on.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._ground = QWidget()
        self._column = QVBoxLayout(self._ground)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.setWidget(self._ground)
        self.viewport().setAutoFillBackground(False)
        self._ground.setAutoFillBackground(False)
        self._rows: list[QWidget] = []

    def show_rows(self, rows: Iterable[QWidget]) -> None:
        """Show these rows and delete those before."""
        self.clear()
        self._rows = list(rows)
        for place, row in enumerate(self._rows):
            self._column.insertWidget(place, row)

    def rows(self) -> list[QWidget]:
        """Return the rows, from the top."""
        return list(self._rows)

    def clear(self) -> None:
        """Delete all rows."""
        for row in self._rows:
            row.hide()
            self._column.removeWidget(row)
            row.deleteLater()
        self._rows = []
