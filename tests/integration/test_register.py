"""The register's rules on a real encrypted store: what is refused, and that nothing is written when it is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app import errors
from app.models.night import Month
from app.reference.ids import BedId, GuestId, HouseId, StayId
from app.services.guest import GuestDraft
from app.services.house import HouseDraft
from app.services.presence import NightMark
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.stay import StayDraft

HOUSE = HouseId(1)
TODAY = date(2026, 6, 15)
MAY = Month(2026, 5)


def admit(
    register: Register, name: str = "Rina", entered: date = date(2026, 5, 1), **stay: object
) -> tuple[GuestId, StayId]:
    return register.stays.admit(GuestDraft(name), StayDraft(HOUSE, entered, **stay))  # type: ignore[arg-type]


def everything(register: Register) -> tuple[int, ...]:
    """Count all rows of the register, to see that a refusal wrote nothing."""
    from sqlalchemy import func, select

    from app.models.schema import metadata

    with register.desk.vault.work() as session:
        return tuple(session.scalar(select(func.count()).select_from(t)) or 0 for t in metadata.sorted_tables)


def test_a_guest_in_two_stays_at_once_is_refused_and_nothing_is_written(register: Register) -> None:
    guest, _ = admit(register)
    before = everything(register)
    with pytest.raises(errors.StayOverlaps):
        register.stays.begin(guest, StayDraft(HOUSE, date(2026, 6, 1)))
    assert everything(register) == before


def test_a_guest_may_come_back_on_the_day_she_left(register: Register) -> None:
    guest, stay = admit(register)
    register.stays.end(stay, date(2026, 6, 1), "RIN", "NON_NOTA")
    register.stays.begin(guest, StayDraft(HOUSE, date(2026, 6, 1)))
    assert len(register.guests.card(guest).stays) == 2


def test_a_taken_bed_is_refused_and_the_guest_is_not_written_either(register: Register) -> None:
    admit(register, bed=BedId(1))
    before = everything(register)
    with pytest.raises(errors.BedTaken) as refused:
        admit(register, "Joy", bed=BedId(1))
    assert refused.value.params == {"bed": "1A"}
    assert everything(register) == before


def test_a_freed_bed_can_be_given_the_same_day(register: Register) -> None:
    _, stay = admit(register, bed=BedId(1))
    register.stays.end(stay, date(2026, 6, 10), "AUT", "CAS_AFF")
    admit(register, "Joy", entered=date(2026, 6, 10), bed=BedId(1))


def test_changing_bed_keeps_the_history_and_frees_the_old_one(register: Register) -> None:
    guest, stay = admit(register, bed=BedId(1))
    register.stays.change_bed(stay, BedId(4), date(2026, 6, 1))
    assert register.guests.card(guest).stays[0].bed == "2B"
    assert BedId(1) in [bed.id for bed in register.houses.free_beds(HOUSE, date(2026, 6, 1))]
    assert BedId(1) not in [bed.id for bed in register.houses.free_beds(HOUSE, date(2026, 5, 1))]


def test_an_exit_before_the_entry_is_refused(register: Register) -> None:
    _, stay = admit(register)
    with pytest.raises(errors.ExitBeforeEntry):
        register.stays.end(stay, date(2026, 4, 30), "RIN", "NON_NOTA")


def test_an_exit_that_leaves_presences_behind_is_refused(register: Register) -> None:
    _, stay = admit(register)
    register.presences.record([NightMark(stay, date(2026, 6, 3), "P")])
    with pytest.raises(errors.RecordsAfterExit) as refused:
        register.stays.end(stay, date(2026, 6, 3), "RIN", "NON_NOTA")
    assert refused.value.params == {"day": date(2026, 6, 3)}
    register.stays.end(stay, date(2026, 6, 4), "RIN", "NON_NOTA")


@pytest.mark.parametrize("day", [date(2026, 4, 30), date(2026, 6, 10)])
def test_no_service_outside_a_stay(register: Register, day: date) -> None:
    guest, stay = admit(register)
    register.stays.end(stay, date(2026, 6, 9), "RIN", "NON_NOTA")
    with pytest.raises(errors.OutsideStay):
        register.presences.record([NightMark(stay, day, "P")])
    with pytest.raises(errors.OutsideStay):
        register.meals.confirm(HOUSE, day, {stay: ("PRA",)})
    with pytest.raises(errors.OutsideStay):
        register.referrals.request(ReferralDraft(guest, "CON", day))


def test_the_night_of_the_exit_day_is_not_hers_but_its_lunch_is(register: Register) -> None:
    _, stay = admit(register)
    register.stays.end(stay, date(2026, 6, 9), "RIN", "NON_NOTA")
    with pytest.raises(errors.OutsideStay):
        register.presences.record([NightMark(stay, date(2026, 6, 9), "P")])
    register.meals.confirm(HOUSE, date(2026, 6, 9), {stay: ("COL", "PRA")})


def test_an_unaccompanied_minor_needs_a_stated_reason(register: Register) -> None:
    child = GuestDraft("Ada", birth_date=date(2012, 3, 1), birth_quality="CERTA")
    with pytest.raises(errors.MinorAmongAdults):
        register.stays.admit(child, StayDraft(HOUSE, TODAY))
    with pytest.raises(errors.MinorAmongAdults):
        register.stays.admit(child, StayDraft(HOUSE, TODAY, minor_reason="   "))
    register.stays.admit(child, StayDraft(HOUSE, TODAY, minor_reason="notte di emergenza, avvisato il tribunale"))


def test_a_child_with_her_mother_is_not_alone(register: Register) -> None:
    mother, _ = admit(register)
    child = GuestDraft("Ada", birth_date=date(2020, 3, 1), birth_quality="CERTA", together_with=mother)
    guest, _ = register.stays.admit(child, StayDraft(HOUSE, TODAY))
    assert register.guests.card(guest).household == ("Rina",)
    assert register.guests.card(mother).household == ("Ada",)


def test_a_house_for_minors_takes_minors(register: Register) -> None:
    house = register.houses.add(HouseDraft("Casa minori", "MINORI", "PASTI", "PRI", capacity=6))
    child = GuestDraft("Ada", birth_date=date(2012, 3, 1), birth_quality="CERTA")
    register.stays.admit(child, StayDraft(house, TODAY))


def test_the_future_is_refused(register: Register) -> None:
    _, stay = admit(register)
    tomorrow = TODAY + timedelta(days=1)
    with pytest.raises(errors.DayInFuture):
        admit(register, "Joy", entered=tomorrow)
    with pytest.raises(errors.DayInFuture):
        register.presences.record([NightMark(stay, tomorrow, "P")])
    with pytest.raises(errors.DayInFuture):
        register.stays.end(stay, tomorrow, "RIN", "NON_NOTA")


def test_many_marks_are_written_all_or_none(register: Register) -> None:
    _, stay = admit(register)
    with pytest.raises(errors.OutsideStay):
        register.presences.record([NightMark(stay, date(2026, 5, 1), "P"), NightMark(stay, date(2026, 4, 1), "P")])
    assert set(register.presences.grid(HOUSE, MAY).rows[0].cells) == {""}


@pytest.mark.parametrize("kinds", [("PRA", "PRA"), ("IFT", "CEN"), ("CEN", "IFT"), ("AUT", "PRA")])
def test_meals_that_exclude_each_other_are_refused(register: Register, kinds: tuple[str, ...]) -> None:
    _, stay = admit(register)
    with pytest.raises(errors.MealRule):
        register.meals.confirm(HOUSE, date(2026, 6, 1), {stay: kinds})


def test_meals_are_proposed_from_presence_and_kept_as_confirmed(register: Register) -> None:
    _, here = admit(register)
    _, away = admit(register, "Joy")
    register.presences.confirm(HOUSE, TODAY, {here: "P", away: "O"})
    sheet = register.meals.sheet(HOUSE, TODAY)
    assert {row.stay: row.kinds for row in sheet.rows} == {here: ("COL", "PRA", "CEN"), away: ()}
    register.meals.confirm(HOUSE, TODAY, {here: ("CEN",), away: ()})
    again = register.meals.sheet(HOUSE, TODAY)
    assert again.confirmed
    assert again.total == 1


def test_a_closed_month_no_longer_changes(register: Register) -> None:
    _, stay = admit(register)
    register.presences.record([NightMark(stay, day, "P") for day in MAY.days])
    assert register.months.close(HOUSE, MAY) == 1
    for change in (
        lambda: register.presences.record([NightMark(stay, date(2026, 5, 2), "A")]),
        lambda: register.meals.confirm(HOUSE, date(2026, 5, 2), {stay: ("PRA",)}),
        lambda: admit(register, "Joy", entered=date(2026, 5, 20)),
        lambda: register.stays.end(stay, date(2026, 5, 31), "RIN", "NON_NOTA"),
        lambda: register.months.close(HOUSE, MAY),
    ):
        with pytest.raises(errors.MonthIsClosed):
            change()
    register.months.reopen(HOUSE, MAY, "una notte sbagliata")
    register.presences.record([NightMark(stay, date(2026, 5, 2), "A")])
    assert register.months.close(HOUSE, MAY) == 2
    assert register.months.figures(HOUSE, MAY).get("M07").value == 30


def test_what_counts_in_a_closed_month_cannot_be_cancelled_and_the_rest_can_be_told(register: Register) -> None:
    guest, _ = admit(register)
    kept = register.referrals.request(ReferralDraft(guest, "CON", date(2026, 5, 3)))
    register.months.close(HOUSE, MAY)
    with pytest.raises(errors.MonthIsClosed):
        register.referrals.close(kept, "ANNULLATO", date(2026, 6, 1))
    register.referrals.close(kept, "SVOLTO", date(2026, 6, 1))
    assert register.months.figures(HOUSE, MAY).get("M11").value == 1


def test_a_missing_day_of_meals_is_told_even_when_another_day_was_confirmed_for_nobody(register: Register) -> None:
    _, stay = admit(register, entered=date(2026, 5, 30))
    register.stays.end(stay, date(2026, 6, 1), "RIN", "NON_NOTA")
    for day in (date(2026, 5, 29), date(2026, 5, 30)):
        register.meals.confirm(HOUSE, day, {})
    found = [f for f in register.months.checks(HOUSE, MAY) if f.key == "meals_not_confirmed"]
    assert [f.params for f in found] == [{"n": 1}]


def test_a_guest_with_two_stays_on_one_day_is_listed_once(register: Register) -> None:
    guest, stay = admit(register, entered=TODAY)
    register.stays.end(stay, TODAY, "RIN", "NON_NOTA")
    second = register.stays.begin(guest, StayDraft(HOUSE, TODAY))
    assert [row.stay for row in register.guests.list_rows(HOUSE, present_only=False)] == [second]


def test_the_running_month_cannot_be_closed(register: Register) -> None:
    with pytest.raises(errors.MonthNotOver):
        register.months.close(HOUSE, Month(2026, 6))


def test_a_full_name_is_shown_on_demand_and_noted(register: Register) -> None:
    guest, _ = register.stays.admit(GuestDraft("Rina", given_name="R.", family_name="K."), StayDraft(HOUSE, TODAY))
    assert register.guests.reveal(guest).family_name == "K."
    from sqlalchemy import select

    from app.models.work import TrailEntry

    with register.desk.vault.work() as session:
        actions = [entry.action for entry in session.scalars(select(TrailEntry))]
    assert actions[-1] == "reveal"


def test_two_people_cannot_get_the_same_night_even_around_the_services(register: Register) -> None:
    """The store itself refuses what the rules refuse: the last line of defence."""
    guest, _ = admit(register)
    from app.models.stay import Stay

    with pytest.raises(errors.StayOverlaps), register.desk.vault.work() as session:
        session.add(Stay(guest_id=guest, house_id=HOUSE, phase="PRI", entered_on=date(2026, 6, 1)))
