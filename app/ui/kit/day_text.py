"""Read a day as people type it: `22/11/2026`, `22.11.26`, `2211`, `22`.

Text in, date out; no widget and no clock here.
"""

from __future__ import annotations

import re
from datetime import date

_SEPARATED = re.compile(r"^(\d{1,2})(?:[/.\- ](\d{1,2})(?:[/.\- ](\d{2}|\d{4}))?)?[/.\- ]?$")
_SOLID = re.compile(r"^(\d{2})(\d{2})(\d{2}|\d{4})?$")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")


def _year(text: str | None, today: date) -> int:
    if not text:
        return today.year
    if len(text) == 4:
        return int(text)
    # Two digits mean the nearest past: a birth in '98, not in 2098; next year is still reached by one digit more.
    century = today.year - today.year % 100
    year = century + int(text)
    return year if year <= today.year + 1 else year - 100


def read_day(text: str, today: date) -> date:
    """Return the day that `text` means, missing parts taken from `today`.

    Raises ValueError when it means none.
    """
    text = text.strip()
    if iso := _ISO.match(text):
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    if found := _SOLID.match(text):
        return date(_year(found[3], today), int(found[2]), int(found[1]))
    if found := _SEPARATED.match(text):
        month = int(found[2]) if found[2] else today.month
        return date(_year(found[3], today), month, int(found[1]))
    raise ValueError(text)


def write_day(value: date) -> str:
    """Return `22/11/2026`, the form that a line for days shows."""
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


def add_months(value: date, months: int) -> date:
    """Return the same day some months later or earlier; the last of the month where it is shorter."""
    total = value.year * 12 + value.month - 1 + months
    year, month = divmod(total, 12)
    for last in (value.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(value)
