"""The one doorway: what may leave, and above all what may not."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import errors
from app.models.night import Month
from app.reference.ids import GuestId, HouseId, StayId
from app.services.guest import GuestDraft
from app.services.house import HouseDraft
from app.services.presence import NightMark
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.stay import StayDraft
from app.services.totals import ExactFigure, MonthFigures, for_report
from app.sync.payload import ELEMENTS, NotRecorded, Shown, Suppressed, from_bytes, to_bytes

HEAD = "5c" * 32
HOUSE, MAY = HouseId(1), Month(2026, 5)


def host(register: Register, how_many: int, house: HouseId = HOUSE) -> list[tuple[GuestId, StayId]]:
    found = [
        register.stays.admit(GuestDraft(f"CANARY{n}", diet_note="CANARY"), StayDraft(house, date(2026, 4, 20)))
        for n in range(how_many)
    ]
    register.presences.record([NightMark(stay, day, "P") for _, stay in found for day in MAY.days])
    return found


def cells(register: Register, house: HouseId = HOUSE, threshold: int = 5) -> dict[str, object]:
    figures = register.months.figures(house, MAY)
    supply = register.houses.get(house).meal_supply
    report = for_report(figures, meal_supply=supply, shelter="s-1", revision=1, trail=HEAD, threshold=threshold)
    return {cell.element: cell for cell in report.figures}


def test_exact_figures_are_what_a_hand_would_count(register: Register) -> None:
    (first, stay), *others = host(register, 3)
    register.presences.record([NightMark(stay, date(2026, 5, 3), "O"), NightMark(stay, date(2026, 5, 4), "N")])
    register.stays.end(others[0][1], date(2026, 6, 1), "AUT", "CAS_AFF")
    register.meals.confirm(HOUSE, date(2026, 5, 2), {stay: ("PRA", "CEN", "EXT"), others[0][1]: ("CEN",)})
    register.referrals.request(ReferralDraft(first, "CON", date(2026, 5, 9)))
    cancelled = register.referrals.request(ReferralDraft(first, "CON", date(2026, 5, 10)))
    register.referrals.close(cancelled, "ANNULLATO", date(2026, 5, 11))
    found = {f.element: (f.value, f.persons) for f in register.months.figures(HOUSE, MAY).figures}
    assert found == {
        "M01": (8, None),
        "M02": (3, 3),
        "M03": (0, 0),
        "M04": (0, 0),
        "M05": (3, 3),
        "M06": (3, 3),
        "M07": (31 * 3 - 2, 3),
        "M08": (1, 1),
        "M09": (3, 2),
        "M10": (0, 0),
        "M11": (1, 1),
    }


def test_a_month_is_the_nights_that_begin_in_it(register: Register) -> None:
    _, stay = register.stays.admit(GuestDraft("Rina"), StayDraft(HOUSE, date(2026, 4, 30)))
    register.presences.record([NightMark(stay, date(2026, 4, 30) + timedelta(days=n), "P") for n in range(33)])
    assert register.months.figures(HOUSE, MAY).get("M07").value == 31
    assert register.months.figures(HOUSE, Month(2026, 4)).get("M07").value == 1
    assert register.months.figures(HOUSE, Month(2026, 6)).get("M07").value == 1


@pytest.mark.parametrize("persons", [0, 1, 4])
def test_many_nights_of_few_persons_are_suppressed(register: Register, persons: int) -> None:
    host(register, persons)
    shown = {element for element, cell in cells(register).items() if isinstance(cell, Shown)}
    assert shown == {"M01"}


def test_five_persons_are_shown_and_what_only_four_received_is_not(register: Register) -> None:
    hosted = host(register, 5)
    register.meals.confirm(HOUSE, date(2026, 5, 2), {stay: ("PRA", "CEN") for _, stay in hosted[:4]})
    found = cells(register)
    assert found["M07"] == Shown("M07", 155)
    assert found["M05"] == Shown("M05", 5)
    assert found["M09"] == Suppressed("M09")
    assert found["M11"] == Suppressed("M11")
    assert found["M10"] == NotRecorded("M10")


def test_a_house_that_cooks_for_itself_reports_days_and_no_meals(register: Register) -> None:
    house = register.houses.add(HouseDraft("Appartamento", "DONNE", "AUTOGESTIONE", "SEM", capacity=6))
    hosted = host(register, 5, house)
    register.meals.confirm(house, date(2026, 5, 2), {stay: ("AUT",) for _, stay in hosted})
    found = cells(register, house)
    assert found["M10"] == Shown("M10", 5)
    assert found["M09"] == NotRecorded("M09")


@pytest.mark.parametrize(
    ("supply", "missing"),
    [("PASTI", {"M10"}), ("CATERING", {"M10"}), ("BUONI_SPESA", {"M09"}), ("NON_RIL", {"M09", "M10"})],
)
def test_what_a_house_does_not_record_is_said_to_be_not_recorded(
    register: Register, supply: str, missing: set[str]
) -> None:
    house = register.houses.add(HouseDraft("Altra casa", "DONNE", supply, "SEM", capacity=6))
    found = cells(register, house)
    assert {element for element, cell in found.items() if isinstance(cell, NotRecorded)} == missing


def test_no_threshold_below_three(register: Register) -> None:
    with pytest.raises(errors.ThresholdTooLow):
        cells(register, threshold=2)


def test_nothing_of_a_person_is_in_the_package(register: Register) -> None:
    host(register, 6)
    figures = register.months.figures(HOUSE, MAY)
    package = to_bytes(for_report(figures, meal_supply="PASTI", shelter="s-1", revision=1, trail=HEAD))
    assert b"CANARY" not in package
    assert b"Casa di prova" not in package
    document = json.loads(package)
    fields = {"schema", "shelter", "period", "revision", "threshold", "figures", "breakdowns", "trail", "padding"}
    assert set(document) == fields
    assert {frozenset(cell) for cell in document["figures"]} <= {
        frozenset({"element", "status", "value"}),
        frozenset({"element", "status"}),
    }


FIGURES = st.fixed_dictionaries({e: st.tuples(st.integers(0, 40), st.integers(0, 900)) for e in ELEMENTS if e != "M01"})


@settings(deadline=None)
@given(FIGURES, st.integers(3, 12))
def test_no_figure_with_fewer_persons_than_the_threshold_is_ever_shown(
    drawn: dict[str, tuple[int, int]], threshold: int
) -> None:
    rows = [ExactFigure(e, max(persons, more), persons) for e, (persons, more) in drawn.items()]
    figures = MonthFigures(MAY, (ExactFigure("M01", 15, None), *rows))
    wanted = {"meal_supply": "PASTI", "shelter": "s-1", "revision": 1, "trail": HEAD, "threshold": threshold}
    report = for_report(figures, **wanted)
    for cell in from_bytes(to_bytes(report)).figures:
        if isinstance(cell, Shown) and cell.element != "M01":
            assert drawn[cell.element][0] >= threshold
    # the package is the same whatever the hidden values are
    hidden = {c.element for c in report.figures if isinstance(c, Suppressed)}
    other = [ExactFigure(f.element, 0, 0) if f.element in hidden else f for f in figures.figures]
    again = for_report(MonthFigures(MAY, tuple(other)), **wanted)
    assert to_bytes(again) == to_bytes(report)
