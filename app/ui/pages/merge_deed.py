"""Joining and parting records from a guest's card: the dialogs, and the word in passing that takes it back.

What joining does is decided by `app.services.merge`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from app.reference.ids import GuestId, MergeId
from app.reference.texts import tr
from app.ui.context import Context

if TYPE_CHECKING:
    from app.services.guest import GuestCard


class MergeDeed(QObject):
    """Opens the two dialogs over a page; `kept` carries the guest whose record stays."""

    kept = Signal(object)

    def __init__(self, context: Context, page: QWidget, show: Callable[[QDialog], object]) -> None:
        """Take the page that the dialogs lie over and its way to show one."""
        super().__init__(page)
        self._context = context
        self._page = page
        self._show = show

    def merge(self, card: GuestCard | None) -> None:
        """Open the dialog that joins another record into this one."""
        from app.ui.dialogs.merge_dialog import MergeDialog

        if card is not None:
            dialog = MergeDialog(self._context, card.id, card.name_used, card.code, self._page)
            dialog.merged.connect(partial(self._on_merged, card.name_used))
            self._show(dialog)

    def part(self, card: GuestCard | None) -> None:
        """Open the dialog that parts records again."""
        from app.ui.dialogs.part_dialog import PartDialog

        if card is not None:
            self._show(PartDialog(self._context, card.id, card.name_used, card.code, self._page))

    def _on_merged(self, name: str, merge: MergeId, kept: GuestId) -> None:
        self._context.offered.emit(tr("merge.joined", name=name), tr("merge.undo"), partial(self._undo, merge))
        self.kept.emit(kept)

    def _undo(self, merge: MergeId) -> None:
        merges = self._context.register.merges

        def done(_: None) -> None:
            self._context.told.emit("ok", tr("merge.parted"))

        self._context.write(self, lambda: merges.undo(merge), done, changes="guests")
