"""An appointment has an hour of the house's own clock, and a referral says how far it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from app.reference.codelist import codelist
from app.reference.ids import GuestId, ReferralId
from app.services.referral import ReferralRow
from app.ui.presenters import health
from app.ui.presenters.health import HourSkipped, HourUnreadable

NOW = datetime(2026, 6, 15, 20, 0, tzinfo=UTC)


def row(outcome: str = "IN_ATTESA", at: datetime | None = None, on: date | None = None) -> ReferralRow:
    return ReferralRow(
        ReferralId(1),
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
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("9", time(9)), ("9:30", time(9, 30)), ("9.30", time(9, 30)), ("0930", time(9, 30)), (" 16,05 ", time(16, 5))],
)
def test_an_hour_is_read_as_people_type_it(typed: str, meant: time) -> None:
    assert health.read_hour(typed) == meant


@pytest.mark.parametrize("typed", ["", "mattina", "25", "9:60", "9:3", "-1", "9:30:10"])
def test_what_is_no_hour_is_refused(typed: str) -> None:
    with pytest.raises(HourUnreadable):
        health.read_hour(typed)


def test_an_appointment_is_at_the_clock_of_the_house_in_summer_and_winter() -> None:
    assert health.appointment(date(2026, 7, 1), time(9, 30)).astimezone(UTC).hour == 7
    assert health.appointment(date(2026, 12, 1), time(9, 30)).astimezone(UTC).hour == 8


def test_the_hour_that_summer_time_leaves_out_is_refused() -> None:
    with pytest.raises(HourSkipped):
        health.appointment(date(2027, 3, 28), time(2, 30))
    assert health.appointment(date(2026, 10, 25), time(2, 30))  # this one comes twice: the first is meant


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
        assert len(health.life(found, NOW)) == 3


def test_services_for_minors_come_last_and_say_so() -> None:
    labels = [label for _, label in health.service_choices()]
    assert [label for label in labels if label.endswith("(minori)")] == labels[-2:]
    assert len(labels) == len(codelist("health_service"))
