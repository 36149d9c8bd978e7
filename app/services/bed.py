"""The bed board: which bed is free, taken, held or out of service, who is expected, how many places are free.

Who sleeps where is decided in `app.services.stay`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import DaysSwapped, FieldMissing, NotFound
from app.models.guest import Guest, is_minor_on
from app.models.house import BedClosure, BedHold, House, PlannedArrival
from app.models.stay import FOREVER, BedAssignment, Stay
from app.reference.codelist import require
from app.reference.ids import ArrivalId, BedId, ClosureId, GuestId, HoldId, HouseId, StayId
from app.services.arrival import (
    EXPECTED,
    ArrivalDraft,
    ArrivalRow,
    arrival_row,
    fill,
    get_arrival,
    holds_of,
    read_arrivals,
    release_holds,
)
from app.services.bed_state import CLOSED, FREE, HELD, TAKEN, BedNight, BedUse, promised_beds, read_beds
from app.services.bed_use import end_hold, refuse_closed, refuse_held, refuse_taken
from app.services.desk import Desk
from app.services.phase import phase_on

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "CLOSED",
    "FREE",
    "HELD",
    "TAKEN",
    "ArrivalDraft",
    "ArrivalRow",
    "BedBoard",
    "BedNight",
    "BedUse",
    "Bedless",
    "Beds",
    "ClosureDraft",
    "HoldDraft",
    "Places",
]


@dataclass(frozen=True, slots=True)
class HoldDraft:
    """A bed to be held for the nights `[from_night, to_night)`; without an arrival it is held for emergencies."""

    bed: BedId
    from_night: date
    to_night: date | None = None
    arrival: ArrivalId | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClosureDraft:
    """A bed to be taken out of service for the nights `[from_night, to_night)`, and why."""

    bed: BedId
    from_night: date
    reason: str
    to_night: date | None = None


@dataclass(frozen=True, slots=True)
class Bedless:
    """A guest of the night without a bed."""

    stay: StayId
    guest: GuestId
    code: str
    name_used: str
    phase: str
    is_minor: bool


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a house on a night, and how the free ones are counted."""

    capacity: int
    beds: int
    guests: int
    """Everybody hosted that night, with or without a bed, away or not: each keeps a place."""
    without_bed: int
    held: int
    """Beds held for arrivals, also where somebody else still sleeps: the place stays promised."""
    emergency: int
    """Beds held for emergencies, counted in the same way."""
    closed: int

    @property
    def free(self) -> int:
        """Places that may be offered to the network: capacity less guests, held beds and beds out of service."""
        return max(0, self.balance)

    @property
    def balance(self) -> int:
        """The same, below zero when the house is over its capacity."""
        return self.capacity - self.guests - self.held - self.emergency - self.closed


@dataclass(frozen=True, slots=True)
class BedBoard:
    """A house's beds on a night, with who has none, who is expected, and the places."""

    house: HouseId
    night: date
    today: date
    beds: tuple[BedNight, ...]
    without_bed: tuple[Bedless, ...]
    arrivals: tuple[ArrivalRow, ...]
    places: Places

    def count(self, state: str) -> int:
        """Return how many beds are in a state."""
        return sum(bed.state == state for bed in self.beds)


