"""The groups of people that are hardest to hide, and how far they push the count of an item.

Two promises are kept at every step, for every group and not only for some cohorts:

* ANY: a group of at most k − 1 may have any characteristics, each of its members another.
* ONE c: of a group of k, all but two may have the same characteristic c, whatever c is, and the two whichever they have
  (the two guests that the attacker may know wholly; they may have c as well).

They contain rule R5. For a cohort W of at least k persons and a set of items c, take k of W and let them all have one
leaf of c: so the most of c in W is at least k. The same for the complement of c: so the least of c is at most |W| − k.
For a cohort of less than k, ANY says least 0, most |W|, and more.

**Why single places are enough.** Let G be a polytope of assignments (sides of all secrets chosen). Groups that G can
hold are a convex, downward closed set; the groups of at most m persons are the hull of "some people in one place of
each pattern". The count that a division may have beside a group is an interval whose ends are convex and concave in the
group. So only hull points matter: for a pattern of at least m persons that is m persons in one place, and all of these
are asked. When a pattern has fewer, the point joins several patterns; there the search climbs: the slopes of the
optimum say which places push hardest, that group is asked next, until nothing gets worse. It starts from single places,
and within whoever came, left or stayed between any two tables, where the patterns are too small for a place of their
own. For such patterns the search is thorough, not complete; random groups and the audit's own search come after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from app.disclosure.solver import Floats
from app.disclosure.system import NEAR, System

Group = dict[int, int]
STEPS = 4

KNOWN = 2
"""Guests whom the attacker may know wholly."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of group: `alike` people in `columns`, and `free` people anywhere; `leaf` is the characteristic of ONE."""

    alike: int
    free: int
    leaf: str | None
    columns: tuple[tuple[int, ...], ...]
    """For each pattern the columns where the people alike may sit."""


@dataclass(frozen=True, slots=True)
class Range:
    """What the first child may count so that every group of a kind stays possible."""

    kind: Kind
    least: int
    most: int


def kinds(system: System, k: int) -> list[Kind]:
    """Return ANY and a ONE for each class of leaves, those that sit in the same places once."""
    found = [Kind(k - 1, 0, None, tuple(tuple(columns) for columns in system.columns_of))]
    seen: set[tuple[tuple[int, ...], ...]] = set()
    free = min(KNOWN, k - 1)
    for leaf, columns in system.atoms:
        places = tuple((columns[row],) if row in columns else () for row in range(len(system.rows)))
        if places not in seen:
            seen.add(places)
            found.append(Kind(k - free, free, leaf, places))
    return found


def starts(system: System, kind: Kind) -> Iterator[Group]:
    """Yield as many as fit, in one place; for ONE also the people alike in one place and the free ones in another."""
    whole = kind.alike + kind.free
    homes = [(row, column) for row, columns in enumerate(kind.columns) for column in columns]
    for row, column in homes:
        yield {column: min(whole, system.sizes[row])}
    if kind.free and homes:
        row, column = max(homes, key=lambda home: system.sizes[home[0]])
        for other in range(len(system.cells)):
            room = system.sizes[system.row_of[other]] - (kind.alike if system.row_of[other] == row else 0)
            if other != column and room > 0 and system.sizes[row] >= kind.alike:
                yield {column: kind.alike, other: min(kind.free, room)}


def mixed(system: System, people: int) -> list[frozenset[int]]:
    """Return the patterns of whoever is in a table, or came, left or stayed between two, where none has so many."""
    found: dict[frozenset[int], None] = {}
    tables = sorted({table for row in system.rows for table in row})
    inside = {table: frozenset(n for n, row in enumerate(system.rows) if table in row) for table in tables}
    for one in tables:
        for other in tables:
            for rows in (inside[one] - inside[other], inside[one] & inside[other]):
                if len(rows) > 1 and all(system.sizes[row] < people for row in rows):
                    found[rows] = None
    return list(found)


def steepest(system: System, kind: Kind, slopes: Floats, rows: frozenset[int] | None = None) -> Group:
    """Return the group of a kind that by these slopes pushes hardest; with `rows`, its people alike are all there."""
    room = list(system.sizes)
    group: Group = {}
    if rows is None:
        _fill(group, kind.alike, kind.columns, room, slopes)
    else:
        _fill(group, kind.alike, _within(kind, rows), room, slopes, must=True)
    if kind.free:
        _fill(group, kind.free, system.columns_of, room, slopes)
    return group


def together(system: System, kind: Kind, slopes: Floats, rows: frozenset[int]) -> Group:
    """Return a group of a kind with all of its people, the free ones too, alike and in some patterns."""
    group: Group = {}
    _fill(group, kind.alike + kind.free, _within(kind, rows), list(system.sizes), slopes, must=True)
    return group


