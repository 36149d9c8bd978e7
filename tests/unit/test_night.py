"""The one definition of the night, also on the two odd nights of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.night import HOUSE_ZONE, Month, day_bounds, day_hours, house_day, nights

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("moment", "owner"),
    [
        pytest.param(datetime(2026, 6, 5, 2, 0, tzinfo=HOUSE_ZONE), date(2026, 6, 4), id="small hours"),
        pytest.param(datetime(2026, 6, 5, 5, 59, tzinfo=HOUSE_ZONE), date(2026, 6, 4), id="just before six"),
        pytest.param(datetime(2026, 6, 5, 6, 0, tzinfo=HOUSE_ZONE), date(2026, 6, 5), id="six o'clock"),
        pytest.param(datetime(2026, 6, 5, 23, 59, tzinfo=HOUSE_ZONE), date(2026, 6, 5), id="evening"),
        pytest.param(datetime(2026, 6, 5, 22, 30, tzinfo=UTC), date(2026, 6, 5), id="past midnight here, not in UTC"),
        pytest.param(datetime(2026, 1, 1, 3, 0, tzinfo=HOUSE_ZONE), date(2025, 12, 31), id="new year's night"),
    ],
)
def test_a_moment_belongs_to_the_evening_on_which_its_night_began(moment: datetime, owner: date) -> None:
    assert house_day(moment) == owner


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 3, 29), 24), (date(2026, 6, 1), 24)],
)
def test_the_two_odd_nights_have_another_length_and_stay_one_night(day: date, hours: int) -> None:
    assert day_hours(day) == hours
    assert list(nights(day, day + timedelta(days=1))) == [day]


@given(DAYS, st.floats(0, 0.999999))
def test_every_moment_of_a_house_day_belongs_to_it(day: date, share: float) -> None:
    start, end = day_bounds(day)
    length = end.timestamp() - start.timestamp()
    moment = datetime.fromtimestamp(start.timestamp() + share * length, UTC)
    assert house_day(moment) == day


def test_a_moment_without_a_zone_belongs_to_no_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        house_day(datetime(2026, 6, 5, 2, 0))  # noqa: DTZ001 - the point of the test


@given(DAYS, DAYS)
def test_nights_count_the_day_of_entry_and_not_the_day_of_exit(a: date, b: date) -> None:
    found = list(nights(a, b))
    assert len(found) == max(0, (b - a).days)
    assert b not in found


@given(DAYS)
def test_months_follow_each_other_without_a_gap(day: date) -> None:
    month = Month.of(day)
    assert month.next().previous() == month
    assert month.next().first - month.last == timedelta(days=1)
    assert day in month.days
    assert Month.parse(str(month)) == month


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-6", "26-06", "2026-06-01", "", "giugno", "２０２６-06"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the standard library says some of these
        Month.parse(text)
