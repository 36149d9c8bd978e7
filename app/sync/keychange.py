"""Signed words about keys: a capofila's identity and succession, a shelter's new key and its leave.

A new key is believed only on the word of the one before it. What was lost or stolen is no matter for these words: then
people talk to each other, and the capofila sends a new invitation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.errors import EnrolmentUnproven, KeyChangeUnproven, KeyInvalid, SignatureInvalid, SuccessionUnproven
from app.sync.key import PublicKey, SealingPublicKey, SigningKey
from app.sync.signature import EnrolmentWord, are_texts, is_time, open_token, read_enrolment, read_kid, sign_token

IDENTITY_TYPE: Final = "approdo-identity+jwt"
SUCCESSION_TYPE: Final = "approdo-succession+jwt"
KEY_CHANGE_TYPE: Final = "approdo-key-change+jwt"
KEY_PROOF_TYPE: Final = "approdo-key-proof+jwt"
LEAVE_TYPE: Final = "approdo-leave+jwt"

MOST_KEYS: Final = 64
"""How many successions are followed; one a year is a long time."""

MOST_TOLD: Final = 16
"""How many earlier keys an identity tells: what fits into a token. The statements lead further back."""

_CHANGE_CLAIMS = {"iss", "aud", "iat", "jti", "key", "proof"}
_PROOF_CLAIMS = {"iss", "aud", "iat", "jti", "cnf"}
_LEAVE_CLAIMS = {"iss", "aud", "iat", "jti"}


@dataclass(frozen=True, slots=True)
class IdentityWord:
    """What a capofila says of itself, proved from the pinned key on; `path` are the statements that lead to `key`."""

    iss: str
    iat: int
    key: PublicKey
    path: tuple[str, ...]
    seal: SealingPublicKey | None


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A shelter's new key, proved by the old one and by itself; `iat` is by the shelter's clock."""

    key: PublicKey
    iat: int
    jti: str


@dataclass(frozen=True, slots=True)
class Leave:
    """A shelter's word that it leaves; `iat` is by the shelter's clock."""

    iat: int
    jti: str


# --- the capofila's


def make_identity(
    key: SigningKey, *, iss: str, iat: int, previous: Sequence[PublicKey] = (), seal: SealingPublicKey | None
) -> str:
    """Return what a capofila tells of its keys, signed by the present one; the earlier ones newest first."""
    keys = [each.to_jwk() for each in (key.public, *previous[:MOST_TOLD])]
    claims: dict[str, Any] = {"iss": iss, "iat": iat, "keys": keys}
    if seal is not None:
        claims["seal"] = seal.to_jwk()
    return sign_token(claims, key, IDENTITY_TYPE)


def verify_identity(token: str, pinned_key: PublicKey, *, iss: str, successions: Sequence[str] = ()) -> IdentityWord:
    """Return what a capofila says of itself, once its present key is the pinned one or descends from it.

    Raises SuccessionUnproven with reason malformed, algorithm, signature, header, claims or issuer, or succession when
    no statement leads from the pinned key to the one that signed.
    """
    line = line_from(pinned_key, successions, iss)
    try:
        signer = read_kid(token)
    except SignatureInvalid:
        raise SuccessionUnproven(reason="malformed") from None
    place = next((at for at, (key, _) in enumerate(line) if key.thumbprint() == signer), None)
    if place is None:
        raise SuccessionUnproven(reason="succession")
    key = line[place][0]
    claims = open_token(token, key, IDENTITY_TYPE, SuccessionUnproven)
    keys = claims.get("keys")
    if not are_texts(claims, ("iss",)) or not is_time(claims) or type(keys) is not list or keys[:1] != [key.to_jwk()]:
        raise SuccessionUnproven(reason="claims")
    if claims["iss"] != iss:
        raise SuccessionUnproven(reason="issuer")
    try:
        seal = SealingPublicKey.from_jwk(claims["seal"]) if "seal" in claims else None
    except (KeyInvalid, TypeError):
        raise SuccessionUnproven(reason="claims") from None
    return IdentityWord(iss, claims["iat"], key, tuple(word for _, word in line[1 : place + 1]), seal)


def make_succession(old: SigningKey, *, iss: str, new: PublicKey, iat: int) -> str:
    """Return the old key's word that a new one takes its place."""
    return sign_token({"iss": iss, "iat": iat, "next": new.to_jwk()}, old, SUCCESSION_TYPE)


def verify_succession(token: str, old: PublicKey, *, iss: str) -> PublicKey:
    """Return the key that takes the place of another by that one's own word.

    Raises SuccessionUnproven with reason malformed, algorithm, signature, header, claims or issuer.
    """
    claims = open_token(token, old, SUCCESSION_TYPE, SuccessionUnproven)
    if not are_texts(claims, ("iss",)) or not is_time(claims) or type(claims.get("next")) is not dict:
        raise SuccessionUnproven(reason="claims")
    if claims["iss"] != iss:
        raise SuccessionUnproven(reason="issuer")
    try:
        return PublicKey.from_jwk(claims["next"])
    except KeyInvalid:
        raise SuccessionUnproven(reason="claims") from None


