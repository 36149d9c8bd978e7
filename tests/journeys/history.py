"""What a story finds already written: a house with its rooms, laid by the services, because a month is long to type."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from app.reference.ids import GuestId, HouseId, StayId
from app.services.access import SetupDraft
from app.services.guest import GuestDraft
from app.services.house import RoomDraft
from app.services.presence import NightMark
from app.services.register import Register, build_register
from app.services.stay import StayDraft
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import HOUSE, LIGHT, PASSPHRASE
from tests.fakes import FakeClock

OUR_HOUSE = HouseId(1)


@contextmanager
def laid(folder: Path, clock: FakeClock, *, rooms: int) -> Iterator[Register]:
    """Make a register with a house of so many rooms of two beds, give it open to be filled, and lock it."""
    register = build_register(Vault(folder, NoSecrets()), clock)
    house = replace(HOUSE, rooms=tuple(RoomDraft(str(n), ("A", "B")) for n in range(1, rooms + 1)))
    register.access.set_up(
        SetupDraft(PASSPHRASE, "sbianchi", "S. Bianchi", "COORDINAMENTO", "Ente di prova", house), cost=LIGHT
    )
    yield register
    register.access.lock()


def host(register: Register, names: tuple[str, ...], entered: date) -> list[tuple[GuestId, StayId]]:
    """Admit guests on a day, each in a bed, in the order of the beds."""
    beds = register.houses.free_beds(OUR_HOUSE, entered)
    return [
        register.stays.admit(GuestDraft(name), StayDraft(OUR_HOUSE, entered, bed=bed.id))
        for name, bed in zip(names, beds, strict=False)
    ]


def sleep(register: Register, stays: list[StayId], first: date, last: date) -> None:
    """Write that they slept here on every night from the first to the last."""
    nights = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    register.presences.record([NightMark(stay, night, "P") for stay in stays for night in nights])
