"""The terms: months that end where a month ends, and lengths that the law gives."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import TermOutOfBounds
from app.reference.codelist import codelist
from app.services.term import Terms, check_terms, default_terms, months_after

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        pytest.param(date(2026, 8, 31), 6, date(2027, 2, 28), id="no 31 February"),
        pytest.param(date(2027, 8, 31), 6, date(2028, 2, 29), id="a leap year"),
        pytest.param(date(2026, 11, 30), 3, date(2027, 2, 28), id="over the year"),
        pytest.param(date(2026, 3, 31), -1, date(2026, 2, 28), id="backwards"),
        pytest.param(date(2024, 2, 29), 12, date(2025, 2, 28), id="29 February a year on"),
        pytest.param(date(2026, 5, 15), 12, date(2027, 5, 15), id="a plain year"),
    ],
)
def test_months_end_on_the_last_day_where_the_month_is_shorter(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


@given(DAYS, st.integers(0, 120))
def test_months_keep_the_day_or_take_the_last_one(day: date, months: int) -> None:
    found = months_after(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)


@given(DAYS, DAYS, st.integers(0, 60))
def test_a_later_beginning_never_ends_earlier(one: date, other: date, months: int) -> None:
    first, second = sorted((one, other))
    assert months_after(first, months) <= months_after(second, months)


def test_every_term_of_the_list_is_a_field_and_its_default_is_within_its_bounds() -> None:
    assert codelist("term").codes() == tuple(field.name for field in fields(Terms))
    check_terms(default_terms())


def test_the_law_gives_the_lengths() -> None:
    terms = default_terms()
    assert terms.permit_until("REC", date(2026, 6, 1)) == date(2026, 7, 16)
    assert terms.permit_until("C18", date(2024, 2, 29)) == date(2025, 2, 28)
    assert terms.permit_until("ASI", date(2026, 6, 1)) is None
    assert terms.work_from("R18", date(2026, 6, 1)) == date(2026, 7, 16)
    assert terms.work_from("C18", date(2026, 6, 1)) is None
    assert terms.coverage_until("STP", date(2026, 8, 31)) == date(2027, 2, 28)
    assert terms.coverage_until("SSN", date(2026, 8, 31)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"reflection_days": 0},
        {"coverage_months": 37},
        {"permit_alert": -1},
        {"reflection_first": 41},
        {"reflection_second": 46},
    ],
    ids=str,
)
def test_a_term_that_makes_no_sense_is_refused(changes: dict[str, int]) -> None:
    with pytest.raises(TermOutOfBounds) as refused:
        check_terms(replace(default_terms(), **changes))
    assert refused.value.params["term"] in changes
