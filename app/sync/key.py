"""The keys of the wire: Ed25519 to sign with (RFC 8032), X25519 to seal to (RFC 7748); ids and fingerprints.

Where a private key is kept is not known here.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from app.errors import KeyInvalid

KEY_LENGTH = 32

_PROBE = X25519PrivateKey.generate()


@dataclass(frozen=True, slots=True)
class _PublicPoint:
    """A public key as its 32 raw bytes; raises KeyInvalid when there are not 32."""

    curve: ClassVar[str]

    raw: bytes

    def __post_init__(self) -> None:
        if type(self.raw) is not bytes or len(self.raw) != KEY_LENGTH:
            raise KeyInvalid

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, object]) -> Self:
        """Return the key of a JSON Web Key (RFC 8037) with exactly the members kty, crv and x."""
        match jwk:
            case {"kty": "OKP", "crv": cls.curve, "x": str(x)} if len(jwk) == 3:
                key = cls(_decoded(x))
                if key.to_jwk() == jwk:
                    return key
        raise KeyInvalid

    def to_jwk(self) -> dict[str, Any]:
        """Return the key as a JSON Web Key (RFC 8037)."""
        return {"kty": "OKP", "crv": self.curve, "x": to_base64url(self.raw)}

    def thumbprint(self) -> str:
        """Return the key's id: its SHA-256 thumbprint (RFC 7638), base64url."""
        return to_base64url(self._digest())

    def fingerprint(self) -> str:
        """Return the first 128 bits of the same thumbprint for human eyes: "7F2A 91C4 …", eight groups."""
        text = self._digest()[:16].hex().upper()
        return " ".join(text[i : i + 4] for i in range(0, len(text), 4))

    def _digest(self) -> bytes:
        # RFC 7638 asks for the required members in lexicographic order without spaces: the form of RFC 8785.
        return hashlib.sha256(rfc8785.dumps(self.to_jwk())).digest()


class PublicKey(_PublicPoint):
    """A public key that signatures are verified with."""

    __slots__ = ()
    curve: ClassVar[str] = "Ed25519"

    def __post_init__(self) -> None:
        super().__post_init__()
        Ed25519PublicKey.from_public_bytes(self.raw)


class SealingPublicKey(_PublicPoint):
    """A public key that files are sealed to; raises KeyInvalid for a point that would give everybody the same key."""

    __slots__ = ()
    curve: ClassVar[str] = "X25519"

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            _PROBE.exchange(X25519PublicKey.from_public_bytes(self.raw))
        except ValueError:  # a point of small order (RFC 7748, section 6.1)
            raise KeyInvalid from None


class SigningKey:
    """A private key; it prints nothing of itself."""

    __slots__ = ("_private",)

    def __init__(self, raw: bytes) -> None:
        """Take the 32 raw bytes of a private key; raises KeyInvalid when there are not 32."""
        if type(raw) is not bytes or len(raw) != KEY_LENGTH:
            raise KeyInvalid
        self._private = Ed25519PrivateKey.from_private_bytes(raw)

    @classmethod
    def generate(cls) -> SigningKey:
        """Return a new key from the system's random source."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def private(self) -> Ed25519PrivateKey:
        """The key as the signing library takes it."""
        return self._private

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(self._private.public_key().public_bytes_raw())

    def to_bytes(self) -> bytes:
        """Return the 32 raw bytes, for a vault."""
        return self._private.private_bytes_raw()

    def __repr__(self) -> str:
        return f"SigningKey({self.public.thumbprint()})"


class SealingKey:
    """A private key that opens what was sealed to its public half; it prints nothing of itself."""

    __slots__ = ("_private",)

    def __init__(self, raw: bytes) -> None:
        """Take the 32 raw bytes of a private key; raises KeyInvalid when there are not 32."""
        if type(raw) is not bytes or len(raw) != KEY_LENGTH:
            raise KeyInvalid
        self._private = X25519PrivateKey.from_private_bytes(raw)

    @classmethod
    def generate(cls) -> SealingKey:
        """Return a new key from the system's random source."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    @property
    def private(self) -> X25519PrivateKey:
        """The key as the sealing library takes it."""
        return self._private

    @property
    def public(self) -> SealingPublicKey:
        """The public half."""
        return SealingPublicKey(self._private.public_key().public_bytes_raw())

    def to_bytes(self) -> bytes:
        """Return the 32 raw bytes, for a file that only its owner reads."""
        return self._private.private_bytes_raw()

    def __repr__(self) -> str:
        return f"SealingKey({self.public.thumbprint()})"


def to_base64url(raw: bytes) -> str:
    """Return base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Return the bytes of base64url without padding; raises ValueError when it is none."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _decoded(text: str) -> bytes:
    try:
        return from_base64url(text)
    except ValueError:
        raise KeyInvalid from None
