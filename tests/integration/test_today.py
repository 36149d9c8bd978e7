"""What the page Oggi and the meal sheet are told: counts of what is recorded, and of what is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from app.models.night import Month
from app.reference.ids import GuestId, HouseId, StayId
from app.services.guest import GuestDraft
from app.services.house import HouseDraft
from app.services.presence import NightMark
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.stay import StayDraft

HOUSE = HouseId(1)
TODAY = date(2026, 6, 15)


def admit(
    register: Register, name: str, entered: date = date(2026, 6, 10), house: HouseId = HOUSE, **guest: object
) -> tuple[GuestId, StayId]:
    return register.stays.admit(GuestDraft(name, **guest), StayDraft(house, entered))  # type: ignore[arg-type]


def test_holes_are_the_past_nights_that_lack_records_and_tonight_is_none(register: Register) -> None:
    _, rina = admit(register, "Rina")
    _, joy = admit(register, "Joy", date(2026, 6, 13))
    register.presences.record([NightMark(rina, date(2026, 6, 10) + timedelta(days=n), "P") for n in range(4)])
    register.presences.record([NightMark(joy, date(2026, 6, 13), "A")])
    today = register.todays.of(HOUSE)
    assert today.holes == ((date(2026, 6, 14), 2),)
    assert dict(today.last_days)[date(2026, 6, 13)] == 1


def test_a_night_of_an_earlier_month_is_missed_while_it_is_among_the_days_shown(register: Register) -> None:
    admit(register, "Rina", date(2026, 5, 20))
    holes = dict(register.todays.of(HOUSE).holes)
    assert min(holes) == date(2026, 6, 1)
    assert date(2026, 5, 31) not in holes


def test_today_tells_who_confirmed_the_night_and_in_what_states(register: Register) -> None:
    _, rina = admit(register, "Rina")
    _, joy = admit(register, "Joy")
    assert register.todays.of(HOUSE).round_at is None
    register.presences.confirm(HOUSE, TODAY, {rina: "P", joy: "O"})
    today = register.todays.of(HOUSE)
    assert (today.present, today.away, today.to_confirm) == (1, 1, 0)
    assert today.states == {"P": 1, "O": 1}
    assert today.round_by == "S. Bianchi"
    assert today.round_at == register.desk.now()


def test_upcoming_appointments_are_those_of_seven_house_days_that_are_still_open(register: Register) -> None:
    guest, _ = admit(register, "Rina")

    def book(at: datetime) -> object:
        referral = register.referrals.request(ReferralDraft(guest, "CON", TODAY))
        register.referrals.book(referral, at)
        return referral

    book(datetime(2026, 6, 22, 9, 0, tzinfo=UTC))
    far = book(datetime(2026, 6, 21, 9, 0, tzinfo=UTC))
    near = book(datetime(2026, 6, 16, 9, 0, tzinfo=UTC))
    closed = book(datetime(2026, 6, 15, 9, 0, tzinfo=UTC))
    register.referrals.close(closed, "SVOLTO", TODAY)  # type: ignore[arg-type]
    assert [row.id for row in register.todays.of(HOUSE).upcoming] == [near, far]


def test_a_house_that_cooks_for_itself_has_days_and_no_meals(register: Register) -> None:
    for supply in ("AUTOGESTIONE", "BUONI_SPESA"):
        house = register.houses.add(HouseDraft(f"Casa {supply}", "DONNE", supply, "PRI", capacity=3))
        admit(register, "Rina" + supply, house=house)
        today = register.todays.of(house)
        assert (today.self_catering, today.meal_days, today.meals) == (True, 1, 0)


def test_the_meal_sheet_says_who_confirmed_it_and_whether_the_month_is_closed(register: Register) -> None:
    _, stay = admit(register, "Rina", date(2026, 5, 31))
    last = date(2026, 5, 31)
    assert register.meals.sheet(HOUSE, last).confirmed_at is None
    register.meals.confirm(HOUSE, last, {stay: ("CEN",)})
    register.presences.record([NightMark(stay, last, "P")])
    assert not register.meals.sheet(HOUSE, last).closed
    register.months.close(HOUSE, Month(2026, 5))
    sheet = register.meals.sheet(HOUSE, last)
    assert sheet.closed
    assert (sheet.confirmed_by, sheet.confirmed_at) == ("S. Bianchi", register.desk.now())


def test_the_kitchen_does_not_cook_for_who_eats_elsewhere(register: Register) -> None:
    _, here = admit(register, "Rina", diets=("HAL",))
    _, out = admit(register, "Joy", diets=("HAL",))
    register.meals.confirm(HOUSE, TODAY, {here: ("PRA",), out: ("EXT",)})
    sheet = register.meals.sheet(HOUSE, TODAY)
    assert sheet.diets() == {"HAL": 1}
    assert sheet.eaters() == 1
    assert sheet.kinds() == {"PRA": 1, "EXT": 1}


def test_the_meal_sheet_marks_who_is_a_minor(register: Register) -> None:
    mother, _ = admit(register, "Rina")
    admit(register, "Ada", birth_date=date(2020, 3, 1), birth_quality="CERTA", together_with=mother)
    minors = {row.name_used: row.minor for row in register.meals.sheet(HOUSE, TODAY).rows}
    assert minors == {"Ada": True, "Rina": False}
