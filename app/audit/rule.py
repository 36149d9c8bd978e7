"""The rules that need no search: k, the tree, R2's numbers, R3's populations, R4's differences, the calendar.

Each finding names the first thing that is wrong. What needs an attacker (R5, R9) is in `attack`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.audit.ledger import Ledger, Node, Release, Series, Stay

LEAST_K = 3
QUARTERLY_FROM = 25


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken; `reason` names a sentence, `impossible` says that no truth can look like this."""

    rule: str
    reason: str
    variable: str
    release: str = ""
    node: str = ""
    number: int = 0
    other: str = ""
    tokens: tuple[str, ...] = ()
    impossible: bool = False


def findings(ledger: Ledger) -> Iterator[Finding]:
    """Yield what is wrong, series by series, release by release."""
    for series in ledger.series:
        calendar = _by_token(series.calendar if series.calendar is not None else ledger.calendar)
        if series.k < LEAST_K:
            yield Finding("k", "k_too_small", series.variable, number=series.k)
        for place, release in enumerate(series.releases):
            yield from _counts(series, release)
            yield from _people(series, release, calendar)
            earlier = series.releases[:place]
            yield from _differences(series, release, earlier, series.k)
            yield from _revision(series, release, earlier)
            for sister in _sisters(ledger, series):
                yield from _beside(series, release, sister)
        yield from _refusals(series)


def off_schedule(ledger: Ledger) -> Iterator[Finding]:
    """Yield releases outside of R6's schedule: a remark, since a network may have agreed on another."""
    for series in ledger.series:
        for release in series.releases:
            last = (release.day + timedelta(days=1)).day == 1
            months = {"C": (12,), "S": (3, 6, 9, 12) if len(release.population) >= QUARTERLY_FROM else (6, 12)}
            if release.family and not (last and release.day.month in months[release.family]):
                yield Finding("R6", "off_schedule", series.variable, release.id)


def not_counted(ledger: Ledger) -> Iterator[Finding]:
    """Yield releases that leave out somebody who was there: a remark, since she may have objected to being counted."""
    for series in ledger.series:
        calendar = series.calendar if series.calendar is not None else ledger.calendar
        for release in series.releases:
            there = {stay.token for stay in calendar if stay.out != stay.first and _counted(stay, release)}
            left_out = len(there.difference(release.population)) if release.family else 0
            if left_out:
                yield Finding("R3", "not_counted", series.variable, release.id, number=left_out)


def _by_token(calendar: tuple[Stay, ...]) -> dict[str, list[Stay]]:
    found: dict[str, list[Stay]] = {}
    for stay in calendar:
        found.setdefault(stay.token, []).append(stay)
    return found


def _counts(series: Series, release: Release) -> Iterator[Finding]:
    nodes = {node.name: node for node in series.tree.walk()}
    if release.tree != series.releases[0].tree or release.tree not in ("", series.digest):
        yield Finding("R1", "tree_changed", series.variable, release.id)
    for block in release.blocks:
        node = nodes.get(block.node)
        if node is None or block.leaves != frozenset(node.leaves):
            yield Finding("R1", "tree_changed", series.variable, release.id, block.node)
    covered = [leaf for block in release.blocks for leaf in block.leaves]
    if sorted(covered) != sorted(series.tree.leaves):
        yield Finding("R1", "no_cut", series.variable, release.id)
        return
    people, published = len(release.population), {block.node: block.count for block in release.blocks}
    if sum(published.values()) != people:
        yield Finding("counts", "sum_differs", series.variable, release.id, number=people, impossible=True)
    yield from _sizes(series, release, published)


def _sizes(series: Series, release: Release, published: dict[str, int]) -> Iterator[Finding]:
    """R2 and R3: enough persons in all, and on both sides of every split that was made."""
    if len(release.population) < 2 * series.k:
        yield Finding("R3", "too_few", series.variable, release.id, number=len(release.population))
    undivided = {node.name for block in published for node in _below(series.tree, block)}
    for node in series.tree.walk():
        if node.name not in undivided:
            yield from _sides(series, release, published, node)


