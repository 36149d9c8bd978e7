"""How a figure was counted: its rule, and for those who may see them the stays behind it.

The figures themselves are counted in `app.services.totals`; this lists what they count, and never leaves the house.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Select, and_, func, select

from app.models.guest import Guest
from app.models.night import Month
from app.models.service import Meal, Presence, Referral
from app.models.stay import FOREVER, Stay
from app.reference.codelist import codelist
from app.reference.figure import figure
from app.reference.ids import GuestId, HouseId
from app.services.desk import Desk
from app.services.role import may_see_stays_behind
from app.services.totals import exact_figures

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


HEALTH_FIGURE = "M11"


@dataclass(frozen=True, slots=True)
class StayBehind:
    """A stay that a figure counts: whose, its days, and how much of the figure it is (a night, a meal, a person)."""

    guest: GuestId
    code: str
    name_used: str
    entered_on: date
    exit_on: date | None
    counted: int


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A figure as it is counted now; `behind` is None for who may not see the stays, empty where no stay is counted."""

    element: str
    month: Month
    value: int
    persons: int | None
    behind: tuple[StayBehind, ...] | None


class Reckonings:
    """How the figures of a month are counted."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of(self, house: HouseId, month: Month, element: str) -> Reckoning:
        """Return how a figure is counted now, and note that somebody saw the stays behind it.

        Raises UnknownCode for a figure that there is not, and NotFound for such a house.
        """
        figure(element)
        with self._desk.vault.work() as session:
            exact = exact_figures(session, house, month).get(element)
            behind = None
            if may_see_stays_behind(self._desk.role(session), of_health=element == HEALTH_FIGURE):
                behind = stays_behind(session, house, month, element)
                self._desk.note(session, "reckon", "house", house)
            return Reckoning(element, month, exact.value, exact.persons, behind)


def stays_behind(session: Session, house: int, month: Month, element: str) -> tuple[StayBehind, ...]:
    """Return the stays that a figure counts, in order of names; a figure of the house itself (M01) counts none."""
    make = _QUERIES.get(element)
    if make is None:
        return ()
    query = make(month).where(Stay.house_id == house).order_by(Guest.name_used, Guest.code, Stay.entered_on)
    found = [
        StayBehind(GuestId(guest), code, name, entered, left, counted)
        for guest, code, name, entered, left, counted in session.execute(query)
    ]
    if element != "M06":
        return tuple(found)
    # a person counts once however often she comes back: her first stay carries the count
    seen: set[GuestId] = set()
    once = []
    for stay in found:
        again = stay.guest in seen
        seen.add(stay.guest)
        once.append(StayBehind(stay.guest, stay.code, stay.name_used, stay.entered_on, stay.exit_on, 0 if again else 1))
    return tuple(once)


_Lines = Select[int, str, str, date, date | None, int]


def _lines(counted: ColumnElement[int]) -> _Lines:
    return (
        select(Guest.id, Guest.code, Guest.name_used, Stay.entered_on, Stay.exit_on, counted)
        .select_from(Stay)
        .join(Guest, Guest.id == Stay.guest_id)
    )


def _whole(condition: Callable[[Month], ColumnElement[bool]]) -> Callable[[Month], _Lines]:
    return lambda month: _lines(func.count(Stay.id)).where(condition(month)).group_by(Stay.id)


def _left() -> ColumnElement[date]:
    return func.coalesce(Stay.exit_on, FOREVER)


def _nights(month: Month, *, here: bool) -> _Lines:
    states = [
        code.code
        for code in codelist("presence")
        if code.flag("sleeps_here") is here and (here or code.flag("entitled"))
    ]
    return (
        _lines(func.count(Presence.night))
        .join(Presence, Presence.stay_id == Stay.id)
        .where(Presence.night.between(month.first, month.last), Presence.state.in_(states))
        .group_by(Stay.id)
    )


def _meals(month: Month, element: str) -> _Lines:
    kinds = [kind.code for kind in codelist("meal_kind") if kind.text("figure") == element]
    return (
        _lines(func.count(Meal.day))
        .join(Meal, Meal.stay_id == Stay.id)
        .where(Meal.day.between(month.first, month.last), Meal.kind.in_(kinds))
        .group_by(Stay.id)
    )


def _referrals(month: Month) -> _Lines:
    counted = [code.code for code in codelist("referral_outcome") if code.flag("counts")]
    return (
        _lines(func.count(Referral.id))
        .join(Referral, Referral.stay_id == Stay.id)
        .where(Referral.requested_on.between(month.first, month.last), Referral.outcome.in_(counted))
        .group_by(Stay.id)
    )


_QUERIES: dict[str, Callable[[Month], _Lines]] = {
    "M02": _whole(lambda month: and_(Stay.entered_on < month.first, _left() >= month.first)),
    "M03": _whole(lambda month: Stay.entered_on.between(month.first, month.last)),
    "M04": _whole(lambda month: Stay.exit_on.between(month.first, month.last)),
    "M05": _whole(lambda month: and_(Stay.entered_on <= month.last, _left() > month.last)),
    "M06": _whole(lambda month: and_(Stay.entered_on <= month.last, _left() > month.first, _left() > Stay.entered_on)),
    "M07": lambda month: _nights(month, here=True),
    "M08": lambda month: _nights(month, here=False),
    "M09": lambda month: _meals(month, "M09"),
    "M10": lambda month: _meals(month, "M10"),
    "M11": _referrals,
}
