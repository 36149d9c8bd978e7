"""The time an audit may take. It changes nothing of what is asked or found: at its end the audit is undecided."""

from __future__ import annotations

import time
from collections.abc import Callable


class OutOfTime(Exception):
    """The budget is spent before the last question was answered."""


class Deadline:
    """A budget of seconds by a clock that never goes back."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._end = now() + (seconds if seconds > 0 else 0)  # also what is not a number is no time

    def tick(self) -> None:
        """Raise OutOfTime when the budget is spent."""
        if self._now() >= self._end:
            raise OutOfTime
