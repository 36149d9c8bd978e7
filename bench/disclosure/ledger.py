"""What a ledger tells, read anew from docs/ledger-format.md: the clues of a series, of what was not split too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.disclosure.clue import Clue

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """One series as an attacker reads it."""

    variable: str
    k: int
    leaves: frozenset[str]  # without the declared zeros
    populations: tuple[frozenset[str], ...]
    clues: tuple[Clue, ...]
    blocks: tuple[int, ...]  # a release each
    persons: frozenset[str]  # everybody who was counted

    def with_(self, other: Reading) -> Reading:
        """Return what this and another series of the same variable tell together."""
        return Reading(
            self.variable,
            min(self.k, other.k),
            self.leaves | other.leaves,
            self.populations + other.populations,
            self.clues + other.clues,
            self.blocks + other.blocks,
            self.persons | other.persons,
        )


def leaves_of(node: Json) -> frozenset[str]:
    """Return the leaves below a node."""
    if "children" in node:
        first, second = node["children"]
        return leaves_of(first) | leaves_of(second)
    return frozenset(node["leaves"])


def nodes_of(node: Json) -> Iterator[Json]:
    """Yield a node and all below it."""
    yield node
    for child in node.get("children", ()):
        yield from nodes_of(child)


def read(series: Json) -> Reading:
    """Turn a series into clues."""
    k, zeros = int(series["k"]), frozenset(series.get("zeros", ()))
    root = series["tree"].get("root", series["tree"])
    nodes = {node["node"]: node for node in nodes_of(root)}
    refused = {(r["release"], r["node"]): r["excluded_values"] for r in series.get("refusals", ())}
    clues: list[Clue] = []
    for release in series["releases"]:
        population = frozenset(release["population"])
        for block in release["blocks"]:
            items = frozenset(block["leaves"]) - zeros
            clues.append(Clue(population, items, ((block["count"], block["count"]),)))
            values = {node: excluded for (name, node), excluded in refused.items() if name == release["id"]}
            clues += _unsplit(population, block["count"], k, zeros, nodes[block["node"]], values)
    populations = tuple(frozenset(release["population"]) for release in series["releases"])
    blocks = tuple(sum(b["count"] > 0 for b in release["blocks"]) for release in series["releases"])
    return Reading(
        series["variable"],
        k,
        leaves_of(root) - zeros,
        populations,
        tuple(clues),
        blocks,
        frozenset().union(*populations),
    )


def read_all(document: Json) -> dict[str, Reading]:
    """Return what a whole ledger tells of each variable; series of one variable are read together."""
    found: dict[str, Reading] = {}
    for reading in (read(series) for series in document["series"] if series["releases"]):
        before = found.get(reading.variable)
        found[reading.variable] = reading if before is None else before.with_(reading)
    return found


def _unsplit(  # noqa: PLR0917 - all that is known of a block
    population: frozenset[str], count: int, k: int, zeros: frozenset[str], node: Json, refused: dict[str, list[int]]
) -> Iterator[Clue]:
    """Yield what it says that a block was not split."""
    values = refused.get(node["node"])
    # a node with a child that is empty by declaration is, for this purpose, its other child
    while "children" in node:
        first, second = node["children"]
        if not leaves_of(first) - zeros:
            node = second
        elif not leaves_of(second) - zeros:
            node = first
        else:
            break
        values = refused.get(node["node"]) if values is None else values
    if "children" not in node:
        return
    k = max(k, node.get("k", 0))  # some divisions need more persons than the others
    excluded = set(range(k, count - k + 1)) if values is None else set(values)
    if excluded:
        allowed = tuple((n, n) for n in range(count + 1) if n not in excluded)
        yield Clue(population, leaves_of(node["children"][0]) - zeros, _joined(allowed))


def _joined(values: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for low, high in values:
        if joined and joined[-1][1] == low - 1:
            joined[-1] = (joined[-1][0], high)
        else:
            joined.append((low, high))
    return tuple(joined)
