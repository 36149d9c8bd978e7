"""The exit: the day, why in neutral words, and where to; two questions, never one.

What the register refuses (records after the exit, a closed month) is said beside the day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app import errors
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import CodeCombo, DayEdit, Field
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.presenters.guest import choices

if TYPE_CHECKING:
    from app.services.guest import GuestCard, StayLine
    from app.ui.context import Context

_ABOUT_THE_DAY = (
    errors.DayInFuture,
    errors.ExitBeforeEntry,
    errors.MonthIsClosed,
    errors.RecordsAfterExit,
    errors.StayAlreadyEnded,
)


class ExitDialog(FormDialog):
    """Ends the stay in course."""

    form_id: ClassVar[str] = "guest_exit"

    def __init__(self, context: Context, card: GuestCard, stay: StayLine, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("guest.exit_title", name=card.name_used), tr("guest.exit_lead"), width=520)
        # A draft belongs to one guest: it must not fill the form of another.
        self.form_id = f"{type(self).form_id}_{card.id}"  # type: ignore[misc]  # a form of one guest has an id of its own
        self._context = context
        self._card = card
        self._stay = stay
        today = context.register.desk.today
        self.day = DayEdit(today(), today=today, earliest=stay.entered_on, latest=today())
        self.reason = CodeCombo(choices("exit_reason"))
        self.destination = CodeCombo(choices("destination"))
        self._fields = {
            "day": Field(tr("guest.exit_day"), self.day, help_text=tr("guest.exit_day_help")),
            "reason": Field(tr("guest.exit_reason"), self.reason, help_text=tr("guest.exit_reason_help")),
            "destination": Field(tr("guest.exit_destination"), self.destination),
        }
        for field in self._fields.values():
            self.body.addWidget(field)
        self.add_cancel()
        self._save = self.add_action(tr("guest.exit_save"), self._on_save, "logout")
        self.day.setFocus()

    def _on_save(self) -> None:
        self.set_error("")
        day, reason, destination = self.day.day(), self.reason.code(), self.destination.code()
        self._fields["day"].set_error("" if day else self.day.problem() or tr("entry.day_missing"))
        self._fields["reason"].set_error(self.reason.problem())
        self._fields["destination"].set_error(self.destination.problem())
        if day is None or reason is None or destination is None:
            next(field for field in self._fields.values() if field.error()).setFocus()
            return
        register, stay = self._context.register, self._stay.id
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.stays.end(stay, day, reason, destination),
            self._on_saved,
            changes="guests",
            failed=self._on_refused,
        )

    def _on_saved(self, _nothing: None) -> None:
        self._context.told.emit("ok", tr("guest.exit_saved", name=self._card.name_used))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        if isinstance(error, _ABOUT_THE_DAY):
            self._fields["day"].set_error(say_error(error))
            self.day.setFocus()
        else:
            self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return what is chosen, and for whom; empty while neither reason nor destination is."""
        if self.reason.code() is None and self.destination.code() is None:
            return {}
        day = self.day.day()
        return {
            "guest": self._card.id,
            "day": day.isoformat() if day else None,
            "reason": self.reason.code(),
            "destination": self.destination.code(),
        }

    def restore(self, content: dict[str, object]) -> None:
        """Choose again."""
        self.day.set_day(day_from_text(content.get("day")))
        self.reason.set_code(as_text(content.get("reason")) or None)
        self.destination.set_code(as_text(content.get("destination")) or None)
