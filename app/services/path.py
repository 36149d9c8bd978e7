"""The path of a guest as it was written: her goals, steps, hours and levels of Italian, with the stays around them.

Rows only: what they amount to is said in `app.services.movement`, and writing them is done by goal, step, lesson.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import NotFound, OutsideStay
from app.models.guest import Guest
from app.models.inclusion import Goal, InclusionStep, ItalianLevel, StepHours
from app.models.stay import FOREVER, Stay
from app.reference.codelist import codelist
from app.reference.ids import GoalId, GuestId, HouseId, StepId
from app.reference.unreadable import Unreadable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

STARTED, UNDER_WAY, CONCLUDED, INTERRUPTED = "ATTIVATO", "IN_CORSO", "CONCLUSO", "INTERROTTO"
LANGUAGE_AREA = "LING"
LEGAL_AREA = "LEGA"
"""Complaint, asylum, hearing: what is written of them is read only by who may see protection as well."""


def is_final(state: str) -> bool:
    """Tell whether nothing more is awaited of a step in that state."""
    return codelist("inclusion_state").get(state).flag("final")


def area_of(kind: str) -> str:
    """Return the area of a kind of step; of one that cannot be read, what says so."""
    if isinstance(kind, Unreadable):
        return kind
    return codelist("inclusion_step").get(kind).text("area")


@dataclass(frozen=True, slots=True)
class StaySpan:
    """Where a guest was hosted, and when."""

    house: HouseId
    entered_on: date
    exit_on: date | None

    def covers_day(self, day: date) -> bool:
        """Tell whether something of that day belongs to the stay; the day of exit still does."""
        return self.entered_on <= day <= (self.exit_on or FOREVER)


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal; `reached` is None while it is open."""

    id: GoalId
    area: str
    words: str
    set_on: date
    closed_on: date | None = None
    reached: bool | None = None


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step with the time spent on it so far."""

    id: StepId
    goal: GoalId | None
    kind: str
    area: str
    what: str | None
    who: str | None
    started_on: date
    due_on: date | None
    appointment_at: datetime | None
    state: str
    ended_on: date | None
    outcome_note: str | None
    minutes: int = 0
    last_hours_on: date | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more is awaited of it."""
        return self.ended_on is not None


@dataclass(frozen=True, slots=True)
class HoursRow:
    """The minutes spent on a step on one day."""

    step: StepId
    area: str
    day: date
    minutes: int


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level of Italian as assessed on a day."""

    assessed_on: date
    level: str


@dataclass(frozen=True, slots=True)
class GuestPath:
    """All that was written of one guest's path; steps, hours and levels in order of their days."""

    guest: GuestId
    code: str
    name_used: str
    stays: tuple[StaySpan, ...] = ()
    goals: tuple[GoalRow, ...] = ()
    steps: tuple[StepRow, ...] = ()
    hours: tuple[HoursRow, ...] = ()
    levels: tuple[LevelRow, ...] = ()
    with_law: bool = True
    """Whether what was written of legal goals and steps is told here, and may be written."""

    def is_hosted(self, house: HouseId | None, day: date) -> bool:
        """Tell whether she sleeps in that house (any, for None) on the night of that day."""
        return any(
            (house is None or stay.house == house) and stay.entered_on <= day < (stay.exit_on or FOREVER)
            for stay in self.stays
        )


def read_paths(session: Session, guests: Collection[int], *, with_law: bool) -> tuple[GuestPath, ...]:
    """Return the paths of these guests, by name, inside a transaction that is already open.

    Without the law, what was written of legal goals and steps is withheld; area, days, hours and state are told.
    """
    stays, levels = _stays(session, guests), _levels(session, guests)
    hours = _hours(session, guests)
    goals, steps = _goals(session, guests, with_law=with_law), _steps(session, guests, hours, with_law=with_law)
    people = select(Guest.id, Guest.code, Guest.name_used).where(Guest.id.in_(guests))
    return tuple(
        GuestPath(
            GuestId(number),
            code,
            name,
            tuple(stays[number]),
            tuple(goals[number]),
            tuple(steps[number]),
            tuple(hours[number]),
            tuple(levels[number]),
            with_law,
        )
        for number, code, name in session.execute(people.order_by(Guest.name_used, Guest.id))
    )


