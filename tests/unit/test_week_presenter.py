"""A week is a grid in which every appointment has its place and the cursor reaches every place."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.reference.ids import GuestId, ReferralId
from app.services.calendar import house_day
from app.services.referral import ReferralRow
from app.ui.presenters import week as weeks
from app.ui.presenters.week import DAYS, Stop

MONDAY = date(2026, 10, 19)  # its Sunday has twenty-five hours
NOW = datetime(2026, 10, 20, 10, 0, tzinfo=UTC)
START = datetime(2026, 10, 19, 4, 0, tzinfo=UTC)


def appointment(number: int, at: datetime, guest: int = 1, escort: str | None = None) -> ReferralRow:
    return ReferralRow(
        ReferralId(number),
        GuestId(guest),
        "4K7T-9",
        "Rina",
        "CON",
        "PROGRAMMATO",
        date(2026, 10, 1),
        at,
        escort,
        "PRENOTATO",
        None,
        None,
        None,
    )


moments = st.integers(0, 7 * 24 * 4 - 1).map(lambda quarter: START + timedelta(minutes=15 * quarter))


@settings(max_examples=60)
@given(st.lists(moments, max_size=15))
def test_every_appointment_has_one_place_and_down_reaches_all_of_its_day(given_moments: list[datetime]) -> None:
    rows = [appointment(n, at, guest=n) for n, at in enumerate(given_moments, start=1)]
    week = weeks.build(rows, MONDAY, MONDAY, NOW)
    placed = [row.id for slot in week.slots.values() for row in slot]
    inside = [
        row.id for row in rows if row.appointment_at and 0 <= (house_day(row.appointment_at) - MONDAY).days < DAYS
    ]
    assert sorted(placed) == sorted(inside)
    for column in range(DAYS):
        stop, seen = Stop(column, week.hours[0]), []
        while True:
            row = week.row(stop)
            if row is not None:
                seen.append(row)
            assert week.fit(stop) == stop
            assert week.describe(stop)
            below = week.below(stop)
            if below == stop:
                break
            assert week.above(below) == stop
            stop = below
        assert seen == weeks.day_rows(rows, week.day(column))


def test_an_hour_past_midnight_stands_in_the_column_of_the_evening_before() -> None:
    row = appointment(1, datetime(2026, 10, 22, 0, 30, tzinfo=UTC))  # half past two on Thursday the 22nd
    week = weeks.build([row], MONDAY, MONDAY, NOW)
    assert week.find(1) == Stop(2, 26)
    assert weeks.slot_start(week.day(2), 26) == (date(2026, 10, 22), time(2))


def test_one_person_cannot_go_along_to_two_visits_within_an_hour() -> None:
    at = NOW + timedelta(days=1)
    rows = [
        appointment(1, at, guest=1, escort="S. Bianchi"),
        appointment(2, at + timedelta(minutes=30), guest=2, escort="s.  bianchi"),
        appointment(3, at + timedelta(minutes=90), guest=3, escort="S. Bianchi"),
        appointment(4, at, guest=4),
        appointment(5, at, guest=4),
    ]
    assert weeks.build(rows, MONDAY, MONDAY, NOW).clashing == {1, 2, 4, 5}
    later = NOW + timedelta(days=3)
    assert weeks.build(rows, MONDAY, MONDAY, later).clashing == set()  # what is past warns nobody


def test_a_week_over_the_turn_of_a_month_names_both() -> None:
    assert weeks.week_title(date(2026, 6, 15)) == "15 – 21 giu 2026"
    assert weeks.week_title(date(2026, 6, 29)) == "29 giu – 5 lug 2026"
    assert weeks.monday_of(date(2026, 6, 21)) == date(2026, 6, 15)
