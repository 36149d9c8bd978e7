"""How much is told: blocks of a year-end table, beside the best cut that any program could safely have made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bench.disclosure.adversary import Adversary
from bench.disclosure.clue import Clue
from bench.disclosure.engine import values_of
from bench.disclosure.ledger import Json, Reading, leaves_of, read
from bench.disclosure.ours import House, reaches_all
from bench.disclosure.shelter import invent
from bench.disclosure.table import show

Cut = tuple[tuple[frozenset[str], int], ...]
WANTED = {(12, "age"): 2.8, (12, "citizenship"): 3.0, (25, "age"): 3.8, (25, "citizenship"): 6.5}


def cuts(node: Json, persons: Sequence[str], values: dict[str, str], k: int, zeros: frozenset[str]) -> Iterator[Cut]:
    """Yield every cut of a tree in which each block has at least k persons (declared zeros aside)."""
    inside = [p for p in persons if values[p] in leaves_of(node)]
    yield ((leaves_of(node) - zeros, len(inside)),)
    if "children" not in node:
        return
    sides = [[p for p in inside if values[p] in leaves_of(child)] for child in node["children"]]
    dead = [not leaves_of(child) - zeros for child in node["children"]]
    least = max(k, node.get("k", 0))
    if any(len(side) < least and not empty for side, empty in zip(sides, dead, strict=True)) and not any(dead):
        return
    first, second = node["children"]
    for left in [()] if dead[0] else list(cuts(first, inside, values, k, zeros)):
        for right in [()] if dead[1] else list(cuts(second, inside, values, k, zeros)):
            yield (*left, *right)


def best(house: House, series: Json, number: int) -> int:
    """Return the most blocks that release `number` could safely have had after those before it.

    Generous: of the divisions that this cut does not make, nothing is concluded.
    """
    before = read({**series, "releases": series["releases"][:number]})
    population = frozenset(series["releases"][number]["population"])
    values = values_of(house.shelter, series["variable"])
    zeros = frozenset(series.get("zeros", ()))
    found = sorted(cuts(series["tree"], sorted(population), values, series["k"], zeros), key=len, reverse=True)
    for cut in found:
        if number == 0 or len(cut) == 1 or _safe(house, before, population, cut):
            return len(cut)
    return 1


def _safe(house: House, before: Reading, population: frozenset[str], cut: Cut) -> bool:
    clues = [*before.clues, *(Clue(population, leaves, ((count, count),)) for leaves, count in cut)]
    reading = replace(
        before,
        clues=tuple(clues),
        populations=(*before.populations, population),
        persons=before.persons | population,
    )
    return reaches_all(house, reading, Adversary(reading.persons, reading.leaves, clues))


def utility(seeds: int, beds: Sequence[int] = (12, 25), profile: str = "women") -> None:
    """Show the mean number of blocks of the tables at year's end."""
    rows = []
    for size in beds:
        houses = [House.of(invent(seed, size, profile), ("age", "citizenship")) for seed in range(seeds)]
        for variable in ("age", "citizenship"):
            for year in ("2025", "2026"):
                told = possible = count = persons = 0
                for house in houses:
                    for series in house.document["series"]:
                        for number, release in enumerate(series["releases"]):
                            if series["variable"] == variable and release["id"] == f"{year}-12-31/C/1":
                                count += 1
                                persons += len(release["population"])
                                told += sum(block["count"] > 0 for block in release["blocks"])
                                possible += best(house, series, number)
                wanted = WANTED.get((size, variable), "")
                share = f"{100 * told / possible:.0f} %" if possible else "–"
                mean = f"{told / seeds:.1f}"
                rows.append(
                    [size, variable, year, f"{count} of {seeds}", f"{persons / max(1, count):.0f}", mean, wanted, share]
                )
    head = ["beds", "variable", "year", "published", "persons", "blocks", "wanted", "of the best safe cut"]
    show(f"utility: table of everybody hosted, {profile}, k = 5, {seeds} houses", head, rows)
