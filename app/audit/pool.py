"""Possible worlds found so far: most questions are answered by one of them, without a search.

A world is kept once, and for each cell and number there is a bit set of the worlds that have so many there.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.audit.search import Search
from app.audit.world import Demand, Knowledge, Table

LOOKED_AT = 40  # worlds tried for a cohort before the search is asked


class Pool:
    """Answers demands, with a world that was kept or with a new one."""

    def __init__(self, knowledge: Knowledge, search: Search) -> None:
        self._knowledge = knowledge
        self._search = search
        self._worlds: list[Table] = []
        self._known: dict[Table, int] = {}
        self._having: list[list[int]] = [[] for _ in range(knowledge.cells)]

    def world_for(self, demand: Demand) -> Table | None:
        """Return a world that meets the demand; None when it is proved that there is none. Raises OutOfTime."""
        fitting = self._fitting(demand)
        if fitting and not demand.want:
            return self._worlds[fitting.bit_length() - 1]
        tried = 0
        while fitting and tried < LOOKED_AT:
            place = fitting.bit_length() - 1
            world = self._worlds[place]
            if demand.met_by(world, self._knowledge.types):
                return world
            fitting ^= 1 << place
            tried += 1
        found = self._search.find(demand)
        if found is not None:
            self._keep(found)
        return found

    def has(self, cells: Sequence[int]) -> bool:
        """Say whether a world that is kept has a person in each of some cells; equal ones stand side by side."""
        fitting, last, level = -1, -1, 0
        for cell in cells:
            level = level + 1 if cell == last else 0
            last = cell
            levels = self._having[cell]
            if level >= len(levels):
                return False
            fitting &= levels[level]
            if not fitting:
                return False
        return True

    def _fitting(self, demand: Demand) -> int:
        fitting = (1 << len(self._worlds)) - 1
        for cell, number in demand.least:
            levels = self._having[cell]
            if len(levels) < number:
                return 0
            fitting &= levels[number - 1]
            if not fitting:
                break
        return fitting

    def _keep(self, world: Table) -> None:
        if world in self._known:
            return
        place = self._known[world] = len(self._worlds)
        self._worlds.append(world)
        for cell, count in enumerate(world):
            levels = self._having[cell]
            while len(levels) < count:
                levels.append(0)
            for level in range(count):
                levels[level] |= 1 << place
