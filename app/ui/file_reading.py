"""Reading what somebody brings, on the worker for files: one at a time, and nothing comes of it after a stop or a lock.

A stick that hangs keeps that worker alone; the window goes on, and so does the lock.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.ui.context import Context
from app.ui.document_file import ReadyFile


class FileReading(QObject):
    """Reads; `ready` carries a ReadyFile, `refused` the sentence that says why there is none."""

    ready = Signal(object)
    refused = Signal(str)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._number = 0

    def begin(self, work: Callable[[], ReadyFile]) -> None:
        """Do the reading; whatever was being read before is no longer wanted."""
        self._number += 1
        number = self._number

        def done(brought: ReadyFile) -> None:
            if self._is_wanted(number):
                self.ready.emit(brought)

        def failed(error: Exception) -> None:
            known = isinstance(error, ApprodoError)
            if self._is_wanted(number):
                self.refused.emit(say_error(error) if isinstance(error, ApprodoError) else tr("error.unexpected"))
            if not known:
                raise error  # for the crash log

        self._context.files.run(self, work, done=done, failed=failed)

    def stop(self) -> None:
        """Throw away what is being read when it comes."""
        self._number += 1

    def _is_wanted(self, number: int) -> bool:
        return number == self._number and not self._context.closed
