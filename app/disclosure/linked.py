"""R9: variables that tell of each other, because some pairs of answers are impossible for one person.

If no pair of undivided items is wholly impossible, then any item of one variable goes with any item of the other: an
assignment for each variable alone is an assignment for both, with fitting codes inside the items, and what is safe for
each is safe together (a group of up to k − 1 with any *possible* combinations; the others can be anything that fits).
So the joint programme falls apart into one for each variable, and the gate of each is exact. The project's trees are
made like that and a test says so. For other trees the second variable is not published at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from app.disclosure.ledger import Ledger
from app.disclosure.tree import Node, Tree
from app.reference.resource import read_toml


@dataclass(frozen=True, slots=True)
class Link:
    """Nobody has one of `first` in the one variable and one of `second` in the other."""

    variable: str
    first: frozenset[str]
    other: str
    second: frozenset[str]

    def forbids(self, variable: str, leaf: str, other: str, leaf_there: str) -> bool:
        """Tell whether a person cannot have both."""
        if (variable, other) == (self.variable, self.other):
            return leaf in self.first and leaf_there in self.second
        if (variable, other) == (self.other, self.variable):
            return leaf in self.second and leaf_there in self.first
        return False


@cache
def declared() -> tuple[Link, ...]:
    """Return the pairs of `resources/disclosure/linked.toml`."""
    rows = read_toml("disclosure/linked.toml")["impossible"]
    return tuple(
        Link(row["variable"], frozenset(row["any_of"]), row["with"], frozenset(row["none_of"])) for row in rows
    )


def bites(tree: Tree, other: Tree, links: Iterable[Link]) -> tuple[str, str] | None:
    """Return two undivided items that nobody can have together, or None."""
    near = [link for link in links if {link.variable, link.other} == {tree.variable, other.variable}]
    if not near:
        return None
    for item in _undivided(tree):
        for there in _undivided(other):
            if not _possible(tree, item, other, there, near):
                return item.name, there.name
    return None


def _undivided(tree: Tree) -> list[Node]:
    return [node for node in tree.root.walk() if node.children is None and node.leaves - tree.zeros]


def _possible(tree: Tree, item: Node, other: Tree, there: Node, links: list[Link]) -> bool:
    return any(
        not any(link.forbids(tree.variable, leaf, other.variable, code) for link in links)
        for leaf in item.leaves - tree.zeros
        for code in there.leaves - other.zeros
    )


def clash(ledger: Ledger, tree: Tree, links: Iterable[Link]) -> bool:
    """Tell whether something is out already that this tree's variable would tell of."""
    known = tuple(links)
    return any(
        series.releases and series.variable != tree.variable and bites(tree, series.tree, known) is not None
        for series in ledger.series
    )
