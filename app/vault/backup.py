"""Backups in a folder or on a stick: made in small steps, whole or not there at all, found again, tried, thinned.

Only encrypted bytes are written, and while the folder is written to or read from nobody holds the key: a stick that
hangs keeps no register open. What protects the key inside is in docs/vault-format.md.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.errors import (
    BackupDamaged,
    BackupError,
    BackupInRegister,
    BackupNoRoomHere,
    BackupNotWritten,
    BackupPlaceFull,
    BackupPlaceMissing,
    VaultBusy,
    VaultTooNew,
)
from app.vault import manifest, stage
from app.vault.manifest import Manifest, Part
from app.vault.place import KEYS, STORE
from app.vault.step import Progress, Steps
from app.vault.thinning import expendable
from app.vault.transfer import (
    SPARE,
    carry,
    fault_here,
    fault_of,
    hash_of,
    meaning,
    remove,
    staged_path,
    sync_names,
    write_whole,
)

if TYPE_CHECKING:
    from app.vault.stage import Content
    from app.vault.vault import Vault

PREFIX = "copia-"
_MOST_TRIES = 3

State = Literal["sound", "other_key", "ahead"]
CopyFault = Literal["", "incomplete", "unreadable", "too_new"]


@dataclass(frozen=True, slots=True)
class Copy:
    """A backup found in a folder; without a manifest it cannot be told what it is."""

    path: Path
    fault: CopyFault = ""
    manifest: Manifest | None = None


# --- finding --------------------------------------------------------------------------------------------------


def copies_in(place: Path) -> list[Copy]:
    """Return the backups in a folder, the newest first, those that are not whole last; raises BackupPlaceMissing.

    Only names and sizes are looked at; whether the bytes are right, `trying` tells.
    """
    try:
        folders = [path for path in place.iterdir() if path.name.startswith(PREFIX) and path.is_dir()]
    except OSError as missing:
        raise BackupPlaceMissing(folder=place) from missing
    return sorted((read_copy(path) for path in folders), key=_newest_whole_first)


def _newest_whole_first(copy: Copy) -> tuple[bool, float, str]:
    made = copy.manifest.made_at.timestamp() if copy.manifest is not None else 0.0
    return (bool(copy.fault), -made, copy.path.name)


def read_copy(path: Path) -> Copy:
    """Return the backup in one folder, judged by its manifest and the sizes of its files."""
    try:
        found = Manifest.read(path)
        for name in (STORE, KEYS):
            found.part(name)
        whole = all((path / part.name).stat().st_size == part.size for part in found.parts)
    except VaultTooNew:
        return Copy(path, "too_new")
    except FileNotFoundError:
        return Copy(path, "incomplete")
    except (OSError, BackupDamaged):
        return Copy(path, "unreadable")
    return Copy(path, "" if whole else "incomplete", found)


# --- making ---------------------------------------------------------------------------------------------------


def making(
    vault: Vault, place: Path, now: datetime, stop: threading.Event, thinned: list[str] | None = None
) -> Steps[Copy]:
    """Make a backup of an open vault in a folder, in steps, and thin the older ones; return the new one.

    The names of those that went are added to `thinned`.
    Raises BackupInRegister, BackupPlaceMissing, BackupPlaceFull, BackupNotWritten, BackupNoRoomHere, BackupStopped,
    VaultLocked, or VaultDamaged when the store itself is; then no half backup is left and the older ones are there.
    """
    _require_place(vault.folder, place)
    label = vault.label()
    with meaning(fault_of(place)):
        for half in place.glob(f".{PREFIX}*-{label}*.part"):  # a power cut left it
            remove(half)
    with meaning(fault_here):
        staged = staged_path(vault.folder, ".db")
    try:
        yield Progress("copy")
        keys, held = _staged(vault, staged, stop)
        yield Progress("check")
        with vault.lent_key() as loan, meaning(fault_here):
            stage.prove(staged, held, loan, stop)
            parts = (_part(KEYS, keys), _part_of(STORE, staged))
            sealed = Manifest(label, held.schema, now, parts).sealed(loan.key)
        gone = [] if thinned is None else thinned
        _require_room(place, sealed, now, gone)
        made = yield from _writing(staged, keys, sealed, place)
    finally:
        remove(staged)
    with suppress(BackupError):  # the new one is there; the old ones wait for the next time
        gone += thin(place, label, now)
    return made


def _staged(vault: Vault, staged: Path, stop: threading.Event) -> tuple[bytes, Content]:
    """Copy the store beside itself, with a key file that did not change meanwhile: the two must fit each other."""
    for _ in range(_MOST_TRIES):
        keys = vault.key_file_bytes()
        with vault.lent_key() as loan, meaning(fault_here):
            held = stage.snapshot(vault.store_path, staged, loan, stop)
        if vault.key_file_bytes() == keys:
            return keys, held
        remove(staged)
    raise VaultBusy


def _writing(staged: Path, keys: bytes, sealed: Manifest, place: Path) -> Steps[Copy]:
    """Write a proved copy to the folder under a name that does not look whole, read it back, and give it its name."""
    fault = fault_of(place)
    with meaning(fault):
        final = _free_name(place, sealed)
        half = place / f".{final.name}.part"
        half.mkdir(mode=0o700)
        try:
            write_whole(half / KEYS, keys)
            start = Progress("write", 0, sealed.size)
            yield from carry(staged, half / STORE, start, cannot_read=fault_here, cannot_write=fault)
            for part in sealed.parts:
                if (yield from hash_of(half / part.name, "read", part.size)) != part.sha256:
                    raise BackupNotWritten(folder=place)
            write_whole(half / manifest.NAME, sealed.to_json().encode("ascii"))
            sync_names(half)
            half.rename(final)
            sync_names(place)
        finally:
            remove(half)
    return read_copy(final)


def _free_name(place: Path, sealed: Manifest) -> Path:
    """Return a name that tells when and which register, and names no house: `copia-20260615T200000Z-65EEA87B`."""
    stem = f"{PREFIX}{sealed.made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{sealed.label}"
    names = (stem, *(f"{stem}-{n}" for n in range(2, 100)))
    return next(place / name for name in names if not (place / name).exists())


def _require_place(register: Path, place: Path) -> None:
    if not place.is_dir():
        raise BackupPlaceMissing(folder=place)
    if place.resolve().is_relative_to(register.resolve()):
        raise BackupInRegister(folder=place)


def _require_room(place: Path, sealed: Manifest, now: datetime, gone: list[str]) -> None:
    """Raise BackupPlaceFull when there is no room, also after the backups have gone that would go anyway."""
    with meaning(fault_of(place)):
        if shutil.disk_usage(place).free < sealed.size + SPARE:
            gone += thin(place, sealed.label, now)
        if shutil.disk_usage(place).free < sealed.size + SPARE:
            raise BackupPlaceFull(folder=place)


# --- trying, bringing back ------------------------------------------------------------------------------------


def bringing(copy: Copy, folder: Path) -> Steps[Manifest]:
    """Copy the files of a backup to a folder of this computer in steps, comparing every byte with its manifest.

    The key file comes last, as when a vault is made. Raises BackupDamaged, BackupPlaceMissing, VaultTooNew or
    BackupNoRoomHere.
    """
    found = require_whole(copy)
    with meaning(fault_here):
        if shutil.disk_usage(folder).free < found.size + SPARE:
            raise BackupNoRoomHere
    done = 0
    for part in sorted(found.parts, key=lambda part: part.name == KEYS):

        def unread(_refused: OSError, name: str = part.name) -> BackupError:
            return BackupDamaged(file=name) if copy.path.is_dir() else BackupPlaceMissing(folder=copy.path.parent)

        start = Progress("read", done, found.size)
        source, target = copy.path / part.name, folder / part.name
        if (yield from carry(source, target, start, cannot_read=unread, cannot_write=fault_here)) != part.sha256:
            raise BackupDamaged(file=part.name)
        done += part.size
    return found


def require_whole(copy: Copy) -> Manifest:
    """Return the manifest of a copy that looks whole; raises BackupDamaged or VaultTooNew."""
    if copy.fault == "too_new":
        raise VaultTooNew
    if copy.manifest is None or copy.fault:
        raise BackupDamaged(file=manifest.NAME if copy.manifest is None else STORE)
    return copy.manifest


def trying(vault: Vault, copy: Copy, stop: threading.Event) -> Steps[State]:
    """Prove a backup in steps: every byte as it was written, and a sound store under the key of the open vault.

    A backup made under an earlier key of this register can only be proved byte by byte. One that is `ahead` holds more
    lines of the trail than the register, which only grows: the register is older than its own copy. Raises as
    `bringing`.
    """
    with meaning(fault_here):
        here = staged_path(vault.folder, "")
        here.mkdir(mode=0o700)
    try:
        found = yield from bringing(copy, here)
        yield Progress("check")
        with vault.lent_key() as loan:
            if not stage.opens_with(here / STORE, loan.key):
                return "other_key"
            if not found.is_sealed_by(loan.key):
                raise BackupDamaged(file=manifest.NAME)
            held = stage.prove(here / STORE, None, loan, stop)
            if held.schema != found.schema:
                raise BackupDamaged(file=STORE)
            if held.rows_of("trail") > stage.look(vault.store_path, loan, stop).rows_of("trail"):
                return "ahead"
        return "sound"
    finally:
        remove(here)


# --- thinning -------------------------------------------------------------------------------------------------


def thin(place: Path, label: str, now: datetime) -> list[str]:
    """Remove the backups of one register that its newer ones make needless; return the names of those that are gone.

    Each first loses the name by which it looks whole. What cannot be removed is left for the next time.
    """
    whole = [
        (copy.path, copy.manifest.made_at)
        for copy in copies_in(place)
        if not copy.fault and copy.manifest is not None and copy.manifest.label == label
    ]
    goes = expendable([made for _, made in whole], now)
    gone = []
    for path, made in whole:
        if made in goes:
            hidden = place / f".{path.name}.part"
            with suppress(OSError):
                remove(path.rename(hidden))
            if not path.exists() and not hidden.exists():
                gone.append(path.name)
    return gone


def _part(name: str, content: bytes) -> Part:
    return Part(name, len(content), hashlib.sha256(content).hexdigest())


def _part_of(name: str, path: Path) -> Part:
    with path.open("rb") as file:
        return Part(name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
