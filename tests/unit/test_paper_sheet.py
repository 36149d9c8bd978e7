"""Nights that were kept on paper, as they are typed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.ids import GuestId, HouseId, StayId
from app.services.presence import GridRow, NightLine, NightSheet
from app.ui.presenters.night_state import state_codes
from app.ui.presenters.paper_sheet import PaperSheet

FIRST = date(2026, 6, 8)
NIGHTS = tuple(FIRST + timedelta(days=n) for n in range(7))


def sheet(*lines: tuple[str, ...], today: date = date(2026, 6, 15)) -> PaperSheet:
    """Make a sheet of guests with what the register holds of the seven nights."""
    rows = tuple(
        NightLine(GridRow(StayId(n), GuestId(n), f"C-{n}", f"Ospite {n}", cells), "1")
        for n, cells in enumerate(lines or (("",) * 7,), start=1)
    )
    return PaperSheet(NightSheet(HouseId(1), NIGHTS, today, rows))


def written(made: PaperSheet) -> str:
    return "".join(mark.state or "" for mark in made.marks())


@given(st.lists(st.sampled_from(state_codes()), min_size=7, max_size=7))
def test_seven_letters_are_seven_nights(letters: list[str]) -> None:
    made = sheet()
    assert made.type(0, "".join(letters).lower()).problem == ""
    assert [(mark.night, mark.state) for mark in made.marks()] == list(zip(NIGHTS, letters, strict=True))


def test_the_keys_of_the_grid_are_those_of_the_sheet_and_a_full_stop_leaves_a_night() -> None:
    made = sheet()
    made.type(0, " pX.-oO")
    assert written(made) == "PPNOO"
    assert [mark.night for mark in made.marks()][-2:] == list(NIGHTS[5:])


def test_an_empty_line_changes_nothing_and_neither_does_what_is_recorded_already() -> None:
    made = sheet(("P",) * 7, ("P", "A", "", "", "", "", ""))
    made.type(1, "PAP....")
    assert [(mark.stay, mark.night) for mark in made.marks()] == [(StayId(2), NIGHTS[2])]


def test_a_state_over_another_is_told_before_it_is_written() -> None:
    made = sheet(("P", "A", "", "", "", "", ""))
    made.type(0, "PPPPPPP")
    assert made.say(0).endswith("cambia 1 notte già registrata")


def test_a_plus_repeats_the_last_letter_to_the_end_of_the_stay() -> None:
    made = sheet(("", "", "", "", "", "-", "-"))
    assert made.type(0, "PA+").problem == ""
    assert written(made) == "PAAAA"
    assert made.type(0, "+").problem


def test_only_the_nights_of_the_stay_may_be_typed() -> None:
    made = sheet(("-", "-", "", "", "", "", ""))
    made.type(0, "PPPAP")
    assert written(made) == "PPPAP"
    made.type(0, "--PPPAP")
    assert written(made) == "PPPAP"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("PPP", "Mancano 4 notti: 3 lettere su 7."),
        ("PPPPPPPP", "Una lettera di troppo: 8 su 7."),
        ("PPZPPPP", "«Z» il 10 giu non è uno stato."),
        ("PPPPPPP", "Il 14 giu l’ospite non aveva un soggiorno: usa –."),
    ],
)
def test_what_cannot_be_read_says_why_and_is_not_written(typed: str, problem: str) -> None:
    made = sheet(("", "", "", "", "", "", "-"), ("",) * 7)
    made.type(1, "PPPPPPP")
    assert made.type(0, typed).problem == problem
    assert made.first_wrong() == 0
    assert {mark.stay for mark in made.marks()} == {StayId(2)}


def test_a_night_that_has_not_come_is_refused() -> None:
    made = sheet(today=NIGHTS[4])
    assert made.type(0, "PPPPPPP").problem == "La notte del 13 giu deve ancora venire."
    assert made.type(0, "P+").problem == ""
    assert written(made) == "PPPPP"


@given(st.text(max_size=12))
def test_whatever_is_typed_only_states_of_the_list_are_written_and_never_outside_the_stay(typed: str) -> None:
    made = sheet(("-", "", "", "", "", "", "-"))
    made.type(0, typed)
    assert all(mark.state in state_codes() and NIGHTS[0] < mark.night < NIGHTS[6] for mark in made.marks())
