"""What the program says of its own faults: kinds and places, never a message that might quote a row.

Standard error of a program started from the desktop ends in the system's journal, on the disk. Sentences for the
operator are not made here.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import warnings
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from app.platform.process import place_of

if TYPE_CHECKING:
    from PySide6.QtCore import QMessageLogContext, QtMsgType

_OURS = frozenset({"approdo", "app"})
_SPEAKER = re.compile(r"[A-Z]\w*(::~?\w+)?(?=[:(])")

log = logging.getLogger("approdo")


class SparingHandler(logging.Handler):
    """Writes our own sentences as they are; of other people's only who spoke, and of errors the kind and place."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; where it cannot be made, only where it stands."""
        try:
            is_ours = record.name.partition(".")[0] in _OURS
            line = record.getMessage() if is_ours else f"{record.levelname.lower()} of {record.name}"
            if record.exc_info and record.exc_info[1] is not None:
                line = f"{line}: {place_of(record.exc_info[1])}"
        except Exception:  # noqa: BLE001 - whatever it says might quote what failed
            line = f"a line that could not be made, at {record.filename}:{record.lineno}"
        if sys.stderr is not None:
            with suppress(OSError, ValueError):  # nobody listens
                sys.stderr.write(f"{line}\n")


def report_crashes() -> None:
    """Tell unexpected errors, wherever they arise, by kind and place only."""
    logging.lastResort = SparingHandler(logging.WARNING)
    logging.raiseExceptions = False  # it would print the values that a sentence was made of
    sys.excepthook = _on_error
    sys.unraisablehook = _on_unraisable
    threading.excepthook = _on_thread
    warnings.showwarning = _on_warning


def hush_qt() -> None:
    """Let Qt's warnings say only which of its functions complains: the rest may quote a text or a file."""
    from PySide6.QtCore import qInstallMessageHandler

    qInstallMessageHandler(_on_qt)


def speaker(message: str) -> str:
    """Return the function that a message of Qt begins with, or nothing."""
    found = _SPEAKER.match(message)
    return found.group() if found else ""


def _on_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:  # noqa: ARG001
    if not issubclass(kind, KeyboardInterrupt):
        log.critical("unexpected: %s", place_of(error))


def _on_unraisable(met: sys.UnraisableHookArgs) -> None:
    if met.exc_value is not None:
        log.error("unexpected, while cleaning up: %s", place_of(met.exc_value))


def _on_thread(met: threading.ExceptHookArgs) -> None:
    if met.exc_value is not None and not isinstance(met.exc_value, SystemExit):
        log.critical("unexpected, on a worker: %s", place_of(met.exc_value))


def _on_warning(  # noqa: PLR0917 - as `warnings` calls it
    message: Warning | str,  # noqa: ARG001 - it may quote what it warns of
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001 - where it goes is decided here
    line: str | None = None,  # noqa: ARG001 - it may hold a value
) -> None:
    log.warning("%s at %s:%d", category.__name__, Path(filename).name, lineno)


def _on_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    category = getattr(context, "category", None) or "default"
    log.warning("Qt, %s (%s) %s", getattr(kind, "name", "message"), category, speaker(message))
