"""What the operator needs to see first: who is here tonight, what is to be done, what is late.

It only gathers; each part is counted where it belongs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.models.house import House
from app.models.night import ONE_DAY, Month, house_day, nights
from app.models.service import Presence
from app.models.stay import FOREVER, Stay
from app.models.work import Operator
from app.reference.ids import HouseId
from app.services.appointment import StepAppointment, reserved_steps, step_appointments
from app.services.attention import MinorAlone, MonthToClose, late_referrals, minors_alone, months_to_close
from app.services.bed_state import CLOSED, promised_beds, read_beds
from app.services.check import ERROR
from app.services.clock import ClockDoubt, doubt
from app.services.deadline import HouseDeadlines, house_deadlines
from app.services.desk import Desk
from app.services.handover import UnreadHandovers, unread_handovers
from app.services.meal import Meals
from app.services.month import Months
from app.services.presence import Presences, states_here
from app.services.referral import Referrals
from app.services.referral_row import ReferralRow, is_final
from app.services.role import may_see_handovers, may_see_health

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAYS_SHOWN = 14
DAYS_AHEAD = 7
_MONTHS_CHECKED = 2
"""The checks of a month read all of it; of more open months only the oldest are looked into."""


@dataclass(frozen=True, slots=True)
class Today:
    """The page `Oggi` of a house."""

    day: date
    house_name: str
    guests: int
    capacity: int
    present: int
    away: int
    to_confirm: int
    meals: int
    meals_confirmed: bool
    diets: dict[str, int]
    agenda: tuple[ReferralRow, ...]
    overdue: tuple[ReferralRow, ...]
    months_to_close: tuple[Month, ...]
    last_days: tuple[tuple[date, int], ...]
    states: dict[str, int] = field(default_factory=dict)
    """Tonight's recorded states, each with its number of guests."""
    round_by: str = ""
    round_at: datetime | None = None
    """Who recorded tonight's last presence, and when."""
    self_catering: bool = False
    meal_days: int = 0
    """In a house whose guests cook for themselves: how many self-catering days today has."""
    meals_by: str = ""
    meals_at: datetime | None = None
    upcoming: tuple[ReferralRow, ...] = ()
    """Open appointments from today to six days on, in order."""
    holes: tuple[tuple[date, int], ...] = ()
    """Past nights that lack records, with how many: of the days shown and of the running month."""

    closed_beds: int = 0
    held_beds: int = 0
    """Beds out of service tonight, and those held for somebody, also where another still sleeps."""
    steps: tuple[StepAppointment, ...] = ()
    """Steps of the paths with an hour today, or due today."""
    deadlines: HouseDeadlines = field(default_factory=HouseDeadlines)
    handovers: UnreadHandovers | None = None
    """None for a role that may not read handover notes."""
    minors_alone: tuple[MinorAlone, ...] = ()
    findings: tuple[MonthToClose, ...] = ()
    """What the checks say of the oldest months to close; empty until they were asked for."""
    sees_health: bool = True
    agenda_reserved: int = 0
    """Appointments and dates of today that the role is told nothing about."""
    ahead_reserved: int = 0
    """Appointments of the next days that it is told nothing about."""
    overdue_reserved: int = 0
    """Late referrals that it is told nothing about."""
    clock: ClockDoubt | None = None
    """Why this computer's clock cannot be trusted."""

    @property
    def free(self) -> int:
        """Places that may be offered tonight, counted as the bed board does: none taken, held or out of service."""
        return max(0, self.capacity - self.guests - self.held_beds - self.closed_beds)


