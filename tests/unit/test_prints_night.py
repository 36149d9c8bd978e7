"""The sheet for nights without electricity: everybody once, by room, and nothing that endangers whoever is on it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from app.prints.presence_night import NightPaper, NightRow, night_sheet
from tests.unit.prints_support import page_texts, pdf_text

MONDAY = date(2026, 11, 23)
WEEK = tuple(MONDAY + timedelta(days=n) for n in range(7))
MEALS = ("COL", "PRA", "CEN")


def paper(guests: int, nights: tuple[date, ...] = WEEK, meals: tuple[str, ...] = MEALS) -> NightPaper:
    rows = tuple(
        NightRow(f"{n:04d}-K", "B.O.", str((n + 2) // 3), f"{(n + 2) // 3}{'ABC'[n % 3]}", (n == 1,) * len(nights))
        for n in range(1, guests + 1)
    )
    return NightPaper(nights, rows, meals, "C01")


@pytest.mark.parametrize("nights", [WEEK, WEEK[:1]])
@pytest.mark.parametrize("guests", [0, 1, 14, 40])
def test_every_guest_stands_once_under_her_room_and_every_page_says_which_nights(
    guests: int, nights: tuple[date, ...]
) -> None:
    pages = page_texts(night_sheet(paper(guests, nights)))
    assert [code for page in pages for code in re.findall(r"\d{4}-K", page)] == [
        f"{n:04d}-K" for n in range(1, guests + 1)
    ]
    text = " ".join(pages)
    assert all(f"Stanza {room}" in text for room in range(1, (guests + 2) // 3 + 1))
    assert all("23/11/2026" in page and "Sigla di chi scrive" in page for page in pages)


def test_fourteen_guests_and_a_week_go_on_one_page_with_rows_for_who_arrives() -> None:
    pages = page_texts(night_sheet(paper(14)))
    assert len(pages) == 1
    assert "17" in pages[0]
    assert "Righe da compilare" in pages[0]


def test_the_letters_are_those_of_the_screen_and_no_word_says_who_lives_there() -> None:
    text = pdf_text(night_sheet(paper(3)))
    for letter in "PAOGLN":
        assert re.search(rf"\b{letter} \w", text)
    for word in ("Approdo", "ospit", "vittim", "tratta", "giustizia", "udienza", "ospedale"):
        assert word.casefold() not in text.casefold()


def test_a_house_whose_meals_nobody_writes_down_has_no_boxes_for_them() -> None:
    text = pdf_text(night_sheet(paper(3, meals=())))
    assert "Cena" not in text
    assert "Pasti" not in text
