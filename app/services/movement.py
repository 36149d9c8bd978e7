"""What a path amounts to: how it stands on a day, what moved between two days, what comes next, what is late.

Pure functions of the rows of `app.services.path`; nothing is read or written here. One rule gives everything a house:
a fact belongs to the house of the stay that covers its day, the later stay on a day of transfer; a fact after the last
exit (the outcome of an application, often) belongs to the house she left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.models.night import HOUSE_ZONE, Month
from app.reference.codelist import codelist
from app.services.path import CONCLUDED, INTERRUPTED, LANGUAGE_AREA

if TYPE_CHECKING:
    from app.reference.ids import GuestId, HouseId
    from app.services.path import GuestPath, StaySpan, StepRow


@dataclass(frozen=True, slots=True)
class Standing:
    """How a path stands at the end of a day: everything that had happened by then."""

    goals_set: int = 0
    goals_reached: int = 0
    goals_let_go: int = 0
    started: int = 0
    concluded: int = 0
    interrupted: int = 0
    minutes: int = 0
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What happened between two days, both included."""

    goals_set: int = 0
    goals_reached: int = 0
    goals_let_go: int = 0
    started: int = 0
    concluded: int = 0
    interrupted: int = 0
    minutes: int = 0
    level_before: str | None = None
    level_now: str | None = None

    @property
    def level_changed(self) -> bool:
        """Whether the level of Italian is another than before, or the first known."""
        return self.level_now != self.level_before

    @property
    def level_rose(self) -> bool:
        """Whether the level of Italian is higher than one known before."""
        return self.level_before is not None and _rank(self.level_now) > _rank(self.level_before)

    @property
    def anything(self) -> bool:
        """Whether anything moved at all."""
        return self.level_changed or any(
            (
                self.goals_set,
                self.goals_reached,
                self.goals_let_go,
                self.started,
                self.concluded,
                self.interrupted,
                self.minutes,
            )
        )


@dataclass(frozen=True, slots=True)
class Due:
    """The day a step is looked at next; `is_late` when that day is past and nothing lies ahead."""

    step: StepRow
    day: date
    is_late: bool


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """The steps of one area in a month, exact, with who stands behind them; this never leaves the house."""

    area: str
    started: int
    started_by: frozenset[GuestId]
    concluded: int
    concluded_by: frozenset[GuestId]


def house_on(stays: Sequence[StaySpan], day: date) -> HouseId | None:
    """Return the house that a fact of that day belongs to; None for a guest without stays."""
    covering = [stay for stay in stays if stay.covers_day(day)]
    before = [stay for stay in stays if stay.entered_on <= day]
    for found in (covering, before):
        if found:
            return max(found, key=lambda stay: stay.entered_on).house
    return stays[0].house if stays else None


def standing(path: GuestPath, day: date, *, area: str | None = None, house: HouseId | None = None) -> Standing:
    """Return how a path stands at the end of a day, of one area and of one house when they are given."""
    found = _count(path, None, day, area, house)
    return Standing(*found, level=_level_on(path, day, area))


def moved(path: GuestPath, first: date, last: date, *, area: str | None = None, house: HouseId | None = None) -> Moved:
    """Return what happened from `first` to `last`, of one area and of one house when they are given."""
    before = max((row.assessed_on for row in path.levels if row.assessed_on < first), default=None)
    return Moved(
        *_count(path, first, last, area, house),
        level_before=_level_on(path, before, area) if before is not None else None,
        level_now=_level_on(path, last, area),
    )


def due(step: StepRow, today: date) -> Due | None:
    """Return when a step is looked at next: its appointment or the day it is due by, whichever comes first.

    When both are past the step is late, unless hours were written on or after the appointment and nothing else was due:
    then it was kept. None when it is over or has no such day.
    """
    if step.is_over:
        return None
    at = step.appointment_at.astimezone(HOUSE_ZONE).date() if step.appointment_at is not None else None
    ahead = [day for day in (at, step.due_on) if day is not None and day >= today]
    if ahead:
        return Due(step, min(ahead), is_late=False)
    was_kept = at is not None and step.last_hours_on is not None and step.last_hours_on >= at
    past = [day for day in (None if was_kept else at, step.due_on) if day is not None]
    return Due(step, max(past), is_late=True) if past else None


