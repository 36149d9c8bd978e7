"""The attacks of bench/disclosure on a few houses; `python -m bench.disclosure all` has the long ones."""

from __future__ import annotations

import random
from functools import cache

import pytest

from bench.disclosure.adversary import Adversary
from bench.disclosure.ours import House, concrete, pick_group, same_again, violations
from bench.disclosure.shelter import invent

FEW = ("age", "citizenship", "exploitation")


@cache
def house(seed: int, beds: int) -> House:
    return House.of(invent(seed, beds, "women"), FEW)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("known", [0, 2])
def test_nothing_is_recovered_from_two_years_of_a_house(seed: int, known: int) -> None:
    one = house(seed, 12)
    assert sum(len(reading.blocks) for reading in one.readings.values()) >= 3  # there is something to attack
    for reading in one.readings.values():
        told = one.known(reading, known, seed)
        adversary = Adversary(reading.persons, reading.leaves, reading.clues, known=told, solver="highs")
        found = adversary.findings(reading.k - known)
        assert (found.exact, found.partly, found.grouped) == (frozenset(), frozenset(), frozenset())
        assert violations(one, reading, adversary) == []


def test_any_four_guests_can_be_anything_and_the_same_bytes_would_have_been_sent() -> None:
    one, rng = house(3, 16), random.Random(5)
    for variable, reading in one.readings.items():
        adversary = Adversary(reading.persons, reading.leaves, reading.clues, solver="highs")
        for trial in range(60):
            group = pick_group(rng, reading, adversary, reading.k - 1)
            wish = {person: rng.choice(rng.choice(adversary.atoms)) for person in group}
            world = adversary.world(wish)
            assert world is not None, wish
            if trial < 4:
                assert same_again(one, variable, concrete(adversary, wish, world, rng)), wish


def test_the_same_attack_breaks_a_publisher_without_memory() -> None:
    from bench.disclosure import control
    from bench.disclosure.engine import values_of
    from bench.disclosure.ledger import read
    from bench.disclosure.shelter import month_ends

    shelter = invent(1, 16, "women")
    tree = next(s for s in house(1, 16).document["series"] if s["variable"] == "age")["tree"]
    days = [("S", day) for day in month_ends()]
    series = control.publish(shelter.stays, tree, days, values_of(shelter, "age"), 5)
    reading = read(series)
    adversary = Adversary(reading.persons, reading.leaves, reading.clues, solver="highs")
    assert adversary.findings(5).partly
