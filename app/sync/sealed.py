"""The `.approdo` file: what else goes over the network, sealed to the capofila, for a stick or a mail.

A compact JWE (RFC 7516) on X25519 (RFC 8037), always of one length. It says in clear only for which key it is; who
wrote it is proved by the token inside, as on the network. Where files come from and go to is not known here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import rfc8785

from app.errors import KeyInvalid, SealInvalid
from app.sync.key import PublicKey, SealingKey, SealingPublicKey, from_base64url, to_base64url
from app.sync.payload import PADDING_SIGN
from app.sync.signature import CONTENT_TYPE, digest_header

MEDIA_TYPE: Final = "application/approdo+jose"
TYPE: Final = "approdo-sealed+jwe"
ALGORITHM: Final = "ECDH-ES+A256KW"
ENCRYPTION: Final = "A256GCM"

PLAIN_SIZE: Final = 14 * 1024
"""Bytes of every plain text: the largest package in base64, the longest token, and room."""

FILE_SIZE: Final = 19_483
"""Bytes of every file: a constant size tells nothing about what is inside."""

LARGEST_FILE: Final = 64 * 1024
"""Whoever reads a file from a stick or a form reads no more than this; mail programs may add line ends."""

REPORT: Final = "approdo.sealed/1"
ENROLMENT: Final = "approdo.enrolment/1"
KEY_CHANGE: Final = "approdo.key-change/1"
LEAVE: Final = "approdo.leave/1"

_ALGORITHMS: Final = [ALGORITHM, ENCRYPTION]
_SCHEMA_STEM = "approdo."


@dataclass(frozen=True, slots=True)
class SealedReport:
    """A monthly report with the headers that go with it on the network."""

    package: bytes
    token: str
    idempotency_key: str
    content_type: str
    digest: str

    @classmethod
    def of(cls, package: bytes, token: str, idempotency_key: str) -> SealedReport:
        """Return a package and its token as they would be pushed."""
        return cls(package, token, idempotency_key, CONTENT_TYPE, digest_header(package))


@dataclass(frozen=True, slots=True)
class SealedEnrolment:
    """The wish to enrol a key with an invitation, whose secret token it holds."""

    invitation: bytes
    public_key: PublicKey

    def __repr__(self) -> str:
        return f"SealedEnrolment({self.public_key.thumbprint()})"


@dataclass(frozen=True, slots=True)
class SealedKeyChange:
    """A shelter's signed word that it has a new key (`app.sync.keychange`)."""

    token: str


@dataclass(frozen=True, slots=True)
class SealedLeave:
    """A shelter's signed word that it leaves (`app.sync.keychange`)."""

    token: str


Sealed = SealedReport | SealedEnrolment | SealedKeyChange | SealedLeave


def seal(content: Sealed, key: SealingPublicKey) -> bytes:
    """Return the file that only the holder of a key can open; no two files of one content are alike.

    Raises SealInvalid with reason size for what does not fit.
    """
    from joserfc import jwe
    from joserfc.jwk import OKPKey

    header = {"alg": ALGORITHM, "enc": ENCRYPTION, "kid": key.thumbprint(), "typ": TYPE}
    made = jwe.encrypt_compact(header, _plain(content), OKPKey.import_key(key.to_jwk()), algorithms=_ALGORITHMS)
    return made.encode("ascii")


def open_sealed(data: bytes, keys: SealingKey | Sequence[SealingKey]) -> Sealed:
    """Return what is in a file; of several keys (one was renewed) the one that the file names opens it.

    Blanks and line ends that a mail program put in do not matter. Raises SealInvalid with reason size, malformed,
    header, algorithm, recipient (it is for another capofila), seal (it was changed), form, or schema (a newer
    program's). Nothing is proved yet about who wrote it.
    """
    segments = _segments(data)
    wanted = _check_header(segments[0])
    mine = [keys] if isinstance(keys, SealingKey) else keys
    key = next((each for each in mine if each.public.thumbprint() == wanted), None)
    if key is None:
        raise SealInvalid(reason="recipient")
    plain = _decrypted(".".join(segments), key)
    content = _content(plain)
    try:
        is_canonical = _plain(content) == plain
    except rfc8785.CanonicalizationError:  # half of a surrogate pair, which JSON can name and UTF-8 cannot hold
        is_canonical = False
    if not is_canonical:
        raise SealInvalid(reason="form")
    return content


