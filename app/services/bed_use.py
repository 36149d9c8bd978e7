"""Giving a bed and taking it back: one bed, one guest a night; none out of service, none that is held for another.

Free functions inside a transaction that is already open; the intentions are in `app.services.stay` and `.bed`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from app.errors import BedHeld, BedInOtherHouse, BedOutOfService, BedTaken
from app.models.house import Bed, BedClosure, BedHold, PlannedArrival, Room
from app.models.night import ONE_DAY
from app.models.stay import FOREVER, BedAssignment, Stay
from app.reference.ids import ArrivalId, BedId
from app.reference.texts import tr
from app.services.bed_state import bed_label, slept

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def give_bed(
    session: Session,
    stay: Stay,
    bed: BedId,
    from_night: date,
    today: date,
    *,
    arrival: ArrivalId | None = None,
    is_entry: bool = False,
) -> None:
    """Give a stay a bed from a night to its exit.

    A hold for `arrival` is used up, and by an entry one for emergencies too: that is what they are for. Raises
    BedInOtherHouse, BedTaken, BedOutOfService or BedHeld, also when the hold or closure only begins on a later night:
    she would lie in a bed that was promised to somebody else.
    """
    house = session.scalar(select(Room.house_id).join(Bed, Bed.room_id == Room.id).where(Bed.id == bed))
    if house != stay.house_id:
        raise BedInOtherHouse
    refuse_taken(session, bed, from_night, stay.exit_on)
    after = max(from_night, today) + ONE_DAY
    refuse_closed(session, bed, from_night, stay.exit_on)
    for hold in _holds(session, bed, from_night, stay.exit_on):
        is_for_now = is_entry and hold.from_night < after
        mine = hold.arrival_id == arrival if hold.arrival_id is not None else is_for_now
        if not mine:
            raise _held(session, hold)
        end_hold(session, hold, from_night)
    forget_unslept(session, bed, from_night, stay.exit_on)
    session.add(BedAssignment(stay_id=stay.id, bed_id=bed, from_night=from_night, to_night=stay.exit_on))
    session.flush()


def take_beds(session: Session, stay: Stay, from_night: date) -> None:
    """Take the beds of a stay back from a night on; what she had before stays in the history."""
    for given in session.scalars(select(BedAssignment).where(BedAssignment.stay_id == stay.id)):
        if given.from_night >= from_night:
            session.delete(given)
        elif (given.to_night or FOREVER) > from_night:
            given.to_night = from_night
    session.flush()


def end_beds(session: Session, stay: int, left: date) -> None:
    """Let the beds of a stay end with its exit; a move that was to come falls away.

    A bed that would have been hers from the night of the exit on stays as one without a night: so an exit that was a
    mistake can give it back. It keeps nobody out of the bed (`forget_unslept`).
    """
    for given in session.scalars(select(BedAssignment).where(BedAssignment.stay_id == stay)):
        if given.from_night > left:
            session.delete(given)
        elif (given.to_night or FOREVER) > left:
            given.to_night = left
    session.flush()


def forget_unslept(session: Session, bed: BedId, from_night: date, to_night: date | None) -> None:
    """Forget who would have had a bed on the night of her exit, before somebody else has it around that night."""
    session.execute(
        delete(BedAssignment).where(
            BedAssignment.bed_id == bed,
            ~slept(),
            BedAssignment.from_night > from_night,
            BedAssignment.from_night < (to_night or FOREVER),
        )
    )


def refuse_taken(session: Session, bed: BedId, from_night: date, to_night: date | None) -> None:
    """Raise BedTaken when somebody has the bed on a night of `[from_night, to_night)`."""
    given = session.scalars(select(BedAssignment).where(BedAssignment.bed_id == bed, slept()))
    if any(other.overlaps(from_night, to_night) for other in given):
        raise BedTaken(bed=bed_label(session, bed))


def end_hold(session: Session, hold: BedHold, night: date) -> None:
    """Let a hold end before a night; one that would never have begun is taken out."""
    if hold.from_night < night:
        hold.to_night = night
    else:
        session.delete(hold)


def held_for(session: Session, hold: BedHold) -> str:
    """Return for whom a bed is held, in words."""
    if hold.arrival_id is None:
        return hold.reason or tr("beds.for_emergencies")
    arrival = session.get_one(PlannedArrival, hold.arrival_id)
    return arrival.name_used or tr("beds.for_an_arrival")


def refuse_closed(session: Session, bed: BedId, from_night: date, to_night: date | None) -> None:
    """Raise BedOutOfService when the bed is out of service on a night of `[from_night, to_night)`."""
    closure = session.scalar(
        select(BedClosure).where(
            BedClosure.bed_id == bed,
            BedClosure.from_night < (to_night or FOREVER),
            func.coalesce(BedClosure.to_night, FOREVER) > from_night,
        )
    )
    if closure is not None:
        why = closure.reason or tr("beds.without_reason")
        raise BedOutOfService(bed=bed_label(session, bed), why=why, day=closure.from_night)


def refuse_held(
    session: Session, bed: BedId, from_night: date, to_night: date | None, *, but: BedHold | None = None
) -> None:
    """Raise BedHeld when the bed is held on a night of `[from_night, to_night)`."""
    for hold in _holds(session, bed, from_night, to_night):
        if hold is not but:
            raise _held(session, hold)


def _held(session: Session, hold: BedHold) -> BedHeld:
    bed = bed_label(session, BedId(hold.bed_id))
    return BedHeld(bed=bed, who=held_for(session, hold), day=hold.from_night)


def _holds(session: Session, bed: BedId, from_night: date, to_night: date | None) -> list[BedHold]:
    return list(
        session.scalars(
            select(BedHold).where(
                BedHold.bed_id == bed,
                BedHold.from_night < (to_night or FOREVER),
                func.coalesce(BedHold.to_night, FOREVER) > from_night,
            )
        )
    )
