"""The service as it stands in the world: proxies, limits, slow and lying clients, logs, readiness, a stop."""

from __future__ import annotations

import io
import json
import logging
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.capofila import body, patience
from app.capofila.gate import Proxies
from app.capofila.limit import MOST_BUCKETS, Limit, network_of
from app.capofila.log import JsonLines, log_to, say
from app.capofila.office import Limits
from app.capofila.server import Behind, Running, invite, running
from app.errors import ProxyNeedsLoopback
from app.sync.client import enrol
from app.sync.invitation import read_invitation
from app.sync.key import SigningKey
from app.sync.signature import CONTENT_TYPE, digest_header
from tests.shelter import Shelter

PROXY = Behind()


@contextmanager
def plain(folder: Path, **settings: object) -> Iterator[httpx.Client]:
    """A capofila behind a proxy, and the proxy's connection to it."""
    with running(folder, behind=PROXY, **settings) as started, httpx.Client(base_url=started.url) as http:  # type: ignore[arg-type]
        yield http


def headers_of(shelter: Shelter, package: bytes, jti: str = "jti-1") -> dict[str, str]:
    return {
        "Content-Type": CONTENT_TYPE,
        "Agid-JWT-Signature": shelter.token(package, jti),
        "Digest": digest_header(package),
        "Idempotency-Key": f'"{jti}"',
    }


def enrolled(folder: Path, capofila: Running) -> Shelter:
    key = SigningKey.generate()
    word = enrol(read_invitation(invite(folder, None, "CANARINO Casa Aurora", capofila.url)), key.public)
    return Shelter(word.shelter_id, word.capofila_id, key)


def test_ready_tells_the_database_and_the_migration_and_live_the_process_alone(tmp_path: Path) -> None:
    with plain(tmp_path) as http:
        assert http.get("/health/ready").json() == {"status": "ok", "database": "sqlite", "schema_version": 2}
        with sqlite3.connect(tmp_path / "capofila.db") as database:
            database.execute("UPDATE schema_version SET version = 99")
        database.close()
        answer = http.get("/health/ready")
        assert (answer.status_code, answer.json()["reason"]) == (503, "store_not_migrated")
        assert int(answer.headers["Retry-After"]) > 0
        assert http.get("/health/live").json() == {"status": "ok"}


def test_who_types_the_address_alone_is_led_to_the_board(tmp_path: Path) -> None:
    with plain(tmp_path) as http:
        answer = http.get("/")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/board/")
        assert "/" not in http.get("/openapi.json").json()["paths"]


def test_every_answer_has_a_number_and_is_not_kept(tmp_path: Path) -> None:
    with plain(tmp_path) as http:
        first, second = http.get("/health/live"), http.get("/nowhere")
        assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
        assert second.headers["Cache-Control"] == "no-store"
        assert second.headers["X-Content-Type-Options"] == "nosniff"


def scope_of(peer: str | None, *forwarded: str, proto: str = "https") -> dict[str, object]:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded] + [(b"x-forwarded-proto", proto.encode())]
    return {"type": "http", "scheme": "http", "headers": headers, "client": (peer, 1) if peer else None}


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("127.0.0.1", ("203.0.113.9",), ("203.0.113.9", "https")),
        ("127.0.0.1", ("198.51.100.1, 203.0.113.9",), ("203.0.113.9", "https")),  # the first is the client's own word
        ("127.0.0.1", ("198.51.100.1", "203.0.113.9"), ("203.0.113.9", "https")),
        ("127.0.0.1", ("203.0.113.9, 10.1.2.3",), ("203.0.113.9", "https")),  # two proxies of ours
        ("127.0.0.1", ("rubbish",), ("127.0.0.1", "https")),
        ("127.0.0.1", (), ("127.0.0.1", "https")),
        ("203.0.113.7", ("198.51.100.1",), ("203.0.113.7", "http")),  # not our proxy: not believed
        (None, ("203.0.113.9",), ("203.0.113.9", "https")),  # a unix socket
    ],
)
def test_only_our_proxy_is_believed_and_only_what_it_saw_itself(
    peer: str | None, forwarded: tuple[str, ...], expected: tuple[str, str]
) -> None:
    assert Proxies(("127.0.0.1", "10.0.0.0/8")).resolve(scope_of(peer, *forwarded)) == expected


