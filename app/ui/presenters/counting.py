"""Whether a guest is counted in breakdowns that are still to leave, and why not, in words.

Plain Python; who is left out of which table is decided in `app.disclosure`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.reference.codelist import codelist
from app.reference.format import day
from app.reference.texts import tr
from app.ui.presenters.moment import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.counting import CountingSheet, UncountedRow
    from app.ui.colour import Tone

LIST = "uncounted"


@dataclass(frozen=True, slots=True)
class UncountedLine:
    """A reason with its days; `can_end` while it holds."""

    id: int
    reason: str
    note: str
    since: date
    can_end: bool


def chip(sheet: CountingSheet) -> tuple[Tone, str, str]:
    """Return whether she is counted now, as a chip."""
    if any(row.stands for row in sheet.rows):
        return "violet", tr("disclosure.uncounted_no"), "visibility_off"
    return "green", tr("disclosure.uncounted_yes"), "check"


def lines(sheet: CountingSheet) -> tuple[UncountedLine, ...]:
    """Return every reason that was written, those that hold first."""
    rows: Sequence[UncountedRow] = sorted(sheet.rows, key=lambda row: (not row.stands, -row.since.toordinal()))
    return tuple(
        UncountedLine(row.id, codelist(LIST).label(row.kind), _note(row), row.since, can_end=row.stands) for row in rows
    )


def _note(row: UncountedRow) -> str:
    span = tr("disclosure.uncounted_since", day=day(row.since))
    if row.until is not None:
        span = tr("disclosure.uncounted_span", day=day(row.since), until=day(row.until - timedelta(days=1)))
    if not row.by:
        return span
    return f"{span} · {tr('disclosure.uncounted_by', who=row.by, when=moment(row.at))}"
