"""Save a file where somebody says: the vault's worker makes the bytes, another one writes them, the window never waits.

A stick or a share that hangs keeps only its own worker: the vault's is free, and the lock behind it goes through.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.errors import ApprodoError, FileNotWritten
from app.reference.texts import say_error, tr
from app.services.written_file import write_through

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from app.ui.context import Context
    from app.ui.question import Dialogs


def save_file(
    context: Context, owner: QObject, dialogs: Dialogs, *, name: str, pattern: str, make: Callable[[], bytes]
) -> None:
    """Ask where to save `name`, then write what `make` gives there and tell it; nothing happens on cancel.

    `make` runs on the vault's worker and may ask the register. What is saved this way holds totals only.
    """
    chosen = dialogs.choose_to_save(tr("report.save_title"), name, pattern)
    if chosen is None:
        return
    path = chosen if chosen.suffix else chosen.with_suffix(Path(name).suffix)
    # What was asked for is written even if the register locks now: the page that asked is gone by then, the file not.
    lasting = QCoreApplication.instance() or owner

    def made(content: bytes) -> None:
        context.files.run(lasting, partial(write_file, path, content), done=written, failed=not_written)

    def written(_: None) -> None:
        context.tell("ok", tr("report.saved", name=path.name))

    def not_written(error: Exception) -> None:
        context.tell("error", say_error(error) if isinstance(error, ApprodoError) else tr("error.unexpected"))
        if not isinstance(error, ApprodoError):
            raise error  # for the crash log

    context.ask(lasting, make, made, even_locked=True)


def write_file(path: Path, content: bytes) -> None:
    """Write a file where somebody wants it, down to the disk, however long that takes; raises FileNotWritten."""
    try:
        write_through(path, content)
    except OSError:
        raise FileNotWritten from None
