"""A copy of the store on this computer's own disk, made while people work and proved with the key.

It is encrypted like the store and leaves this computer only after the key was given back (`app.vault.backup`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from app.errors import BackupDamaged, BackupNoRoomHere, BackupStopped, DiskFull, VaultDamaged
from app.vault.key import VaultKey
from app.vault.loan import Loan
from app.vault.store import connect, explained

PAGES_A_TIME = 256  # one megabyte: soon stopped, and few calls
CACHE_KIB = 4096


@dataclass(frozen=True, slots=True)
class Content:
    """What tells whether two stores hold the same: the schema's number and the rows of every table."""

    schema: int
    rows: tuple[tuple[str, int], ...]

    def rows_of(self, table: str) -> int:
        """Return how many rows a table has; none where it does not exist."""
        return dict(self.rows).get(table, 0)


def snapshot(store: Path, target: Path, loan: Loan, stop: threading.Event) -> Content:
    """Copy the store as it is at one moment to a new file and return what it held then; writers go on meanwhile.

    Every page is read and checked first: SQLite's backup copies a page whose seal is broken as if nothing were wrong.
    Raises VaultDamaged, BackupNoRoomHere, BackupStopped or VaultBusy.
    """
    with _in_our_words(loan, stop), loan.holding(connect(store, loan.key)) as source:
        source.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        source.execute("BEGIN")  # from the first read on, one state of the store, whatever is written beside it
        held = _content(source)
        _require_sound(source, VaultDamaged(part="store"), cipher=False)
        with loan.holding(_new_file(target, loan.key)) as copy:
            source.backup(copy, pages=PAGES_A_TIME, progress=lambda *_: _go_on(loan, stop), sleep=0.0)
        with loan.holding(_keyed(str(target), loan.key)) as copy:
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, that can be read where nothing can be written
        source.execute("COMMIT")
    return held


def look(store: Path, loan: Loan, stop: threading.Event) -> Content:
    """Return what the store holds at this moment; raises VaultDamaged, BackupStopped or VaultBusy."""
    with _in_our_words(loan, stop), loan.holding(connect(store, loan.key)) as link:
        return _content(link)


def prove(copy: Path, held: Content | None, loan: Loan, stop: threading.Event) -> Content:
    """Open a copy without changing it, check every page and every tree, and return what it holds.

    Raises BackupDamaged when something is wrong or it holds something else than `held`, BackupStopped when recalled.
    """
    try:
        with loan.holding(_read_only(copy, loan.key)) as link:
            found = _content(link)
            _go_on(loan, stop)
            _require_sound(link, BackupDamaged(file=copy.name), cipher=True)
    except driver.Error as broken:
        _go_on(loan, stop)  # what was broken off is not broken
        raise BackupDamaged(file=copy.name) from broken
    if held is not None and found != held:
        raise BackupDamaged(file=copy.name)
    return found


def opens_with(copy: Path, key: VaultKey) -> bool:
    """Tell whether a copy is a store under this key."""
    link = _read_only(copy, key)
    try:
        link.execute("SELECT count(*) FROM sqlite_master")
    except driver.DatabaseError:
        return False
    finally:
        link.close()
    return True


def _go_on(loan: Loan, stop: threading.Event) -> None:
    if stop.is_set() or loan.is_recalled:
        raise BackupStopped


def _keyed(name: str, key: VaultKey, *, uri: bool = False) -> Any:
    link = driver.connect(name, isolation_level=None, check_same_thread=False, uri=uri)
    link.execute("PRAGMA cipher_log_level = NONE")
    link.execute("PRAGMA cipher_memory_security = ON")
    link.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return link


def _new_file(path: Path, key: VaultKey) -> Any:
    path.touch(mode=0o600, exist_ok=False)
    link = _keyed(str(path), key)
    link.execute("PRAGMA journal_mode = OFF")  # a half-made copy is thrown away, never repaired
    link.execute("PRAGMA synchronous = OFF")
    return link


def _read_only(path: Path, key: VaultKey) -> Any:
    return _keyed(f"{path.absolute().as_uri()}?mode=ro&immutable=1", key, uri=True)


def _content(link: Any) -> Content:
    tables = link.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ).fetchall()
    rows = tuple((name, int(link.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])) for (name,) in tables)  # noqa: S608
    return Content(int(link.execute("PRAGMA user_version").fetchone()[0]), rows)


def _require_sound(link: Any, fault: Exception, *, cipher: bool) -> None:
    if cipher and link.execute("PRAGMA cipher_integrity_check").fetchone() is not None:
        raise fault
    if [row[0] for row in link.execute("PRAGMA quick_check")] != ["ok"]:
        raise fault


@contextmanager
def _in_our_words(loan: Loan, stop: threading.Event) -> Iterator[None]:
    try:
        yield
    except driver.Error as problem:
        if stop.is_set() or loan.is_recalled:
            raise BackupStopped from problem
        fact = explained(problem)
        raise (BackupNoRoomHere() if isinstance(fact, DiskFull) else fact) from problem
    except DiskFull as problem:
        raise BackupNoRoomHere from problem
