"""What presence proposes for the table: who eats on a day, and what each can still have had.

It reads inside a transaction that is already open; what was eaten is confirmed in `app.services.meal`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from app.models.night import HOUSE_ZONE, ONE_DAY
from app.models.service import Meal, Presence
from app.models.stay import FOREVER, Stay
from app.reference.codelist import codelist
from app.reference.ids import HouseId
from app.services.presence import states_here

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Kinds = tuple[str, ...]
Elsewhere = Mapping[tuple[int, date], Kinds]
"""What a guest had on a day in other houses."""


def excluded(kind: str, kinds: Iterable[str]) -> Kinds:
    """Return which of `kinds` cannot stand on the same day as `kind`; the rule holds both ways."""
    known = codelist("meal_kind")
    mine = known.get(kind).values("excludes")
    return tuple(other for other in kinds if other in mine or kind in known.get(other).values("excludes"))


def can_have(offered: Kinds, day: date, entered_on: date, entered_at: datetime | None, had: Kinds) -> Kinds:
    """Return the kinds that a guest can still have had: after her hour on the day she arrived, and nothing twice."""
    if entered_on == day and entered_at is not None:
        hour, known = entered_at.astimezone(HOUSE_ZONE).hour, codelist("meal_kind")
        offered = tuple(kind for kind in offered if hour < known.get(kind).number("served_until"))
    return tuple(kind for kind in offered if kind not in had and not excluded(kind, had))


class Seat(NamedTuple):
    """A stay at the table."""

    stay: int
    guest: int
    entered_on: date
    entered_at: datetime | None
    exit_on: date


def who_is_here(session: Session, house: HouseId, days: Sequence[date]) -> dict[date, list[Seat]]:
    """Return the stays that eat on each day: the night's record says so, else the night before, else being expected."""
    if not days:
        return {}
    first, last = min(days), max(days)
    left = func.coalesce(Stay.exit_on, FOREVER)
    query = select(Stay.id, Stay.guest_id, Stay.entered_on, Stay.entered_at, left).where(
        Stay.house_id == house, Stay.entered_on <= last, left > first
    )
    seats = [Seat(*row) for row in session.execute(query)]
    rows = session.execute(
        select(Presence.stay_id, Presence.night, Presence.state).where(
            Presence.stay_id.in_([seat.stay for seat in seats]), Presence.night.between(first - ONE_DAY, last)
        )
    )
    marks = {(stay, night): state for stay, night, state in rows}
    here = states_here()

    def eats(seat: Seat, day: date) -> bool:
        state = marks.get((seat.stay, day)) or marks.get((seat.stay, day - ONE_DAY)) or "P"
        return seat.entered_on <= day < seat.exit_on and state in here

    return {day: [seat for seat in seats if eats(seat, day)] for day in days}


def had_elsewhere(session: Session, house: HouseId, days: Sequence[date]) -> Elsewhere:
    """Return what the guests of a house had on these days in another: on the day of a transfer both serve her."""
    if not days:
        return {}
    first, last = min(days), max(days)
    touching = (Stay.entered_on <= last, func.coalesce(Stay.exit_on, FOREVER) >= first)
    ours = select(Stay.guest_id).where(Stay.house_id == house, *touching)
    query = (
        select(Stay.guest_id, Meal.day, Meal.kind)
        .join(Meal, Meal.stay_id == Stay.id)
        .where(Stay.house_id != house, Stay.guest_id.in_(ours), *touching, Meal.day.between(first, last))
        .order_by(Meal.kind)
    )
    had: dict[tuple[int, date], Kinds] = {}
    for guest, day, kind in session.execute(query):
        had[guest, day] = (*had.get((guest, day), ()), kind)
    return had


def proposals(session: Session, house: HouseId, offered: Kinds, days: Sequence[date]) -> dict[date, dict[int, Kinds]]:
    """Return what is proposed for each stay that eats, day by day."""
    had = had_elsewhere(session, house, days)
    return {
        day: {
            seat.stay: can_have(offered, day, seat.entered_on, seat.entered_at, had.get((seat.guest, day), ()))
            for seat in seats
        }
        for day, seats in who_is_here(session, house, days).items()
    }
