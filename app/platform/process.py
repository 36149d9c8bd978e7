"""Make the process tell nothing: no core dumps, no files that others can read, no values in crash reports.

It must be called before the first window and the first file.
"""

from __future__ import annotations

import ctypes
import logging
import os
import sys
import traceback
from types import TracebackType

_PR_SET_DUMPABLE = 4

log = logging.getLogger("approdo")


def harden() -> None:
    """Turn off core dumps and reading by other processes, and keep new files to the user alone."""
    os.umask(0o077)
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        try:
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        except (OSError, AttributeError):
            log.warning("this system does not let a process refuse to be dumped")


def place_of(error: BaseException) -> str:
    """Return the kind and place of an error without its message, which might quote a row."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames[-6:]))
    return f"{type(error).__name__} at {where or 'an unknown place'}"


def report_crashes() -> None:
    """Log unexpected errors by kind and place only."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:  # noqa: ARG001
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical("unexpected: %s", place_of(error))

    sys.excepthook = hook
