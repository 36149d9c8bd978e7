"""The store's key, lent to work beside the vault's own thread, and called back the moment the vault locks.

A borrower holds it for one step that reads this computer's disk, never while it waits for a stick or a share.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.errors import BackupStopped, VaultLocked
from app.vault.key import VaultKey

PATIENCE_SECONDS = 10.0  # a lock is never refused, not even by a borrower that hangs
AGAIN_SECONDS = 0.05

log = logging.getLogger(__name__)


class Loan:
    """A copy of the key, and the connections opened with it."""

    def __init__(self, key: VaultKey) -> None:
        self.key = key
        self._mutex = threading.Lock()
        self._links: list[Any] = []
        self._recalled = False
        self._ended = threading.Event()

    @property
    def is_recalled(self) -> bool:
        """Whether the key is wanted back."""
        return self._recalled

    @contextmanager
    def holding(self, link: Any) -> Iterator[Any]:
        """Use a connection until the block ends; a recall interrupts what it is doing. Raises BackupStopped."""
        with self._mutex:
            self._links.append(link)
        try:
            if self._recalled:
                raise BackupStopped
            yield link
        finally:
            with self._mutex:  # a recall must not interrupt what is just being closed
                self._links.remove(link)
                link.close()

    def recall(self) -> None:
        """Ask for the key back; statements that run are broken off."""
        with self._mutex:
            self._recalled = True
            for link in self._links:
                link.interrupt()

    def end(self) -> None:
        """Give the key back."""
        self.key.wipe()
        self._ended.set()

    def wait(self, seconds: float) -> bool:
        """Wait until it was given back; return whether it was."""
        return self._ended.wait(seconds)


class Loans:
    """All loans of one vault."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._out: list[Loan] = []
        self._key: VaultKey | None = None

    def begin(self, key: VaultKey) -> None:
        """Lend this key from now on: the vault is open."""
        with self._mutex:
            self._key = key

    @contextmanager
    def lend(self, other: VaultKey | None = None) -> Iterator[Loan]:
        """Lend the vault's key for one block, or watch over `other`, that of a backup; raises VaultLocked."""
        with self._mutex:
            key = other or self._key
            if key is None:
                raise VaultLocked
            loan = Loan(other or VaultKey(key.raw()))
            self._out.append(loan)
        try:
            yield loan
        finally:
            with self._mutex:
                self._out.remove(loan)
            loan.end()

    def recall_all(self) -> None:
        """Lend nothing any more and wait until everything was given back; never fails."""
        with self._mutex:
            self._key = None
            out = list(self._out)
        for loan in out:
            loan.recall()
        for loan in out:
            if not self._came_back(loan):
                log.error("locked, but a copy that hangs still holds the key")

    @staticmethod
    def _came_back(loan: Loan) -> bool:
        """Wait for a loan; between two of its statements there is nothing to interrupt, so it is asked again."""
        for _ in range(int(PATIENCE_SECONDS / AGAIN_SECONDS)):
            if loan.wait(AGAIN_SECONDS):
                return True
            loan.recall()
        return False
