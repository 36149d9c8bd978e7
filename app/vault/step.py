"""Long work in small steps: between two of them other work of the same worker goes first, and it can be stopped.

What the work does is not known here, nor which worker does it; one worker at a time takes a step.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from app.errors import BackupStopped

T = TypeVar("T")
Phase = Literal["copy", "check", "write", "read", "place"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a work is: what it does now, and how much of that is done (`of` is 0 where nobody can know)."""

    phase: Phase
    done: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """The work is finished."""

    result: T


Steps = Generator[Progress, None, T]


class SteppedWork(Generic[T]):
    """A work that is advanced until it is done; `stop` may be called on any thread, the rest on the worker's."""

    def __init__(self, make: Callable[[threading.Event], Steps[T]]) -> None:
        """Take what makes the steps, given the event that asks them to stop; nothing is done yet."""
        self._stop = threading.Event()
        self._make = make
        self._steps: Steps[T] | None = None

    def advance(self) -> Progress | Done[T]:
        """Take one step; raises what the work raises, or BackupStopped when it was stopped and left nothing behind."""
        if self._stop.is_set():
            self.close()
            raise BackupStopped
        if self._steps is None:  # made on the worker: even looking at a stick may take long
            self._steps = self._make(self._stop)
        try:
            return next(self._steps)
        except StopIteration as end:
            return Done(end.value)

    def stop(self) -> None:
        """Ask it to stop: a step that is under way ends soon, the next one clears up."""
        self._stop.set()

    def close(self) -> None:
        """Give up and clear up; nothing half done stays."""
        self._stop.set()
        if self._steps is not None:
            self._steps.close()

    def finish(self, told: Callable[[Progress], object] = lambda _progress: None) -> T:
        """Take all steps one after the other, telling each, and return the result."""
        while True:
            step = self.advance()
            if isinstance(step, Done):
                return step.result
            told(step)
