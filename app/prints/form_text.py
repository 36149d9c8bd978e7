"""The words of a form in Italian and a second language, from `resources/forms/<form>/<language>.toml`.

A translation is a draft until a named person has approved it for the version of the Italian text that is printed;
nobody's approval is invented here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from app.errors import UnknownCode
from app.prints.document import Option, Words
from app.reference.codelist import codelist
from app.reference.resource import read_toml, resource_path

ITALIAN = "it"
ENGLISH = "en"
APPROVED = "approvata"


@dataclass(frozen=True, slots=True)
class FormLanguage:
    """A language that a form can be printed in; `name` is what its speakers call it."""

    code: str
    name: str
    is_draft: bool
    reviewer: str = ""


@cache
def _load(form: str, language: str) -> dict[str, Any]:
    return read_toml(f"forms/{form}/{language}.toml")


def _is_draft(translation: dict[str, Any], original: dict[str, Any]) -> bool:
    return not (
        translation["status"] == APPROVED
        and str(translation["reviewer"]).strip()
        and translation["translates"] == original["version"]
    )


def form_languages(form: str) -> list[FormLanguage]:
    """Return the second languages of a form, by the name their speakers use."""
    original = _load(form, ITALIAN)
    codes = sorted(path.stem for path in resource_path(f"forms/{form}").glob("*.toml"))
    found = [(code, _load(form, code)) for code in codes if code != ITALIAN]
    return [
        FormLanguage(code, text["name"], is_draft=_is_draft(text, original), reviewer=text["reviewer"])
        for code, text in found
    ]


def coded(list_name: str, code: str, second_language: str) -> Words:
    """Return the label of a code for a form; beside Italian only where the list is kept in that language.

    Raises UnknownCode.
    """
    entry = codelist(list_name).get(code)
    return Words(entry.label_it, entry.label_en if second_language == ENGLISH else "")


class FormText:
    """The words of one form; a second language `it` makes a form in Italian only."""

    def __init__(self, form: str, second_language: str) -> None:
        self._italian = _load(form, ITALIAN)
        self._other = None if second_language == ITALIAN else _load(form, second_language)
        self.language = second_language

    @property
    def version(self) -> str:
        """Return the version of the Italian text."""
        return str(self._italian["version"])

    @property
    def code(self) -> str:
        """Return the code of the form."""
        return str(self._italian["code"])

    @property
    def is_draft(self) -> bool:
        """Tell whether the second language still waits for a named reviewer."""
        return self._other is not None and _is_draft(self._other, self._italian)

    def say(self, key: str, /, **values: object) -> Words:
        """Return the words `table.name`, their places filled in; raises KeyError for a missing text."""
        table, _, name = key.rpartition(".")
        italian = _entry(self._italian, table)[name]
        other = "" if self._other is None else _entry(self._other, table)[name]
        if values:
            return Words(italian.format(**values), other.format(**values))
        return Words(italian, other)

    def options(self, name: str, ticked: str | None = None) -> tuple[Option, ...]:
        """Return the boxes of a choice in the order of the Italian text, the one named `ticked` crossed.

        Raises UnknownCode when `ticked` is none of them: a code that the form cannot show must not vanish.
        """
        keys = list(_entry(self._italian, f"choice.{name}"))
        if ticked is not None and ticked not in keys:
            raise UnknownCode(list=name, code=ticked)
        return tuple(Option(self.say(f"choice.{name}.{key}"), ticked=key == ticked) for key in keys)


def _entry(text: dict[str, Any], table: str) -> dict[str, str]:
    for part in table.split("."):
        text = text[part]
    return text
