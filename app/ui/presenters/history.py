"""Everything that ever left this computer, a line each: when, by whose hand, what, for whom, and its receipt.

Plain Python. What is in a package is shown by its bytes alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reference.format import day, month_long
from app.reference.texts import tr
from app.services.calendar import HOUSE_ZONE
from app.ui.presenters.breakdown import tables_count
from app.ui.presenters.moment import hour

if TYPE_CHECKING:
    from datetime import datetime

    from app.services.ledger import LedgerState, LeftRow
    from app.ui.presenters.state import Mood

PACKAGE = "package"


def what(row: LeftRow) -> str:
    """Return what left: `Rapporto`, `Stampa`."""
    return tr(f"disclosure.kind_{row.kind}")


def month(row: LeftRow) -> str:
    """Return the month that it is about, where there is one: `giugno 2026`."""
    return month_long(row.month.year, row.month.number) if row.month is not None else "–"


def left_on(row: LeftRow) -> str:
    """Return the day on which it left."""
    return _day(row.at)


def left_by(row: LeftRow) -> str:
    """Return the hour and by whose hand it left."""
    return " · ".join(part for part in (hour(row.at), row.by) if part)


def receipt(row: LeftRow) -> str:
    """Return the day on which a receipt proved that it arrived."""
    return _day(row.receipt_at) if row.receipt_at is not None else tr("disclosure.receipt_none")


def receipt_hour(row: LeftRow) -> str:
    """Return its hour."""
    return hour(row.receipt_at) if row.receipt_at is not None else ""


def _day(value: datetime) -> str:
    return day(value.astimezone(HOUSE_ZONE).date())


def tables(row: LeftRow) -> str:
    """Return how many breakdowns left with a report."""
    return tables_count(row.breakdowns) if row.kind == PACKAGE else ""


def chain(state: LedgerState) -> tuple[Mood, str]:
    """Return whether the chain of what was published is whole."""
    if state.fault:
        return "error", tr(f"disclosure.ledger_fault_{state.fault}")
    return "ok", tr("disclosure.ledger_fine")
