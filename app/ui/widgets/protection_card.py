"""What protects the register on this computer, said as it is: no promise that was not proved.

Nothing can be changed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.ui.kit import Card, Chip, Label, ListRow, Mark
from app.ui.presenters.session import session_words
from app.ui.presenters.settings import SettingsView

if TYPE_CHECKING:
    from app.platform.session import Recognised


class ProtectionCard(Card):
    """The cipher, the keyring, the screen's lock, the folder."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("settings.protection"), parent=parent)
        self.keyring_chip = Chip("grey", "")
        self.cipher = ListRow(tr("settings.cipher"), " ", lead=Mark("encrypted", "primary"))
        self.keyring = ListRow(tr("settings.keyring"), " ", lead=Mark("key", "primary"), trail=self.keyring_chip)
        self.lock_chip = Chip("grey", "")
        self.lock = ListRow(tr("session.screen"), " ", lead=Mark("lock", "primary"), trail=self.lock_chip)
        self._lock_more = Label("", "small", wrap=True)
        self.folder = ListRow(tr("settings.folder"), " ", lead=Mark("folder_open", "primary"))
        for row in (self.cipher, self.keyring, self.lock, self._lock_more, self.folder):
            self.body.addWidget(row)

    def show_view(self, view: SettingsView, session: Recognised | None = None) -> None:
        """Show what was found, in the register and in what this computer tells of its session."""
        self.cipher.show_text(tr("settings.cipher"), tr("settings.cipher_text", version=view.cipher_version))
        if view.uses_keyring:
            self.keyring_chip.show_state("primary", tr("settings.keyring_used"), "check")
            self.keyring.show_text(tr("settings.keyring"), tr("settings.keyring_used_text"))
        else:
            self.keyring_chip.show_state("amber", tr("settings.keyring_unused"), "warning")
            self.keyring.show_text(tr("settings.keyring"), tr("settings.keyring_unused_text"))
        words = session_words(session)
        self.lock_chip.show_state(words.tone, words.word, words.icon)
        self.lock.show_text(tr("session.screen"), tr("session.screen_text"))
        self._lock_more.setText(words.more)
        self.folder.show_text(tr("settings.folder"), str(view.folder))
        self.folder.setToolTip(str(view.folder))
