"""A backup becomes the vault again: brought here, proved with a key, made ready, and only then put in its place.

Until the last two renames nothing of what is there is touched, and a vault that is in the way is set aside under a
name of its own, never overwritten and never removed.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from app.errors import (
    BackupDamaged,
    BackupPlaceMissing,
    RegisterInTheWay,
    RestoreNotPlaced,
    VaultDamaged,
    VaultTooNew,
)
from app.vault import stage
from app.vault.backup import Copy, bringing, require_whole
from app.vault.device import DeviceSecrets
from app.vault.guard import Guard
from app.vault.key import VaultKey
from app.vault.keyslot import KeyFile
from app.vault.loan import Loan
from app.vault.manifest import NAME, Manifest
from app.vault.migration import SCHEMA
from app.vault.opening import key_behind_cards, key_behind_passphrase, key_behind_recovery
from app.vault.place import KEYS, STORE, restored_beside, settle
from app.vault.step import Progress, Steps
from app.vault.transfer import fault_here, meaning, remove, sync_names
from app.vault.vault import Vault


class WayIn(Protocol):
    """What somebody has to open a backup with; each kind of key slot can be one."""

    def key(self, keys: KeyFile, secrets: DeviceSecrets) -> VaultKey:
        """Return the key of the store; raises what an unlock raises."""

    def unlock(self, vault: Vault) -> None:
        """Open the vault."""


@dataclass(frozen=True, slots=True)
class ByPassphrase:
    """A passphrase that was good when the backup was made."""

    passphrase: str = field(repr=False)

    def key(self, keys: KeyFile, secrets: DeviceSecrets) -> VaultKey:
        """Return the key; raises WrongPassphrase or DeviceSecretMissing."""
        return key_behind_passphrase(keys, self.passphrase, secrets)[0]

    def unlock(self, vault: Vault) -> None:
        """Open the vault."""
        vault.unlock(self.passphrase)


@dataclass(frozen=True, slots=True)
class ByRecoveryCode:
    """The printed recovery code that was good when the backup was made."""

    code: str = field(repr=False)

    def key(self, keys: KeyFile, secrets: DeviceSecrets) -> VaultKey:  # noqa: ARG002
        """Return the key; raises WrongRecoveryCode."""
        return key_behind_recovery(keys, self.code)

    def unlock(self, vault: Vault) -> None:
        """Open the vault."""
        vault.unlock_with_recovery(self.code)


@dataclass(frozen=True, slots=True)
class ByCards:
    """Two of the recovery cards that were good when the backup was made."""

    first: str = field(repr=False)
    second: str = field(repr=False)

    def key(self, keys: KeyFile, secrets: DeviceSecrets) -> VaultKey:  # noqa: ARG002
        """Return the key; raises WrongCard and its kinds."""
        return key_behind_cards(keys, self.first, self.second)

    def unlock(self, vault: Vault) -> None:
        """Open the vault."""
        vault.unlock_with_cards(self.first, self.second)


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a restore: where what was in the way is now, if anything was."""

    set_aside: Path | None


def is_taken(folder: Path) -> bool:
    """Tell whether something lies where the vault would go, or waits to."""
    settle(folder)
    return _holds_something(folder)


def _holds_something(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def restoring(
    copy: Copy,
    vault: Vault,
    way: WayIn,
    stop: threading.Event,
    *,
    make_ready: Callable[[Vault, datetime], None],
    set_aside: bool,
) -> Steps[Restored]:
    """Put a backup in the place of a locked vault, in steps; `make_ready` writes into it before it is there.

    Raises RegisterInTheWay when something is there and may not be set aside; WrongPassphrase, DeviceSecretMissing or
    WrongRecoveryCode; BackupDamaged, BackupPlaceMissing, VaultTooNew, BackupNoRoomHere, BackupStopped, VaultBusy or
    RestoreNotPlaced. Whatever it raises, the folder is as it was. The key is held within single steps alone, and a
    lock of `vault` waits for their end.
    """
    folder, found = vault.folder, require_whole(copy)
    if found.schema > SCHEMA:
        raise VaultTooNew(found=found.schema, known=SCHEMA)
    if not set_aside and is_taken(folder):
        raise RegisterInTheWay(folder=folder)
    yield Progress("check")
    way.key(_key_file(copy, found), vault.secrets).wipe()  # a wrong passphrase is told before all is copied
    coming = vault.beside(folder.with_name(f"{folder.name}.restoring"))
    remove(coming.folder)
    try:
        with meaning(fault_here):
            coming.folder.mkdir(mode=0o700, parents=True)
        yield from bringing(copy, coming.folder)
        yield Progress("check")
        with vault.lending(way.key(KeyFile.read(coming.folder / KEYS), vault.secrets)) as loan:
            _prove(coming.folder, found, loan, stop)
            _make_ready(coming, way, found.made_at, make_ready)
        yield Progress("place")
        return Restored(_put_in_place(coming.folder, folder))
    finally:
        remove(coming.folder)


def _key_file(copy: Copy, found: Manifest) -> KeyFile:
    """Return the key file of a copy as it was written: a spoilt one would call a right passphrase wrong."""
    try:
        content = (copy.path / KEYS).read_bytes()
        if hashlib.sha256(content).hexdigest() != found.part(KEYS).sha256:
            raise BackupDamaged(file=KEYS)
        return KeyFile.from_json(content.decode("utf-8"))
    except OSError as unread:
        there = copy.path.is_dir()
        raise (BackupDamaged(file=KEYS) if there else BackupPlaceMissing(folder=copy.path.parent)) from unread
    except (VaultDamaged, UnicodeDecodeError) as spoilt:
        raise BackupDamaged(file=KEYS) from spoilt


def _prove(coming: Path, found: Manifest, loan: Loan, stop: threading.Event) -> None:
    if not found.is_sealed_by(loan.key):
        raise BackupDamaged(file=NAME)
    if stage.prove(coming / STORE, None, loan, stop).schema != found.schema:
        raise BackupDamaged(file=STORE)


def _make_ready(coming: Vault, way: WayIn, made_at: datetime, make_ready: Callable[[Vault, datetime], None]) -> None:
    """Open the brought vault as it will be opened, which also brings its schema up to date, and write into it."""
    try:
        way.unlock(coming)
        make_ready(coming, made_at)
    finally:
        coming.lock()


def _put_in_place(coming: Path, folder: Path) -> Path | None:
    """Rename the brought vault into its place; a power cut in between leaves the old one or the new one to be found."""
    beside = restored_beside(folder)
    aside: Path | None = None
    try:
        with _alone(folder):
            sync_names(coming)
            remove(beside)
            coming.rename(beside)
            if _holds_something(folder):
                aside = _name_aside(folder)
                folder.rename(aside)
            elif folder.exists():
                folder.rmdir()
            settle(folder)
            sync_names(folder.parent)
    except OSError as refused:
        if aside is not None and aside.exists() and not folder.exists():
            aside.rename(folder)
        remove(beside)
        raise RestoreNotPlaced(folder=folder) from refused
    return aside


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other programs out of what is in the way; raises VaultBusy when one of them has it open."""
    if not folder.is_dir():
        yield
        return
    guard = Guard()
    try:
        guard.share(folder)
        with guard.alone():
            yield
    finally:
        guard.release()


def _name_aside(folder: Path) -> Path:
    """Return a free name that says what lies there and since when."""
    stem = f"{folder.name}-da-parte-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    names = (stem, *(f"{stem}-{n}" for n in range(2, 100)))
    return next(folder.with_name(name) for name in names if not folder.with_name(name).exists())
