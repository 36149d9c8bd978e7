"""Breakdowns that cannot leave as they are: nothing was sent, and what was published before stands.

None of these names an item or a person.
"""

from __future__ import annotations

from app.errors.rule import RuleBroken


class BreakdownsStale(RuleBroken):
    """What was prepared no longer fits the register or the ledger: it is prepared again before anything leaves."""

    key = "error.breakdowns_stale"


class LedgerDamaged(RuleBroken):
    """The ledger of what was published is not as it was written (`part`: a code); nothing leaves."""

    key = "error.ledger_damaged"


class MonthChanged(RuleBroken):
    """While the tables of a month were made, somebody changed what they are made of; the month is still open."""

    key = "error.month_changed"
