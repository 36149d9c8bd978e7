"""One thing is given back: on which day. Today is proposed, so that Return is enough.

Taking a return back is done beside the thing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app import errors
from app.reference.texts import say_error, tr
from app.ui.kit import DayEdit, Dialog, Field
from app.ui.presenters.guest_sheet import thing_words

if TYPE_CHECKING:
    from app.services.custody import CustodyRow
    from app.ui.context import Context


class GiveBackDialog(Dialog):
    """Notes that a thing was given back."""

    def __init__(self, context: Context, item: CustodyRow, parent: QWidget | None = None) -> None:
        lead = tr("guest.give_back_lead", thing=thing_words(item.kind, item.description))
        super().__init__(parent, tr("guest.give_back_title"), lead)
        self._context = context
        self._item = item
        today = context.register.desk.today
        self.day = DayEdit(today(), today=today, earliest=item.handed_on, latest=today())
        self._field = Field(tr("guest.give_back_day"), self.day)
        self.body.addWidget(self._field)
        self.add_cancel()
        self._save = self.add_action(tr("guest.give_back_save"), self._on_save, "check")
        self.day.setFocus()

    def _on_save(self) -> None:
        day = self.day.day()
        if day is None:
            self._field.set_error(self.day.problem() or tr("entry.day_missing"))
            return
        register, item = self._context.register, self._item.id
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.custodies.give_back(item, day),
            self._on_saved,
            changes="guests",
            failed=self._on_refused,
        )

    def _on_saved(self, _nothing: None) -> None:
        self._context.told.emit("ok", tr("guest.gave_back"))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        self._field.set_error(say_error(error))
