"""The tab Soggiorni: the stays, the newest first, and what can be done with them."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QVBoxLayout

from app.reference.texts import tr
from app.services.role import may_see_exit_reason
from app.ui.context import Context
from app.ui.kit import QuietButton, SecondaryButton, beside
from app.ui.presenters import guest as words
from app.ui.tabs.card_tab import CardTab
from app.ui.tabs.layout import empty_layout
from app.ui.widgets.stay_line import StayEntry


class StaysTab(CardTab):
    """The stays, the newest first, and what can be done with them."""

    title: ClassVar[str] = "guest.tab_stays"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.change_bed = SecondaryButton(tr("guest.change_bed"), "bed", on_click=self.open_bed)
        self.change_bed.setObjectName("changeBedButton")
        self.enter_again = SecondaryButton(tr("guest.enter_again"), "add", on_click=self.open_entry_again)
        self.enter_again.setObjectName("enterAgainButton")
        self.column.addLayout(self._list)
        self.column.addLayout(beside(self.change_bed, self.enter_again, None, spacing=8))
        self.column.addStretch(1)
        self.forget()

    def refresh(self) -> None:
        """Show the guest's stays; only the exit of her last stay can be taken back."""
        card = self.card
        if card is None:
            return
        with_reason = may_see_exit_reason(self.role)
        empty_layout(self._list)
        for at, stay in enumerate(card.stays):
            undo = None
            if at == 0 and stay.exit_on is not None:
                undo = QuietButton(tr("guest.undo_exit"), "undo", on_click=self.open_undo)
                undo.setObjectName("undoExitButton")
            said = words.stay_words(stay, with_reason=with_reason)
            self._list.addWidget(StayEntry(said, trail=undo, last=at == len(card.stays) - 1))
        self.change_bed.setVisible(card.current is not None)
        self.enter_again.setVisible(card.current is None)

    def open_entry_again(self) -> None:
        """Open the form of another stay of the guest."""
        from app.ui.dialogs.entry_dialog import EntryDialog

        if self.card is not None:
            self.show_form(EntryDialog(self.context, self, returning=self.card))

    def open_bed(self) -> None:
        """Open the form of another bed."""
        from app.ui.dialogs.bed_dialog import BedDialog

        if self.card is not None and (stay := self.card.current) is not None:
            self.show_form(BedDialog(self.context, self.card, stay, self))

    def open_undo(self) -> None:
        """Ask whether the last exit is to be taken back."""
        from app.ui.dialogs.undo_exit_dialog import UndoExitDialog

        if self.card is not None and self.card.stays:
            self.show_form(UndoExitDialog(self.context, self.card, self.card.stays[0], self))

    def forget(self) -> None:
        """Forget everything."""
        empty_layout(self._list)
        self.change_bed.hide()
        self.enter_again.hide()
