"""What the page of referrals says: the state of each, its life, the hour of an appointment.

Plain Python; nothing is written here and no widget is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import day as say_day
from app.reference.texts import tr
from app.services.calendar import HOUSE_ZONE, house_day
from app.ui.presenters.moment import hour, moment
from app.ui.presenters.state import State, Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.reference.ids import HouseId
    from app.services.referral import ReferralRow
    from app.services.register import Register
    from app.ui.colour import Tone

WAITING, BOOKED, DONE = "IN_ATTESA", "PRENOTATO", "SVOLTO"
_HOUR = re.compile(r"^(\d{1,2})(?:[:.,h ](\d{2})|(\d{2}))?$")
_URGENCY: dict[str, tuple[Tone, str]] = {
    "PROGRAMMATO": ("grey", "schedule"),
    "BREVE": ("amber", "hourglass_empty"),
    "URGENTE": ("red", "error"),
}
_OUTCOME: dict[str, tuple[Tone, str]] = {
    WAITING: ("amber", "hourglass_empty"),
    BOOKED: ("primary", "event_available"),
    DONE: ("green", "check_circle"),
}


class HourUnreadable(ValueError):
    """What was typed is no hour."""


class HourSkipped(ValueError):
    """The change to summer time leaves that hour out."""


@dataclass(frozen=True, slots=True)
class HealthView:
    """All that the page shows, asked for in one go."""

    rows: tuple[ReferralRow, ...]
    open_count: int
    agenda_day: date
    agenda: tuple[ReferralRow, ...]
    now: datetime
    today: date


def load(register: Register, house: HouseId, agenda_day: date | None, *, open_only: bool) -> HealthView:
    """Ask the register for the page; `agenda_day` None means today."""
    rows = register.referrals.list_rows(house)
    waiting = [row for row in rows if is_open(row)]
    now = register.desk.now()
    day = agenda_day or house_day(now)
    return HealthView(
        rows=tuple(waiting if open_only else [*waiting, *(row for row in rows if not is_open(row))]),
        open_count=len(waiting),
        agenda_day=day,
        agenda=tuple(register.referrals.agenda(house, day)),
        now=now,
        today=house_day(now),
    )


def is_open(row: ReferralRow) -> bool:
    """Tell whether something is still awaited of a referral."""
    return not codelist("referral_outcome").get(row.outcome).flag("final")


def is_overdue(row: ReferralRow, now: datetime) -> bool:
    """Tell whether the appointment is past and nobody wrote how it went."""
    return is_open(row) and row.appointment_at is not None and row.appointment_at < now


def urgency(row: ReferralRow) -> State:
    """Return the urgency as a chip."""
    tone, icon = _URGENCY.get(row.urgency, ("grey", "schedule"))
    return State(tone, codelist("urgency").label(row.urgency), icon)


def outcome(row: ReferralRow, now: datetime) -> State:
    """Return how far a referral is, as a chip; an appointment that nobody followed up comes first."""
    if is_overdue(row, now):
        return State("red", tr("health.overdue"), "alarm")
    tone, icon = _OUTCOME.get(row.outcome, ("grey", "block"))
    return State(tone, codelist("referral_outcome").label(row.outcome), icon)


def service(code: str) -> str:
    """Return the name of a service."""
    return codelist("health_service").label(code)


def area(code: str) -> str:
    """Return the health area of a service, the only level that statistics use."""
    return codelist("health_area").label(codelist("health_service").get(code).text("area"))


def service_choices() -> list[tuple[str, str]]:
    """Return the services to choose from; those for minors come last and say so."""
    menu = codelist("health_service").menu()
    adults = [(code.code, code.label()) for code in menu if not code.flag("minors_only")]
    minors = [(code.code, tr("health.for_minors", service=code.label())) for code in menu if code.flag("minors_only")]
    return [*adults, *minors]


def final_outcomes() -> list[tuple[str, str]]:
    """Return the outcomes that end a referral."""
    return [(code.code, code.label()) for code in codelist("referral_outcome") if code.flag("final")]


def appointment_line(row: ReferralRow) -> str:
    """Return the second line of an appointment in the agenda: the service and who goes with her."""
    if row.accompanied_by:
        return tr("health.agenda_with", service=service(row.service), who=row.accompanied_by)
    return service(row.service)


def life(row: ReferralRow, now: datetime) -> tuple[Step, ...]:
    """Return the life of a referral from the request to its outcome."""
    return (_requested(row), _booked(row), _ended(row, now))


def _requested(row: ReferralRow) -> Step:
    return Step(tr("health.step_requested"), say_day(row.requested_on), done=True, tone="primary")


def _booked(row: ReferralRow) -> Step:
    if row.appointment_at is None:
        note = tr("health.not_booked") if is_open(row) else tr("health.never_booked")
        return Step(tr("health.step_booked"), note, done=False, tone="grey")
    at = moment(row.appointment_at)
    note = tr("health.booked_with", at=at, who=row.accompanied_by) if row.accompanied_by else at
    return Step(tr("health.step_booked"), note, done=True, tone="primary")


def _ended(row: ReferralRow, now: datetime) -> Step:
    title = tr("health.step_outcome")
    if is_overdue(row, now):
        return Step(title, tr("health.outcome_late"), done=False, tone="red")
    if is_open(row):
        return Step(title, tr("health.outcome_awaited"), done=False, tone="grey")
    state = outcome(row, now)
    note = tr("health.outcome_on", outcome=state.word, day=say_day(row.outcome_on)) if row.outcome_on else state.word
    return Step(title, note, done=True, tone=state.tone)


def read_hour(text: str) -> time:
    """Return the hour that people type: `9`, `9:30`, `9.30`, `0930`; raises HourUnreadable when it is none."""
    found = _HOUR.match(text.strip())
    if found is None:
        raise HourUnreadable(text)
    try:
        return time(int(found[1]), int(found[2] or found[3] or 0))
    except ValueError:
        raise HourUnreadable(text) from None


def appointment(day: date, at: time) -> datetime:
    """Return the moment of an appointment at the house's own clock; raises HourSkipped."""
    made = datetime.combine(day, at, tzinfo=HOUSE_ZONE)
    if datetime.fromtimestamp(made.timestamp(), HOUSE_ZONE).time() != at:
        raise HourSkipped(at)
    return made


def guest_choices(rows: Iterable[tuple[int, str, str]]) -> list[tuple[str, str]]:
    """Return the guests to choose from: id as text, and `Rina · DA-0052`."""
    return [(str(number), f"{name} · {code}") for number, code, name in rows]


def agenda_hour(row: ReferralRow) -> str:
    """Return the hour of an appointment, or an empty text."""
    return hour(row.appointment_at) if row.appointment_at is not None else ""
