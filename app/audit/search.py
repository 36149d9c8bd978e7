"""Find a possible world that meets a demand, or prove that there is none.

Branch and bound over whole numbers above `simplex`. Every world that is found is checked by adding up before it is
returned; that there is none is proved by exhausting both sides of every branch, in exact arithmetic.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

from app.audit.clock import Deadline
from app.audit.simplex import Simplex
from app.audit.world import Demand, Knowledge, Table


class SolverFault(Exception):
    """The solver returned a world that does not add up: a bug, and never an answer."""


class Search:
    """One knowledge, many demands: each search starts from where the last one ended."""

    def __init__(self, knowledge: Knowledge, deadline: Deadline) -> None:
        self._knowledge = knowledge
        self._simplex = Simplex(knowledge.cells, deadline.tick)
        self._gates: dict[int, int] = {}  # place of a refusal and its row, made when it first matters
        self.solved = 0
        self._possible = self._start()

    @property
    def possible(self) -> bool:
        """False when not even fractions of persons satisfy the counts."""
        return self._possible

    def find(self, demand: Demand) -> Table | None:
        """Return a world that meets the demand; None when there is none. Raises OutOfTime."""
        if not self._possible:
            return None
        self.solved += 1
        simplex, rows = self._simplex, list[int]()
        changed = [(cell, simplex.low[cell], simplex.high[cell]) for cell, _ in demand.least]
        try:
            for cell, number in demand.least:
                simplex.bound(cell, number, None)
            rows = self._cohort_rows(demand)
            world = self._descend()
        finally:
            simplex.drop_rows(rows)
            for cell, low, high in changed:
                simplex.bound(cell, low, high)
        if world is not None and not (self._knowledge.allows(world) and demand.met_by(world, self._knowledge.types)):
            raise SolverFault
        return world

    def _start(self) -> bool:
        simplex = self._simplex
        for cells, count in self._knowledge.equations:
            simplex.fix(simplex.add_row(dict.fromkeys(cells, 1), count, count))
        if not simplex.solve():
            return False
        simplex.seal()
        return True

    def _cohort_rows(self, demand: Demand) -> list[int]:
        """Ask for the cohort's members: a pattern that is in it wholly counts as it is, of others only a part."""
        if not demand.want:
            return []
        types, sizes = self._knowledge.types, self._knowledge.sizes
        taken = dict(demand.least)
        rows, counted, already = [], dict[int, int](), 0
        for pattern, number in demand.members:
            cells = [pattern * types + kind for kind in demand.kinds]
            known = sum(taken.get(cell, 0) for cell in cells)
            others = sum(n for cell, n in demand.least if cell // types == pattern)
            if number + others >= sizes[pattern]:
                counted.update(dict.fromkeys(cells, 1))
                already += known
            else:
                part = self._simplex.add_column(number)
                rows.append(self._simplex.add_row({**dict.fromkeys(cells, 1), part: -1}, known, None))
                counted[part] = 1
        rows.append(self._simplex.add_row(counted, demand.want + already, None))
        return rows[::-1]

    def _descend(self) -> Table | None:
        simplex = self._simplex
        if not simplex.solve():
            return None
        values = simplex.value
        for cell in range(self._knowledge.cells):
            value = values[cell]
            if type(value) is Fraction:
                return self._branch(cell, floor(value), floor(value) + 1)
        for place, (cells, refused) in enumerate(self._knowledge.gaps):
            count = sum(int(values[cell]) for cell in cells)
            if count in refused:
                below, above = _around(refused, count)
                return self._branch(self._gate(place, cells), below, above)
        return tuple(int(value) for value in values[: self._knowledge.cells])

    def _branch(self, variable: int, below: int, above: int) -> Table | None:
        """Look on both sides of a gap that no world lies in."""
        simplex = self._simplex
        low, high = simplex.low[variable], simplex.high[variable]
        world = None
        for least, most in ((low, below), (above, high)):
            if least is not None and most is not None and least > most:
                continue
            simplex.bound(variable, least, most)
            world = self._descend()
            if world is not None:
                break
        simplex.bound(variable, low, high)
        return world

    def _gate(self, place: int, cells: tuple[int, ...]) -> int:
        if place not in self._gates:
            self._gates[place] = self._simplex.add_row(dict.fromkeys(cells, 1))
        return self._gates[place]


def _around(refused: frozenset[int], count: int) -> tuple[int, int]:
    """Return the nearest values below and above `count` that are not refused."""
    below = above = count
    while below in refused:
        below -= 1
    while above in refused:
        above += 1
    return below, above
