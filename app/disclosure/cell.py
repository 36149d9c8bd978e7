"""What a place in a table can hold: a count, or the fact that there is none to be told.

A suppressed place has no number inside; whoever calculates with it gets a TypeError, not a wrong sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NoReturn


class Reason(Enum):
    """Why something is not told; none of them names a category."""

    TOO_FEW = "too_few"
    """Fewer than 2k persons in the population, or fewer than k contributors: known from totals and calendar."""
    CHURN = "churn"
    """Against an earlier population between 1 and k − 1 persons came or went (R4): known from the calendar."""
    GATE = "gate"
    """No division would have been safe beside what was published before (R5): known from the ledger."""
    LINKED = "linked"
    """A table of a linked variable is out and the two trees together would tell of impossible pairs (R9)."""
    EMBARGO = "embargo"
    """Who may not be counted is within this closed period; it waits for the next one."""
    DOMINANCE = "dominance"
    """One or two persons make most of an amount that stands for a characteristic."""
    KIND = "kind"
    """A kind that one shelter never tells, whatever its number."""
    SOLVER_STOPPED = "solver_stopped"
    """The solver did not finish or was not believed: nothing is sent, what was before stands."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A place whose number is not told; it takes part in no arithmetic and no comparison of size."""

    reason: Reason

    def _refuse(self, *_other: object) -> NoReturn:
        message = "a suppressed place has no number"
        raise TypeError(message)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __neg__ = __abs__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __int__ = __float__ = __index__ = __bool__ = _refuse


@dataclass(frozen=True, slots=True)
class Counted:
    """A place whose number is told."""

    value: int

    def __post_init__(self) -> None:
        if type(self.value) is not int or self.value < 0:
            message = "a count is a whole number from 0"
            raise TypeError(message)


Cell = Counted | Suppressed
