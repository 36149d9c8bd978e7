"""Changes within a stay that keep its history: another phase from a day on, two guests who change beds.

Free functions inside a transaction that is already open; the intentions are in `app.services.stay`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import DayInFuture, ExitBeforeEntry, NotFound, StayAlreadyEnded
from app.models.stay import FOREVER, BedAssignment, Stay, StayPhase
from app.reference.ids import BedId, StayId
from app.services.bed_use import give_bed, take_beds
from app.services.closing import require_open, require_open_span
from app.services.desk import Desk
from app.services.phase import phases_of
from app.services.stay_rule import get_stay

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def require_night(stay: Stay, night: date) -> None:
    """Raise ExitBeforeEntry or StayAlreadyEnded when a night does not belong to a stay."""
    if not stay.covers_night(night):
        raise StayAlreadyEnded if night >= stay.entered_on else ExitBeforeEntry


def swap_beds(desk: Desk, session: Session, stay: StayId, other: StayId, night: date) -> None:
    """Let two guests of a house change beds; each needs one on that night."""
    first, second = get_stay(session, stay), get_stay(session, other)
    beds = {}
    for each in (first, second):
        require_night(each, night)
        require_open(session, each.house_id, night)
        beds[each.id] = _bed_on(session, each, night)
    for each in (first, second):
        take_beds(session, each, night)
    give_bed(session, first, beds[second.id], night, desk.today())
    give_bed(session, second, beds[first.id], night, desk.today())
    for each in (first, second):
        desk.note(session, "change_bed", "stay", each.id)


def _bed_on(session: Session, stay: Stay, night: date) -> BedId:
    for given in session.scalars(select(BedAssignment).where(BedAssignment.stay_id == stay.id)):
        if given.from_night <= night < (given.to_night or FOREVER):
            return BedId(given.bed_id)
    raise NotFound(what="bed", id=stay.id)


def change_phase(desk: Desk, session: Session, stay: StayId, phase: str, from_day: date) -> None:
    """Write a phase from a day on; on the day of entry it becomes the phase of the entry."""
    found = get_stay(session, stay)
    require_night(found, from_day)
    if from_day > desk.today():
        raise DayInFuture(day=from_day)
    _require_open_until_next(session, found, from_day)
    if from_day == found.entered_on:
        found.phase = phase
    else:
        session.merge(StayPhase(stay_id=stay, from_day=from_day, phase=phase))
    desk.note(session, "change_phase", "stay", stay)


def undo_phase(desk: Desk, session: Session, stay: StayId, from_day: date) -> None:
    """Take a change of phase away again."""
    found = get_stay(session, stay)
    change = session.get(StayPhase, (stay, from_day))
    if change is None:
        raise NotFound(what="phase", id=stay)
    _require_open_until_next(session, found, from_day)
    session.delete(change)
    desk.note(session, "undo_phase", "stay", stay)


def _require_open_until_next(session: Session, stay: Stay, from_day: date) -> None:
    later = [day for day, _ in phases_of(session, stay) if day > from_day]
    require_open_span(session, stay.house_id, from_day, later[0] if later else stay.exit_on)
