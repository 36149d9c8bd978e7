"""Save a file where somebody says: ask for the place, make the bytes and write them off the window's thread.

Only totals are saved this way; nothing about a person goes into such a file.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import FileNotWritten
from app.reference.texts import tr

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from app.ui.context import Context
    from app.ui.question import Dialogs


def save_file(
    context: Context, owner: QObject, dialogs: Dialogs, *, name: str, pattern: str, make: Callable[[], bytes]
) -> None:
    """Ask where to save `name`, then write what `make` gives there and tell it; nothing happens on cancel."""
    chosen = dialogs.choose_to_save(tr("report.save_title"), name, pattern)
    if chosen is None:
        return
    path = chosen if chosen.suffix else chosen.with_suffix(Path(name).suffix)
    context.ask(
        owner,
        lambda: _write(path, make()),
        lambda _: context.told.emit("ok", tr("report.saved", name=path.name)),
    )


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError:
        raise FileNotWritten from None
