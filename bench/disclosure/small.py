"""Small random cases of three snapshots, k from 3 to 5: where a slip of one person in the engine shows soonest."""

from __future__ import annotations

import random

from bench.disclosure.engine import case_ledger
from bench.disclosure.enumeration import TREES, Case
from bench.disclosure.ledger import Json


def small_ledger(seed: int) -> Json:
    """Publish three snapshots of a case, with as many persons in each presence pattern as a threshold has, or so."""
    rng = random.Random(f"small {seed}")  # noqa: S311 - reproducible on purpose
    k = rng.choice((3, 4, 5))
    sizes = {pattern: _some(rng, k) for pattern in rng.sample(range(1, 8), rng.randint(2, 5))}
    case = Case(sizes, *TREES[rng.choice(sorted(TREES))], k)
    stays, weights = case.stays(), [rng.random() for _ in case.leaves]
    values = {stay.token: rng.choices(case.leaves, weights)[0] for stay in stays}
    return case_ledger(stays, case.tree, case.schedule(), values, k)


def _some(rng: random.Random, k: int) -> int:
    return rng.choice((rng.randint(1, k - 1), k, k, k + 1, rng.randint(k, 2 * k), rng.randint(2 * k, 3 * k)))