def test_without_a_proxy_nobody_is_believed() -> None:
    assert Proxies().resolve(scope_of("127.0.0.1", "203.0.113.9")) == ("127.0.0.1", "http")


def test_plain_http_stays_on_this_computer(tmp_path: Path) -> None:
    with pytest.raises(ProxyNeedsLoopback), running(tmp_path, host="192.0.2.1", behind=PROXY):
        pass


def test_a_unix_socket_serves_a_proxy(tmp_path: Path) -> None:
    place = Path(tempfile.gettempdir(), f"approdo-{tmp_path.name[-20:]}.sock")
    with running(tmp_path, behind=Behind(socket_path=place)):
        assert place.stat().st_mode & 0o007 == 0
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(place)), base_url="http://capofila") as http:
            assert http.get("/health/live").status_code == 200
    assert not place.exists()


def test_a_limit_lets_bursts_through_and_tells_how_long_to_wait() -> None:
    now = [0.0]
    limit = Limit(60, 3, lambda: now[0])
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 1]
    assert limit.take("b") == 0
    now[0] = 1.0
    assert limit.take("a") == 0
    assert [Limit(0, 0).take("a") for _ in range(9)] == [0] * 9
    slow = Limit(1, 1, lambda: now[0])
    assert [slow.take("a"), slow.take("a")] == [0, 60]
    for each in range(MOST_BUCKETS + 10):
        limit.take(str(each))
    assert len(limit) == MOST_BUCKETS
    limit.take("203.0.113.9")
    assert "203.0.113.9" not in repr(vars(limit))


def test_an_address_is_counted_with_its_network() -> None:
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2::9") == "2001:db8:1:2::"
    assert network_of("::ffff:203.0.113.9") == network_of("203.0.113.9")
    assert network_of(None) == "none"


