"""Takes away the backups that still hold somebody who was erased, whenever their folder is there and has a newer one.

What must go is decided by `app.services.old_copy`; nothing goes before a copy made since is there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.errors import ApprodoError
from app.reference.texts import tr

if TYPE_CHECKING:
    from app.services.backup import Look, Place
    from app.services.old_copy import Seen
    from app.ui.context import Context


class CopyClearing(QObject):
    """Looks a folder over and clears it."""

    def __init__(self, parent: QObject, *, changed: Callable[[], object], make: Callable[[], object]) -> None:
        """`changed` is called when what is known of the copies changed, `make` when a new one must come first."""
        super().__init__(parent)
        self._changed, self._make = changed, make

    def look_over(self, context: Context, place: Place, found: Look) -> None:
        """Take note of what is in a folder, and remove what must go from it."""
        copies = context.register.old_copies

        def seen(answer: Seen) -> None:
            if answer.old and answer.has_new:
                work = partial(copies.discard, place, answer.old)
                context.files.run(self, work, done=partial(self._gone, context), failed=_unless_deliberate)
                return
            if answer.old:
                self._make()
            if answer.is_news:
                self._changed()

        context.ask(self, lambda: copies.see(place.folder, found.rows), seen, lambda _refused: None)

    def _gone(self, context: Context, names: list[str]) -> None:
        copies = context.register.old_copies

        def told(_: None) -> None:
            self._changed()
            context.told.emit("ok", tr("retention.cleared", n=len(names)))

        if names and not context.closed:
            context.ask(self, lambda: copies.removed(names), told, lambda _refused: None)


def _unless_deliberate(error: Exception) -> None:
    if not isinstance(error, ApprodoError):
        raise error  # for the crash log
