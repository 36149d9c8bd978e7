"""The invitation that a capofila hands to a shelter: one line of text that is pasted once.

It holds a secret (the token) until it is used; how it reaches the shelter is the people's business.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import rfc8785

from app.errors import AddressRefused, InvitationInvalid
from app.sync.key import KEY_LENGTH, from_base64url, to_base64url

PREFIX = "APPRODO1-"
SEALING_PREFIX = "APPRODO2-"
"""The second version also carries the key that files are sealed to."""

CHECK_LENGTH = 8
"""Bytes of checksum: one mistyped invitation in 2^64 would pass."""

LONGEST_NAME = 120
LONGEST_INVITATION = 4096
TOKEN_LENGTH = 32
FINGERPRINT_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Invitation:
    """How to reach a capofila, how to know it, and the right to enrol once; raises InvitationInvalid or AddressRefused.

    `key` is the capofila's raw public key, `tls_fingerprint` the SHA-256 of its certificate (DER), or None when its
    certificate comes from a public authority, `seal` the raw key that files are sealed to, where it has one.
    """

    url: str
    capofila_name: str
    capofila_id: str
    key: bytes
    token: bytes
    tls_fingerprint: bytes | None
    shelter_name: str
    seal: bytes | None = None

    def __post_init__(self) -> None:
        if check_url(self.url) != self.url:
            raise AddressRefused
        for name in (self.capofila_name, self.shelter_name, self.capofila_id):
            if not name or len(name) > LONGEST_NAME or not name.isprintable():
                raise InvitationInvalid(reason="name")
        if len(self.key) != KEY_LENGTH or len(self.token) != TOKEN_LENGTH:
            raise InvitationInvalid(reason="key")
        if self.tls_fingerprint is not None and len(self.tls_fingerprint) != FINGERPRINT_LENGTH:
            raise InvitationInvalid(reason="key")
        if self.seal is not None and len(self.seal) != KEY_LENGTH:
            raise InvitationInvalid(reason="key")

    def to_text(self) -> str:
        """Return the one line: `APPRODO1-`, or `APPRODO2-` with a key to seal to, and letters, digits, `-` and `_`."""
        body, prefix = self._canonical(), PREFIX if self.seal is None else SEALING_PREFIX
        return prefix + to_base64url(body + _checksum(prefix, body))

    def comparison_code(self) -> str:
        """Return six digits, "123 456", that both sides read to each other by voice.

        They catch a mixed-up invitation. Six digits cannot stop somebody who forges invitations until the digits
        agree: against that, compare the fingerprint of the capofila's key.
        """
        hashed = hashlib.sha256(b"approdo.comparison/1\0" + self._canonical()).digest()
        digits = f"{int.from_bytes(hashed) % 1_000_000:06d}"
        return f"{digits[:3]} {digits[3:]}"

    def __repr__(self) -> str:
        return f"Invitation(capofila_id={self.capofila_id!r})"

    def _canonical(self) -> bytes:
        pin = self.tls_fingerprint
        more = {"seal": to_base64url(self.seal)} if self.seal is not None else {}
        return rfc8785.dumps(
            {
                "url": self.url,
                "capofila": self.capofila_name,
                "id": self.capofila_id,
                "key": to_base64url(self.key),
                "token": to_base64url(self.token),
                "tls": to_base64url(pin) if pin is not None else None,
                "shelter": self.shelter_name,
                **more,
            }
        )


def read_invitation(text: str) -> Invitation:
    """Return the invitation in a pasted text; line breaks and blanks that a mail program put in do not matter.

    Raises InvitationInvalid with reason prefix (something else was pasted), cut (characters are missing or wrong) or
    form (made by another version), and AddressRefused when its address is not https.
    """
    line = "".join(text.split())
    prefix = next((each for each in (PREFIX, SEALING_PREFIX) if line.startswith(each)), None)
    if prefix is None or len(line) > LONGEST_INVITATION:
        raise InvitationInvalid(reason="prefix")
    body = _checked(prefix, line.removeprefix(prefix))
    try:
        invitation = _from_document(json.loads(body))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InvitationInvalid(reason="form") from None
    if invitation.to_text() != line:
        raise InvitationInvalid(reason="form")
    return invitation


def check_url(url: str) -> str:
    """Return the address without a last slash; raises AddressRefused unless it is https, a host and no extras."""
    try:
        parts = urlsplit(url)
        extras = parts.username or parts.password or parts.query or parts.fragment
        is_good = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0 and not extras
    except ValueError:
        raise AddressRefused from None
    if not is_good or not url.isascii() or not url.isprintable() or " " in url or len(url) > 300:
        raise AddressRefused
    return url.rstrip("/")


def _checksum(prefix: str, body: bytes) -> bytes:
    return hashlib.sha256(prefix.encode("ascii") + body).digest()[:CHECK_LENGTH]


def _checked(prefix: str, encoded: str) -> bytes:
    try:
        raw = from_base64url(encoded)
    except ValueError:
        raise InvitationInvalid(reason="cut") from None
    body, check = raw[:-CHECK_LENGTH], raw[-CHECK_LENGTH:]
    if not body or check != _checksum(prefix, body):
        raise InvitationInvalid(reason="cut")
    return body


def _from_document(document: dict[str, Any]) -> Invitation:
    pin, seal = document["tls"], document.get("seal")
    return Invitation(
        url=document["url"],
        capofila_name=document["capofila"],
        capofila_id=document["id"],
        key=from_base64url(document["key"]),
        token=from_base64url(document["token"]),
        tls_fingerprint=from_base64url(pin) if pin is not None else None,
        shelter_name=document["shelter"],
        seal=from_base64url(seal) if seal is not None else None,
    )
