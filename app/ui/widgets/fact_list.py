"""Facts of a card in two columns of rows: a muted name and its value, wrapped.

It shows texts as they are; what they say is decided by a presenter.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.kit.label import Label
from app.ui.theme import px

_NAME_WIDTH = 112


class FactList(QWidget):
    """Names and values; `columns` of them side by side."""

    def __init__(self, *, columns: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._labels: list[Label] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(11))
        for column in range(columns):
            self._grid.setColumnStretch(column * 2 + 1, 1)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these facts, filling column after column, and forget those before."""
        self.clear()
        height = -(-len(facts) // self._columns)
        for at, (name, value) in enumerate(facts):
            column, row = divmod(at, height)
            words, shown = Label(name, "muted", wrap=True), Label(value, wrap=True)
            words.setFixedWidth(px(_NAME_WIDTH))
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            shown.setAccessibleName(f"{name}: {value}")
            for label, place in ((words, column * 2), (shown, column * 2 + 1)):
                self._grid.addWidget(label, row, place, Qt.AlignmentFlag.AlignTop)
                self._labels.append(label)

    def clear(self) -> None:
        """Show nothing and keep nothing."""
        for label in self._labels:
            self._grid.removeWidget(label)
            label.hide()
            label.setText("")
            label.setAccessibleName("")
            label.deleteLater()
        self._labels.clear()