class Todays:
    """The day at a glance."""

    def __init__(self, desk: Desk, presences: Presences, meals: Meals, referrals: Referrals, months: Months) -> None:
        self._desk = desk
        self._presences = presences
        self._meals = meals
        self._referrals = referrals
        self._months = months

    def of(self, house: HouseId) -> Today:
        """Return the day of a house, as far as the operator's role may know it."""
        day, here = self._desk.today(), states_here()
        rows = self._presences.round(house)
        states = Counter(row.recorded for row in rows if row.recorded is not None)
        sheet = self._meals.sheet(house, day)
        last = day + timedelta(days=DAYS_AHEAD - 1)
        agenda, reserved = self._referrals.agenda(house, day, last), self._referrals.reserved(house, day, last)
        present = sum(n for state, n in states.items() if state in here)
        with self._desk.vault.work() as session:
            found = self._found(session, house, day)
        return Today(
            day=day,
            guests=len(rows),
            present=present,
            away=states.total() - present,
            to_confirm=len(rows) - states.total(),
            meals=sheet.total,
            meals_confirmed=sheet.confirmed,
            diets=sheet.diets(),
            agenda=tuple(row for row in agenda if _day_of(row) == day),
            states=dict(states),
            self_catering="AUT" in sheet.offered,
            meal_days=sheet.kinds().get("AUT", 0),
            meals_by=sheet.confirmed_by,
            meals_at=sheet.confirmed_at,
            upcoming=tuple(row for row in agenda if not is_final(row.outcome)),
            agenda_reserved=reserved.count(day) + found["deadlines"].reserved_today + found.pop("steps_reserved"),
            ahead_reserved=len(reserved) - reserved.count(day),
            **found,
        )

    def _found(self, session: Session, house: HouseId, day: date) -> dict[str, Any]:
        """Return what one transaction reads of a house, by the names of the fields."""
        role = self._desk.role(session)
        building = session.get_one(House, house)
        beds = Counter(bed.state for bed in read_beds(session, house, day))
        round_by, round_at = _last_mark(session, house, day)
        late = late_referrals(session, house, self._desk.now())
        return {
            "house_name": building.name,
            "capacity": building.capacity,
            "round_by": round_by,
            "round_at": round_at,
            "last_days": _last_days(session, house, day),
            "holes": _holes(session, house, day),
            "closed_beds": beds[CLOSED],
            "held_beds": sum(promised_beds(session, house, day)),
            "overdue": late if may_see_health(role) else (),
            "overdue_reserved": 0 if may_see_health(role) else len(late),
            "sees_health": may_see_health(role),
            "steps": step_appointments(session, house, day, role),
            "steps_reserved": reserved_steps(session, house, day, role),
            "deadlines": house_deadlines(session, house, day, role),
            "handovers": unread_handovers(session, self._desk, house) if may_see_handovers(role) else None,
            "minors_alone": minors_alone(session, house, day),
            "months_to_close": months_to_close(session, house, day),
            "clock": doubt(session, self._desk.now()),
        }

    def findings(self, house: HouseId, months: tuple[Month, ...]) -> tuple[MonthToClose, ...]:
        """Return what the checks say of the oldest of these months; it reads whole months, so it is asked for apart."""
        found = []
        for month in months[:_MONTHS_CHECKED]:
            levels = Counter(finding.level for finding in self._months.checks(house, month))
            found.append(MonthToClose(month, levels[ERROR], levels.total() - levels[ERROR]))
        return tuple(found)


def _day_of(row: ReferralRow) -> date | None:
    return house_day(row.appointment_at) if row.appointment_at is not None else None


def _last_days(session: Session, house: HouseId, day: date) -> tuple[tuple[date, int], ...]:
    first = day - timedelta(days=DAYS_SHOWN - 1)
    counts = _recorded(session, house, first, day, states_here())
    return tuple((each, counts.get(each, 0)) for each in nights(first, day + ONE_DAY))


def _holes(session: Session, house: HouseId, day: date) -> tuple[tuple[date, int], ...]:
    """Return the nights before `day` on which fewer guests were recorded than were hosted."""
    first = min(Month.of(day).first, day - timedelta(days=DAYS_SHOWN - 1))
    stays = session.execute(
        select(Stay.entered_on, func.coalesce(Stay.exit_on, FOREVER)).where(
            Stay.house_id == house, Stay.entered_on < day, func.coalesce(Stay.exit_on, FOREVER) > first
        )
    ).all()
    counts = _recorded(session, house, first, day - ONE_DAY)
    missing = (
        (night, sum(entered <= night < left for entered, left in stays) - counts.get(night, 0))
        for night in nights(first, day)
    )
    return tuple((night, n) for night, n in missing if n > 0)


def _recorded(
    session: Session, house: HouseId, first: date, last: date, states: frozenset[str] | None = None
) -> dict[date, int]:
    """Return for each night of a span how many presences it has, of all states or of some."""
    query = (
        select(Presence.night, func.count())
        .join(Stay, Stay.id == Presence.stay_id)
        .where(
            Stay.house_id == house,
            func.coalesce(Stay.exit_on, FOREVER) > first,
            Presence.night.between(first, last),
        )
        .group_by(Presence.night)
    )
    if states is not None:
        query = query.where(Presence.state.in_(states))
    return {night: n for night, n in session.execute(query)}  # noqa: C416 - a Row is no tuple to mypy


def _last_mark(session: Session, house: HouseId, night: date) -> tuple[str, datetime | None]:
    """Return who wrote the last presence of a night, empty when unknown, and when."""
    found = session.execute(
        select(Operator.display_name, Presence.recorded_at)
        .select_from(Presence)
        .join(Stay, Stay.id == Presence.stay_id)
        .outerjoin(Operator, Operator.id == Presence.recorded_by)
        .where(
            Stay.house_id == house,
            Stay.entered_on <= night,
            func.coalesce(Stay.exit_on, FOREVER) > night,
            Presence.night == night,
        )
        .order_by(Presence.recorded_at.desc())
        .limit(1)
    ).first()
    return (found[0] or "", found[1]) if found else ("", None)
