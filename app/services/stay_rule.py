"""The rules that an entry and an exit must keep: minors among adults, records behind an exit, ids that never return.

Free functions inside a transaction that is already open; nothing is written here.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Integer, cast, func, select

from app.errors import MinorAmongAdults, NotFound, RecordsAfterExit, StayOverlaps
from app.models.guest import Guest, is_minor_on
from app.models.house import House
from app.models.service import Meal, Presence, Referral
from app.models.stay import FOREVER, AnnulledStay, Stay
from app.reference.codelist import codelist
from app.reference.ids import StayId

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def get_stay(session: Session, stay: StayId) -> Stay:
    """Return a stay; raises NotFound."""
    found = session.get(Stay, stay)
    if found is None:
        raise NotFound(what="stay", id=stay)
    return found


def next_stay_id(session: Session) -> int:
    """Return an id that no stay ever had: the trail of an annulled one must not speak of another guest."""
    last = session.scalar(select(func.max(Stay.id))) or 0
    annulled = func.max(cast(func.json_extract(AnnulledStay.content, "$.stay"), Integer))
    return max(last, session.scalar(select(annulled)) or 0) + 1


def refuse_overlap(
    session: Session, guest: Guest, entered_on: date, exit_on: date | None, *, but: StayId | None = None
) -> None:
    """Raise StayOverlaps when another stay of the guest shares a night with `[entered_on, exit_on)`."""
    for other in session.scalars(select(Stay).where(Stay.guest_id == guest.id)):
        if other.id != but and other.overlaps(entered_on, exit_on):
            raise StayOverlaps(code=guest.code)


def admit_minor(session: Session, house: House, guest: Guest, day: date, reason: str | None) -> None:
    """Refuse an unaccompanied minor in a house for adults unless a reason is stated (D.Lgs. 115/2026, art. 4)."""
    if not is_minor_on(guest.birth_date, day):
        return
    if codelist("house_kind").get(house.kind).flag("admits_unaccompanied_minors"):
        return
    if (reason or "").strip() or _adult_of_household(session, house, guest, day):
        return
    raise MinorAmongAdults


def refuse_records_after(session: Session, stay: StayId, exit_on: date) -> None:
    """Raise RecordsAfterExit when a night, meal or referral of a stay would lie behind an exit."""
    last_night = session.scalar(select(func.max(Presence.night)).where(Presence.stay_id == stay))
    last_meal = session.scalar(select(func.max(Meal.day)).where(Meal.stay_id == stay))
    last_request = session.scalar(select(func.max(Referral.requested_on)).where(Referral.stay_id == stay))
    if last_night is not None and last_night >= exit_on:
        raise RecordsAfterExit(day=last_night)
    for day in (last_meal, last_request):
        if day is not None and day > exit_on:
            raise RecordsAfterExit(day=day)


def _adult_of_household(session: Session, house: House, guest: Guest, day: date) -> bool:
    if guest.household_id is None:
        return False
    others = (
        select(Guest.birth_date)
        .join(Stay, Stay.guest_id == Guest.id)
        .where(
            Guest.household_id == guest.household_id,
            Guest.id != guest.id,
            Stay.house_id == house.id,
            Stay.entered_on <= day,
            func.coalesce(Stay.exit_on, FOREVER) > day,
        )
    )
    return any(not is_minor_on(birth, day) for birth in session.scalars(others))
