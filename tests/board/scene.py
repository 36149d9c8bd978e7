"""A real capofila with its board on loopback: real store, real TLS, real packages; only the clock is ours."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import httpx
import uvicorn
from argon2 import PasswordHasher
from starlette.applications import Starlette

from app.capofila.account import Accounts, NewAccount, code_at
from app.capofila.answer import EnrolmentWord, Filed
from app.capofila.board.routes import make_board
from app.capofila.gate import Gate
from app.capofila.key import account_key, tls_context
from app.capofila.limit import NO_LIMIT
from app.capofila.office import Limits, Office, open_office
from app.capofila.server import _join_workers
from app.sync.key import SigningKey
from app.sync.payload import MonthReport, to_bytes
from tests.board.story import Told, cells, usual
from tests.shelter import Shelter

BEGUN = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)
PASSPHRASE = "quattro parole messe insieme"
HOSTILE = (
    "Casa Aurora",
    "<script>alert(1)</script>",
    '=HYPERLINK("https://example.invalid")',
    "Rifugio dal nome lunghissimo che non finisce mai e continua ancora un poco, parola dopo parola dopo parola",
    '"><img src=x onerror=alert(1)>',
    "Casa Valtellina",
)


@dataclass
class Clock:
    at: datetime = BEGUN

    def __call__(self) -> datetime:
        return self.at


class Browser(httpx.Client):
    """A client that may have been used before the block that closes it begins."""

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_stopped: object) -> None:
        self.close()


@dataclass
class Scene:
    """A capofila that is open, who signs in to it, and its shelters by name."""

    office: Office
    clock: Clock
    url: str = ""
    operator: NewAccount | None = None
    shelters: dict[str, Shelter] = field(default_factory=dict)
    _tls: ssl.SSLContext | None = None

    def enrol(self, name: str, province: str | None = "MI") -> Shelter:
        key = SigningKey.generate()
        invitation = self.office.enrolments.invite(
            shelter_name=name, url="https://127.0.0.1:8443", days_valid=14, province=province
        )
        word = self.office.enrolments.enrol(invitation.token, key.public)
        assert isinstance(word, EnrolmentWord)
        payload = word.enrolment.split(".")[1]
        made = Shelter(_subject(payload), self.office.keys.identity.capofila_id, key)
        self.shelters[name] = made
        return made

    def deliver(self, name: str, period: str, told: Mapping[str, Told], revision: int = 1) -> str:
        shelter = self.shelters[name]
        package = to_bytes(MonthReport(shelter.id, period, revision, 5, cells(told), "5c" * 32))
        jti = f"{period}-{revision}"
        answer = self.office.reception.receive(shelter.delivery(package, jti))
        assert isinstance(answer, Filed), answer
        return answer.receipt

    def fill(self, names: Iterable[str], today: datetime) -> None:
        """A year of a network as `story.usual_network` has it: the last one silent since September."""
        listed = list(names)
        self.clock.at = BEGUN
        for number, name in enumerate(listed, start=1):
            self.enrol(name, "MI" if number % 2 else "CO")
        for month in range(1, 11):
            self.clock.at = datetime(2026, month + 1, 2, 9, 0, tzinfo=UTC)
            for number, name in enumerate(listed, start=1):
                if number < len(listed) or month < 9:
                    self.deliver(name, f"2026-{month:02d}", usual(number, month))
        self.deliver(listed[0], "2026-10", usual(1, 12), revision=2)
        self.clock.at = today

    def browser(self) -> Browser:
        return Browser(base_url=self.url, verify=self._tls or True, timeout=20)

    def sign_in(self) -> Browser:
        """A browser in which somebody has signed in, with a code that was not used before."""
        assert self.operator is not None
        self.clock.at += timedelta(seconds=90)
        browser = self.browser()
        page = Page(browser.get("/board/login").text)
        answer = browser.post("/board/login", data={**page.form(), **self.words()})
        assert answer.status_code == 303, answer.text
        return browser

    def words(self) -> dict[str, str]:
        assert self.operator is not None
        code = code_at(self.operator.secret_base32, self.clock.at)
        return {"name": self.operator.name, "passphrase": PASSPHRASE, "code": code}


def _subject(payload: str) -> str:
    import base64

    return str(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"])


@contextmanager
def open_scene(folder: Path) -> Iterator[Scene]:
    clock = Clock()
    limits = Limits(NO_LIMIT, NO_LIMIT, NO_LIMIT)
    with open_office(folder, name="Comune capofila", now=clock, limits=limits) as office:
        # Cheap hashing: what Argon2id costs is measured elsewhere.
        quick = Accounts(office.store, account_key(folder), clock, hasher=PasswordHasher(1, 8, 1))
        scene = Scene(replace(office, accounts=quick), clock)
        with _served(scene):
            scene.operator = quick.add("Marta", PASSPHRASE)
            yield scene


@contextmanager
def _served(scene: Scene) -> Iterator[None]:
    inner = Starlette()
    inner.mount("/board", make_board(scene.office, now=scene.clock))
    app = Gate(inner, NO_LIMIT)
    identity = scene.office.keys.identity
    config = uvicorn.Config(
        app,
        port=0,
        ssl_context_factory=lambda _config, _default: tls_context(identity),
        lifespan="off",
        log_config=None,
        http="h11",
        ws="none",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="board")
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        scene.url = f"https://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        scene._tls = ssl.create_default_context(cafile=str(identity.tls_file))
        yield
    finally:
        server.should_exit = True
        thread.join()
        _join_workers()


TODAY = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 3)


class Page(HTMLParser):
    """A page as the standard library reads it: its tags with their attributes, its text, its forms."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]

    def form(self) -> dict[str, str]:
        """The hidden fields that a form brings back."""
        return {
            str(attrs["name"]): str(attrs.get("value") or "")
            for attrs in self.all("input")
            if attrs.get("type") == "hidden" and attrs.get("name") == "csrf"
        }
