"""Work that would hold up the window: one thread that does one thing after another, answers back on the window's.

The work gets no widget and touches none. Qt threads, nested event loops and cancelling have no place here: a work
that may be stopped polls an event of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

Result = TypeVar("Result")


class RunnerClosed(RuntimeError):
    """The runner takes no more work: the program is closing."""


class WorkBroke(RuntimeError):
    """The work ended with something that is no ordinary exception; the cause is chained."""


class Runner(Protocol):
    """Does work and answers once: `done` with what it returned, or `failed` with what it raised."""

    def run(
        self,
        owner: QObject,
        work: Callable[[], Result],
        *,
        done: Callable[[Result], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Do `work` and call exactly one of `done` and `failed`; none of them when `owner` is gone by then."""


@dataclass(frozen=True, slots=True)
class _Call:
    owner: QObject
    done: Callable[[Any], object]
    failed: Callable[[Exception], object]


class TaskRunner(QObject):
    """Runs works one after another on its own thread; make it, call `run` and `close` on the window's thread."""

    _answered = Signal(int, bool, object)

    def __init__(self, name: str = "vault", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"approdo-{name}")
        self._numbers = count(1)
        # Owners and callbacks wait here, on the window's thread: were the worker to hold the last reference to a
        # widget, the widget would die on the wrong thread.
        self._calls: dict[int, _Call] = {}
        self._closed = False
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        owner: QObject,
        work: Callable[[], Result],
        *,
        done: Callable[[Result], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Queue `work`; raises RunnerClosed after `close`."""
        if self._closed:
            raise RunnerClosed
        number = next(self._numbers)
        self._calls[number] = _Call(owner, done, failed)
        self._pool.submit(self._work, number, work)

    def is_idle(self) -> bool:
        """Return whether every work has been answered."""
        return not self._calls

    def close(self) -> None:
        """Take no more work and wait for what was taken; its answers still come if the event loop goes on."""
        self._closed = True
        self._pool.shutdown(wait=True)

    def _work(self, number: int, work: Callable[[], object]) -> None:
        try:
            answer: tuple[bool, object] = (True, work())
        except Exception as error:  # noqa: BLE001 - it is handed on, not swallowed
            answer = (False, error)
        except BaseException as error:  # noqa: BLE001 - a panic in a native library must still be answered
            broke = WorkBroke(type(error).__name__)
            broke.__cause__ = error
            answer = (False, broke)
        self._answered.emit(number, *answer)

    @Slot(int, bool, object)
    def _on_answered(self, number: int, well: bool, value: object) -> None:  # noqa: FBT001 - a signal's signature
        call = self._calls.pop(number)
        if not shiboken6.isValid(call.owner):
            return
        if well:
            call.done(value)
        else:
            assert isinstance(value, Exception)  # noqa: S101 - `_work` sends nothing else
            call.failed(value)


class InlineRunner:
    """Does the work at once, where it is asked: for tests and for programs without a window."""

    def run(
        self,
        owner: QObject,
        work: Callable[[], Result],
        *,
        done: Callable[[Result], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Do `work` and answer before returning."""
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - it is handed on, not swallowed
            if shiboken6.isValid(owner):
                failed(error)
            return
        if shiboken6.isValid(owner):
            done(result)
