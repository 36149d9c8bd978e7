"""Signed tokens (RFC 7515, RFC 7519): the shelter's over a report, the capofila's receipt and enrolment.

The report's token follows the integrity pattern of the Italian interoperability model (ModI, INTEGRITY_REST_01 and
_02: `Agid-JWT-Signature`, digest and content type bound in `signed_headers`), with two differences: `kid` is the
RFC 7638 thumbprint of a key pinned at enrolment, since there is no PDND between a shelter and its capofila, and there
is no `exp`, since a report may wait in the queue for weeks on a laptop whose clock is wrong; a replayed report only
brings back its old receipt. What a receipt means for the queue is not decided here.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.errors import EnrolmentUnproven, KeyInvalid, ReceiptInvalid, SignatureInvalid, SyncError
from app.sync.key import PublicKey, SealingPublicKey, SigningKey

ALGORITHM: Final = "Ed25519"
"""RFC 9864; the older name "EdDSA" is deprecated by the same RFC."""

CONTENT_TYPE: Final = "application/json"
REPORT_TYPE: Final = "JWT"
"""ModI asks for this `typ`; the capofila's tokens have types of their own (RFC 8725, section 3.11)."""

RECEIPT_TYPE: Final = "approdo-receipt+jwt"
ENROLMENT_TYPE: Final = "approdo-enrolment+jwt"
LONGEST_TOKEN: Final = 4096
LONGEST_TEXT: Final = 128

_REPORT_CLAIMS = {"iss", "aud", "iat", "jti", "signed_headers"}


@dataclass(frozen=True, slots=True)
class ReportToken:
    """What the verified token of a report says; `iat` is in seconds since 1970, by the shelter's clock."""

    iss: str
    aud: str
    iat: int
    jti: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a verified receipt says; `iat` is in seconds since 1970, by the capofila's clock."""

    capofila: str
    shelter: str
    period: str
    revision: int
    sha256: str
    trail: str
    """The head of the shelter's trail that the report brought, given back."""
    status: Literal["accepted", "refused"]
    reason: str | None
    iat: int
    jti: str

    @property
    def is_accepted(self) -> bool:
        """Whether the capofila has filed the report."""
        return self.status == "accepted"


@dataclass(frozen=True, slots=True)
class EnrolmentWord:
    """What a capofila's verified word says: the shelter's id, and the key that files are sealed to, if it has one."""

    shelter: str
    seal: SealingPublicKey | None


def digest_header(payload: bytes) -> str:
    """Return the value of the `Digest` header (RFC 3230, as ModI asks): "SHA-256=" and base64."""
    return "SHA-256=" + base64.b64encode(hashlib.sha256(payload).digest()).decode("ascii")


def signed_headers(payload: bytes) -> list[dict[str, str]]:
    """Return the ModI claim that binds a payload to its token."""
    return [{"digest": digest_header(payload)}, {"content-type": CONTENT_TYPE}]


def sign_report(payload: bytes, key: SigningKey, *, iss: str, aud: str, jti: str, iat: int) -> str:
    """Return the compact token of a package: `iss` is the shelter's id, `aud` the capofila's, `iat` in seconds."""
    claims = {"iss": iss, "aud": aud, "iat": iat, "jti": jti, "signed_headers": signed_headers(payload)}
    return sign_token(claims, key, REPORT_TYPE)


def read_kid(token: str) -> str:
    """Return the key id that a token claims, proved by nothing; raises SignatureInvalid when there is none."""
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        header = jws.extract_compact(_bounded(token)).headers()
        kid = header.get("kid")
    except (JoseError, ValueError, TypeError, AttributeError, RecursionError):
        raise SignatureInvalid(reason="malformed") from None
    if type(kid) is not str or not kid:
        raise SignatureInvalid(reason="malformed")
    return kid


