"""Run the capofila: open its folder and store, serve, stop cleanly; and what its people ask of it.

One process, one port or socket; a reverse proxy or a service manager is whoever installs it.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from app.capofila.api import create_app
from app.capofila.breakdown import NetworkYear
from app.capofila.gate import Gate, Proxies
from app.capofila.handout.reading import read_year
from app.capofila.key import LOOPBACK, Identity, tls_context
from app.capofila.log import say
from app.capofila.office import Limits, Office, open_office
from app.capofila.patience import PatientProtocol
from app.capofila.service import ReceivedReport, list_received
from app.errors import ProxyNeedsLoopback
from app.sync.invitation import check_url

START_SECONDS = 30
STOP_SECONDS = 25
"""What is being answered when the service is told to stop may take so long; less than what systemd waits."""

MOST_CONNECTIONS = 500
DAYS_VALID = 14

_NOTHING: Callable[[int], None] = lambda _port: None  # noqa: E731 - a default


@dataclass(frozen=True, slots=True)
class Running:
    """A capofila that serves in this process; `url` is its loopback address."""

    url: str
    port: int
    identity: Identity


@dataclass(frozen=True, slots=True)
class Behind:
    """A reverse proxy in front: plain HTTP on loopback or on a unix socket, and whose word about addresses counts."""

    trusted: tuple[str, ...] = ("127.0.0.1", "::1")
    socket_path: Path | None = None


def serve(
    data_dir: Path,
    database_url: str | None = None,
    host: str = "127.0.0.1",
    port: int = 8443,
    ready: Callable[[int], None] = _NOTHING,
    *,
    name: str = "Capofila",
    hosts: Iterable[str] = (),
    behind: Behind | None = None,
    migrate: bool = True,
    limits: Limits | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is told the real port (`port` may be 0; 0 on a unix socket).

    Without `database_url` the store is an SQLite file in `data_dir`. `name` and `hosts` count on the first run only.
    Raises OSError when the port is taken, ProxyNeedsLoopback, and what `open_office` raises. To be called from the main
    thread.
    """
    office_of = open_office(data_dir, database_url, name=name, hosts=hosts, migrate=migrate, limits=limits)
    with office_of as office, _listening(host, port, behind) as listener:
        # uvicorn raises the signal once more after its clean stop; these take it, so that stopping is no failure.
        before = {number: signal.signal(number, _ignore) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            say("starting", database=office.store.kind, behind_proxy=behind is not None)
            _server(office, ready, behind).run(sockets=[listener])
            say("stopped")
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
    behind: Behind | None = None,
    limits: Limits | None = None,
) -> Iterator[Running]:
    """Serve in a thread of this process for as long as the block lasts, for the demo and for tests on loopback."""
    is_ready = threading.Event()
    ports: list[int] = []

    def ready(real_port: int) -> None:
        ports.append(real_port)
        is_ready.set()

    office_of = open_office(data_dir, database_url, name=name, limits=limits)
    with office_of as office, _listening(host, port, behind) as listener:
        server = _server(office, ready, behind)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="capofila")
        thread.start()
        try:
            if not is_ready.wait(START_SECONDS):
                raise TimeoutError("the capofila did not start")
            scheme = "https" if behind is None else "http"
            yield Running(f"{scheme}://{_bracketed(host)}:{ports[0]}", ports[0], office.keys.identity)
        finally:
            server.should_exit = True
            thread.join()
            _join_workers()


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
    succeeds: str | None = None,
    asks_who: bool = False,
) -> str:
    """Return the text of a new invitation; raises what `Enrolments.invite` raises.

    With `asks_who` a name that a shelter has or had raises ShelterIsHere or ShelterWasHere, unless `succeeds` says who
    it is.
    On the first run of a folder it makes the identity too, with the host of `url` in the certificate.
    """
    hosts = [urlsplit(check_url(url)).hostname or ""]
    with open_office(data_dir, database_url, name=name, hosts=hosts) as office:
        if asks_who and succeeds is None:
            office.enrolments.check_new(shelter_name)
        made = office.enrolments.invite(
            succeeds=succeeds,
            shelter_name=shelter_name,
            url=url,
            days_valid=days_valid,
            province=province,
            pins_certificate=pins_certificate,
        )
        return made.to_text()


def invite_again(
    data_dir: Path,
    database_url: str | None,
    shelter_id: str,
    url: str,
    days_valid: int = DAYS_VALID,
    *,
    pins_certificate: bool = True,
) -> str:
    """Return the text of an invitation for a shelter that lost its key; raises NotFound and what `invite` raises."""
    with open_office(data_dir, database_url) as office:
        made = office.enrolments.invite_again(
            shelter_id, url=url, days_valid=days_valid, pins_certificate=pins_certificate
        )
        return made.to_text()


def received(data_dir: Path, database_url: str | None = None) -> list[ReceivedReport]:
    """Return everything that came in, every revision, by shelter and month."""
    with open_office(data_dir, database_url) as office:
        return list_received(office.store)


def network(data_dir: Path, database_url: str | None, year: int) -> NetworkYear:
    """Return the network's tables of a year."""
    with open_office(data_dir, database_url) as office:
        return read_year(office.store, year)


class _Server(uvicorn.Server):
    """uvicorn, telling its port once it serves."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[int], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell the port."""
        await super().startup(sockets=sockets)
        if sockets:
            place = sockets[0].getsockname()
            self._ready(place[1] if isinstance(place, tuple) else 0)


def _server(office: Office, ready: Callable[[int], None], behind: Behind | None) -> _Server:
    proxies = Proxies(behind.trusted if behind is not None else ())
    config = uvicorn.Config(
        Gate(create_app(office), office.limits.address, proxies),
        ssl_context_factory=None if behind else lambda _config, _default: tls_context(office.keys.identity),
        http=PatientProtocol,
        ws="none",
        lifespan="off",
        access_log=False,  # addresses of shelters are nobody's business
        log_config=None,
        server_header=False,
        proxy_headers=False,  # the gate reads them, and believes fewer
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return _Server(config, ready)


@contextmanager
def _listening(host: str, port: int, behind: Behind | None) -> Iterator[socket.socket]:
    if behind is not None and behind.socket_path is not None:
        with _unix_listener(behind.socket_path) as listener:
            yield listener
        return
    if behind is not None and not _is_loopback(host):
        raise ProxyNeedsLoopback(host=host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listener:
        yield listener


@contextmanager
def _unix_listener(path: Path) -> Iterator[socket.socket]:
    """Listen on a socket file that its owner and group may use; one that a crash left behind is replaced.

    Raises FileExistsError for any other file. A socket that another process has put there meanwhile is left.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        if path.exists() and not path.is_socket():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        path.unlink(missing_ok=True)
        listener.bind(str(path))
        path.chmod(0o660)
        mine = path.stat()
        listener.listen(128)
        try:
            yield listener
        finally:
            with suppress(FileNotFoundError):
                if _same_file(path.stat(), mine):
                    path.unlink()


def _same_file(one: os.stat_result, other: os.stat_result) -> bool:
    # The time too: a number that became free is soon given to another file.
    return os.path.samestat(one, other) and one.st_ctime_ns == other.st_ctime_ns


def _is_loopback(host: str) -> bool:
    if host in LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _join_workers() -> None:
    """Wait for the threads that worked for an event loop which is closed: they are told to end, and take a moment."""
    for thread in threading.enumerate():
        loop = getattr(thread, "loop", None)
        if loop is not None and loop.is_closed():
            thread.join(STOP_SECONDS)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _ignore(_number: int, _frame: Any) -> None:
    """Take a signal and do nothing."""
