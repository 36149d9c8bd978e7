"""What protects the register on this computer, said as it is: no promise that was not proved at opening.

Nothing can be changed here.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.ui.kit import Card, Chip, ListRow, Mark
from app.ui.presenters.settings import SettingsView


class ProtectionCard(Card):
    """The cipher, the keyring, the folder."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("settings.protection"), parent=parent)
        self.keyring_chip = Chip("grey", "")
        self.cipher = ListRow(tr("settings.cipher"), " ", lead=Mark("encrypted", "primary"))
        self.keyring = ListRow(tr("settings.keyring"), " ", lead=Mark("key", "primary"), trail=self.keyring_chip)
        self.folder = ListRow(tr("settings.folder"), " ", lead=Mark("folder_open", "primary"))
        for row in (self.cipher, self.keyring, self.folder):
            self.body.addWidget(row)

    def show_view(self, view: SettingsView) -> None:
        """Show what was found."""
        self.cipher.show_text(tr("settings.cipher"), tr("settings.cipher_text", version=view.cipher_version))
        if view.uses_keyring:
            self.keyring_chip.show_state("primary", tr("settings.keyring_used"), "check")
            self.keyring.show_text(tr("settings.keyring"), tr("settings.keyring_used_text"))
        else:
            self.keyring_chip.show_state("amber", tr("settings.keyring_unused"), "warning")
            self.keyring.show_text(tr("settings.keyring"), tr("settings.keyring_unused_text"))
        self.folder.show_text(tr("settings.folder"), str(view.folder))
        self.folder.setToolTip(str(view.folder))
