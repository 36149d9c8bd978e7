"""The form that ends a referral: how it went, on which day, a note.

Only outcomes after which nothing is awaited are offered.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.services.calendar import HOUSE_ZONE
from app.ui.form import FormDialog
from app.ui.kit import ChoiceCombo, DayEdit, Field
from app.ui.presenters import health
from app.ui.widgets.note_edit import NoteEdit

if TYPE_CHECKING:
    from app.services.referral import ReferralRow
    from app.ui.context import Context


class OutcomeDialog(FormDialog):
    """Writes the outcome of a referral; `accepted` when the register took it."""

    form_id: ClassVar[str] = "referral_outcome"

    def __init__(self, context: Context, parent: QWidget | None, row: ReferralRow, today: date) -> None:
        lead = tr("health.close_lead", guest=row.name_used, service=health.service(row.service))
        super().__init__(parent, tr("health.close_title"), lead)
        self._context = context
        self._row = row
        self.outcome = ChoiceCombo(health.final_outcomes())
        self.day = DayEdit(_likely_day(row, today), today=lambda: today, earliest=row.requested_on, latest=today)
        self.note = NoteEdit()
        self._day_field = Field(tr("health.field_outcome_day"), self.day)
        self.body.addWidget(Field(tr("health.field_outcome"), self.outcome))
        self.body.addWidget(self._day_field)
        self.body.addWidget(Field(tr("health.field_note"), self.note, optional=True))
        self.add_cancel()
        self.save = self.add_action(tr("health.save_outcome"), self._save)
        if row.outcome_on is not None:  # put right what was written
            self.outcome.set_code(row.outcome)
            self.note.setPlainText(row.outcome_note or "")
        self._proposed = (self.outcome.code(), self.day.day(), self.note.words())
        self.outcome.setFocus()

    def content(self) -> dict[str, object]:
        """Return what is filled in, with the referral that it is for; empty while all is as proposed."""
        day = self.day.day()
        if (self.outcome.code(), day, self.note.words()) == self._proposed:
            return {}
        return {
            "referral": self._row.id,
            "outcome": self.outcome.code(),
            "day": day.isoformat() if day else None,
            "note": self.note.words() or None,
        }

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        texts = {name: value for name, value in content.items() if isinstance(value, str)}
        self.outcome.set_code(texts.get("outcome", ""))
        if "day" in texts:
            self.day.set_day(date.fromisoformat(texts["day"]))
        self.note.setPlainText(texts.get("note", ""))

    def _save(self) -> None:
        day = self.day.day()
        self._day_field.set_error("" if day else self.day.problem() or tr("health.outcome_day_missing"))
        if day is None:
            self._day_field.setFocus()
            return
        outcome, note = self.outcome.code(), self.note.words() or None
        self.save.setEnabled(False)
        referrals, number = self._context.register.referrals, self._row.id
        self._context.write(
            self,
            lambda: referrals.close(number, outcome, day, note),
            lambda _: self.accept(),
            changes="referrals",
            failed=self._refused,
        )

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))


def _likely_day(row: ReferralRow, today: date) -> date:
    """Return the day of a past appointment, or today."""
    if row.outcome_on is not None:
        return row.outcome_on
    if row.appointment_at is None:
        return today
    return min(row.appointment_at.astimezone(HOUSE_ZONE).date(), today)
