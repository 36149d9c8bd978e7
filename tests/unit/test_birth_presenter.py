"""Births as people tell them: a day, a year, an age; what is half typed is no birth. Of `app.ui.presenters.birth`."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.guest import age_on
from app.ui.presenters import birth

TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("", None),
        ("3/1/98", date(1998, 1, 3)),
        ("030198", date(1998, 1, 3)),
        ("1/2/27", date(1927, 2, 1)),
        (" 1999 ", date(1999, 1, 1)),
        ("6 anni", date(2020, 1, 1)),
        ("6a", date(2020, 1, 1)),
        ("24 years", date(2002, 1, 1)),
        ("8 mesi", date(2025, 10, 1)),
    ],
)
def test_a_birth_is_a_day_a_year_or_an_age(text: str, born: date | None) -> None:
    assert birth.read_birth(text, TODAY) == born


@pytest.mark.parametrize("text", ["boh", "22", "22/11", "2211", "31/2/2001", "circa 20"])
def test_what_is_half_typed_or_impossible_is_no_birth(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        birth.read_birth(text, TODAY)


@given(st.integers(min_value=1, max_value=90), st.integers(min_value=0, max_value=3000))
def test_an_age_is_read_back_as_that_age_on_any_day(years: int, days: int) -> None:
    today = TODAY + timedelta(days=days)
    born = birth.read_birth(f"{years} anni", today)
    assert born is not None
    assert age_on(born, today) == years


def test_the_quality_follows_what_was_typed() -> None:
    assert birth.quality_of("", "CERTA") == "IGNOTA"
    assert birth.quality_of("1999", "CERTA") == "ANNO"
    assert birth.quality_of("24 anni", "IGNOTA") == "APPROSS"
    assert birth.quality_of("3/1/1998", "IGNOTA") == "CERTA"
    assert birth.quality_of("3/1/1998", "ANNO") == "CERTA"
    assert birth.quality_of("3/1/1998", "APPROSS") == "APPROSS"
