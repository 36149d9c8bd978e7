"""Whoever would keep the service busy keeps it from nobody else: bodies that do not end, sign-ins, probes, sockets."""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.capofila import patience, server
from app.capofila.account import AT_ONCE, Accounts
from app.capofila.answer import TurnedAway
from app.capofila.board.guard import ENTRY_COOKIE, csrf_token
from app.capofila.board.visit import MOST_WAITING
from app.capofila.gate import MOST_AT_ONCE, MOST_OF_ONE
from app.capofila.limit import Limit
from app.capofila.office import Limits, open_office
from app.capofila.server import Behind, running

ENOUGH = 5.0
"""Seconds in which a service that is kept from nothing has answered, on a busy computer too."""


@contextmanager
def plain(folder: Path, limits: Limits | None = None) -> Iterator[httpx.Client]:
    with (
        running(folder, behind=Behind(), limits=limits) as started,
        httpx.Client(base_url=started.url, timeout=20) as http,
    ):
        yield http


def unfinished(http: httpx.Client, address: str, path: str = "/board/login") -> socket.socket:
    """A request whose body does not end."""
    link = socket.create_connection(("127.0.0.1", http.base_url.port or 0))
    kind = "application/x-www-form-urlencoded"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {address}\r\nContent-Type: {kind}\r\n"
    link.sendall(f"{head}Content-Length: 100\r\n\r\na".encode())
    return link


def test_bodies_that_do_not_end_keep_nobody_out(tmp_path: Path) -> None:
    with plain(tmp_path) as http, ExitStack() as stack:
        for number in range(MOST_AT_ONCE + 20):
            stack.enter_context(unfinished(http, f"10.0.{number // 10}.1"))
        time.sleep(0.3)
        assert http.get("/v1/identity", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 200


def test_one_address_has_so_many_requests_in_hand_and_no_more(tmp_path: Path) -> None:
    with plain(tmp_path) as http:
        with ExitStack() as stack:
            for _ in range(MOST_OF_ONE):
                stack.enter_context(unfinished(http, "203.0.113.9", "/v1/reports"))
            time.sleep(0.3)
            assert http.get("/v1/identity", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 429
            assert http.get("/v1/identity", headers={"X-Forwarded-For": "203.0.113.10"}).status_code == 200
            assert http.get("/health/live", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 200
        time.sleep(0.3)
        assert http.get("/v1/identity", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 200


def test_a_stranger_s_form_of_parts_is_not_read_and_a_long_one_refused(tmp_path: Path) -> None:
    body = b"--b\r\nContent-Disposition: form-data; " + b"a;" * 3_500 + b"name=x\r\n\r\nv\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    with plain(tmp_path) as http:
        begun = time.monotonic()
        assert http.post("/board/login", content=body, headers=headers).status_code == 403
        assert http.post("/board/login", content=body * 9, headers=headers).status_code == 413
        assert time.monotonic() - begun < ENOUGH


def test_sign_ins_that_are_slow_take_no_worker_from_who_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, statuses = threading.Event(), list[int]()

    def slow(*_words: Any) -> TurnedAway:
        go_on.wait(20)
        return TurnedAway("sign_in_wrong")

    monkeypatch.setattr(Accounts, "sign_in", slow)
    form = {"csrf": csrf_token("k"), "name": "x", "passphrase": "y", "code": "1"}
    with plain(tmp_path) as http:

        def attempt(number: int) -> None:
            headers = {"Cookie": f"{ENTRY_COOKIE}=k", "X-Forwarded-For": f"10.0.{number}.1"}
            statuses.append(httpx.post(f"{http.base_url}/board/login", data=form, headers=headers).status_code)

        threads = [threading.Thread(target=attempt, args=(number,)) for number in range(60)]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 15
        while len(statuses) < 60 - AT_ONCE - MOST_WAITING and time.monotonic() < deadline:
            time.sleep(0.02)
        try:
            assert set(statuses) == {429}, "more than may wait are told so at once"
            begun = time.monotonic()
            assert http.get("/v1/identity").status_code == 200
            assert time.monotonic() - begun < ENOUGH
        finally:
            go_on.set()
            for thread in threads:
                thread.join()
    assert sorted(set(statuses)) == [401, 429]
    assert statuses.count(401) == AT_ONCE + MOST_WAITING


def test_a_password_waits_for_its_turn_not_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.capofila.account.ROOM_SECONDS", 0)
    with open_office(tmp_path) as office:
        office.accounts.add("Marta", "quattro parole messe insieme")
        room = office.accounts._room
        with ExitStack() as stack:
            for _ in range(AT_ONCE):
                stack.enter_context(room)
            found = office.accounts.sign_in("Marta", "quattro parole messe insieme", "000000")
    assert isinstance(found, TurnedAway)
    assert found.reason == "sign_in_wait"


def test_readiness_is_asked_without_writing_and_as_often_as_anything_else(tmp_path: Path) -> None:
    with plain(tmp_path, Limits(address=Limit(60, 2))) as http:
        writer = sqlite3.connect(tmp_path / "capofila.db", isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        assert http.get("/health/ready").status_code == 200
        assert time.monotonic() - begun < ENOUGH
        writer.close()
        asked = [http.get("/health/ready", headers={"X-Forwarded-For": "203.0.113.9"}).status_code for _ in range(6)]
        assert 429 in asked


def test_one_address_has_so_many_connections_and_loopback_is_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    class Link(patience.PatientProtocol):
        def __init__(self, address: str | None, others: set[Any]) -> None:
            self.client, self.connections = (address, 1) if address else None, others
            others.add(self)

    others: set[Any] = set()
    for address in ("203.0.113.9", "127.0.0.1", "::1", None):
        links = [Link(address, others) for _ in range(patience.MOST_OF_ONE + 1)]
        assert links[-1]._are_too_many() is (address == "203.0.113.9")
    assert not Link("203.0.113.10", others)._are_too_many()


def test_a_file_that_is_no_socket_is_left_and_so_is_the_socket_of_the_next(tmp_path: Path) -> None:
    path = tmp_path / "s.sock"
    path.write_text("something else")
    with pytest.raises(FileExistsError), server._unix_listener(path):
        pass
    assert path.read_text() == "something else"
    path.unlink()
    first, second = server._unix_listener(path), server._unix_listener(path)
    first.__enter__()
    with suppress(OSError):
        second.__enter__()
    first.__exit__(None, None, None)
    assert path.is_socket(), "the second serves on it"
    second.__exit__(None, None, None)
    assert not path.exists()
