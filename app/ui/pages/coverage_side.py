"""The card beside the list of coverages: the guest who is chosen, and her coverage with what can be done with it.

The list itself is `app.ui.widgets.coverage_panel`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.ui.context import Context
from app.ui.kit import Card, Label, QuietButton, beside
from app.ui.tabs.guest_coverage import GuestCoverage
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.coverage import HouseCoverage


class CoverageSide(Card):
    """The card; `guest_asked` when her own card is wanted."""

    guest_asked = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._row: HouseCoverage | None = None
        self._name = Label("", "title")
        self._code = Label("", "mono")
        self.coverage = GuestCoverage(context)
        self.guest = QuietButton(tr("health.open_guest"), on_click=self._on_guest)
        self.body.setSpacing(px(12))
        self.body.addLayout(beside(self._name, self._code, None, spacing=8))
        self.body.addWidget(self.coverage)
        self.body.addStretch(1)
        self.body.addLayout(beside(None, self.guest))
        self.clear()

    def show_row(self, row: HouseCoverage | None) -> None:
        """Show a guest, or nobody."""
        self.clear()
        if row is None:
            return
        self._row = row
        self._name.setText(row.name_used)
        self._code.setText(row.code)
        self.guest.show()
        self.coverage.ask(row.guest, row.name_used)

    def clear(self) -> None:
        """Forget the guest."""
        self._row = None
        self._name.clear()
        self._code.clear()
        self.guest.hide()
        self.coverage.clear()

    def _on_guest(self) -> None:
        if self._row is not None:
            self.guest_asked.emit(self._row.guest)
