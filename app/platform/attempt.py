"""Slowing down after wrong passphrases: a wait that grows, outlives the program, and never wipes anything.

The file holds a count and a moment, nothing about anybody. It slows whoever tries at this keyboard; what protects a
copied register is the cost of each try and the computer's own secret (SECURITY.md).
"""

from __future__ import annotations

import math
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

WAITS = (1, 2, 4, 8, 15, 30, 60, 120, 300)
"""Seconds after the first failure, the second and so on; the last one stays."""
NAME = "attempts.toml"


class Patience:
    """Counts failures since the last success and says how long to wait; without a file only while it lives."""

    def __init__(self, file: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._file = file
        self._clock = clock
        self._failures, self._at = self._read()

    def fail(self) -> int:
        """Note a failure and return the seconds to wait before the next try."""
        self._keep(self._failures + 1)
        return self.wait()

    def wait(self) -> int:
        """Return the seconds that are still to wait; a clock that was set back begins the wait anew."""
        if not self._failures:
            return 0
        gone = self._clock() - self._at
        if gone < 0:
            self._keep(self._failures)
            gone = 0.0
        return max(0, math.ceil(WAITS[min(self._failures, len(WAITS)) - 1] - gone))

    def forget(self) -> None:
        """Begin again: the register was opened."""
        if self._failures:
            self._keep(0)

    def _keep(self, failures: int) -> None:
        self._failures, self._at = failures, self._clock()
        if self._file is None:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            beside = self._file.with_suffix(".new")
            beside.write_text(f"failures = {failures}\nat = {self._at:.3f}\n", encoding="ascii")
            beside.replace(self._file)
        except OSError:
            return  # a folder that cannot be written is no reason to stop anybody's work

    def _read(self) -> tuple[int, float]:
        if self._file is None:
            return 0, 0.0
        try:
            found = tomllib.loads(self._file.read_text(encoding="ascii"))
            return max(0, int(found["failures"])), float(found["at"])
        except OSError:
            return 0, 0.0
        except (ValueError, TypeError, KeyError):
            return len(WAITS), self._clock()  # a file that was spoilt is no way around the wait
