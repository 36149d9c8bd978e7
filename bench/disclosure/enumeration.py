"""Every data set of a small case through the engine itself, grouped by what was published.

The strongest attacker: it knows the program and undoes it by trying all. Persons who are in the same releases are
interchangeable, so that a data set is how many of each presence pattern have each leaf. For each output, and for the
data sets that give it, the promise is checked word by word.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product

from bench.disclosure.ledger import Json
from bench.disclosure.shelter import Stay

Counts = tuple[tuple[int, ...], ...]  # pattern, leaf: persons
Publisher = Callable[[Sequence[Stay], Json, Sequence[tuple[str, date]], Mapping[str, str], int], Json]
SNAPSHOTS = (date(2026, 6, 30), date(2026, 12, 31), date(2027, 6, 30))


@dataclass(frozen=True, slots=True)
class Case:
    """A small case: how many persons have each presence pattern (a bit each snapshot), and a tree."""

    sizes: Mapping[int, int]
    tree: Json
    leaves: tuple[str, ...]
    k: int = 3

    def stays(self) -> list[Stay]:
        """Return stays that give these patterns: one night of each snapshot that she is in."""
        stays = []
        for pattern, size in self.sizes.items():
            for person in range(size):
                for bit, day in enumerate(SNAPSHOTS):
                    if pattern >> bit & 1:
                        stays.append(Stay(f"p{pattern}n{person}", day, day + timedelta(days=1)))
        return stays

    def schedule(self) -> list[tuple[str, date]]:
        """Return the snapshots."""
        last = max(self.sizes).bit_length()
        return [("S", day) for day in SNAPSHOTS[:last]]

    def data_sets(self) -> Iterator[Counts]:
        """Yield every way to give leaves to the persons, up to the names of interchangeable ones."""
        yield from product(*(compositions(size, len(self.leaves)) for size in self.sizes.values()))

    def values(self, counts: Counts) -> dict[str, str]:
        """Name the persons of a data set."""
        values = {}
        for pattern, row in zip(self.sizes, counts, strict=True):
            leaves = [leaf for leaf, n in zip(self.leaves, row, strict=True) for _ in range(n)]
            values.update({f"p{pattern}n{n}": leaf for n, leaf in enumerate(leaves)})
        return values


@dataclass(slots=True)
class Verdict:
    """What the enumeration found."""

    data_sets: int = 0
    weight: int = 0  # data sets of named persons
    outputs: int = 0
    violations: list[str] = field(default_factory=list)
    exposed: int = 0  # data sets (interchangeable ones once) whose output breaks the promise
    proven: int = 0  # data sets whose output proves that 1 to k - 1 persons of a cohort have an item


def compositions(total: int, parts: int) -> list[tuple[int, ...]]:
    """Return all ways to write a total as an ordered sum of so many numbers, zero allowed."""
    if parts == 1:
        return [(total,)]
    return [(first, *rest) for first in range(total + 1) for rest in compositions(total - first, parts - 1)]


def ways(counts: Counts) -> int:
    """Return how many data sets of named persons look like this one."""
    many = 1
    for row in counts:
        many *= math.factorial(sum(row))
        for n in row:
            many //= math.factorial(n)
    return many


def output_of(series: Json) -> str:
    """Return what was sent, as text, without the hashes of what is already in it."""
    sent = [{key: value for key, value in r.items() if key not in ("hash", "previous")} for r in series["releases"]]
    return json.dumps([sent, series["refusals"]], sort_keys=True)


def group_wishes(sizes: Sequence[int], leaves: int, most: int) -> list[Counts]:
    """Return every combination of leaves for every group of `most` persons (or all, if they are fewer)."""
    most = min(most, sum(sizes))
    wishes = []
    for split in product(*(range(min(size, most) + 1) for size in sizes)):
        if sum(split) == most:
            wishes += list(product(*(compositions(n, leaves) for n in split)))
    return wishes


def cohorts(patterns: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the sets of patterns (as positions) that make a cohort: every union of whole patterns."""
    return [tuple(n for n in range(len(patterns)) if mask >> n & 1) for mask in range(1, 1 << len(patterns))]


