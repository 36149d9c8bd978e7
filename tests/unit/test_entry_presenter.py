"""The entry form's rules: how days and hours are read, when a minor needs a reason, where an error is said.

Of `app.ui.presenters.entry` and `app.ui.presenters.draft`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from app import errors
from app.reference.ids import BedId, GuestId, HouseId, OperatorId
from app.ui.presenters import entry
from app.ui.presenters.draft import as_number, as_text, as_texts, day_from_text

TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("text", "hour"),
    [("", None), ("21", time(21)), ("21:30", time(21, 30)), ("2130", time(21, 30)), ("9.05", time(9, 5))],
)
def test_hours_are_read_as_people_write_them(text: str, hour: time | None) -> None:
    assert entry.read_hour(text) == hour


@pytest.mark.parametrize("text", ["25", "sera", "21:75"])
def test_what_is_no_hour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        entry.read_hour(text)
    assert "hour" in entry.check_entry(entry.Entry(TODAY, hour=text))


def test_two_in_the_morning_belongs_to_the_night_before() -> None:
    assert entry.moment_of(TODAY, time(2, 0)) == datetime(2026, 6, 16, 0, 0, tzinfo=UTC)
    assert entry.moment_of(TODAY, time(21, 30)) == datetime(2026, 6, 15, 19, 30, tzinfo=UTC)
    assert "15 giu" in entry.hour_help(TODAY, "2")
    assert not entry.hour_help(TODAY, "21")


@pytest.mark.parametrize(
    ("birth", "kind", "with_adult", "asks"),
    [
        ("12/3/2012", "DONNE", False, True),
        ("12/3/2012", "DONNE", True, False),
        ("12/3/2012", "MINORI", False, False),
        ("12/3/1990", "DONNE", False, False),
        ("", "DONNE", False, False),
        ("boh", "DONNE", False, False),
    ],
)
def test_a_minor_alone_in_a_house_for_adults_needs_a_reason(
    birth: str, kind: str, with_adult: bool, asks: bool
) -> None:
    assert entry.asks_minor_reason(birth, TODAY, kind, with_adult=with_adult, today=TODAY) is asks


def test_only_name_and_day_are_needed() -> None:
    assert not entry.check_person(entry.Person(name_used="Rina"), TODAY)
    assert not entry.check_entry(entry.Entry(TODAY))
    assert set(entry.check_person(entry.Person(name_used=" "), TODAY)) == {"name_used"}
    assert set(entry.check_entry(entry.Entry(None))) == {"entered_on"}


def test_an_allergy_without_a_word_is_of_no_use_to_the_kitchen() -> None:
    assert set(entry.check_person(entry.Person("Rina", diets=("ALL",)), TODAY)) == {"diet_note"}
    assert not entry.check_person(entry.Person("Rina", diets=("ALL",), diet_note="arachidi"), TODAY)


def test_the_drafts_say_what_was_typed() -> None:
    person = entry.Person(" Rina ", "Rina", "", "1998", "CERTA", "F", ("BGD",), ("bn", "en"), ("HAL",), "", GuestId(4))
    guest = entry.guest_draft(person, TODAY)
    assert (guest.name_used, guest.family_name, guest.birth_quality) == ("Rina", None, "ANNO")
    assert (guest.languages, guest.together_with) == (("bn", "en"), 4)
    assert entry.person_of(guest).birth == "1998"
    more = entry.Person("Rina", birth_country="BGD", registered_sex="F", can_read="NO", case_worker=OperatorId(1))
    assert entry.person_of(entry.guest_draft(more, TODAY)) == more
    stay = entry.stay_draft(entry.Entry(TODAY, "1:30", "PRI", BedId(3), "UDS", "  "), HouseId(1))
    assert stay.entered_at == datetime(2026, 6, 15, 23, 30, tzinfo=UTC)
    assert (stay.bed, stay.minor_reason) == (3, None)


@pytest.mark.parametrize(
    ("error", "place"),
    [
        (errors.FieldMissing(field="name_used"), "name_used"),
        (errors.DayInFuture(day=TODAY), "entered_on"),
        (errors.DayInFuture(day=date(1998, 1, 3)), "birth"),
        (errors.StayOverlaps(code="X"), "entered_on"),
        (errors.MonthIsClosed(month="2026-05"), "entered_on"),
        (errors.BedTaken(bed="3B"), "bed"),
        (errors.MinorAmongAdults(), "minor_reason"),
        (errors.UnknownCode(list="language", code="xx"), "languages"),
        (errors.DiskFull(), ""),
    ],
)
def test_each_refusal_is_said_beside_its_field(error: errors.ApprodoError, place: str) -> None:
    assert entry.place_of(error, date(1998, 1, 3)) == place


def test_a_draft_of_another_time_is_read_with_care() -> None:
    assert (as_text(3), as_text("a")) == ("", "a")
    assert (as_texts(None), as_texts(["a", 3, "b"])) == ((), ("a", "b"))
    assert (as_number(True), as_number(3), as_number("3")) == (None, 3, None)
    assert (day_from_text("2026-06-15"), day_from_text("ieri"), day_from_text(None)) == (TODAY, None, None)
