"""What moved between two days is the difference of how the path stood; hours add up; nothing is counted twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.reference.codelist import codelist
from app.reference.ids import GoalId, GuestId, HouseId, StepId
from app.services.calendar import Month
from app.services.movement import (
    area_figures,
    areas_touched,
    due,
    dues,
    house_on,
    last_movement,
    minutes_by_area,
    moved,
    standing,
)
from app.services.path import GoalRow, GuestPath, HoursRow, LevelRow, StaySpan, StepRow, area_of

HERE, THERE = HouseId(1), HouseId(2)
JUNE = Month(2026, 6)
TODAY = date(2026, 6, 15)
FIRST = date(2026, 3, 1)
DAYS = st.integers(0, 150).map(lambda n: FIRST + timedelta(days=n))
KINDS = st.sampled_from(codelist("inclusion_step").codes())


@st.composite
def goals(draw: st.DrawFn) -> GoalRow:
    set_on, closed = draw(DAYS), draw(st.none() | st.integers(0, 60))
    closed_on = None if closed is None else set_on + timedelta(days=closed)
    reached = None if closed is None else draw(st.booleans())
    return GoalRow(
        GoalId(1), draw(st.sampled_from(codelist("inclusion_area").codes())), "…", set_on, closed_on, reached
    )


@st.composite
def steps(draw: st.DrawFn) -> StepRow:
    started, lasted, kind = draw(DAYS), draw(st.none() | st.integers(0, 60)), draw(KINDS)
    ended = None if lasted is None else started + timedelta(days=lasted)
    state = draw(st.sampled_from(("ATTIVATO", "IN_CORSO") if ended is None else ("CONCLUSO", "INTERROTTO")))
    return StepRow(StepId(1), None, kind, area_of(kind), None, None, started, None, None, state, ended, None)


@st.composite
def paths(draw: st.DrawFn) -> GuestPath:
    """A path with whatever a register could hold, and a stay in each of two houses one after the other."""
    change = draw(DAYS)
    hours = draw(st.lists(st.tuples(KINDS, DAYS, st.integers(1, 600)), max_size=12))
    levels = draw(st.dictionaries(DAYS, st.sampled_from(codelist("italian_level").codes()), max_size=4))
    return GuestPath(
        GuestId(draw(st.integers(1, 5))),
        "4K7T-9",
        "Rina",
        (
            StaySpan(HERE, FIRST, change),
            StaySpan(THERE, change, draw(st.none() | st.just(change + timedelta(days=40)))),
        ),
        tuple(draw(st.lists(goals(), max_size=6))),
        tuple(draw(st.lists(steps(), max_size=8))),
        tuple(HoursRow(StepId(1), area_of(kind), day, minutes) for kind, day, minutes in hours),
        tuple(LevelRow(day, level) for day, level in sorted(levels.items())),
    )


AREAS = st.none() | st.sampled_from(codelist("inclusion_area").codes())
HOUSES = st.none() | st.sampled_from((HERE, THERE))
COUNTS = ("goals_set", "goals_reached", "goals_let_go", "started", "concluded", "interrupted", "minutes")


@given(paths(), DAYS, st.integers(0, 60), AREAS, HOUSES)
def test_what_moved_is_the_difference_of_how_it_stood_before_and_after(
    path: GuestPath, first: date, days: int, area: str | None, house: HouseId | None
) -> None:
    last = first + timedelta(days=days)
    before = standing(path, first - timedelta(days=1), area=area, house=house)
    after = standing(path, last, area=area, house=house)
    found = moved(path, first, last, area=area, house=house)
    for name in COUNTS:
        assert getattr(found, name) == getattr(after, name) - getattr(before, name), name
    assert (found.level_before, found.level_now) == (before.level, after.level)


@given(paths(), DAYS)
def test_the_areas_and_the_houses_each_add_up_to_the_whole(path: GuestPath, first: date) -> None:
    last = first + timedelta(days=30)
    whole = moved(path, first, last)
    for name in COUNTS:
        by_area = sum(getattr(moved(path, first, last, area=a), name) for a in codelist("inclusion_area").codes())
        by_house = sum(getattr(moved(path, first, last, house=h), name) for h in (HERE, THERE))
        assert by_area == by_house == getattr(whole, name), name


@given(st.lists(paths(), max_size=4))
def test_hours_by_area_are_the_sum_of_every_entry_of_the_house_and_month(found: list[GuestPath]) -> None:
    sums = minutes_by_area(found, JUNE.first, JUNE.last, house=HERE)
    counted = [
        row.minutes
        for path in found
        for row in path.hours
        if Month.of(row.day) == JUNE and house_on(path.stays, row.day) == HERE
    ]
    assert sum(sums.values()) == sum(counted)
    assert all(sums.values())


@given(st.lists(paths(), max_size=4))
def test_the_figures_of_a_month_agree_with_what_moved_and_name_each_person_once(found: list[GuestPath]) -> None:
    for house in (HERE, THERE):
        figures = area_figures(found, house, JUNE)
        each = [moved(path, JUNE.first, JUNE.last, house=house) for path in found]
        assert sum(figure.started for figure in figures) == sum(one.started for one in each)
        assert sum(figure.concluded for figure in figures) == sum(one.concluded for one in each)
        for figure in figures:
            assert len(figure.started_by) <= figure.started
            assert len(figure.concluded_by) <= figure.concluded
            assert bool(figure.started_by) == bool(figure.started)


@given(paths(), DAYS)
def test_nothing_moved_after_the_last_movement(path: GuestPath, day: date) -> None:
    last = last_movement(path, day)
    assert last is None or last <= day
    if last is not None and last < day:
        since = moved(path, last + timedelta(days=1), day)
        assert not any(getattr(since, name) for name in COUNTS)


def step(**changes: object) -> StepRow:
    plain = {"due_on": None, "appointment_at": None, "state": "ATTIVATO", "ended_on": None, "outcome_note": None}
    return StepRow(StepId(1), None, "LEGA_C3", "LEGA", None, None, date(2026, 5, 1), **{**plain, **changes})  # type: ignore[arg-type]


def at(day: int) -> datetime:
    return datetime(2026, 6, day, 9, 0, tzinfo=UTC)


def test_the_nearest_day_ahead_comes_next() -> None:
    found = due(step(due_on=date(2026, 6, 30), appointment_at=at(18)), TODAY)
    assert found is not None
    assert (found.day, found.is_late) == (date(2026, 6, 18), False)


def test_a_step_is_late_only_when_nothing_lies_ahead() -> None:
    moved_on = due(step(due_on=date(2026, 6, 1), appointment_at=at(20)), TODAY)
    assert moved_on is not None
    assert not moved_on.is_late
    missed = due(step(due_on=date(2026, 6, 10), appointment_at=at(3)), TODAY)
    assert missed is not None
    assert (missed.day, missed.is_late) == (date(2026, 6, 10), True)
    assert due(step(due_on=TODAY), TODAY) is not None


def test_a_first_lesson_that_was_kept_is_not_late_for_ever() -> None:
    assert due(step(appointment_at=at(3), last_hours_on=date(2026, 6, 3)), TODAY) is None
    missed = due(step(appointment_at=at(3), last_hours_on=date(2026, 6, 2)), TODAY)
    assert missed is not None
    assert missed.is_late


def test_a_step_that_is_over_awaits_nothing() -> None:
    assert due(step(due_on=date(2026, 6, 1), state="CONCLUSO", ended_on=date(2026, 6, 2)), TODAY) is None


def test_the_late_ones_come_first() -> None:
    late, soon = step(due_on=date(2026, 6, 1)), step(due_on=date(2026, 6, 16))
    path = GuestPath(GuestId(1), "4K7T-9", "Rina", steps=(soon, late))
    assert [each.is_late for each in dues(path, TODAY)] == [True, False]
    assert dues(path, TODAY, area="CASA") == ()
    assert areas_touched(path) == {"LEGA"}


def test_a_fact_after_the_exit_belongs_to_the_house_she_left() -> None:
    stays = (StaySpan(HERE, date(2026, 1, 1), date(2026, 3, 1)), StaySpan(THERE, date(2026, 3, 1), date(2026, 5, 1)))
    assert house_on(stays, date(2026, 2, 1)) == HERE
    assert house_on(stays, date(2026, 3, 1)) == THERE
    assert house_on(stays, date(2026, 6, 1)) == THERE
    assert house_on(stays, date(2025, 6, 1)) == HERE
    assert house_on((), date(2026, 6, 1)) is None


def test_a_first_assessment_is_a_change_but_no_rise() -> None:
    path = GuestPath(
        GuestId(1), "4K7T-9", "Rina", levels=(LevelRow(date(2026, 6, 2), "A1"), LevelRow(date(2026, 6, 9), "A2"))
    )
    first = moved(path, JUNE.first, JUNE.last)
    assert first.level_changed
    assert not first.level_rose
    assert moved(path, date(2026, 6, 3), JUNE.last).level_rose
    assert not moved(path, JUNE.first, JUNE.last, area="CASA").anything
