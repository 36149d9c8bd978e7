"""What is said of a health coverage: its state as a chip, its days, which kinds have an expiry and a number.

Plain Python; the number itself never passes here but to be judged in a form.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import day
from app.reference.texts import tr, tr_n
from app.services.coverage import may_have_number, number_fits, tidy_number
from app.ui.presenters.state import State

if TYPE_CHECKING:
    from app.services.coverage import CoverageRow, HouseCoverage
    from app.ui.colour import Tone

_STATES: dict[str, tuple[Tone, str]] = {
    "past": ("grey", "history"),
    "valid": ("green", "check_circle"),
    "expiring": ("amber", "alarm"),
    "expired": ("red", "error"),
    "undated": ("amber", "help"),
    "missing": ("amber", "block"),
    "to_check": ("amber", "help"),
}


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds of coverage to choose from."""
    return [(code.code, code.label()) for code in codelist("coverage")]


def kind(code: str) -> str:
    """Return what a kind of coverage is called."""
    return codelist("coverage").label(code)


def kind_short(code: str) -> str:
    """Return the name of a kind without what stands in brackets."""
    return kind(code).partition(" (")[0]


def expires(code: str) -> bool:
    """Tell whether a kind of coverage has an expiry."""
    return codelist("coverage").get(code).flag("expires")


def state(row: CoverageRow | None) -> State:
    """Return the state of a coverage as a chip; None is one that nobody wrote."""
    if row is None:
        return State("grey", tr("coverage.state_unknown"), "remove")
    tone, icon = _STATES[row.state]
    return State(tone, _word(row), icon)


def _word(row: CoverageRow) -> str:
    left = row.days_left
    if row.state == "expiring" and left is not None:
        return tr("coverage.state_today") if left == 0 else tr_n("coverage.state_expiring", left)
    return tr(f"coverage.state_{row.state}")


def days(row: CoverageRow) -> str:
    """Return from when and until when, as far as it is known."""
    begun = tr("coverage.from_day", day=day(row.from_day))
    return f"{begun} · {tr('coverage.until_day', day=day(row.until_day))}" if row.until_day else begun


def needs_hand(rows: tuple[HouseCoverage, ...]) -> int:
    """Return of how many guests the coverage has expired or soon will, or was never written."""
    pressing = ("expired", "expiring")
    return sum(row.coverage is None or row.coverage.state in pressing for row in rows)


def number_problem(code: str, typed: str) -> str:
    """Return what is wrong with the number that was typed, as a sentence for the field; empty when nothing is."""
    tidy = tidy_number(typed)
    if not tidy or not may_have_number(code) or number_fits(code, tidy):
        return ""
    known = bool(codelist("coverage").get(code).text("pattern"))
    return tr("coverage.number_wrong", kind=code) if known else tr("coverage.number_long")


def number_help(code: str) -> str:
    """Return what a number of this kind looks like."""
    return tr("coverage.number_help_form", kind=code) if codelist("coverage").get(code).text("pattern") else ""


def until_help(proposed: date | None) -> str:
    """Return that the expiry is only proposed, where it is."""
    return tr("coverage.until_proposed") if proposed is not None else ""
