"""What the month says of what is chosen."""

from __future__ import annotations

from app.ui.presenters.grid_line import say_cell, say_choice, say_range
from app.ui.presenters.month_sheet import MonthSheet
from tests.unit.test_month_sheet import plain_grid


def test_a_cell_names_guest_night_and_state_and_why_it_cannot_be_written() -> None:
    sheet = MonthSheet(plain_grid())
    sheet.write([(0, 0)], "O")
    assert say_cell(sheet, 0, 0) == "Ospite 1, lunedì 1 giugno 2026: in ospedale"
    assert say_choice(sheet, range(1), range(1))[1] == ""
    words, why = say_choice(sheet, range(1, 2), range(1))
    assert words.endswith("fuori dal soggiorno")
    assert why == "Qui non si scrive: l’ospite non aveva un soggiorno."
    assert say_choice(sheet, range(1), range(20, 21))[1] == "Qui non si scrive ancora."


def test_a_range_is_counted() -> None:
    sheet = MonthSheet(plain_grid())
    sheet.write([(0, 0), (0, 1), (2, 0)], "P")
    sheet.write([(2, 1)], "N")
    assert say_range(sheet, range(3), range(3)) == "9 caselle: presenti 3, fuori 1, da registrare 2"


def test_a_closed_month_says_so_everywhere() -> None:
    sheet = MonthSheet(plain_grid(closed=True))
    assert say_choice(sheet, range(3), range(3))[1] == "Il mese è chiuso: non si modifica."
    assert say_choice(sheet, range(1), range(1))[1] == "Il mese è chiuso: non si modifica."
