"""The attacker itself: what it finds must be what trying everything finds, and no more."""

from __future__ import annotations

from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.disclosure.adversary import Adversary
from bench.disclosure.clue import Clue

PERSONS, ITEMS = "abcdef", "xyz"


def worlds(clues: list[Clue], known: dict[str, str]) -> list[dict[str, str]]:
    found = []
    for row in product(ITEMS, repeat=len(PERSONS)):
        world = dict(zip(PERSONS, row, strict=True))
        fits = all(
            any(low <= sum(world[p] in clue.items for p in clue.persons) <= high for low, high in clue.allowed)
            for clue in clues
        )
        if fits and all(world[p] == item for p, item in known.items()):
            found.append(world)
    return found


@st.composite
def clue_lists(draw: st.DrawFn) -> tuple[list[Clue], dict[str, str], dict[str, str]]:
    truth = {p: draw(st.sampled_from(ITEMS)) for p in PERSONS}
    clues = []
    for _ in range(draw(st.integers(1, 5))):
        persons = frozenset(draw(st.sets(st.sampled_from(PERSONS), min_size=2)))
        items = frozenset(draw(st.sets(st.sampled_from(ITEMS), min_size=1, max_size=2)))
        count = sum(truth[p] in items for p in persons)
        low, high = draw(st.integers(0, count)), draw(st.integers(count, len(persons)))
        # as of a division that was not made: two intervals, the true one among them
        allowed = ((low, high),) if low == 0 or draw(st.booleans()) else ((0, low - 1), (count, high))
        clues.append(Clue(persons, items, allowed))
    known = {p: truth[p] for p in draw(st.sets(st.sampled_from(PERSONS), max_size=2))}
    return clues, known, truth


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(clue_lists())
def test_it_finds_exactly_what_trying_every_world_finds(
    case: tuple[list[Clue], dict[str, str], dict[str, str]],
) -> None:
    clues, known, _ = case
    all_worlds = worlds(clues, known)
    adversary = Adversary(PERSONS, ITEMS, clues, known=known, solver="highs")
    found = adversary.findings(3)
    cohort = frozenset("abcd")
    for atom in adversary.atoms:
        have = [sum(world[p] in atom for p in cohort) for world in all_worlds]
        assert adversary.bounds(cohort, frozenset(atom)) == (min(have), max(have))
    for person in set(PERSONS) - set(known):
        possible = [any(world[person] in atom for world in all_worlds) for atom in adversary.atoms]
        assert (person in found.exact) == (sum(possible) == 1)
        assert (person in found.partly) == (not all(possible))


def test_two_monthly_tables_with_under_five_give_a_newcomer_away() -> None:
    from bench.disclosure.classic import plain, tabulate

    truth = {**dict.fromkeys("abcdef", "Nigeria"), **dict.fromkeys("gh", "Morocco"), "n": "Pakistan"}
    items = ("Nigeria", "Morocco", "Pakistan")
    tables = [tabulate(frozenset("abcdefgh"), truth, items), tabulate(frozenset("abcdefghn"), truth, items)]
    found = Adversary(truth, items, plain(tables, {}), solver="highs").findings(5)
    assert "n" in found.exact
