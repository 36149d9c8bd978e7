"""The paths of a house's guests: each alone, all of a month together, the day's appointments, the month's counts.

Health is not here. **Closed months.** No figure that a closed month keeps counts anything of a path today: M13 (steps
started and concluded) is worked out here, but is neither kept at the closing nor sent. So a closed month refuses no
goal, step, hour or level, and what is learnt late can be written on its true day. When M13 joins the report, the facts
that belong to it are a step's area, its first day, and its last day when it was concluded; those, and only those, must
then be guarded with `app.services.closing.require_open`. Goals, hours and levels belong to no figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.errors import NotFound
from app.models.guest import Guest
from app.models.inclusion import InclusionStep
from app.models.night import Month, day_bounds
from app.models.stay import FOREVER, Stay
from app.reference.ids import GuestId, HouseId, StepId
from app.services.goal import GoalDraft, Goals
from app.services.italian import ItalianLevels
from app.services.lesson import LessonKind, LessonRow, Lessons, LessonSheet
from app.services.movement import AreaFigure, area_figures
from app.services.path import GoalRow, GuestPath, HoursRow, LevelRow, StepRow, hosted_between, read_paths
from app.services.role import may_see_path
from app.services.step import StepDraft, StepEnd, Steps

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.desk import Desk

__all__ = [
    "AgendaStep",
    "AreaFigure",
    "GoalDraft",
    "GoalRow",
    "GuestPath",
    "HoursRow",
    "Inclusions",
    "LessonKind",
    "LessonRow",
    "LessonSheet",
    "LevelRow",
    "PathBoard",
    "StepDraft",
    "StepEnd",
    "StepRow",
    "figures_of",
]


@dataclass(frozen=True, slots=True)
class AgendaStep:
    """A step in the agenda of a day: an appointment with its hour, or the day it is due by.

    For whoever may not see paths `kind`, `what` and `who` are None: that somebody is expected somewhere has to be
    known by the shift, what for has not.
    """

    id: StepId
    guest: GuestId
    code: str
    name_used: str
    at: datetime | None
    kind: str | None
    what: str | None
    who: str | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class PathBoard:
    """The paths of everybody who was in a house on any day of a month."""

    house: HouseId
    month: Month
    today: date
    paths: tuple[GuestPath, ...]


class Inclusions:
    """The paths towards a life of their own; what is written is under `goals`, `steps`, `lessons`, `levels`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.goals = Goals(desk)
        self.steps = Steps(desk)
        self.lessons = Lessons(desk)
        self.levels = ItalianLevels(desk)

    def path(self, guest: GuestId) -> GuestPath:
        """Return one guest's path and note that it was read; raises NotFound."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_path)
            found = read_paths(session, [guest])
            if not found:
                raise NotFound(what="guest", id=guest)
            self._desk.note(session, "read", "path", guest)
            return found[0]

    def board(self, house: HouseId, month: Month) -> PathBoard:
        """Return the paths of a month and note that they were read."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_path)
            paths = read_paths(session, hosted_between(session, house, month.first, month.last))
            self._desk.note(session, "read", "paths", house)
        return PathBoard(house, month, self._desk.today(), paths)

    def agenda(self, house: HouseId, day: date) -> list[AgendaStep]:
        """Return the steps with an appointment on a house day, by hour, then the open ones due by that day."""
        start, end = day_bounds(day)
        at, open_yet = InclusionStep.appointment_at, InclusionStep.ended_on.is_(None)
        is_here = (
            select(Stay.id)
            .where(Stay.guest_id == Guest.id, Stay.house_id == house, Stay.entered_on <= day)
            .where(or_(Stay.exit_on.is_(None), Stay.exit_on >= day))
            .exists()
        )
        query = (
            select(InclusionStep, Guest.code, Guest.name_used)
            .join(Guest, InclusionStep.guest_id == Guest.id)
            .where(is_here)
            .where(or_((at >= start) & (at < end), open_yet & (InclusionStep.due_on == day)))
        )
        with self._desk.vault.work() as session:
            in_full = may_see_path(self._desk.role(session))
            rows = [
                _agenda_row(step, code, name, (start, end), in_full=in_full)
                for step, code, name in session.execute(query)
            ]
        rows = [row for row in rows if in_full or row.at is not None]
        return sorted(rows, key=lambda row: (row.at is None, row.at or start, row.name_used, row.id))

    def figures(self, house: HouseId, month: Month) -> tuple[AreaFigure, ...]:
        """Return the exact counts of a month by area, with the persons behind them; they never leave the house."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_path)
            return figures_of(session, house, month)


def figures_of(session: Session, house: HouseId, month: Month) -> tuple[AreaFigure, ...]:
    """Return the exact counts of a month inside a transaction that is already open.

    Whoever was ever in the house is looked at: a step may be concluded months after the guest has left.
    """
    return area_figures(read_paths(session, hosted_between(session, house, date.min, FOREVER)), house, month)


def _agenda_row(
    step: InclusionStep, code: str, name: str, bounds: tuple[datetime, datetime], *, in_full: bool
) -> AgendaStep:
    at = (
        step.appointment_at
        if step.appointment_at is not None and bounds[0] <= step.appointment_at < bounds[1]
        else None
    )
    return AgendaStep(
        StepId(step.id),
        GuestId(step.guest_id),
        code,
        name,
        at,
        step.kind if in_full else None,
        step.what if in_full else None,
        step.who if in_full else None,
        step.ended_on is not None,
    )
