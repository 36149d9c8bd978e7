"""Every house that there could be, small ones: who publishes the same, and can any group be anything among those?

Algorithm-aware: the engine runs on every data set, so whatever its choices tell is counted. People of one presence
pattern are exchangeable, so a data set is a matrix of patterns by leaves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations_with_replacement, product
from typing import Any

from app.disclosure import Calendar, Family, Ledger, Population, Release, Stay, Token, Tree, publish

Matrix = tuple[tuple[int, ...], ...]


def placings(size: int, leaves: int) -> list[tuple[int, ...]]:
    """Return all ways to put `size` like people into leaves."""
    found = []
    for chosen in combinations_with_replacement(range(leaves), size):
        found.append(tuple(chosen.count(leaf) for leaf in range(leaves)))
    return found


@dataclass
class World:
    """Patterns: how many people and in which snapshots (0, 1, …) they are counted."""

    tree: Tree
    k: int
    patterns: list[tuple[int, frozenset[int]]]
    memory: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.leaves = sorted(self.tree.leaves)
        self.tokens = [[Token(f"{p}-{i}") for i in range(size)] for p, (size, _) in enumerate(self.patterns)]
        every = [Stay(t, date(2025, 1, 1), None) for row in self.tokens for t in row]
        self.empty = Ledger("s", "", Calendar.of(every))
        count = 1 + max(max(where) for _, where in self.patterns)
        self.populations = []
        for snapshot in range(count):
            inside = [
                t for row, (_, where) in zip(self.tokens, self.patterns, strict=False) for t in row if snapshot in where
            ]
            self.populations.append(Population(Family.PRESENT, date(2026, 1 + snapshot, 1), tuple(sorted(inside))))

    def matrices(self) -> Iterator[Matrix]:
        """Yield every data set."""
        yield from product(*(placings(size, len(self.leaves)) for size, _ in self.patterns))

    def report(self, matrix: Matrix) -> tuple[Any, ...]:
        """Return all that goes out for a data set."""
        ledger, out = self.empty, []
        for snapshot, population in enumerate(self.populations):
            rows = [row for row, (_, where) in zip(matrix, self.patterns, strict=False) if snapshot in where]
            key = (tuple(out), tuple(sum(column) for column in zip(*rows, strict=False)))
            if key not in self.memory:
                result, after = publish(ledger, self.tree, population, self.values(matrix), k=self.k)
                told = tuple((b.node, b.count) for b in result.blocks) if isinstance(result, Release) else result.reason
                self.memory[key] = (told, after)
            told, ledger = self.memory[key]
            out.append(told)
        return tuple(out)

    def values(self, matrix: Matrix) -> dict[Token, str]:
        """Return one way to give the people of each pattern their leaves."""
        found = {}
        for row, tokens in zip(matrix, self.tokens, strict=False):
            codes = [leaf for leaf, count in zip(self.leaves, row, strict=False) for _ in range(count)]
            found.update(zip(tokens, codes, strict=False))
        return found

    def groups(self, size: int) -> Iterator[Matrix]:
        """Yield every group of `size` people with every choice of leaves."""
        for sizes in product(*(range(min(size, n) + 1) for n, _ in self.patterns)):
            if sum(sizes) == size:
                yield from product(*(placings(part, len(self.leaves)) for part in sizes))

    def refuted(self) -> tuple[int, int, int]:
        """Return how many reports there are, how many groups of k − 1 some report refutes, and how many of k alike."""
        classes: dict[Any, list[Matrix]] = defaultdict(list)
        for matrix in self.matrices():
            classes[self.report(matrix)].append(matrix)
        any_groups = list(self.groups(self.k - 1))
        alike = [g for g in self.groups(self.k) if sum(any(row[c] for row in g) for c in range(len(self.leaves))) == 1]
        bad = [
            sum(not any(_holds(m, g) for m in same) for same in classes.values() for g in of)
            for of in (any_groups, alike)
        ]
        return len(classes), bad[0], bad[1]


def _holds(matrix: Matrix, group: Matrix) -> bool:
    return all(
        have >= want
        for row, wanted in zip(matrix, group, strict=False)
        for have, want in zip(row, wanted, strict=False)
    )
