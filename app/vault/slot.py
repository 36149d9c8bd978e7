"""A way in: a private key wrapped under what somebody knows or has on paper.

Which keys of the vault it opens is the business of `app.vault.sealedkey`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass, replace

from app.vault.envelope import derived, new_private, public_of
from app.vault.sealedkey import FORMAT

PASSPHRASE = "passphrase"  # noqa: S105 - a kind of slot
RECOVERY = "recovery"
CARDS = "cards"
PAPERS = frozenset({RECOVERY, CARDS})
"""The kinds that are on paper and belong to no operator."""


@dataclass(frozen=True, slots=True)
class KeySlot:
    """One way in."""

    id: str
    kind: str
    device: str
    """Which computer's secret takes part (`device_tag`); empty for none."""
    nonce: bytes
    wrapped: bytes

    @classmethod
    def new(
        cls, vault: str, kind: str, secret: bytes, *, device: str = "", private: bytes | None = None
    ) -> tuple[KeySlot, bytes]:
        """Return a way in that opens with `secret`, and its public key; with `private`, of that private key."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        private = private or new_private()
        bare = cls(str(uuid.uuid4()), kind, device, secrets.token_bytes(12), b"")
        wrapped = AESGCM(bare._kek(vault, secret)).encrypt(bare.nonce, private, bare._bound(vault))
        return replace(bare, wrapped=wrapped), public_of(private)

    def opened(self, vault: str, secret: bytes) -> bytes | None:
        """Return the private key, or None when the secret is another or the slot was changed or moved."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            return AESGCM(self._kek(vault, secret)).decrypt(self.nonce, self.wrapped, self._bound(vault))
        except InvalidTag:
            return None

    def _kek(self, vault: str, secret: bytes) -> bytes:
        """Return the key-encryption key, bound to this vault and the kind of slot."""
        return derived(secret, uuid.UUID(vault).bytes, f"{FORMAT} {self.kind}".encode())

    def _bound(self, vault: str) -> bytes:
        return "|".join((FORMAT, vault, self.id, self.kind, self.device)).encode()


def device_tag(vault: str, device_secret: bytes | None) -> str:
    """Return what tells one computer's secret from another's and nothing else of it; empty for none."""
    if device_secret is None:
        return ""
    return hmac.digest(device_secret, f"{FORMAT} device {vault}".encode(), hashlib.sha256)[:8].hex()
