"""Schedule, absences, corrections and retention: what the calendar decides."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.disclosure import (
    Absence,
    Calendar,
    Family,
    Ledger,
    NotPublished,
    Reason,
    Release,
    Stay,
    Token,
    due,
    population_for,
    publish,
)
from app.disclosure.retention import forget, held
from app.disclosure.revision import renewed_calendar, settle, standing
from app.disclosure.schedule import Due
from tests.unit.disclosure.conftest import ledger_of, present, small_tree, tokens


def house(guests: int) -> Calendar:
    return Calendar.of(Stay(t, date(2025, 1, 1), None) for t in tokens(0, guests))


def test_a_small_house_has_the_yearly_table_alone() -> None:
    assert [(d.family, d.day) for d in due(2026, house(12), 5)] == [(Family.HOSTED, date(2026, 12, 31))]


def test_a_year_s_tables_come_in_the_order_that_keeps_the_yearly_one_whole() -> None:
    days = [(d.family.value, d.day) for d in due(2026, house(25), 5, quarterly=True)]
    expected = [
        ("C", (2026, 12, 31)),
        ("S", (2026, 6, 30)),
        ("S", (2025, 12, 31)),
        ("S", (2026, 9, 30)),
        ("S", (2026, 3, 31)),
    ]
    assert days == [(family, date(*day)) for family, day in expected]
    assert {d.from_day for d in due(2026, house(25), 5)} == {date(2027, 1, 1)}


def test_quarters_need_twenty_five() -> None:
    assert len(due(2026, house(24), 5, quarterly=True)) == 3


def test_the_night_before_the_exit_is_the_last_one_counted() -> None:
    calendar = Calendar.of([Stay(Token("a"), date(2026, 1, 5), date(2026, 1, 9))])
    assert calendar.present(date(2026, 1, 8)) == {"a"}
    assert not calendar.present(date(2026, 1, 9))
    assert not Calendar.of([Stay(Token("a"), date(2025, 1, 5), date(2026, 1, 1))]).hosted(date(2026, 12, 31))


def test_an_objection_touches_the_tables_of_days_on_which_it_holds() -> None:
    calendar, yearly = house(3), Due(Family.HOSTED, date(2026, 12, 31), date(2027, 1, 1))
    half = Due(Family.PRESENT, date(2026, 6, 30), date(2027, 1, 1))
    gone = Absence(Token("t000"), date(2026, 7, 15))
    moved = Absence(Token("t001"), date(2026, 2, 1))
    lifted = Absence(Token("t002"), date(2026, 2, 1), until=date(2026, 5, 1))
    assert population_for(calendar, yearly, [gone, moved, lifted]).tokens == ("t002",)
    assert population_for(calendar, half, [gone, moved, lifted]).tokens == ("t000", "t002")


def test_an_objection_after_a_table_is_churn_like_any_other() -> None:
    people = tokens(0, 20)
    values = {p: "abc"[i % 3] for i, p in enumerate(people)}
    _, ledger = publish(ledger_of(*people), small_tree(), present(1, people), values)
    result, _ = publish(ledger, small_tree(), present(2, people[1:]), values)
    assert isinstance(result, NotPublished)
    assert result.reason is Reason.CHURN


@given(st.integers(0, 6))
def test_corrections_wait_until_there_are_k(wrong: int) -> None:
    people = tokens(0, 12)
    published = dict.fromkeys(people, "a")
    now = {**published, **dict.fromkeys(people[:wrong], "b")}
    _, ledger = publish(ledger_of(*people), small_tree(), present(1, people), published)
    fresh = (Token(f"n{number}") for number in count())
    settled = settle(ledger, "v", now, published, k=3, new_token=lambda: next(fresh))
    if wrong < 3:
        assert settled.values == published
        assert (settled.waiting, settled.renewed) == (wrong, {})
    else:
        assert len(settled.renewed) == wrong
        assert sorted(settled.values.values()) == sorted(now.values())


def test_corrected_people_are_other_people_for_the_rules() -> None:
    people = tokens(0, 18)
    published = {p: "abc"[i % 3] for i, p in enumerate(people)}
    _, ledger = publish(ledger_of(*people), small_tree(), present(1, people), published)
    now = {**published, **{p: "c" for p in people[:9] if published[p] != "c"}}
    fresh = (Token(f"n{number}") for number in count())
    settled = settle(ledger, "v", now, published, k=3, new_token=lambda: next(fresh))
    ledger = ledger.with_calendar(renewed_calendar(ledger.calendar, settled.renewed))
    again = present(2, tuple(sorted(standing(people, settled.renewed))))
    result, ledger = publish(ledger, small_tree(), again, settled.values)
    assert isinstance(result, (Release, NotPublished))
    assert not again.members & settled.renewed.keys()


def test_a_token_of_somebody_erased_stays_while_it_could_be_subtracted() -> None:
    people = tokens(0, 18)
    values = {p: "abc"[i % 3] for i, p in enumerate(people)}
    calendar = Calendar.of(Stay(p, date(2025, 12, 1), None) for p in people)
    _, ledger = publish(Ledger("s", "", calendar), small_tree(), present(1, people[:12]), values)
    erased = frozenset(people[:3])
    assert held(ledger, erased, date(2027, 2, 1)) == erased
    everybody = frozenset(people[:12])
    assert held(ledger, everybody, date(2026, 8, 1)) == everybody
    assert not held(ledger, everybody, date(2027, 2, 1))
    after = forget(ledger, everybody, date(2027, 2, 1))
    assert not after.series
    assert {stay.token for stay in after.calendar.stays} == set(people[12:])


def test_stays_of_erased_guests_whom_no_table_counts_go_at_once() -> None:
    ledger = ledger_of(*tokens(0, 4))
    assert len(forget(ledger, frozenset(tokens(0, 2)), date(2026, 2, 1)).calendar.stays) == 2


@pytest.mark.parametrize("day", [date(2026, 1, 3), date(2025, 12, 31)])
def test_a_stay_does_not_end_before_it_begins(day: date) -> None:
    with pytest.raises(ValueError, match="before"):
        Stay(Token("a"), date(2026, 1, 4), day)
