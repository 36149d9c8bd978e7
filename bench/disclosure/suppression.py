"""The classic methods as programs that an attacker can undo: one flat table in, what is printed out.

For the exhaustive enumeration: what was hidden, and why, is information too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bench.disclosure.control import members
from bench.disclosure.gauss import suppress
from bench.disclosure.ledger import Json, leaves_of
from bench.disclosure.shelter import Stay

Hide = Callable[[list[int], int], set[int]]


def only_small(counts: list[int], k: int) -> set[int]:
    """Hide the counts of 1 to k - 1."""
    return {n for n, count in enumerate(counts) if 0 < count < k}


def with_another(counts: list[int], k: int) -> set[int]:
    """Hide the smallest other count too when one alone would be hidden."""
    hidden = only_small(counts, k)
    if len(hidden) == 1:
        others = sorted((count, n) for n, count in enumerate(counts) if count and n not in hidden)
        hidden.update(n for _, n in others[:1])
    return hidden


def by_elimination(counts: list[int], k: int) -> set[int]:
    """Hide by Gaussian elimination; the total is published."""
    cells = [frozenset([n]) for n in range(len(counts))] + [frozenset(range(len(counts)))]
    primary = {n for n, count in enumerate(counts) if 0 < count < k}
    return suppress(cells, [*counts, sum(counts)], primary) - {len(counts)}


HIDERS: dict[str, Hide] = {
    '"<5"': only_small,
    "complementary suppression": with_another,
    "Gaussian elimination (our own code)": by_elimination,
}


def publisher(hide: Hide) -> Callable[[Sequence[Stay], Json, Sequence[tuple[str, date]], Mapping[str, str], int], Json]:
    """Return a program that prints each snapshot's table with some cells hidden."""

    def publish(
        stays: Sequence[Stay], tree: Json, schedule: Sequence[tuple[str, date]], values: Mapping[str, str], k: int
    ) -> Json:
        releases, items = [], sorted(leaves_of(tree))
        for family, day in schedule:
            persons = members(stays, family, day)
            counts = [sum(values[p] == item for p in persons) for item in items]
            hidden = hide(counts, k)
            printed = [None if n in hidden else count for n, count in enumerate(counts)]
            releases.append({"id": f"{day}", "printed": printed, "total": len(persons)})
        return {"releases": releases, "refusals": []}

    return publish
