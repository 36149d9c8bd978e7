"""Every group and every combination, for small ledgers: nothing is drawn, nothing is left out.

All groups of k − 1 persons with any combination of leaves; and all groups of k of whom all but two share a leaf, which
is R5 for every cohort there is and any two known guests. It takes up to minutes where `attack` takes a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement

from app.audit.attack import Attack
from app.audit.question import MOST_KNOWN, Question

BETWEEN_LOOKS = 4096  # groups between two looks at the clock


def first_without_world(attack: Attack) -> Question | None:
    """Return the first group that cannot be as asked; None when all can. Raises OutOfTime."""
    return next(attack.without_world(_groups(attack)), None)


def _groups(attack: Attack) -> Iterator[tuple[int, ...]]:
    k, knowledge = attack.model.k, attack.model.knowledge
    for place, cells in enumerate(_cells(knowledge.cells, knowledge.types, k)):
        if place % BETWEEN_LOOKS == 0:
            attack.deadline.tick()
        yield cells


def _cells(cells: int, types: int, k: int) -> Iterator[tuple[int, ...]]:
    yield from combinations_with_replacement(range(cells), k - 1)
    for kind in range(types):
        for alike in combinations_with_replacement(range(kind, cells, types), k - MOST_KNOWN):
            for known in combinations_with_replacement(range(cells), MOST_KNOWN):
                yield tuple(sorted(alike + known))
