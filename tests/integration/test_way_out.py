"""The way out of this computer: its proxy is respected, a hang-up ends all at once, a portal is no connection."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtNetwork import QNetworkProxy

from app.capofila.key import Identity, open_identity, tls_context
from app.platform.proxy import system_proxy
from app.sync.client import CapofilaClient, answers
from app.sync.exchange import Hangup, Line, Timeouts
from app.sync.key import SigningKey
from app.sync.outcome import Accepted, NotReached, Outcome
from app.sync.payload import digest
from app.sync.signature import make_receipt
from tests.bad_server import Place, capofila_that, certificate, listening, read_request, reply, response, says
from tests.connect_proxy import connecting
from tests.integration.test_bad_network import drips, drips_body, waits
from tests.shelter import Shelter

PATIENT = Timeouts(connect=10, total=20)
SHELTER = Shelter("2219cca7-f77f-4a32-ae20-79d17f84766a", "cf449f1c-055b-4e43-8273-76de95110a11", SigningKey.generate())
PACKAGE = SHELTER.package()
TOKEN = SHELTER.token(PACKAGE)
NAMES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")
LIVE = reply({"status": "ok"})


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return open_identity(tmp_path_factory.mktemp("identity"))


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def push(place: Place, line: Line | None = None) -> Outcome:
    return CapofilaClient(place.url, place.pem, PATIENT, line).push(PACKAGE, TOKEN, "jti-1")


def filed(identity: Identity) -> bytes:
    about = {"shelter": SHELTER.id, "period": "2026-06", "revision": 1, "sha256": digest(PACKAGE), "trail": "5c" * 32}
    return reply({"receipt": make_receipt(identity.key, iss=SHELTER.capofila_id, iat=1, jti="r-1", **about)})


# --- the proxy -----------------------------------------------------------------------------------------------


def test_the_environments_proxy_carries_the_report_and_reads_nothing(
    identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    with capofila_that(says(filed(identity)), identity) as place, connecting(place.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert isinstance(push(place), Accepted)
        assert proxy.asked[0].startswith(b"CONNECT 127.0.0.1:")
        assert b"M07" not in proxy.carried
        assert PACKAGE not in proxy.carried
        assert len(proxy.carried) > len(PACKAGE)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert isinstance(push(place), Accepted)
        assert len(proxy.asked) == 1


def test_the_systems_proxy_is_asked_for_each_address_and_given_its_password(identity: Identity) -> None:
    with (
        capofila_that(says(filed(identity)), identity) as place,
        connecting(place.port, b"Basic b3BlOnAhdyA=") as proxy,
    ):
        host, port = proxy.url.removeprefix("http://").split(":")
        named = QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, host, int(port), "ope", "p!w ")
        found = system_proxy(place.url, lambda _url: [named])
        assert found == f"http://ope:p%21w%20@{host}:{port}"
        assert isinstance(push(place, Line(proxy=found)), Accepted)
        assert push(place, Line(proxy=proxy.url)) == NotReached("proxy")  # without its password


def test_what_the_system_says_of_proxies_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = QNetworkProxy.ProxyType

    def ask(*found: QNetworkProxy) -> str | None:
        return system_proxy("https://c.example", lambda _url: list(found))

    assert ask(QNetworkProxy(kind.NoProxy)) is None
    assert ask() is None
    assert (
        ask(QNetworkProxy(kind.FtpCachingProxy, "f", 21), QNetworkProxy(kind.HttpProxy, "h", 8080)) == "http://h:8080"
    )
    assert ask(QNetworkProxy(kind.Socks5Proxy, "::1", 1080)) == "socks5://[::1]:1080"
    assert system_proxy("https://c.example") is None
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    assert ask(QNetworkProxy(kind.HttpProxy, "h", 8080)) is None  # the environment counts, with its exceptions


# --- hanging up ----------------------------------------------------------------------------------------------


def never_accepts(connection: socket.socket, stop: threading.Event) -> None:
    stop.wait(10)


@pytest.mark.parametrize(
    ("handle", "in_clear"),
    [(waits, False), (drips, False), (drips_body, False), (never_accepts, False), (never_accepts, True)],
)
def test_a_question_under_way_is_over_when_somebody_hangs_up(
    handle: object, in_clear: bool, identity: Identity
) -> None:
    hangup, heard = Hangup(), threading.Event()

    def seen(connection: socket.socket, stop: threading.Event) -> None:
        heard.set()
        handle(connection, stop)  # type: ignore[operator]  # one of the handlers above

    outcomes: list[Outcome] = []
    with listening(seen, None if in_clear else tls_context(identity), certificate(identity)) as place:
        asking = threading.Thread(target=lambda: outcomes.append(push(place, Line(hangup=hangup))))
        asking.start()
        assert heard.wait(10)
        before = time.monotonic()
        hangup.end()
        asking.join(10)
        assert time.monotonic() - before < 2
    assert outcomes == [NotReached("stopped")]
    assert push(place, Line(hangup=hangup)) == NotReached("stopped")  # nothing is asked after it either


def test_a_name_that_nobody_looks_up_in_time_holds_up_nothing(
    identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> None:
        asked.set()
        go_on.wait(20)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    hangup = Hangup()
    outcomes: list[Outcome] = []
    place = Place("https://capofila.example.org", 443, certificate(identity))
    asking = threading.Thread(target=lambda: outcomes.append(push(place, Line(hangup=hangup))))
    asking.start()
    assert asked.wait(10)
    hangup.end()
    asking.join(5)
    go_on.set()
    assert outcomes == [NotReached("stopped")]


# --- portals, and the knock ----------------------------------------------------------------------------------

PORTALS = {
    "a page with 200": response("200 OK", body=b"<h1>Accedi al Wi-Fi</h1>"),
    "a redirect": response("302 Found", "text/html", b"", "Location: https://login.example/"),
    "another kind": response("200 OK", "text/plain", b'{"status": "ok"}'),
    "a login": response("511 Network Authentication Required"),
    "other words": reply({"status": "degraded"}),
}


@pytest.mark.parametrize("name", PORTALS)
def test_a_portal_is_no_connection(name: str, identity: Identity) -> None:
    with capofila_that(says(PORTALS[name]), identity) as place:
        assert not answers(place.url, place.pem)
        assert not isinstance(push(place), Accepted)


def test_a_portal_with_a_certificate_of_its_own_or_none_is_no_connection(identity: Identity, tmp_path: Path) -> None:
    stranger = open_identity(tmp_path)
    for context in (tls_context(stranger), None):
        with listening(says(LIVE), context, certificate(identity)) as place:
            assert not answers(place.url, place.pem)


def test_the_knock_says_nothing_of_the_shelter_and_hears_the_capofila(identity: Identity) -> None:
    heard: list[bytes] = []

    def handle(connection: socket.socket, stop: threading.Event) -> None:
        heard.append(connection.recv(65536))
        connection.sendall(LIVE)

    with capofila_that(handle, identity) as place:
        assert answers(place.url, place.pem)
    assert heard[0].startswith(b"GET /health/live HTTP/1.1\r\n")
    assert SHELTER.id.encode() not in heard[0]
    assert not answers(place.url, place.pem)


def test_a_portal_that_drips_is_left_in_time(identity: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sync.client.PROBE", Timeouts(connect=0.4, total=0.4))
    with capofila_that(drips_body, identity) as place:
        before = time.monotonic()
        assert not answers(place.url, place.pem)
        assert time.monotonic() - before < 5


def test_the_bad_server_takes_the_whole_question(identity: Identity) -> None:
    def cut(connection: socket.socket, _stop: threading.Event) -> None:
        read_request(connection)

    with capofila_that(cut, identity) as place:
        assert push(place) == NotReached("cut")
