"""The columns of the list of coverages of those who are in the house; never a number.

What a state is called and how it looks is said in `app.ui.presenters.coverage`.
"""

from __future__ import annotations

from datetime import date

from app.reference.format import day
from app.reference.texts import tr
from app.services.coverage import HouseCoverage
from app.ui.kit import Column, RowModel
from app.ui.presenters import coverage as words

_NEVER = date.max


def coverage_model() -> RowModel[HouseCoverage]:
    """Return an empty model."""
    return RowModel(
        [
            Column(tr("coverage.column_guest"), lambda row: row.name_used, "strong", note=lambda row: row.code),
            Column(
                tr("coverage.column_kind"),
                lambda row: words.kind_short(row.coverage.kind) if row.coverage else "–",
                tip=lambda row: words.kind(row.coverage.kind) if row.coverage else "",
            ),
            Column(
                tr("coverage.column_until"),
                lambda row: day(row.coverage.until_day) if row.coverage and row.coverage.until_day else "–",
                sort=lambda row: row.coverage.until_day or _NEVER if row.coverage else _NEVER,
                width=120,
            ),
            Column(
                tr("coverage.column_state"),
                lambda row: words.state(row.coverage).word,
                "chip",
                tone=lambda row: words.state(row.coverage).tone,
                icon=lambda row: words.state(row.coverage).icon,
                width=190,
            ),
        ]
    )
