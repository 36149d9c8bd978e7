"""The invitation: one line that is whole or is refused, and an address that is https or is refused."""

from __future__ import annotations

import json
import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import AddressRefused, InvitationInvalid
from app.reference.texts import say_error, use_language
from app.sync.invitation import PREFIX, Invitation, _checksum, check_url, read_invitation
from app.sync.key import SealingKey, to_base64url

INVITATION = Invitation(
    url="https://capofila.example.org:8443",
    capofila_name="Comune capofila",
    capofila_id="cf449f1c-055b-4e43-8273-76de95110a11",
    key=bytes(range(32)),
    token=bytes(range(32, 64)),
    tls_fingerprint=bytes(range(64, 96)),
    shelter_name="Casa Aurora",
)
TEXT = INVITATION.to_text()

names = st.text(min_size=1, max_size=120).filter(str.isprintable)
keys = st.binary(min_size=32, max_size=32)


def refusal(text: str) -> str:
    with pytest.raises(InvitationInvalid) as caught:
        read_invitation(text)
    return str(caught.value.params["reason"])


def wrapped(body: bytes) -> str:
    """Return what a program would write that knows the checksum but has other ideas about what is inside."""
    return PREFIX + to_base64url(body + _checksum(PREFIX, body))


@given(
    st.builds(
        Invitation,
        url=st.sampled_from(
            ["https://a.example", "https://10.0.0.1:8443", "https://[::1]:1", "https://a.example/rete"]
        ),
        capofila_name=names,
        capofila_id=names,
        key=keys,
        token=keys,
        tls_fingerprint=st.none() | keys,
        shelter_name=names,
    )
)
def test_an_invitation_comes_back_from_its_text(invitation: Invitation) -> None:
    assert read_invitation(invitation.to_text()) == invitation


def test_an_invitation_is_one_line_of_plain_signs() -> None:
    assert TEXT.startswith("APPRODO1-")
    assert set(TEXT) <= set(string.ascii_letters + string.digits + "-_")
    assert len(TEXT) < 600


def test_what_a_mail_program_does_to_a_line_does_not_matter() -> None:
    broken = "\n > ".join(TEXT[i : i + 60] for i in range(0, len(TEXT), 60)).replace(" > ", "  ")
    assert read_invitation(f"  {broken}\r\n") == INVITATION


@given(st.integers(0, len(TEXT) - 1), st.sampled_from(string.ascii_letters + string.digits + "-_=+è"))
def test_one_mistyped_sign_is_refused(place: int, sign: str) -> None:
    changed = TEXT[:place] + sign + TEXT[place + 1 :]
    if changed != TEXT:
        assert refusal(changed) in {"prefix", "cut", "form"}


@given(st.integers(0, len(TEXT) - 1))
def test_a_cut_invitation_is_refused(length: int) -> None:
    assert refusal(TEXT[:length]) in {"prefix", "cut"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "prefix", id="nothing"),
        pytest.param("Buongiorno, ecco l'invito", "prefix", id="a letter"),
        pytest.param(TEXT.replace("APPRODO1", "APPRODO3"), "prefix", id="a later kind"),
        pytest.param(TEXT.replace("APPRODO1", "APPRODO2"), "cut", id="said to be of the second kind"),
        pytest.param(PREFIX, "cut", id="only the beginning"),
        pytest.param(PREFIX + "A" * 5000, "prefix", id="too long"),
        pytest.param(wrapped(b"{}"), "form", id="empty"),
        pytest.param(wrapped(b"[]"), "form", id="a list"),
        pytest.param(wrapped(b"[" * 2000), "form", id="deep"),
        pytest.param(wrapped(b"no json"), "form", id="no JSON"),
        pytest.param(wrapped(json.dumps(json.loads(INVITATION._canonical())).encode()), "form", id="not canonical"),
        pytest.param(wrapped(INVITATION._canonical().replace(b'"id":', b'"extra":1,"id":')), "form", id="a field more"),
        pytest.param(wrapped(INVITATION._canonical().replace(b'"Casa Aurora"', b"7")), "form", id="no name"),
    ],
)
def test_what_is_no_invitation_is_refused(text: str, reason: str) -> None:
    assert refusal(text) == reason


@pytest.mark.parametrize(
    "url",
    [
        "http://capofila.example.org",
        "capofila.example.org",
        "https://",
        "https://user:pw@capofila.example.org",
        "https://capofila.example.org/?a=1",
        "https://capofila.example.org/#a",
        "https://capofila.example.org:0",
        "https://capofila.example.org:99999",
        "https://capofila .example.org",
        "https://càpofila.example.org",
        "https://[::1",
        "ftp://capofila.example.org",
        "https://" + "a" * 300,
    ],
)
def test_an_address_that_is_not_plain_https_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(url)
    with pytest.raises(AddressRefused):
        replace(INVITATION, url=url)


def test_an_invitation_to_an_address_without_protection_is_refused_when_read() -> None:
    body = INVITATION._canonical().replace(b"https://", b"http://")
    with pytest.raises(AddressRefused):
        read_invitation(wrapped(body))


def test_a_last_slash_does_not_matter() -> None:
    assert check_url("https://capofila.example.org/") == "https://capofila.example.org"
    with pytest.raises(AddressRefused):
        replace(INVITATION, url=INVITATION.url + "/")


@pytest.mark.parametrize(
    "change",
    [
        {"shelter_name": ""},
        {"capofila_name": "a" * 121},
        {"capofila_name": "a\nb"},
        {"key": b"short"},
        {"token": b""},
        {"tls_fingerprint": b""},
    ],
)
def test_an_incomplete_invitation_cannot_be_made(change: dict[str, object]) -> None:
    with pytest.raises(InvitationInvalid):
        replace(INVITATION, **change)  # type: ignore[arg-type]  # on purpose


def test_the_comparison_code_is_six_digits_and_changes_with_the_invitation() -> None:
    code = INVITATION.comparison_code()
    assert code == read_invitation(TEXT).comparison_code()
    assert [len(part) for part in code.split(" ")] == [3, 3]
    assert code.replace(" ", "").isdecimal()
    assert replace(INVITATION, url="https://another.example").comparison_code() != code
    assert replace(INVITATION, key=bytes(32)).comparison_code() != code


def test_an_invitation_prints_nothing_secret() -> None:
    shown = repr(INVITATION)
    assert to_base64url(INVITATION.token) not in shown
    assert str(INVITATION.token) not in shown
    assert "Casa Aurora" not in shown


@pytest.mark.parametrize("language", ["it", "en"])
def test_a_cut_invitation_is_explained(language: str) -> None:
    use_language(language)
    assert " APPRODO " in say_error(InvitationInvalid(reason="cut"))


def test_an_invitation_of_the_second_kind_carries_the_key_that_files_are_sealed_to() -> None:
    key = SealingKey.generate().public
    sealing = replace(INVITATION, seal=key.raw)
    text = sealing.to_text()
    assert text.startswith("APPRODO2-")
    assert read_invitation(text) == sealing
    assert read_invitation(TEXT).seal is None
    assert sealing.comparison_code() != replace(INVITATION, seal=bytes(32)).comparison_code()
    assert refusal(text.replace("APPRODO2", "APPRODO1")) == "cut"
    with pytest.raises(InvitationInvalid):
        replace(INVITATION, seal=bytes(31))
