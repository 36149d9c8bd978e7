"""The audit against faults that are put in on purpose, and against sound ledgers."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from app.disclosure import Ledger, Release, Token, Tree, due, population_for, publish
from bench.disclosure.adversary import Adversary
from bench.disclosure.engine import YEARS, calendar_of, publish_house, values_of
from bench.disclosure.enumeration import leaf, pair
from bench.disclosure.fault import FEW, caught_by, faulty
from bench.disclosure.ledger import read_all
from bench.disclosure.shelter import invent
from bench.disclosure.spoil import all_faults, canonical, spoilt

SHELTER = invent(0, 12, "women")


@pytest.fixture(scope="module")
def sound() -> dict[str, object]:
    return publish_house(SHELTER, FEW)


def test_a_sound_ledger_passes(sound: dict[str, object]) -> None:
    assert caught_by(canonical(sound)) == ""


@pytest.mark.parametrize(
    "name", ["a count is one too many", "k is 2", "a hash was changed", "the calendar lacks a guest"]
)
def test_a_spoilt_ledger_does_not(sound: dict[str, object], name: str) -> None:
    all_faults()
    values = {variable: values_of(SHELTER, variable) for variable in FEW}
    document = spoilt(name, sound, SHELTER, values, 0)
    assert document is not None
    assert caught_by(document)


@pytest.mark.parametrize(
    "name", ["everything is divided", "a side of k - 1 is enough", "a person of the last row is not counted"]
)
def test_a_faulty_engine_is_caught(name: str) -> None:
    assert any(caught_by(d) for seed in range(3) if (d := faulty(name, invent(seed, 12, "women"))) is not None)


@pytest.mark.parametrize("seed", range(6))
def test_years_cut_with_two_trees_pass_the_audit_and_give_nothing_away(seed: int) -> None:
    rng = random.Random(seed)
    trees = [
        replace(Tree.from_json("case", shape, k=3), version="1")
        for shape in (
            pair("all", pair("ab", leaf("a"), leaf("b")), leaf("c")),
            pair("all", leaf("a"), pair("bc", leaf("b"), leaf("c"))),
        )
    ]
    stays = invent(seed, 10, "women").stays
    ledger = Ledger(shelter="case", profile="mixed", calendar=calendar_of(stays))
    values = {Token(stay.token): rng.choice("aabbc") for stay in stays}
    blocks = 0
    for year, tree in zip(YEARS, trees, strict=True):
        for table in due(year, ledger.calendar, 3):
            result, ledger = publish(ledger, tree, population_for(ledger.calendar, table), values)
            blocks += len(result.blocks) if isinstance(result, Release) else 0
    assert blocks >= 3
    document = ledger.to_json()
    assert caught_by(canonical(document)) == ""
    reading = read_all(document)["case"]
    assert len(reading.populations) == sum(len(one["releases"]) for one in document["series"])
    adversary = Adversary(reading.persons, reading.leaves, reading.clues, solver="highs")
    found = adversary.findings(3)
    assert (found.exact, found.partly, found.grouped) == (frozenset(), frozenset(), frozenset())
