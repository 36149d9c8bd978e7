"""Births as people tell them: a day, a year, an age; what is written of them, and how certain it is.

It asks nobody; whether a birth is that of a minor is decided in `app.services`.
"""

from __future__ import annotations

import re
from datetime import date

from app.ui.kit.day_text import add_months, read_day, write_day

YEAR_ONLY, CERTAIN, UNKNOWN, ROUGH = "ANNO", "CERTA", "IGNOTA", "APPROSS"
_YEAR = re.compile(r"^(19|20)\d\d$")
_AGE = re.compile(r"^(\d{1,2}) ?(?:a|anno|anni|y|year|years)$")
_MONTHS = re.compile(r"^(\d{1,2}) ?(?:m|mese|mesi|month|months)$")
_NO_YEAR = re.compile(r"^\d{1,2}(?:[/.\- ]\d{1,2})?[/.\- ]?$|^\d{4}$")


def read_birth(text: str, today: date) -> date | None:
    """Return the birth date that was typed; a year or an age alone means the first day of a year, as on permits.

    `6 anni` and `8 mesi` are read too, because that is how people tell a child's age. Raises ValueError when it is
    none of these: a day without its year is half typed.
    """
    plain = text.strip().casefold()
    if not plain:
        return None
    if _YEAR.match(plain):
        return date(int(plain), 1, 1)
    if age := _AGE.match(plain):
        return date(today.year - int(age[1]), 1, 1)
    if months := _MONTHS.match(plain):
        return add_months(today.replace(day=1), -int(months[1]))
    if _NO_YEAR.match(plain):
        raise ValueError(text)
    found = read_day(plain, today)
    # Two digits mean the century that is over: '27, typed in 2026, is nobody's next year.
    short = found.year > today.year and re.search(r"\D\d{2}$|^\d{6}$", plain)
    return found.replace(year=found.year - 100) if short else found


def write_birth(birth: date | None, quality: str) -> str:
    """Return a birth date as its line shows it."""
    if birth is None:
        return ""
    return str(birth.year) if quality == YEAR_ONLY else write_day(birth)


def quality_of(text: str, chosen: str) -> str:
    """Return the quality that goes with what was typed, keeping a choice that fits."""
    plain = text.strip()
    if not plain:
        return UNKNOWN
    if _YEAR.match(plain):
        return YEAR_ONLY
    if _AGE.match(plain.casefold()) or _MONTHS.match(plain.casefold()):
        return ROUGH
    return CERTAIN if chosen in {UNKNOWN, YEAR_ONLY} else chosen
