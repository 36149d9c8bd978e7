"""The capofilas: several instances of the real application over one store, asked without a socket, restarted."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import event

from app.capofila.api import create_app
from app.capofila.gate import Gate, Proxies
from app.capofila.limit import Limit
from app.capofila.office import Limits, Office, open_office
from app.capofila.service import list_received
from tests.wire.question import Lost, Question, Told

ADDRESS = "https://capofila.example"
Filed = tuple[str, str, int, str]
"""Shelter, month, revision and SHA-256."""
FREE = {"address": Limit(0, 1), "sender": Limit(0, 1), "sign_in": Limit(0, 1)}


class Broken(Exception):
    """The store dies in the middle of a transaction."""


class Instance:
    """One process of a capofila, as far as one can be had without a process."""

    def __init__(self, folder: Path, url: str | None) -> None:
        self._folder, self._url = folder, url
        self._open: AbstractContextManager[Office] | None = None
        self.breaks_at_commit = False
        self.start()

    def start(self) -> None:
        self._open = open_office(self._folder, self._url, limits=Limits(**FREE))
        self.office = self._open.__enter__()
        event.listen(self.office.store._engine, "commit", self._on_commit)
        self.app: Any = Gate(create_app(self.office), FREE["address"], Proxies(()))

    def stop(self) -> None:
        if self._open is not None:
            self._open.__exit__(None, None, None)
            self._open = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def _on_commit(self, _connection: object) -> None:
        if self.breaks_at_commit:
            self.breaks_at_commit = False
            raise Broken

    async def ask(self, question: Question) -> Told:
        """Answer as the application does; raises Lost when it dies over it."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            answer = await client.request(
                question.method, question.path, headers=list(question.headers), content=question.body
            )
        if answer.status_code >= 500 and question.path != "/health/live":
            raise Lost
        return Told(answer.status_code, answer.headers.get("content-type", ""), answer.content)


class Post:
    """All instances and what came in."""

    def __init__(self, folder: Path, instances: int = 2, url: str | None = None) -> None:
        self.instances = [Instance(folder, url) for _ in range(instances)]

    def received(self) -> list[Filed]:
        """Return everything that was filed."""
        found = list_received(self.instances[0].office.store)
        return [(each.shelter_id, each.report.period, each.report.revision, each.sha256) for each in found]

    def close(self) -> None:
        for each in self.instances:
            each.stop()


def copy_folder(template: Path, folder: Path) -> Path:
    """Copy a folder without syncing it; what is tested here is not the disk."""
    shutil.copytree(template, folder, copy_function=_copy)
    return folder


def _copy(source: str, target: str) -> None:
    Path(target).write_bytes(Path(source).read_bytes())
    Path(target).chmod(0o600)
