"""What a colleague would point at before a month is closed, on a real register."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.reference.ids import BedId, GuestId, HouseId, StayId
from app.services.calendar import Month
from app.services.check import WARNING, Finding
from app.services.guest import GuestDraft
from app.services.house import HouseDraft, RoomDraft
from app.services.intake import CompanionDraft, IntakeDraft
from app.services.presence import NightMark
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.stay import StayDraft
from tests.fakes import FakeClock

HOUSE = HouseId(1)
MAY = Month(2026, 5)


def admit(register: Register, name: str = "Rina", entered: date = MAY.first, bed: int | None = None) -> StayId:
    place = BedId(bed) if bed is not None else None
    return register.stays.admit(GuestDraft(name), StayDraft(HOUSE, entered, bed=place))[1]


def found(register: Register, key: str, month: Month = MAY) -> list[Finding]:
    return [finding for finding in register.months.checks(HOUSE, month) if finding.key == key]


def sleep(register: Register, stay: StayId, days: list[date] | tuple[date, ...], state: str = "P") -> None:
    register.presences.record([NightMark(stay, day, state) for day in days])


def test_a_guest_of_whom_nobody_has_seen_a_sign_is_pointed_at_with_her_card(register: Register) -> None:
    stay = admit(register)
    sleep(register, stay, MAY.days[:20])
    sleep(register, stay, MAY.days[20:], "N")
    (finding,) = found(register, "nobody_seen")
    assert (finding.level, finding.page, finding.guest) == (WARNING, "guests", GuestId(1))
    assert (finding.params["n"], finding.day) == (11, date(2026, 5, 21))


@pytest.mark.parametrize("state", ["A", "O", "G", "L"])
def test_a_guest_who_is_away_with_her_place_kept_is_not_missing(register: Register, state: str) -> None:
    stay = admit(register)
    sleep(register, stay, MAY.days, state)
    assert not found(register, "nobody_seen")


def test_two_nights_without_a_sign_are_not_yet_a_missed_exit_and_three_are(register: Register) -> None:
    stay = admit(register)
    sleep(register, stay, MAY.days[:-2])
    assert not found(register, "nobody_seen")
    sleep(register, stay, MAY.days[-3:-2], "N")
    assert found(register, "nobody_seen")[0].params["n"] == 3


def test_a_guest_who_left_is_not_missing(register: Register) -> None:
    stay = admit(register)
    sleep(register, stay, MAY.days[:5])
    register.stays.end(stay, MAY.days[5], "AUT", "CAS_AFF")
    assert not found(register, "nobody_seen")


def test_nights_without_a_bed_are_counted_and_a_bed_mends_them(register: Register) -> None:
    stay = admit(register)
    sleep(register, stay, MAY.days)
    (finding,) = found(register, "no_bed")
    assert (finding.params["n"], finding.day, finding.page) == (31, MAY.first, "guests")
    register.stays.change_bed(stay, BedId(1), MAY.first)
    assert not found(register, "no_bed")


def test_what_is_not_over_is_not_missing(register: Register) -> None:
    june = Month(2026, 6)
    admit(register, entered=june.first)
    (finding,) = found(register, "nights_not_recorded", june)
    assert finding.params["n"] == (register.desk.today() - june.first).days
    assert found(register, "meals_not_confirmed", june)[0].params["n"] == finding.params["n"]


def test_a_visit_without_an_outcome_names_the_guest(register: Register) -> None:
    admit(register)
    register.referrals.request(ReferralDraft(GuestId(1), "CON", MAY.days[3]))
    (finding,) = found(register, "referral_open")
    assert (finding.page, finding.guest) == ("guests", GuestId(1))


def test_a_visit_yet_to_come_is_awaited_and_one_that_is_over_is_not(register: Register, clock: FakeClock) -> None:
    admit(register)
    tomorrow = clock.now() + timedelta(days=1)
    register.referrals.request(ReferralDraft(GuestId(1), "CON", MAY.days[3], at=tomorrow))
    assert not found(register, "referral_open")
    clock.advance(timedelta(days=2))
    assert found(register, "referral_open")[0].params["n"] == 1


def test_who_was_here_on_a_confirmed_day_without_a_meal_is_pointed_at_with_the_first_such_day(
    register: Register,
) -> None:
    stay, other = admit(register), admit(register, "Joy")
    sleep(register, stay, MAY.days[:6])
    sleep(register, stay, MAY.days[4:5], "A")
    register.stays.end(stay, MAY.days[6], "AUT", "CAS_AFF")
    kinds: tuple[tuple[str, ...], ...] = (("PRA",), ("EXT",), (), (), (), ("CEN",), ())
    for day, chosen in zip(MAY.days, kinds, strict=False):
        register.meals.confirm(HOUSE, day, {stay: chosen, other: ("PRA",)})
    (finding,) = found(register, "meals_none")  # not for the day away, nor for that of the exit
    assert (finding.level, finding.page, finding.guest) == (WARNING, "meals", GuestId(1))
    assert (finding.params["n"], finding.day) == (2, MAY.days[2])
    assert "Rina" in finding.sentence()
    register.meals.confirm(HOUSE, MAY.days[2], {stay: ("EXT",)})
    register.meals.confirm(HOUSE, MAY.days[3], {stay: ("COL",), other: ("PRA",)})
    assert not found(register, "meals_none")


def test_in_a_house_whose_meals_nobody_writes_down_none_is_missing(register: Register) -> None:
    house = register.houses.add(HouseDraft("Casa Due", "DONNE", "NON_RIL", "PRI", "MI", (RoomDraft("1", ("A",)),)))
    _, stay = register.stays.admit(GuestDraft("Rina"), StayDraft(house, MAY.first))
    sleep(register, stay, MAY.days)
    register.meals.confirm(house, MAY.first, {})
    assert "meals_none" not in {finding.key for finding in register.months.checks(house, MAY)}


def test_nights_not_recorded_begin_with_the_first_of_them(register: Register) -> None:
    stay = admit(register, entered=MAY.days[2])
    sleep(register, stay, [day for day in MAY.days[2:] if day.day not in {9, 20}])
    (finding,) = found(register, "nights_not_recorded")
    assert (finding.params["n"], finding.day) == (2, date(2026, 5, 9))


def test_a_child_with_her_mother_is_not_asked_for_a_consent(register: Register) -> None:
    made = register.intakes.admit(
        IntakeDraft(
            StayDraft(HOUSE, MAY.first),
            guest=GuestDraft("Rina", birth_date=date(1998, 1, 1)),
            companions=(CompanionDraft("Ada", date(2015, 1, 1)),),
        )
    )
    assert [finding.guest for finding in found(register, "consent_missing")] == [made.guest]
    alone = StayDraft(HOUSE, MAY.first, minor_reason="in attesa del tutore")
    girl = register.stays.admit(GuestDraft("Mei", birth_date=date(2010, 1, 1)), alone)[0]
    assert {finding.guest for finding in found(register, "consent_missing")} == {made.guest, girl}


def test_a_consent_that_nobody_asked_for_is_pointed_at(register: Register) -> None:
    admit(register)
    (finding,) = found(register, "consent_missing")
    assert (finding.level, finding.guest) == (WARNING, GuestId(1))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gone=st.lists(st.integers(0, 30), max_size=31, unique=True))
def test_the_nights_that_are_missing_are_those_that_nobody_wrote(register: Register, gone: list[int]) -> None:
    stay = _one_stay(register)
    clear = [NightMark(stay, day, None) for day in MAY.days]
    register.presences.record(clear)
    sleep(register, stay, [day for n, day in enumerate(MAY.days) if n not in gone])
    missing = sum(int(str(f.params["n"])) for f in found(register, "nights_not_recorded"))
    assert missing == len(gone)
    trailing = next((n for n in range(31) if MAY.last - timedelta(days=n) not in {MAY.days[g] for g in gone}), 31)
    assert bool(found(register, "nobody_seen")) == (trailing >= 3)


def _one_stay(register: Register) -> StayId:
    rows = register.guests.list_rows(HOUSE)
    return rows[0].stay if rows else admit(register)
