"""One SQLCipher file: connect with the raw key, prove that it is really encrypted, and speak its errors in our words.

The file's meaning (tables, rules) is not known here.
"""

from __future__ import annotations

import errno
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from app import errors
from app.reference.fold import fold, sound
from app.vault.key import VaultKey

PLAIN_HEADER = b"SQLite format 3\x00"
PAGE = 4096
CACHE_KIB = 65536  # decides more than the encryption does: a page outside the cache is decrypted again each time
BUSY_MS = 5000
# With some forty statements kept, SQLite takes memory for each value that it compares from the cipher's guarded heap,
# which locks a page each time: a scan of 10,000 rows went from 1 ms to 45.
CACHED_STATEMENTS = 20

CHECKED_AT_OPENING = 16_000_000
"""Bytes up to which every page is checked at each opening, some 3.5 ms a MB; a backup checks all of them daily."""

NEEDED = 256 * 1024
"""Bytes that a store needs beside itself before anything can be read: its log and the index of that."""

# What a trigger says, and the fact that it means.
_RULES: dict[str, type[errors.ApprodoError]] = {
    "stay_overlaps": errors.StayOverlaps,
    "bed_taken": errors.BedTaken,
    "outside_stay": errors.OutsideStay,
    "records_after_exit": errors.RecordsAfterExit,
    "ck_stay_exit_after_entry": errors.ExitBeforeEntry,
}
# The driver's own codes, without the extension in their higher bytes, and what it says where it gives no code.
_FACTS: tuple[tuple[int, str, type[errors.ApprodoError]], ...] = (
    (driver.SQLITE_FULL, "disk is full", errors.DiskFull),
    (driver.SQLITE_READONLY, "readonly database", errors.VaultReadOnly),
    (driver.SQLITE_PERM, "access permission denied", errors.VaultReadOnly),
    (driver.SQLITE_CANTOPEN, "unable to open database", errors.VaultReadOnly),
    (driver.SQLITE_BUSY, "database is locked", errors.VaultBusy),
    (driver.SQLITE_LOCKED, "table is locked", errors.VaultBusy),
    (driver.SQLITE_CORRUPT, "malformed", errors.VaultDamaged),
    (driver.SQLITE_NOTADB, "not a database", errors.VaultDamaged),
    (driver.SQLITE_IOERR, "disk I/O error", errors.DiskFailing),
)


def connect(path: Path, key: VaultKey) -> Any:
    """Return a keyed connection with every setting that the promises need.

    Raises VaultDamaged when the file does not open with this key.
    """
    link = driver.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=CACHED_STATEMENTS)
    try:
        link.execute("PRAGMA cipher_log_level = NONE")
        link.execute("PRAGMA cipher_memory_security = ON")
        link.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        link.execute("SELECT count(*) FROM sqlite_master")
        # the triggers that fill the search call these
        link.create_function("fold", 1, fold, deterministic=True)
        link.create_function("sound", 1, sound, deterministic=True)
        link.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        link.execute("PRAGMA foreign_keys = ON")
        link.execute("PRAGMA journal_mode = WAL")
        link.execute("PRAGMA synchronous = FULL")
        link.execute("PRAGMA secure_delete = ON")
        link.execute("PRAGMA temp_store = MEMORY")  # a FILE store would spill sorted rows in clear
        link.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    except driver.Error as problem:
        link.close()
        raise explained(problem, path) from problem
    return link


def prove_encrypted(path: Path, key: VaultKey) -> str:
    """Return the cipher's version after proving that the file is really encrypted under this key.

    Raises NotEncrypted when the driver has no cipher, the file begins like plain SQLite, or another key opens it.
    """
    with path.open("rb") as file:
        if file.read(len(PLAIN_HEADER)) == PLAIN_HEADER:
            raise errors.NotEncrypted(proof="header")
    link = connect(path, key)
    try:
        row = link.execute("PRAGMA cipher_version").fetchone()
    finally:
        link.close()
    if not row or not row[0]:
        raise errors.NotEncrypted(proof="cipher")
    if opens(path, VaultKey(secrets.token_bytes(32))):
        raise errors.NotEncrypted(proof="key")
    return str(row[0])


