"""Two ways that add noise: cell keys, where the same persons always get the same noise, and differential privacy."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDEST = 5
VARIANCE = 2.0


def _weights(count: int, slope: float, curve: float) -> list[float]:
    low = -min(count, WIDEST)
    return [math.exp(slope * v - curve * v * v) for v in range(low, WIDEST + 1)]


def _moments(count: int, weights: Sequence[float]) -> tuple[float, float]:
    low, total = -min(count, WIDEST), sum(weights)
    mean = sum((low + n) * w for n, w in enumerate(weights)) / total
    return mean, sum((low + n - mean) ** 2 * w for n, w in enumerate(weights)) / total


def _bisect(low: float, high: float, too_low: object) -> float:
    test = too_low if callable(too_low) else bool
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if test(middle) else (low, middle)
    return (low + high) / 2


def _slope(count: int, curve: float) -> float:
    return _bisect(-20, 20, lambda s: _moments(count, _weights(count, s, curve))[0] < 0)


def perturbation(count: int) -> list[float]:
    """Return the chances of the noise -min(count, 5)..5: most random at mean 0 and variance at most 2."""
    curve = _bisect(0.0, 10.0, lambda c: _moments(count, _weights(count, _slope(count, c), c))[1] > VARIANCE)
    weights = _weights(count, _slope(count, curve), curve)
    return [weight / sum(weights) for weight in weights]


ROWS = [[1.0]] + [perturbation(count) for count in range(1, WIDEST + 1)]


def noised(persons: Sequence[str], keys: Mapping[str, float]) -> int:
    """Return the published count of these persons."""
    count = len(persons)
    if count == 0:
        return 0
    key, low = sum(keys[p] for p in persons) % 1.0, -min(count, WIDEST)
    for n, chance in enumerate(ROWS[min(count, WIDEST)]):
        key -= chance
        if key < 0:
            return count + low + n
    return count + WIDEST


@dataclass(frozen=True, slots=True)
class CellKeyResult:
    """Months in which one person came and nobody left, and how often her item could be read off."""

    entrants: int
    read: int
    wrong: int


def read_lone_entrants(
    populations: Sequence[frozenset[str]], item_of: Mapping[str, str], items: Sequence[str], rng: random.Random
) -> CellKeyResult:
    """Compare each month with the one before: the only cell that moved is the lone newcomer's."""
    keys = {person: rng.random() for person in item_of}
    entrants = read = wrong = 0
    for before, after in pairwise(populations):
        if before - after or len(after - before) != 1:
            continue
        (newcomer,) = after - before
        entrants += 1
        moved = [item for item in items if _cell(before, item, item_of, keys) != _cell(after, item, item_of, keys)]
        read += len(moved) == 1
        wrong += len(moved) == 1 and moved[0] != item_of[newcomer]
    return CellKeyResult(entrants, read, wrong)


def _cell(persons: frozenset[str], item: str, item_of: Mapping[str, str], keys: Mapping[str, float]) -> int:
    return noised(sorted(p for p in persons if item_of[p] == item), keys)


def private_error(tables: int, cells: int, rng: random.Random, epsilon: float = 1.0) -> float:
    """Return the mean error of Laplace noise when one person is in `tables` tables that share a year's epsilon."""
    scale = tables / epsilon
    errors = [abs(rng.expovariate(1 / scale) - rng.expovariate(1 / scale)) for _ in range(50 * cells)]
    return sum(errors) / len(errors)
