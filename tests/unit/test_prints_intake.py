"""Sheet A on paper: every value is there and can be found, the guest's copy keeps back what it must."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from pypdf import PdfReader

from app.errors import UnknownCode
from app.prints.intake import intake_document, intake_form, intake_languages
from app.prints.intake_sheet import ChildLine, IntakeSheet, ReservedPart
from tests.unit.prints_support import ENTE, full_sheet, page_texts, pdf_text

LANGUAGES = [language.code for language in intake_languages()]
RESERVED = ("Numero Verde", "dott.ssa Verdi", "+39 000 111", "C-07", "foto della stazione", "finisce con 88")


def form(sheet: IntakeSheet | None, language: str = "en", **options: object) -> bytes:
    return intake_form(sheet, second_language=language, ente=ENTE, **options)  # type: ignore[arg-type]  # named by tests


def test_a_filled_form_holds_every_value_in_both_languages() -> None:
    text = pdf_text(form(full_sheet(), internal=True))

    for value in (
        *("4K7T-9", "Blessing", "OSARUMWENSE-EHIGIATOR", "03/05/1999", "Costa d'Avorio", "Nigerian Pidgin"),
        *("22/11/2026", "22:40", "Emergency shelter", "2 · letto B", "Halal, senza maiale", "Arachidi, penicillina"),
        *("taglia 42", "salbutamolo", "22 settimane", "Passport", "01/03/2028", "coordinatrice", "Zia Osato"),
        *("dopo le 20", "22/05/2027", "valigia blu", "armadietto 7", "2026/114", "S. Bianchi", "mediatrice n. 4"),
        *RESERVED,
    ):
        assert value in text, value


def test_ticked_boxes_stay_in_the_text() -> None:
    text = pdf_text(form(full_sheet()))

    assert "X approssimata · approximate" in text
    assert "X STP" in text
    assert "X certa" not in text


def test_twelve_children_are_all_printed_in_order() -> None:
    text = pdf_text(form(full_sheet()))

    found = [int(n) for n in re.findall(r"Figlia(\d+)", text)]
    assert found == list(range(1, 13))


def test_the_guests_copy_leaves_out_who_sent_her_and_what_concerns_her_safety() -> None:
    text = pdf_text(form(full_sheet()))

    assert [value for value in RESERVED if value in text] == []
    assert "Parte riservata" not in text
    assert "Copia per l'ospite · Guest's copy" in text


def test_the_reserved_part_begins_a_page_of_its_own_that_can_be_taken_away() -> None:
    pages = page_texts(form(full_sheet(), internal=True))

    assert "Parte riservata" in pages[-1]
    assert not any("dott.ssa Verdi" in page for page in pages[:-1])
    assert all("Copia interna" in page for page in pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_blank_form_fits_two_pages_and_the_reserved_part_a_third(language: str) -> None:
    assert len(page_texts(form(None, language))) == 2
    assert len(page_texts(form(None, language, internal=True))) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unapproved_translation_says_so_on_every_page(language: str) -> None:
    for page in page_texts(form(None, language)):
        assert "BOZZA – traduzione non ancora validata" in page


def test_the_italian_form_says_nothing_of_drafts() -> None:
    assert "BOZZA" not in pdf_text(form(None, "it"))


def test_every_page_names_the_issuer_the_form_the_copy_and_the_guest() -> None:
    pages = page_texts(form(full_sheet(), copy_number=2, delivered_to="l'ospite"))

    for number, page in enumerate(pages, start=1):
        flat = " ".join(page.split())
        assert ENTE in flat
        assert "Modulo A · versione 1.0" in flat
        assert "copia n. 2 · consegnata a: l'ospite" in flat
        assert "4K7T-9" in flat
        assert f"pagina {number}/{len(pages)}" in flat


def test_fields_come_in_the_order_of_their_numbers() -> None:
    text = pdf_text(form(None, "it"))
    numbers = [n for n in re.findall(r"(?<![\d.])(\d{1,2}\.\d{1,2})(?= {1,3}\D)", text) if n != "1.0"]

    as_pairs = [tuple(map(int, number.split("."))) for number in numbers]
    assert as_pairs == sorted(as_pairs)
    assert len(as_pairs) > 30


def test_a_name_that_the_fonts_cannot_print_is_left_to_be_written_by_hand() -> None:
    text = pdf_text(form(full_sheet(used_name="مريم", children=(ChildLine("فاطمة"),))))

    assert text.count("scrivere a mano") == 2
    assert "?" not in text.replace("Sa leggere?", "").replace("Can read?", "")


def test_a_text_that_no_page_holds_is_continued_to_its_last_word() -> None:
    long = full_sheet(reserved=ReservedPart(avoid="zona " * 4000 + "ultima"), allergies="polline " * 900 + "fine")
    text = pdf_text(form(long, internal=True))

    assert text.count("zona") == 4000
    assert "ultima" in text
    assert text.count("polline") == 900
    assert "segue" in text


def test_signs_of_markup_in_a_value_are_printed_and_not_obeyed() -> None:
    text = pdf_text(form(full_sheet(allergies="<b>latte</b> & uova <br/> <img src='x'>")))

    assert "<b>latte</b> & uova <br/> <img src='x'>" in text


def test_an_unknown_choice_is_refused() -> None:
    with pytest.raises(UnknownCode):
        form(full_sheet(coverage="MUTUA"))


def test_the_pdf_says_its_language_and_nothing_of_people() -> None:
    from io import BytesIO

    reader = PdfReader(BytesIO(form(full_sheet(), internal=True)))
    info = reader.metadata
    assert info is not None

    assert reader.trailer["/Root"]["/Lang"] == "it"
    assert info.title == "Scheda di ingresso – Modulo A · versione 1.0"
    assert {info.get(key) for key in ("/Author", "/Subject", "/Keywords", "/Creator")} == {""}
    assert "2000" in str(info.get("/CreationDate"))


def test_every_font_is_embedded_and_subset() -> None:
    from io import BytesIO

    for page in PdfReader(BytesIO(form(full_sheet(), "uk"))).pages:
        for name, font in page["/Resources"]["/Font"].items():
            made = font.get_object()
            assert "/FontFile2" in made["/FontDescriptor"].get_object(), name
            assert re.match(r"/[A-Z]{6}\+", made["/BaseFont"])


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert form(full_sheet(), "fr", internal=True) == form(full_sheet(), "fr", internal=True)


def test_every_field_of_the_sheet_has_a_place_on_the_form() -> None:
    # Each text field in turn holds a word that stands nowhere else.
    for field in fields(IntakeSheet):
        if field.type in ("str", str):
            text = repr(intake_document(full_sheet(**{field.name: "Unicum"}), second_language="en", ente=ENTE))
            assert "Unicum" in text, field.name
