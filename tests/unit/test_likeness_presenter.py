"""What is said of somebody who may be in the register already."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.reference.ids import GuestId
from app.services import alike
from app.services.likeness import Likeness
from app.ui.presenters.likeness import likeness_line, reasons

HERE = Likeness(GuestId(7), "4K7T-9", "Rina", True, "Casa Uno", date(2026, 6, 1), (alike.NAME_ALIKE, alike.YEAR))


def test_who_is_here_cannot_enter_again() -> None:
    line = likeness_line(HERE)
    assert (line.where, line.can_enter) == ("presente in Casa Uno dal 1 giu 2026", False)
    assert line.why == "Nome simile, stesso anno di nascita"


def test_who_left_can() -> None:
    line = likeness_line(replace(HERE, is_here=False))
    assert (line.where, line.can_enter) == ("uscita da Casa Uno il 1 giu 2026", True)
    assert likeness_line(replace(HERE, is_here=False, day=None)).where == "Nessun soggiorno"


def test_every_reason_has_its_words() -> None:
    codes = (alike.NAME, alike.NAME_ALIKE, alike.NAMES_SWAPPED, alike.BIRTH, alike.DAY_MONTH, alike.BIRTH_NEAR)
    assert all(reasons((code,)) for code in (*codes, alike.YEAR, alike.YEAR_NEAR, alike.COUNTRY))
