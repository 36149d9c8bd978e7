"""The form of an appointment: day, hour at the house's own clock, and who goes with the guest.

Writing how it went is another form.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.services.calendar import HOUSE_ZONE
from app.ui.form import FormDialog
from app.ui.kit import DayEdit, Field, beside
from app.ui.presenters import health
from app.ui.presenters.health import HourSkipped, HourUnreadable

if TYPE_CHECKING:
    from app.services.referral import ReferralRow
    from app.ui.context import Context


class BookingDialog(FormDialog):
    """Writes the appointment of a referral; `accepted` when the register took it."""

    form_id: ClassVar[str] = "referral_booking"

    def __init__(
        self, context: Context, parent: QWidget | None, row: ReferralRow, today: date, escorts: Sequence[str] = ()
    ) -> None:
        """Ask for the appointment of `row`; `escorts` are names to propose."""
        lead = tr("health.book_lead", guest=row.name_used, service=health.service(row.service))
        super().__init__(parent, tr("health.book_title"), lead)
        self._context = context
        self._row = row
        self.day = DayEdit(today=lambda: today, earliest=row.requested_on)
        self.hour = QLineEdit()
        self.hour.setPlaceholderText("9:30")
        self.escort = QLineEdit()
        names = QCompleter(list(escorts), self)
        names.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        names.setFilterMode(Qt.MatchFlag.MatchContains)
        self.escort.setCompleter(names)
        self._day_field = Field(tr("health.field_day"), self.day)
        self._hour_field = Field(tr("health.field_hour"), self.hour, help_text=tr("health.hour_help"))
        self.body.addLayout(beside(self._day_field, self._hour_field, stretch=(3, 2)))
        self.body.addWidget(Field(tr("health.field_escort"), self.escort, optional=True))
        self.add_cancel()
        self.save = self.add_action(tr("health.save_booking"), self._save)
        self._propose()
        self.day.setFocus()

    def _propose(self) -> None:
        if self._row.appointment_at is not None:
            at = self._row.appointment_at.astimezone(HOUSE_ZONE)
            self.day.set_day(at.date())
            self.hour.setText(f"{at:%H:%M}")
            self.escort.setText(self._row.accompanied_by or "")

    def content(self) -> dict[str, object]:
        """Return what is filled in, with the referral that it is for."""
        day = self.day.day()
        filled = {
            "day": day.isoformat() if day else None,
            "hour": self.hour.text() or None,
            "escort": self.escort.text().strip() or None,
        }
        return {"referral": self._row.id, **filled} if any(filled.values()) else {}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        texts = {name: value for name, value in content.items() if isinstance(value, str)}
        if "day" in texts:
            self.day.set_day(date.fromisoformat(texts["day"]))
        self.hour.setText(texts.get("hour", ""))
        self.escort.setText(texts.get("escort", ""))

    def _save(self) -> None:
        at = self._read()
        if at is None:
            return
        escort = self.escort.text().strip() or None
        self.save.setEnabled(False)
        referrals, number = self._context.register.referrals, self._row.id
        self._context.write(
            self,
            lambda: referrals.book(number, at, escort),
            lambda _: self.accept(),
            changes="referrals",
            failed=self._refused,
        )

    def _read(self) -> datetime | None:
        """Return the appointment, or None after saying at its field what is wrong."""
        day = self.day.day()
        self._day_field.set_error("" if day else self.day.problem() or tr("health.day_missing"))
        hour: time | None = None
        try:
            hour = health.read_hour(self.hour.text())
            self._hour_field.set_error("")
        except HourUnreadable:
            self._hour_field.set_error(tr("health.hour_unreadable"))
        if day is None or hour is None:
            (self._hour_field if day else self._day_field).setFocus()
            return None
        try:
            return health.appointment(day, hour)
        except HourSkipped:
            self._hour_field.set_error(tr("health.hour_skipped"))
            self._hour_field.setFocus()
            return None

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))
