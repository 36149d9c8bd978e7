"""The stays of a guest in stretches: one bed and one phase each, with the nights recorded in it.

It only reads; what changes a stay is in `app.services.stay` and `app.services.correction`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import defer, undefer_group

from app.models.guest import Guest, is_minor_on
from app.models.house import Bed, House, Room
from app.models.service import Presence
from app.models.stay import FOREVER, BedAssignment, Stay
from app.reference.codelist import codelist
from app.reference.ids import GuestId, HouseId, StayId
from app.services.phase import phases_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days `[from_day, to_day)` of a stay with the same bed (room and bed, empty without one) and phase."""

    from_day: date
    to_day: date | None
    room: str
    bed: str
    phase: str
    here: int
    """Nights recorded in the house."""
    authorised: int
    """Nights recorded away with the place kept."""
    away: int
    """Nights recorded away without."""


@dataclass(frozen=True, slots=True)
class StayHistory:
    """A stay with its stretches, the newest first."""

    id: StayId
    house: HouseId
    house_name: str
    entered_on: date
    exit_on: date | None
    exit_reason: str | None
    destination: str | None
    stretches: tuple[Stretch, ...]
    previous: StayId | None = None
    """The stay in another house that went on here."""
    next_house: str = ""
    """The house in which it went on, if it did."""
    phase_changes: tuple[tuple[date, str], ...] = ()
    """The changes of phase after the entry, in order."""


@dataclass(frozen=True, slots=True)
class StayMember:
    """Somebody of the same household in the same house."""

    stay: StayId
    guest: GuestId
    code: str
    name_used: str
    is_minor: bool


def read_history(session: Session, guest: GuestId, *, with_reason: bool) -> tuple[StayHistory, ...]:
    """Return all stays of a guest, the newest first."""
    rows = session.execute(
        select(Stay, House.name)
        .options(undefer_group("exit") if with_reason else defer(Stay.exit_reason))
        .join(House, Stay.house_id == House.id)
        .where(Stay.guest_id == guest)
        .order_by(Stay.entered_on.desc(), Stay.id.desc())
    ).all()
    went_on = {stay.previous_stay_id: name for stay, name in rows}
    return tuple(
        StayHistory(
            StayId(stay.id),
            HouseId(stay.house_id),
            name,
            stay.entered_on,
            stay.exit_on,
            stay.exit_reason if with_reason else None,
            stay.destination,
            tuple(reversed(_stretches(session, stay))),
            StayId(stay.previous_stay_id) if stay.previous_stay_id is not None else None,
            went_on.get(stay.id, ""),
            tuple(phases_of(session, stay)[1:]),
        )
        for stay, name in rows
    )


def read_household(session: Session, stay: Stay, day: date) -> tuple[StayMember, ...]:
    """Return who of the guest's household is in the same house on a day; of one that ended, who was when she left."""
    household = session.get_one(Guest, stay.guest_id).household_id
    if household is None:
        return ()
    rows = session.execute(
        select(Stay.id, Guest.id, Guest.code, Guest.name_used, Guest.birth_date)
        .join(Guest, Stay.guest_id == Guest.id)
        .where(
            Guest.household_id == household,
            Guest.id != stay.guest_id,
            Stay.house_id == stay.house_id,
            Stay.entered_on <= (stay.exit_on or day),
            Stay.exit_on.is_(None) if stay.exit_on is None else func.coalesce(Stay.exit_on, FOREVER) >= stay.exit_on,
        )
        .order_by(Guest.birth_date, Guest.name_used)
    )
    return tuple(
        StayMember(StayId(number), GuestId(guest), code, name, is_minor_on(birth, day))
        for number, guest, code, name, birth in rows
    )


def _stretches(session: Session, stay: Stay) -> list[Stretch]:
    phases = [(day, phase) for day, phase in phases_of(session, stay) if day < (stay.exit_on or FOREVER)]
    phases = phases or [(stay.entered_on, stay.phase)]
    beds = session.execute(
        select(BedAssignment.from_night, BedAssignment.to_night, Room.name, Bed.name)
        .join(Bed, BedAssignment.bed_id == Bed.id)
        .join(Room, Bed.room_id == Room.id)
        .where(
            BedAssignment.stay_id == stay.id,
            func.coalesce(BedAssignment.to_night, FOREVER) > BedAssignment.from_night,
        )
    ).all()
    end = stay.exit_on or FOREVER
    cuts = {stay.entered_on, end, *(day for day, _ in phases)}
    cuts |= {cut for first, last, _, _ in beds for cut in (first, last or FOREVER)}
    days = sorted(day for day in cuts if stay.entered_on <= day <= end)
    spans = list(pairwise(days)) or [(stay.entered_on, end)]
    nights = session.execute(select(Presence.night, Presence.state).where(Presence.stay_id == stay.id)).all()
    found: list[Stretch] = []
    for first, last in spans:
        room, bed = next(((r, b) for a, z, r, b in beds if a <= first < (z or FOREVER)), ("", ""))
        phase = [phase for day, phase in phases if day <= first][-1]
        before = found[-1] if found else None
        if before is not None and (before.room, before.bed, before.phase) == (room, bed, phase):
            found.pop()
            first = before.from_day  # noqa: PLW2901 - the same stretch goes on
        states = [state for night, state in nights if first <= night < last]
        here, authorised = _count(states)
        to_day = None if last == FOREVER else last
        found.append(Stretch(first, to_day, room, bed, phase, here, authorised, len(states) - here - authorised))
    return found


def _count(states: list[str]) -> tuple[int, int]:
    """Return how many nights were spent here, and how many away with the place kept."""
    known = [codelist("presence").get(state) for state in states]
    here = sum(state.flag("sleeps_here") for state in known)
    return here, sum(state.flag("entitled") and not state.flag("sleeps_here") for state in known)
