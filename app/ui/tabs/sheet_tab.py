"""The tab Scheda: all fields of a guest; her full name only on demand, and noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from app.reference.texts import tr
from app.ui.context import Context
from app.ui.kit import Label, SecondaryButton, beside
from app.ui.presenters import guest as words
from app.ui.tabs.card_tab import CardTab
from app.ui.widgets.fact_list import FactList

if TYPE_CHECKING:
    from app.services.guest import FullName


class SheetTab(CardTab):
    """All fields; the full name only on demand."""

    title: ClassVar[str] = "guest.tab_sheet"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.facts = FactList()
        self._name = Label("", "strong", wrap=True)
        self._noted = Label(tr("guest.reveal_noted"), "small", wrap=True)
        self.reveal = SecondaryButton(tr("guest.reveal"), "visibility", on_click=self._on_reveal)
        self.reveal.setObjectName("revealNameButton")
        self.reveal.setToolTip(tr("guest.reveal_tip"))
        self.change = SecondaryButton(tr("guest.change"), "edit", on_click=self.open_change)
        self.change.setObjectName("changeGuestButton")
        self.column.addWidget(self.facts)
        self.column.addWidget(self._name)
        self.column.addWidget(self._noted)
        self.column.addLayout(beside(self.change, self.reveal, None, spacing=8))
        self.column.addStretch(1)
        self.hide_name()

    def refresh(self) -> None:
        """Show the guest's fields, her full name hidden."""
        if self.card is not None:
            self.facts.show_facts(words.sheet_facts(self.card))
            self.hide_name()

    def show_name(self, name: FullName) -> None:
        """Show the full name and say that this was noted."""
        said = f"{name.given_name} {name.family_name}".strip() or tr("guest.name_not_declared")
        self._name.setText(tr("guest.full_name", name=said))
        self._name.show()
        self._noted.show()
        self.reveal.hide()

    def hide_name(self) -> None:
        """Hide the full name and forget it."""
        self._name.setText("")
        self._name.hide()
        self._noted.hide()
        self.reveal.show()

    def name_shown(self) -> str:
        """Return the line with the full name, empty while it is hidden."""
        return self._name.text()

    def open_change(self) -> None:
        """Open the form that puts the guest's data right."""
        from app.ui.dialogs.guest_dialog import GuestDialog

        if self.card is not None:
            self.show_form(GuestDialog(self.context, self.card.id, self))

    def _on_reveal(self) -> None:
        if self.card is None:
            return
        register, card = self.context.register, self.card

        def done(name: FullName) -> None:
            if self.is_still(card):
                self.show_name(name)

        self.context.ask(self, lambda: register.guests.reveal(card.id), done)

    def forget(self) -> None:
        """Forget everything."""
        self.facts.clear()
        self.hide_name()
