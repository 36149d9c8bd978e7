"""The same attackers against what the program publishes, and the promise tried on random groups of guests."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from bench.disclosure.adversary import Adversary, Solution
from bench.disclosure.engine import publish_house, publish_variable, values_of
from bench.disclosure.ledger import Json, Reading, read_all
from bench.disclosure.replay import Score
from bench.disclosure.shelter import VARIABLES, Shelter, month_ends
from bench.disclosure.table import Clock, say, share, show

MAX_KNOWN = 2


@dataclass(slots=True)
class House:
    """A shelter with its ledger as an attacker reads it."""

    shelter: Shelter
    document: Json
    readings: dict[str, Reading]

    @classmethod
    def of(cls, shelter: Shelter, variables: Sequence[str] = VARIABLES) -> House:
        """Publish and read."""
        document = publish_house(shelter, variables)
        return cls(shelter, document, read_all(document))

    def known(self, reading: Reading, number: int, seed: int) -> dict[str, str]:
        """Return guests that the attacker happens to know."""
        rng = random.Random(f"known {seed}")  # noqa: S311 - reproducible on purpose
        truth, seen = values_of(self.shelter, reading.variable), sorted(reading.persons)
        return {person: truth[person] for person in rng.sample(seen, min(number, len(seen)))}


def cohorts(shelter: Shelter, reading: Reading, patterns: Iterable[Sequence[str]]) -> Iterator[frozenset[str]]:
    """Yield the groups that somebody with the calendar can name, without repeats."""
    seen: set[frozenset[str]] = set()
    for cohort in _named(shelter, reading, patterns):
        inside = cohort & reading.persons
        if inside and inside not in seen:
            seen.add(inside)
            yield inside


def _named(shelter: Shelter, reading: Reading, patterns: Iterable[Sequence[str]]) -> Iterator[frozenset[str]]:
    yield from reading.populations
    for one, other in combinations(reading.populations, 2):
        yield from (one & other, one - other, other - one)
    yield from (frozenset(members) for members in patterns)
    before: frozenset[str] = frozenset()
    for day in month_ends():
        now = shelter.present(day)
        yield from (now, now - before, before - now)
        before = now


def violations(house: House, reading: Reading, adversary: Adversary) -> list[str]:
    """Return each cohort and item for which rule R5 does not hold.

    For every single item, at least min(k, size) of a cohort must be able to have it all at once: then the bounds of
    every set of items, and of its complement, are as R5 wants them.
    """
    found = []
    known = frozenset(adversary.known)
    k = reading.k - len(known)
    for cohort in cohorts(house.shelter, reading, adversary.patterns):
        unknown = cohort - known
        wanted = min(k, len(unknown))
        for atom, items in enumerate(adversary.atoms):
            if wanted and not adversary.reaches(unknown, atom, wanted):
                most = adversary.most(unknown, frozenset(items))
                found.append(
                    f"{house.shelter.name} {reading.variable}: of {len(unknown)} persons {sorted(unknown)[:6]} "
                    f"at most {most} can be {sorted(items)[:6]}; known {dict(adversary.known)}"
                )
    return found


def told_of_cohorts(reading: Reading, adversary: Adversary) -> int:
    """Return for how many cohorts and items rule R5 does not hold: tables, their differences, presence patterns."""
    named = {frozenset(members) for members in adversary.patterns} | set(reading.populations)
    for one, other in combinations(reading.populations, 2):
        named |= {one & other, one - other, other - one}
    return sum(
        not adversary.reaches(cohort, atom, min(reading.k, len(cohort)))
        for cohort in named
        if cohort
        for atom in range(len(adversary.atoms))
    )


def reaches_all(house: House, reading: Reading, adversary: Adversary) -> bool:
    """Tell whether rule R5 holds for every cohort and item."""
    for cohort in cohorts(house.shelter, reading, adversary.patterns):
        wanted = min(reading.k, len(cohort))
        if not all(adversary.reaches(cohort, atom, wanted) for atom in range(len(adversary.atoms))):
            return False
    return True


def ours(shelters: Iterable[Shelter], title: str, known: Sequence[int] = (0, 1, 2)) -> list[str]:
    """Show what the attackers get from the program's releases."""
    houses = [House.of(shelter) for shelter in shelters]
    found: list[str] = []
    rows = []
    for number in known:
        for variable in VARIABLES:
            score, releases, blocks, broken = Score(), 0, 0, 0
            for seed, house in enumerate(houses):
                if (reading := house.readings.get(variable)) is None:
                    continue
                told = house.known(reading, number, seed)
                adversary = Adversary(reading.persons, reading.leaves, reading.clues, known=told)
                score.add(adversary.findings(reading.k - number))
                failed = violations(house, reading, adversary)
                broken += len(failed)
                found += failed
                releases += len(reading.blocks)
                blocks += sum(reading.blocks)
            mean = f"{blocks / releases:.1f}" if releases else "–"
            exact, partly = share(score.exact, score.persons), share(score.partly, score.persons)
            grouped = share(score.grouped, score.persons)
            rows.append([number, variable, score.persons, releases, mean, exact, partly, grouped, broken])
    head = [
        "known",
        "variable",
        "guests",
        "releases",
        "blocks each",
        "exact",
        "partly",
        "in a group of 1-4",
        "R5 broken",
    ]
    show(f"{title}: {len(houses)} houses, 24 months, ours", head, rows)
    for line in found[:20]:
        say(f"- {line}")
    return found