def hosted_between(session: Session, house: HouseId, first: date, last: date) -> list[int]:
    """Return the guests with a stay in a house on any of those days."""
    query = select(Stay.guest_id).where(
        Stay.house_id == house, Stay.entered_on <= last, func.coalesce(Stay.exit_on, FOREVER) >= first
    )
    return list(session.scalars(query.distinct()))


def require_hosted(session: Session, guest: GuestId, day: date) -> None:
    """Raise OutsideStay when no stay of the guest covers the day, NotFound when there is no such guest."""
    if session.get(Guest, guest) is None:
        raise NotFound(what="guest", id=guest)
    covering = select(Stay.id).where(
        Stay.guest_id == guest, Stay.entered_on <= day, func.coalesce(Stay.exit_on, FOREVER) >= day
    )
    if session.scalar(covering.limit(1)) is None:
        raise OutsideStay(day=day)


def _stays(session: Session, guests: Collection[int]) -> dict[int, list[StaySpan]]:
    found: dict[int, list[StaySpan]] = defaultdict(list)
    query = select(Stay.guest_id, Stay.house_id, Stay.entered_on, Stay.exit_on).where(Stay.guest_id.in_(guests))
    for guest, house, entered, left in session.execute(query.order_by(Stay.entered_on, Stay.id)):
        found[guest].append(StaySpan(HouseId(house), entered, left))
    return found


def _goals(session: Session, guests: Collection[int], *, with_law: bool) -> dict[int, list[GoalRow]]:
    found: dict[int, list[GoalRow]] = defaultdict(list)
    query = select(Goal).where(Goal.guest_id.in_(guests)).order_by(Goal.set_on, Goal.id)
    for goal in session.scalars(query):
        words = goal.words if with_law or goal.area != LEGAL_AREA else Unreadable.withheld()
        row = GoalRow(GoalId(goal.id), goal.area, words, goal.set_on, goal.closed_on, goal.reached)
        found[goal.guest_id].append(row)
    return found


def _hours(session: Session, guests: Collection[int]) -> dict[int, list[HoursRow]]:
    found: dict[int, list[HoursRow]] = defaultdict(list)
    query = (
        select(InclusionStep.guest_id, InclusionStep.id, InclusionStep.kind, StepHours.day, StepHours.minutes)
        .join(StepHours, StepHours.step_id == InclusionStep.id)
        .where(InclusionStep.guest_id.in_(guests))
        .order_by(StepHours.day, StepHours.id)
    )
    for guest, step, kind, day, minutes in session.execute(query):
        found[guest].append(HoursRow(StepId(step), area_of(kind), day, minutes))
    return found


def _steps(
    session: Session, guests: Collection[int], hours: dict[int, list[HoursRow]], *, with_law: bool
) -> dict[int, list[StepRow]]:
    found: dict[int, list[StepRow]] = defaultdict(list)
    by_step: dict[int, list[HoursRow]] = defaultdict(list)
    for spent in (each for rows in hours.values() for each in rows):
        by_step[spent.step].append(spent)
    query = select(InclusionStep).where(InclusionStep.guest_id.in_(guests))
    for step in session.scalars(query.order_by(InclusionStep.started_on, InclusionStep.id)):
        row = _step(step, by_step[step.id])
        found[step.guest_id].append(row if with_law or row.area != LEGAL_AREA else _without_law(row))
    return found


def _step(step: InclusionStep, spent: list[HoursRow]) -> StepRow:
    return StepRow(
        StepId(step.id),
        GoalId(step.goal_id) if step.goal_id is not None else None,
        step.kind,
        area_of(step.kind),
        step.what,
        step.who,
        step.started_on,
        step.due_on,
        step.appointment_at,
        step.state,
        step.ended_on,
        step.outcome_note,
        sum(row.minutes for row in spent),
        max((row.day for row in spent), default=None),
    )


def _without_law(row: StepRow) -> StepRow:
    return replace(row, kind=Unreadable.withheld(), what=None, who=None, outcome_note=None)


def _levels(session: Session, guests: Collection[int]) -> dict[int, list[LevelRow]]:
    found: dict[int, list[LevelRow]] = defaultdict(list)
    query = select(ItalianLevel).where(ItalianLevel.guest_id.in_(guests)).order_by(ItalianLevel.assessed_on)
    for level in session.scalars(query):
        found[level.guest_id].append(LevelRow(level.assessed_on, level.level))
    return found
