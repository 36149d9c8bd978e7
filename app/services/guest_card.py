"""What a guest's card tells: who she is, her people, her stays and beds.

It is read here and noted by whoever asks; nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.models.guest import Guest, age_on, is_minor_on
from app.models.house import Bed, House, Room
from app.models.service import Presence
from app.models.stay import BedAssignment, Stay
from app.reference.codelist import codelist
from app.reference.ids import GuestId, StayId

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class BedSpan:
    """A bed that a stay had for the nights `[from_night, to_night)`."""

    label: str
    from_night: date
    to_night: date | None


@dataclass(frozen=True, slots=True)
class Companion:
    """Another guest of the same household."""

    id: GuestId
    code: str
    name_used: str
    is_minor: bool


@dataclass(frozen=True, slots=True)
class MealDay:
    """The meals recorded for a guest on one house day."""

    day: date
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StayLine:
    """One stay as the card tells it."""

    id: StayId
    house: str
    phase: str
    bed: str
    entered_on: date
    exit_on: date | None
    exit_reason: str | None
    destination: str | None
    nights_here: int
    nights_away: int
    entered_at: datetime | None = None
    referral_source: str | None = None
    minor_reason: str | None = None
    beds: tuple[BedSpan, ...] = ()
    """The beds in order of time."""


@dataclass(frozen=True, slots=True)
class GuestCard:
    """A guest's card; the full name is not on it and is asked for apart."""

    id: GuestId
    code: str
    name_used: str
    age: int | None
    birth_date: date | None
    birth_quality: str
    gender: str
    citizenships: tuple[str, ...]
    languages: tuple[str, ...]
    diets: tuple[str, ...]
    diet_note: str | None
    household: tuple[str, ...]
    stays: tuple[StayLine, ...]
    companions: tuple[Companion, ...] = ()

    @property
    def current(self) -> StayLine | None:
        """The stay without an exit, if there is one."""
        return next((stay for stay in self.stays if stay.exit_on is None), None)


def read_card(session: Session, guest: Guest, today: date) -> GuestCard:
    """Return the card of a guest inside a transaction that is already open."""
    companions = _companions(session, guest, today)
    return GuestCard(
        id=GuestId(guest.id),
        code=guest.code,
        name_used=guest.name_used,
        age=age_on(guest.birth_date, today) if guest.birth_date else None,
        birth_date=guest.birth_date,
        birth_quality=guest.birth_quality,
        gender=guest.gender,
        citizenships=tuple(c.country for c in guest.citizenships),
        languages=tuple(x.language for x in sorted(guest.languages, key=lambda x: x.rank)),
        diets=tuple(d.diet for d in guest.diets),
        diet_note=guest.diet_note,
        household=tuple(each.name_used for each in companions),
        stays=_stays(session, GuestId(guest.id)),
        companions=companions,
    )


def _companions(session: Session, guest: Guest, today: date) -> tuple[Companion, ...]:
    if guest.household_id is None:
        return ()
    others = select(Guest.id, Guest.code, Guest.name_used, Guest.birth_date).where(
        Guest.household_id == guest.household_id, Guest.id != guest.id
    )
    return tuple(
        Companion(GuestId(number), code, name, is_minor_on(birth, today))
        for number, code, name, birth in session.execute(others.order_by(Guest.name_used))
    )


def _stays(session: Session, guest: GuestId) -> tuple[StayLine, ...]:
    here = [code.code for code in codelist("presence") if code.flag("sleeps_here")]
    query = (
        select(
            Stay,
            House.name,
            func.count(Presence.night).filter(Presence.state.in_(here)),
            func.count(Presence.night).filter(Presence.state.not_in(here)),
        )
        .join(House, Stay.house_id == House.id)
        .outerjoin(Presence, Presence.stay_id == Stay.id)
        .where(Stay.guest_id == guest)
        .group_by(Stay.id)
        .order_by(Stay.entered_on.desc())
    )
    lines = []
    for stay, house, nights_here, nights_away in session.execute(query):
        beds = _beds(session, stay.id)
        lines.append(
            StayLine(
                StayId(stay.id),
                house,
                stay.phase,
                beds[-1].label if beds else "",
                stay.entered_on,
                stay.exit_on,
                stay.exit_reason,
                stay.destination,
                nights_here,
                nights_away,
                entered_at=stay.entered_at,
                referral_source=stay.referral_source,
                minor_reason=stay.minor_reason,
                beds=beds,
            )
        )
    return tuple(lines)


def _beds(session: Session, stay: int) -> tuple[BedSpan, ...]:
    given = (
        select(Room.name + Bed.name, BedAssignment.from_night, BedAssignment.to_night)
        .select_from(BedAssignment)
        .join(Bed, BedAssignment.bed_id == Bed.id)
        .join(Room, Bed.room_id == Room.id)
        .where(BedAssignment.stay_id == stay)
        .order_by(BedAssignment.from_night, BedAssignment.id)
    )
    return tuple(BedSpan(label, first, last) for label, first, last in session.execute(given))
