"""Which cells of a two-way table to hide: the integer programme, and the check of its answer.

It sees counts of a network's table, never a shelter's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.disclosure.fault import SolverStopped
from app.disclosure.solver import Clock, Constraint, Programme

Place = tuple[str, str]
MARGIN = "*"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A table with its margins, the sums that tie them, and the cells that may not be told."""

    counts: Mapping[Place, int]
    equations: tuple[tuple[Place, tuple[Place, ...]], ...]
    """A total and what it is the sum of."""
    risky: frozenset[Place]
    fixed: frozenset[Place]
    """Always told: the grand total and what is declared empty."""
    k: int

    @classmethod
    def of(
        cls,
        inner: Mapping[Place, int],
        rows: tuple[str, ...],
        columns: tuple[str, ...],
        k: int,
        *,
        zeros: frozenset[Place] = frozenset(),
    ) -> Pattern:
        """Return the pattern of a table given without totals."""
        counts = dict(inner)
        equations: list[tuple[Place, tuple[Place, ...]]] = []
        for r in rows:
            equations.append(((r, MARGIN), tuple((r, c) for c in columns)))
        for c in columns:
            equations.append(((MARGIN, c), tuple((r, c) for r in rows)))
        for total, parts in equations:
            counts[total] = sum(counts[part] for part in parts)
        grand = (MARGIN, MARGIN)
        equations.append((grand, tuple((r, MARGIN) for r in rows)))
        equations.append((grand, tuple((MARGIN, c) for c in columns)))
        counts[grand] = sum(inner.values())
        fixed = zeros | {grand}
        risky = frozenset(place for place, count in counts.items() if count < k and place not in fixed)
        return cls(counts, tuple(equations), risky, fixed, k)

    def is_safe(self, hidden: frozenset[Place], clock: Clock) -> bool:
        """Tell whether, in whole numbers, every hidden cell could be 0 and could be k or more.

        So the most of any union of hidden cells is at least k: nobody proves a group of 1 to k − 1 from what is shown.
        """
        if not self.risky <= hidden or hidden & self.fixed:
            return False
        return all(low == 0 and high >= self.k for low, high in self.intervals(hidden, clock).values())

    def intervals(self, hidden: frozenset[Place], clock: Clock) -> dict[Place, tuple[int, int]]:
        """Return what each hidden cell could be, from all that is shown; raises SolverStopped."""
        names = sorted(hidden)
        index = {place: number for number, place in enumerate(names)}
        programme = _Signed(self, index, clock)
        return {place: programme.ends(index[place]) for place in names}


class _Signed:
    """All tables in whole numbers that agree with what is shown."""

    def __init__(self, pattern: Pattern, index: Mapping[Place, int], clock: Clock) -> None:
        rows = []
        for total, parts in pattern.equations:
            terms = [(index[p], 1) for p in parts if p in index]
            shown = sum(pattern.counts[p] for p in parts if p not in index)
            if total in index:
                terms.append((index[total], -1))
            else:
                shown -= pattern.counts[total]
            if terms:
                rows.append((terms, -shown))
        self._rows = rows
        self._width = len(index)
        self._programme = _signed_programme(rows, self._width, clock)

    def ends(self, column: int) -> tuple[int, int]:
        self._programme.aim([column])
        ends = []
        for answer in (self._programme.least(), self._programme.most()):
            if answer is None:
                raise SolverStopped("infeasible")
            whole = np.rint(answer.columns).astype(int)
            for terms, value in self._rows:
                if sum(factor * int(whole[place]) for place, factor in terms) != value or (whole < 0).any():
                    raise SolverStopped("unverified")
            ends.append(int(whole[column]))
        return ends[0], ends[1]


def _signed_programme(rows: list[tuple[list[tuple[int, int]], int]], width: int, clock: Clock) -> Programme:
    made = [Constraint(tuple(p for p, _ in terms), value, value, tuple(f for _, f in terms)) for terms, value in rows]
    return Programme(width, made, clock, whole=True, most=10 * _largest(rows))


