"""From a ledger to what an attacker knows: patterns of presence, types of leaves, equations.

Leaves that no release and no refusal ever tells apart are one type; persons in the same releases are one pattern. For
linked variables (R9) a type is a leaf of each, without the pairs that are declared impossible; for series of the same
variable (another tree, another k) it is the same leaf in each. It asks nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from app.audit.ledger import Exclusion, Ledger, Node, Release, Series
from app.audit.rule import speaks_of
from app.audit.world import Knowledge, Refused, Total

Leaves = frozenset[str]


@dataclass(frozen=True)
class Model:
    """One series, or several that are linked, with all their releases or the first few."""

    series: tuple[Series, ...]
    releases: tuple[tuple[Series, Release], ...]
    types: tuple[tuple[Leaves, ...], ...]  # for each type its leaves in each of the series
    patterns: tuple[tuple[str, ...], ...]  # for each pattern its tokens
    knowledge: Knowledge

    @property
    def k(self) -> int:
        """The threshold; of several series the smallest of theirs."""
        return min(one.k for one in self.series)

    @cached_property
    def pattern_of(self) -> dict[str, int]:
        """For each token its pattern."""
        return {token: place for place, tokens in enumerate(self.patterns) for token in tokens}

    def members(self, tokens: Iterable[str]) -> tuple[tuple[int, int], ...]:
        """Return how many of some tokens are of which pattern; who was never counted is left out."""
        return tuple(sorted(Counter(self.pattern_of[t] for t in tokens if t in self.pattern_of).items()))

    def kinds(self, variable: str, leaves: Iterable[str]) -> tuple[int, ...]:
        """Return the types whose leaves of a variable are all among some leaves."""
        wanted = frozenset(leaves)
        place = [one.variable for one in self.series].index(variable)
        return tuple(kind for kind, parts in enumerate(self.types) if parts[place] <= wanted)

    def upto(self, count: int) -> Model:
        """Return what was known after the first `count` releases, of the same persons and types."""
        everybody = [token for tokens in self.patterns for token in tokens]
        return _assemble(self.series, self.releases[:count], self.types, everybody)


def model_of(series: Sequence[Series], exclusions: Sequence[Exclusion] = ()) -> Model:
    """Return the model of one series, or of several: of the same variable, or linked by pairs that are impossible."""
    together = tuple(series)
    releases = sorted(
        ((one, release, place) for one in together for place, release in enumerate(one.releases)),
        key=lambda entry: (entry[1].day if len(together) > 1 else 0, entry[0].variable, entry[2]),
    )
    parts = [_parts(one, exclusions) for one in together]
    names = [one.variable for one in together]
    agreeing = (kind for kind in (_agreed(one, names) for one in product(*parts)) if all(kind))
    types = tuple(kind for kind in agreeing if not any(_excluded(kind, names, pair) for pair in exclusions))
    order = tuple((one, release) for one, release, _ in releases)
    counted = dict.fromkeys(token for _, release in order for token in release.population)
    return _assemble(together, order, types, list(counted))


def _parts(series: Series, exclusions: Sequence[Exclusion]) -> list[Leaves]:
    """Return the leaves of a series, joined where nothing tells them apart; declared zeros are left out."""
    told: dict[str, list[int]] = {leaf: [] for leaf in series.tree.leaves if leaf not in series.zeros}
    sets = [part for release in series.releases for part in _sets(series, release)]
    sets += [leaves for pair in exclusions for name, leaves in (pair.first, pair.second) if name == series.variable]
    for place, leaves in enumerate(sets):
        for leaf in leaves:
            if leaf in told:
                told[leaf].append(place)
    joined: dict[tuple[int, ...], list[str]] = {}
    for leaf, where in told.items():
        joined.setdefault(tuple(where), []).append(leaf)
    return [frozenset(leaves) for leaves in joined.values()]


def _sets(series: Series, release: Release) -> list[Leaves]:
    found = [block.leaves for block in release.blocks]
    for block in release.blocks:
        first = first_side(series, block.node)
        if first is not None:
            found.append(first)
    return found


def first_side(series: Series, name: str) -> Leaves | None:
    """Return the leaves of the first child of a block that could have been split; zeros are no child."""
    node: Node | None = next((node for node in series.tree.walk() if node.name == name), None)
    while node is not None and node.children:
        living = [child for child in node.children if not frozenset(child.leaves) <= series.zeros]
        if len(living) == 2:
            return frozenset(living[0].leaves)
        node = living[0] if living else None
    return None


def _agreed(kind: tuple[Leaves, ...], names: list[str]) -> tuple[Leaves, ...]:
    """Return a type with what all series of a variable allow: of each somebody has one leaf, however often counted."""
    shared = {
        name: frozenset.intersection(*(part for part, of in zip(kind, names, strict=True) if of == name))
        for name in names
    }
    return tuple(shared[name] for name in names)


def _excluded(kind: tuple[Leaves, ...], names: list[str], pair: Exclusion) -> bool:
    def is_within(side: tuple[str, Leaves]) -> bool:
        variable, leaves = side
        return any(name == variable and part <= leaves for part, name in zip(kind, names, strict=True))

    return is_within(pair.first) and is_within(pair.second)


def _assemble(
    series: tuple[Series, ...],
    releases: tuple[tuple[Series, Release], ...],
    types: tuple[tuple[Leaves, ...], ...],
    tokens: list[str],
) -> Model:
    populations = [frozenset(release.population) for _, release in releases]
    grouped: dict[tuple[int, ...], list[str]] = {}
    for token in tokens:
        grouped.setdefault(tuple(i for i, people in enumerate(populations) if token in people), []).append(token)
    totals, refused = [], []
    for place, (one, release) in enumerate(releases):
        who = tuple(number for number, pattern in enumerate(grouped) if place in pattern)
        column = series.index(one)
        for block in release.blocks:
            kinds = tuple(kind for kind, parts in enumerate(types) if parts[column] <= block.leaves)
            totals.append(Total(who, kinds, block.count))
            values = not_made_at(one, release, block.node, block.count)
            first = first_side(one, block.node)
            if first is not None and values:
                side = tuple(kind for kind, parts in enumerate(types) if parts[column] <= first & block.leaves)
                refused.append(Refused(who, side, values))
    sizes = tuple(len(members) for members in grouped.values())
    knowledge = Knowledge(sizes, len(types), tuple(totals), tuple(refused))
    return Model(series, releases, types, tuple(tuple(members) for members in grouped.values()), knowledge)


def not_made_at(series: Series, release: Release, node: str, count: int) -> frozenset[int]:
    """Return the counts of a block's first side that its staying whole rules out, for whoever knows the algorithm."""
    for refusal in series.refusals:
        if refusal.node == node and speaks_of(refusal.release, refusal.population, release):
            return refusal.excluded
    return frozenset(range(series.k, count - series.k + 1))


def sisters(ledger: Ledger) -> list[tuple[Series, ...]]:
    """Return the groups of two or more series of the same variable."""
    names = dict.fromkeys(one.variable for one in ledger.series)
    found = [tuple(one for one in ledger.series if one.variable == name) for name in names]
    return [group for group in found if len(group) > 1]


def linked(ledger: Ledger) -> list[tuple[Series, ...]]:
    """Return the groups of series of two or more variables that impossible pairs tie together."""
    groups: list[set[str]] = [{name} for name in dict.fromkeys(one.variable for one in ledger.series)]
    for pair in ledger.impossible:
        touched = [group for group in groups if pair.first[0] in group or pair.second[0] in group]
        groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    tied = [group for group in groups if len(group) > 1]
    found = [tuple(one for one in ledger.series if one.variable in group) for group in tied]
    return sorted(found, key=lambda group: ledger.series.index(group[0]))
