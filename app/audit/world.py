"""What an attacker knows of a series, as equations: whole numbers of persons by presence pattern and type.

Persons that were counted in the same releases cannot be told apart, so a possible world is a table of counts. It
decides nothing: `search` finds worlds, `attack` asks about them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

Table = tuple[int, ...]
"""Persons by cell; the cell of pattern p and type t is p · types + t."""


@dataclass(frozen=True, slots=True)
class Total:
    """Persons of some patterns and some types are together `count`."""

    patterns: tuple[int, ...]
    types: tuple[int, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Persons of some patterns and some types are together none of `values`: the split was not made."""

    patterns: tuple[int, ...]
    types: tuple[int, ...]
    values: frozenset[int]


@dataclass(frozen=True)
class Knowledge:
    """The equations of one series, or of several that are linked (R9)."""

    sizes: tuple[int, ...]
    types: int
    totals: tuple[Total, ...]
    refused: tuple[Refused, ...] = field(default=())

    @cached_property
    def cells(self) -> int:
        """How many counts a world has."""
        return len(self.sizes) * self.types

    @cached_property
    def equations(self) -> tuple[tuple[tuple[int, ...], int], ...]:
        """All sums of cells that are known: the patterns' sizes and what was published."""
        rows = [(tuple(range(p * self.types, (p + 1) * self.types)), size) for p, size in enumerate(self.sizes)]
        return (*rows, *((self._cells_of(total), total.count) for total in self.totals))

    @cached_property
    def gaps(self) -> tuple[tuple[tuple[int, ...], frozenset[int]], ...]:
        """All sums of cells with the values that they do not have."""
        return tuple((self._cells_of(part), part.values) for part in self.refused)

    def _cells_of(self, part: Total | Refused) -> tuple[int, ...]:
        return tuple(pattern * self.types + kind for pattern in part.patterns for kind in part.types)

    def allows(self, world: Sequence[int]) -> bool:
        """Say whether a world agrees with all that is known: by adding up, without any solver.

        Whatever a search returns is held against this; so a fault of the solver cannot make an audit pass.
        """
        if len(world) != self.cells or any(type(count) is not int or count < 0 for count in world):
            return False
        if any(sum([world[cell] for cell in cells]) != count for cells, count in self.equations):
            return False
        return not any(sum([world[cell] for cell in cells]) in values for cells, values in self.gaps)


@dataclass(frozen=True, slots=True)
class Demand:
    """A question: is there a world with `least` persons in cells, and `want` of a cohort in one of some types.

    `least` are pairs of a cell and a number. `members` are pairs of a pattern and how many of it the cohort has, none
    of them among the persons of `least`.
    """

    least: tuple[tuple[int, int], ...] = ()
    members: tuple[tuple[int, int], ...] = ()
    kinds: tuple[int, ...] = ()
    want: int = 0

    def met_by(self, world: Sequence[int], types: int) -> bool:
        """Say whether a world answers yes; by adding up."""
        for cell, number in self.least:
            if world[cell] < number:
                return False
        taken, found = dict(self.least), 0
        for pattern, number in self.members:
            first, there = pattern * types, 0
            for kind in self.kinds:
                there += world[first + kind] - taken.get(first + kind, 0)
            found += min(number, there)
            if found >= self.want:
                return True
        return found >= self.want
