"""What takes seconds at the close of a December: its breakdowns and their audit, on a worker of their own.

Begun and finished by the vault's worker, reckoned by another: neither the window nor the lock waits, a lock ends it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.errors import ApprodoError
    from app.ui.context import Context

_TICK = 500
_SOON = 250
"""Milliseconds after which somebody who confirmed wonders whether anything happens."""


class Errand(Protocol):
    """What a service begins: its work touches no vault and asks between two tables whether to stop."""

    @property
    def is_heavy(self) -> bool:
        """Whether the work takes long enough to be seen."""

    def work(self, stop: Callable[[], bool]) -> Any:
        """Return the answer."""


@dataclass(eq=False, slots=True)
class _Run:
    """One errand from its beginning to its end."""

    finish: Callable[[Any, Any], object]
    done: Callable[[], object]
    failed: Callable[[ApprodoError], object]
    stop: threading.Event = field(default_factory=threading.Event)
    is_shown: bool = False


class MonthDeed(QObject):
    """One errand at a time; `progressed` carries the seconds so far, `ended` comes once whatever became of it."""

    begun = Signal()
    progressed = Signal(int)
    ended = Signal()

    def __init__(self, context: Context, page: QObject) -> None:
        super().__init__(page)
        self._context = context
        self._run: _Run | None = None
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self._tick)

    @property
    def is_busy(self) -> bool:
        """Whether an errand is under way."""
        return self._run is not None

    def run(
        self,
        begin: Callable[[], Errand],
        finish: Callable[[Any, Any], object],
        done: Callable[[], object],
        failed: Callable[[ApprodoError], object],
    ) -> None:
        """Begin, reckon, finish; while an errand is under way another one is not begun."""
        if self._run is None:
            run = self._run = _Run(finish, done, failed)
            QTimer.singleShot(_SOON, self, partial(self._show, run))
            self._context.ask(self, begin, partial(self._begun, run), partial(self._refused, run))

    def give_up(self) -> bool:
        """Stop what is under way and forget it, and tell whether there was anything; nothing is written of it."""
        run = self._run
        if run is not None:
            run.stop.set()
            self._end()
        return run is not None

    def _begun(self, run: _Run, errand: Errand) -> None:
        if run is not self._run:
            return
        work, answered = partial(errand.work, run.stop.is_set), partial(self._answered, run, errand)
        if not errand.is_heavy:
            answered(work())
            return
        self._show(run)
        self._context.reckon(self, work, answered, partial(self._refused, run))

    def _show(self, run: _Run) -> None:
        """Show that an errand is under way: a heavy one at once, any other when its beginning takes a while."""
        if run is self._run and not run.is_shown:
            run.is_shown = True
            self._clock.start()
            self._timer.start()
            self.begun.emit()

    def _answered(self, run: _Run, errand: Errand, answer: Any) -> None:
        if run is self._run:
            finish, finished = partial(run.finish, errand, answer), partial(self._finished, run)
            self._context.write(self, finish, finished, changes="months", failed=partial(self._refused, run))

    def _finished(self, run: _Run, _result: object) -> None:
        if run is self._run:
            self._end()
            run.done()

    def _refused(self, run: _Run, error: ApprodoError) -> None:
        if run is self._run:
            self._end()
            run.failed(error)

    def _tick(self) -> None:
        self.progressed.emit(int(self._clock.elapsed() / 1000))

    def _end(self) -> None:
        self._run = None
        self._timer.stop()
        self.ended.emit()
