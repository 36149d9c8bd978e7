"""Every sentence that a person reads, in the language she chose, from `resources/texts/<language>/<area>.toml`.

The key `area.name` names a sentence; adding a language is adding a folder. No domain rule lives here.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from app.reference.resource import read_toml, resource_path

if TYPE_CHECKING:
    from app.errors import ApprodoError

DEFAULT_LANGUAGE = "it"

_language = DEFAULT_LANGUAGE


def languages() -> list[str]:
    """Return the languages that the interface speaks, Italian first."""
    found = {p.name for p in resource_path("texts").iterdir() if p.is_dir()}
    return [DEFAULT_LANGUAGE, *sorted(found - {DEFAULT_LANGUAGE})]


def use_language(code: str) -> None:
    """Make `code` the language of every sentence from now on; an unknown one means Italian."""
    global _language  # noqa: PLW0603 - one process speaks one language, as with gettext
    _language = code if code in languages() else DEFAULT_LANGUAGE


def language() -> str:
    """Return the code of the language in use."""
    return _language


@cache
def _area(language_code: str, area: str) -> dict[str, object]:
    return read_toml(f"texts/{language_code}/{area}.toml")


def _entry(key: str) -> object:
    area, _, name = key.partition(".")
    return _area(_language, area)[name]


def tr(key: str, /, **values: object) -> str:
    """Return the sentence `area.name` with its places filled in.

    Raises KeyError when there is no such sentence: a missing text is a bug that a test must see.
    """
    entry = _entry(key)
    if not isinstance(entry, str):
        raise KeyError(key)
    return entry.format(**values) if values else entry


def tr_n(key: str, n: int, /, **values: object) -> str:
    """Return the form of a sentence that goes with the number `n` (one / other, CLDR for Italian and English)."""
    forms = _entry(key)
    if not isinstance(forms, dict):
        raise KeyError(key)
    return str(forms["one" if n == 1 else "other"]).format(n=n, **values)


def say_day(value: date) -> str:
    """Return `22 nov 2026`."""
    return f"{value.day} {tr('calendar.months_short').split(',')[value.month - 1]} {value.year}"


def say_month(year: int, month: int) -> str:
    """Return `novembre 2026`."""
    return f"{tr('calendar.months').split(',')[month - 1]} {year}"


@runtime_checkable
class _MonthLike(Protocol):
    """A month, whichever layer defines it."""

    year: int
    number: int


class _Told(dict[str, object]):
    """The values of an error; what is not known (the store only names the rule) shows as three dots."""

    def __missing__(self, key: str) -> object:
        return "…"


def say_error(error: ApprodoError) -> str:
    """Return the sentence that explains a deliberate error to the operator; it never fails for a missing value."""
    entry = _entry(error.key)
    if not isinstance(entry, str):
        raise KeyError(error.key)
    return entry.format_map(_Told({name: _in_words(value) for name, value in error.params.items()}))


def _in_words(value: object) -> object:
    if isinstance(value, date):
        return say_day(value)
    if isinstance(value, _MonthLike):
        return say_month(value.year, value.number)
    return value
