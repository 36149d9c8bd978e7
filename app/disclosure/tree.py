"""Public binary trees of detail (R1): what may be told apart, and in which order; never made from a shelter's data.

A tree knows no person and no count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import rfc8785

from app.disclosure.fault import ThresholdTooLow, TreeInvalid

LEAST_K = 3
"""No threshold below three (Regole deontologiche Sistan, G.U. 11 of 14-1-2019, art. 5)."""

DEFAULT_K = 5


@dataclass(frozen=True)
class Node:
    """An item: either divided into two, or never divided and holding one or more leaves."""

    name: str
    children: tuple[Node, Node] | None = None
    own: tuple[str, ...] = ()
    k: int = 0
    """Persons needed on both sides of its division and of those below, when more than the series' k."""

    @cached_property
    def leaves(self) -> frozenset[str]:
        """Return all codes under this item."""
        if self.children is None:
            return frozenset(self.own)
        return self.children[0].leaves | self.children[1].leaves

    def walk(self) -> Iterator[Node]:
        """Yield this item and all below it, first children first."""
        yield self
        for child in self.children or ():
            yield from child.walk()

    def to_json(self) -> dict[str, Any]:
        """Return the form of the ledger's `tree`."""
        if self.children is None:
            return {"node": self.name, "leaves": list(self.own)}
        extra = {"k": self.k} if self.k else {}
        return {"node": self.name, **extra, "children": [child.to_json() for child in self.children]}


@dataclass(frozen=True)
class Tree:
    """The tree of one variable for one declared profile; raises TreeInvalid or ThresholdTooLow when it is none."""

    variable: str
    root: Node
    k: int = DEFAULT_K
    zeros: frozenset[str] = frozenset()
    """Leaves that are declared empty for the profile; public."""
    version: str = ""
    profile: str = ""

    def __post_init__(self) -> None:
        if type(self.k) is not int or self.k < LEAST_K or any(0 < node.k < LEAST_K for node in self.root.walk()):
            raise ThresholdTooLow(self.k)
        nodes = list(self.root.walk())
        if len({node.name for node in nodes}) != len(nodes):
            raise TreeInvalid("names")
        leaves = [leaf for node in nodes for leaf in node.own]
        if len(set(leaves)) != len(leaves) or any((node.children is None) != bool(node.own) for node in nodes):
            raise TreeInvalid("leaves")
        if not self.zeros < self.root.leaves:
            raise TreeInvalid("zeros")

    @property
    def leaves(self) -> frozenset[str]:
        """Return all codes of the variable."""
        return self.root.leaves

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Return every item by its name."""
        return {node.name: node for node in self.root.walk()}

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of the tree as RFC 8785 JSON."""
        return hashlib.sha256(rfc8785.dumps(self.to_json())).hexdigest()

    def k_of(self, node: Node, k: int) -> int:
        """Return how many persons both sides of an item's division need: its own k, or one of an item above."""
        return max(k, self._least[node.name])

    @cached_property
    def _least(self) -> dict[str, int]:
        found: dict[str, int] = {}

        def descend(node: Node, above: int) -> None:
            found[node.name] = max(above, node.k)
            for child in node.children or ():
                descend(child, found[node.name])

        descend(self.root, 0)
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the form of the ledger's `tree`."""
        return self.root.to_json()

    @classmethod
    def from_json(
        cls, variable: str, tree: Mapping[str, Any], *, k: int = DEFAULT_K, zeros: frozenset[str] = frozenset()
    ) -> Tree:
        """Return the tree that a ledger holds."""
        return cls(variable, node_from_json(tree), k, zeros)


def node_from_json(tree: Mapping[str, Any]) -> Node:
    """Return one item with all below it; raises TreeInvalid."""
    try:
        if "children" in tree:
            first, second = (node_from_json(child) for child in tree["children"])
            return Node(str(tree["node"]), (first, second), k=int(tree.get("k", 0)))
        return Node(str(tree["node"]), own=tuple(str(leaf) for leaf in tree["leaves"]))
    except (KeyError, TypeError, ValueError) as error:
        raise TreeInvalid("form") from error
