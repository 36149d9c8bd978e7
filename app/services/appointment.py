"""The appointments of the paths on a house day: steps with an hour, and steps that are due, as far as a role may know.

Health appointments are in `app.services.referral_reading`, deadlines in `app.services.deadline`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from app.models.guest import Guest
from app.models.inclusion import InclusionStep
from app.models.night import day_bounds
from app.models.stay import FOREVER, Stay
from app.reference.codelist import codelist
from app.reference.ids import GuestId, HouseId, StepId
from app.services.path import LEGAL_AREA, area_of
from app.services.role import may_see_appointments, may_see_path, may_see_protection

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class StepAppointment:
    """A step of a path on a day: at an hour, or due some time that day."""

    step: StepId
    guest: GuestId
    name_used: str
    at: datetime | None
    kind: str = ""
    """The code of the step; empty where the role may know the hour alone."""
    what: str = ""
    who: str = ""


def step_appointments(session: Session, house: HouseId, day: date, role: str | None) -> tuple[StepAppointment, ...]:
    """Return the open steps of a house's guests on a day: those with an hour in order, then those due.

    A shift is told whose and when, and not what for, and so is who may not see protection of what the law is about; a
    role that may know nothing of it is given nothing. How many are kept back is told by `reserved_steps`.
    """
    start, _end = day_bounds(day)
    found = [each for each in _of_day(session, house, day, role) if each is not None]
    return tuple(sorted(found, key=lambda each: (each.at is None, each.at or start, each.name_used)))


def reserved_steps(session: Session, house: HouseId, day: date, role: str | None) -> int:
    """Return how many open steps of a day a role is told nothing about."""
    return sum(each is None for each in _of_day(session, house, day, role))


def _of_day(session: Session, house: HouseId, day: date, role: str | None) -> Iterator[StepAppointment | None]:
    """Yield the steps of a day, and None for one that the role is told nothing about."""
    may_read, with_law = may_see_path(role), may_see_protection(role)
    may_know = may_read or may_see_appointments(role)
    start, end = day_bounds(day)
    final = [state.code for state in codelist("inclusion_state") if state.flag("final")]
    at, due = InclusionStep.appointment_at, InclusionStep.due_on
    query = (
        select(InclusionStep, Guest.name_used)
        .join(Guest, Guest.id == InclusionStep.guest_id)
        .join(Stay, Stay.guest_id == Guest.id)
        .where(
            Stay.house_id == house,
            Stay.entered_on <= day,
            func.coalesce(Stay.exit_on, FOREVER) > day,
            InclusionStep.state.not_in(final),
            or_((at >= start) & (at < end), due == day),
        )
        .order_by(InclusionStep.id)
    )
    for step, name in session.execute(query):
        moment = step.appointment_at if step.appointment_at and start <= step.appointment_at < end else None
        if may_read and (with_law or area_of(step.kind) != LEGAL_AREA):
            yield _full(step, name, moment)
        elif may_know and moment is not None:
            yield StepAppointment(StepId(step.id), GuestId(step.guest_id), name, moment)
        else:
            yield None


def _full(step: InclusionStep, name: str, moment: datetime | None) -> StepAppointment:
    return StepAppointment(
        StepId(step.id), GuestId(step.guest_id), name, moment, step.kind, step.what or "", step.who or ""
    )
