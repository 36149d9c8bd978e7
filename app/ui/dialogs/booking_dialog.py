"""The forms of an appointment: of a referral that waits or is moved, and of the next check of one that is over.

Writing how it went is another form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.services.referral import MISSED, FollowUpDraft
from app.ui.form import FormDialog
from app.ui.kit import Label
from app.ui.presenters import health
from app.ui.widgets.appointment_form import Appointment, AppointmentForm

if TYPE_CHECKING:
    from app.services.referral import ReferralRow
    from app.ui.context import Context


class _AppointmentDialog(FormDialog):
    """What both forms share."""

    may_be_open: ClassVar[bool] = False

    def __init__(
        self, context: Context, parent: QWidget | None, row: ReferralRow, today: date, words: tuple[str, str, str]
    ) -> None:
        title, lead, save = words
        super().__init__(parent, title, lead, width=500)
        self._context, self._row, self._today = context, row, today
        self._save_text = save

    def build(self, escorts: Sequence[str], earliest: date) -> None:
        """Make the fields; `escorts` are names to propose."""
        self.form = AppointmentForm(
            self._context,
            self._today,
            escorts,
            lambda: self._row.guest,
            besides=self._row.id,
            earliest=earliest,
            may_be_open=self.may_be_open,
        )
        self.day, self.hour, self.escort, self.place = (
            self.form.day,
            self.form.hour,
            self.form.escort,
            self.form.place,
        )
        self.body.addWidget(self.form)
        self.add_cancel()
        self.save = self.add_action(self._save_text, self._save)
        self.propose()
        self._proposed = self.form.content()
        self.day.setFocus()

    def propose(self) -> None:
        """Fill in what is known."""
        raise NotImplementedError

    def write(self, made: Appointment) -> Callable[[], object]:
        """Return the work that writes it."""
        raise NotImplementedError

    def propose_slot(self, day: date, at: time) -> None:
        """Fill in the day and hour of a free slot; the keyboard goes to who goes along."""
        self.form.propose_slot(day, at)
        self.form.look_for_clashes()
        self.escort.setFocus()

    def content(self) -> dict[str, object]:
        """Return what is filled in, with the referral that it is for; empty while all is as proposed."""
        filled = self.form.content()
        return {"referral": self._row.id, **filled} if filled != self._proposed else {}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.form.restore(content)

    def _save(self) -> None:
        made = self.form.read()
        if made is None:
            return
        self.save.setEnabled(False)
        self._context.write(self, self.write(made), lambda _: self.accept(), changes="referrals", failed=self._refused)

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))


class BookingDialog(_AppointmentDialog):
    """Writes or moves the appointment of a referral; `accepted` when the register took it."""

    form_id: ClassVar[str] = "referral_booking"

    def __init__(
        self, context: Context, parent: QWidget | None, row: ReferralRow, today: date, escorts: Sequence[str] = ()
    ) -> None:
        lead = tr("health.book_lead", guest=row.name_used, service=health.service(row.service))
        super().__init__(context, parent, row, today, (tr("health.book_title"), lead, tr("health.save_booking")))
        self.build(escorts, row.requested_on)

    def propose(self) -> None:
        """Show the appointment that there is."""
        self.form.propose(self._row.appointment_at, self._row.accompanied_by, self._row.place)

    def write(self, made: Appointment) -> Callable[[], object]:
        """Book it."""
        assert made.at is not None  # noqa: S101 - this form leaves nothing open
        referrals, number, at = self._context.register.referrals, self._row.id, made.at
        return lambda: referrals.book(number, at, made.accompanied_by, made.place)


class FollowUpDialog(_AppointmentDialog):
    """Asks for the next check, or for another visit after a missed one: a new referral linked to the one before."""

    form_id: ClassVar[str] = "referral_follow_up"
    may_be_open: ClassVar[bool] = True

    def __init__(
        self, context: Context, parent: QWidget | None, row: ReferralRow, today: date, escorts: Sequence[str] = ()
    ) -> None:
        lead = tr("health.follow_up_lead", guest=row.name_used, service=health.service(row.service))
        title = tr("health.follow_up_missed_title" if row.outcome == MISSED else "health.follow_up_title")
        super().__init__(context, parent, row, today, (title, lead, tr("health.save_follow_up")))
        self.build(escorts, today)
        self.body.addWidget(Label(tr("health.hour_later"), "small", wrap=True))

    def propose(self) -> None:
        """Show the day that the service named, and the same place."""
        planned = self._row.follow_up_on
        self.form.propose(None, self._row.accompanied_by, self._row.place)
        if planned is not None and planned >= self._today:
            self.day.set_day(planned)

    def write(self, made: Appointment) -> Callable[[], object]:
        """Make the new referral."""
        referrals, number = self._context.register.referrals, self._row.id
        draft = FollowUpDraft(self._today, made.at, made.accompanied_by, made.place)
        return lambda: referrals.follow_up(number, draft)
