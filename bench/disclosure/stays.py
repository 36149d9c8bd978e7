"""Real stays from an HMIS CSV export: the dates of a house, moved so that they end with the bench's last day.

Reads Project, Enrollment, Exit and Services with the standard library; what people are is invented, as in `shelter`.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

from bench.disclosure.shelter import FIRST, LAST, Guest, Shelter, Stay, invent_guest

SHIFT_END = date(2022, 9, 30)  # the sample's last day


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a file that were not deleted."""
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if not row.get("DateDeleted")]


def houses(folder: Path, fewest: int = 12) -> dict[str, list[tuple[str, date, date | None]]]:
    """Return for each project with enough stays: person, entered, left."""
    exits = {row["EnrollmentID"]: date.fromisoformat(row["ExitDate"]) for row in rows(folder, "Exit.csv")}
    names = {row["ProjectID"]: row["ProjectName"] for row in rows(folder, "Project.csv")}
    found: dict[str, list[tuple[str, date, date | None]]] = defaultdict(list)
    for row in rows(folder, "Enrollment.csv"):
        entered, left = date.fromisoformat(row["EntryDate"]), exits.get(row["EnrollmentID"])
        if left is None or left > entered:
            found[names[row["ProjectID"]]].append((row["PersonalID"], entered, left))
    return {name: stays for name, stays in sorted(found.items()) if len(stays) >= fewest}


def read(folder: Path, seed: int = 1, most: int = 40) -> list[Shelter]:
    """Return the houses of the export; at most `most` persons on any month's end (a larger one is cut by person)."""
    shelters = []
    for name, stays in houses(folder).items():
        rng = random.Random(f"approdo {name} {seed}")  # noqa: S311 - reproducible on purpose
        profile = rng.choice(("women", "women", "mixed"))
        moved = _moved(stays)
        persons = sorted({person for person, _, _ in moved})
        rng.shuffle(persons)
        shelter = _furnished(name, profile, moved, set(persons), rng)
        while (top := max(len(shelter.present(LAST - timedelta(days=30 * n))) for n in range(24))) > most:
            persons = persons[: len(persons) * most // top]
            shelter = _furnished(name, profile, moved, set(persons), rng)
        shelters.append(shelter)
    return shelters


def _moved(stays: list[tuple[str, date, date | None]]) -> list[tuple[str, date, date | None]]:
    shift = LAST - SHIFT_END
    moved = [(who, entered + shift, left + shift if left else None) for who, entered, left in stays]
    return [stay for stay in moved if (stay[2] is None or stay[2] > FIRST) and stay[1] <= LAST]


def _furnished(
    name: str, profile: str, stays: list[tuple[str, date, date | None]], persons: set[str], rng: random.Random
) -> Shelter:
    tokens = {person: f"{rng.getrandbits(64):016x}" for person in sorted(persons)}
    guests: dict[str, Guest] = {t: invent_guest(rng, t, profile) for t in tokens.values()}
    kept = tuple(Stay(tokens[who], entered, left) for who, entered, left in stays if who in persons)
    beds = max(
        (len({s.token for s in kept if s.entered <= e and (s.left is None or e < s.left)}) for e in _days()), default=0
    )
    return Shelter(name, profile, beds, guests, kept)


def _days() -> list[date]:
    return [LAST - timedelta(days=15 * n) for n in range(48)]
