"""The device secret: half of what opens the store with a passphrase, kept in the computer's own keyring.

A copied store cannot be attacked by guessing passphrases elsewhere; where there is no keyring, the passphrase stands
alone and the operator is told.
"""

from __future__ import annotations

import base64
import logging
import secrets
from typing import Protocol

SERVICE = "Approdo"
SECRET_BYTES = 32
# Back ends that keep nothing, or keep it in clear in a file: worse than none, because they look like one.
_UNFIT = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")

log = logging.getLogger(__name__)


class DeviceSecrets(Protocol):
    """Where the secret of this device for a vault is kept."""

    def get(self, vault: str) -> bytes | None:
        """Return the secret, or None when there is none or no keyring."""

    def create(self, vault: str) -> bytes | None:
        """Make, keep and return a secret, or None when this computer has no fit keyring."""


class KeyringSecrets:
    """Device secrets in the system's keyring."""

    def get(self, vault: str) -> bytes | None:
        """Return the secret, or None; a keyring that fails counts as none."""
        stored = self._call("get_password", vault)
        return base64.b64decode(stored) if stored else None

    def create(self, vault: str) -> bytes | None:
        """Make and keep a secret; read it back, since some keyrings take and forget."""
        secret = secrets.token_bytes(SECRET_BYTES)
        self._call("set_password", vault, base64.b64encode(secret).decode("ascii"))
        return secret if self.get(vault) == secret else None

    def _call(self, verb: str, vault: str, *rest: str) -> str | None:
        import keyring

        try:
            backend = keyring.get_keyring()
            if not _is_fit(backend):
                return None
            found: str | None = getattr(backend, verb)(SERVICE, vault, *rest)
        except Exception as failure:  # noqa: BLE001 - back ends raise whatever their system does; none may stop us
            log.info("the keyring did not answer: %s", type(failure).__name__)
            return None
        return found


def _is_fit(backend: object) -> bool:
    """Tell whether a back end keeps secrets, looking also at those that a chain of back ends would use."""
    chained = getattr(backend, "backends", ())
    return not type(backend).__module__.startswith(_UNFIT) and all(_is_fit(each) for each in chained)


class NoSecrets:
    """A computer without a keyring."""

    def get(self, vault: str) -> bytes | None:  # noqa: ARG002
        """Return None."""
        return None

    def create(self, vault: str) -> bytes | None:  # noqa: ARG002
        """Return None."""
        return None
