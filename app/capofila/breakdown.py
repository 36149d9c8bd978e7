"""The network's yearly tables: what the shelters' safe tables come to when they are added up, and nothing else.

Sums only, by `app.disclosure.network`: a shelter that does not divide an item is told as *non ripartiti* above it, and
"the network without one" is never calculated. Of each month the highest revision counts; the others are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.reference.texts import tr
from app.sync.breakdown import VARIABLES, Cut, PublishedTable

if TYPE_CHECKING:
    from app.capofila.service import ReceivedReport
    from app.disclosure.release import Release
    from app.disclosure.tree import Tree


@dataclass(frozen=True, slots=True)
class NetworkItem:
    """One item: everybody in it, and whether it may be handed on outside; `depth` is how far down the tree it stands.

    `undivided` are those whose shelter goes no deeper though the tree does ("non ripartiti"): no item below has them.
    """

    node: str
    label: str
    depth: int
    total: int
    undivided: int
    shelters: int
    may_be_handed_on: bool


@dataclass(frozen=True, slots=True)
class NetworkTable:
    """One variable about one kind of population, over all shelters of a profile that told.

    `untold` shelters had the table due and published none; `unknown` ones cut it with a tree that is not known here.
    """

    variable: str
    profile: str
    family: str
    day: date
    shelters: int
    untold: int
    unknown: int
    items: tuple[NetworkItem, ...]


@dataclass(frozen=True, slots=True)
class NetworkYear:
    """All tables of a year."""

    year: int
    tables: tuple[NetworkTable, ...]


@dataclass(slots=True)
class _Told:
    """What the shelters of one profile said of one variable, family and day."""

    shown: dict[str, tuple[Cut, PublishedTable]]
    untold: set[str]


def network_year(
    reports: Iterable[ReceivedReport], year: int, house_of: Callable[[str], str] = lambda shelter_id: shelter_id
) -> NetworkYear:
    """Return a year's tables, summed over the shelters of each profile; a table belongs to the year of its day.

    `house_of` tells the id that a house has now: what it published under an earlier one is the same house's word.
    """
    told: dict[tuple[int, str, str, str], _Told] = {}
    for report in _last_of_each_month(reports):
        for cut in report.report.breakdowns:
            for table in cut.tables:
                if table.day.startswith(f"{year:04d}-"):
                    key = (VARIABLES.index(cut.variable), cut.profile, table.family, table.day)
                    found = told.setdefault(key, _Told({}, set()))
                    if isinstance(table, PublishedTable):
                        found.shown[house_of(report.shelter_id)] = (cut, table)
                    else:
                        found.untold.add(house_of(report.shelter_id))
    return NetworkYear(year, tuple(_summed(key, found) for key, found in sorted(told.items(), key=lambda row: row[0])))


def _last_of_each_month(reports: Iterable[ReceivedReport]) -> Iterator[ReceivedReport]:
    """Yield of each shelter's months the highest revision; months in their order, so that a later word counts."""
    chosen: dict[tuple[str, str], ReceivedReport] = {}
    for report in reports:
        key = (report.report.period, report.shelter_id)
        if key not in chosen or chosen[key].report.revision < report.report.revision:
            chosen[key] = report
    for key in sorted(chosen):
        yield chosen[key]


def _summed(key: tuple[int, str, str, str], told: _Told) -> NetworkTable:
    from app.disclosure.cell import Counted
    from app.disclosure.network import add_up, outside
    from app.disclosure.tree_file import load_tree

    variable, profile, family, day = VARIABLES[key[0]], key[1], key[2], key[3]
    tree = load_tree(variable, profile)
    known = {shelter: table for shelter, (cut, table) in told.shown.items() if cut.digest == tree.digest}
    items = add_up(tree, {shelter: _release(tree, table) for shelter, table in known.items()})
    handed = outside(items, tree)
    depths = _depths(tree)
    return NetworkTable(
        variable=variable,
        profile=profile,
        family=family,
        day=date.fromisoformat(day),
        shelters=len(known),
        untold=len(told.untold - set(told.shown)),
        unknown=len(told.shown) - len(known),
        items=tuple(
            NetworkItem(
                node=item.node,
                label=tr(f"disclosure_tree.{variable}_{item.node}"),
                depth=depths[item.node],
                total=item.total,
                undivided=item.undivided if tree.nodes[item.node].children is not None else 0,
                shelters=item.shelters,
                may_be_handed_on=isinstance(handed.get(item.node), Counted),
            )
            for item in items
        ),
    )


def _release(tree: Tree, table: PublishedTable) -> Release:
    """Return a received table as `network.add_up` reads it; who was counted is not known here and not needed."""
    from app.disclosure.population import Family, Population
    from app.disclosure.release import Block, Release

    blocks = tuple(Block(node, tuple(sorted(tree.nodes[node].leaves)), count) for node, count in table.blocks)
    population = Population(Family(table.family), date.fromisoformat(table.day), ())
    return Release(f"{table.day}/{table.family}/{table.revision}", population, table.revision, blocks, tree.digest)


def _depths(tree: Tree) -> dict[str, int]:
    depths = {tree.root.name: 0}
    for node in tree.root.walk():
        for child in node.children or ():
            depths[child.name] = depths[node.name] + 1
    return depths
