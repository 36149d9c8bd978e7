"""Draws the pictures; the bars are measured while drawing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bench.disclosure import picture
from bench.disclosure.adversary import Adversary
from bench.disclosure.branch import DETAILS
from bench.disclosure.classic import METHODS
from bench.disclosure.ours import House
from bench.disclosure.replay import Score, attack
from bench.disclosure.shelter import Shelter, invent, month_ends
from bench.disclosure.table import say

BEDS = 12


def draw(folder: Path, seeds: int) -> None:
    """Draw all pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    houses = [invent(seed, BEDS) for seed in range(seeds)]
    picture.subtraction(folder / "attack-subtraction.svg")
    picture.proof(folder / "attack-proof.svg")
    rows = _measured(houses)
    note = f"{seeds} invented houses of {BEDS} beds, seeds 0 to {seeds - 1}; twelve monthly tables; Approdo: 24 months"
    picture.bars(folder / "attack-methods.svg", rows, ("gender", "age, 2 classes", "citizenship, 3 areas"), note)
    house = House.of(houses[0])
    days = {
        (release["family"], date.fromisoformat(release["date"]))
        for series in house.document["series"]
        for release in series["releases"]
    }
    names = {"C": "hosted", "S": "present"}
    marks = [(names[family], day) for family, day in sorted(days, key=lambda one: one[1])]
    picture.calendar(folder / "attack-calendar.svg", houses[0], marks)
    say(f"drawn into {folder}")


def _measured(houses: list[Shelter]) -> list[tuple[str, list[float]]]:
    rows = []
    for name, method in METHODS.items():
        shares = []
        for variable in DETAILS["branch"]:
            score = Score()
            for seed, shelter in enumerate(houses):
                score.add(attack(shelter, variable, "branch", method, month_ends()[-12:], 0, seed))
            shares.append(100 * score.exact / max(1, score.persons))
        rows.append((name, shares))
    own = []
    for variable in DETAILS["branch"]:
        score = Score()
        for shelter in houses:
            reading = House.of(shelter, (variable,)).readings.get(variable)
            if reading is not None:
                score.add(Adversary(reading.persons, reading.leaves, reading.clues).findings(reading.k))
        own.append(100 * score.exact / max(1, score.persons))
    return [*rows, ("Approdo", own)]
