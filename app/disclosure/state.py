"""What an attacker knows of one variable: the published cuts, and the divisions that were not made.

No calendar and no value; `system` turns it into a programme.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.disclosure.ledger import Series
from app.disclosure.population import Token
from app.disclosure.release import Release
from app.disclosure.tree import Node, Tree


@dataclass(frozen=True, slots=True)
class Closed:
    """An undivided block's secret: the first child's count is at most `low` or at least `high`.

    `leaning` is the side that the proof takes: 0, the first child is the small one; 1, the second.
    """

    first: frozenset[str]
    second: frozenset[str]
    low: int
    high: int
    leaning: int


@dataclass(slots=True)
class Part:
    """A block of a table, with its secret when it is an undivided one that tells something."""

    node: Node
    leaves: frozenset[str]
    count: int
    closed: Closed | None = None


@dataclass(slots=True)
class Table:
    """One population with its cut, as far as it is known."""

    members: frozenset[Token]
    parts: list[Part] = field(default_factory=list)
    leaning: dict[str, int] = field(default_factory=dict)


def live(node: Node, tree: Tree) -> frozenset[str]:
    """Return the leaves of an item that are not declared empty."""
    return node.leaves - tree.zeros


def real_children(node: Node, tree: Tree) -> tuple[Node, Node] | None:
    """Return an item's two children, or None when it is never divided or one child is declared empty."""
    if node.children is None or not all(live(child, tree) for child in node.children):
        return None
    return node.children


def closed_by(node: Node, tree: Tree, excluded: Iterable[int], leaning: int) -> Closed | None:
    """Return what an undivided item tells when its first child's count is none of the excluded values."""
    values = sorted(excluded)
    children = real_children(node, tree)
    if not values or children is None:
        return None
    return Closed(live(children[0], tree), live(children[1], tree), values[0] - 1, values[-1] + 1, leaning)


def _table(release: Release, series: Series) -> Table:
    refused = {r.node: r.excluded for r in series.refusals if r.release == release.id}
    table = Table(release.population.members)
    for block in release.blocks:
        node = series.tree.nodes[block.node]
        if not live(node, series.tree):
            continue
        excluded: Iterable[int] = refused.get(block.node, range(series.k, block.count - series.k + 1))
        closed = closed_by(node, series.tree, excluded, release.leaning.get(block.node, 1))
        table.parts.append(Part(node, live(node, series.tree), block.count, closed))
    return table


def tables_of(series: Iterable[Series]) -> list[Table]:
    """Return all that was published in some series; the same population twice counts once when it says the same."""
    return [_table(release, one) for one in series for release in one.releases]


def connected(tables: list[Table], members: frozenset[Token]) -> list[Table]:
    """Return the tables that share people with a population, directly or through others."""
    rest, reach = list(tables), set(members)
    found: list[Table] = []
    while True:
        near = [table for table in rest if not reach.isdisjoint(table.members)]
        if not near:
            return found
        for table in near:
            reach |= table.members
            rest.remove(table)
            found.append(table)
