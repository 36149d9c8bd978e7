"""The classic ways to publish a small table month by month, each as what it tells somebody who reads it.

A table counts who was present on a day, by one variable. A method turns the tables of a series into clues, and no more
than a reader gets; what a reader could further conclude from knowing the method is not used, except where said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.disclosure.clue import Clue
from bench.disclosure.gauss import suppress

K = 5


@dataclass(frozen=True, slots=True)
class Table:
    """One month's table of those present at its end, or of those who came or left in it: who, and how many by item."""

    persons: frozenset[str]
    counts: Mapping[str, int]
    kind: str = "present"


Method = Callable[[Sequence[Table], Mapping[str, tuple[str, ...]]], list[Clue]]


def tabulate(persons: frozenset[str], item_of: Mapping[str, str], items: Sequence[str], kind: str = "present") -> Table:
    """Count the persons by item."""
    counts = dict.fromkeys(items, 0)
    for person in persons:
        counts[item_of[person]] += 1
    return Table(persons, counts, kind)


def _clue(table: Table, items: Sequence[str], low: int, high: int | None = None) -> Clue:
    return Clue(table.persons, frozenset(items), ((low, low if high is None else high),))


def present(tables: Sequence[Table]) -> list[Table]:
    """Return the tables of those present."""
    return [table for table in tables if table.kind == "present"]


def stocks(tables: Sequence[Table], groups: Mapping[str, tuple[str, ...]]) -> list[Clue]:
    """Print "<5" in the tables of those present; nothing of who came and left."""
    return plain(present(tables), groups)


def plain(tables: Sequence[Table], _groups: Mapping[str, tuple[str, ...]]) -> list[Clue]:
    """Print "<5" for 1 to 4 persons, the count otherwise."""
    return [
        _clue(table, [item], 1, K - 1) if 0 < n < K else _clue(table, [item], n)
        for table in tables
        for item, n in table.counts.items()
    ]


def complementary(tables: Sequence[Table], _groups: Mapping[str, tuple[str, ...]]) -> list[Clue]:
    """Hide 1 to 4 persons; a cell hidden alone takes the smallest other one with it. The reader sees a dot (not 0)."""
    clues = []
    for table in tables:
        hidden = {item for item, n in table.counts.items() if 0 < n < K}
        if len(hidden) == 1:
            others = sorted((n, item) for item, n in table.counts.items() if n >= K)
            hidden.update(item for _, item in others[:1])
        for item, n in table.counts.items():
            clues.append(_clue(table, [item], 1, len(table.persons)) if item in hidden else _clue(table, [item], n))
    return clues


def gaussian(tables: Sequence[Table], groups: Mapping[str, tuple[str, ...]]) -> list[Clue]:
    """Hide by Gaussian elimination in the table with its subtotals; counts of 0 to 4 are the primary cells."""
    clues = []
    for table in tables:
        items = list(table.counts)
        sets = [[item] for item in items] + [list(group) for group in groups.values() if len(group) > 1] + [items]
        cells = [frozenset(items.index(item) for item in one) for one in sets]
        counts = [sum(table.counts[item] for item in one) for one in sets]
        primary = {n for n, count in enumerate(counts) if count < K and n < len(sets) - 1}
        hidden = suppress(cells, counts, primary)
        for n, one in enumerate(sets):
            if n not in hidden:
                clues.append(_clue(table, one, counts[n]))
            elif n in primary and len(table.persons) >= K:
                # a dot for a small cell and a dot for a cell hidden with it look alike: any number
                clues.append(_clue(table, one, 0, len(table.persons)))
    return clues


def flows(tables: Sequence[Table], groups: Mapping[str, tuple[str, ...]]) -> list[Clue]:
    """Print "<5"; who came or left by item only in months with at least 5 of them."""
    return plain([t for t in tables if t.kind == "present" or len(t.persons) >= K], groups)


def waiting(tables: Sequence[Table], groups: Mapping[str, tuple[str, ...]]) -> list[Clue]:
    """Print "<5" of those present, only when at least 5 came or left since the last table."""
    kept: list[Table] = []
    for table in present(tables):
        if not kept or len(table.persons ^ kept[-1].persons) >= K:
            kept.append(table)
    return plain(kept, groups)


def quarterly(tables: Sequence[Table], groups: Mapping[str, tuple[str, ...]]) -> list[Clue]:
    """Print "<5" of those present, one month in three."""
    return plain(present(tables)[2::3], groups)


def rounded(tables: Sequence[Table], _groups: Mapping[str, tuple[str, ...]]) -> list[Clue]:
    """Round each count down to a multiple of 5; the total is true."""
    return [
        _clue(table, [item], n - n % 5, min(n - n % 5 + 4, len(table.persons)))
        for table in tables
        for item, n in table.counts.items()
    ]


METHODS: dict[str, Method] = {
    '"<5": present, came, left': plain,
    '"<5": present only': stocks,
    "complementary suppression": complementary,
    "Gaussian elimination (our own code)": gaussian,
    '"<5", came and left only from 5 on': flows,
    '"<5", after 5 or more changes': waiting,
    '"<5", quarterly': quarterly,
    "rounded down to 5": rounded,
}
