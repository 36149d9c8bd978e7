"""Things handed over during a stay: documents, money, keys; a row each.

What was handed over at the entry is written with it; giving back has a dialog of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app import errors
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import DayEdit, Field
from app.ui.presenters.draft import as_text
from app.ui.presenters.guest_sheet import check_hand_over, hand_over_drafts
from app.ui.widgets.thing_rows import ThingRows

if TYPE_CHECKING:
    from app.reference.ids import GuestId
    from app.services.guest import StayLine
    from app.ui.context import Context


class HandOverDialog(FormDialog):
    """Writes what is handed over."""

    form_id: ClassVar[str] = "custody_add"

    def __init__(self, context: Context, guest: GuestId, stay: StayLine, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("guest.hand_over_title"), tr("guest.hand_over_lead"), width=620)
        # A draft belongs to one guest: it must not fill the form of another.
        self.form_id = f"{type(self).form_id}_{guest}"  # type: ignore[misc]  # a form of one guest has an id of its own
        self._context = context
        self._stay = stay
        today = context.register.desk.today
        last = min(today(), stay.exit_on or today())
        self.day = DayEdit(last, today=today, earliest=stay.entered_on, latest=last)
        self.things = ThingRows()
        self._fields = {
            "day": Field(tr("guest.hand_over_day"), self.day),
            "things": Field(tr("entry.things"), self.things),
        }
        for field in (self._fields["things"], self._fields["day"]):
            self.body.addWidget(field)
        self.add_cancel()
        self._save = self.add_action(tr("guest.hand_over_save"), self._on_save, "check")
        self.things.setFocus()

    def _on_save(self) -> None:
        self.set_error("")
        things, day = self.things.things(), self.day.day()
        self._fields["things"].set_error(check_hand_over(things))
        self._fields["day"].set_error("" if day else self.day.problem() or tr("entry.day_missing"))
        if day is None or self._fields["things"].error():
            next(field for field in self._fields.values() if field.error()).setFocus()
            return
        register, stay = self._context.register, self._stay.id
        drafts = [replace(draft, handed_on=day) for draft in hand_over_drafts(things)]
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.custodies.hand_over(stay, drafts),
            self._on_saved,
            changes="guests",
            failed=self._on_refused,
        )

    def _on_saved(self, _made: object) -> None:
        self._context.told.emit("ok", tr("guest.handed_over"))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        if isinstance(error, errors.DayInFuture | errors.CustodyOutsideStay):
            self._fields["day"].set_error(say_error(error))
            self.day.setFocus()
        else:
            self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return what is typed; empty when nothing was."""
        things = self.things.content()
        return {"day": self.day.text(), "things": things} if things else {}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the rows again."""
        self.day.setText(as_text(content.get("day")))
        self.things.restore(content.get("things"))
