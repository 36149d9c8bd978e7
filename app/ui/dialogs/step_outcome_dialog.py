"""The form that ends a step: concluded or interrupted, when, and what came of it in words.

Only states after which nothing is awaited are offered.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.services.calendar import HOUSE_ZONE
from app.services.inclusion import StepEnd
from app.ui.dialogs.path_dialog import PathDialog, focus_wrong
from app.ui.kit import ChoiceCombo, DayEdit, Field, beside
from app.ui.presenters import path as words
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.widgets.note_edit import NoteEdit

if TYPE_CHECKING:
    from app.services.inclusion import GuestPath, StepRow
    from app.ui.context import Context


class StepOutcomeDialog(PathDialog):
    """Writes how a step ended, or puts that right."""

    form_id: ClassVar[str] = "path_outcome"

    def __init__(self, context: Context, parent: QWidget | None, path: GuestPath, step: StepRow) -> None:
        lead = tr("inclusion.outcome_lead", who=words.who(path), step=words.step_name(step))
        super().__init__(context, parent, path, tr("inclusion.outcome_title"), lead, row=step.id)
        today = context.register.desk.today()
        self._step = step
        self.state = ChoiceCombo(words.final_states())
        self.state.set_code(step.state)
        self.day = DayEdit(_likely_day(step, today), today=lambda: today, earliest=step.started_on, latest=today)
        self.note = NoteEdit()
        self.note.setPlainText(step.outcome_note or "")
        self._day_field = Field(tr("inclusion.field_ended"), self.day)
        self.body.addLayout(beside(Field(tr("inclusion.field_state"), self.state), self._day_field, stretch=(1, 1)))
        self.body.addWidget(
            Field(tr("inclusion.field_outcome"), self.note, help_text=tr("inclusion.outcome_help"), optional=True)
        )
        self.add_cancel()
        self.save = self.add_action(tr("inclusion.save_outcome"), self._save)
        self._proposed = self._typed()
        self.state.setFocus()

    def _typed(self) -> dict[str, object]:
        day = self.day.day()
        return {"state": self.state.code(), "day": day.isoformat() if day else None, "note": self.note.words()}

    def filled(self) -> dict[str, object]:
        """Return what is filled in, empty while all is as proposed."""
        typed = self._typed()
        return typed if typed != self._proposed else {}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.state.set_code(as_text(content.get("state")))
        self.day.set_day(day_from_text(content.get("day")))
        self.note.setPlainText(as_text(content.get("note")))

    def _save(self) -> None:
        day = self.day.day()
        self._day_field.set_error("" if day else self.day.problem() or tr("inclusion.day_missing"))
        if focus_wrong(self._day_field) or day is None:
            return
        steps, step = self._context.register.inclusions.steps, self._step.id
        end = StepEnd(self.state.code(), day, self.note.words() or None)
        self.send(lambda: steps.end(step, end), tr("inclusion.outcome_saved"))


def _likely_day(step: StepRow, today: date) -> date:
    """Return the day written before, or that of an appointment that is past, or today."""
    if step.ended_on is not None:
        return step.ended_on
    if step.appointment_at is None:
        return today
    at = step.appointment_at.astimezone(HOUSE_ZONE).date()
    return at if at <= today else today
