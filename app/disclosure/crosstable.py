"""R7: two-way tables on network sums, by exact complementary suppression; never for one shelter.

A place with fewer than k persons (an empty one too, unless declared empty) is hidden; others are hidden beside it
until, from all that is shown, it could be 0 and could be k or more (interval protection). The grand total is kept;
totals of rows and columns are places like others.

The fewest places are found by an integer programme on HiGHS that learns its conditions from an attacker's programme
(the cutting planes of exact cell suppression: Fischetti and Salazar-González, Management Science 47, 2001).
The result is checked by another programme, in whole numbers, whose every answer is verified exactly.

**What this does not do.** Which places are hidden depends on hidden counts, and whoever repeats the choice for every
table that is possible learns from it (found by enumeration: of all 2 × 2 tables of 14 persons, some tell a count of 1
or 2). The other way, `joint`, has no such hole. What goes outside the network should go that way; `cross` is for a
capofila that knows the difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.disclosure.cell import Cell, Counted, Reason, Suppressed
from app.disclosure.fault import DisclosureFault, SolverStopped
from app.disclosure.joint import enough
from app.disclosure.pattern import Pattern, least_pattern
from app.disclosure.solver import Clock

MARGIN = "*"
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CrossTable:
    """A table with totals under `MARGIN`; a hidden place has no number."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[Place, Cell]

    @property
    def hidden(self) -> int:
        """Return how many places are not told."""
        return sum(isinstance(cell, Suppressed) for cell in self.cells.values())


def cross(
    shelters: Sequence[Mapping[Place, int]],
    rows: Sequence[str],
    columns: Sequence[str],
    k: int,
    *,
    zeros: frozenset[Place] = frozenset(),
    seconds: float = 60.0,
) -> CrossTable:
    """Return the network's table of two variables, hidden where it must be.

    `shelters` has each shelter's counts; `zeros` are places declared impossible, shown as 0. Raises DisclosureFault
    under three shelters, ThresholdTooLow, and SolverStopped when no safe pattern was found and confirmed in time:
    then nothing is told but what each variable's own table tells.
    """
    enough(shelters, k)
    counts = {(r, c): sum(table.get((r, c), 0) for table in shelters) for r in rows for c in columns}
    if any(counts[place] for place in zeros):
        raise DisclosureFault("zeros")
    pattern = Pattern.of(counts, tuple(rows), tuple(columns), k, zeros=zeros)
    hidden = least_pattern(pattern, Clock(seconds))
    if not pattern.is_safe(hidden, Clock(seconds)):
        raise SolverStopped("unverified")
    cells: dict[Place, Cell] = {
        place: Suppressed(Reason.TOO_FEW) if place in hidden else Counted(count)
        for place, count in pattern.counts.items()
    }
    return CrossTable(tuple(rows), tuple(columns), cells)
