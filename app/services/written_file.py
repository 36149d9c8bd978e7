"""A file that lies on its disk when the function returns: what is told as written was written.

It knows nothing of what is in it, and looks for no place.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_through(path: Path, content: bytes, *, may_replace: bool = True) -> None:
    """Write a file and wait until the disk has it; raises OSError, and then leaves no half of a new file behind.

    Without `may_replace` raises FileExistsError where something is.
    """
    is_new = not path.exists()
    try:
        with path.open("wb" if may_replace else "xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        if is_new:
            with suppress(OSError):
                path.unlink()
        raise
    _keep_name(path.parent)


def _keep_name(folder: Path) -> None:
    """Wait until the folder has the file's name; not every system or stick can."""
    if os.name == "nt":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
