"""The store under a new key: an encrypted copy, proved, takes the place of the old one in a single rename.

Before it comes here the key file holds both keys, and afterwards it drops the old one: at every moment the store that
lies there opens with a key of the file that lies there.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from app.errors import DiskFull, VaultBusy, VaultDamaged, VaultReadOnly
from app.vault.key import VaultKey
from app.vault.keyslot import sync_folder
from app.vault.store import connect, examine_store, in_our_words

PAGES_A_TIME = 256
Told = Callable[[int, int], object]
"""Is told how many pages are done, of how many."""


def next_store(store: Path) -> Path:
    """Return where the copy is made."""
    return store.with_name(f"{store.stem}-next.db")


def renew_store(store: Path, old: VaultKey, new: VaultKey, told: Told) -> None:
    """Put a copy under the new key in the place of the store, which nobody has open and which was found sound.

    Raises VaultBusy, VaultDamaged (the copy is not as it should be), DiskFull or VaultReadOnly; the store is then as it
    was.
    """
    target = next_store(store)
    forget_copy(store)
    try:
        with in_our_words():
            pages = _copy(store, old, target, new, told)
            if examine_store(target, new) or _pages(target, new) != pages:
                raise VaultDamaged(part="store")
        _put_in_place(target, store)
    except OSError as refused:
        raise (DiskFull if refused.errno == errno.ENOSPC else VaultReadOnly) from refused
    finally:
        forget_copy(store)


def require_sound(store: Path, key: VaultKey) -> None:
    """Look at every page: SQLite copies one whose seal is broken as if nothing were wrong. Raises VaultDamaged."""
    with in_our_words():
        if examine_store(store, key):
            raise VaultDamaged(part="store")


def forget_copy(store: Path) -> None:
    """Remove what a crash left of a copy."""
    for left in store.parent.glob(f"{next_store(store).name}*"):
        left.unlink(missing_ok=True)


def forget_unreadable(store: Path) -> None:
    """Remove the copies from before a migration: they are under a key that is gone."""
    for unreadable in store.parent.glob(f"{store.stem}-before-*.db"):
        unreadable.unlink(missing_ok=True)


def _copy(store: Path, old: VaultKey, target: Path, new: VaultKey, told: Told) -> int:
    source = connect(store, old)
    try:
        # The log goes into the store and is removed: it must never be found beside a store under another key.
        if source.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
            raise VaultBusy
        copy = _new_file(target, new)
        try:
            source.backup(copy, pages=PAGES_A_TIME, progress=lambda _state, left, of: told(of - left, of), sleep=0.0)
        finally:
            copy.close()
        return int(source.execute("PRAGMA page_count").fetchone()[0])
    finally:
        source.close()


def _new_file(path: Path, key: VaultKey) -> Any:
    path.touch(mode=0o600, exist_ok=False)
    link = driver.connect(str(path), isolation_level=None, check_same_thread=False)
    link.execute("PRAGMA cipher_log_level = NONE")
    link.execute("PRAGMA cipher_memory_security = ON")
    link.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    link.execute("PRAGMA journal_mode = OFF")  # a half-made copy is thrown away, never repaired
    link.execute("PRAGMA synchronous = OFF")
    return link


def _pages(path: Path, key: VaultKey) -> int:
    link = connect(path, key)
    try:
        return int(link.execute("PRAGMA page_count").fetchone()[0])
    finally:
        link.close()


def _put_in_place(target: Path, store: Path) -> None:
    if any(store.with_name(f"{store.name}{log}").exists() for log in ("-wal", "-journal")):
        raise VaultBusy
    handle = os.open(target, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    sync_folder(store.parent)  # that the log is gone must not be lost when the rename is not
    target.replace(store)
    sync_folder(store.parent)
