"""The sealed file: what goes in comes out, all files are equally long, and whatever was touched is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.jwk import OKPKey

from app.errors import AnswerInvalid, KeyInvalid, SealInvalid
from app.sync.file_answer import LARGEST_ANSWER, FileAnswer, read_answer, write_answer
from app.sync.file_name import answer_name, is_ours, random_name, sealed_name
from app.sync.key import SealingKey, SealingPublicKey, SigningKey, from_base64url, to_base64url
from app.sync.payload import SIZE
from app.sync.sealed import (
    ALGORITHM,
    ENCRYPTION,
    FILE_SIZE,
    LARGEST_FILE,
    PLAIN_SIZE,
    TYPE,
    Sealed,
    SealedEnrolment,
    SealedKeyChange,
    SealedLeave,
    SealedReport,
    open_sealed,
    seal,
)
from app.sync.signature import LONGEST_TOKEN

KEY = SealingKey(bytes(range(32)))
OTHER = SealingKey(bytes(range(1, 33)))
SHELTER = SigningKey(bytes(range(32)))
REPORT = SealedReport.of(b"x" * SIZE, "a.b.c", "5d2d7f4c-6d9f-4a37-8a35-5b8f3f7d2f10")
FILE = seal(REPORT, KEY.public)

tokens = st.text(st.sampled_from("abcXYZ019-_."), min_size=1, max_size=LONGEST_TOKEN)
contents: st.SearchStrategy[Sealed] = st.one_of(
    st.builds(SealedReport.of, st.binary(max_size=SIZE), tokens, tokens.map(lambda text: text[:36])),
    st.builds(SealedEnrolment, st.binary(min_size=32, max_size=32), st.just(SHELTER.public)),
    st.builds(SealedKeyChange, tokens),
    st.builds(SealedLeave, tokens),
)


def refusal(data: bytes, keys: SealingKey | list[SealingKey] = KEY) -> str:
    with pytest.raises(SealInvalid) as caught:
        open_sealed(data, keys)
    return str(caught.value.params["reason"])


def foreign(plain: bytes, key: SealingPublicKey = KEY.public, **changes: Any) -> bytes:
    """Return what another program would seal, with other ideas about the header."""
    header = {"alg": ALGORITHM, "enc": ENCRYPTION, "kid": key.thumbprint(), "typ": TYPE, **changes}
    header = {name: value for name, value in header.items() if value is not None}
    algorithms = [header["alg"], header["enc"], "DEF"]
    return jwe.encrypt_compact(header, plain, OKPKey.import_key(key.to_jwk()), algorithms=algorithms).encode()


@given(contents)
def test_what_is_sealed_comes_out_again_and_every_file_is_equally_long(content: Sealed) -> None:
    file = seal(content, KEY.public)
    assert len(file) == FILE_SIZE
    assert open_sealed(file, KEY) == content
    assert open_sealed(file, [OTHER, KEY]) == content


def test_the_largest_report_and_token_fit() -> None:
    largest = SealedReport.of(b"x" * SIZE, "t" * LONGEST_TOKEN, "i" * 36)
    assert len(seal(largest, KEY.public)) == FILE_SIZE
    with pytest.raises(SealInvalid):
        seal(SealedLeave("t" * PLAIN_SIZE), KEY.public)


def test_two_files_of_one_report_have_nothing_in_common_but_the_recipient() -> None:
    one, two = FILE.split(b"."), seal(REPORT, KEY.public).split(b".")
    assert [a == b for a, b in zip(one, two, strict=True)] == [False] * 5
    header = json.loads(from_base64url(one[0].decode()))
    assert set(header) == {"alg", "enc", "typ", "kid", "epk"}
    assert (header["kid"], header["typ"]) == (KEY.public.thumbprint(), TYPE)


@settings(max_examples=300)
@given(st.integers(0, FILE_SIZE - 1), st.integers(1, 255))
def test_a_file_with_one_sign_changed_is_refused(at: int, by: int) -> None:
    touched = bytearray(FILE)
    touched[at] = (touched[at] + by) % 256
    if bytes(touched).split() and b"".join(bytes(touched).split()) == FILE:
        return
    assert refusal(bytes(touched)) in ("size", "malformed", "header", "algorithm", "recipient", "seal")


@given(st.integers(0, FILE_SIZE - 1))
def test_a_truncated_file_is_refused(length: int) -> None:
    assert refusal(FILE[:length]) in ("size", "malformed")


@given(st.binary(max_size=400))
def test_rubbish_is_refused(data: bytes) -> None:
    assert refusal(data) in ("size", "malformed")


def test_what_a_mail_program_adds_does_not_matter_and_what_is_huge_is_not_even_read() -> None:
    lines = b"\r\n".join(FILE[at : at + 76] for at in range(0, len(FILE), 76)) + b"\r\n\r\n"
    assert open_sealed(lines, KEY) == REPORT
    assert refusal(b"A" * (LARGEST_FILE + 1)) == "size"
    assert refusal(FILE + b"A") in ("size", "malformed")


def test_a_file_for_another_capofila_is_not_opened() -> None:
    assert refusal(FILE, OTHER) == "recipient"
    assert refusal(FILE, []) == "recipient"
    renamed = FILE.split(b".")
    header = json.loads(from_base64url(renamed[0].decode()))
    renamed[0] = to_base64url(
        json.dumps({**header, "kid": OTHER.public.thumbprint()}, separators=(",", ":")).encode()
    ).encode()
    assert refusal(b".".join(renamed), [KEY, OTHER]) == "seal"


def plain_of(make: Callable[[dict[str, Any]], None]) -> bytes:
    """Return the plain text of a report with something done to its document, still canonical and as long."""
    document = {
        "content_type": "application/json",
        "digest": REPORT.digest,
        "idempotency_key": REPORT.idempotency_key,
        "package": to_base64url(REPORT.package),
        "padding": "",
        "schema": "approdo.sealed/1",
        "token": REPORT.token,
    }
    make(document)
    room = PLAIN_SIZE - len(json.dumps(document, separators=(",", ":"), sort_keys=True))
    if "padding" in document:
        document["padding"] = "." * room
    return json.dumps(document, separators=(",", ":"), sort_keys=True).encode()


def test_a_file_of_another_program_that_follows_the_document_is_opened() -> None:
    assert open_sealed(foreign(plain_of(lambda _: None)), KEY) == REPORT


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        pytest.param(foreign(plain_of(lambda d: d.update(extra=1))), "form", id="a field more"),
        pytest.param(foreign(plain_of(lambda d: d.pop("token"))), "form", id="a field less"),
        pytest.param(foreign(plain_of(lambda d: d.update(token=7))), "form", id="no text"),
        pytest.param(foreign(plain_of(lambda d: d.update(package="===="))), "form", id="no base64"),
        pytest.param(foreign(plain_of(lambda d: d.update(schema="approdo.sealed/9"))), "schema", id="a newer one"),
        pytest.param(foreign(plain_of(lambda d: d.update(schema="other/1"))), "form", id="another kind"),
        pytest.param(foreign(b"[" * PLAIN_SIZE), "form", id="deep"),
        pytest.param(foreign(b" " * PLAIN_SIZE), "form", id="blank"),
        pytest.param(foreign(b"{}"), "size", id="short"),
        pytest.param(foreign(plain_of(lambda _: None), typ="JWE"), "size", id="another type"),
        pytest.param(foreign(plain_of(lambda _: None), typ="approdo-sealed+jwx"), "header", id="a type as long"),
        pytest.param(foreign(plain_of(lambda _: None), alg="ECDH-ES+A128KW"), "algorithm", id="another way to wrap"),
        pytest.param(foreign(plain_of(lambda _: None), enc="A128GCM"), "size", id="another cipher"),
        pytest.param(foreign(plain_of(lambda _: None), zip="DEF"), "size", id="compressed"),
    ],
)
def test_a_file_that_is_of_another_form_is_refused_although_it_can_be_decrypted(file: bytes, reason: str) -> None:
    assert refusal(file) == reason


def test_a_key_that_would_give_everybody_the_same_secret_is_none() -> None:
    for weak in (bytes(32), b"\x01" + bytes(31)):
        with pytest.raises(KeyInvalid):
            SealingPublicKey(weak)
    with pytest.raises(KeyInvalid):
        SealingPublicKey.from_jwk(SHELTER.public.to_jwk())
    assert SealingPublicKey.from_jwk(KEY.public.to_jwk()) == KEY.public
    assert "SealingKey(" in repr(KEY)
    assert repr(KEY.to_bytes()) not in repr(KEY)


# --- the answer and the names

ANSWER = FileAnswer("receipt", "jti-1", receipt="a.b.c", identity="i.d.x", successions=("s.1.x",))


@given(
    st.builds(
        FileAnswer,
        kind=st.just("receipt"),
        about=tokens.map(lambda text: text[:100]),
        receipt=tokens,
        reason=st.none() | st.just("revision_conflict"),
        identity=st.none() | tokens,
        successions=st.lists(tokens, max_size=4).map(tuple),
    )
    | st.builds(
        FileAnswer,
        kind=st.just("enrolment"),
        about=tokens.map(lambda text: text[:100]),
        enrolment=st.none() | tokens,
        certificate=st.none() | st.text(min_size=1, max_size=50),
    )
)
def test_an_answer_comes_out_as_it_was_written(answer: FileAnswer) -> None:
    assert read_answer(write_answer(answer)) == answer


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "form"),
        (b"[]", "form"),
        (b"[" * 9000, "form"),
        (b"{" + b" " * LARGEST_ANSWER, "size"),
        (b'{"schema":"approdo.receipt/9"}', "schema"),
        (b'{"schema":"other"}', "form"),
        (b'{"schema":"approdo.receipt/1","about":"x"}', "form"),
        (b'{"schema":"approdo.receipt/1","about":"","receipt":"x"}', "form"),
        (b'{"schema":"approdo.receipt/1","about":"x","receipt":7}', "form"),
        (b'{"schema":"approdo.receipt/1","about":"x","reason":"<script>"}', "form"),
        (b'{"schema":"approdo.receipt/1","about":"x","receipt":"x","successions":7}', "form"),
        (FILE, "form"),
    ],
)
def test_what_is_no_answer_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(AnswerInvalid) as caught:
        read_answer(data)
    assert caught.value.params["reason"] == reason


def test_a_newer_capofila_may_tell_more() -> None:
    told = json.loads(write_answer(ANSWER))
    assert read_answer(json.dumps({**told, "more": 1}, indent=2).encode()) == ANSWER


def test_a_name_tells_nothing_and_the_answer_bears_the_same() -> None:
    name = sealed_name(random_name())
    assert is_ours(name)
    assert answer_name(name) == name.replace(".approdo", "-ricevuta.approdo")
    assert is_ours(answer_name(name))
    for foreign_name in ("Casa Aurora 2026-06.approdo", answer_name(name), "../x"):
        made = answer_name(foreign_name)
        assert is_ours(made)
        assert "Aurora" not in made