def descend(pinned_key: PublicKey, successions: Sequence[str], *, iss: str) -> tuple[PublicKey, ...]:
    """Return a key and all that provably follow it, in order; statements of others and unproved ones are passed over.

    Where an old key named two successors, the first statement that was given counts: whoever keeps statements must
    never keep a second one beside it.
    """
    return tuple(key for key, _ in line_from(pinned_key, successions, iss))


def line_from(pinned_key: PublicKey, successions: Sequence[str], iss: str) -> list[tuple[PublicKey, str]]:
    """Return the keys from the pinned one on, each with the statement that leads to it (none to the first)."""
    by_signer: dict[str, list[str]] = {}
    for word in successions[: 4 * MOST_KEYS]:
        try:
            by_signer.setdefault(read_kid(word), []).append(word)
        except SignatureInvalid:
            continue
    line = [(pinned_key, "")]
    while len(line) <= MOST_KEYS:
        found = _next(line[-1][0], by_signer, iss)
        if found is None or found[0] in [key for key, _ in line]:
            break
        line.append(found)
    return line


def _next(key: PublicKey, by_signer: dict[str, list[str]], iss: str) -> tuple[PublicKey, str] | None:
    for word in by_signer.get(key.thumbprint(), ()):
        try:
            return verify_succession(word, key, iss=iss), word
        except SuccessionUnproven:
            continue
    return None


def read_word(
    word: str, pinned_key: PublicKey, successions: Sequence[str], *, iss: str, shelter_key: PublicKey
) -> tuple[PublicKey, EnrolmentWord]:
    """Return the word of an enrolment with the key that proves it: the pinned one, or one that follows it.

    Raises EnrolmentUnproven.
    """
    keys = descend(pinned_key, successions, iss=iss)
    try:
        signer = read_kid(word)
    except SignatureInvalid:
        raise EnrolmentUnproven(reason="malformed") from None
    key = next((each for each in keys if each.thumbprint() == signer), keys[-1])
    return key, read_enrolment(word, key, iss=iss, shelter_key=shelter_key)


# --- the shelter's


def make_key_change(old: SigningKey, new: SigningKey, *, iss: str, aud: str, iat: int, jti: str) -> str:
    """Return a shelter's word that its key changes: signed by the old one, with a proof by the new one inside."""
    both = {"iss": iss, "aud": aud, "iat": iat, "jti": jti}
    proof = sign_token({**both, "cnf": {"jkt": old.public.thumbprint()}}, new, KEY_PROOF_TYPE)
    return sign_token({**both, "key": new.public.to_jwk(), "proof": proof}, old, KEY_CHANGE_TYPE)


def verify_key_change(token: str, old: PublicKey, *, iss: str, aud: str) -> KeyChange:
    """Return the new key once the old one vouches for it and whoever has the new one agrees.

    Raises KeyChangeUnproven with reason malformed, algorithm, signature, header, claims, audience, issuer, key (it is
    the old one) or proof.
    """
    claims = open_token(token, old, KEY_CHANGE_TYPE, KeyChangeUnproven)
    _check_claims(claims, _CHANGE_CLAIMS, iss, aud)
    try:
        new = PublicKey.from_jwk(claims["key"]) if type(claims["key"]) is dict else None
    except KeyInvalid:
        new = None
    if new is None or type(claims["proof"]) is not str:
        raise KeyChangeUnproven(reason="claims")
    if new == old:
        raise KeyChangeUnproven(reason="key")
    try:
        proof = open_token(claims["proof"], new, KEY_PROOF_TYPE, KeyChangeUnproven)
    except KeyChangeUnproven:
        raise KeyChangeUnproven(reason="proof") from None
    both = {name: claims[name] for name in ("iss", "aud", "iat", "jti")}
    if set(proof) != _PROOF_CLAIMS or proof != {**both, "cnf": {"jkt": old.thumbprint()}}:
        raise KeyChangeUnproven(reason="proof")
    return KeyChange(new, claims["iat"], claims["jti"])


def make_leave(key: SigningKey, *, iss: str, aud: str, iat: int, jti: str) -> str:
    """Return a shelter's word that it leaves this capofila."""
    return sign_token({"iss": iss, "aud": aud, "iat": iat, "jti": jti}, key, LEAVE_TYPE)


def verify_leave(token: str, key: PublicKey, *, iss: str, aud: str) -> Leave:
    """Return a shelter's word that it leaves, once it is proved.

    Raises KeyChangeUnproven with reason malformed, algorithm, signature, header, claims, audience or issuer.
    """
    claims = open_token(token, key, LEAVE_TYPE, KeyChangeUnproven)
    _check_claims(claims, _LEAVE_CLAIMS, iss, aud)
    return Leave(claims["iat"], claims["jti"])


def _check_claims(claims: dict[str, Any], wanted: set[str], iss: str, aud: str) -> None:
    if set(claims) != wanted or not are_texts(claims, ("iss", "aud", "jti")) or not is_time(claims):
        raise KeyChangeUnproven(reason="claims")
    if claims["aud"] != aud:
        raise KeyChangeUnproven(reason="audience")
    if claims["iss"] != iss:
        raise KeyChangeUnproven(reason="issuer")
