"""One SQLCipher file: connect with the raw key, prove that it is really encrypted, and speak its errors in our words.

The file's meaning (tables, rules) is not known here.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from app import errors
from app.reference.fold import fold, sound
from app.vault.key import VaultKey

PLAIN_HEADER = b"SQLite format 3\x00"
CACHE_KIB = 65536  # decides more than the encryption does: a page outside the cache is decrypted again each time
BUSY_MS = 5000
# With some forty statements kept, SQLite takes memory for each value that it compares from the cipher's guarded heap,
# which locks a page each time: a scan of 10,000 rows went from 1 ms to 45.
CACHED_STATEMENTS = 20

# What a trigger or the driver says, and the fact that it means.
_RULES: dict[str, type[errors.ApprodoError]] = {
    "stay_overlaps": errors.StayOverlaps,
    "bed_taken": errors.BedTaken,
    "outside_stay": errors.OutsideStay,
    "records_after_exit": errors.RecordsAfterExit,
    "ck_stay_exit_after_entry": errors.ExitBeforeEntry,
    "disk is full": errors.DiskFull,
    "readonly database": errors.VaultReadOnly,
    "unable to open database": errors.VaultReadOnly,
    "database is locked": errors.VaultBusy,
    "malformed": errors.VaultDamaged,
    "not a database": errors.VaultDamaged,
    "disk I/O error": errors.VaultDamaged,
}


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
    except driver.Error as refused:
        link.close()
        raise explained(refused) from refused
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
    if _opens(path, VaultKey(secrets.token_bytes(32))):
        raise errors.NotEncrypted(proof="key")
    return str(row[0])


def _opens(path: Path, key: VaultKey) -> bool:
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
    link = connect(path, key)
    try:
        found = [str(row[0]) for row in link.execute("PRAGMA cipher_integrity_check")]
        found += [str(row[0]) for row in link.execute("PRAGMA quick_check") if row[0] != "ok"]
        found += [f"foreign key: {row[0]}" for row in link.execute("PRAGMA foreign_key_check")]
    finally:
        link.close()
    return found


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


def explained(problem: BaseException) -> errors.ApprodoError:
    """Return the deliberate error that a driver's error means."""
    told = str(problem)
    for words, fact in _RULES.items():
        if words in told:
            return fact(part="store") if fact is errors.VaultDamaged else fact()
    return errors.VaultError()


@contextmanager
def in_our_words() -> Iterator[None]:
    """Turn the driver's errors, and SQLAlchemy's wrapping of them, into deliberate ones."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as problem:
        raise explained(problem.orig or problem) from problem
    except driver.Error as problem:
        raise explained(problem) from problem
