"""The exact search finds a world wherever there is one: compared with trying everything."""

from __future__ import annotations

from itertools import product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audit.clock import Deadline, OutOfTime
from app.audit.pool import Pool
from app.audit.search import Search
from app.audit.simplex import Simplex
from app.audit.world import Demand, Knowledge, Refused, Table, Total


@st.composite
def knowledge(draw: st.DrawFn) -> Knowledge:
    sizes = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)))
    types = draw(st.integers(1, 3))
    who = st.sets(st.sampled_from(range(len(sizes))), min_size=1).map(sorted).map(tuple)
    what = st.sets(st.sampled_from(range(types)), min_size=1).map(sorted).map(tuple)
    totals = draw(st.lists(st.builds(Total, who, what, st.integers(0, 6)), max_size=3))
    gaps = st.sets(st.integers(0, 6), max_size=4).map(frozenset)
    refused = draw(st.lists(st.builds(Refused, who, what, gaps), max_size=3))
    return Knowledge(sizes, types, tuple(totals), tuple(refused))


@st.composite
def questions(draw: st.DrawFn) -> tuple[Knowledge, list[Demand]]:
    known = draw(knowledge())
    asked = []
    for _ in range(draw(st.integers(1, 6))):
        cells = draw(st.lists(st.sampled_from(range(known.cells)), max_size=3))
        taken = [sum(cell // known.types == pattern for cell in cells) for pattern in range(len(known.sizes))]
        free = [max(0, size - some) for size, some in zip(known.sizes, taken, strict=True)]
        members = [(p, draw(st.integers(0, most))) for p, most in enumerate(free)]
        kinds = draw(st.sets(st.sampled_from(range(known.types)), min_size=1).map(sorted).map(tuple))
        want = draw(st.integers(0, 5))
        least = tuple(sorted({cell: cells.count(cell) for cell in cells}.items()))
        asked.append(Demand(least, tuple((p, n) for p, n in members if n), kinds, want))
    return known, asked


def all_worlds(known: Knowledge) -> list[Table]:
    rows = [[row for row in product(range(size + 1), repeat=known.types) if sum(row) == size] for size in known.sizes]
    assert prod(map(len, rows)) < 60_000
    worlds = (tuple(count for row in world for count in row) for world in product(*rows))
    return [world for world in worlds if known.allows(world)]


@settings(max_examples=120, deadline=None)
@given(questions())
def test_a_world_is_found_exactly_when_there_is_one(asked: tuple[Knowledge, list[Demand]]) -> None:
    known, demands = asked
    worlds = all_worlds(known)
    pool = Pool(known, Search(known, Deadline(60)))
    for demand in demands * 2:  # the second time from what was kept
        found = pool.world_for(demand)
        assert (found is not None) == any(demand.met_by(world, known.types) for world in worlds)
        assert found is None or found in worlds


def test_time_that_runs_out_is_said_and_is_no_answer() -> None:
    moments = iter(range(1000))
    search = Search(Knowledge((3, 3), 2, (Total((0, 1), (0,), 3),)), Deadline(9.5, lambda: next(moments)))
    with pytest.raises(OutOfTime):
        all(search.find(Demand()) for _ in range(100))


def test_the_simplex_keeps_exact_fractions() -> None:
    simplex = Simplex(2, lambda: None)
    row = simplex.add_row({0: 3, 1: 0}, 1, 1)
    assert simplex.solve()
    assert simplex.value[0] * 3 == 1
    simplex.bound(row, 2, 2)
    assert simplex.solve()
    assert simplex.value[0] * 3 == 2
