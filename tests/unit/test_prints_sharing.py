"""The sheet for who asks "who sees this about me": complete, in her language, without a word that betrays."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from app.prints.sharing import ROLES, Readers, SharingSheet, sharing_form, sharing_languages
from app.reference.codelist import codelist
from app.reference.resource import read_toml, resource_path
from tests.unit.prints_support import ENTE, page_texts, pdf_text

LANGUAGES = sorted(path.stem for path in resource_path("forms/sharing").glob("*.toml"))
TOPICS = tuple(read_toml("forms/sharing/it.toml")["topic"])
SHEET = SharingSheet(ENTE, tuple(Readers(topic, ROLES[:2]) for topic in TOPICS), 5, 5, 60)
HERS = replace(SHEET, code="4K7T-9", uncounted_since=date(2026, 11, 3))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_is_at_most_two_sides_in_every_language(language: str) -> None:
    assert len(page_texts(sharing_form(HERS, second_language=language))) <= 2


def test_it_says_who_reads_what_leaves_and_what_never_does() -> None:
    text = pdf_text(sharing_form(HERS, second_language="en"))
    for said in ("Coordinamento", "Chi ha guardato la tua scheda", "Ogni gruppo ha almeno 5 persone", "60 mesi"):
        assert said in text
    for said in ("Who has looked at your record", "Each group has at least 5 persons", "data protection authority"):
        assert said in text
    assert "DRAFT" in text


def test_the_numbers_on_it_are_those_of_the_house() -> None:
    text = pdf_text(sharing_form(replace(SHEET, threshold=8, group=8, months_kept=24), second_language="it"))
    assert "meno di 8 persone non esce" in text
    assert "«Africa 10, altri Paesi 8»" in text
    assert "24 mesi" in text


def test_a_guest_reads_whether_she_is_counted_and_a_blank_sheet_names_nobody() -> None:
    hers = pdf_text(sharing_form(HERS, second_language="it"))
    assert "4K7T-9" in hers
    assert "non sei contata, dal 03/11/2026" in hers
    assert "sei contata" in pdf_text(sharing_form(replace(HERS, uncounted_since=None), second_language="it"))
    assert "Codice ospite" not in pdf_text(sharing_form(SHEET, second_language="it"))


def test_every_role_of_the_list_has_its_column() -> None:
    assert set(ROLES) == set(codelist("role").codes())
    assert set(read_toml("forms/sharing/it.toml")["role"]) == set(ROLES)


def test_every_second_language_is_a_draft_until_somebody_approved_it() -> None:
    assert all(language.is_draft for language in sharing_languages())


def test_no_house_is_named_on_it() -> None:
    assert not re.search(r"Casa di|C\d\d\b", pdf_text(sharing_form(HERS, second_language="en")))