def test_who_asks_too_often_waits_and_health_is_always_answered(tmp_path: Path) -> None:
    with plain(tmp_path, limits=Limits(address=Limit(60, 2))) as http:
        answers = [http.get("/v1/identity", headers={"X-Forwarded-For": "203.0.113.9"}) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2].json()["reason"] == "too_many"
        assert int(answers[2].headers["Retry-After"]) >= 1
        assert http.get("/v1/identity", headers={"X-Forwarded-For": "203.0.113.10"}).status_code == 200
        assert http.get("/health/live", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 200


def test_a_shelters_share_is_used_up_by_its_own_signature_alone(tmp_path: Path) -> None:
    with running(tmp_path, limits=Limits(sender=Limit(60, 2))) as capofila:
        shelter = enrolled(tmp_path, capofila)
        stranger = Shelter(shelter.id, shelter.capofila_id, SigningKey.generate())
        package = shelter.package()
        context = ssl.create_default_context(cafile=str(capofila.identity.tls_file))
        with httpx.Client(base_url=capofila.url, verify=context) as http:

            def push(whose: Shelter, jti: str) -> int:
                return http.post("/v1/reports", content=package, headers=headers_of(whose, package, jti)).status_code

            assert [push(stranger, "x") for _ in range(4)] == [403] * 4
            assert [push(shelter, f"jti-{n}") for n in range(3)] == [200, 200, 429]


def test_a_body_that_comes_too_slowly_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body.read_body, "__defaults__", (body.LARGEST_BODY, 0.2))
    with running(tmp_path, behind=PROXY) as started, socket.create_connection(("127.0.0.1", started.port)) as link:
        link.settimeout(10)
        link.sendall(b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 6144\r\n\r\n{")
        answer = b"".join(iter(lambda: link.recv(4096), b""))  # until it is closed
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"too_slow" in answer


@pytest.mark.parametrize("said", [b"", b"GET /health/live HTTP/1.1\r\nHost:"])
def test_a_connection_on_which_no_request_comes_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(patience.PatientProtocol, "head_seconds", 0.2)
    with running(tmp_path, behind=PROXY) as started, socket.create_connection(("127.0.0.1", started.port)) as link:
        link.settimeout(10)
        link.sendall(said)
        assert link.recv(4096) == b""


def test_lines_of_the_log_are_json_of_codes_and_repeat_nothing(tmp_path: Path) -> None:
    stream = io.StringIO()
    root, before, level = logging.getLogger(), logging.getLogger().handlers[:], logging.getLogger().level
    log_to(stream)
    try:
        with running(tmp_path) as capofila:
            shelter = enrolled(tmp_path, capofila)
            package = shelter.package()
            context = ssl.create_default_context(cafile=str(capofila.identity.tls_file))
            with httpx.Client(base_url=capofila.url, verify=context) as http:
                good = headers_of(shelter, package, "jti-CANARINO")
                http.post("/v1/reports", content=package, headers=good)
                http.post("/v1/reports", content=package[:-1] + b"X", headers=good)
                http.get("/CANARINO/2026-06?x=CANARINO", headers={"User-Agent": "CANARINO", "Referer": "CANARINO"})
                http.request("CANARINO", "/v1/identity")
                http.post("/v1/keys", json={"change": "CANARINO.CANARINO.CANARINO"})
                with sqlite3.connect(tmp_path / "capofila.db") as database:
                    database.execute("DROP TABLE seen_request")
                database.close()
                assert http.post("/v1/reports", content=package, headers=good).status_code == 503
        say("event", reason="Casa CANARINO Aurora", count=3)
        logging.getLogger("somebody.else").error("of %s", "CANARINO")
        try:
            raise ValueError("CANARINO")
        except ValueError:
            logging.getLogger("somebody.else").exception("CANARINO")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    told = stream.getvalue()
    for secret in (
        "CANARINO",
        "127.0.0.1",
        shelter.id,
        "2026-06",
        "M07",
        shelter.key.public.thumbprint(),
        "testclient",
    ):
        assert secret not in told
    lines = [json.loads(line) for line in told.splitlines()]
    assert {"at", "level", "event"} <= set.intersection(*(set(line) for line in lines))
    requests = [line for line in lines if line["event"] == "request"]
    assert {line["route"] for line in requests} == {"/v1/reports", "/v1/enrolments", "/v1/keys", "/v1/identity", "none"}
    assert {"store_unavailable", "turned_away", "event", "library"} <= {line["event"] for line in lines}
    assert [line["reason"] for line in lines if line["event"] == "event"] == ["?"]


def test_a_reader_of_the_log_who_went_away_stops_nothing() -> None:
    stream = io.StringIO()
    stream.close()
    JsonLines(stream).emit(logging.LogRecord("app", logging.INFO, "", 0, "x", None, None))


def wait_until_closed(port: int) -> None:
    """Return once nobody is let in any more."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            return
    raise TimeoutError


def test_what_is_being_answered_is_answered_before_the_service_stops(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "app", "capofila", "serve", "--behind-proxy", "--port", "0", "--data", str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        port = int(re.findall(r"http://127.0.0.1:(\d+)", process.stderr.readline())[0])
        with socket.create_connection(("127.0.0.1", port)) as link:
            link.settimeout(20)
            link.sendall(
                b"POST /v1/enrolments HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
            )
            assert link.recv(4096).startswith(b"HTTP/1.1 100")  # the request is in hand
            process.send_signal(signal.SIGTERM)
            wait_until_closed(port)
            link.sendall(b"{}")
            assert b"request_invalid" in b"".join(iter(lambda: link.recv(4096), b""))
        assert process.wait(20) == 0
        events = [json.loads(line)["event"] for line in process.stdout.read().splitlines()]
    assert events[0] == "starting"
    assert events[-1] == "stopped"
    assert "request" in events
