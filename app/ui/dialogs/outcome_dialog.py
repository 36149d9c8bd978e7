"""The form that ends a referral: how it went, on which day, who went along, when to go again, a note.

Only outcomes after which nothing is awaited are offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QCheckBox, QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.services.calendar import HOUSE_ZONE
from app.services.referral import AFTER_A_VISIT, MISSED, WITHDRAWN, Visit
from app.ui.form import FormDialog
from app.ui.kit import ChoiceCombo, DayEdit, Field, beside
from app.ui.presenters import health
from app.ui.presenters.visit import write_minutes
from app.ui.widgets.escort_form import EscortForm
from app.ui.widgets.note_edit import NoteEdit

if TYPE_CHECKING:
    from app.services.referral import ReferralRow
    from app.ui.context import Context


class OutcomeDialog(FormDialog):
    """Writes the outcome of a referral; `accepted` when the register took it, `wants_again` says what comes then."""

    form_id: ClassVar[str] = "referral_outcome"

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        row: ReferralRow,
        today: date,
        escorts: Sequence[str] = (),
        *,
        withdraw: bool = False,
    ) -> None:
        """Ask how `row` went; `withdraw` begins with taking it back as a mistake."""
        names = ("withdraw_title", "withdraw_lead", "save_withdraw") if withdraw else ("close_title", "close_lead", "")
        lead = tr(f"health.{names[1]}", guest=row.name_used, service=health.service(row.service))
        super().__init__(parent, tr(f"health.{names[0]}"), lead, width=500)
        self._context, self._row = context, row
        self.outcome = ChoiceCombo(health.final_outcomes())
        self.day = DayEdit(_likely_day(row, today), today=lambda: today, earliest=row.requested_on, latest=today)
        self.escort = EscortForm(escorts, row.accompanied_by, row.accompanied_minutes)
        self.follow_up = DayEdit(row.follow_up_on, today=lambda: today, earliest=row.requested_on)
        self.again = QCheckBox(tr("health.again"))
        self.note = NoteEdit(lines=2)
        self._day_field = Field(tr("health.field_outcome_day"), self.day)
        self._follow_up_field = Field(
            tr("health.field_follow_up"), self.follow_up, help_text=tr("health.follow_up_help"), optional=True
        )
        self._build(tr(f"health.{names[2] or 'save_outcome'}"))
        if withdraw:
            self.outcome.set_code(WITHDRAWN)
        elif row.outcome_on is not None:  # put right what was written
            self.outcome.set_code(row.outcome)
        self.note.setPlainText(row.outcome_note or "")
        self._proposed = self._filled()
        self._fit()
        (self.note if withdraw else self.outcome).setFocus()

    def _build(self, save: str) -> None:
        note = Field(tr("health.field_note"), self.note, help_text=tr("health.note_help"), optional=True)
        self.body.addLayout(beside(Field(tr("health.field_outcome"), self.outcome), self._day_field, stretch=(1, 1)))
        self.body.addWidget(self.escort)
        self.body.addLayout(beside(self._follow_up_field, self.again, stretch=(1, 1)))
        self.body.addWidget(note)
        self.add_cancel()
        self.save = self.add_action(save, self._save)
        self.outcome.code_changed.connect(self._fit)
        self.follow_up.day_changed.connect(self._fit)

    @property
    def wants_again(self) -> bool:
        """Whether the next referral is to be asked for at once."""
        return self.again.isVisibleTo(self) and self.again.isChecked()

    def _fit(self, *_: object) -> None:
        """Show only the fields that the outcome chosen can have."""
        code, may_again = self.outcome.code(), self._row.followed_by is None and self._row.is_here
        has_day = self.follow_up.day() is not None
        self.escort.setVisible(code in AFTER_A_VISIT)
        self._follow_up_field.setVisible(code != WITHDRAWN)
        self.again.setText(tr("health.again_missed" if code == MISSED else "health.again"))
        self.again.setVisible(may_again and code != WITHDRAWN and (code == MISSED or has_day))

    def _filled(self) -> dict[str, object]:
        day, again = self.day.day(), self.follow_up.day()
        return {
            "outcome": self.outcome.code(),
            "day": day.isoformat() if day else None,
            "note": self.note.words() or None,
            "escort": self.escort.name(),
            "time": self.escort.time.text().strip() or None,
            "follow_up": again.isoformat() if again else None,
        }

    def content(self) -> dict[str, object]:
        """Return what is filled in, with the referral that it is for; empty while all is as proposed."""
        filled = self._filled()
        return {"referral": self._row.id, **filled} if filled != self._proposed else {}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        texts = {name: value for name, value in content.items() if isinstance(value, str)}
        self.outcome.set_code(texts.get("outcome", ""))
        if "day" in texts:
            self.day.set_day(date.fromisoformat(texts["day"]))
        self.note.setPlainText(texts.get("note", ""))
        self.escort.escort.setText(texts.get("escort", ""))
        self.escort.time.setText(texts.get("time", write_minutes(None)))
        self.follow_up.set_day(date.fromisoformat(texts["follow_up"]) if "follow_up" in texts else None)
        self._fit()

    def _save(self) -> None:
        outcome, day, again = self.outcome.code(), self.day.day(), self.follow_up.day()
        is_visit = outcome in AFTER_A_VISIT
        self._day_field.set_error("" if day else self.day.problem() or tr("health.outcome_day_missing"))
        early = again is not None and day is not None and again < day
        wrong = self.follow_up.problem() or (tr("health.follow_up_early") if early else "")
        self._follow_up_field.set_error(wrong if outcome != WITHDRAWN else "")
        read_well, minutes = self.escort.read() if is_visit else (True, None)
        if day is None or self._follow_up_field.error() or not read_well:
            if day is None or self._follow_up_field.error():
                (self._day_field if day is None else self._follow_up_field).setFocus()
            return
        note = self.note.words() or None
        visit = Visit(self.escort.name() if is_visit else self._row.accompanied_by, minutes, again)
        self.save.setEnabled(False)
        referrals, number = self._context.register.referrals, self._row.id
        self._context.write(
            self,
            lambda: referrals.close(number, outcome, day, note, visit),
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
