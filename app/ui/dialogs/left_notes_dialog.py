"""The notes in which somebody who is erased may still be named: each is opened where it is read, and put right there.

It changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.ui.kit import Dialog, ListRow
from app.ui.presenters.retention import left_place, left_title
from app.ui.theme import px
from app.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from app.services.left_note import LeftNote


class LeftNotesDialog(Dialog):
    """The list; Return on a row goes there."""

    place_asked = Signal(str, object)

    def __init__(self, notes: Sequence[LeftNote], parent: QWidget | None) -> None:
        super().__init__(parent, tr("retention.left_title"), tr("retention.left_lead"), width=640)
        self.rows = RowList()
        self.rows.setMinimumHeight(px(240))
        rows = []
        for note in notes:
            row = ListRow(left_title(note), f"«{note.words}»", can_open=True)
            row.opened.connect(partial(self._go, note))
            rows.append(row)
        self.rows.show_rows(rows)
        self.body.addWidget(self.rows, 1)
        self.add_cancel(tr("kit.close"))
        if rows:
            rows[0].setFocus()

    def _go(self, note: LeftNote) -> None:
        self.accept()
        self.place_asked.emit(*left_place(note))

    def done(self, result: int) -> None:
        """Forget what is in it: it names people."""
        self.rows.clear()
        super().done(result)
