"""The shelter's client against everything that answers on a bad network: it never raises, waits or shows green."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.capofila.key import Identity, open_identity, tls_context
from app.errors import CapofilaNotReached
from app.reference.texts import tr, use_language
from app.sync.client import CapofilaClient, enrol
from app.sync.exchange import WHYS, Timeouts
from app.sync.invitation import Invitation
from app.sync.key import SigningKey
from app.sync.outcome import (
    REFUSALS,
    Accepted,
    Acknowledged,
    Declined,
    Delivered,
    NotReached,
    Outcome,
    Refused,
    Unproven,
    Verdict,
    Waiting,
    refusal_key,
    settle,
)
from app.sync.payload import digest
from app.sync.signature import make_receipt
from tests.bad_server import (
    Handler,
    Place,
    capofila_that,
    certificate,
    listening,
    problem,
    read_request,
    reply,
    response,
    says,
)
from tests.shelter import Shelter

QUICK = Timeouts(connect=0.4, total=0.4)
PATIENT = Timeouts(connect=10, total=20)
SHELTER = Shelter("2219cca7-f77f-4a32-ae20-79d17f84766a", "cf449f1c-055b-4e43-8273-76de95110a11", SigningKey.generate())
PACKAGE = SHELTER.package()
TOKEN = SHELTER.token(PACKAGE)


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return open_identity(tmp_path_factory.mktemp("identity"))


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def push(place: Place, timeouts: Timeouts = PATIENT) -> Outcome:
    return CapofilaClient(place.url, place.pem, timeouts).push(PACKAGE, TOKEN, "jti-1")


def receipt(key: SigningKey, refused: str | None = None, **changes: Any) -> str:
    about = {"shelter": SHELTER.id, "period": "2026-06", "revision": 1, "sha256": digest(PACKAGE), "trail": "5c" * 32}
    return make_receipt(key, iss=SHELTER.capofila_id, iat=1, jti="r-1", refused=refused, **{**about, **changes})


def verdict_on(outcome: Outcome, identity: Identity) -> Verdict:
    return settle(outcome, pinned_key=identity.key.public, package=PACKAGE)


# --- nobody, or nobody in time -------------------------------------------------------------------------------


def test_nobody_listens(identity: Identity) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    place = Place(f"https://127.0.0.1:{port}", port, certificate(identity))
    assert push(place) == NotReached("down")
    assert verdict_on(push(place), identity) == Waiting("down")


def test_there_is_no_network_at_all(identity: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    place = Place("https://capofila.example.org", 443, certificate(identity))
    assert push(place) == NotReached("name")


def waits(connection: socket.socket, _stop: threading.Event) -> None:
    while connection.recv(65536):
        pass


def drips(connection: socket.socket, stop: threading.Event) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not stop.wait(0.02):
        connection.sendall(b"a")


def drips_body(connection: socket.socket, stop: threading.Event) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n")
    while not stop.wait(0.02):
        connection.sendall(b" ")


@pytest.mark.parametrize("handle", [waits, drips, drips_body])
def test_a_server_that_takes_its_time_gets_no_more_than_was_allowed(handle: Handler, identity: Identity) -> None:
    with capofila_that(handle, identity) as place:
        assert push(place, QUICK) == NotReached("timeout")


def test_a_server_that_never_shakes_hands_is_left(identity: Identity) -> None:
    with listening(waits, None, certificate(identity)) as place:
        assert push(place, QUICK) == NotReached("timeout")


def test_a_server_that_hangs_up_is_down_or_rubbish_but_no_error(identity: Identity) -> None:
    with capofila_that(lambda _connection, _stop: None, identity) as place:
        assert isinstance(push(place), NotReached)


# --- somebody else -------------------------------------------------------------------------------------------


def test_another_certificate_is_not_trusted(identity: Identity, tmp_path: Path) -> None:
    stranger = open_identity(tmp_path)
    with listening(waits, tls_context(stranger), certificate(identity)) as place:
        assert push(place) == NotReached("tls_untrusted")


@pytest.mark.parametrize(("start", "end"), [(-20, -10), (10, 20)])
def test_a_certificate_out_of_its_time_points_to_the_date(start: int, end: int, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 7, now + timedelta(days=start), now + timedelta(days=end))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "tls.pem"
    pem = made.public_bytes(Encoding.PEM)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with listening(waits, context, pem.decode()) as place:
        assert push(place) == NotReached("tls_dates")


def test_a_server_without_protection_is_not_spoken_to(identity: Identity) -> None:
    heard: list[bytes] = []

    def handle(connection: socket.socket, _stop: threading.Event) -> None:
        heard.append(connection.recv(65536))
        connection.sendall(response("200 OK", body=b"<h1>Benvenuti</h1>"))

    with listening(handle, None, certificate(identity)) as place:
        assert push(place) == NotReached("tls_broken")
    assert b"M07" not in heard[0]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        pytest.param(
            response("302 Found", "text/html", b"", "Location: https://login.example/"), "redirected", id="302"
        ),
        pytest.param(response("307 Temporary Redirect", "text/html", b"", "Location: /"), "redirected", id="307"),
        pytest.param(response("511 Network Authentication Required"), "redirected", id="511"),
        pytest.param(response("200 OK", body=b"<h1>Accedi al Wi-Fi</h1>"), "rubbish", id="a portal's page"),
        pytest.param(response("403 Forbidden", body=b"<h1>No</h1>"), "rubbish", id="a page that forbids"),
        pytest.param(response("404 Not Found", "application/json", b"{}"), "rubbish", id="another service"),
        pytest.param(response("500 Internal Server Error"), "server_error", id="500"),
        pytest.param(response("503 Service Unavailable", "application/problem+json", b"{}"), "busy", id="503"),
        pytest.param(response("429 Too Many Requests"), "busy", id="429"),
        pytest.param(response("407 Proxy Authentication Required"), "proxy", id="407"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", "cut", id="not HTTP"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{", "rubbish", id="cut"
        ),
        pytest.param(response("200 OK", "application/json", b"x" * 70_000), "too_large", id="70 kB"),
        pytest.param(
            response("200 OK", "application/json", gzip.compress(b" " * 9_000_000), "Content-Encoding: gzip"),
            "rubbish",
            id="a bomb",
        ),
        pytest.param(response("200 OK", "application/json", b"[" * 60_000), "rubbish", id="deep JSON"),
        pytest.param(response("200 OK", "application/json", b"no"), "rubbish", id="no JSON"),
        pytest.param(reply([]), "rubbish", id="a list"),
        pytest.param(reply({"receipt": "x"}, "204 No Content"), "rubbish", id="another success"),
        pytest.param(problem(None), "rubbish", id="a problem without a reason"),
        pytest.param(problem("<b>Chiamate subito il 555</b>"), "rubbish", id="a problem with words of its own"),
    ],
)
def test_an_answer_that_is_no_capofilas_leaves_the_report_waiting(answer: bytes, why: str, identity: Identity) -> None:
    with capofila_that(says(answer), identity) as place:
        assert push(place) == NotReached(why)  # type: ignore[arg-type]  # one of WHYS


@pytest.mark.parametrize(
    "answer", [reply({}), reply({"receipt": 7}), reply({}, "202 Accepted")], ids=["no receipt", "no text", "202"]
)
def test_a_yes_without_a_receipt_is_noted_and_not_green(answer: bytes, identity: Identity) -> None:
    with capofila_that(says(answer), identity) as place:
        assert push(place) == Acknowledged()


def test_an_endless_answer_is_cut(identity: Identity) -> None:
    def handle(connection: socket.socket, stop: threading.Event) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while not stop.is_set():
            connection.sendall(b" " * 65536)

    with capofila_that(handle, identity) as place:
        assert push(place) == NotReached("too_large")


# --- a proxy in between --------------------------------------------------------------------------------------


def test_the_systems_proxy_is_used_and_sees_no_report(identity: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []

    def refuse(connection: socket.socket, _stop: threading.Event) -> None:
        heard.append(connection.recv(65536))
        connection.sendall(response("407 Proxy Authentication Required"))

    with listening(refuse, None, certificate(identity)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        place = Place("https://capofila.example.org", 443, certificate(identity))
        assert push(place) == NotReached("proxy")
    assert heard[0].startswith(b"CONNECT capofila.example.org:443")
    assert b"Agid" not in heard[0]


@pytest.mark.parametrize("setting", ["socks5://127.0.0.1:9", "nonsense://x"])
def test_a_proxy_setting_that_cannot_be_used_is_no_crash(
    setting: str, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", setting)
    place = Place("https://127.0.0.1:9", 9, certificate(identity))
    assert push(place) == NotReached("proxy")


# --- a liar with the right certificate -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"shelter": "another"}, "shelter"),
        ({"period": "2026-05"}, "period"),
        ({"revision": 2}, "revision"),
        ({"sha256": "0" * 64}, "content"),
    ],
)
def test_a_receipt_for_another_report_is_not_green(changes: dict[str, Any], reason: str, identity: Identity) -> None:
    with capofila_that(says(reply({"receipt": receipt(identity.key, **changes)})), identity) as place:
        outcome = push(place)
    assert isinstance(outcome, Accepted)
    assert verdict_on(outcome, identity) == Unproven(reason)


def test_a_receipt_by_another_key_is_not_green(identity: Identity) -> None:
    with capofila_that(says(reply({"receipt": receipt(SigningKey.generate())})), identity) as place:
        assert verdict_on(push(place), identity) == Unproven("signature")


def test_a_refusal_dressed_as_success_is_a_refusal(identity: Identity) -> None:
    with capofila_that(says(reply({"receipt": receipt(identity.key, "revision_conflict")})), identity) as place:
        verdict = verdict_on(push(place), identity)
    assert isinstance(verdict, Declined)
    assert verdict.reason == "revision_conflict"


def test_a_true_receipt_counts_whatever_is_said_around_it(identity: Identity) -> None:
    answer = problem("revision_conflict", receipt=receipt(identity.key))
    with capofila_that(says(answer), identity) as place:
        assert isinstance(verdict_on(push(place), identity), Delivered)


@pytest.mark.parametrize(("shown", "unproven"), [(None, ""), ("rubbish", "malformed"), (7, "")])
def test_a_refusal_without_proof_is_only_said(shown: object, unproven: str, identity: Identity) -> None:
    more = {} if shown is None else {"receipt": shown}
    with capofila_that(says(problem("shelter_revoked", **more)), identity) as place:
        outcome = push(place)
    assert isinstance(outcome, Refused)
    assert verdict_on(outcome, identity) == Declined("shelter_revoked", None, unproven=unproven)


def test_only_the_true_receipt_is_green(identity: Identity) -> None:
    with capofila_that(says(reply({"receipt": receipt(identity.key)})), identity) as place:
        verdict = verdict_on(push(place), identity)
    assert isinstance(verdict, Delivered)
    assert verdict.receipt.is_accepted


@pytest.mark.parametrize("answer", [reply({"enrolment": 7}), reply({}), response("200 OK", body=b"<h1>Ciao</h1>")])
def test_an_enrolment_is_not_made_with_whoever_answers(answer: bytes, identity: Identity) -> None:
    with capofila_that(says(answer), identity) as place:
        invitation = Invitation(
            url=place.url,
            capofila_name="Comune capofila",
            capofila_id=SHELTER.capofila_id,
            key=identity.key.public.raw,
            token=bytes(32),
            tls_fingerprint=identity.tls_fingerprint,
            shelter_name="Casa Aurora",
        )
        with pytest.raises(CapofilaNotReached):
            enrol(invitation, SHELTER.key.public)


# --- words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_outcome_has_words(language: str) -> None:
    use_language(language)
    keys = [Waiting(why).text_key for why in WHYS]  # type: ignore[arg-type]  # WHYS are the values of Why
    keys += [refusal_key(reason) for reason in (*REFUSALS, "quite_new")]
    keys += [Unproven("signature").text_key, Declined("revision_conflict", None).text_key]
    for key in keys:
        assert len(tr(key, reason="x")) > 40
