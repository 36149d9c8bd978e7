"""Handing out and erasing what is held about a guest, from her card: the two dialogs.

What may be done is decided by `app.services.retention` and `app.services.holding`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from app.ui.context import Context

if TYPE_CHECKING:
    from app.services.guest import GuestCard


class RetentionDeed(QObject):
    """Opens the dialogs over a page."""

    def __init__(self, context: Context, page: QWidget, show: Callable[[QDialog], object]) -> None:
        """Take the page that the dialogs lie over and its way to show one."""
        super().__init__(page)
        self._context = context
        self._page = page
        self._show = show

    def hand_out(self, card: GuestCard | None) -> None:
        """Open the dialog that makes a copy of all that is held about her, for herself."""
        from app.ui.dialogs.held_dialog import HeldDialog

        if card is not None:
            self._show(HeldDialog(self._context, card.id, card.name_used, card.code, self._page))

    def erase(self, card: GuestCard | None) -> None:
        """Open the guided end of keeping for her."""
        from app.ui.dialogs.erasure_dialog import ErasureDialog

        if card is not None:
            self._show(ErasureDialog(self._context, card.id, self._page))
