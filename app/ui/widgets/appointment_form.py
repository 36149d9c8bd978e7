"""The fields of an appointment: day, hour at the house's own clock, who goes along, where; and what it clashes with.

It saves nothing: the form around it reads `read()`. A clash is told and stops nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.reference.ids import GuestId, ReferralId
from app.reference.texts import tr
from app.services.calendar import HOUSE_ZONE
from app.services.referral import ReferralRow
from app.ui.context import Context
from app.ui.kit import DayEdit, Field, beside
from app.ui.presenters import health, visit
from app.ui.presenters.visit import HourSkipped, HourUnreadable
from app.ui.theme import px
from app.ui.widgets.clash import Clash
from app.ui.widgets.name_line import name_line


@dataclass(frozen=True, slots=True)
class Appointment:
    """What was filled in; `at` is None where it may be left open."""

    at: datetime | None
    accompanied_by: str | None
    place: str | None


class AppointmentForm(QWidget):
    """The fields; with `may_be_open` day and hour can both be left empty."""

    def __init__(
        self,
        context: Context,
        today: date,
        escorts: Sequence[str],
        guest: Callable[[], GuestId | None],
        *,
        besides: ReferralId | None = None,
        earliest: date | None = None,
        may_be_open: bool = False,
        in_one_row: bool = False,
    ) -> None:
        """Propose `escorts`; clashes are looked for with `guest()`, leaving out the referral `besides`."""
        super().__init__()
        self._context, self._guest, self._besides, self._may_be_open = context, guest, besides, may_be_open
        self.day = DayEdit(today=lambda: today, earliest=earliest)
        self.hour = QLineEdit()
        self.hour.setPlaceholderText("9:30")
        self.escort = name_line(escorts)
        self.place = QLineEdit()
        self.place.setMaxLength(120)
        self.place.setPlaceholderText(tr("health.place_help"))
        optional = not in_one_row  # there the heading over the row says so
        self.day_field = Field(tr("health.field_day"), self.day, optional=optional and may_be_open)
        self.hour_field = Field(tr("health.field_hour"), self.hour)
        self.hour.setToolTip(tr("health.hour_help"))
        escort = Field(tr("health.field_escort"), self.escort, optional=optional)
        place = Field(tr("health.field_place"), self.place, optional=optional)
        self.clash = Clash()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(14 if optional else 8))
        if in_one_row:
            column.addLayout(beside(self.day_field, self.hour_field, escort, place, stretch=(5, 2, 5, 5)))
        else:
            column.addLayout(beside(self.day_field, self.hour_field, stretch=(3, 2)))
            column.addLayout(beside(escort, place, stretch=(1, 1)))
        column.addWidget(self.clash)
        self.day.day_changed.connect(self.look_for_clashes)
        self.hour.textChanged.connect(self.look_for_clashes)
        self.escort.textChanged.connect(self.look_for_clashes)

    def propose(self, at: datetime | None, escort: str | None = None, place: str | None = None) -> None:
        """Show an appointment to begin with."""
        if at is not None:
            local = at.astimezone(HOUSE_ZONE)
            self.day.set_day(local.date())
            self.hour.setText(f"{local:%H:%M}")
        self.escort.setText(escort or "")
        self.place.setText(place or "")

    def propose_slot(self, day: date, at: time) -> None:
        """Show the day and hour of a free slot."""
        self.day.set_day(day)
        self.hour.setText(f"{at:%H:%M}")

    def content(self) -> dict[str, object]:
        """Return what is filled in, for a draft."""
        day = self.day.day()
        filled = {
            "day": day.isoformat() if day else None,
            "hour": self.hour.text().strip() or None,
            "escort": self.escort.text().strip() or None,
            "place": self.place.text().strip() or None,
        }
        return {name: value for name, value in filled.items() if value}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the fields again."""
        texts = {name: value for name, value in content.items() if isinstance(value, str)}
        self.day.set_day(date.fromisoformat(texts["day"]) if "day" in texts else None)
        self.hour.setText(texts.get("hour", ""))
        self.escort.setText(texts.get("escort", ""))
        self.place.setText(texts.get("place", ""))

    def read(self) -> Appointment | None:
        """Return the appointment, or None after saying at its field what is wrong."""
        day_wrong, hour_wrong, at = self._judge()
        self.day_field.set_error(day_wrong)
        self.hour_field.set_error(hour_wrong)
        if day_wrong or hour_wrong:
            (self.day_field if day_wrong else self.hour_field).setFocus()
            return None
        return Appointment(at, self.escort.text().strip() or None, self.place.text().strip() or None)

    def _judge(self) -> tuple[str, str, datetime | None]:
        """Return what is wrong with the day and with the hour, and the moment when nothing is."""
        day, typed = self.day.day(), self.hour.text().strip()
        if self._may_be_open and not self.day.text().strip() and not typed:
            return "", "", None
        day_wrong = "" if day else self.day.problem() or tr("health.day_missing")
        if not typed and self._may_be_open:
            return day_wrong, tr("health.hour_missing"), None
        try:
            hour = visit.read_hour(typed)
            return day_wrong, "", visit.appointment(day, hour) if day else None
        except HourUnreadable:
            return day_wrong, tr("health.hour_unreadable"), None
        except HourSkipped:
            return day_wrong, tr("health.hour_skipped"), None

    def look_for_clashes(self, *_: object) -> None:
        """Ask whether the guest or the escort has another appointment about that hour, and say so."""
        guest, (day_wrong, hour_wrong, at) = self._guest(), self._judge()
        if guest is None or at is None or day_wrong or hour_wrong:
            self.clash.tell("")
            return
        escort, besides, referrals = self.escort.text().strip(), self._besides, self._context.register.referrals

        def found(rows: list[ReferralRow]) -> None:
            said = health.clash_line(rows)
            self.clash.tell(said)

        self._context.ask(self, lambda: referrals.clashing(guest, at, escort, besides), found, lambda _: None)
