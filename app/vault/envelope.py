"""A key put into an envelope that only one way in can open: HPKE, RFC 9180, with X25519, HKDF-SHA256 and AES-256-GCM.

Sealing needs nobody's secret, so keys can be renewed while their holders are away. What is inside is not known here.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from app.errors import VaultDamaged

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.hpke import Suite

PRIVATE_BYTES = 32


def new_private() -> bytes:
    """Return a fresh private key: 32 random bytes, as RFC 7748 has them."""
    return secrets.token_bytes(PRIVATE_BYTES)


def public_of(private: bytes) -> bytes:
    """Return the public key that belongs to a private one."""
    return _private(private).public_key().public_bytes_raw()


def put_in(content: bytes, public: bytes, info: bytes) -> bytes:
    """Return the envelope: encapsulated key (32 bytes), cipher text, tag; `info` binds it to its place.

    Raises VaultDamaged for a public key to which nothing can be sealed.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    try:
        return _suite().encrypt(content, X25519PublicKey.from_public_bytes(public), info)
    except ValueError as refused:  # not 32 bytes, or a point that gives the same secret to everybody
        raise VaultDamaged(part="key") from refused


def take_out(envelope: bytes, private: bytes, info: bytes) -> bytes | None:
    """Return what is inside, or None when this is not the key or not the place."""
    return Opener(private).take_out(envelope, info)


class Opener:
    """A private key made ready to open many envelopes: making it ready costs a third of opening one."""

    def __init__(self, private: bytes) -> None:
        self._suite = _suite()
        self._private = _private(private)

    def take_out(self, envelope: bytes, info: bytes) -> bytes | None:
        """Return what is inside, or None when this is not the key or not the place."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._suite.decrypt(envelope, self._private, info)
        except (InvalidTag, ValueError):
            return None


def derived(secret: bytes, salt: bytes | None, info: bytes) -> bytes:
    """Return 32 bytes by HKDF-SHA256 (RFC 5869)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt, info).derive(secret)


def _private(raw: bytes) -> X25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(raw)


def _suite() -> Suite:
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
