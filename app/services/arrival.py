"""Planned arrivals: who is expected, and what becomes of her bed when she comes or does not.

Free functions inside a transaction that is already open; the intentions are in `app.services.bed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from app.errors import FieldMissing, NotFound
from app.models.house import Bed, BedHold, PlannedArrival, Room
from app.models.stay import FOREVER
from app.models.work import TrailEntry
from app.reference.codelist import require
from app.reference.ids import ArrivalId, HouseId, StayId
from app.services.bed_use import end_hold
from app.services.chain import Note, erase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

EXPECTED, ARRIVED = "ATTESO", "ARRIVATO"
KEPT_DAYS = 90
"""So long an arrival that became no stay is kept after its day: a proposal, as the other terms are."""


@dataclass(frozen=True, slots=True)
class ArrivalDraft:
    """Somebody who is expected."""

    house: HouseId
    expected_on: date
    name_used: str = ""
    persons: int = 1
    referral_source: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """A planned arrival with the beds held for it."""

    id: ArrivalId
    house: HouseId
    expected_on: date
    name_used: str
    persons: int
    referral_source: str | None
    note: str
    state: str
    beds: tuple[str, ...]
    stay: StayId | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody is still waited for: expected, or come with a bed held for the others."""
        return self.state == EXPECTED or bool(self.beds)


def get_arrival(session: Session, arrival: ArrivalId) -> PlannedArrival:
    """Return a planned arrival; raises NotFound."""
    found = session.get(PlannedArrival, arrival)
    if found is None:
        raise NotFound(what="arrival", id=arrival)
    return found


def mark_arrived(session: Session, arrival: ArrivalId, stay: int, day: date) -> None:
    """Note that somebody came; the beds of one who comes alone are free again, those of a group wait for the others."""
    found = get_arrival(session, arrival)
    found.state = ARRIVED
    if found.stay_id is None:
        found.stay_id = stay
    if found.persons <= 1:
        release_holds(session, arrival, day)


def forget_unmet(session: Session, today: date, note: Note) -> int:
    """Delete the arrivals that became no stay, with their holds and what the trail says of them; return how many."""
    unmet = select(PlannedArrival.id).where(
        PlannedArrival.stay_id.is_(None), PlannedArrival.expected_on < today - timedelta(days=KEPT_DAYS)
    )
    numbers = tuple(session.scalars(unmet))
    if numbers:
        erase(session, (TrailEntry.subject == "arrival") & TrailEntry.subject_id.in_(numbers), note)
        session.execute(delete(BedHold).where(BedHold.arrival_id.in_(numbers)))
        session.execute(delete(PlannedArrival).where(PlannedArrival.id.in_(numbers)))
    return len(numbers)


def release_holds(session: Session, arrival: ArrivalId, day: date) -> None:
    """Release the beds that are held for an arrival from a night on."""
    for hold in holds_of(session, arrival, day):
        end_hold(session, hold, day)
    session.flush()


def holds_of(session: Session, arrival: int, day: date) -> Sequence[BedHold]:
    """Return the holds of an arrival that reach a night or later ones."""
    return session.scalars(
        select(BedHold)
        .where(BedHold.arrival_id == arrival, func.coalesce(BedHold.to_night, FOREVER) > day)
        .order_by(BedHold.from_night, BedHold.id)
    ).all()


def fill(arrival: PlannedArrival, draft: ArrivalDraft) -> None:
    """Write a checked draft into an arrival."""
    if draft.persons < 1:
        raise FieldMissing(field="persons")
    if draft.referral_source is not None:
        require("referral_source", draft.referral_source)
    arrival.expected_on = draft.expected_on
    arrival.name_used = draft.name_used.strip() or None
    arrival.persons = draft.persons
    arrival.referral_source = draft.referral_source
    arrival.note = draft.note.strip() or None


def read_arrivals(session: Session, house: HouseId, night: date) -> list[ArrivalRow]:
    """Return who is expected in a house, and who came already but still has beds held; the next one first."""
    waiting = select(BedHold.arrival_id).where(
        BedHold.arrival_id.is_not(None), func.coalesce(BedHold.to_night, FOREVER) > night
    )
    found = session.scalars(
        select(PlannedArrival)
        .where(
            PlannedArrival.house_id == house,
            (PlannedArrival.state == EXPECTED) | PlannedArrival.id.in_(waiting),
        )
        .order_by(PlannedArrival.expected_on, PlannedArrival.id)
    )
    return [arrival_row(session, arrival, night) for arrival in found]


def arrival_row(session: Session, arrival: PlannedArrival, night: date) -> ArrivalRow:
    """Return an arrival with the beds that are held for it on a night or later."""
    labels = session.execute(
        select(BedHold.arrival_id, Room.name + Bed.name)
        .join(Bed, BedHold.bed_id == Bed.id)
        .join(Room, Bed.room_id == Room.id)
        .where(BedHold.arrival_id == arrival.id, func.coalesce(BedHold.to_night, FOREVER) > night)
        .order_by(Room.name, Bed.name)
    )
    return ArrivalRow(
        ArrivalId(arrival.id),
        HouseId(arrival.house_id),
        arrival.expected_on,
        arrival.name_used or "",
        arrival.persons,
        arrival.referral_source,
        arrival.note or "",
        arrival.state,
        tuple(label for _, label in labels),
        StayId(arrival.stay_id) if arrival.stay_id is not None else None,
    )
