"""What the service says of itself: JSON lines of codes and numbers; no address, no name, nothing of a request.

A line of ours has only fields that look like codes. Of what libraries say only the library and the place are kept:
their sentences may quote what failed.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from typing import TextIO

Field = int | float | bool | str | None

_log = logging.getLogger("app.capofila")
_CODE = re.compile(r"[A-Za-z0-9_./:{}-]{1,80}")
_FIELDS = "approdo_fields"


def say(event: str, *, level: int = logging.INFO, **fields: Field) -> None:
    """Write a line about an event; a text that is no code becomes "?"."""
    _log.log(level, event, extra={_FIELDS: {name: _plain(value) for name, value in fields.items()}})


def place_of(error: BaseException) -> str:
    """Return the kind of an error and where it arose, never what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


class JsonLines(logging.Handler):
    """Writes one JSON object a line."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(logging.INFO)
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a reader who went away stops nothing."""
        line: dict[str, Field] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
        }
        fields = getattr(record, _FIELDS, None)
        if isinstance(fields, dict):
            line |= {"event": str(_plain(record.msg)), **fields}
        else:
            line |= {"event": "library", "logger": record.name}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = place_of(record.exc_info[1])
        with suppress(OSError, ValueError):
            self._stream.write(json.dumps(line, separators=(",", ":")) + "\n")
            self._stream.flush()


def log_to(stream: TextIO | None = None) -> logging.Handler:
    """Send everything that is logged in this process to a stream (standard output), as JSON lines, and nowhere else."""
    handler = JsonLines(stream or sys.stdout)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # libraries speak when something is wrong
    _log.setLevel(logging.INFO)
    return handler


def _plain(value: Field) -> Field:
    if isinstance(value, str):
        return value if _CODE.fullmatch(value) else "?"
    return value
