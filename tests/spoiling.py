"""Ways to spoil a register in a test, and to look at it afterwards: bytes, disks, hashes of every file.

What should come of it is said by the tests.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from app.reference.ids import HouseId
from app.services.guest import GuestDraft
from app.services.register import Register, build_register
from app.services.stay import StayDraft
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import NOW, PASSPHRASE
from tests.fakes import FakeClock

PAGE = 4096


def files(folder: Path) -> dict[str, str]:
    """Return a hash of every file under a folder."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def open_register(folder: Path, moment: datetime = NOW) -> Register:
    register = build_register(Vault(folder, NoSecrets()), FakeClock(moment))
    register.access.unlock(PASSPHRASE)
    return register


def names(register: Register) -> set[str]:
    return {row.name_used for row in register.guests.list_rows(HouseId(1), present_only=False)}


def admit(register: Register, name: str) -> None:
    register.stays.admit(GuestDraft(name, diet_note="x" * 2000), StayDraft(HouseId(1), NOW.date()))


def flip(path: Path, at: int, by: int = 0x20) -> None:
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= by
    path.write_bytes(content)


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """Give a disk of its own with so much room; only where the tests may mount one."""
    folder.mkdir()
    size = f"size={kilobytes}k"
    if sys.platform != "linux" or subprocess.call(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]):
        pytest.skip("needs to mount a small disk")
    try:
        yield folder
    finally:
        subprocess.call(["umount", "-l", str(folder)])


def fill(disk: Path) -> Path:
    """Fill a disk to its last block."""
    ballast = disk / "ballast"
    handle = os.open(ballast, os.O_CREAT | os.O_WRONLY)
    try:
        while os.write(handle, b"x" * PAGE):
            pass
    except OSError:
        return ballast
    finally:
        os.close(handle)
    return ballast