def broken(case: Case, preimage: Sequence[Counts]) -> Iterator[str]:
    """Yield each way in which an output breaks the promise."""
    sizes, leaves = list(case.sizes.values()), len(case.leaves)
    for wish in group_wishes(sizes, leaves, case.k - 1):
        if not any(_covers(counts, wish) for counts in preimage):
            yield f"group {wish} is refuted"
            break
    for cohort in cohorts(list(case.sizes)):
        whole = sum(sizes[n] for n in cohort)
        for mask in range(1, (1 << leaves) - 1):
            have = [
                sum(counts[n][leaf] for n in cohort for leaf in range(leaves) if mask >> leaf & 1)
                for counts in preimage
            ]
            least, most = min(have), max(have)
            if not acceptable(least, most, whole, case.k):
                yield f"cohort {cohort} of {whole}, items {mask:b}: {least} to {most}"


def acceptable(least: int, most: int, whole: int, k: int) -> bool:
    """Tell whether rule R5 accepts these bounds of a cohort of so many persons."""
    if whole < k:
        return least == 0 and most == whole
    proves_few = least >= 1 and most < k
    proves_few_lack = whole - most >= 1 and whole - least < k
    return not proves_few and not proves_few_lack and least <= whole - k and most >= k


def _covers(counts: Counts, wish: Counts) -> bool:
    return all(n >= m for row, wanted in zip(counts, wish, strict=True) for n, m in zip(row, wanted, strict=True))


def enumerate_case(case: Case, publish: Publisher) -> Verdict:
    """Run the engine on every data set of a case and judge every output."""
    verdict, found = Verdict(), defaultdict(list)
    stays, schedule = case.stays(), case.schedule()
    for counts in case.data_sets():
        series = publish(stays, case.tree, schedule, case.values(counts), case.k)
        found[output_of(series)].append(counts)
        verdict.data_sets += 1
        verdict.weight += ways(counts)
    verdict.outputs = len(found)
    for output, preimage in found.items():
        reasons = list(broken(case, preimage))
        if reasons:
            verdict.exposed += len(preimage)
            verdict.violations.append(f"{dict(case.sizes)} {reasons[0]} by {output}")
        if proves_small_group(case, preimage):
            verdict.proven += len(preimage)
    return verdict


def proves_small_group(case: Case, preimage: Sequence[Counts]) -> bool:
    """Tell whether an output proves that 1 to k - 1 of some cohort have some item."""
    leaves = len(case.leaves)
    for cohort in cohorts(list(case.sizes)):
        for mask in range(1, (1 << leaves) - 1):
            have = [
                sum(counts[n][leaf] for n in cohort for leaf in range(leaves) if mask >> leaf & 1)
                for counts in preimage
            ]
            if min(have) >= 1 and max(have) < case.k:
                return True
    return False


def leaf(name: str) -> Json:
    """Return a leaf of a tree."""
    return {"node": name, "leaves": [name]}


def pair(name: str, first: Json, second: Json) -> Json:
    """Return an inner node of a tree."""
    return {"node": name, "children": [first, second]}


TREES: dict[str, tuple[Json, tuple[str, ...]]] = {
    "ab": (pair("all", leaf("a"), leaf("b")), ("a", "b")),
    "a(bc)": (pair("all", leaf("a"), pair("bc", leaf("b"), leaf("c"))), ("a", "b", "c")),
    "(ab)(cd)": (
        pair("all", pair("ab", leaf("a"), leaf("b")), pair("cd", leaf("c"), leaf("d"))),
        ("a", "b", "c", "d"),
    ),
}

ONE = [({1: n}, tree) for n in (6, 7, 9, 12) for tree in TREES]
TWO = [
    ({1: 3, 3: 3, 2: 3}, "ab"),
    ({1: 3, 3: 6, 2: 3}, "a(bc)"),
    ({1: 4, 3: 5, 2: 3}, "a(bc)"),
    ({1: 3, 3: 4, 2: 5}, "ab"),
    ({1: 0, 3: 6, 2: 4}, "a(bc)"),
    ({1: 2, 3: 6, 2: 3}, "ab"),
    ({1: 3, 3: 3, 2: 4}, "(ab)(cd)"),
]
THREE = [
    ({1: 3, 2: 0, 3: 3, 4: 3, 6: 3}, "ab"),
    ({1: 3, 3: 3, 7: 3, 6: 3, 4: 3}, "ab"),
    ({1: 3, 7: 4, 6: 3, 4: 0}, "a(bc)"),
    ({1: 3, 3: 0, 5: 3, 7: 3, 2: 3}, "ab"),
    ({3: 3, 5: 3, 6: 3}, "a(bc)"),
    ({1: 3, 2: 3, 3: 3, 4: 3, 5: 3, 6: 3}, "ab"),
]