def _within(kind: Kind, rows: frozenset[int]) -> list[tuple[int, ...]]:
    return [columns if row in rows else () for row, columns in enumerate(kind.columns)]


def _fill(
    group: Group,
    people: int,
    columns: Sequence[Sequence[int]],
    room: list[int],
    slopes: Floats,
    *,
    must: bool = False,
) -> None:
    """Put people where the slopes are steepest, as many in a pattern as it has; where nothing pushes, if they must."""
    best = [(float(slopes[list(some)].max()), row) for row, some in enumerate(columns) if some]
    for slope, row in sorted(best, key=lambda b: (-b[0], b[1])):
        if people <= 0 or (slope <= NEAR and not must):
            return
        column = max(columns[row], key=lambda c: slopes[c])
        many = min(people, room[row])
        if many:
            group[column] = group.get(column, 0) + many
            room[row] -= many
            people -= many


class Search:
    """The least and the most of a focus over all kinds of groups, until it is clear that nothing divides.

    Counts up to `k` − 1 and from `n` − k + 1 never divide, so a least or a most beyond them makes no difference: a
    group is passed over when a solution that is known already holds it at such a count.
    """

    def __init__(self, system: System, k: int, n: int) -> None:
        self._system = system
        self._ends = {False: float(k - 1), True: float(n - k + 1)}
        self._mixed: dict[int, list[frozenset[int]]] = {}
        self._known: dict[tuple[tuple[float, float], ...], dict[bool, Pool]] = {}
        self.tried: dict[str | None, dict[tuple[tuple[int, int], ...], Group]] = {}
        """By the characteristic of a ONE group (None: ANY), every group that was asked."""

    def reach(self, kind: Kind) -> Range | None:
        """Return the counts that leave room for every group of a kind, or None when one has no room at all."""
        self._system.lean_to(kind.leaf)
        pools = self._known.setdefault(self._system.leaning(), {False: Pool(), True: Pool()})
        ends = dict(self._ends)
        for start in starts(self._system, kind):
            for highest in (False, True):
                if not self._climb(kind, start, ends, pools[highest], highest=highest):
                    return None
                if ceil(ends[False] - NEAR) > floor(ends[True] + NEAR):
                    return None
        if not self._among(kind, ends, pools):
            return None
        return Range(kind, ceil(ends[False] - NEAR), floor(ends[True] + NEAR))

    def _among(self, kind: Kind, ends: dict[bool, float], pools: dict[bool, Pool]) -> bool:
        """Go on from groups that are spread over several small patterns; False when one has no room at all."""
        for rows in self._mixed.setdefault(kind.alike + kind.free, mixed(self._system, kind.alike + kind.free)):
            for highest in (False, True):
                bare = self._system.extreme({}, highest=highest)
                if bare is None:
                    return False
                start = together(self._system, kind, (-1.0 if highest else 1.0) * bare.slopes, rows)
                if not self._climb(kind, start, ends, pools[highest], highest=highest, rows=rows):
                    return False
        return ceil(ends[False] - NEAR) <= floor(ends[True] + NEAR)

    def _climb(
        self,
        kind: Kind,
        group: Group,
        ends: dict[bool, float],
        pool: Pool,
        *,
        highest: bool,
        rows: frozenset[int] | None = None,
    ) -> bool:
        sign = -1.0 if highest else 1.0
        for _ in range(STEPS):
            if not group or pool.holds(group, sign * ends[highest]):
                return True
            answer = self._system.extreme(group, highest=highest)
            if answer is None:
                return False
            self.tried.setdefault(kind.leaf, {})[tuple(sorted(group.items()))] = group
            pool.add(answer.columns, sign * answer.value)
            if sign * answer.value > sign * ends[highest]:
                ends[highest] = answer.value
            group = steepest(self._system, kind, sign * answer.slopes, rows)
        return True


class Pool:
    """Solutions that are known, each with a height: a group that one of them holds need not be asked again."""

    def __init__(self) -> None:
        self._solutions: list[Floats] = []
        self._heights: list[float] = []
        self._stack: Floats | None = None

    def add(self, solution: Floats, height: float) -> None:
        """Keep a solution."""
        self._solutions.append(solution)
        self._heights.append(height)
        self._stack = None

    def holds(self, group: Group, height: float = 0.0) -> bool:
        """Tell whether a known solution, no higher than `height`, has room for a group."""
        if not self._solutions:
            return False
        if self._stack is None:
            self._stack = np.array(self._solutions) + NEAR
        fits = np.array(self._heights) <= height + NEAR
        for column, least in group.items():
            fits &= self._stack[:, column] >= least
        return bool(fits.any())
