"""Tokens, receipts, enrolments: only the right key, over the right thing, of the right kind."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey

from app.errors import EnrolmentUnproven, KeyInvalid, ReceiptInvalid, SignatureInvalid
from app.sync.key import PublicKey, SigningKey
from app.sync.payload import MonthReport, Shown, digest, to_bytes
from app.sync.signature import (
    ENROLMENT_TYPE,
    RECEIPT_TYPE,
    REPORT_TYPE,
    make_enrolment,
    make_receipt,
    read_kid,
    sign_report,
    signed_headers,
    verify_enrolment,
    verify_receipt,
    verify_report,
)

SHELTER_KEY = SigningKey(bytes(range(32)))
CAPOFILA_KEY = SigningKey(bytes(range(32, 64)))
OTHER_KEY = SigningKey(bytes(range(64, 96)))
SHELTER, CAPOFILA = "2219cca7-f77f-4a32-ae20-79d17f84766a", "cf449f1c-055b-4e43-8273-76de95110a11"
PACKAGE = to_bytes(MonthReport(SHELTER, "2026-06", 1, 5, (Shown("M07", 341),), "5c" * 32))
TOKEN = sign_report(PACKAGE, SHELTER_KEY, iss=SHELTER, aud=CAPOFILA, jti="jti-1", iat=1_782_900_000)
ABOUT: dict[str, Any] = {
    "shelter": SHELTER,
    "period": "2026-06",
    "revision": 1,
    "sha256": digest(PACKAGE),
    "trail": "5c" * 32,
}


def receipt(key: SigningKey = CAPOFILA_KEY, refused: str | None = None, **changes: Any) -> str:
    return make_receipt(
        key, **{"iss": CAPOFILA, "iat": 1_782_900_001, "jti": "r-1", **ABOUT, **changes}, refused=refused
    )


RECEIPT = receipt()


def signed(claims: Any, *, key: SigningKey = CAPOFILA_KEY, **header: Any) -> str:
    header = {"alg": "Ed25519", "typ": RECEIPT_TYPE, "kid": key.public.thumbprint(), **header}
    body = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return jws.serialize_compact(header, body, OKPKey.import_key(key.private), algorithms=["Ed25519"])


def claims_of(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def report_refusal(token: str, **changes: Any) -> str:
    with pytest.raises(SignatureInvalid) as caught:
        verify_report(
            token, **{"key": SHELTER_KEY.public, "payload": PACKAGE, "aud": CAPOFILA, "iss": SHELTER, **changes}
        )
    return str(caught.value.params["reason"])


def receipt_refusal(token: str, key: SigningKey = CAPOFILA_KEY, **changes: Any) -> str:
    with pytest.raises(ReceiptInvalid) as caught:
        verify_receipt(token, key.public, **{**ABOUT, **changes})
    return str(caught.value.params["reason"])


def one_letter_changed(token: str, place: int, letter: str) -> str:
    place %= len(token)
    return token[:place] + letter + token[place + 1 :]


def test_a_signed_report_is_recognised() -> None:
    claims = verify_report(TOKEN, SHELTER_KEY.public, payload=PACKAGE, aud=CAPOFILA, iss=SHELTER)
    assert (claims.iss, claims.aud, claims.jti, claims.iat) == (SHELTER, CAPOFILA, "jti-1", 1_782_900_000)
    assert read_kid(TOKEN) == SHELTER_KEY.public.thumbprint()


def test_the_token_has_the_shape_of_the_italian_integrity_pattern() -> None:
    header = jws.extract_compact(TOKEN.encode()).headers()
    assert header == {"alg": "Ed25519", "typ": "JWT", "kid": SHELTER_KEY.public.thumbprint()}
    first, second = claims_of(TOKEN)["signed_headers"]
    assert first["digest"].startswith("SHA-256=")
    assert second == {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"key": OTHER_KEY.public}, "signature"),
        ({"aud": "another-capofila"}, "audience"),
        ({"iss": "another-shelter"}, "issuer"),
        ({"payload": PACKAGE.replace(b"341", b"342")}, "digest"),
    ],
)
def test_a_report_for_somebody_else_is_refused(changes: dict[str, Any], reason: str) -> None:
    assert report_refusal(TOKEN, **changes) == reason


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"note": "a name"}, id="one claim too many"),
        pytest.param({"jti": ""}, id="no id"),
        pytest.param({"iat": -1}, id="before all time"),
        pytest.param({"iat": "now"}, id="no time"),
        pytest.param({"iss": 7}, id="no text"),
    ],
)
def test_the_claims_of_a_report_are_closed(claims: dict[str, Any]) -> None:
    forged = signed({**claims_of(TOKEN), **claims}, key=SHELTER_KEY, typ=REPORT_TYPE)
    assert report_refusal(forged) == "claims"


@given(st.integers(0), st.sampled_from("ABCxyz019-_.="))
def test_no_changed_letter_of_a_report_token_is_taken(place: int, letter: str) -> None:
    changed = one_letter_changed(TOKEN, place, letter)
    if changed != TOKEN:
        assert report_refusal(changed) in {"malformed", "signature", "algorithm", "header"}


def test_a_receipt_is_recognised() -> None:
    found = verify_receipt(RECEIPT, CAPOFILA_KEY.public, **ABOUT)
    assert found.is_accepted
    assert (found.capofila, found.shelter, found.revision, found.reason) == (CAPOFILA, SHELTER, 1, None)


def test_a_refusal_is_recognised_and_is_no_acceptance() -> None:
    found = verify_receipt(receipt(refused="revision_conflict"), CAPOFILA_KEY.public, **ABOUT)
    assert not found.is_accepted
    assert found.reason == "revision_conflict"


@given(st.integers(0), st.sampled_from("ABCxyz019-_.="))
def test_no_changed_letter_of_a_receipt_is_taken(place: int, letter: str) -> None:
    changed = one_letter_changed(RECEIPT, place, letter)
    if changed != RECEIPT:
        assert receipt_refusal(changed) in {"malformed", "signature", "algorithm", "header"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"shelter": "another"}, "shelter"),
        ({"period": "2026-07"}, "period"),
        ({"revision": 2}, "revision"),
        ({"sha256": "0" * 64}, "content"),
    ],
)
def test_a_receipt_for_something_else_is_refused(changes: dict[str, Any], reason: str) -> None:
    assert receipt_refusal(receipt(**changes)) == reason
    assert receipt_refusal(RECEIPT, **changes) == reason


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        pytest.param(receipt(key=OTHER_KEY), "signature", id="another key"),
        pytest.param(signed(claims_of(RECEIPT), kid=OTHER_KEY.public.thumbprint()), "header", id="another key's id"),
        pytest.param(signed(claims_of(RECEIPT), typ="JWT"), "header", id="another kind of token"),
        pytest.param(signed(claims_of(RECEIPT), jku="https://example.org/k"), "header", id="a key to fetch"),
        pytest.param(signed(b"[]"), "claims", id="a list"),
        pytest.param(signed(b"{"), "malformed", id="no JSON"),
        pytest.param(signed(b"[" * 2000), "malformed", id="deep"),
        pytest.param(signed({**claims_of(RECEIPT), "status": "filed"}), "claims", id="another status"),
        pytest.param(signed({**claims_of(RECEIPT), "status": "refused"}), "claims", id="refused without a reason"),
        pytest.param(signed({**claims_of(RECEIPT), "reason": "x"}), "claims", id="accepted with a reason"),
        pytest.param(signed({**claims_of(RECEIPT), "revision": True}), "claims", id="a revision that is no number"),
        pytest.param("", "malformed", id="nothing"),
        pytest.param("a.b", "malformed", id="two parts"),
        pytest.param("è.è.è", "malformed", id="not ASCII"),
        pytest.param("A" * 5000, "malformed", id="too long"),
        pytest.param(RECEIPT + ".x", "malformed", id="four parts"),
        pytest.param(TOKEN, "signature", id="the shelter's own token"),
        pytest.param(
            base64.urlsafe_b64encode(b'["alg"]').rstrip(b"=").decode() + "." + RECEIPT.split(".", 1)[1],
            "malformed",
            id="a header that is a list",
        ),
    ],
)
def test_what_is_no_receipt_of_this_capofila_is_refused(token: str, reason: str) -> None:
    assert receipt_refusal(token) == reason


def test_a_receipt_without_a_signature_is_refused() -> None:
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    assert receipt_refusal(f"{header}.{RECEIPT.split('.')[1]}.") == "algorithm"


def test_a_receipt_sealed_with_the_public_key_as_a_secret_is_refused() -> None:
    secret = OctKey.import_key(CAPOFILA_KEY.public.raw)
    header = {"alg": "HS256", "typ": RECEIPT_TYPE, "kid": CAPOFILA_KEY.public.thumbprint()}
    forged = jws.serialize_compact(header, json.dumps(claims_of(RECEIPT)), secret, algorithms=["HS256"])
    assert receipt_refusal(forged) == "algorithm"


def test_a_claim_from_a_newer_capofila_does_not_spoil_a_receipt() -> None:
    assert verify_receipt(signed({**claims_of(RECEIPT), "new": 1}), CAPOFILA_KEY.public, **ABOUT).is_accepted


def enrolment_refusal(token: str, **changes: Any) -> str:
    with pytest.raises(EnrolmentUnproven) as caught:
        verify_enrolment(
            token, **{"pinned_key": CAPOFILA_KEY.public, "iss": CAPOFILA, "shelter_key": SHELTER_KEY.public, **changes}
        )
    return str(caught.value.params["reason"])


def test_an_enrolment_is_proved_by_the_key_of_the_invitation_alone() -> None:
    word = make_enrolment(CAPOFILA_KEY, iss=CAPOFILA, shelter=SHELTER, shelter_key=SHELTER_KEY.public, iat=1, jti="e-1")
    proved = verify_enrolment(word, CAPOFILA_KEY.public, iss=CAPOFILA, shelter_key=SHELTER_KEY.public)
    assert proved == SHELTER
    assert enrolment_refusal(word, pinned_key=OTHER_KEY.public) == "signature"
    assert enrolment_refusal(word, iss="another") == "issuer"
    assert enrolment_refusal(word, shelter_key=OTHER_KEY.public) == "key"
    assert enrolment_refusal(RECEIPT) == "header"
    assert enrolment_refusal(signed({"iss": CAPOFILA}, typ=ENROLMENT_TYPE)) == "claims"


def test_a_key_id_that_cannot_be_read_is_refused() -> None:
    for token in ("", "a.b.c", signed({}, kid="").replace("x", "x"), f"{'A' * 5000}"):
        with pytest.raises(SignatureInvalid):
            read_kid(token)


def test_the_thumbprint_is_that_of_the_standard() -> None:
    # RFC 8037, appendix A.3
    key = PublicKey.from_jwk({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    assert key.thumbprint() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert key.fingerprint() == "90FA CAFE A9B1 5566 9854 0F70 C011 7A22"


@given(st.binary(min_size=32, max_size=32))
def test_keys_come_back_from_their_bytes(raw: bytes) -> None:
    key = SigningKey(raw)
    assert key.to_bytes() == raw
    assert PublicKey.from_jwk(key.public.to_jwk()) == key.public
    assert raw.hex() not in repr(key)


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "OKP", "crv": "X25519", "x": "A" * 43},
        {"kty": "OKP", "crv": "Ed25519", "x": "A" * 42},
        {"kty": "OKP", "crv": "Ed25519", "x": "A" * 42 + "B"},
        {"kty": "OKP", "crv": "Ed25519", "x": "è" * 43},
        {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43, "d": "A" * 43},
        {"kty": "OKP", "crv": "Ed25519", "x": 7},
    ],
)
def test_what_is_no_public_key_is_refused(jwk: dict[str, Any]) -> None:
    with pytest.raises(KeyInvalid):
        PublicKey.from_jwk(jwk)


def test_a_key_of_another_length_is_refused() -> None:
    for raw in (b"", bytes(31), bytes(33)):
        with pytest.raises(KeyInvalid):
            SigningKey(raw)
        with pytest.raises(KeyInvalid):
            PublicKey(raw)


def test_the_digest_of_the_header_is_the_digest_of_the_bytes() -> None:
    # The bytes and the digest of RFC 9530, appendix B.1; the header's form is the older one of ModI (RFC 3230).
    expected = "SHA-256=RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg="
    assert signed_headers(b'{"hello": "world"}\n')[0] == {"digest": expected}
