"""What the forms about one guest share: a draft of their own for each guest, one way to write, one way to be refused.

It knows no field.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error
from app.ui.form import FormDialog
from app.ui.kit.button import Button

if TYPE_CHECKING:
    from app.services.guest import GuestCard
    from app.ui.context import Context


class GuestForm(FormDialog):
    """A form about one guest; `subject` distinguishes the rows that it may be about."""

    save: Button

    def __init__(
        self,
        context: Context,
        card: GuestCard,
        parent: QWidget | None,
        title: str,
        lead: str,
        *,
        subject: object = "",
        width: int = 520,
    ) -> None:
        super().__init__(parent, title, lead, width=width)
        # A draft belongs to one guest, and to one row of hers: it must not fill the form of another.
        name = f"{type(self).form_id}_{card.id}" + (f"_{subject}" if subject else "")
        self.form_id = name  # type: ignore[misc]  # a form of one guest has an id of its own
        self.context = context
        self.card = card

    def write(self, work: Callable[[], object], sentence: str, *, changes: str) -> None:
        """Write on the vault's worker; close and say so when it is done, or show why not."""
        self.set_error("")
        self.save.setEnabled(False)

        def done(_: object) -> None:
            self.context.told.emit("ok", sentence)
            self.accept()

        self.context.write(self, work, done, changes=changes, failed=self.refused)

    def refused(self, error: ApprodoError) -> None:
        """Say why nothing was written."""
        self.save.setEnabled(True)
        self.set_error(say_error(error))
