"""An appointment has an hour of the house's own clock, and a referral says how far it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.codelist import codelist
from app.reference.ids import GuestId, ReferralId
from app.services.referral import ReferralRow
from app.ui.presenters import health, visit
from app.ui.presenters.referral_life import chain_line, late_words, life
from app.ui.presenters.visit import HourSkipped, HourUnreadable, TimeUnreadable

NOW = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)


def row(
    outcome: str = "IN_ATTESA", at: datetime | None = None, on: date | None = None, number: int = 1, **more: Any
) -> ReferralRow:
    return ReferralRow(
        ReferralId(number),
        GuestId(1),
        "4K7T-9",
        "Rina",
        "CON",
        "URGENTE",
        date(2026, 6, 1),
        at,
        None,
        outcome,
        on,
        None,
        None,
        **more,
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("9", time(9)), ("9:30", time(9, 30)), ("9.30", time(9, 30)), ("0930", time(9, 30)), (" 16,05 ", time(16, 5))],
)
def test_an_hour_is_read_as_people_type_it(typed: str, meant: time) -> None:
    assert visit.read_hour(typed) == meant


@pytest.mark.parametrize("typed", ["", "mattina", "25", "9:60", "9:3", "-1", "9:30:10"])
def test_what_is_no_hour_is_refused(typed: str) -> None:
    with pytest.raises(HourUnreadable):
        visit.read_hour(typed)


def test_an_appointment_is_at_the_clock_of_the_house_in_summer_and_winter() -> None:
    assert visit.appointment(date(2026, 7, 1), time(9, 30)).astimezone(UTC).hour == 7
    assert visit.appointment(date(2026, 12, 1), time(9, 30)).astimezone(UTC).hour == 8


def test_the_hour_that_summer_time_leaves_out_is_refused() -> None:
    with pytest.raises(HourSkipped):
        visit.appointment(date(2027, 3, 28), time(2, 30))
    assert visit.appointment(date(2026, 10, 25), time(2, 30))  # this one comes twice: the first is meant


def test_a_past_appointment_without_an_outcome_comes_before_its_state() -> None:
    past, coming = datetime(2026, 6, 15, 19, 0, tzinfo=UTC), datetime(2026, 6, 15, 21, 0, tzinfo=UTC)
    assert health.outcome(row("PRENOTATO", past), NOW).tone == "red"
    assert health.outcome(row("PRENOTATO", coming), NOW).word == "Prenotato"
    assert health.outcome(row("SVOLTO", past, date(2026, 6, 15)), NOW).tone == "green"


def test_every_outcome_and_urgency_has_a_word_and_an_icon_and_a_life() -> None:
    for outcome in codelist("referral_outcome").codes():
        found = row(outcome, on=date(2026, 6, 10) if outcome not in ("IN_ATTESA", "PRENOTATO") else None)
        state = health.outcome(found, NOW)
        assert state.word
        assert state.icon
        assert len(life(found, NOW)) == 3
        assert chain_line(found)


def test_services_for_minors_come_last_and_say_so() -> None:
    labels = [label for _, label in health.service_choices()]
    assert [label for label in labels if label.endswith("(minori)")] == labels[-2:]
    assert len(labels) == len(codelist("health_service"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *[("2", 120), ("12", 720), ("13", 13), ("90", 90), ("1:30", 90), ("1.30", 90), ("1,5", 90)],
        *[("1h", 60), ("1 h 05", 65), ("45 min", 45), ("2 ore", 120), ("", None), (" 0:45 ", 45)],
    ],
)
def test_a_time_is_read_as_people_type_it(typed: str, meant: int | None) -> None:
    assert visit.read_minutes(typed) == meant


@pytest.mark.parametrize("typed", ["0", "0:00", "1:75", "mattina", "-3", "25:00", "2000", "1:2:3"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(TimeUnreadable):
        visit.read_minutes(typed)


@given(st.integers(1, 24 * 60))
def test_a_time_that_a_form_shows_is_read_back_as_it_was(minutes: int) -> None:
    assert visit.read_minutes(visit.write_minutes(minutes)) == minutes
    assert visit.say_minutes(minutes)


def test_a_request_is_late_after_as_many_days_as_its_urgency_allows() -> None:
    asked = row(on=None)
    assert health.is_overdue(asked, NOW)  # urgent, asked for two weeks ago
    assert "14" in late_words(asked, NOW)
    assert not health.is_overdue(replace(asked, urgency="BREVE", requested_on=date(2026, 6, 11)), NOW)
    assert health.is_overdue(replace(asked, urgency="BREVE", requested_on=date(2026, 6, 10)), NOW)


def test_return_does_what_comes_next_in_the_life_of_a_referral() -> None:
    past, coming = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
    on = date(2026, 6, 10)
    cases = {
        "book": [row(), row("PRENOTATO", coming)],
        "close": [row("PRENOTATO", past)],
        "follow_up": [row("NON_PRESENTATA", past, on), row("SVOLTO", past, on, follow_up_on=date(2026, 7, 1))],
        "correct": [
            row("SVOLTO", past, on),
            row("ANNULLATO", None, on),
            row("NON_PRESENTATA", past, on, followed_by=ReferralId(2)),
            row("NON_PRESENTATA", past, on, is_here=False),
        ],
    }
    for step, rows in cases.items():
        assert [health.next_step(each, NOW) for each in rows] == [step] * len(rows)


def test_a_check_that_is_due_stays_open_until_somebody_asks_for_it() -> None:
    done = row("SVOLTO", NOW, date(2026, 6, 10), follow_up_on=date(2026, 6, 15))
    assert health.is_open(done)
    assert health.outcome(done, NOW).word == "Controllo da chiedere"
    assert life(done, NOW)[-1].tone == "red"
    asked = replace(done, followed_by=ReferralId(2))
    assert not health.is_open(asked)
    assert life(asked, NOW)[-1].done


def test_the_filters_divide_the_list_and_say_how_many_each_shows() -> None:
    coming = row("PRENOTATO", NOW + timedelta(days=1), number=2)
    rows = [row(), coming, row("SVOLTO", NOW, date(2026, 6, 10), number=3)]
    shown = {code: [each.id for each in health.select(rows, code, "", NOW)] for code in health.SHOWN}
    assert shown == {"open": [1, 2], "late": [1], "booked": [2], "all": [1, 2, 3]}
    assert health.select(rows, "all", "ODO", NOW) == []
    assert health.filter_choices(rows, NOW)[0][1] == "Aperti (2)"


def test_a_withheld_appointment_says_nothing_of_health() -> None:
    bare = replace(row("PRENOTATO", NOW), service="", urgency="", accompanied_by="S. Bianchi", is_withheld=True)
    assert health.appointment_line(bare) == "appuntamento sanitario · con S. Bianchi"
    assert health.outcome(bare, NOW).tone == "grey"
    assert late_words(bare, NOW) == ""


def test_a_service_called_like_its_area_is_named_once() -> None:
    assert health.service_line(replace(row(), service="ODO")) == "Odontoiatria"
    assert health.service_line(row()).startswith("Consultorio familiare · ")
