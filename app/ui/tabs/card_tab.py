"""A tab of a guest's card: it is given the card, asks for its own topic when it is seen, and forgets on lock.

What a tab shows is decided by its presenter; who may see it, by `app.services.role`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from app.ui.context import Context
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.guest import GuestCard


class CardTab(QScrollArea):
    """A tab that scrolls when its content is longer than the card; add to `column`."""

    title: ClassVar[str] = ""
    """The text key of the tab's word."""
    form_opened = Signal(object)
    """A dialog was opened from this tab."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.card: GuestCard | None = None
        self.role: str | None = None
        self._is_stale = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        ground = QWidget()
        self.column = QVBoxLayout(ground)
        self.column.setContentsMargins(0, px(12), px(6), 0)
        self.column.setSpacing(px(12))
        self.setWidget(ground)
        # `setWidget` makes the ground opaque; the card under it is what should be seen.
        ground.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def take(self, card: GuestCard, role: str | None, *, seen: bool) -> None:
        """Take the fresh card of the guest shown; ask for more now if the tab is seen, else when it is."""
        if self.card is not None and self.card.id != card.id:
            self.forget()
        self.card, self.role = card, role
        self._is_stale = True
        if seen:
            self.come_into_view()

    def come_into_view(self) -> None:
        """Ask for what the tab shows, if the card changed since it was last asked."""
        if self._is_stale and self.card is not None:
            self._is_stale = False
            self.refresh()

    def is_still(self, card: GuestCard) -> bool:
        """Tell whether an answer about this guest is still wanted."""
        return self.card is not None and self.card.id == card.id

    def refresh(self) -> None:
        """Ask for the topic of `self.card` and show it; `is_still` tells whether a late answer is wanted."""
        raise NotImplementedError

    def clear(self) -> None:
        """Forget the guest and every word about her: another is chosen, or the register is being locked."""
        self.card = None
        self._is_stale = False
        self.forget()

    def forget(self) -> None:
        """Drop every word and row that the tab shows."""
        raise NotImplementedError

    def show_form(self, dialog: QDialog) -> None:
        """Open a dialog, filled with what was half written in it at the last lock."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.context.give_back(dialog)
        dialog.open()
        self.form_opened.emit(dialog)
