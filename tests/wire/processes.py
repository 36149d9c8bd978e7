"""Real processes: the shelter's program and the capofila's service, killed (SIGKILL) over and over; a liar between."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
import time
from base64 import b64decode
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from random import Random

from app.capofila.key import open_identity, tls_context
from app.sync.exchange import Line
from tests.wire.house import START, House
from tests.wire.liar import Liar
from tests.wire.post import Post, copy_folder
from tests.wire.question import Question
from tests.wire.schedule import Figures, Watched
from tests.wire.socket_road import ServedInstance, SocketRoad

KILLS = (6, 12)
PATIENCE = 120.0


class ProcessWorld:
    """One schedule of kills; the invariants are looked at when it is over, and bytes as they pass."""

    def __init__(self, seed: int, templates: Path, scratch: Path, *, database: str | None = None) -> None:
        self.seed, self.rng, self.database = seed, Random(seed), database
        self.figures, self.log = Figures(schedules=1), list[str]()
        self.folder = scratch / f"schedule-{seed}"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.vault = copy_folder(templates / "vault", self.folder / "vault")
        self.capofila = copy_folder(templates / "capofila", self.folder / "capofila")
        self.signed = self.folder / "signed"
        self.signed.mkdir()
        self._began, self._wrong = time.time(), list[str]()
        self._tokens: dict[str, str] = {}
        with socket.create_server(("127.0.0.1", 0)) as found:
            self._port: int = found.getsockname()[1]

    def saw(self, question: Question) -> None:
        """Look at what left the shelter, in the liar's thread; it is told at the end."""
        if question.path == "/v1/reports":
            self.figures.pushes += 1
            headers = dict(question.headers)
            said = b64decode(headers["digest"].removeprefix("SHA-256=")).hex()
            there = self.signed / said
            if not there.exists() or there.read_bytes() != question.body:
                self._wrong.append("other bytes on the wire than those of the preview")
            if self._tokens.setdefault(headers["idempotency-key"], said) != said:
                self._wrong.append("one idempotency key for two packages")

    def run(self) -> Figures:
        """Kill and start again, let it end, and compare."""
        identity = open_identity(self.capofila)
        liar = Liar([ServedInstance(f"https://127.0.0.1:{self._port}", identity.certificate)], self.rng)
        with ExitStack() as stack:
            watched = Watched(self, liar)  # type: ignore[arg-type]  # it sees, as a world does
            road = SocketRoad(watched, tls_context(identity), Random(self.seed + 1))
            stack.callback(road.close)
            house = House(self.vault, lambda _url: Line(), self.rng)
            house.move_to(f"https://127.0.0.1:{road.port}", identity.certificate)
            house.kill()
            running = {"server": self._server(), "shelter": self._shelter()}
            stack.callback(lambda: self._kill(*running.values()))
            for _ in range(self.rng.randint(*KILLS)):
                self._wait()
                name = self.rng.choice(["server", "shelter", "shelter"])
                self.log.append(name)
                assert running[name].poll() is None, f"the {name} ended by itself"
                self._kill(running[name])
                running[name] = self._server() if name == "server" else self._shelter()
            self.figures.restarts = self.log.count("server")
            self.figures.kills = self.log.count("shelter")
            liar.honest = road.honest = True
            (self.folder / "end").touch()
            assert running["shelter"].wait(PATIENCE) == 0, "the shelter ended with an error"
            road.close()
            asyncio.run(liar.let_go())  # what comes late changes nothing
        self._compare(house)
        self.figures.told = liar.told
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.figures

    def _compare(self, house: House) -> None:
        assert not self._wrong, self._wrong[0]
        house.signed = {each.name: each.read_bytes() for each in self.signed.glob("*") if not each.suffix}
        assert all(sha256(package).hexdigest() == name for name, package in house.signed.items())
        house.clock.moment = START
        house.open()
        assert house.register is not None
        post = Post(self.capofila, 1, self.database)
        try:
            received = post.received()
            assert len({each[:3] for each in received}) == len(received), "a revision counts twice"
            house.check(received)
            assert not house.unsettled(), "still waiting"
            released = {row.sha256 for row in house.register.outbox.list_rows()}
            assert {each[3] for each in received} == released, "not every release arrived, or what nobody released"
            assert released, "nothing was ever released"
            self.figures.releases = len(released)
            assert house.register.desk.vault.examine() == []
        finally:
            post.close()
            house.kill()

    def _server(self) -> subprocess.Popen[bytes]:
        words = ["-m", "app", "capofila", "serve", "--data", str(self.capofila), "--port", str(self._port)]
        words += ["--database", self.database] if self.database else []
        return self._start([*words, "--rate", "100000"])

    def _shelter(self) -> subprocess.Popen[bytes]:
        (self.folder / "at-work").unlink(missing_ok=True)
        seed = str(self.rng.randrange(1 << 30))
        return self._start(["-m", "tests.wire.shelter", str(self.vault), seed, str(self._began)])

    def _start(self, words: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / "said").open("ab") as said:
            return subprocess.Popen([sys.executable, *words], stdout=said, stderr=said)

    def _wait(self) -> None:
        """Wait for a random moment: one in four from the first byte of starting on, else amid the work."""
        until = time.monotonic() + PATIENCE
        if self.rng.random() < 0.75:
            while not (self.folder / "at-work").exists():
                assert time.monotonic() < until, "the shelter does not begin"
                time.sleep(0.02)
        time.sleep(self.rng.random() * 4)

    def _kill(self, *processes: subprocess.Popen[bytes]) -> None:
        for process in processes:
            process.kill()
            process.wait()
