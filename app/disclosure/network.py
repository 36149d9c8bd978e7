"""The capofila's side: sums of the shelters' safe tables on the common tree, with "non ripartiti"; never a difference.

Sums of safe tables are safe, since they are made from them. A shelter that does not show an item is in `undivided` of
the item above it; "network minus known" is never calculated, and there is nothing here that subtracts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.disclosure.cell import Cell, Counted, Reason, Suppressed
from app.disclosure.fault import TreeChanged
from app.disclosure.release import Release
from app.disclosure.tree import Node, Tree

LEAST_SHELTERS = 3
"""What is passed on outside the network is summed over at least three shelters (or over a quarter)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the network's table.

    `total`: everybody that the shelters which can tell put into this item. `undivided`: of these, those whose shelter
    shows this item whole and not its parts ("non ripartiti"); they are in no item below. `shelters`: how many told.
    """

    node: str
    total: int
    undivided: int
    shelters: int


def add_up(tree: Tree, releases: Mapping[str, Release], totals: Mapping[str, int] | None = None) -> tuple[Item, ...]:
    """Return the items that at least one shelter tells, from the top of the tree downwards.

    `releases` has one release a shelter, of one variable, family and day; `totals` the head counts of shelters that
    published only a total. Raises TreeChanged when a release was cut with another tree.
    """
    found: dict[str, list[int]] = {}
    for total in (totals or {}).values():
        _tell(found, tree.root.name, total, undivided=True)
    for release in releases.values():
        if release.tree != tree.digest:
            raise TreeChanged(tree.variable)
        told = {block.node: block.count for block in release.blocks}
        _sum(found, tree.root, told)
    return tuple(Item(node.name, *found[node.name]) for node in tree.root.walk() if node.name in found)


def _tell(found: dict[str, list[int]], node: str, count: int, *, undivided: bool) -> None:
    row = found.setdefault(node, [0, 0, 0])
    row[0] += count
    row[1] += count if undivided else 0
    row[2] += 1


def _sum(found: dict[str, list[int]], node: Node, told: Mapping[str, int]) -> int:
    """Add one shelter's counts from an item downwards; an item above its blocks is their sum."""
    if node.name in told:
        _tell(found, node.name, told[node.name], undivided=True)
        return told[node.name]
    count = sum(_sum(found, child, told) for child in node.children or ())
    _tell(found, node.name, count, undivided=False)
    return count


def outside(items: Sequence[Item], tree: Tree) -> dict[str, Cell]:
    """Return what may be passed on outside the network: totals of items that at least three shelters tell.

    An item goes only with its sister, and `undivided` is left out: with it, what two shelters show could be worked out.
    An item less its two parts is what those shelters count that do not divide it: nobody, or at least three shelters.
    """
    shelters = {item.node: item.shelters for item in items}
    told = {item.node: item.total for item in items}
    cells: dict[str, Cell] = {}

    def is_enough(child: Node, node: Node) -> bool:
        telling = shelters.get(child.name, 0)
        return telling >= LEAST_SHELTERS and not 0 < shelters[node.name] - telling < LEAST_SHELTERS

    def descend(node: Node, *, may: bool) -> None:
        if node.name in told:
            cells[node.name] = Counted(told[node.name]) if may else Suppressed(Reason.TOO_FEW)
        pair = node.children or ()
        both = may and all(is_enough(child, node) for child in pair)
        for child in pair:
            descend(child, may=both)

    descend(tree.root, may=shelters.get(tree.root.name, 0) >= LEAST_SHELTERS)
    return cells
