"""An invented house over some years for tests of breakdowns: who came and went, and with which characteristics."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from app.reference.ids import GuestId, HouseId, StayId
from app.services.calendar import Month
from app.services.guest import GuestDraft
from app.services.outbox import OutboxId
from app.services.protection import ExploitationForms, PermitDraft
from app.services.register import Register
from app.services.stay import StayDraft
from tests.fakes import FakeClock
from tests.ui.capofila_side import CapofilaSide

HOUSE = HouseId(1)
DECEMBER = Month(2026, 12)
NEW_YEAR = datetime(2027, 1, 4, 20, 0, tzinfo=UTC)
COUNTRIES = ("NGA", "NGA", "NGA", "MAR", "BGD", "UKR", "BRA", "CIV", "PAK", "ALB")
PERMITS = ("RAS", "IRR", "C18", "RAS", "REC", "IRR", "ASI")
SOURCES = ("NVE", "UDS", "FFO", "CTE", "SSO", "TER")
FORMS = ("SES", "LAV", "SES", "ACC")


@dataclass(frozen=True)
class Traits:
    """One guest's characteristics."""

    gender: str = "F"
    born: date = date(1998, 5, 5)
    country: str = "NGA"
    permit: str = "IRR"
    form: str = "SES"
    source: str = "NVE"


@dataclass
class Lives:
    """Who was admitted, in order."""

    guests: list[GuestId] = field(default_factory=list)
    stays: list[StayId] = field(default_factory=list)


def traits(seed: int, n: int) -> list[Traits]:
    """Return the characteristics of some guests, from a seed."""
    chance = random.Random(seed)
    return [
        Traits(
            "F" if chance.random() < 0.93 else "X",
            date(1980, 1, 1) + timedelta(days=chance.randint(0, 9000)),
            chance.choice(COUNTRIES),
            chance.choice(PERMITS),
            chance.choice(FORMS),
            chance.choice(SOURCES),
        )
        for _ in range(n)
    ]


def host(
    register: Register,
    people: list[Traits],
    *,
    house: HouseId = HOUSE,
    year: int = 2026,
    seed: int = 3,
    stays_days: tuple[int, int] = (60, 300),
) -> Lives:
    """Admit guests over a year through the services; those whose days are over have left."""
    chance, found = random.Random(seed), Lives()
    for number, one in enumerate(people):
        first = date(year, 1, 3) + timedelta(days=min(330, number * (330 // max(1, len(people)))))
        draft = GuestDraft(f"N{number}", birth_date=one.born, gender=one.gender, citizenships=(one.country,))
        guest, stay = register.stays.admit(draft, StayDraft(house, first, referral_source=one.source))
        register.protections.add_permit(PermitDraft(guest, one.permit, first))
        register.protections.set_exploitation(guest, ExploitationForms((one.form,), one.form))
        leaves = first + timedelta(days=chance.randint(*stays_days))
        if leaves <= register.desk.today():
            register.stays.end(stay, leaves, "AUT", "CAS_AFF")
        found.guests.append(guest)
        found.stays.append(stay)
    return found


def at_new_year(clock: FakeClock, year: int = 2027) -> None:
    """Let it be the first days of a year."""
    clock.moment = NEW_YEAR.replace(year=year)


def enrolled(register: Register, house: HouseId = HOUSE) -> CapofilaSide:
    """Enrol the house with a capofila."""
    side = CapofilaSide()
    side.enrol(register, house)
    return side


def send(register: Register, month: Month = DECEMBER, house: HouseId = HOUSE) -> OutboxId:
    """Release a month exactly as it is previewed."""
    return register.outbox.release(house, month, register.outbox.preview(house, month).sha256)


def again(one: Traits, **changes: object) -> Traits:
    """Return the same with something else."""
    return replace(one, **changes)  # type: ignore[arg-type]
