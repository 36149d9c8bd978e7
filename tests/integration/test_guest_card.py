"""What a guest's card is read from: her people, her beds, her meals, and the data to be put right."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.errors import NoStayToPrint
from app.models.work import TrailEntry
from app.reference.ids import BedId, HouseId
from app.services.guest import GuestDraft
from app.services.register import Register
from app.services.stay import StayDraft

HOUSE = HouseId(1)
MAY = date(2026, 5, 1)


def trail(register: Register) -> list[str]:
    with register.desk.vault.work() as session:
        return list(session.scalars(select(TrailEntry.action).order_by(TrailEntry.id)))


def test_the_list_knows_who_is_a_minor(register: Register) -> None:
    mother, _ = register.stays.admit(GuestDraft("Rina", birth_date=date(1998, 1, 1)), StayDraft(HOUSE, MAY))
    child = GuestDraft("Ada", birth_date=date(2020, 1, 1), together_with=mother)
    register.stays.admit(child, StayDraft(HOUSE, MAY))
    assert [(row.name_used, row.is_minor) for row in register.guests.list_rows(HOUSE)] == [
        ("Ada", True),
        ("Rina", False),
    ]
    companions = register.guests.card(mother).companions
    assert [(each.name_used, each.is_minor) for each in companions] == [("Ada", True)]


def test_the_card_tells_each_stay_with_its_beds(register: Register) -> None:
    at = datetime(2026, 5, 1, 20, 0, tzinfo=UTC)
    stay = StayDraft(HOUSE, MAY, at, "PRI", BedId(1), referral_source="UDS")
    guest, number = register.stays.admit(GuestDraft("Rina"), stay)
    register.stays.change_bed(number, BedId(4), date(2026, 6, 1))
    line = register.guests.card(guest).stays[0]
    assert (line.entered_at, line.referral_source) == (at, "UDS")
    assert [(bed.label, bed.from_night, bed.to_night) for bed in line.beds] == [
        ("1A", MAY, date(2026, 6, 1)),
        ("2B", date(2026, 6, 1), None),
    ]


def test_meals_of_late_end_today_and_leave_days_without_empty(register: Register) -> None:
    guest, stay = register.stays.admit(GuestDraft("Rina"), StayDraft(HOUSE, MAY))
    register.meals.confirm(HOUSE, date(2026, 6, 14), {stay: ("CEN", "COL")})
    days = register.guests.meals(guest, days=3)
    assert [(day.day, day.kinds) for day in days] == [
        (date(2026, 6, 13), ()),
        (date(2026, 6, 14), ("COL", "CEN")),
        (date(2026, 6, 15), ()),
    ]


def test_data_to_be_put_right_are_whole_and_noted_as_shown(register: Register) -> None:
    draft = GuestDraft(
        "Rina", "Rina", "Begum", date(1998, 1, 1), "ANNO", "F", ("BGD",), ("bn", "en"), ("HAL",), "poco sale"
    )
    guest, _ = register.stays.admit(draft, StayDraft(HOUSE, MAY))
    assert register.guests.draft(guest) == draft
    assert trail(register)[-1] == "reveal"


def test_the_intake_form_of_a_guest_without_a_stay_is_refused_with_a_sentence(register: Register) -> None:
    guest, stay = register.stays.admit(GuestDraft("Ada"), StayDraft(HouseId(1), date(2026, 6, 1)))
    assert register.prints.intake_form(guest, second_language="en").startswith(b"%PDF")
    register.corrections.annul(stay, "mai entrata")
    with pytest.raises(NoStayToPrint):
        register.prints.intake_form(guest, second_language="en")
