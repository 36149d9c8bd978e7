"""The presence register: every guest on paper once, sums that match the letters, room to sign."""

from __future__ import annotations

import re

import pytest

from app.errors import UnknownCode
from app.prints.presence import PresenceLine, PresenceSheet, presence_register
from tests.unit.prints_support import ENTE, page_texts, pdf_text, register_sheet


def test_forty_guests_stand_once_each_on_two_pages_with_the_header_repeated() -> None:
    pages = page_texts(presence_register(register_sheet(40)))
    codes = [code for page in pages for code in re.findall(r"\d{4}-K", page)]

    assert len(pages) == 2
    assert codes == [f"{n:04d}-K" for n in range(1, 41)]
    assert all("Ospite" in page and "Sigla del turno" in page and "pagina" in page for page in pages)


def test_sums_and_signatures_stand_on_the_last_page_only() -> None:
    pages = page_texts(presence_register(register_sheet(40)))

    for words in ("Presenti nella notte", "Coordinamento (nome e firma)", "Registro chiuso il"):
        assert [words in page for page in pages] == [False, True]


@pytest.mark.parametrize("guests", [0, 1, 19, 20, 21, 26, 47, 90])
def test_no_number_of_guests_loses_a_row(guests: int) -> None:
    pages = page_texts(presence_register(register_sheet(guests)))

    assert sum(len(re.findall(r"\d{4}-K", page)) for page in pages) == guests
    assert "Presenti nella notte" in pages[-1]


def test_nights_and_authorised_absences_are_those_that_the_letters_say() -> None:
    line = PresenceLine("0001-K", "B.O.", "1/A", ("-", "P", "P", "A", "O", "G", "L", "N", "", *["P"] * 22))
    text = pdf_text(presence_register(PresenceSheet(ENTE, "C-07", year=2026, month=10, lines=(line,))))

    assert re.search(r"P 24 4 Sigla del turno", text)
    assert "Notti: caselle P. Aut. (assenze autorizzate): caselle A, O, G, L." in text


def test_a_night_that_nobody_recorded_has_no_total_and_an_empty_night_has_a_zero() -> None:
    cells = ("P", "N", "", *[""] * 28)
    sheet = PresenceSheet(ENTE, "C-07", year=2026, month=10, lines=(PresenceLine("0001-K", cells=cells),))

    assert re.search(r"Presenti nella notte 1 0 1 0", pdf_text(presence_register(sheet)))


@pytest.mark.parametrize(("year", "month", "days"), [(2026, 2, 28), (2028, 2, 29), (2026, 11, 30), (2026, 12, 31)])
def test_the_month_has_its_own_days(year: int, month: int, days: int) -> None:
    text = pdf_text(presence_register(PresenceSheet(ENTE, year=year, month=month, blank_lines=2)))

    assert str(days) in text
    assert str(days + 1) not in text


def test_the_blank_register_leaves_month_house_and_rows_to_the_hand() -> None:
    pages = page_texts(presence_register(PresenceSheet(ENTE, blank_lines=18)))

    assert len(pages) == 1
    assert "mese ____" in pages[0]
    assert "31" in pages[0]
    assert "18" in pages[0]


def test_the_legend_explains_every_letter_on_every_page() -> None:
    for page in page_texts(presence_register(register_sheet(40))):
        for entry in ("P presente", "O in ospedale", "N assente non giustificata"):
            assert entry in page


def test_a_line_of_another_month_is_refused() -> None:
    with pytest.raises(ValueError, match="30 cells for 31 days"):
        presence_register(register_sheet(0, lines=(PresenceLine("0001-K", cells=("P",) * 30),)))


def test_a_letter_of_no_list_is_refused() -> None:
    with pytest.raises(UnknownCode):
        presence_register(register_sheet(0, lines=(PresenceLine("0001-K", cells=("Z",) * 31),)))
