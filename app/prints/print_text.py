"""The words of prints that are no bilingual form, Italian and English at once, from `texts/<language>/print.toml`.

The interface's own language plays no part: a print says which languages it is in.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from app.prints.document import Head, Texts, Words
from app.reference.codelist import codelist
from app.reference.resource import read_toml

ITALIAN, ENGLISH = "it", "en"


@cache
def _area(language: str, area: str) -> dict[str, Any]:
    return read_toml(f"texts/{language}/{area}.toml")


class PrintText:
    """The words of a print in Italian and, when `english` is asked for, in English."""

    def __init__(self, *, english: bool = True) -> None:
        self.english = english

    def say(self, name: str, /, **values: object) -> Words:
        """Return a sentence of the area `print`, its places filled in; raises KeyError for a missing one."""
        italian = str(_area(ITALIAN, "print")[name])
        other = str(_area(ENGLISH, "print")[name]) if self.english else ""
        return Words(italian.format(**values), other.format(**values)) if values else Words(italian, other)

    def month(self, year: int, month: int) -> Words:
        """Return `novembre 2026` and `November 2026`."""
        names = [str(_area(code, "calendar")["months"]).split(",")[month - 1] for code in (ITALIAN, ENGLISH)]
        return self.of(Words(f"{names[0]} {year}", f"{names[1]} {year}"))

    def weekday_letters(self) -> list[str]:
        """Return the Italian letters of Monday to Sunday."""
        return str(_area(ITALIAN, "calendar")["weekday_letters"]).split(",")

    def code(self, list_name: str, code: str) -> Words:
        """Return the label of a code; raises UnknownCode."""
        entry = codelist(list_name).get(code)
        return self.of(Words(entry.label_it, entry.label_en))

    def of(self, words: Words) -> Words:
        """Return words without the second language where the print has none."""
        return words if self.english else Words(words.it)

    def texts(self) -> Texts:
        """Return the marks that the setter needs."""
        return Texts(self.say("by_hand"), self.say("continued"))

    def head(self, issuer: str, name: str, *, project: str = "", subject: str = "", title: str = "") -> Head:
        """Return the head of the print whose words begin with `name`; `title` names another sentence for its title."""
        return Head(
            issuer=issuer,
            project=project,
            words=self.say(title or f"{name}_title"),
            form=self.say(f"{name}_form"),
            subject=subject,
            page=self.say("page"),
        )


def short_date(value: date) -> str:
    """Return `22/11/2026`, which both columns of a print can share."""
    return value.strftime("%d/%m/%Y")


def grouped(number: int) -> str:
    """Return a whole number with the Italian mark for thousands: `1.204`."""
    return f"{number:,}".replace(",", ".")
