"""Runs long work step by step on a worker: between two steps other work goes first, and it can be given up.

What the work does is not known here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.services.backup import Done, Progress, SteppedWork

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.tasks import Runner

T = TypeVar("T")


class StepRunner(QObject):
    """Advances one work at a time on a worker, step by step, and tells how far it is; `stop` gives it up."""

    progressed = Signal(object)

    def __init__(self, worker: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._errand: _Errand | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a work is under way."""
        return self._errand is not None

    def run(self, work: SteppedWork[T], *, done: Callable[[T], object], failed: Callable[[Exception], object]) -> None:
        """Begin a work; exactly one of the two is called at its end, none after `stop`."""
        self._errand = _Errand(work, done, failed)
        self._advance(self._errand)

    def cancel(self) -> None:
        """Ask the work to stop: it clears up, and `failed` hears BackupStopped."""
        if self._errand is not None:
            self._errand.work.stop()

    def stop(self) -> None:
        """Give the work up at once and tell nobody; what it left is cleared up by its worker, when that is free."""
        errand, self._errand = self._errand, None
        lasting = QCoreApplication.instance()
        if errand is not None:
            errand.work.stop()
            self._worker.run(lasting or self, errand.work.close, done=_nothing, failed=_nothing)

    def _advance(self, errand: _Errand) -> None:
        self._worker.run(
            self, errand.work.advance, done=partial(self._on_step, errand), failed=partial(self._on_failed, errand)
        )

    def _on_step(self, errand: _Errand, step: Progress | Done[Any]) -> None:
        if errand is not self._errand:
            return
        if isinstance(step, Done):
            self._errand = None
            errand.done(step.result)
            return
        self.progressed.emit(step)
        self._advance(errand)

    def _on_failed(self, errand: _Errand, error: Exception) -> None:
        if errand is self._errand:
            self._errand = None
            errand.failed(error)


class _Errand:
    """A work with whom to tell."""

    def __init__(
        self, work: SteppedWork[Any], done: Callable[[Any], object], failed: Callable[[Exception], object]
    ) -> None:
        self.work, self.done, self.failed = work, done, failed


def _nothing(_: object) -> None:
    return