def verify_report(token: str, key: PublicKey, *, payload: bytes, aud: str, iss: str) -> ReportToken:
    """Return the claims of a report's token once key, audience, issuer and payload are the expected ones.

    Raises SignatureInvalid with reason malformed, algorithm, signature, header, claims, audience, issuer or digest.
    The set of claims is closed: a shelter sends nothing else.
    """
    claims = open_token(token, key, REPORT_TYPE, SignatureInvalid)
    if set(claims) != _REPORT_CLAIMS or not are_texts(claims, ("iss", "aud", "jti")) or not is_time(claims):
        raise SignatureInvalid(reason="claims")
    if claims["aud"] != aud:
        raise SignatureInvalid(reason="audience")
    if claims["iss"] != iss:
        raise SignatureInvalid(reason="issuer")
    if claims["signed_headers"] != signed_headers(payload):
        raise SignatureInvalid(reason="digest")
    return ReportToken(iss=claims["iss"], aud=claims["aud"], iat=claims["iat"], jti=claims["jti"])


def make_receipt(
    key: SigningKey,
    *,
    iss: str,
    shelter: str,
    period: str,
    revision: int,
    sha256: str,
    trail: str,
    iat: int,
    jti: str,
    refused: str | None = None,
) -> str:
    """Return the capofila's signed answer about one package; `refused` is the code of the reason, None accepts."""
    claims: dict[str, Any] = {
        "iss": iss,
        "sub": shelter,
        "iat": iat,
        "jti": jti,
        "period": period,
        "revision": revision,
        "sha256": sha256,
        "trail": trail,
        "status": "refused" if refused else "accepted",
    }
    if refused:
        claims["reason"] = refused
    return sign_token(claims, key, RECEIPT_TYPE)


def verify_receipt(
    token: str, pinned_key: PublicKey, *, shelter: str, period: str, revision: int, sha256: str, trail: str
) -> Receipt:
    """Return the receipt, accepted or refused, once it is proved to be the capofila's and about this very package.

    Raises ReceiptInvalid with reason malformed, algorithm, signature, header, claims, shelter, period, revision,
    content or trail. Claims that are not known are ignored, as RFC 7519 (section 4) asks.
    """
    claims = open_token(token, pinned_key, RECEIPT_TYPE, ReceiptInvalid)
    receipt = _receipt(claims)
    for reason, found, wanted in (
        ("shelter", receipt.shelter, shelter),
        ("period", receipt.period, period),
        ("revision", receipt.revision, revision),
        ("content", receipt.sha256, sha256),
        ("trail", receipt.trail, trail),
    ):
        if found != wanted:
            raise ReceiptInvalid(reason=reason)
    return receipt


def make_enrolment(
    key: SigningKey,
    *,
    iss: str,
    shelter: str,
    shelter_key: PublicKey,
    iat: int,
    jti: str,
    seal: SealingPublicKey | None = None,
) -> str:
    """Return the capofila's signed word that `shelter_key` is that of the shelter with this id (RFC 7800, `cnf`).

    `seal` is the capofila's own key that files are sealed to.
    """
    claims: dict[str, Any] = {"iss": iss, "sub": shelter, "iat": iat, "jti": jti}
    claims["cnf"] = {"jkt": shelter_key.thumbprint()}
    if seal is not None:
        claims["seal"] = seal.to_jwk()
    return sign_token(claims, key, ENROLMENT_TYPE)


def verify_enrolment(token: str, pinned_key: PublicKey, *, iss: str, shelter_key: PublicKey) -> str:
    """Return the shelter's id once the capofila of the invitation is proved to have enrolled this very key.

    Raises as `read_enrolment`.
    """
    return read_enrolment(token, pinned_key, iss=iss, shelter_key=shelter_key).shelter


