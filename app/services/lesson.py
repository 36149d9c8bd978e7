"""The hours of a path: the time spent on a step day by day, and the register of a lesson for the whole house.

A step has one entry a day, in minutes, as a cell of a sheet would: writing a day again replaces it. What the hours
amount to is said in `app.services.movement`. That a closed month refuses nothing here is explained in
`app.services.inclusion`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.errors import DayInFuture, HoursOutsideStep, HoursTooMany, OutsideStay
from app.models.guest import Guest
from app.models.inclusion import InclusionStep, StepHours
from app.models.stay import FOREVER, Stay
from app.reference.codelist import require
from app.reference.ids import GuestId, HouseId, StepId
from app.reference.unreadable import Unreadable
from app.services.path import LEGAL_AREA, STARTED, UNDER_WAY, area_of, hosted_between, require_hosted
from app.services.role import may_see_path, may_see_protection
from app.services.step import StepDraft, get_step, require_kind, start_step

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.desk import Desk

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A guest in the register of a lesson; without a step her course would begin on that day."""

    guest: GuestId
    code: str
    name_used: str
    step: StepId | None
    minutes: int | None
    """What is written for that day."""
    minutes_before: int | None
    """What was written for the lesson before."""
    begins_on: date | None = None
    """Set when her course of this kind begins only after that day."""


@dataclass(frozen=True, slots=True)
class LessonSheet:
    """The register of one kind of step on one day: who follows it first, then everybody else in the house."""

    house: HouseId
    kind: str
    day: date
    rows: tuple[LessonRow, ...]
    day_before: date | None
    """The lesson before, if there was one."""


@dataclass(frozen=True, slots=True)
class LessonKind:
    """A kind of step that guests of the house follow, and the last day hours were written for it."""

    kind: str
    followed_by: int
    last_on: date | None


