"""The kitchen is told how many and what, never who or why; the staff eats apart; open days are confirmed at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from app.errors import DayInFuture, MealRule, MonthIsClosed, UnknownCode
from app.prints.preview import page_count
from app.reference.ids import HouseId, StayId
from app.services.calendar import HOUSE_ZONE, Month
from app.services.guest import GuestDraft
from app.services.house import HouseDraft
from app.services.meal import KitchenCount
from app.services.presence import NightMark
from app.services.register import Register
from app.services.stay import StayDraft
from tests.unit.prints_support import pdf_text

HOUSE = HouseId(1)
TODAY = date(2026, 6, 15)
DAY = ("COL", "PRA", "CEN")


def admit(register: Register, name: str, *diets: str, note: str | None = None, on: date = TODAY) -> StayId:
    draft = GuestDraft(name, family_name="Esempio", diets=diets, diet_note=note)
    return register.stays.admit(draft, StayDraft(HOUSE, on))[1]


def test_the_kitchen_sheet_counts_diets_for_each_meal(register: Register) -> None:
    rina, joy = admit(register, "Rina", "HAL", "DIA"), admit(register, "Joy", "HAL")
    mei = admit(register, "Mei")
    register.meals.confirm(HOUSE, TODAY, {rina: DAY, joy: ("PRA",), mei: ("SAC", "EXT")})
    register.meals.record_staff(HOUSE, TODAY, {"PRA": 2})
    assert register.meals.sheet(HOUSE, TODAY).kitchen() == (
        KitchenCount("COL", 1, (("HAL", 1), ("DIA", 1))),
        KitchenCount("PRA", 2, (("HAL", 2), ("DIA", 1)), 2),
        KitchenCount("CEN", 1, (("HAL", 1), ("DIA", 1))),
        KitchenCount("SAC", 1, ()),
    )


def test_the_printed_sheet_names_nobody_and_no_illness(register: Register) -> None:
    admit(register, "Rina", "DIA", "GRA", "CEL")
    admit(register, "Joy", "ALL", note="arachidi")
    admit(register, "Mei", "HAL", note="soffre di cuore")
    pdf = register.prints.kitchen_sheet(register.meals.sheet(HOUSE, TODAY))
    text = pdf_text(pdf)
    assert page_count(pdf) == 1
    for said in ("Senza zuccheri aggiunti", "Senza glutine", "Tutto ben cotto e lavato", "arachidi", "Colazione"):
        assert said in text
    codes = [row.code for row in register.guests.list_rows(HOUSE)]
    for hidden in ("Rina", "Joy", "Mei", "Esempio", *codes, "iabet", "ravidanza", "cuore", "Casa di prova"):
        assert hidden not in text


def test_staff_meals_are_in_no_figure_and_can_be_put_right(register: Register) -> None:
    stay = admit(register, "Rina")
    register.meals.confirm(HOUSE, TODAY, {stay: DAY})
    register.meals.record_staff(HOUSE, TODAY, {"PRA": 3, "CEN": 1})
    register.meals.record_staff(HOUSE, TODAY, {"PRA": 1, "CEN": 0})
    sheet = register.meals.sheet(HOUSE, TODAY)
    assert (sheet.total, dict(sheet.staff)) == (3, {"PRA": 1})
    assert register.months.figures(HOUSE, Month.of(TODAY)).get("M09").value == 3


def test_staff_meals_follow_the_same_rules_of_day_and_month(register: Register) -> None:
    admit(register, "Rina", on=date(2026, 5, 1))
    with pytest.raises(DayInFuture):
        register.meals.record_staff(HOUSE, TODAY + timedelta(days=1), {"PRA": 1})
    with pytest.raises(UnknownCode):
        register.meals.record_staff(HOUSE, TODAY, {"AUT": 1})
    register.months.close(HOUSE, Month(2026, 5))
    with pytest.raises(MonthIsClosed):
        register.meals.record_staff(HOUSE, date(2026, 5, 3), {"PRA": 1})


def test_waiting_days_are_those_with_guests_in_open_months_and_are_confirmed_together(register: Register) -> None:
    entered = date(2026, 5, 30)
    stay = admit(register, "Rina", on=entered)
    register.presences.record([NightMark(stay, date(2026, 6, 3), "O"), NightMark(stay, date(2026, 6, 2), "O")])
    register.months.close(HOUSE, Month(2026, 5))
    register.meals.confirm(HOUSE, date(2026, 6, 5), {stay: ("PRA",)})
    waiting = [each.day for each in register.meals.waiting(HOUSE)]
    away = {date(2026, 6, 2), date(2026, 6, 3), date(2026, 6, 4)}  # on the fourth she wakes up in hospital
    first_of_june = date(2026, 6, 1)
    expected = [first_of_june + timedelta(days=n) for n in range(14)]
    assert waiting == [day for day in expected if day not in away and day != date(2026, 6, 5)]
    assert {each.missing for each in register.meals.waiting(HOUSE)} == {1}
    register.presences.record([NightMark(stay, waiting[0], "P")])
    assert [each.missing for each in register.meals.waiting(HOUSE)] == [0] + [1] * (len(waiting) - 1)
    written = register.meals.confirm_proposed(HOUSE, [*waiting, date(2026, 6, 5)])
    assert written == 3 * len(waiting)
    assert register.meals.waiting(HOUSE) == ()
    assert register.meals.sheet(HOUSE, date(2026, 6, 5)).total == 1


@pytest.mark.parametrize(("hour", "proposed"), [(7, DAY), (12, ("PRA", "CEN")), (19, ("CEN",)), (23, ())])
def test_who_arrives_is_proposed_only_what_she_can_still_have(
    register: Register, hour: int, proposed: tuple[str, ...]
) -> None:
    arrived = datetime(2026, 6, 15, hour, tzinfo=HOUSE_ZONE)
    register.stays.admit(GuestDraft("Rina"), StayDraft(HOUSE, TODAY, entered_at=arrived))
    (row,) = register.meals.sheet(HOUSE, TODAY).rows
    assert row.kinds == proposed


def test_who_left_and_came_back_on_one_day_sits_at_the_table_once(register: Register) -> None:
    guest, stay = register.stays.admit(GuestDraft("Zuleika"), StayDraft(HOUSE, date(2026, 6, 1)))
    register.stays.end(stay, TODAY, "AUT", "CAS_AFF")
    again = register.stays.begin(guest, StayDraft(HOUSE, TODAY))
    (row,) = register.meals.sheet(HOUSE, TODAY).rows
    assert (row.stay, row.kinds) == (again, DAY)
    register.meals.confirm(HOUSE, TODAY, {row.stay: row.kinds})
    assert register.meals.sheet(HOUSE, TODAY).total == 3


def test_on_the_day_of_a_transfer_both_houses_together_serve_each_meal_once(register: Register) -> None:
    there = register.houses.add(HouseDraft("Casa due", "DONNE", "PASTI", "SEC"))
    stay = admit(register, "Rina", on=date(2026, 6, 1))
    other = admit(register, "Joy", on=date(2026, 6, 1))
    moved = register.stays.transfer(stay, there, TODAY)
    register.meals.confirm(HOUSE, TODAY, {stay: ("COL", "PRA"), other: DAY})
    (row,) = register.meals.sheet(there, TODAY).rows
    assert (row.kinds, row.elsewhere) == (("CEN",), ("COL", "PRA"))
    for twice in (("PRA", "CEN"), ("AUT",)):
        with pytest.raises(MealRule):
            register.meals.confirm(there, TODAY, {moved: twice})
    register.meals.confirm(there, TODAY, {moved: ("CEN",)})
    with pytest.raises(MealRule):
        register.meals.confirm(HOUSE, TODAY, {stay: ("COL", "CEN"), other: DAY})
    register.meals.confirm(HOUSE, TODAY, {stay: ("PRA",), other: DAY})


def test_the_days_that_wait_are_counted_as_their_sheets_say(register: Register) -> None:
    there = register.houses.add(HouseDraft("Casa due", "DONNE", "PASTI", "SEC"))
    first = TODAY - timedelta(days=9)
    stays = [admit(register, name, on=first + timedelta(days=n)) for n, name in enumerate(("Rina", "Joy", "Mei"))]
    arrived = datetime(2026, 6, 12, 19, tzinfo=HOUSE_ZONE)
    register.stays.admit(GuestDraft("Ada"), StayDraft(HOUSE, date(2026, 6, 12), entered_at=arrived))
    register.presences.record([NightMark(stays[0], first + timedelta(days=n), "OPA"[n % 3]) for n in range(6)])
    moved = register.stays.transfer(stays[1], there, TODAY - timedelta(days=3))
    register.meals.confirm(there, TODAY - timedelta(days=3), {moved: ("PRA",)})
    register.stays.end(stays[2], TODAY - timedelta(days=2), "AUT", "CAS_AFF")
    register.stays.begin(register.corrections.fields(stays[2]).guest, StayDraft(HOUSE, TODAY - timedelta(days=2)))
    for house in (HOUSE, there):
        counted = {each.day: each.proposed for each in register.meals.waiting(house)}
        days = [TODAY - timedelta(days=n) for n in range(1, 20)]
        sheets = {day: register.meals.sheet(house, day) for day in days}
        assert counted == {day: sheet.total for day, sheet in sheets.items() if sheet.total and not sheet.confirmed}