def _sides(series: Series, release: Release, published: dict[str, int], node: Node) -> Iterator[Finding]:
    """Look at the two sides of a split; one that is declared empty is no side, and nobody may be there."""
    empty = [child for child in node.children if frozenset(child.leaves) <= series.zeros]
    for child in node.children:
        count = sum(published.get(part.name, 0) for part in child.walk())
        if child in empty and count:
            yield Finding("zeros", "zero_counted", series.variable, release.id, child.name, impossible=True)
        elif not empty and count < max(series.k, node.k):
            yield Finding("R2", "side_too_small", series.variable, release.id, child.name, count)


def _below(tree: Node, name: str) -> Iterator[Node]:
    """Yield a published block and all below it: there nothing was split."""
    for node in tree.walk():
        if node.name == name:
            yield from node.walk()
            return


def _people(series: Series, release: Release, calendar: dict[str, list[Stay]]) -> Iterator[Finding]:
    if not calendar and not release.family:
        return
    for token in release.population:
        if token not in calendar:
            yield Finding("calendar", "not_in_calendar", series.variable, release.id, tokens=(token,))
        elif not any(_counted(stay, release) for stay in calendar[token]):
            yield Finding("calendar", "not_there", series.variable, release.id, tokens=(token,))


def _counted(stay: Stay, release: Release) -> bool:
    """Say whether a stay brings its guest into a release's family."""
    if release.family == "S":
        return stay.first <= release.day and (stay.out is None or stay.out > release.day)
    if release.family == "C":
        new_year = date(release.day.year, 1, 1)
        return stay.first <= release.day and (stay.out is None or stay.out > new_year or stay.first == new_year)
    return True


def _sisters(ledger: Ledger, series: Series) -> Iterator[Series]:
    """Yield the variable's other series: cut with another tree, or another k, in other years."""
    for one in ledger.series:
        if one.variable == series.variable and one is not series:
            yield one


def _beside(series: Series, release: Release, sister: Series) -> Iterator[Finding]:
    """R1 and R4 between a release and what was published before by another tree or with another k."""
    if any(old.day.year == release.day.year for old in sister.releases):
        yield Finding("R1", "tree_changed", series.variable, release.id, series.tree.name)
    before = tuple(old for old in sister.releases if old.day < release.day)
    yield from _differences(series, release, before, min(series.k, sister.k))


def _differences(series: Series, release: Release, earlier: tuple[Release, ...], k: int) -> Iterator[Finding]:
    """R4: nobody, or at least k, between a release and each before it."""
    now = frozenset(release.population)
    for old in earlier:
        before = frozenset(old.population)
        for some in (now - before, before - now):
            if 0 < len(some) < k:
                people = tuple(token for token in (*old.population, *release.population) if token in some)
                yield Finding(
                    "R4", "too_few_differ", series.variable, release.id, other=old.id, number=len(some), tokens=people
                )


def _revision(series: Series, release: Release, earlier: tuple[Release, ...]) -> Iterator[Finding]:
    """R8: revisions of a family and day are numbered upwards, in one series."""
    if release.family:
        before_it = sum((old.day, old.family) == (release.day, release.family) for old in earlier)
        if release.revision != before_it + 1:
            yield Finding("R8", "revision_order", series.variable, release.id)


def _refusals(series: Series) -> Iterator[Finding]:
    """A refusal speaks of a block that can be split, in a release that left, and of counts that R2 allows."""
    seen: set[tuple[str, str]] = set()
    nodes = {node.name: node for node in series.tree.walk()}
    for refusal in series.refusals:
        found = [release for release in series.releases if speaks_of(refusal.release, refusal.population, release)]
        if not found:
            yield Finding("refusals", "refusal_of_nothing", series.variable, refusal.release, refusal.node)
        for release in found:
            count = next((block.count for block in release.blocks if block.node == refusal.node), None)
            allowed = range(series.k, (count or 0) - series.k + 1)
            key = (release.id, refusal.node)
            divisible = refusal.node in nodes and nodes[refusal.node].children
            if count is None or not divisible or key in seen or not all(v in allowed for v in refusal.excluded):
                yield Finding("refusals", "refusal_of_nothing", series.variable, release.id, refusal.node)
            seen.add(key)


def speaks_of(name: str, population: tuple[str, ...], release: Release) -> bool:
    """Say whether a refusal of release `name`, or of nobody's name, with this population is about a release."""
    return (not name or name == release.id) and frozenset(population) == frozenset(release.population)
