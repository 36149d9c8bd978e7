"""What each bed of a house is on a night: free, taken, held or out of service, and by whom or why.

It reads inside a transaction that is already open; giving a bed is in `app.services.bed_use`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.models.guest import Guest, is_minor_on
from app.models.house import Bed, BedClosure, BedHold, PlannedArrival, Room
from app.models.stay import FOREVER, BedAssignment, Stay
from app.reference.ids import ArrivalId, BedId, ClosureId, GuestId, HoldId, HouseId, StayId
from app.services.phase import phase_on

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

FREE, TAKEN, HELD, CLOSED = "free", "taken", "held", "closed"
_FIRST = {TAKEN: 0, CLOSED: 1, HELD: 2}


@dataclass(frozen=True, slots=True)
class BedUse:
    """One use of a bed for the nights `[from_night, to_night)`: somebody sleeps in it, or it is held or closed."""

    kind: str
    from_night: date
    to_night: date | None
    stay: StayId | None = None
    guest: GuestId | None = None
    code: str = ""
    name_used: str = ""
    """Who sleeps there, or the name of the arrival that is waited for; it may be unknown."""
    phase: str = ""
    is_minor: bool = False
    hold: HoldId | None = None
    arrival: ArrivalId | None = None
    """The arrival that a hold is for; None on a hold means that it is for emergencies."""
    closure: ClosureId | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BedNight:
    """A bed on one night; `state` is `FREE` or the kind of its use, somebody who sleeps there before all else."""

    id: BedId
    label: str
    room: str
    name: str
    state: str
    use: BedUse | None = None
    then: BedUse | None = None
    """The next use that matters now: a hold or closure over a taken bed, or what comes after a free night."""


def read_beds(session: Session, house: HouseId, night: date) -> list[BedNight]:
    """Return every bed of a house with its state on a night, in the order in which people count them."""
    beds = session.execute(
        select(Bed.id, Room.name, Bed.name).join(Room, Bed.room_id == Room.id).where(Room.house_id == house)
    ).all()
    uses: dict[int, list[BedUse]] = {bed: [] for bed, _, _ in beds}
    for bed, use in _uses(session, house, night):
        uses[bed].append(use)
    ordered = sorted(beds, key=lambda row: (natural(row[1]), natural(row[2])))
    return [_bed_night(BedId(bed), room, name, night, uses[bed]) for bed, room, name in ordered]


def promised_beds(session: Session, house: HouseId, night: date) -> tuple[int, int]:
    """Return how many beds are held for arrivals and for emergencies on a night, also where somebody sleeps now."""
    here = select(Bed.id).join(Room, Bed.room_id == Room.id).where(Room.house_id == house)
    holds = session.scalars(
        select(BedHold).where(
            BedHold.bed_id.in_(here),
            BedHold.from_night <= night,
            func.coalesce(BedHold.to_night, FOREVER) > night,
        )
    ).all()
    emergency = sum(hold.arrival_id is None for hold in holds)
    return len(holds) - emergency, emergency


def natural(text: str) -> list[tuple[bool, int, str]]:
    """Return what sorts names as people count them: 2 before 10, numbers before words."""
    parts = re.findall(r"\d+|\D+", text)
    return [(False, int(part), "") if part.isdecimal() else (True, 0, part.casefold()) for part in parts]


def bed_label(session: Session, bed: BedId) -> str:
    """Return the label that people use for a bed, such as `3B`."""
    label = select(Room.name + Bed.name).select_from(Bed).join(Room, Bed.room_id == Room.id).where(Bed.id == bed)
    return session.scalars(label).one()


def bed_on(session: Session, stay: StayId, night: date) -> str:
    """Return the label of the bed that a stay has on a night, empty without one."""
    query = select(Room.name + Bed.name).select_from(BedAssignment).join(Bed, BedAssignment.bed_id == Bed.id)
    here = query.join(Room, Bed.room_id == Room.id).where(BedAssignment.stay_id == stay, has_bed(night))
    return session.scalar(here) or ""


def has_bed(night: date) -> ColumnElement[bool]:
    """Return what finds the bed that somebody has on a night."""
    return (BedAssignment.from_night <= night) & (func.coalesce(BedAssignment.to_night, FOREVER) > night)


def slept() -> ColumnElement[bool]:
    """Return what tells a bed that somebody has for a night or more from one that is only remembered."""
    return func.coalesce(BedAssignment.to_night, FOREVER) > BedAssignment.from_night


def _bed_night(bed: BedId, room: str, name: str, night: date, uses: Iterable[BedUse]) -> BedNight:
    ordered = sorted(uses, key=lambda use: (use.from_night > night, _FIRST[use.kind], use.from_night))
    now = ordered[0] if ordered and ordered[0].from_night <= night else None
    later = sorted(ordered[1:] if now else ordered, key=lambda use: use.from_night)
    then = next((use for use in later if _matters(now, use)), None)
    return BedNight(bed, f"{room}{name}", room, name, now.kind if now else FREE, now, then)


def _matters(now: BedUse | None, later: BedUse) -> bool:
    """Tell whether a later use is worth a word beside the present one: it comes before that one ends, or just then."""
    return now is None or later.from_night <= (now.to_night or FOREVER)


def _uses(session: Session, house: HouseId, night: date) -> Iterable[tuple[int, BedUse]]:
    """Return what uses the beds of a house on the night or after it."""
    here = select(Bed.id).join(Room, Bed.room_id == Room.id).where(Room.house_id == house)
    given = (
        select(BedAssignment, Stay.id, Guest.id, Guest.code, Guest.name_used, Guest.birth_date, phase_on(night))
        .join(Stay, BedAssignment.stay_id == Stay.id)
        .join(Guest, Stay.guest_id == Guest.id)
        .where(
            BedAssignment.bed_id.in_(here),
            func.coalesce(BedAssignment.to_night, FOREVER) > night,
            func.coalesce(BedAssignment.to_night, FOREVER) > BedAssignment.from_night,
        )
    )
    for row, stay, guest, code, name, birth, phase in session.execute(given):
        minor = is_minor_on(birth, night)
        use = BedUse(TAKEN, row.from_night, row.to_night, StayId(stay), GuestId(guest), code, name, phase, minor)
        yield row.bed_id, use
    held = (
        select(BedHold, PlannedArrival.name_used)
        .outerjoin(PlannedArrival, BedHold.arrival_id == PlannedArrival.id)
        .where(BedHold.bed_id.in_(here), func.coalesce(BedHold.to_night, FOREVER) > night)
    )
    for hold, alias in session.execute(held):
        arrival = ArrivalId(hold.arrival_id) if hold.arrival_id is not None else None
        use = BedUse(HELD, hold.from_night, hold.to_night, name_used=alias or "", reason=hold.reason or "")
        yield hold.bed_id, replace(use, hold=HoldId(hold.id), arrival=arrival)
    closed = select(BedClosure).where(BedClosure.bed_id.in_(here), func.coalesce(BedClosure.to_night, FOREVER) > night)
    for closure in session.scalars(closed):
        use = BedUse(CLOSED, closure.from_night, closure.to_night, reason=closure.reason or "")
        yield closure.bed_id, replace(use, closure=ClosureId(closure.id))
