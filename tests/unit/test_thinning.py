"""Which backups are kept: never none, never without the newest, and a clock that was wrong costs none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.models.night import HOUSE_ZONE
from app.vault.thinning import DAILY, MONTHLY, WEEKLY, expendable

NOW = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)
moments = st.sets(
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001
        lambda at: at.replace(microsecond=0)
    ),
    max_size=60,
)


def day(moment: datetime) -> object:
    return moment.astimezone(HOUSE_ZONE).date()


@given(moments)
def test_the_newest_stays_and_so_does_what_is_dated_after_now(found: set[datetime]) -> None:
    goes = expendable(found, NOW)
    assert goes <= found
    assert all(moment <= NOW for moment in goes)
    if found:
        assert max(found) not in goes
        past = [moment for moment in found if moment <= NOW]
        assert not past or max(past) not in goes  # the one made just now, when the clock was set back


@given(moments)
def test_the_last_of_each_recent_day_stays_and_thinning_again_takes_nothing(found: set[datetime]) -> None:
    kept = found - expendable(found, NOW)
    days = sorted({day(moment) for moment in found if moment <= NOW}, key=str, reverse=True)[:DAILY]
    for each in days:
        assert max(moment for moment in found if day(moment) == each and moment <= NOW) in kept
    assert expendable(kept, NOW) == set()


@given(moments)
def test_no_more_is_kept_than_days_weeks_and_months(found: set[datetime]) -> None:
    kept = [moment for moment in found - expendable(found, NOW) if moment <= NOW]
    assert len(kept) <= DAILY + WEEKLY + MONTHLY


def test_a_copy_a_day_for_two_years_leaves_a_week_five_weeks_and_a_year() -> None:
    found: set[datetime] = set()
    for n in range(730):
        now = NOW + timedelta(days=n)
        found |= {now}
        found -= expendable(found, now)
    ages = sorted((now - moment).days for moment in found)
    assert ages[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert 300 < ages[-1] < 366
    assert len(found) <= DAILY + WEEKLY + MONTHLY


def test_a_long_pause_costs_nothing() -> None:
    found = {NOW - timedelta(days=n) for n in range(7)}
    assert expendable(found, NOW + timedelta(days=400)) == set()
