"""The sheet for the day the computer is gone: one page, counts only, words that betray nobody."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from app.prints.font import missing
from app.prints.lost_computer import LostComputerSheet, lost_computer_sheet
from app.reference.resource import read_toml

NAMES = ("guests", "here_now", "stays", "nights", "referrals", "legal", "documents", "notes")
SHEET = LostComputerSheet(
    ente="Fondazione Approdi Esempio – ente del Terzo settore (ETS), Impresa sociale",
    contacts=tuple(f"Coordinamento {n}, reperibile anche di notte: +39 000 000 000{n}" for n in range(8)),
    made_on=date(2026, 11, 22),
    label="65EEA87B",
    counts=tuple((name, 1204) for name in NAMES),
    first_day=date(2019, 3, 1),
    last_backup=date(2026, 11, 21),
    cipher="4.19.0 community",
    device_secret=True,
)


def pages(sheet: LostComputerSheet, *, english: bool = False) -> list[str]:
    reader = PdfReader(io.BytesIO(lost_computer_sheet(sheet, english=english)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


@pytest.mark.parametrize("device_secret", [True, False])
def test_the_italian_sheet_is_one_page_with_all_that_is_asked_on_that_day(device_secret: bool) -> None:
    (text,) = pages(replace(SHEET, device_secret=device_secret))
    for said in ("72 ore", "Coordinamento 7", "1.204", "22/11/2026", "21/11/2026", "65EEA87B", "Argon2id"):
        assert said in text
    assert ("insieme a un segreto nel portachiavi" in text) == device_secret


def test_what_is_not_known_yet_is_said_and_left_to_be_written_by_hand() -> None:
    (text,) = pages(replace(SHEET, contacts=(), first_day=None, last_backup=None))
    assert "nessuno" in text
    assert "nessuna" in text


def test_beside_english_it_stands_in_both_languages() -> None:
    text = " ".join(pages(SHEET, english=True))
    assert "Computer smarrito o rubato" in text
    assert "Computer lost or stolen" in text


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_print_fonts_hold_every_character_of_it(language: str) -> None:
    texts = read_toml(f"texts/{language}/print.toml")
    assert missing("".join(text for name, text in texts.items() if name.startswith("loss_"))) == set()