def read_enrolment(token: str, pinned_key: PublicKey, *, iss: str, shelter_key: PublicKey) -> EnrolmentWord:
    """Return what the word says, once the capofila of the invitation is proved to have enrolled this very key.

    Raises EnrolmentUnproven with reason malformed, algorithm, signature, header, claims, issuer or key.
    """
    claims = open_token(token, pinned_key, ENROLMENT_TYPE, EnrolmentUnproven)
    if not are_texts(claims, ("iss", "sub", "jti")) or not is_time(claims):
        raise EnrolmentUnproven(reason="claims")
    if claims["iss"] != iss:
        raise EnrolmentUnproven(reason="issuer")
    if claims.get("cnf") != {"jkt": shelter_key.thumbprint()}:
        raise EnrolmentUnproven(reason="key")
    try:
        seal = SealingPublicKey.from_jwk(claims["seal"]) if "seal" in claims else None
    except KeyInvalid:
        raise EnrolmentUnproven(reason="claims") from None
    return EnrolmentWord(claims["sub"], seal)


def peek(token: str) -> dict[str, Any]:
    """Return the claims that a token makes, proved by nothing; empty when they cannot be read.

    Only to find out what a token is about, before it is verified.
    """
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        claims = json.loads(jws.extract_compact(_bounded(token)).payload)
    except (JoseError, ValueError, TypeError, AttributeError, RecursionError):
        return {}
    return claims if type(claims) is dict else {}


def sign_token(claims: dict[str, Any], key: SigningKey, typ: str) -> str:
    """Return a compact token of a type; what its claims mean is its caller's."""
    from joserfc import jws
    from joserfc.jwk import OKPKey

    header = {"alg": ALGORITHM, "typ": typ, "kid": key.public.thumbprint()}
    body = json.dumps(claims, separators=(",", ":"), sort_keys=True).encode("ascii")
    return jws.serialize_compact(header, body, OKPKey.import_key(key.private), algorithms=[ALGORITHM])


def open_token(token: str, key: PublicKey, typ: str, error: type[SyncError]) -> dict[str, Any]:
    """Return the claims of a token that this key signed, of this type; only Ed25519 is taken, never "none"."""
    from joserfc import jws
    from joserfc.errors import BadSignatureError, JoseError, UnsupportedAlgorithmError
    from joserfc.jwk import OKPKey

    try:
        verified = jws.deserialize_compact(_bounded(token), OKPKey.import_key(key.to_jwk()), algorithms=[ALGORITHM])
        claims = json.loads(verified.payload or b"")
    except BadSignatureError:
        raise error(reason="signature") from None
    except UnsupportedAlgorithmError:
        raise error(reason="algorithm") from None
    except (JoseError, ValueError, TypeError, AttributeError, RecursionError):
        raise error(reason="malformed") from None
    if verified.headers() != {"alg": ALGORITHM, "typ": typ, "kid": key.thumbprint()}:
        raise error(reason="header")
    if type(claims) is not dict:
        raise error(reason="claims")
    return claims


def _bounded(token: str) -> bytes:
    if type(token) is not str or len(token) > LONGEST_TOKEN:
        raise ValueError("no compact token")
    return token.encode("ascii")


def _receipt(claims: dict[str, Any]) -> Receipt:
    texts = ("iss", "sub", "jti", "period", "sha256", "trail")
    if not are_texts(claims, texts) or not is_time(claims) or type(claims.get("revision")) is not int:
        raise ReceiptInvalid(reason="claims")
    status, reason = claims.get("status"), claims.get("reason")
    match status, reason:
        case "accepted", None:
            pass
        case "refused", str() if are_texts(claims, ("reason",)):
            pass
        case _:
            raise ReceiptInvalid(reason="claims")
    return Receipt(
        capofila=claims["iss"],
        shelter=claims["sub"],
        period=claims["period"],
        revision=claims["revision"],
        sha256=claims["sha256"],
        trail=claims["trail"],
        status=status,
        reason=reason,
        iat=claims["iat"],
        jti=claims["jti"],
    )


def are_texts(claims: dict[str, Any], names: Collection[str]) -> bool:
    """Tell whether claims are texts of a sensible length."""
    values = [claims.get(name) for name in names]
    return all(type(value) is str and 0 < len(value) <= LONGEST_TEXT for value in values)


def is_time(claims: dict[str, Any]) -> bool:
    """Tell whether `iat` is a moment in seconds."""
    return type(claims.get("iat")) is int and claims["iat"] >= 0
