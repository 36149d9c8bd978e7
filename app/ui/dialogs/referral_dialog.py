"""The form of a new health referral: for whom, to which service, how urgent, why.

Whether the day lies in a stay is decided by the register, whose answer is shown here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.codelist import codelist
from app.reference.ids import GuestId
from app.reference.texts import say_error, tr
from app.services.referral import ReferralDraft
from app.ui.form import FormDialog
from app.ui.kit import ChoiceCombo, CodeCombo, DayEdit, Field, beside
from app.ui.presenters import health
from app.ui.widgets.note_edit import NoteEdit

if TYPE_CHECKING:
    from app.ui.context import Context


class ReferralDialog(FormDialog):
    """Writes a request; `accepted` when the register took it."""

    form_id: ClassVar[str] = "referral_new"

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        guests: Iterable[tuple[str, str]],
        today: date,
        guest: GuestId | None = None,
    ) -> None:
        """Offer these (id, label) guests; `guest` is chosen already."""
        super().__init__(parent, tr("health.new_title"), tr("health.new_lead"), width=520)
        self._context = context
        self._today = today
        self.guest = CodeCombo(guests)
        self.service = CodeCombo(health.service_choices())
        self.urgency = ChoiceCombo([(code.code, code.label()) for code in codelist("urgency")])
        self.requested_on = DayEdit(today, today=lambda: today, latest=today)
        self.reason = NoteEdit()
        self._guest_field = Field(tr("health.field_guest"), self.guest)
        self._service_field = Field(tr("health.field_service"), self.service)
        self._day_field = Field(tr("health.field_requested"), self.requested_on)
        self.body.addWidget(self._guest_field)
        self.body.addWidget(self._service_field)
        urgency = Field(tr("health.field_urgency"), self.urgency)
        self.body.addLayout(beside(urgency, self._day_field, stretch=(1, 1)))
        self.body.addWidget(
            Field(tr("health.field_reason"), self.reason, help_text=tr("health.reason_help"), optional=True)
        )
        self.add_cancel()
        self.save = self.add_action(tr("health.save_request"), self._save)
        if guest is not None:
            self.guest.set_code(str(guest))
        (self.guest if self.guest.code() is None else self.service).setFocus()

    def content(self) -> dict[str, object]:
        """Return what is filled in; a form with nothing but its proposals is empty."""
        filled = {
            "guest": self.guest.code(),
            "service": self.service.code(),
            "reason": self.reason.words() or None,
        }
        if not any(filled.values()):
            return {}
        day = self.requested_on.day()
        return {**filled, "urgency": self.urgency.code(), "requested_on": day.isoformat() if day else None}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        texts = {name: value for name, value in content.items() if isinstance(value, str)}
        self.guest.set_code(texts.get("guest"))
        self.service.set_code(texts.get("service"))
        self.urgency.set_code(texts.get("urgency", ""))
        self.reason.setPlainText(texts.get("reason", ""))
        if "requested_on" in texts:
            self.requested_on.set_day(date.fromisoformat(texts["requested_on"]))

    def _save(self) -> None:
        guest, service, day = self.guest.code(), self.service.code(), self.requested_on.day()
        self._guest_field.set_error(self.guest.problem())
        self._service_field.set_error(self.service.problem())
        no_day = "" if day else self.requested_on.problem() or tr("health.outcome_day_missing")
        self._day_field.set_error(no_day)
        if guest is None or service is None or day is None:
            bad = (self._guest_field, self._service_field, self._day_field)
            next(field for field in bad if field.error()).setFocus()
            return
        draft = ReferralDraft(
            GuestId(int(guest)), service, day, urgency=self.urgency.code(), reason=self.reason.words() or None
        )
        self.save.setEnabled(False)
        referrals = self._context.register.referrals
        self._context.write(
            self, lambda: referrals.request(draft), lambda _: self.accept(), changes="referrals", failed=self._refused
        )

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))