def opens(path: Path, key: VaultKey) -> bool:
    """Tell whether the file is a store under this key."""
    link = driver.connect(str(path), isolation_level=None)
    try:
        link.execute("PRAGMA cipher_log_level = NONE")
        link.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        link.execute("SELECT count(*) FROM sqlite_master")
    except driver.DatabaseError:
        return False
    finally:
        link.close()
    return True


def examine_store(path: Path, key: VaultKey) -> list[str]:
    """Return what SQLCipher's and SQLite's own checks find wrong; empty when the store is sound."""
    found: list[str] = []
    try:
        link = connect(path, key)
    except errors.VaultDamaged as broken:
        return [f"open: {broken.__cause__}"]
    try:
        for check, sound in (("cipher_integrity_check", ""), ("quick_check", "ok"), ("foreign_key_check", "")):
            try:
                found += [f"{check}: {row[0]}" for row in link.execute(f"PRAGMA {check}") if row[0] != sound]
            except driver.DatabaseError as broken:  # a check that cannot read a page breaks off there
                if not isinstance(explained(broken), errors.VaultDamaged):
                    raise
                found.append(f"{check}: {broken}")
    finally:
        link.close()
    return found


def require_whole(path: Path, key: VaultKey, *, most: int = CHECKED_AT_OPENING) -> None:
    """Read every page and prove its seal, before anything is written into the store; raises VaultDamaged.

    What a crash left in the log is newer than the pages and goes first, so then only the log's own sums prove it. Of a
    store of more than `most` bytes only the length is looked at.
    """
    size, log = path.stat().st_size, path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        return
    link = connect(path, key)
    try:
        pages, page = (int(link.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
        is_short = size < pages * page
        if is_short or (size <= most and link.execute("PRAGMA cipher_integrity_check").fetchone() is not None):
            raise errors.VaultDamaged(part="store")
    except driver.Error as broken:
        raise explained(broken, path) from broken
    finally:
        link.close()


def export_for_sqlcipher3(path: Path, key: VaultKey, target: Path) -> None:
    """Write an encrypted copy that SQLCipher 3.x opens with the same raw key.

    Debian 12 ships 3.4.1, which cannot read the format of SQLCipher 4 (other page size, HMAC-SHA1 for HMAC-SHA512).
    """
    link = connect(path, key)
    try:
        link.execute(f"ATTACH DATABASE ? AS elder KEY \"x'{key.hex()}'\"", (str(target),))
        link.execute("PRAGMA elder.cipher_compatibility = 3")
        link.execute("SELECT sqlcipher_export('elder')")
        link.execute("DETACH DATABASE elder")
    finally:
        link.close()


def explained(problem: BaseException, store: Path | None = None) -> errors.ApprodoError:
    """Return the deliberate error that a driver's error means.

    Where `store` is given, a failure of a disk that has no room left is told as that: SQLite says so only of writes.
    """
    told = str(problem)
    for words, rule in _RULES.items():
        if words in told:
            return rule()
    code = (getattr(problem, "sqlite_errorcode", None) or 0) & 0xFF
    for number, words, fact in _FACTS:
        if code == number or words in told:
            if fact is errors.DiskFailing and store is not None and _is_full(store.parent):
                return errors.DiskFull()
            return fact(part="store") if fact is errors.VaultDamaged else fact()
    return errors.VaultError()


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < NEEDED
    except OSError:
        return False


def refused(problem: OSError) -> errors.VaultError:
    """Return the deliberate error that the system's own means, where a file or the folder of a vault is opened."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return errors.DiskFull()
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return errors.VaultReadOnly()
    return errors.DiskFailing()


@contextmanager
def in_our_words(store: Path | None = None) -> Iterator[None]:
    """Turn the driver's errors, and SQLAlchemy's wrapping of them, into deliberate ones; `store` as in `explained`."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as problem:
        raise explained(problem.orig or problem, store) from problem
    except driver.Error as problem:
        raise explained(problem, store) from problem
