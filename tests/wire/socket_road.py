"""The same schedules over real sockets: TLS on loopback, two servers, and a proxy in between that lies and cuts lines.

The liar has the capofila's own certificate: the worst there can be. In front of it a pipe cuts connections after any
number of bytes, in either direction, the handshake included.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import httpx

from app.capofila.key import tls_context
from app.capofila.limit import Limit
from app.capofila.office import Limits
from app.capofila.server import running
from app.services.courier import FindLine
from app.sync.exchange import Line, Timeouts
from tests.wire.post import FREE, Post, copy_folder
from tests.wire.question import Lost, Question, Told, TooLate, Unreachable
from tests.wire.schedule import Figures, Watched, World

QUICK = Timeouts(connect=1.0, total=1.0)
LATE = 1.6


class ServedInstance:
    """One real server."""

    def __init__(self, url: str, pem: str) -> None:
        self.url = url
        self._trust = ssl.create_default_context(cadata=pem)

    async def ask(self, question: Question) -> Told:
        headers = [(name, value) for name, value in question.headers if name not in ("host", "connection")]
        try:
            async with httpx.AsyncClient(verify=self._trust, base_url=self.url, timeout=10) as client:
                answer = await client.request(question.method, question.path, headers=headers, content=question.body)
        except httpx.HTTPError:
            raise Lost from None
        if answer.status_code >= 500:
            raise Lost
        return Told(answer.status_code, answer.headers.get("content-type", ""), answer.content)


class SocketRoad:
    """Listens for the shelter; a thread with a loop of its own."""

    def __init__(self, carrier: Any, context: ssl.SSLContext, rng: Random) -> None:
        self._carrier, self._context, self._rng = carrier, context, rng
        self.honest = False
        self.cuts = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="liar")
        self._thread.start()
        self._ready.wait(10)

    def close(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        inner = await asyncio.start_server(self._talk, "127.0.0.1", 0, ssl=self._context, ssl_handshake_timeout=2)
        self._inner = inner.sockets[0].getsockname()[1]
        front = await asyncio.start_server(self._pipe, "127.0.0.1", 0)
        self.port = front.sockets[0].getsockname()[1]
        self._ready.set()
        async with inner, front:
            await self._stop.wait()
            front.close()
            inner.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

    # --- the pipe: bytes, some of them

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = [1 << 30]
        if not self.honest and self._rng.random() < 0.3:
            left, self.cuts = [self._rng.randrange(14_000)], self.cuts + 1
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._inner)
        except OSError:
            writer.transport.abort()
            return
        ways = [
            asyncio.create_task(self._flow(reader, inner_writer, left)),
            asyncio.create_task(self._flow(inner_reader, writer, left)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            inner_writer.transport.abort()
            writer.transport.abort() if left[0] <= 0 else writer.close()

    async def _flow(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: list[int]) -> None:
        with contextlib.suppress(OSError):
            while left[0] > 0 and (piece := await reader.read(4096)):
                writer.write(piece[: left[0]])
                left[0] -= len(piece)
                await writer.drain()

    # --- one question

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, ssl.SSLError):
            try:
                told = await self._carrier.ask(await self._read(reader))
            except TooLate:
                await asyncio.sleep(LATE)
                told = Told(200, "application/json", b"{}")
            except (Lost, Unreachable, ssl.SSLError):
                writer.transport.abort()
                return
            lines = [
                f"HTTP/1.1 {told.status} X",
                f"Content-Type: {told.content_type}",
                f"Content-Length: {len(told.body)}",
                "Connection: close",
                *(f"{name}: {value}" for name, value in told.headers),
            ]
            writer.write("\r\n".join([*lines, "", ""]).encode() + told.body)
            await writer.drain()
        writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Question:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        headers = tuple(
            (name.strip().lower(), value.strip())
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        )
        length = int(dict(headers).get("content-length", "0"))
        return Question(method, path, headers, await reader.readexactly(length))


class SocketWorld(World):
    """A world whose roads are sockets; nothing happens at sea, since the liar is in another thread."""

    def __init__(self, seed: int, templates: Path, scratch: Path, *, database: str | None = None) -> None:
        self._stack = ExitStack()
        self._wrong: list[AssertionError] = []
        super().__init__(seed, templates, scratch, database=database)

    def _make_post(self, templates: Path, database: str | None) -> Post:
        folder = copy_folder(templates / "capofila", self.folder / "capofila")
        limits = Limits(**{name: Limit(0, 1) for name in FREE})
        served = [self._stack.enter_context(running(folder, database, limits=limits)) for _ in range(2)]
        post = Post(folder, 2, database)  # for the desk of files, and to look into the store
        self._pem = served[0].identity.certificate
        self._tls = tls_context(served[0].identity)
        self._served = [ServedInstance(each.url, self._pem) for each in served]
        return post

    def _find_line(self) -> FindLine:
        self.liar.instances = list(self._served)
        self.road = SocketRoad(Watched(self, self.liar), self._tls, Random(self.seed + 1))
        return lambda _url: Line()

    def _timeouts(self) -> Timeouts | None:
        return QUICK

    def run(self, steps: Sequence[str] = ()) -> Figures:
        """Do everything over sockets."""
        url = f"https://127.0.0.1:{self.road.port}"
        self.house.address = (url, self._pem)
        self.house.move_to(*self.house.address)
        self.places.address, self.places.pins = url, True
        try:
            return super().run(steps)
        finally:
            self.road.close()
            self._stack.close()

    def saw(self, question: Question) -> None:
        """Look at what left the shelter, in the liar's thread; it is told by the next check."""
        try:
            super().saw(question)
        except AssertionError as wrong:
            self._wrong.append(wrong)

    def _at_sea(self) -> None:
        return

    def _check(self) -> None:
        if self._wrong:
            raise self._wrong[0]
        super()._check()

    def _let_it_end(self) -> None:
        self.road.honest = True
        super()._let_it_end()
        self.liar.told["line_cut_after_some_bytes"] = self.road.cuts
