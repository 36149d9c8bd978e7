"""Words about keys: a new key is believed on the word of the one before it, and on nothing else."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import EnrolmentUnproven, KeyChangeUnproven, SuccessionUnproven
from app.sync.key import SealingKey, SigningKey
from app.sync.keychange import (
    KEY_CHANGE_TYPE,
    KEY_PROOF_TYPE,
    KeyChange,
    Leave,
    descend,
    make_identity,
    make_key_change,
    make_leave,
    make_succession,
    verify_identity,
    verify_key_change,
    verify_leave,
    verify_succession,
)
from app.sync.signature import make_enrolment, peek, read_enrolment, sign_token, verify_enrolment

KEYS = [SigningKey(bytes([n]) * 32) for n in range(1, 7)]
OLD, NEW, STRANGER = KEYS[0], KEYS[1], SigningKey(b"\x77" * 32)
SEAL = SealingKey(bytes(range(32))).public
LINE = [make_succession(old, iss="c", new=new.public, iat=1) for old, new in pairwise(KEYS)]
CHANGE = make_key_change(OLD, NEW, iss="s", aud="c", iat=9, jti="j")


def why(token: str, key: SigningKey = OLD, iss: str = "s", aud: str = "c") -> str:
    with pytest.raises(KeyChangeUnproven) as caught:
        verify_key_change(token, key.public, iss=iss, aud=aud)
    return str(caught.value.params["reason"])


def why_identity(token: str, pinned: SigningKey = OLD, iss: str = "c", successions: list[str] | None = None) -> str:
    with pytest.raises(SuccessionUnproven) as caught:
        verify_identity(token, pinned.public, iss=iss, successions=successions or [])
    return str(caught.value.params["reason"])


def test_a_new_key_is_vouched_for_by_the_old_one_and_by_itself() -> None:
    assert verify_key_change(CHANGE, OLD.public, iss="s", aud="c") == KeyChange(NEW.public, 9, "j")
    assert make_key_change(OLD, NEW, iss="s", aud="c", iat=9, jti="j") == CHANGE  # asking again asks for the same
    assert why(CHANGE, STRANGER) == "signature"
    assert why(CHANGE, iss="other") == "issuer"
    assert why(CHANGE, aud="other") == "audience"
    assert why(CHANGE[:-6] + "AAAAAA") in ("signature", "malformed")
    assert why("x") == "malformed"
    assert why(make_leave(OLD, iss="s", aud="c", iat=9, jti="j")) == "header"
    assert why(make_key_change(OLD, OLD, iss="s", aud="c", iat=9, jti="j")) == "key"


def test_a_new_key_that_nobody_holds_is_refused() -> None:
    both = {"iss": "s", "aud": "c", "iat": 9, "jti": "j"}
    good = peek(CHANGE)["proof"]

    def change(**changes: object) -> str:
        return sign_token({**both, "key": NEW.public.to_jwk(), "proof": good, **changes}, OLD, KEY_CHANGE_TYPE)

    assert verify_key_change(change(), OLD.public, iss="s", aud="c").key == NEW.public
    by_old = sign_token({**both, "cnf": {"jkt": OLD.public.thumbprint()}}, OLD, KEY_PROOF_TYPE)
    other_jti = sign_token({**both, "jti": "k", "cnf": {"jkt": OLD.public.thumbprint()}}, NEW, KEY_PROOF_TYPE)
    other_key = sign_token({**both, "cnf": {"jkt": STRANGER.public.thumbprint()}}, NEW, KEY_PROOF_TYPE)
    for proof in (by_old, other_jti, other_key, "x", CHANGE):
        assert why(change(proof=proof)) == "proof"
    for wrong in (change(proof=7), change(key=7), change(key=SEAL.to_jwk()), change(extra=1), change(iat="x")):
        assert why(wrong) == "claims"


def test_a_leave_is_signed() -> None:
    leave = make_leave(OLD, iss="s", aud="c", iat=9, jti="j")
    assert verify_leave(leave, OLD.public, iss="s", aud="c") == Leave(9, "j")
    for key, iss, aud in ((STRANGER, "s", "c"), (OLD, "x", "c"), (OLD, "s", "x")):
        with pytest.raises(KeyChangeUnproven):
            verify_leave(leave, key.public, iss=iss, aud=aud)
    with pytest.raises(KeyChangeUnproven):
        verify_leave(CHANGE, OLD.public, iss="s", aud="c")


@given(st.permutations(LINE), st.integers(0, len(KEYS) - 1))
def test_keys_are_followed_from_the_pinned_one_in_whatever_order_the_statements_come(
    statements: list[str], start: int
) -> None:
    assert descend(KEYS[start].public, statements, iss="c") == tuple(key.public for key in KEYS[start:])


def test_no_foreign_statement_leads_anywhere() -> None:
    by_stranger = make_succession(STRANGER, iss="c", new=NEW.public, iat=1)
    for_other = make_succession(OLD, iss="x", new=NEW.public, iat=1)
    back = make_succession(NEW, iss="c", new=OLD.public, iat=1)
    assert descend(OLD.public, [by_stranger, for_other, "rubbish", CHANGE], iss="c") == (OLD.public,)
    assert descend(OLD.public, [back, LINE[0]], iss="c") == (OLD.public, NEW.public)  # no turning in circles
    with pytest.raises(SuccessionUnproven):
        verify_succession(by_stranger, OLD.public, iss="c")
    gap = [LINE[0], LINE[2]]
    assert descend(OLD.public, gap, iss="c") == (OLD.public, NEW.public)


def test_the_first_statement_about_a_key_counts() -> None:
    second = make_succession(OLD, iss="c", new=STRANGER.public, iat=2)
    assert descend(OLD.public, [LINE[0], second], iss="c")[1] == NEW.public


def test_an_identity_is_believed_from_the_pinned_key_on() -> None:
    word = make_identity(KEYS[2], iss="c", iat=5, previous=[KEYS[1].public, OLD.public], seal=SEAL)
    found = verify_identity(word, OLD.public, iss="c", successions=LINE)
    assert (found.key, found.seal, found.iat, found.path) == (KEYS[2].public, SEAL, 5, tuple(LINE[:2]))
    assert verify_identity(word, KEYS[2].public, iss="c").path == ()
    assert why_identity(word) == "succession"
    assert why_identity(word, successions=LINE[1:]) == "succession"
    assert why_identity(word, iss="x", successions=LINE) == "succession"
    assert why_identity(word, KEYS[2], iss="x") == "issuer"
    assert why_identity("rubbish") == "malformed"
    assert why_identity(LINE[0]) == "header"
    lying = make_identity(OLD, iss="c", iat=5, seal=None)
    assert verify_identity(lying, OLD.public, iss="c").seal is None


def test_the_word_of_an_enrolment_may_carry_the_key_that_files_are_sealed_to() -> None:
    told = {"iss": "c", "shelter": "s", "shelter_key": NEW.public, "iat": 1, "jti": "j"}
    with_seal, without = make_enrolment(OLD, seal=SEAL, **told), make_enrolment(OLD, **told)  # type: ignore[arg-type]
    read = read_enrolment(with_seal, OLD.public, iss="c", shelter_key=NEW.public)
    assert (read.shelter, read.seal) == ("s", SEAL)
    assert replace(read, seal=None) == read_enrolment(without, OLD.public, iss="c", shelter_key=NEW.public)
    assert verify_enrolment(with_seal, OLD.public, iss="c", shelter_key=NEW.public) == "s"
    with pytest.raises(EnrolmentUnproven):
        read_enrolment(with_seal, NEW.public, iss="c", shelter_key=NEW.public)
    with pytest.raises(EnrolmentUnproven):
        read_enrolment(with_seal, OLD.public, iss="c", shelter_key=OLD.public)