class Lessons:
    """Time spent, in minutes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def record(self, step: StepId, minutes: Mapping[date, int | None]) -> None:
        """Write the minutes of several days of one step; None takes a day out. A step with hours is under way.

        Raises DayInFuture, OutsideStay, HoursOutsideStep (before its first day or after its last) or HoursTooMany.
        """
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_path)
            found = get_step(self._desk, session, step)
            changed = [self._write(session, found, day, spent) for day, spent in sorted(minutes.items())]
            if any(changed):
                self._desk.note(session, "hours", "step", found.guest_id)

    def kinds(self, house: HouseId) -> tuple[LessonKind, ...]:
        """Return the kinds of step that guests here today follow, the one with the latest hours first."""
        today = self._desk.today()
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_path)
            guests = hosted_between(session, house, today, today)
            query = (
                select(InclusionStep.id, InclusionStep.guest_id, InclusionStep.kind, func.max(StepHours.day))
                .outerjoin(StepHours, StepHours.step_id == InclusionStep.id)
                .where(InclusionStep.guest_id.in_(guests), InclusionStep.ended_on.is_(None))
                .group_by(InclusionStep.id)
            )
            steps = session.execute(query).all()
            with_law = may_see_protection(self._desk.role(session))
        found = _kinds([row for row in steps if _is_told(row.kind, with_law=with_law)])
        return tuple(sorted(found, key=lambda each: (-(each.last_on or date.min).toordinal(), -each.followed_by)))

    def sheet(self, house: HouseId, kind: str, day: date) -> LessonSheet:
        """Return the register of a kind of step on a day; raises UnknownCode or DayInFuture."""
        require("inclusion_step", kind)
        if day > self._desk.today():
            raise DayInFuture(day=day)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_path)
            require_kind(self._desk, session, kind)
            rows, before = _rows(session, house, kind, day)
        return LessonSheet(house, kind, day, rows, before)

    def take(self, house: HouseId, kind: str, day: date, minutes: Mapping[GuestId, int | None]) -> None:
        """Write who was at a lesson and for how long; None means that she was not there.

        Whoever does not follow that kind of step yet begins it on that day. Raises what `record` raises; then nothing
        of the whole register is written.
        """
        require("inclusion_step", kind)
        if day > self._desk.today():
            raise DayInFuture(day=day)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_path)
            require_kind(self._desk, session, kind)
            here = {row.guest: row for row in _rows(session, house, kind, day)[0]}
            for guest, spent in minutes.items():
                row = here.get(guest)
                if row is None:
                    raise OutsideStay(day=day)
                if row.begins_on is not None and spent is not None:
                    raise HoursOutsideStep(day=day)
                step = get_step(self._desk, session, row.step) if row.step is not None else None
                if step is None and spent is not None:
                    step = start_step(self._desk, session, guest, StepDraft(kind, day, state=UNDER_WAY))
                if step is not None and self._write(session, step, day, spent):
                    self._desk.note(session, "hours", "step", step.guest_id)

    def _write(self, session: Session, step: InclusionStep, day: date, minutes: int | None) -> bool:
        """Write the minutes of a day; return whether they are others than before."""
        written = session.scalars(select(StepHours).where(StepHours.step_id == step.id, StepHours.day == day)).all()
        if minutes is None:
            for each in written:
                session.delete(each)
            return bool(written)
        self._check(session, step, day, minutes)
        if [each.minutes for each in written] == [minutes]:
            return False
        for surplus in written[1:]:
            session.delete(surplus)
        if written:
            entry = written[0]
        else:
            entry = StepHours(step_id=step.id, day=day)
            session.add(entry)
        entry.minutes = minutes
        entry.written_by, entry.written_at = self._desk.vault.operator, self._desk.now()
        if step.state == STARTED:
            step.state = UNDER_WAY
        session.flush()
        return True

    def _check(self, session: Session, step: InclusionStep, day: date, minutes: int) -> None:
        if day > self._desk.today():
            raise DayInFuture(day=day)
        require_hosted(session, GuestId(step.guest_id), day)
        if not step.started_on <= day <= (step.ended_on or FOREVER):
            raise HoursOutsideStep(day=day)
        if minutes < 1 or minutes + _elsewhere(session, step, day) > DAY_MINUTES:
            raise HoursTooMany(day=day)


def _is_told(kind: str, *, with_law: bool) -> bool:
    return not isinstance(kind, Unreadable) and (with_law or area_of(kind) != LEGAL_AREA)


def _kinds(steps: Iterable[Any]) -> list[LessonKind]:
    """Return how many guests follow each kind of some steps, and the last day with hours."""
    guests: dict[str, set[int]] = {}
    days: dict[str, list[date]] = {}
    for _, guest, kind, last in steps:
        guests.setdefault(kind, set()).add(guest)
        days.setdefault(kind, []).extend([last] if last is not None else [])
    return [LessonKind(kind, len(who), max(days[kind], default=None)) for kind, who in sorted(guests.items())]


def _elsewhere(session: Session, step: InclusionStep, day: date) -> int:
    """Return the minutes of the same guest and day on her other steps."""
    return int(
        session.scalar(
            select(func.coalesce(func.sum(StepHours.minutes), 0))
            .join(InclusionStep, StepHours.step_id == InclusionStep.id)
            .where(InclusionStep.guest_id == step.guest_id, InclusionStep.id != step.id, StepHours.day == day)
        )
        or 0
    )


def _rows(session: Session, house: HouseId, kind: str, day: date) -> tuple[tuple[LessonRow, ...], date | None]:
    people = (
        select(Guest.id, Guest.code, Guest.name_used)
        .join(Stay, Stay.guest_id == Guest.id)
        .where(Stay.house_id == house, Stay.entered_on <= day, func.coalesce(Stay.exit_on, FOREVER) >= day)
        .distinct()
        .order_by(Guest.name_used, Guest.id)
    )
    guests = [(GuestId(number), code, name) for number, code, name in session.execute(people)]
    steps = _steps_of(session, [guest for guest, _, _ in guests], kind, day)
    spent = _minutes_of(session, [step.id for step in steps.values() if step.started_on <= day])
    before = max((each for days in spent.values() for each in days if each < day), default=None)
    rows = []
    for guest, code, name in guests:
        step = steps.get(guest)
        later = step is not None and step.started_on > day
        days = spent.get(step.id, {}) if step is not None else {}
        rows.append(
            LessonRow(
                guest,
                code,
                name,
                StepId(step.id) if step is not None and not later else None,
                days.get(day),
                days.get(before) if before is not None else None,
                step.started_on if step is not None and later else None,
            )
        )
    return tuple(sorted(rows, key=lambda row: row.step is None)), before


def _steps_of(session: Session, guests: list[GuestId], kind: str, day: date) -> dict[GuestId, InclusionStep]:
    """Return the step of that kind that each guest follows on that day, else the first that begins after it.

    Of two that run side by side it is the one begun last.
    """
    query = (
        select(InclusionStep)
        .where(
            InclusionStep.guest_id.in_(guests),
            func.coalesce(InclusionStep.ended_on, FOREVER) >= day,
        )
        .order_by(InclusionStep.started_on, InclusionStep.id)
    )
    found: dict[GuestId, InclusionStep] = {}
    for step in session.scalars(query):
        if step.kind != kind:
            continue
        guest = GuestId(step.guest_id)
        if guest not in found or step.started_on <= day:
            found[guest] = step
    return found


def _minutes_of(session: Session, steps: list[int]) -> dict[int, dict[date, int]]:
    found: dict[int, dict[date, int]] = {}
    query = select(StepHours.step_id, StepHours.day, StepHours.minutes).where(StepHours.step_id.in_(steps))
    for step, day, minutes in session.execute(query):
        days = found.setdefault(step, {})
        days[day] = days.get(day, 0) + minutes
    return found
