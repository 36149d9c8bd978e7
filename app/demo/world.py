"""The invented shelter: its house, its calls, and the people who come and go, all from one seed.

The names are common given names with an invented family name that says so.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.services.calendar import Month
from app.services.guest import GuestDraft
from app.services.house import HouseDraft, ProjectDraft, RoomDraft

FIRST_DAY = date(2025, 5, 1)
TODAY = date(2026, 11, 20)
LAST_MONTH = Month.of(TODAY).previous()
FAMILY_NAME = "Esempio"
PASSPHRASE = "cinque parole inventate per provare"  # noqa: S105 - of a register that holds nobody
ENTE = "Associazione Esempio ETS"
SHELTER_NAME = "Casa Ginestra"

HOUSE = HouseDraft(
    name=SHELTER_NAME,
    kind="DONNE",
    meal_supply="PASTI",
    phase="PRI",
    province="MI",
    rooms=(
        RoomDraft("1", ("A", "B")),
        RoomDraft("2", ("A", "B", "C")),
        RoomDraft("3", ("A", "B", "C")),
        RoomDraft("4", ("A", "B", "C")),
        RoomDraft("5", ("A", "B")),
        RoomDraft("6", ("A", "B")),
    ),
)
FIRST_CALL = ProjectDraft("Derive e Approdi – Bando 6/2023", date(2024, 3, 1), date(2025, 7, 31))
SECOND_CALL = ProjectDraft("Derive e Approdi – Bando 7/2025", date(2025, 8, 1), date(2026, 11, 30))

# name, citizenship, languages, diet
PEOPLE = (
    ("Blessing", "NGA", ("en", "pcm"), "STD"),
    ("Amina", "MAR", ("ar", "fr"), "HAL"),
    ("Oksana", "UKR", ("uk", "ru"), "STD"),
    ("Joy", "NGA", ("en",), "STD"),
    ("Rina", "BGD", ("bn", "en"), "HAL"),
    ("Mei", "CHN", ("zh-Hans",), "STD"),
    ("Fatou", "CIV", ("fr",), "HAL"),
    ("Elira", "ALB", ("sq", "it"), "STD"),
    ("Grace", "NGA", ("en",), "STD"),
    ("Awa", "SEN", ("fr", "wo"), "HAL"),
    ("Samira", "PAK", ("ur", "en"), "HAL"),
    ("Lucía", "PER", ("es",), "VEG"),
    ("Ioana", "ROU", ("ro", "it"), "CEL"),
    ("Destiny", "NGA", ("en",), "STD"),
    ("Larissa", "BRA", ("pt-BR",), "STD"),
    ("Nour", "TUN", ("ar", "fr"), "HAL"),
    ("Precious", "NGA", ("en",), "STD"),
    ("Mariam", "GMB", ("en", "wo"), "HAL"),
)
EXITS = (("OBI", "CAS_AFF"), ("AUT", "CAS_AFF"), ("TRI", "STR_ANT"), ("RIN", "FAM_AMI"), ("SAI", "STR_SAI"))
SERVICES = ("CON", "MMG", "SCE", "ODO", "GIN", "DIA", "PSI", "VAC")


@dataclass(frozen=True, slots=True)
class PlannedStay:
    """Somebody who will come, and when she will leave (None: still here)."""

    guest: GuestDraft
    entered_on: date
    exit_on: date | None
    exit: tuple[str, str]
    child: GuestDraft | None
    source: str


def planned_stays(chance: random.Random) -> list[PlannedStay]:
    """Return all stays in order of entry: about eleven people at a time, each for some months."""
    plans: list[PlannedStay] = []
    beds_until: list[date] = [FIRST_DAY] * 12
    used: dict[str, int] = {}
    day = FIRST_DAY
    while day < TODAY - timedelta(days=3):
        free = [n for n, until in enumerate(beds_until) if until <= day]
        for slot in free[: 9 if day == FIRST_DAY else 1]:
            nights = chance.randint(60, 330)
            leaves = day + timedelta(days=nights)
            plans.append(_plan(chance, used, day, leaves))
            beds_until[slot] = leaves + timedelta(days=chance.randint(2, 20))
        day += timedelta(days=chance.randint(2, 6))
    return plans


def _plan(chance: random.Random, used: dict[str, int], day: date, leaves: date) -> PlannedStay:
    least = min((used.get(person[0], 0) for person in PEOPLE), default=0)
    name, country, languages, diet = chance.choice([p for p in PEOPLE if used.get(p[0], 0) == least])
    used[name] = used.get(name, 0) + 1
    born = day - timedelta(days=chance.randint(19 * 366, 41 * 365))
    guest = GuestDraft(
        name_used=name,
        given_name=name,
        family_name=FAMILY_NAME,
        birth_date=born,
        birth_quality=chance.choice(("CERTA", "CERTA", "APPROSS")),
        gender="F",
        citizenships=(country,),
        languages=languages,
        diets=(diet,),
    )
    child = None
    if chance.random() < 0.12:
        child = GuestDraft(
            name_used=chance.choice(("Sara", "Leo", "Nina", "Adam")),
            family_name=FAMILY_NAME,
            birth_date=day - timedelta(days=chance.randint(200, 3000)),
            birth_quality="CERTA",
            gender=chance.choice(("F", "M")),
            citizenships=(country,),
            languages=languages[:1],
            diets=(diet,),
        )
    source = chance.choice(("NVE", "UDS", "FFO", "CTE", "SSO", "TER"))
    return PlannedStay(guest, day, leaves if leaves <= TODAY else None, chance.choice(EXITS), child, source)


def days() -> Iterator[date]:
    """Yield every day of the story."""
    day = FIRST_DAY
    while day <= TODAY:
        yield day
        day += timedelta(days=1)
