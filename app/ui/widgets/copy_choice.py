"""A folder and the copies in it, the newest whole one chosen; those that are not whole are shown and say so.

It looks into no folder: whoever holds it brings the rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import ElidedLabel, Label, SecondaryButton, beside, table_view
from app.ui.presenters import backup
from app.ui.tables.copy_table import copy_model
from app.ui.theme import px

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.backup import CopyRow


class CopyChoice(QWidget):
    """The folder line and the table."""

    folder_asked = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._name = ElidedLabel(tr("restore.no_folder"), "strong")
        self.choose = SecondaryButton(tr("restore.choose"), "folder_open", on_click=self.folder_asked.emit)
        self.model = copy_model(backup.copy_state)
        self.table = table_view(self.model, stretch=0, name=tr("restore.table"))
        self.table.setFixedHeight(px(170))
        self.none = Label(tr("restore.none"), "muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addLayout(beside(self._name, self.choose, stretch=(1, 0), spacing=12))
        column.addWidget(self.table)
        column.addWidget(self.none)
        self.table.row_chosen.connect(lambda _row: self.changed.emit())
        self.setFocusProxy(self.choose)
        self.show_rows([])
        self.none.hide()

    def folder(self) -> Path | None:
        """Return the folder shown."""
        return self._folder

    def row(self) -> CopyRow | None:
        """Return the copy that is chosen, if it can be used."""
        row: CopyRow | None = self.table.current_row()
        return row if row is not None and not row.fault else None

    def show_folder(self, folder: Path) -> None:
        """Show a folder whose copies are still to come."""
        self._folder = folder
        self._name.setText(str(folder))
        self._name.setToolTip(str(folder))
        self.show_rows([])
        self.none.hide()

    def show_rows(self, rows: Sequence[CopyRow]) -> None:
        """Show the copies, the first one chosen."""
        self.model.show_rows(list(rows))
        self.table.choose(0)
        self.table.setVisible(bool(rows))
        self.none.setVisible(not rows)
        self.changed.emit()
