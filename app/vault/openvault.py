"""What of an open vault its doors need (`app.vault.vault.Vault` is one).

Nothing is done here.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.reference.ids import OperatorId
from app.vault.device import DeviceSecrets
from app.vault.keyset import KeySet
from app.vault.keyslot import KeyFile
from app.vault.own import Own

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class OpenVault(Protocol):
    """What of a vault is needed here (`app.vault.vault.Vault`)."""

    secrets: DeviceSecrets
    own: Own

    @property
    def is_open(self) -> bool:
        """Whether it is unlocked."""

    @property
    def operator(self) -> OperatorId | None:
        """Who opened it."""

    @property
    def generation(self) -> int:
        """Which generation of its key the store is under."""

    @property
    def keys_path(self) -> Path:
        """Where its key file is."""

    def key_file(self) -> KeyFile:
        """Return its key file."""

    def held(self) -> KeySet:
        """Return the keys that who is at the desk opened."""

    def take_keys(self, keys: KeySet) -> None:
        """Hold these keys from now on."""

    def sit_down(self, operator: OperatorId, names: frozenset[str], private: bytes) -> None:
        """Let who came in with something printed, or changed her own passphrase, be this operator."""

    def work(self) -> AbstractContextManager[Session]:
        """Yield a session."""

    def alone(self) -> AbstractContextManager[None]:
        """Keep other programs out; raises VaultBusy when one has the vault open."""
