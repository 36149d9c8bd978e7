"""The form of a health referral: for whom, to which service, how urgent, why, and the appointment if there is one.

Whether the day lies in a stay is decided by the register, whose answer is shown here. The same form puts a wrong
request right, without its appointment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.codelist import codelist
from app.reference.ids import GuestId
from app.reference.texts import say_error, tr
from app.services.referral import ReferralDraft
from app.ui.form import FormDialog
from app.ui.kit import ChoiceCombo, CodeCombo, DayEdit, Field, Label, beside
from app.ui.presenters import health
from app.ui.widgets.appointment_form import Appointment, AppointmentForm
from app.ui.widgets.note_edit import NoteEdit

if TYPE_CHECKING:
    from app.services.referral import ReferralRow
    from app.ui.context import Context

_NOTHING = Appointment(None, None, None)


class ReferralDialog(FormDialog):
    """Writes a request, or changes `row`; `accepted` when the register took it."""

    form_id: ClassVar[str] = "referral_new"

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        guests: Iterable[tuple[str, str]],
        today: date,
        guest: GuestId | None = None,
        *,
        escorts: Sequence[str] = (),
        row: ReferralRow | None = None,
    ) -> None:
        """Offer these (id, label) guests; `guest` is chosen already; `row` is the request to put right."""
        kind = "new" if row is None else "amend"
        super().__init__(parent, tr(f"health.{kind}_title"), tr(f"health.{kind}_lead"), width=720)
        self._context, self._today, self._row = context, today, row
        self.guest = CodeCombo(guests)
        self.service = CodeCombo(health.service_choices())
        self.urgency = ChoiceCombo([(code.code, code.label()) for code in codelist("urgency")])
        self.requested_on = DayEdit(today, today=lambda: today, latest=today)
        self.reason = NoteEdit(lines=1)
        self.form = AppointmentForm(context, today, escorts, self._chosen_guest, may_be_open=True, in_one_row=True)
        self._build(guest)
        self._proposed: dict[str, object] = {}
        if row is not None:
            self._show(row)
            self._proposed = self._filled()

    def _build(self, guest: GuestId | None) -> None:
        self._guest_field = Field(tr("health.field_guest"), self.guest)
        self._service_field = Field(tr("health.field_service"), self.service)
        self._day_field = Field(tr("health.field_requested"), self.requested_on)
        urgency = Field(tr("health.field_urgency"), self.urgency)
        reason = Field(tr("health.field_reason"), self.reason, help_text=tr("health.reason_help"), optional=True)
        self.body.addLayout(beside(self._guest_field, self._service_field, stretch=(1, 1)))
        self.body.addLayout(beside(urgency, self._day_field, stretch=(1, 1)))
        self.body.addWidget(reason)
        if self._row is None:
            self.body.addWidget(Label(tr("health.has_appointment"), "heading"))
            self.body.addWidget(self.form)
        else:
            self.form.setParent(self)
            self.form.hide()
        self.add_cancel()
        self.save = self.add_action(tr("health.save_request" if self._row is None else "health.save_amend"), self._save)
        if guest is not None:
            self.guest.set_code(str(guest))
        (self.guest if self.guest.code() is None else self.service).setFocus()

    def _show(self, row: ReferralRow) -> None:
        self.guest.set_code(str(row.guest))
        self.service.set_code(row.service)
        self.urgency.set_code(row.urgency)
        self.requested_on.set_day(row.requested_on)
        self.reason.setPlainText(row.reason or "")
        self.service.setFocus()

    def _chosen_guest(self) -> GuestId | None:
        code = self.guest.code()
        return GuestId(int(code)) if code is not None else None

    def propose_slot(self, day: date, at: time) -> None:
        """Fill in the day and hour of a free slot."""
        self.form.propose_slot(day, at)

    def _filled(self) -> dict[str, object]:
        day = self.requested_on.day()
        return {
            "guest": self.guest.code(),
            "service": self.service.code(),
            "reason": self.reason.words() or None,
            "urgency": self.urgency.code(),
            "requested_on": day.isoformat() if day else None,
        }

    def content(self) -> dict[str, object]:
        """Return what is filled in; a form with nothing but its proposals is empty."""
        filled, appointment = self._filled(), self.form.content()
        if self._row is not None:
            return {"referral": self._row.id, **filled} if filled != self._proposed else {}
        if not any((filled["guest"], filled["service"], filled["reason"], appointment)):
            return {}
        return {**filled, "appointment": appointment}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        texts = {name: value for name, value in content.items() if isinstance(value, str)}
        self.guest.set_code(texts.get("guest"))
        self.service.set_code(texts.get("service"))
        self.urgency.set_code(texts.get("urgency", ""))
        self.reason.setPlainText(texts.get("reason", ""))
        if "requested_on" in texts:
            self.requested_on.set_day(date.fromisoformat(texts["requested_on"]))
        appointment = content.get("appointment")
        self.form.restore(appointment if isinstance(appointment, dict) else {})

    def _save(self) -> None:
        guest, service, day = self._chosen_guest(), self.service.code(), self.requested_on.day()
        self._guest_field.set_error(self.guest.problem())
        self._service_field.set_error(self.service.problem())
        no_day = "" if day else self.requested_on.problem() or tr("health.outcome_day_missing")
        self._day_field.set_error(no_day)
        made = self.form.read() if self._row is None else _NOTHING
        if guest is None or service is None or day is None:
            bad = (self._guest_field, self._service_field, self._day_field)
            next(field for field in bad if field.error()).setFocus()
            return
        if made is None:
            return
        draft = ReferralDraft(
            guest,
            service,
            day,
            urgency=self.urgency.code(),
            reason=self.reason.words() or None,
            at=made.at,
            accompanied_by=made.accompanied_by,
            place=made.place,
        )
        self.save.setEnabled(False)
        self._context.write(self, self._work(draft), lambda _: self.accept(), changes="referrals", failed=self._refused)

    def _work(self, draft: ReferralDraft) -> Callable[[], object]:
        referrals = self._context.register.referrals
        if self._row is None:
            return lambda: referrals.request(draft)
        number = self._row.id
        return lambda: referrals.amend(number, draft)

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))
