"""Invented shelters from a seed: guests, stays, characteristics; a list of real stays makes one as well.

Nothing here is drawn from a real register. The shares are round numbers near what Italian public reports tell.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

PROFILES = ("women", "minors", "mixed")
VARIABLES = ("gender", "age", "citizenship", "exploitation", "referral_source")
FIRST = date(2025, 1, 1)
LAST = date(2026, 12, 31)

# shares of what people are, by profile; the codes are those of resources/codelists
GENDER = {
    "women": {"F": 94, "X": 4, "ND": 2},
    "minors": {"M": 55, "F": 42, "X": 2, "ND": 1},
    "mixed": {"F": 52, "M": 41, "X": 5, "ND": 2},
}
AGE = {
    "women": {(16, 17): 2, (18, 24): 36, (25, 29): 25, (30, 39): 25, (40, 49): 9, (50, 64): 3},
    "minors": {(12, 13): 4, (14, 15): 22, (16, 17): 66, (18, 20): 8},
    "mixed": {(16, 17): 2, (18, 24): 30, (25, 29): 23, (30, 39): 29, (40, 49): 11, (50, 66): 5},
}
CITIZENSHIP = {
    "women": "NGA 38 CIV 7 CMR 4 GMB 1 MAR 6 TUN 3 SOM 2 ETH 2 BRA 5 COL 4 PER 4 DOM 2 ROU 5 BGR 2 ALB 3 UKR 3 MDA 2 "
    "CHN 3 PAK 2 BGD 1 PHL 1",
    "minors": "EGY 22 TUN 12 GMB 9 GIN 8 CIV 8 NGA 8 PAK 7 BGD 8 ALB 7 SEN 4 MLI 3 UKR 2 SOM 2",
    "mixed": "NGA 24 PAK 10 BGD 10 MAR 9 IND 5 EGY 5 CIV 5 GMB 4 SEN 4 TUN 3 MLI 2 BRA 4 PER 3 COL 2 ROU 4 ALB 2 "
    "UKR 2 CHN 2",
}
EXPLOITATION = {
    "women": "SES 62 LAV 9 DOM 6 MAT 4 ACC 3 EIL 4 TRS 7 NDE 4 DIG 1",
    "minors": "EIL 26 LAV 30 SES 13 ACC 12 TRS 11 MAT 3 NDE 5",
    "mixed": "SES 34 LAV 41 ACC 4 EIL 6 DOM 4 MAT 2 TRS 6 NDE 3",
}
REFERRAL = "NVE 14 UDS 13 SPO 6 ANT 9 FFO 9 AGI 3 ISP 5 CTE 13 TRI 3 CAS 8 SAI 4 SSO 5 SAN 3 TER 2 AUT 2 PRI 1"


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay of one person: `left` is the first day no longer there."""

    token: str
    entered: date
    left: date | None


@dataclass(frozen=True, slots=True)
class Guest:
    """An invented person: what she is never leaves the bench but through the engine."""

    token: str
    traits: dict[str, str]
    age: int


@dataclass(frozen=True, slots=True)
class Shelter:
    """A house, its guests and their stays."""

    name: str
    profile: str
    beds: int
    guests: dict[str, Guest]
    stays: tuple[Stay, ...]

    def present(self, day: date) -> frozenset[str]:
        """Return who slept there on that day."""
        return frozenset(s.token for s in self.stays if s.entered <= day and (s.left is None or day < s.left))

    def hosted(self, first: date, last: date) -> frozenset[str]:
        """Return who was there on some day from `first` to `last`."""
        return frozenset(s.token for s in self.stays if s.entered <= last and (s.left is None or first < s.left))


def draw(rng: random.Random, shares: str | dict[str, int]) -> str:
    """Draw one code from "CODE share CODE share ..." or a dict of shares."""
    if isinstance(shares, str):
        words = shares.split()
        return rng.choices(words[::2], [int(word) for word in words[1::2]])[0]
    return rng.choices(list(shares), list(shares.values()))[0]


def invent_guest(rng: random.Random, token: str, profile: str) -> Guest:
    """Invent what one person is."""
    ages = AGE[profile]
    low, high = rng.choices(list(ages), list(ages.values()))[0]
    age = rng.randint(low, high)
    traits = {
        "gender": draw(rng, GENDER[profile]),
        "age": str(age),
        "citizenship": draw(rng, CITIZENSHIP[profile]),
        "exploitation": draw(rng, EXPLOITATION[profile]),
        "referral_source": draw(rng, REFERRAL),
    }
    return Guest(token, traits, age)


def stay_length(rng: random.Random) -> int:
    """Return a length in days: emergencies, the period of reflection, programmes of months."""
    kind = rng.choices(("emergency", "reflection", "programme"), (25, 25, 50))[0]
    if kind == "emergency":
        return rng.randint(2, 45)
    if kind == "reflection":
        return rng.randint(40, 150)
    return min(900, max(120, round(rng.lognormvariate(5.8, 0.5))))


def invent_stays(rng: random.Random, beds: int) -> Iterable[tuple[date, date | None]]:
    """Return stays, bed by bed: some days empty, then the next guest; the first ones began before FIRST."""
    for _bed in range(beds):
        day = FIRST - timedelta(days=rng.randint(0, 240))
        while day <= LAST:
            left = day + timedelta(days=stay_length(rng))
            if left > FIRST:
                yield day, (left if left <= LAST else None)
            day = left + timedelta(days=rng.choices((rng.randint(0, 7), rng.randint(8, 60)), (55, 45))[0])


def invent(seed: int, beds: int | None = None, profile: str | None = None) -> Shelter:
    """Invent a shelter: the same seed, beds and profile give the same house on every machine."""
    rng = random.Random(f"approdo shelter {seed}")  # noqa: S311 - reproducible on purpose
    beds = rng.randint(8, 40) if beds is None else beds
    profile = rng.choices(PROFILES, (60, 15, 25))[0] if profile is None else profile
    return furnish(f"seed {seed}", profile, beds, sorted(invent_stays(rng, beds), key=lambda s: s[0]), rng)


def furnish(
    name: str, profile: str, beds: int, stays: Sequence[tuple[date, date | None]], rng: random.Random
) -> Shelter:
    """Give each stay a person; one stay in twelve is somebody who comes back."""
    guests: dict[str, Guest] = {}
    told: list[Stay] = []
    for entered, left in stays:
        free = [t for t in guests if all(s.left is not None and s.left <= entered for s in told if s.token == t)]
        if free and rng.random() < 1 / 12:
            token = rng.choice(free)
        else:
            token = f"{rng.getrandbits(64):016x}"
            guests[token] = invent_guest(rng, token, profile)
        told.append(Stay(token, entered, left))
    return Shelter(name, profile, beds, guests, tuple(told))


def month_ends(first: date = FIRST, last: date = LAST) -> list[date]:
    """Return the last day of each month from `first` to `last`."""
    ends, day = [], first.replace(day=1)
    while day <= last:
        following = (day + timedelta(days=32)).replace(day=1)
        ends.append(following - timedelta(days=1))
        day = following
    return [end for end in ends if end <= last]
