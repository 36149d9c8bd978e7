"""A real PostgreSQL 15 of this machine, on a socket of its own and without the network; skipped where there is none."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

BINARIES = Path("/usr/lib/postgresql/15/bin")


def is_installed() -> bool:
    """Whether PostgreSQL 15 can be started here: as root it needs a user of its own."""
    return (BINARIES / "initdb").exists() and (os.geteuid() != 0 or _user() is not None)


class Postgres:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"approdo_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(f"host={self.folder} user=approdo dbname=postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return f"postgresql://approdo@/{name}?host={self.folder}"


@contextmanager
def running_postgres(*settings: str) -> Iterator[Postgres]:
    """Start a server in a short folder (socket paths may not be long) and stop it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="apg-", dir="/tmp"))
    user = _user() if os.geteuid() == 0 else None
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data = folder / "data"
    run = _Run(user)
    try:
        run(str(BINARIES / "initdb"), "-D", str(data), "-U", "approdo", "--auth=trust", "--encoding=UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} " + " ".join(f"-c {s}" for s in settings)
        control = (str(BINARIES / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"))
        run(*control, "-o", options, "start")
        try:
            yield Postgres(folder)
        finally:
            run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Run:
    def __init__(self, user: str | None) -> None:
        self._user = user

    def __call__(self, *words: str) -> None:
        subprocess.run(words, check=True, capture_output=True, user=self._user, cwd="/")


def _user() -> str | None:
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    return None
