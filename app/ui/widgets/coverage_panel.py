"""The coverages of those who are in the house, what needs a hand first; Return writes or renews one.

The guest chosen is shown beside it; the number of a coverage is never here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import TWO_LINES, EmptyState, Label, beside, table_view
from app.ui.tables.coverage_table import coverage_model
from app.ui.theme import px

if TYPE_CHECKING:
    from app.ui.presenters.health import HealthView


class CoveragePanel(QWidget):
    """The panel; `chosen` carries the row of a guest or None, `opened` the one on which Return was pressed."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = coverage_model()
        self.table = table_view(self.model, stretch=1, row_height=TWO_LINES, name=tr("coverage.table"))
        self._pile = QStackedWidget()
        self._pile.addWidget(self.table)
        self._pile.addWidget(EmptyState("health_and_safety", tr("coverage.empty"), tr("coverage.empty_hint")))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, px(4))
        column.setSpacing(px(6))
        column.addWidget(self._pile, 1)
        foot = beside(Label(tr("coverage.hint"), "small", wrap=True))
        foot.setContentsMargins(px(12), 0, px(12), 0)
        column.addLayout(foot)
        self.table.row_chosen.connect(self.chosen)
        self.table.row_opened.connect(self.opened)
        self.setFocusProxy(self.table)

    def show_view(self, view: HealthView) -> None:
        """Show the coverages; the guest who was chosen stays chosen."""
        before = self.table.current_row()
        self.model.show_rows(view.coverages)
        self._pile.setCurrentIndex(0 if view.coverages else 1)
        again = next((row for row in view.coverages if before is not None and row.guest == before.guest), None)
        if again is not None:
            self.table.choose_row(again)
        else:
            self.table.choose(0)

    def clear(self) -> None:
        """Drop every row."""
        self.model.show_rows([])
