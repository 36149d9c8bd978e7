"""What the forms of a path share: for whom they are, their draft, how they write.

Each form says itself what it holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error
from app.ui.form import FormDialog

if TYPE_CHECKING:
    from app.services.inclusion import GuestPath
    from app.ui.context import Context
    from app.ui.kit import Button, Field

GUEST, ROW = "guest", "row"


class PathDialog(FormDialog):
    """A form about one guest's path, and perhaps about one goal or step of it (`row`)."""

    save: Button

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        path: GuestPath,
        title: str,
        lead: str,
        *,
        row: int | None = None,
        width: int = 460,
    ) -> None:
        super().__init__(parent, title, lead, width=width)
        self._context = context
        self.path = path
        self.row = row

    def filled(self) -> dict[str, object]:
        """Return what is filled in; empty when nothing is."""
        raise NotImplementedError

    def content(self) -> dict[str, object]:
        """Return what is filled in, with whom it is about."""
        filled = self.filled()
        return {GUEST: self.path.guest, ROW: self.row, **filled} if filled else {}

    def is_about(self, content: dict[str, object]) -> bool:
        """Tell whether a draft was written about the same guest and the same goal or step."""
        return content.get(GUEST) == self.path.guest and content.get(ROW) == self.row

    def send(self, work: Callable[[], object], said: str) -> None:
        """Write, say so and close; a refusal is shown over the buttons and nothing is lost."""
        self.set_error("")
        self.save.setEnabled(False)

        def done(_: object) -> None:
            self._context.told.emit("ok", said)
            self.accept()

        self._context.write(self, work, done, changes="paths", failed=self._refused)

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))


def focus_wrong(*fields: Field) -> bool:
    """Put the keyboard in the first field that is wrong; return whether there is one."""
    wrong = next((field for field in fields if field.error()), None)
    if wrong is not None:
        wrong.setFocus()
    return wrong is not None