class Beds:
    """The beds of a house, and who is expected."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # --- reading

    def board(self, house: HouseId, night: date | None = None) -> BedBoard:
        """Return the beds of a house on a night, tonight when None."""
        today = self._desk.today()
        night = night or today
        with self._desk.vault.work() as session:
            beds = tuple(read_beds(session, house, night))
            without_bed = tuple(_bedless(session, house, night))
            places = _places(session, house, night, beds, len(without_bed))
            return BedBoard(house, night, today, beds, without_bed, tuple(read_arrivals(session, house, night)), places)

    def places(self, house: HouseId, night: date | None = None) -> Places:
        """Return the places of a house on a night, tonight when None: what the network asks for."""
        return self.board(house, night).places

    def arrivals(self, house: HouseId) -> tuple[ArrivalRow, ...]:
        """Return who is still expected in a house, the next one first."""
        with self._desk.vault.work() as session:
            return tuple(read_arrivals(session, house, self._desk.today()))

    def arrival(self, arrival: ArrivalId) -> ArrivalRow:
        """Return one planned arrival; raises NotFound."""
        with self._desk.vault.work() as session:
            return arrival_row(session, get_arrival(session, arrival), self._desk.today())

    # --- holds and closures

    def hold(self, draft: HoldDraft, *, even_taken: bool = False) -> HoldId:
        """Hold a bed; `even_taken` says that somebody's sleeping there on some of the nights is known.

        Raises DaysSwapped, BedTaken, BedHeld, BedOutOfService or NotFound.
        """
        with self._desk.vault.work() as session:
            _require_span(draft.from_night, draft.to_night)
            if draft.arrival is not None:
                get_arrival(session, draft.arrival)
            _refuse_other_use(session, draft.bed, draft.from_night, draft.to_night, even_taken=even_taken)
            made = BedHold(
                bed_id=draft.bed,
                from_night=draft.from_night,
                to_night=draft.to_night,
                arrival_id=draft.arrival,
                reason=draft.reason.strip() or None,
            )
            session.add(made)
            session.flush()
            self._desk.note(session, "hold", "bed", draft.bed)
            return HoldId(made.id)

    def release(self, hold: HoldId) -> None:
        """Hold a bed no longer, from tonight on; raises NotFound."""
        with self._desk.vault.work() as session:
            found = session.get(BedHold, hold)
            if found is None:
                raise NotFound(what="hold", id=hold)
            self._desk.note(session, "release", "bed", found.bed_id)
            end_hold(session, found, self._desk.today())

    def close(self, draft: ClosureDraft, *, even_taken: bool = False) -> ClosureId:
        """Take a bed out of service; `even_taken` says that somebody's sleeping there on some of the nights is known.

        Raises FieldMissing without a reason, DaysSwapped, BedTaken, BedHeld or BedOutOfService.
        """
        if not draft.reason.strip():
            raise FieldMissing(field="reason")
        with self._desk.vault.work() as session:
            _require_span(draft.from_night, draft.to_night)
            _refuse_other_use(session, draft.bed, draft.from_night, draft.to_night, even_taken=even_taken)
            made = BedClosure(
                bed_id=draft.bed, from_night=draft.from_night, to_night=draft.to_night, reason=draft.reason.strip()
            )
            session.add(made)
            session.flush()
            self._desk.note(session, "close", "bed", draft.bed)
            return ClosureId(made.id)

    def put_back(self, closure: ClosureId) -> None:
        """Put a bed back into service, from tonight on; raises NotFound."""
        with self._desk.vault.work() as session:
            found = session.get(BedClosure, closure)
            if found is None:
                raise NotFound(what="closure", id=closure)
            self._desk.note(session, "put_back", "bed", found.bed_id)
            today = self._desk.today()
            if found.from_night < today:
                found.to_night = today
            else:
                session.delete(found)

    # --- arrivals

    def plan(self, draft: ArrivalDraft, *, bed: BedId | None = None) -> ArrivalId:
        """Write that somebody is expected and, with `bed`, hold that bed for her from the day she is expected.

        Raises FieldMissing, UnknownCode, or what `hold` raises.
        """
        with self._desk.vault.work() as session:
            made = PlannedArrival(
                house_id=draft.house,
                state=EXPECTED,
                planned_by=self._desk.vault.operator,
                planned_at=self._desk.now(),
            )
            fill(made, draft)
            session.add(made)
            session.flush()
            self._desk.note(session, "plan", "arrival", made.id)
            if bed is not None:
                _refuse_other_use(session, bed, draft.expected_on, None, even_taken=False)
                session.add(BedHold(bed_id=bed, from_night=draft.expected_on, arrival_id=made.id))
                self._desk.note(session, "hold", "bed", bed)
            return ArrivalId(made.id)

    def change_arrival(self, arrival: ArrivalId, draft: ArrivalDraft) -> None:
        """Change what is known of an arrival; the beds held for it from its day follow the day. Raises as `plan`."""
        with self._desk.vault.work() as session:
            found = get_arrival(session, arrival)
            before = found.expected_on
            fill(found, draft)
            for hold in holds_of(session, arrival, self._desk.today()):
                if hold.from_night == before != draft.expected_on < (hold.to_night or FOREVER):
                    bed, to_night = BedId(hold.bed_id), hold.to_night
                    refuse_closed(session, bed, draft.expected_on, to_night)
                    refuse_held(session, bed, draft.expected_on, to_night, but=hold)
                    if draft.expected_on < before:
                        refuse_taken(session, bed, draft.expected_on, before)
                    hold.from_night = draft.expected_on
            self._desk.note(session, "change", "arrival", arrival)

    def cancel_arrival(self, arrival: ArrivalId, state: str) -> None:
        """Write that an expected guest does not come, and in which state that leaves her; her beds are free again.

        Raises NotFound, or UnknownCode for a state that still awaits something.
        """
        entry = require("arrival_state", state)
        with self._desk.vault.work() as session:
            found = get_arrival(session, arrival)
            if found.stay_id is None and entry.flag("final"):
                found.state = entry.code
            release_holds(session, arrival, self._desk.today())
            self._desk.note(session, "cancel", "arrival", arrival)


def _require_span(from_night: date, to_night: date | None) -> None:
    if to_night is not None and to_night <= from_night:
        raise DaysSwapped


def _refuse_other_use(
    session: Session, bed: BedId, from_night: date, to_night: date | None, *, even_taken: bool
) -> None:
    """Raise when another hold or closure shares a night with the span, or somebody sleeps there and nobody said so."""
    refuse_closed(session, bed, from_night, to_night)
    refuse_held(session, bed, from_night, to_night)
    if not even_taken:
        refuse_taken(session, bed, from_night, to_night)


def _bedless(session: Session, house: HouseId, night: date) -> list[Bedless]:
    given = select(BedAssignment.stay_id).where(
        BedAssignment.from_night <= night, func.coalesce(BedAssignment.to_night, FOREVER) > night
    )
    rows = session.execute(
        select(Stay.id, Guest.id, Guest.code, Guest.name_used, phase_on(night), Guest.birth_date)
        .join(Guest, Stay.guest_id == Guest.id)
        .where(
            Stay.house_id == house,
            Stay.entered_on <= night,
            func.coalesce(Stay.exit_on, FOREVER) > night,
            Stay.id.not_in(given),
        )
        .order_by(Guest.name_used, Guest.code)
    )
    return [
        Bedless(StayId(stay), GuestId(guest), code, name, phase, is_minor_on(birth, night))
        for stay, guest, code, name, phase, birth in rows
    ]


def _places(session: Session, house: HouseId, night: date, beds: tuple[BedNight, ...], without_bed: int) -> Places:
    hosted = select(func.count(Stay.id)).where(
        Stay.house_id == house, Stay.entered_on <= night, func.coalesce(Stay.exit_on, FOREVER) > night
    )
    held, emergency = promised_beds(session, house, night)
    return Places(
        capacity=session.get_one(House, house).capacity,
        beds=len(beds),
        guests=session.scalars(hosted).one(),
        without_bed=without_bed,
        held=held,
        emergency=emergency,
        closed=sum(bed.state == CLOSED for bed in beds),
    )
