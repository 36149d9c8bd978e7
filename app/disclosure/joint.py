"""R7, the other way: a network's sum of two variables, cut along a tree of pairs; the proof of R2 holds for it.

It hides more than `crosstable` and tells nothing by its choice. Only people whom no earlier joint table counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.disclosure.fault import DisclosureFault, ThresholdTooLow
from app.disclosure.tree import LEAST_K, Node, Tree

LEAST_SHELTERS = 3


def enough(shelters: Sequence[Mapping[Any, int]], k: int) -> None:
    """Refuse a k under three, and a sum of fewer than three shelters; raises ThresholdTooLow or DisclosureFault."""
    if k < LEAST_K:
        raise ThresholdTooLow(k)
    if sum(any(table.values()) for table in shelters) < LEAST_SHELTERS:
        raise DisclosureFault("shelters")


def joint_tree(one: Tree, other: Tree) -> Tree:
    """Return the tree of pairs of two variables, divided by turns; leaves are `code×code`, items `item×item`."""
    zeros = frozenset(_pair(a, b) for a in one.leaves for b in other.leaves if a in one.zeros or b in other.zeros)
    return Tree(
        _pair(one.variable, other.variable), _joint(one.root, other.root, first=True), max(one.k, other.k), zeros
    )


def _pair(one: str, other: str) -> str:
    return f"{one}×{other}"


def _joint(one: Node, other: Node, *, first: bool) -> Node:
    name = _pair(one.name, other.name)
    if one.children is not None and (first or other.children is None):
        return Node(name, _two(_joint(child, other, first=False) for child in one.children), k=one.k)
    if other.children is not None:
        return Node(name, _two(_joint(one, child, first=True) for child in other.children), k=other.k)
    return Node(name, own=tuple(_pair(a, b) for a in one.own for b in other.own))


def _two(nodes: Iterable[Node]) -> tuple[Node, Node]:
    first, second = nodes
    return first, second


def joint(tree: Tree, shelters: Sequence[Mapping[str, int]], k: int) -> dict[str, int]:
    """Return the finest cut of a network's sum along a tree of pairs that R2 allows, as counts by item.

    `shelters` has each shelter's counts by leaf, for people that no earlier joint table of the network counts.
    Raises DisclosureFault under three shelters and ThresholdTooLow.
    """
    enough(shelters, k)
    counts = {leaf: sum(table.get(leaf, 0) for table in shelters) for leaf in tree.leaves}

    def count(node: Node) -> int:
        return sum(counts[leaf] for leaf in node.leaves)

    def cut(node: Node) -> dict[str, int]:
        if node.children is not None:
            empty = any(child.leaves <= tree.zeros for child in node.children)
            if empty or all(count(child) >= tree.k_of(node, k) for child in node.children):
                return cut(node.children[0]) | cut(node.children[1])
        return {node.name: count(node)}

    return cut(tree.root)
