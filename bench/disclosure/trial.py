"""The enumerations as tables: the engine, its control without memory, and the classic methods."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

from bench.disclosure import control
from bench.disclosure.engine import publish_case
from bench.disclosure.enumeration import (
    ONE,
    THREE,
    TREES,
    TWO,
    Case,
    Publisher,
    Verdict,
    compositions,
    enumerate_case,
)
from bench.disclosure.suppression import HIDERS, publisher
from bench.disclosure.table import Clock, say, share, show


def case_of(sizes: Mapping[int, int], tree: str, k: int = 3) -> Case:
    """Return a case without its empty patterns."""
    return Case({pattern: size for pattern, size in sizes.items() if size}, *TREES[tree], k)


def data_sets(case: Case) -> int:
    """Return how many data sets a case has."""
    many = 1
    for size in case.sizes.values():
        many *= len(compositions(size, len(case.leaves)))
    return many


def random_cases(number: int, largest: int) -> Iterator[tuple[Mapping[int, int], str]]:
    """Yield small cases of two or three snapshots."""
    seed = found = 0
    while found < number:
        seed += 1
        rng = random.Random(f"case {seed}")  # noqa: S311 - reproducible on purpose
        snapshots = rng.choice((2, 2, 3))
        patterns = rng.sample(range(1, 1 << snapshots), rng.randint(2, min(4, (1 << snapshots) - 1)))
        sizes = {pattern: rng.choice((2, 3, 3, 3, 4, 4, 5, 6, 7, 8)) for pattern in patterns}
        tree = rng.choice(sorted(TREES))
        if max(patterns).bit_length() > 1 and data_sets(case_of(sizes, tree)) <= largest:
            found += 1
            yield sizes, tree


def enumerations(largest: int = 1500, fuzz: int = 20) -> int:
    """Show all enumerations; return how many data sets the engine exposed."""
    _show_classic()
    exposed = 0
    groups: dict[str, list[tuple[Mapping[int, int], str]]] = {
        "one table": list(ONE),
        "two snapshots": list(TWO),
        "three snapshots": list(THREE),
        "random, 2 or 3 snapshots": list(random_cases(fuzz, largest // 2)),
    }
    rows, reasons = [], []
    for name, cases in groups.items():
        for program, publish in (("R2 alone (control)", control.publish), ("Approdo", publish_case)):
            clock, total = Clock(), _sum([(case_of(*case), publish) for case in cases], largest)
            if program == "Approdo":
                exposed += total.exposed
                reasons += total.violations
            row = [name, program, len(cases), total.data_sets, f"{total.weight:.1e}", total.outputs]
            rows.append([*row, total.exposed, total.proven, f"{clock.seconds():.0f} s"])
    head = ["case", "program", "cases", "data sets", "of named persons", "outputs"]
    head += ["break the promise", "prove 1 to k - 1", "time"]
    show(f"every data set of small cases, k = 3 (cases of more than {largest} data sets left out)", head, rows)
    for line in reasons[:10]:
        say(f"- {line}")
    return exposed


def _sum(cases: list[tuple[Case, Publisher]], largest: int) -> Verdict:
    total = Verdict()
    for case, publish in cases:
        if data_sets(case) > largest:
            continue
        one = enumerate_case(case, publish)
        total.data_sets += one.data_sets
        total.weight += one.weight
        total.outputs += one.outputs
        total.exposed += one.exposed
        total.proven += one.proven
        total.violations += one.violations
    return total


def _show_classic() -> None:
    rows = []
    for name, hide in HIDERS.items():
        for persons in (9, 12):
            for tree in ("a(bc)", "(ab)(cd)"):
                case = Case({1: persons}, *TREES[tree], 5)
                found = enumerate_case(case, publisher(hide))
                proven = share(found.proven, found.data_sets)
                rows.append([name, persons, len(case.leaves), found.data_sets, found.outputs, proven])
    head = ["method", "persons", "items", "data sets", "outputs", "prove a group of 1 to 4"]
    show("one table, the reader knows the program, k = 5", head, rows)
