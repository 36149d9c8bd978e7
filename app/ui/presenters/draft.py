"""Values of a kept form, read back with care: a draft may come from an older Approdo.

Anything of another kind than expected counts as not filled in.
"""

from __future__ import annotations

from datetime import date


def as_text(value: object) -> str:
    """Return a text; anything else is empty."""
    return value if isinstance(value, str) else ""


def as_texts(value: object) -> tuple[str, ...]:
    """Return the texts of a list; anything else is left out."""
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list | tuple) else ()


def as_number(value: object) -> int | None:
    """Return a whole number, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def day_from_text(value: object) -> date | None:
    """Return the day written in ISO form, or None."""
    try:
        return date.fromisoformat(as_text(value))
    except ValueError:
        return None
