"""The form of a deadline written by hand: the day and what is to be done.

What the register can reckon is never written here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.services.deadline import DeadlineDraft, DeadlineRow
from app.ui.dialogs.guest_form import GuestForm
from app.ui.kit import DayEdit, Field
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.widgets.note_edit import NoteEdit

if TYPE_CHECKING:
    from app.services.guest import GuestCard
    from app.ui.context import Context


class DeadlineDialog(GuestForm):
    """Writes a deadline, or puts one right."""

    form_id: ClassVar[str] = "deadline"

    def __init__(
        self, context: Context, card: GuestCard, row: DeadlineRow | None = None, parent: QWidget | None = None
    ) -> None:
        title = tr("deadline.dialog_change" if row else "deadline.dialog_new", name=card.name_used)
        super().__init__(context, card, parent, title, tr("deadline.dialog_lead"), subject=row.id if row else "")
        self._row = row
        self.due_on = DayEdit(row.due_on if row else None, today=context.register.desk.today)
        self.text = NoteEdit(lines=2)
        self.text.setPlainText(row.what if row else "")
        self._day_field = Field(tr("deadline.field_due"), self.due_on)
        self._text_field = Field(tr("deadline.field_text"), self.text)
        self.body.addWidget(self._day_field)
        self.body.addWidget(self._text_field)
        self._begun = (self.due_on.text(), self.text.words())
        self.add_cancel()
        self.save = self.add_action(tr("deadline.save"), self._on_save, "check")
        self.due_on.setFocus()

    def content(self) -> dict[str, object]:
        """Return what is filled in; empty while nothing was changed."""
        if (self.due_on.text(), self.text.words()) == self._begun:
            return {}
        day = self.due_on.day()
        return {"due": day.isoformat() if day else None, "text": self.text.words()}

    def restore(self, content: dict[str, object]) -> None:
        """Fill it again."""
        self.due_on.set_day(day_from_text(content.get("due")))
        self.text.setPlainText(as_text(content.get("text")))

    def _on_save(self) -> None:
        day, text = self.due_on.day(), self.text.words()
        self._day_field.set_error("" if day else self.due_on.problem() or tr("deadline.day_missing"))
        self._text_field.set_error("" if text else tr("deadline.text_missing"))
        if day is None or not text:
            (self._day_field if day is None else self._text_field).setFocus()
            return
        draft = DeadlineDraft(self.card.id, day, text)
        deadlines, number = self.context.register.deadlines, self._row.id if self._row else None
        if number is None:
            self.write(lambda: deadlines.add(draft), tr("deadline.saved"), changes="deadlines")
        else:
            self.write(lambda: deadlines.change(number, draft), tr("deadline.saved"), changes="deadlines")
