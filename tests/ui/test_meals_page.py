"""A day's meals: rules between kinds, toggles by key and mouse, confirming, and drafts that survive a lock."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.reference.codelist import codelist
from app.reference.ids import GuestId, HouseId, StayId
from app.services.calendar import Month
from app.services.guest import GuestDraft
from app.services.house import HouseDraft
from app.services.meal import MealRow, MealSheet, check_kinds
from app.services.presence import NightMark
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.dialogs.waiting_days_dialog import WaitingDaysDialog
from app.ui.pages.meals_page import MealsPage
from app.ui.presenters.meal_board import MealBoard, read_changes
from app.ui.tasks import InlineRunner
from app.ui.widgets.grid_frame import Place

HOUSE = HouseId(1)
TODAY = date(2026, 6, 15)
DAY = ("COL", "PRA", "CEN")
KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def board(*kinds: tuple[str, ...], minor: bool = False) -> MealBoard:
    rows = tuple(
        MealRow(StayId(n), GuestId(n), f"C-{n}", f"Ospite {n}", (), have, minor) for n, have in enumerate(kinds)
    )
    return MealBoard(MealSheet(HOUSE, TODAY, "PASTI", False, DAY, rows))


def test_a_meal_of_the_other_house_cannot_be_had_twice_that_day() -> None:
    rows = tuple(MealRow(StayId(n), GuestId(n), f"C-{n}", f"Ospite {n}", (), ("CEN",)) for n in range(2))
    made = MealBoard(MealSheet(HOUSE, TODAY, "PASTI", False, DAY, (replace(rows[0], elsewhere=("PRA",)), rows[1])))
    said = made.toggle(0, "PRA")
    assert (said.changed, made.kinds(0)) == (False, ("CEN",))
    assert said.said == "Pranzo non si può aggiungere: quel giorno l’altra struttura ha già segnato pranzo."
    assert not made.toggle(0, "AUT").changed
    made.toggle_all("PRA")
    assert (made.kinds(0), made.kinds(1)) == (("CEN",), ("PRA", "CEN"))


KINDS = st.sampled_from(codelist("meal_kind").codes())


@given(st.lists(st.one_of(st.tuples(st.integers(0, 1), KINDS), st.sampled_from(["undo", "redo"])), max_size=30))
def test_whatever_is_pressed_the_register_would_take_the_day(steps: list[tuple[int, str] | str]) -> None:
    made = board(DAY, (), minor=True)
    for step in steps:
        if step == "undo":
            made.undo()
        elif step == "redo":
            made.redo()
        elif isinstance(step, tuple):
            made.toggle(*step)
        for row in range(2):
            check_kinds(list(made.kinds(row)))


@given(st.lists(st.tuples(st.integers(0, 1), KINDS), max_size=12))
def test_everything_can_be_undone(steps: list[tuple[int, str]]) -> None:
    made = board(DAY, (), minor=True)
    for step in steps:
        made.toggle(*step)
    while made.undo():
        pass
    assert not made.is_changed
    assert [made.kinds(0), made.kinds(1)] == [DAY, ()]


def test_iftar_takes_the_place_of_the_ordinary_meals_and_gives_them_back() -> None:
    made = board(DAY)
    said = made.toggle(0, "IFT").said
    assert made.kinds(0) == ("IFT",)
    assert "colazione, pranzo, cena" in said
    made.toggle(0, "SUH")
    assert made.kinds(0) == ("SUH", "IFT")
    made.toggle(0, "SUH")
    made.toggle(0, "IFT")
    assert made.kinds(0) == DAY


@pytest.mark.parametrize(("at", "left"), [("", "CEN"), ("PRA", "CEN"), ("CEN", "PRA"), ("COL", "CEN")])
def test_a_packed_meal_replaces_lunch_or_the_dinner_one_stands_on(at: str, left: str) -> None:
    made = board(DAY)
    made.toggle(0, "SAC", instead_of=at)
    assert set(made.kinds(0)) == {"COL", "SAC", left}


def test_a_snack_is_for_minors() -> None:
    made = board(DAY)
    outcome = made.toggle(0, "MER")
    assert not outcome.changed
    assert outcome.said.startswith("Merenda")
    assert board(DAY, minor=True).toggle(0, "MER").changed


def test_a_column_is_given_to_those_who_eat_and_then_taken_from_all() -> None:
    made = board(("COL",), DAY, (), ("IFT",))
    outcome = made.toggle_all("PRA")
    assert [made.kinds(row) for row in range(4)] == [("COL", "PRA"), DAY, (), ("IFT",)]
    assert outcome.said.startswith("Pranzo: 1 ospite")
    made.toggle(3, "IFT")
    made.toggle_all("PRA")
    assert [made.kinds(row) for row in range(4)] == [("COL",), ("COL", "CEN"), (), ()]


def test_changes_equal_to_the_sheet_are_no_changes() -> None:
    made = board(DAY)
    made.toggle(0, "CEN")
    assert made.is_changed
    made.toggle(0, "CEN")
    assert not made.is_changed


def test_a_draft_that_holds_nonsense_is_passed_over() -> None:
    assert read_changes("no") == {}
    assert read_changes({"1": ["PRA", "XXX", 3], "x": ["PRA"], "2": "PRA"}) == {StayId(1): ("PRA",)}


# --- the page ------------------------------------------------------------------------------------------------


@pytest.fixture
def stays(register: Register) -> list[StayId]:
    entered = StayDraft(HOUSE, date(2026, 5, 1))
    names = ("Amina", "Blessing", "Elira")
    return [register.stays.admit(GuestDraft(name, diets=("HAL",)), entered)[1] for name in names]


@pytest.fixture
def page(qtbot: QtBot, register: Register, stays: list[StayId]) -> Iterator[MealsPage]:
    made = shown(qtbot, register)
    yield made
    made.clear()


def shown(qtbot: QtBot, register: Register, house: HouseId = HOUSE) -> MealsPage:
    made = MealsPage(Context(register, InlineRunner(), house))
    qtbot.addWidget(made)
    made.resize(1166, 716)
    made.open()
    made.show()
    made.grid.setFocus()
    return made


def press(qtbot: QtBot, page: MealsPage, *keys: Qt.Key, holding: Qt.KeyboardModifier | None = None) -> None:
    for key in keys:
        qtbot.keyClick(page.grid, key, holding or Qt.KeyboardModifier.NoModifier)


def kinds(register: Register, day: date = TODAY) -> list[tuple[str, ...]]:
    return [row.kinds for row in register.meals.sheet(HOUSE, day).rows]


def test_the_day_is_proposed_corrected_and_confirmed_by_keyboard(
    qtbot: QtBot, page: MealsPage, register: Register
) -> None:
    assert page.state.text() == "proposto dalle presenze: da confermare"
    press(qtbot, page, KEY.Key_Right, KEY.Key_Space, KEY.Key_Down, KEY.Key_S)
    assert dict(page.side.totals.lines()) == {"Colazione": 3, "Pranzo": 1, "Cena": 3, "Al sacco": 1}
    assert page.side.kitchen.lines() == (("Persone a tavola", 3), ("Senza maiale (halal)", 3))
    assert not register.meals.sheet(HOUSE, TODAY).confirmed
    press(qtbot, page, KEY.Key_Return, holding=CONTROL)
    sheet = register.meals.sheet(HOUSE, TODAY)
    assert sheet.confirmed
    assert [set(row.kinds) for row in sheet.rows] == [{"COL", "CEN"}, {"COL", "CEN", "SAC"}, set(DAY)]
    assert page.state.text() == "confermato il 15 giu, 22:00 da S. Bianchi"
    assert not page.confirm.isEnabled()
    assert page.content() == {}


def test_a_confirmed_day_that_is_changed_asks_to_be_confirmed_again(
    qtbot: QtBot, page: MealsPage, register: Register
) -> None:
    press(qtbot, page, KEY.Key_Return, holding=CONTROL)
    press(qtbot, page, KEY.Key_Space)
    assert page.state.text() == "modificato: da confermare di nuovo"
    press(qtbot, page, KEY.Key_Z, holding=CONTROL)
    assert page.state.tone() == "green"


def test_the_head_of_a_column_and_its_key_give_or_take_for_all(
    qtbot: QtBot, page: MealsPage, register: Register
) -> None:
    press(qtbot, page, KEY.Key_Space, holding=CONTROL)
    assert dict(page.side.totals.lines())["Colazione"] == 0
    at = QPoint(page.grid.cell_rect(Place(0, 0)).center().x(), 10)
    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert dict(page.side.totals.lines())["Colazione"] == 3


def test_a_click_gives_or_takes(qtbot: QtBot, page: MealsPage) -> None:
    cell = page.grid.cell_rect(Place(1, 2)).center()
    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    assert dict(page.side.totals.lines())["Cena"] == 2
    assert page.grid.describe(Place(1, 2)) == "Blessing: cena: no"


def test_a_rule_is_explained_when_it_is_met(qtbot: QtBot, page: MealsPage) -> None:
    press(qtbot, page, KEY.Key_I)
    assert page.said.text().startswith("Iftar: tolto colazione, pranzo, cena")


def test_changes_survive_another_day_and_another_page(qtbot: QtBot, page: MealsPage, register: Register) -> None:
    press(qtbot, page, KEY.Key_Space, KEY.Key_PageUp)
    assert page.day.day() == TODAY - timedelta(days=1)
    press(qtbot, page, KEY.Key_PageDown)
    assert dict(page.side.totals.lines())["Colazione"] == 2
    page.refresh()
    assert dict(page.side.totals.lines())["Colazione"] == 2
    assert kinds(register) == [DAY] * 3


def test_changes_survive_a_lock(qtbot: QtBot, page: MealsPage, register: Register) -> None:
    press(qtbot, page, KEY.Key_PageUp, KEY.Key_F, KEY.Key_Right, KEY.Key_Space)
    kept = json.dumps(page.content())
    page.clear()
    assert page.grid.rows == 0
    again = shown(qtbot, register)
    again.context.drafts = {"meals": kept}
    assert again.context.give_back(again)
    assert again.day.day() == TODAY - timedelta(days=1)
    assert again.grid.board is not None
    assert set(again.grid.board.kinds(0)) == {"COL", "CEN", "EXT"}
    assert json.loads(kept) == again.content()


def test_changes_survive_another_house_and_stay_with_their_own(
    qtbot: QtBot, page: MealsPage, register: Register
) -> None:
    other = register.houses.add(HouseDraft("Zeta", "DONNE", "PASTI", "PRI", capacity=4))
    register.stays.admit(GuestDraft("Joy"), StayDraft(other, date(2026, 5, 1)))
    press(qtbot, page, KEY.Key_Space)
    kept = page.content()
    assert kept
    page.context.house = other
    page.open()
    assert page.grid.rows == 1
    assert page.content() == {}
    page.context.house = HOUSE
    page.open()
    assert dict(page.side.totals.lines())["Colazione"] == 2
    assert page.content() == kept


def test_a_refusal_is_said_and_keeps_the_changes(
    qtbot: QtBot, page: MealsPage, register: Register, stays: list[StayId]
) -> None:
    """A guest left yesterday, and another colleague wrote it while the page was open."""
    register.stays.end(stays[0], TODAY - timedelta(days=1), "RIN", "NON_NOTA")
    press(qtbot, page, KEY.Key_Space)
    press(qtbot, page, KEY.Key_Return, holding=CONTROL)
    assert page.banner.isVisible()
    assert page.content()
    assert page.confirm.isEnabled()
    assert not register.meals.sheet(HOUSE, TODAY).confirmed


def test_a_closed_month_is_read_and_not_written(
    qtbot: QtBot, page: MealsPage, register: Register, stays: list[StayId]
) -> None:
    may = Month(2026, 5)
    register.presences.record([NightMark(stay, day, "P") for stay in stays for day in may.days])
    register.months.close(HOUSE, may)
    page.open(may.last)
    assert page.banner.isVisible()
    before = page.side.totals.lines()
    press(qtbot, page, KEY.Key_Space, KEY.Key_S)
    press(qtbot, page, KEY.Key_Space, holding=CONTROL)
    assert page.side.totals.lines() == before
    assert not page.confirm.isEnabled()


def test_no_day_is_shown_that_has_not_come(qtbot: QtBot, page: MealsPage) -> None:
    press(qtbot, page, KEY.Key_PageDown)
    assert page.day.day() == TODAY
    assert not page.after.isEnabled()


def test_a_house_that_cooks_for_itself_has_one_column(qtbot: QtBot, register: Register) -> None:
    house = register.houses.add(HouseDraft("Autonomia", "DONNE", "AUTOGESTIONE", "PRI", capacity=4))
    register.stays.admit(GuestDraft("Joy"), StayDraft(house, TODAY))
    made = shown(qtbot, register, house)
    assert made.grid.columns == 1
    assert made.side.totals.lines() == (("Giornata-vitto", 1),)
    assert not made.side.kitchen_card.isVisible()
    press(qtbot, made, KEY.Key_Return, holding=CONTROL)
    assert register.meals.sheet(house, TODAY).rows[0].kinds == ("AUT",)
    made.clear()


def test_a_house_without_guests_says_what_to_do(qtbot: QtBot, register: Register) -> None:
    made = shown(qtbot, register)
    assert made.none.isVisible()
    assert not made.confirm.isEnabled()


def test_days_whose_nights_are_not_recorded_are_not_confirmed_unless_ticked(
    qtbot: QtBot, page: MealsPage, register: Register, stays: list[StayId]
) -> None:
    full, partial = date(2026, 5, 4), date(2026, 5, 5)
    register.presences.record([NightMark(stay, full, "P") for stay in stays])
    register.presences.record([NightMark(stays[0], partial, "P")])
    waiting = register.meals.waiting(HOUSE)
    dialog = WaitingDaysDialog(page.context, page, waiting)
    qtbot.addWidget(dialog)
    assert dialog.days() == [full]
    assert dialog.boxes[partial].text().endswith("(mancano 2 presenze)")
    assert "presenz" not in dialog.boxes[full].text()
    dialog.boxes[partial].click()
    dialog.confirm.click()
    assert (dialog.confirmed, len(register.meals.waiting(HOUSE))) == (2, len(waiting) - 2)


def test_with_nothing_ticked_there_is_nothing_to_confirm(qtbot: QtBot, page: MealsPage, register: Register) -> None:
    dialog = WaitingDaysDialog(page.context, page, register.meals.waiting(HOUSE))
    qtbot.addWidget(dialog)
    assert dialog.days() == []
    assert not dialog.confirm.isEnabled()
