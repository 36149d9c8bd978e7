"""Ask before an exit that was entered by mistake is taken back.

It opens without blocking; the register decides whether the month is open, and gives the bed back if it is free.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError, StayOverlaps
from app.reference.format import day
from app.reference.texts import say_error, tr
from app.ui.kit import Dialog

if TYPE_CHECKING:
    from app.services.guest import GuestCard, StayLine
    from app.ui.context import Context


class UndoExitDialog(Dialog):
    """Takes back the exit of a stay."""

    def __init__(self, context: Context, card: GuestCard, stay: StayLine, parent: QWidget | None = None) -> None:
        left = day(stay.exit_on) if stay.exit_on else ""
        lead = tr("guest.undo_lead", name=card.name_used, day=left)
        gone = ", ".join(companion.name_used for companion in card.companions if not companion.is_here)
        if gone:
            lead = f"{lead} {tr('guest.undo_household', names=gone)}"
        super().__init__(parent, tr("guest.undo_title"), lead)
        self._context = context
        self._card = card
        self._stay = stay
        self.add_cancel(tr("guest.undo_keep"))
        self._undo = self.add_action(tr("guest.undo_do"), self._on_undo, "undo")

    def _on_undo(self) -> None:
        self.set_error("")
        self._undo.setEnabled(False)
        register, stay = self._context.register, self._stay.id
        self._context.write(
            self,
            lambda: register.stays.undo_end(stay),
            self._on_done,
            changes="guests",
            failed=self._on_refused,
        )

    def _on_done(self, bed: str) -> None:
        self._context.told.emit("ok", tr("guest.undo_done", bed=bed) if bed else tr("guest.undo_done_no_bed"))
        self.accept()

    def _on_refused(self, error: ApprodoError) -> None:
        self._undo.setEnabled(True)
        # The store itself refuses this one and knows no names; here they are known.
        if isinstance(error, StayOverlaps):
            self.set_error(tr("guest.entered_since", name=self._card.name_used))
        else:
            self.set_error(say_error(error))