def _segments(data: bytes) -> list[str]:
    if len(data) > LARGEST_FILE:
        raise SealInvalid(reason="size")
    try:
        text = b"".join(data.split()).decode("ascii")
        segments = text.split(".")
        # Each in its one form: some characters can be changed without changing what they stand for.
        is_strict = all(to_base64url(from_base64url(segment)) == segment for segment in segments)
    except ValueError:
        raise SealInvalid(reason="malformed") from None
    if len(segments) != 5 or not all(segments) or not is_strict:
        raise SealInvalid(reason="malformed")
    if len(text) != FILE_SIZE:
        raise SealInvalid(reason="size")
    return segments


def _check_header(segment: str) -> str:
    """Return for which key a file is, once nothing else is in its header than there must be."""
    try:
        header = json.loads(from_base64url(segment))
    except (ValueError, RecursionError):
        raise SealInvalid(reason="malformed") from None
    match header:
        case {"alg": algorithm, "enc": encryption, "typ": typ, "kid": str() as kid, "epk": dict() as point}:
            pass
        case _:
            raise SealInvalid(reason="header")
    if (algorithm, encryption) != (ALGORITHM, ENCRYPTION):
        raise SealInvalid(reason="algorithm")
    try:
        SealingPublicKey.from_jwk(point)
    except KeyInvalid:
        raise SealInvalid(reason="header") from None
    if typ != TYPE or len(header) != 5:
        raise SealInvalid(reason="header")
    return kid


def _decrypted(text: str, key: SealingKey) -> bytes:
    from joserfc import jwe
    from joserfc.errors import JoseError
    from joserfc.jwk import OKPKey

    try:
        plain = jwe.decrypt_compact(text, OKPKey.import_key(key.private), algorithms=_ALGORITHMS).plaintext
    except (JoseError, ValueError, TypeError, KeyError):
        raise SealInvalid(reason="seal") from None
    return plain or b""


def _content(plain: bytes) -> Sealed:
    try:
        document = json.loads(plain)
        return _from_document(document)
    except (ValueError, TypeError, KeyInvalid, RecursionError):
        raise SealInvalid(reason="form") from None


def _from_document(document: Any) -> Sealed:
    match document:
        case {
            "schema": "approdo.sealed/1",
            "package": str(package),
            "token": str(token),
            "idempotency_key": str(number),
            "content_type": str(content_type),
            "digest": str(digest),
        }:
            return SealedReport(from_base64url(package), token, number, content_type, digest)
        case {"schema": "approdo.enrolment/1", "token": str(token), "public_key": dict(jwk)}:
            return SealedEnrolment(from_base64url(token), PublicKey.from_jwk(jwk))
        case {"schema": "approdo.key-change/1", "change": str(token)}:
            return SealedKeyChange(token)
        case {"schema": "approdo.leave/1", "leave": str(token)}:
            return SealedLeave(token)
        case {"schema": str(schema)} if schema.startswith(_SCHEMA_STEM) and schema not in _SCHEMAS:
            raise SealInvalid(reason="schema")
    raise SealInvalid(reason="form")


_SCHEMAS = (REPORT, ENROLMENT, KEY_CHANGE, LEAVE)


def _plain(content: Sealed) -> bytes:
    """Return the canonical plain text, padded to one size."""
    document = _document(content)
    room = PLAIN_SIZE - len(rfc8785.dumps({**document, "padding": ""}))
    if room < 0:
        raise SealInvalid(reason="size")
    return rfc8785.dumps({**document, "padding": PADDING_SIGN * room})


def _document(content: Sealed) -> dict[str, Any]:
    match content:
        case SealedReport():
            return {
                "schema": REPORT,
                "package": to_base64url(content.package),
                "token": content.token,
                "idempotency_key": content.idempotency_key,
                "content_type": content.content_type,
                "digest": content.digest,
            }
        case SealedEnrolment():
            return {
                "schema": ENROLMENT,
                "token": to_base64url(content.invitation),
                "public_key": content.public_key.to_jwk(),
            }
        case SealedKeyChange():
            return {"schema": KEY_CHANGE, "change": content.token}
        case SealedLeave():
            return {"schema": LEAVE, "leave": content.token}