def _largest(rows: list[tuple[list[tuple[int, int]], int]]) -> int:
    return 1 + sum(abs(value) for _, value in rows)


def least_pattern(pattern: Pattern, clock: Clock) -> frozenset[Place]:
    """Return the cells to hide; raises SolverStopped when no pattern is possible or time is over.

    It starts with the cells at risk alone. Where the interval of a hidden cell is too narrow, the duals of the
    attacker's programme name the shown cells that keep it so; unless one of these is hidden too (or the cell itself is
    shown again, where that may be) it stays so, whatever else is hidden. Each such condition is true of every safe
    pattern, so the first pattern that is safe has the fewest cells.
    """
    free = [place for place in sorted(pattern.counts) if place not in pattern.risky and place not in pattern.fixed]
    cuts: list[Constraint] = []
    index = {place: number for number, place in enumerate(free)}
    hidden: frozenset[Place] = pattern.risky
    while True:
        more = _cuts(pattern, hidden, index, clock)
        if not more:
            return hidden
        cuts.extend(more)
        hidden = pattern.risky | _cover(cuts, free, pattern, clock)


def _cover(cuts: list[Constraint], free: list[Place], pattern: Pattern, clock: Clock) -> frozenset[Place]:
    programme = Programme(len(free), cuts, clock, whole=True, most=1)
    # Fewest cells first; among equals the fewest persons.
    people = 1 + sum(pattern.counts.values())
    programme.weigh(np.array([1.0 + pattern.counts[place] / (people * len(free)) for place in free]))
    answer = programme.least()
    if answer is None:
        raise SolverStopped("no pattern")
    return frozenset(place for place, value in zip(free, np.rint(answer.columns), strict=True) if value == 1)


def _cuts(pattern: Pattern, hidden: frozenset[Place], index: Mapping[Place, int], clock: Clock) -> list[Constraint]:
    """Return for each hidden cell that is not protected a condition on what has to be hidden besides."""
    found: dict[tuple[int, ...], Constraint] = {}
    attacker = Attacker(pattern, hidden, clock)
    for place in sorted(hidden):
        own = () if place in pattern.risky else (index[place],)
        for up in (False, True):
            need = attacker.missing(place, up=up)
            if need is not None:
                columns = tuple(sorted(index[p] for p in need))
                if not columns and not own:
                    raise SolverStopped("no pattern")
                factors = (*(-1 for _ in own), *(1 for _ in columns))
                found[(*own, -1, *columns)] = Constraint(
                    (*own, *columns), 0 if own else 1, float(len(columns)), factors
                )
    return list(found.values())


class Attacker:
    """Finds out, with duals of a linear programme, which shown cells keep a hidden one from being 0 or k."""

    def __init__(self, pattern: Pattern, hidden: frozenset[Place], clock: Clock) -> None:
        self._pattern, self._hidden = pattern, hidden
        self._places = sorted(pattern.counts)
        self._index = {place: number for number, place in enumerate(self._places)}
        rows = []
        for total, parts in pattern.equations:
            columns = (self._index[total], *(self._index[p] for p in parts))
            rows.append(Constraint(columns, 0, 0, (-1, *(1 for _ in parts))))
        self._programme = Programme(len(self._places), rows, clock)
        for place in self._places:
            count = float(pattern.counts[place])
            if place not in hidden:
                self._programme.limit(self._index[place], count, count)

    def missing(self, place: Place, *, up: bool) -> frozenset[Place] | None:
        """Return the shown cells whose opening would loosen a cell's end, or None when it is loose enough."""
        self._programme.aim([self._index[place]])
        answer: Any = self._programme.most() if up else self._programme.least()
        if answer is None:
            return frozenset()  # unbounded cannot be: the grand total is told
        if (up and answer.value >= self._pattern.k - 1e-6) or (not up and answer.value <= 1e-6):
            return None
        return frozenset(
            p
            for p in self._places
            if p not in self._hidden and p not in self._pattern.fixed and abs(answer.slopes[self._index[p]]) > 1e-7
        )