# --- random groups ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Trial:
    """A group and what its members are wished to be, by variable."""

    house: int
    wishes: dict[str, dict[str, str]]


def pick_group(rng: random.Random, reading: Reading, adversary: Adversary, most: int) -> list[str]:
    """Pick up to `most` guests: anybody, or of one presence pattern, or of those who came or went between releases."""
    pools = [sorted(reading.persons), list(rng.choice(adversary.patterns))]
    if len(reading.populations) > 1:
        one, other = rng.sample(reading.populations, 2)
        pools.append(sorted(one ^ other) or sorted(one))
    pool = rng.choice(pools)
    return rng.sample(pool, min(len(pool), rng.randint(1, most)))


def groups(shelters: Iterable[Shelter], title: str, trials: int, reruns: int) -> list[str]:
    """Give random groups random characteristics: refuted by what was sent, or sent otherwise by the engine."""
    clock = Clock()
    houses = [House.of(shelter) for shelter in shelters]
    adversaries = [{v: Adversary(r.persons, r.leaves, r.clues) for v, r in house.readings.items()} for house in houses]
    rng = random.Random("groups")  # noqa: S311 - reproducible on purpose
    refuted: list[str] = []
    wishes = rerun = different = 0
    able = [n for n, house in enumerate(houses) if house.readings]
    for trial in range(trials):
        n = rng.choice(able)
        house = houses[n]
        variable = rng.choice(sorted(house.readings))
        reading, adversary = house.readings[variable], adversaries[n][variable]
        group = pick_group(rng, reading, adversary, reading.k - 1)
        wish = {person: rng.choice(rng.choice(adversary.atoms)) for person in group}
        wishes += 1
        world = adversary.world(wish)
        if world is None:
            refuted.append(f"{house.shelter.name} {variable}: {wish}")
        elif trial < reruns:
            rerun += 1
            if not same_again(house, variable, concrete(adversary, wish, world, rng)):
                different += 1
                refuted.append(
                    f"{house.shelter.name} {variable}: {wish} is possible, but the engine sends something else"
                )
    rows = [[wishes, len(refuted) - different, rerun, different, f"{clock.seconds():.0f} s"]]
    head = [
        "groups given random characteristics",
        "refuted by what was sent",
        "sent again by the engine",
        "not the same",
        "time",
    ]
    show(f"{title}: {len(houses)} houses", head, rows)
    for line in refuted[:20]:
        say(f"- {line}")
    return refuted


def same_again(house: House, variable: str, values: Mapping[str, str]) -> bool:
    """Give everybody other leaves and publish anew: the series must be the same, byte for byte."""
    everybody = {**values_of(house.shelter, variable), **values}
    again = publish_variable(house.shelter, variable, everybody)
    first = next(series for series in house.document["series"] if series["variable"] == variable)
    return json.dumps(again, sort_keys=True) == json.dumps(first, sort_keys=True)


def concrete(adversary: Adversary, wish: Mapping[str, str], world: Solution, rng: random.Random) -> dict[str, str]:
    """Name who has which leaf in a world, the wish first."""
    values = dict(wish)
    for p, members in enumerate(adversary.patterns):
        left = list(world[p])
        for person in members:
            if person in wish:
                left[adversary.atom_of[wish[person]]] -= 1
        bag = [atom for atom, n in enumerate(left) for _ in range(n)]
        rng.shuffle(bag)
        for person in members:
            if person not in wish:
                values[person] = rng.choice(adversary.atoms[bag.pop()])
    return values
