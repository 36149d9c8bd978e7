"""A hold on the vault's folder: shared by all programs that have it open, alone while keys or store are changed.

A program that ends, however it ends, lets go. Where the system has no such locks (some network folders) nobody is
kept out; on Windows an open file cannot be exchanged anyway.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import VaultBusy

_TRIES, _PAUSE_SECONDS = 200, 0.01


class Guard:
    """The hold of one open vault."""

    def __init__(self) -> None:
        self._handle: int | None = None
        self._depth = 0

    def share(self, folder: Path) -> None:
        """Hold the folder together with others; raises VaultBusy while somebody changes keys or store."""
        self.release()
        if sys.platform == "win32":
            return
        self._handle = os.open(folder, os.O_RDONLY)
        if not _hold(self._handle, alone=False):
            self.release()
            raise VaultBusy

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder alone for the block; raises VaultBusy when another program has the vault open."""
        if self._handle is not None and not self._depth and not _hold(self._handle, alone=True):
            self._share_again(self._handle)
            raise VaultBusy
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if self._handle is not None and not self._depth:
                _hold(self._handle, alone=False)

    def _share_again(self, handle: int) -> None:
        """Hold together with others as before; whoever is alone just now will not be for long."""
        for _ in range(_TRIES):
            if _hold(handle, alone=False):
                return
            time.sleep(_PAUSE_SECONDS)

    def release(self) -> None:
        """Let go."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _hold(handle: int, *, alone: bool) -> bool:
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks
    return True
