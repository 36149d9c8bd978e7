"""Files carried to and from a folder that may be slow, full or gone: in steps, and with the disk following.

What the files hold is not known here, and no key is held.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from app.errors import BackupError, BackupNoRoomHere, BackupNotWritten, BackupPlaceFull, BackupPlaceMissing
from app.vault.keyslot import sync_folder
from app.vault.step import Phase, Progress

CHUNK = 1 << 20
SYNC_EVERY = 8 << 20  # else the last step would wait for all that a slow stick has not swallowed yet
SPARE = 4 << 20
STAGED = "register-copying-"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES)

Fault = Callable[[OSError], BackupError]


@contextmanager
def meaning(fault: Fault) -> Iterator[None]:
    """Say in our words what a failure of the system means in the block."""
    try:
        yield
    except OSError as refused:
        raise fault(refused) from refused


def fault_of(place: Path) -> Fault:
    """Return what failures in the folder for the copies mean."""

    def fault(refused: OSError) -> BackupError:
        if refused.errno in _FULL:
            return BackupPlaceFull(folder=place)
        return BackupNotWritten(folder=place) if place.is_dir() else BackupPlaceMissing(folder=place)

    return fault


def fault_here(_refused: OSError) -> BackupError:
    """Return what failures on this computer's own disk mean while a copy is on its way."""
    return BackupNoRoomHere()


def carry(
    source: Path, target: Path, start: Progress, *, cannot_read: Fault, cannot_write: Fault
) -> Generator[Progress, None, str]:
    """Copy a file to a new one in steps, made safe on its disk, and return the hash of what was read."""
    digest, done = hashlib.sha256(), start.done
    with meaning(cannot_read), source.open("rb") as file, _new(target, cannot_write) as out:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            done += len(chunk)
            with meaning(cannot_write):
                out.write(chunk)
                if done % SYNC_EVERY < CHUNK:
                    _sync(out)
            yield Progress(start.phase, done, start.of)
        with meaning(cannot_write):
            _sync(out)
    return digest.hexdigest()


@contextmanager
def _new(path: Path, cannot_write: Fault) -> Iterator[BinaryIO]:
    with meaning(cannot_write):
        file = path.open("xb")
    try:
        with suppress(OSError):  # a stick's file system may know no owners
            path.chmod(0o600)
        yield file
    finally:
        with suppress(OSError):  # what could not be written has been told; closing tries once more
            file.close()


def hash_of(path: Path, phase: Phase, of: int) -> Generator[Progress, None, str]:
    """Read a file in steps, from the disk and not from memory where the system lets us, and return its hash."""
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            with suppress(OSError):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            done += len(chunk)
            yield Progress(phase, done, of)
    return digest.hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """Write a small new file and wait for the disk."""
    with path.open("xb") as file:
        with suppress(OSError):
            path.chmod(0o600)
        file.write(content)
        _sync(file)


def sync_names(folder: Path) -> None:
    """Wait for the names in a folder; some file systems of sticks keep none to wait for."""
    try:
        sync_folder(folder)
    except OSError as refused:
        if refused.errno not in _NO_SYNC:
            raise


def staged_path(register: Path, kind: str) -> Path:
    """Return a new name beside a store for something on its way; what a crash left there before goes.

    What this very process has on its way is left alone.
    """
    forget_staged(register)
    return register / f"{_mine()}{secrets.token_hex(4)}{kind}"


def forget_staged(register: Path) -> None:
    """Remove what a crash left of a copy on its way; what this very process has on its way is left alone."""
    for left in register.glob(f"{STAGED}*"):
        if not left.name.startswith(_mine()):
            remove(left)


def _mine() -> str:
    return f"{STAGED}{os.getpid()}-"


def remove(path: Path) -> None:
    """Remove a file or a folder as far as it can be."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
