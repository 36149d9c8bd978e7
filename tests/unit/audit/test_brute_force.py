"""The audit says of small ledgers what counting all possible worlds says: no hole is missed, none invented."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audit import Outcome, audit
from tests.unit.audit import brute
from tests.unit.audit.builder import as_bytes, chained, cut, release, tree

Json = dict[str, Any]

SIZES = [(6,), (8,), (3, 3, 3), (4, 3, 0), (3, 4, 3), (0, 6, 3), (2, 4, 3), (3, 2, 3), (1, 6, 0)]
SHAPES = [("a", "b"), (("a", "b"), "c"), ("a", ("b", "c"))]


@st.composite
def small_series(draw: st.DrawFn) -> Json:
    """Up to three releases of nine persons at k = 3, by R2 and R4, sometimes with refusals that the rules allow."""
    one, k = draw(st.sampled_from(SHAPES)), 3
    sizes = draw(
        st.sampled_from([(6,), (8,), (3, 3, 3), (4, 3, 0), (3, 4, 3), (0, 6, 3), (2, 4, 3), (3, 2, 3), (1, 6, 0)])
    )
    patterns = {1: [(0,)], 3: [(0,), (0, 1), (1,)]}[len(sizes)]
    people = [(f"t{p}{n}", patterns[p]) for p, size in enumerate(sizes) for n in range(size)]
    shape = tree(one)
    leaves = brute.leaves_of(shape)
    value = {token: draw(st.sampled_from(leaves)) for token, _ in people}
    refuse = frozenset(draw(st.sets(st.sampled_from(["all", "all0", "all1"]), max_size=1)))
    releases, refusals = [], []
    for place in range(1 if len(sizes) == 1 else 2):
        who = [token for token, there in people if place in there]
        if len(who) < 2 * k:
            continue
        blocks = cut(shape, [value[token] for token in who], k, refuse=refuse)
        made = release(f"202{place}-12-31", "C", who, blocks)
        releases.append(made)
        for block in blocks:
            allowed = list(range(k, block["count"] - k + 1))
            if block["node"] in refuse and allowed and len(block["leaves"]) > 1:
                said = draw(st.sets(st.sampled_from(allowed)))
                refusals.append(
                    {"release": made["id"], "population": who, "node": block["node"], "excluded_values": sorted(said)}
                )
    calendar = [
        {"token": token, "in": f"202{there[0]}-02-01", "out": None if there[-1] else "2021-01-01"}
        for token, there in people
    ]
    return {
        "shelter": "house",
        "variable": "gender",
        "k": k,
        "tree": shape,
        "releases": releases,
        "refusals": refusals,
        "calendar": calendar,
    }


def expected(series: Json) -> Outcome:
    """What the rules that need no search say first; then every world, one by one."""
    for place, one in enumerate(series["releases"]):
        now = set(one["population"])
        for other in series["releases"][:place]:
            before = set(other["population"])
            if any(0 < len(some) < series["k"] for some in (now - before, before - now)):
                return Outcome.FAIL
    if not series["releases"]:
        return Outcome.PASS
    if not brute.tables(series):
        return Outcome.IMPOSSIBLE
    return Outcome.PASS if brute.safe(series) else Outcome.FAIL


@settings(max_examples=20, deadline=None)
@given(small_series())
def test_the_exhaustive_audit_is_right(series: Json) -> None:
    document = as_bytes(chained(series))
    assert audit(document, exhaustive=True).outcome is expected(series)


@settings(max_examples=20, deadline=None)
@given(small_series(), st.randoms(use_true_random=False))
def test_also_of_counts_that_nobody_made(series: Json, chance: random.Random) -> None:
    for one in series["releases"]:
        blocks = one["blocks"]
        if len(blocks) > 1 and chance.random() < 0.7:
            some, other = chance.sample(blocks, 2)
            moved = min(chance.randrange(3), max(0, some["count"] - 3))
            some["count"] -= moved
            other["count"] += moved
    series["refusals"] = []
    assert audit(as_bytes(chained(series)), exhaustive=True).outcome is expected(series)


@settings(max_examples=15, deadline=None)
@given(small_series())
def test_the_ordinary_audit_never_raises_a_false_alarm_and_misses_nothing_here(series: Json) -> None:
    assert audit(as_bytes(chained(series))).outcome is expected(series)


@settings(max_examples=15, deadline=None)
@given(small_series())
def test_persons_of_one_pattern_may_be_counted_instead_of_named(series: Json) -> None:
    leaves, alike = brute.living(series), list(brute.patterns(series).values())
    if sum(map(len, alike)) > 8:
        return
    named = {
        tuple(tuple(sum(world[t] == leaf for t in tokens) for leaf in leaves) for tokens in alike)
        for world in brute.worlds(series)
    }
    assert named == set(brute.tables(series))


@pytest.mark.parametrize("seed", range(3))
def test_the_same_file_gives_the_same_answer(seed: int) -> None:
    from tests.unit.audit.builder import five_variables, house

    document = as_bytes(house(seed, 12, five_variables()))
    assert audit(document).as_json() == audit(document).as_json()
