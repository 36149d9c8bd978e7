"""The sheet of hours and the register of a lesson: only days that can be, only what was marked, nothing twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.codelist import codelist
from app.reference.ids import GuestId, HouseId, StepId
from app.services.calendar import Month
from app.services.inclusion import LessonKind, LessonRow, LessonSheet
from app.services.path import HoursRow
from app.ui.presenters.hour_month import HourMonth
from app.ui.presenters.lesson import (
    LessonList,
    follows,
    lesson_choices,
    present_state,
    usual_minutes,
)
from tests.unit.test_path_presenter import TODAY, path, step

DAYS = st.integers(-60, 30).map(lambda days: TODAY + timedelta(days=days))


def sheet(*hours: HoursRow, **facts: object) -> HourMonth:
    one = step(**facts)  # type: ignore[arg-type]
    return HourMonth.of(path(one, hours=hours), one, TODAY)


@given(st.lists(st.tuples(DAYS, st.none() | st.integers(1, 300)), max_size=20))
def test_only_days_of_the_step_that_are_over_take_hours_and_the_sum_is_theirs(
    marks: list[tuple[date, int | None]],
) -> None:
    found = sheet(HoursRow(StepId(1), "LING", date(2026, 6, 2), 60))
    for day, minutes in marks:
        found.put([day], minutes)
    assert all(date(2026, 5, 3) <= day <= TODAY for day in found.changes)
    june = [found.minutes(day) or 0 for day in Month(2026, 6).days]
    assert found.total(Month(2026, 6)) == sum(june)
    again = sheet(HoursRow(StepId(1), "LING", date(2026, 6, 2), 60))
    again.restore(found.content())
    assert again.changes == found.changes


def test_marking_a_day_twice_takes_it_back() -> None:
    found = sheet()
    found.toggle(TODAY, 120)
    assert (found.minutes(TODAY), found.is_changed(TODAY)) == (120, True)
    found.toggle(TODAY, 120)
    assert found.changes == {}


def test_a_day_set_back_to_what_is_written_is_no_change() -> None:
    found = sheet(HoursRow(StepId(1), "LING", TODAY, 60))
    found.put([TODAY], 90)
    found.put([TODAY], 60)
    assert found.changes == {}
    found.put([TODAY], None)
    assert found.changes == {TODAY: None}
    assert found.usual() == 60


def test_the_day_of_the_end_is_the_last() -> None:
    found = sheet(state="CONCLUSO", ended_on=date(2026, 6, 1))
    assert found.may_hold(date(2026, 6, 1))
    assert not found.may_hold(date(2026, 6, 2))


def row(number: int, *, on_it: bool = True, **facts: object) -> LessonRow:
    plain: dict[str, object] = {"minutes": None, "minutes_before": None}
    follows_it = StepId(number) if on_it else None
    return LessonRow(GuestId(number), "4K7T-9", f"Guest {number}", follows_it, **{**plain, **facts})  # type: ignore[arg-type]


def lesson(*rows: LessonRow, before: date | None = None) -> LessonList:
    found = LessonSheet(HouseId(1), "LING_A1", TODAY, rows, before)
    return LessonList(found, usual_minutes(found))


def test_a_first_lesson_proposes_whoever_follows_the_course() -> None:
    found = lesson(row(1), row(2, on_it=False))
    assert found.result() == {1: 120}


def test_the_next_lesson_proposes_whoever_was_at_the_last() -> None:
    found = lesson(row(1, minutes_before=90), row(2), before=TODAY - timedelta(days=2))
    assert found.duration == 90
    assert found.result() == {1: 90, 2: None}


def test_a_lesson_that_is_written_is_shown_as_it_is() -> None:
    found = lesson(row(1, minutes=60), row(2, minutes_before=90), before=TODAY - timedelta(days=2))
    assert found.is_taken
    assert found.result() == {1: 60, 2: None}


def test_whoever_begins_with_this_lesson_is_counted() -> None:
    found = lesson(row(1), row(2, on_it=False))
    assert found.toggle(1)
    assert (found.present(), found.beginning()) == (2, 1)
    assert follows(found.lines[1]) == "comincia oggi"
    assert found.result() == {1: 120, 2: 120}


def test_a_course_that_begins_later_cannot_be_marked() -> None:
    found = lesson(row(1, on_it=False, begins_on=TODAY))
    assert not found.toggle(0)
    assert not found.set_minutes(0, 60)
    assert found.result() == {}
    assert present_state(found.lines[0]).word == "dal 15 giu"


def test_another_duration_changes_whoever_has_the_lessons_own() -> None:
    found = lesson(row(1), row(2), row(3))
    found.toggle(0)
    found.toggle(0)
    found.set_minutes(1, 60)
    found.set_duration(90)
    assert found.result() == {1: 90, 2: 60, 3: 90}
    found.tick_all(ticked=False)
    assert found.present() == 0


def test_a_correction_of_the_duration_reaches_what_was_written() -> None:
    found = lesson(row(1, minutes=120), row(2, minutes=60), row(3, minutes=120))
    found.set_duration(90)
    assert found.result() == {1: 90, 2: 60, 3: 90}


def test_a_draft_brings_the_marks_back() -> None:
    found = lesson(row(1), row(2), row(3, on_it=False))
    found.toggle(0)
    found.toggle(2)
    again = lesson(row(1), row(2), row(3, on_it=False))
    again.restore({**found.content(), "99": 60, "2": "x"})
    assert again.result() == found.result()


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_courses_followed_here_are_offered_first(language: str) -> None:
    from app.reference.texts import use_language

    use_language(language)
    choices = lesson_choices((LessonKind("FORM_HAC", 2, None),))
    assert choices[0][0] == "FORM_HAC"
    assert "2" in choices[0][1]
    assert len({code for code, _ in choices}) == len(choices)


def test_a_lesson_about_the_law_is_not_offered_to_who_may_not_write_it() -> None:
    legal = {code.code for code in codelist("inclusion_step") if code.text("area") == "LEGA"}
    assert legal
    assert legal <= {code for code, _ in lesson_choices(())}
    assert not legal & {code for code, _ in lesson_choices((), with_law=False)}
