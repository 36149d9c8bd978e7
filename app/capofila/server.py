"""Run the capofila: open its folder and store, serve HTTPS, stop cleanly; and what its people ask of it.

One process, one port; a reverse proxy or a service manager is whoever installs it.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from app.capofila.api import create_app
from app.capofila.breakdown import NetworkYear, network_year
from app.capofila.enrolment import Enrolments
from app.capofila.key import Identity, open_identity, tls_context
from app.capofila.service import ReceivedReport, Reception, list_received
from app.capofila.store import Store, default_url, open_store
from app.sync.invitation import check_url

START_SECONDS = 30
DAYS_VALID = 14

_NOTHING: Callable[[int], None] = lambda _port: None  # noqa: E731 - a default


@dataclass(frozen=True, slots=True)
class Running:
    """A capofila that serves in this process; `url` is its loopback address."""

    url: str
    port: int
    identity: Identity


def serve(
    data_dir: Path,
    database_url: str | None = None,
    host: str = "127.0.0.1",
    port: int = 8443,
    ready: Callable[[int], None] = _NOTHING,
    *,
    name: str = "Capofila",
    hosts: Iterable[str] = (),
) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is told the real port (`port` may be 0).

    Without `database_url` the store is an SQLite file in `data_dir`. `name` and `hosts` count on the first run only.
    Raises OSError when the port is taken and CapofilaStoreTooNew. To be called from the main thread.
    """
    identity = open_identity(data_dir, name=name, hosts=hosts)
    with _opened(data_dir, database_url) as store, _listening(host, port) as listener:
        # uvicorn raises the signal once more after its clean stop; these take it, so that stopping is no failure.
        before = {number: signal.signal(number, _ignore) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            _server(store, identity, ready).run(sockets=[listener])
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def running(
    data_dir: Path,
    database_url: str | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    name: str = "Capofila",
) -> Iterator[Running]:
    """Serve in a thread of this process for as long as the block lasts, for the demo and for tests on loopback."""
    identity = open_identity(data_dir, name=name)
    is_ready = threading.Event()
    ports: list[int] = []

    def ready(real_port: int) -> None:
        ports.append(real_port)
        is_ready.set()

    with _opened(data_dir, database_url) as store, _listening(host, port) as listener:
        server = _server(store, identity, ready)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="capofila")
        thread.start()
        try:
            if not is_ready.wait(START_SECONDS):
                raise TimeoutError("the capofila did not start")
            yield Running(url=f"https://{_bracketed(host)}:{ports[0]}", port=ports[0], identity=identity)
        finally:
            server.should_exit = True
            thread.join()


def invite(
    data_dir: Path,
    database_url: str | None,
    shelter_name: str,
    url: str,
    days_valid: int = DAYS_VALID,
    *,
    province: str | None = None,
    name: str = "Capofila",
    pins_certificate: bool = True,
) -> str:
    """Return the text of a new invitation; raises AddressRefused, InvitationInvalid or HostNotInCertificate.

    On the first run of a folder it makes the identity too, with the host of `url` in the certificate.
    """
    identity = open_identity(data_dir, name=name, hosts=[urlsplit(check_url(url)).hostname or ""])
    with _opened(data_dir, database_url) as store:
        return (
            Enrolments(store, identity)
            .invite(
                shelter_name=shelter_name,
                url=url,
                days_valid=days_valid,
                province=province,
                pins_certificate=pins_certificate,
            )
            .to_text()
        )


def received(data_dir: Path, database_url: str | None = None) -> list[ReceivedReport]:
    """Return everything that came in, every revision, by shelter and month."""
    with _opened(data_dir, database_url) as store:
        return list_received(store)


def network(data_dir: Path, database_url: str | None, year: int) -> NetworkYear:
    """Return the network's tables of a year."""
    return network_year(received(data_dir, database_url), year)


class _Server(uvicorn.Server):
    """uvicorn, telling its port once it serves."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[int], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell the port."""
        await super().startup(sockets=sockets)
        if sockets:
            self._ready(sockets[0].getsockname()[1])


def _server(store: Store, identity: Identity, ready: Callable[[int], None]) -> _Server:
    config = uvicorn.Config(
        create_app(Enrolments(store, identity), Reception(store, identity)),
        ssl_context_factory=lambda _config, _default: tls_context(identity),
        http="h11",
        ws="none",
        lifespan="off",
        access_log=False,  # addresses of shelters are nobody's business
        log_config=None,
        server_header=False,
        limit_concurrency=200,
        timeout_graceful_shutdown=5,
    )
    return _Server(config, ready)


@contextmanager
def _opened(data_dir: Path, database_url: str | None) -> Iterator[Store]:
    store = open_store(database_url or default_url(data_dir))
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listener:
        yield listener


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _ignore(_number: int, _frame: Any) -> None:
    """Take a signal and do nothing."""
