"""The forms' words: complete in every language, printable, without a word that betrays, drafts until approved."""

from __future__ import annotations

import re
import string
from typing import Any

import pytest

from app.errors import UnknownCode
from app.prints.document import Words
from app.prints.font import cleaned, missing, printable
from app.prints.form_text import FormText, _is_draft, coded, form_languages
from app.reference.codelist import codelist
from app.reference.resource import read_toml, resource_path

FORMS = [
    (form, path.stem)
    for form in ("intake", "sharing")
    for path in sorted(resource_path(f"forms/{form}").glob("*.toml"))
]
HEAD = {"language", "name", "code", "version", "translates", "status", "reviewer"}
# Whoever finds the sheet in a pocket must not learn from it what its bearer went through.
BETRAYING = re.compile(
    r"\b(tratta|vittim|sfrutta|traffick|trafic|traite|trata|victim|víctim|vítim|viktim|exploit|explot|esplot"
    r"|торг|жертв|експлуат|trafik|shfryt)",
    re.IGNORECASE,
)


def _flat(table: dict[str, Any], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{before}{key}.")
        elif before or key not in HEAD:
            found[f"{before}{key}"] = value
    return found


def _texts(form: str, language: str) -> dict[str, str]:
    return _flat(read_toml(f"forms/{form}/{language}.toml"))


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(("form", "language"), FORMS)
def test_a_language_has_every_sentence_of_the_italian_form_and_the_same_places_to_fill(
    form: str, language: str
) -> None:
    italian, other = _texts(form, "it"), _texts(form, language)

    assert other.keys() == italian.keys()
    assert all(text.strip() for text in other.values())
    assert {key: _places(text) for key, text in other.items()} == {key: _places(text) for key, text in italian.items()}


@pytest.mark.parametrize(("form", "language"), FORMS)
def test_the_print_fonts_hold_every_character_of_a_form(form: str, language: str) -> None:
    assert missing("".join(_texts(form, language).values())) == set()


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_print_fonts_hold_every_character_of_the_other_prints_and_of_the_code_lists(language: str) -> None:
    texts = read_toml(f"texts/{language}/print.toml")
    labels = [
        getattr(code, f"label_{language}") for name in ("presence", "country", "language") for code in codelist(name)
    ]

    assert missing("".join([*texts.values(), *labels])) == set()


@pytest.mark.parametrize(("form", "language"), FORMS)
def test_no_form_names_what_its_bearer_went_through(form: str, language: str) -> None:
    assert [text for text in _texts(form, language).values() if BETRAYING.search(text)] == []


@pytest.mark.parametrize("language", ["it", "en"])
def test_no_other_print_names_it_either(language: str) -> None:
    texts = read_toml(f"texts/{language}/print.toml")

    assert [text for text in texts.values() if BETRAYING.search(text)] == []


def test_every_translation_is_a_draft_until_a_named_person_has_approved_it() -> None:
    for language in form_languages("intake"):
        text = read_toml(f"forms/intake/{language.code}.toml")
        assert language.is_draft == (not text["reviewer"] or text["status"] != "approvata")
        assert FormText("intake", language.code).is_draft == language.is_draft


@pytest.mark.parametrize(
    ("status", "reviewer", "translates", "draft"),
    [
        ("approvata", "Oksana Prova, mediatrice", "1.0", False),
        ("approvata", "  ", "1.0", True),
        ("bozza", "Oksana Prova, mediatrice", "1.0", True),
        ("approvata", "Oksana Prova, mediatrice", "0.9", True),
    ],
)
def test_an_approval_holds_for_one_version_of_the_italian_text(
    status: str, reviewer: str, translates: str, draft: bool
) -> None:
    translation = {"status": status, "reviewer": reviewer, "translates": translates}

    assert _is_draft(translation, {"version": "1.0"}) is draft


def test_a_form_in_italian_only_is_no_draft_and_says_each_sentence_once() -> None:
    text = FormText("intake", "it")

    assert not text.is_draft
    assert text.say("label.code") == Words("Codice ospite")
    assert text.say("mark.copy", number=3) == Words("copia n. 3")


def test_languages_are_called_as_their_speakers_call_them() -> None:
    assert {lang.code: lang.name for lang in form_languages("intake")}["sq"] == "shqip"


@pytest.mark.parametrize(
    ("choice", "list_name"),
    [
        ("gender", "gender"),
        ("birth_quality", "birth_quality"),
        ("coverage", "coverage"),
        ("status", "victim_status"),
    ],
)
def test_the_boxes_of_the_form_are_the_codes_of_the_list(choice: str, list_name: str) -> None:
    assert tuple(read_toml("forms/intake/it.toml")["choice"][choice]) == codelist(list_name).codes()


def test_a_code_that_the_form_does_not_offer_is_refused_and_does_not_vanish() -> None:
    with pytest.raises(UnknownCode):
        FormText("intake", "en").options("gender", "Z")


def test_a_label_stands_in_english_only_beside_an_english_form() -> None:
    assert coded("gender", "F", "en") == Words("Donna", "Woman")
    assert coded("gender", "F", "fr") == Words("Donna")


def test_a_text_is_composed_and_invisible_signs_are_dropped() -> None:
    assert cleaned("Jose\u0301\u200b\tMaria\r\n due") == "José Maria\n due"


def test_a_name_in_a_script_that_the_fonts_lack_is_not_printable() -> None:
    assert printable("مريم") is None
    assert printable("Ẹ̀ṣọ́ Ọbá, Олександра, Đặng") == "Ẹ̀ṣọ́ Ọbá, Олександра, Đặng"
