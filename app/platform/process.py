"""Make the process tell nothing: no core dumps, no files that others can read, a neutral name in the list of processes.

It must be called before the first window and the first file. What may be said of an error is in `app.platform.journal`.
"""

from __future__ import annotations

import ctypes
import logging
import os
import sys
import traceback
from pathlib import Path
from typing import Any

NEUTRAL_NAME = "registro"
"""What the system is told instead of the program's name: a register may be anybody's, of anything."""
_PR_SET_DUMPABLE, _PR_SET_NAME = 4, 15
_ARGUMENTS_BEGIN, _ARGUMENTS_END = 47, 48
"""Where `/proc/self/stat` says the command line lies in memory, counted from 0; proc(5) counts from 1."""
_NO_ERROR_BOXES = 0x0001 | 0x0002 | 0x8000
"""SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX and SEM_NOOPENFILEERRORBOX: a crash ends the process, nothing more."""
_NO_HEAP = 0x1
"""WER_FAULT_REPORTING_FLAG_NOHEAP: should a report be made all the same, the memory is not part of it."""

log = logging.getLogger("approdo")


def harden() -> None:
    """Turn off core dumps, crash reports and reading by other processes, and keep new files to the user alone."""
    os.umask(0o077)
    if sys.platform == "win32":
        refuse_crash_reports(ctypes.windll.kernel32)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        try:
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        except (OSError, AttributeError):
            log.warning("this system does not let a process refuse to be dumped")


def refuse_crash_reports(kernel32: Any) -> None:
    """Ask Windows to make no report of a crash, which may hold the memory, and to open no window about it."""
    kernel32.SetErrorMode(_NO_ERROR_BOXES)
    try:
        kernel32.WerSetFlags(_NO_HEAP)
    except AttributeError:
        log.warning("this system does not let a process keep its memory out of crash reports")


def take_neutral_name() -> None:
    """Show a neutral name, and no folder, in the list of processes; only Linux lets a process do so.

    The threads that are made later inherit it. What `ps` shows of the command line is this process's own memory.
    """
    if not sys.platform.startswith("linux"):
        return
    name = NEUTRAL_NAME.encode()
    try:
        ctypes.CDLL(None).prctl(_PR_SET_NAME, ctypes.c_char_p(name), 0, 0, 0)
        # The second field, the name, may hold spaces and brackets; behind its last bracket comes the third.
        fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
        begin, end = (int(fields[place - 2]) for place in (_ARGUMENTS_BEGIN, _ARGUMENTS_END))
        room = end - begin
        if begin > 0 and len(name) < room <= _command_line_size():
            ctypes.memmove(begin, name.ljust(room, b"\0"), room)
    except (OSError, AttributeError, ValueError, IndexError):
        log.warning("this system does not let a process change its name")


def _command_line_size() -> int:
    """Return how long the command line really is: no byte behind it is ours to write."""
    return len(Path("/proc/self/cmdline").read_bytes())


def place_of(error: BaseException) -> str:
    """Return the kind and place of an error without its message, which might quote a row."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    return f"{type(error).__name__} at {where or 'an unknown place'}"
