"""Days, months and numbers as people here write them: `22 nov 2026`, `1.204`, `3,2`.

Formatting only; which day an event belongs to is decided in `app.models.night`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.reference.texts import language, say_day, say_month, tr


def _list(name: str) -> list[str]:
    return tr(f"calendar.{name}").split(",")


def day(value: date) -> str:
    """Return `22 nov 2026`."""
    return say_day(value)


def day_short(value: date) -> str:
    """Return `22 nov`."""
    return f"{value.day} {_list('months_short')[value.month - 1]}"


def day_long(value: date) -> str:
    """Return `domenica 22 novembre 2026`."""
    weekday = _list("weekdays")[value.weekday()]
    return f"{weekday} {value.day} {_list('months')[value.month - 1]} {value.year}"


def weekday_letter(value: date) -> str:
    """Return the letter that heads a day's column."""
    return _list("weekday_letters")[value.weekday()]


def month_long(year: int, month: int) -> str:
    """Return `novembre 2026`."""
    return say_month(year, month)


def number(value: int | Decimal) -> str:
    """Return the number with the thousands and decimal marks of the language."""
    text = f"{value:,}"
    return text if language() == "en" else text.translate(str.maketrans(",.", ".,"))


def file_size(count: int) -> str:
    """Return a size in bytes as people read it: `214 kB`, `3,1 MB`."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} kB"
    return f"{number(Decimal(round(count / 100_000)) / 10)} MB"