def dues(path: GuestPath, today: date, *, area: str | None = None) -> tuple[Due, ...]:
    """Return the days to come or missed of all open steps, the late ones first."""
    found = [due(step, today) for step in path.steps if area in (None, step.area)]
    return tuple(sorted((each for each in found if each is not None), key=lambda each: (not each.is_late, each.day)))


def areas_touched(path: GuestPath) -> frozenset[str]:
    """Return the areas in which she has or had a goal or a step."""
    return frozenset({goal.area for goal in path.goals} | {step.area for step in path.steps})


def last_movement(path: GuestPath, day: date) -> date | None:
    """Return the last day, up to `day`, on which anything moved; her entry counts as well."""
    return max((each for each in _days(path) if each <= day), default=None)


def level_on(path: GuestPath, day: date) -> str | None:
    """Return the level of Italian as last assessed by that day."""
    return _level_on(path, day, None)


def minutes_by_area(paths: Iterable[GuestPath], first: date, last: date, *, house: HouseId) -> dict[str, int]:
    """Return the minutes written on the days from `first` to `last` that belong to a house, by area in their order.

    What cannot be read comes last.
    """
    found: dict[str, int] = {}
    for path in paths:
        for row in path.hours:
            if first <= row.day <= last and house_on(path.stays, row.day) == house:
                found[row.area] = found.get(row.area, 0) + row.minutes
    return {area: found[area] for area in (*codelist("inclusion_area").codes(), *found) if area in found}


def area_figures(paths: Iterable[GuestPath], house: HouseId, month: Month) -> tuple[AreaFigure, ...]:
    """Return the steps started and concluded in a house in a month, by area, with the distinct persons.

    A step counts as started in the month of its first day whatever became of it later, and as concluded in the month of
    its last day when it was concluded; one that was interrupted counts as neither.
    """
    begun: dict[str, list[GuestId]] = {}
    ended: dict[str, list[GuestId]] = {}
    for path in paths:
        for step in path.steps:
            for counted, day in ((begun, step.started_on), (ended, _concluded_on(step))):
                if day is not None and Month.of(day) == month and house_on(path.stays, day) == house:
                    counted.setdefault(step.area, []).append(path.guest)
    return tuple(
        AreaFigure(
            area,
            len(begun.get(area, ())),
            frozenset(begun.get(area, ())),
            len(ended.get(area, ())),
            frozenset(ended.get(area, ())),
        )
        for area in codelist("inclusion_area").codes()
        if area in begun or area in ended
    )


def _concluded_on(step: StepRow) -> date | None:
    return step.ended_on if step.state == CONCLUDED else None


def _count(
    path: GuestPath, first: date | None, last: date, area: str | None, house: HouseId | None
) -> tuple[int, int, int, int, int, int, int]:
    def counts(day: date | None, of: str) -> bool:
        return (
            day is not None
            and (first is None or first <= day)
            and day <= last
            and area in (None, of)
            and house in (None, house_on(path.stays, day))
        )

    goals, steps = path.goals, path.steps
    return (
        sum(counts(goal.set_on, goal.area) for goal in goals),
        sum(counts(goal.closed_on, goal.area) for goal in goals if goal.reached),
        sum(counts(goal.closed_on, goal.area) for goal in goals if not goal.reached),
        sum(counts(step.started_on, step.area) for step in steps),
        sum(counts(step.ended_on, step.area) for step in steps if step.state == CONCLUDED),
        sum(counts(step.ended_on, step.area) for step in steps if step.state == INTERRUPTED),
        sum(row.minutes for row in path.hours if counts(row.day, row.area)),
    )


def _level_on(path: GuestPath, day: date, area: str | None) -> str | None:
    if area not in (None, LANGUAGE_AREA):
        return None
    known = [row for row in path.levels if row.assessed_on <= day]
    return known[-1].level if known else None


def _days(path: GuestPath) -> Iterator[date]:
    for stay in path.stays:
        yield stay.entered_on
    for goal in path.goals:
        yield goal.set_on
        if goal.closed_on is not None:
            yield goal.closed_on
    for step in path.steps:
        yield step.started_on
        if step.ended_on is not None:
            yield step.ended_on
    for row in path.hours:
        yield row.day
    for level in path.levels:
        yield level.assessed_on


def _rank(level: str | None) -> int:
    codes = codelist("italian_level").codes()
    return codes.index(level) if level in codes else -1
