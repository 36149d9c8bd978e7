"""What a disk still holds of rows that were erased: the write-ahead log, copies kept before migrations, old backups.

The pages of the store itself are overwritten as rows go (`secure_delete`). Whose rows they were is not known here.
"""

from __future__ import annotations

import glob
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app.vault.rotation import forget_copy
from app.vault.store import connect, in_our_words
from app.vault.transfer import forget_staged, remove

if TYPE_CHECKING:
    from app.vault.vault import Vault


SEALED_FROM = 4
"""Stores of an earlier schema hold in clear, for every role, what is sealed now."""


def scrub(vault: Vault) -> bool:
    """Empty the write-ahead log of an open vault and remove what migrations and crashes left beside its store.

    Returns whether nothing is left: the log of a store that somebody is reading cannot be emptied. What this very
    process is about to back up is left alone. Raises VaultLocked, or what the store's failure means.
    """
    with in_our_words(), vault.lent_key() as loan:
        link = connect(vault.store_path, loan.key)
        try:
            is_busy = link.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            link.close()
    for copy in vault.folder.glob(f"{vault.store_path.stem}-before-*.db*"):
        copy.unlink(missing_ok=True)
    forget_copy(vault.store_path)
    forget_staged(vault.folder)
    return not is_busy


def set_aside(vault: Vault) -> list[Path]:
    """Return the registers that a restore or a new beginning put aside on this computer."""
    folder = vault.folder
    beside = folder.parent.glob(f"{glob.escape(folder.name)}-da-parte-*")
    return sorted((*beside, *folder.glob(f"orphan-*{vault.store_path.name}*")))


def clear_copies(vault: Vault) -> list[Path]:
    """Return the copies of before a migration that hold in clear what is sealed now."""
    stem = f"{vault.store_path.stem}-before-"
    found = (path for path in vault.folder.glob(f"{stem}*.db*"))
    return sorted(path for path in found if path.name[len(stem) : len(stem) + 4] < f"{SEALED_FROM:04d}")


def drop_clear(vault: Vault) -> None:
    """Remove them: a backup made since is there."""
    for copy in clear_copies(vault):
        with suppress(OSError):
            copy.unlink(missing_ok=True)


def discard(place: Path, names: Iterable[str]) -> list[str]:
    """Remove backups by name from a folder and return those that are really gone; no key is needed.

    Each first loses the name by which it looks whole.
    """
    gone = []
    for name in names:
        path, hidden = place / Path(name).name, place / f".{Path(name).name}.part"
        with suppress(OSError):
            if path.exists():
                path.rename(hidden)
        remove(hidden)
        if place.is_dir() and not path.exists() and not hidden.exists():
            gone.append(name)
    return gone
