"""Meals: proposed from presences, confirmed by the operator, one day of the house at a time.

The day is the house day, not UTC's; sums for the report are in `app.services.totals`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from app.errors import DayInFuture, MealRule, NotFound, OutsideStay
from app.models.guest import Guest, GuestDiet, is_minor_on
from app.models.house import House
from app.models.night import ONE_DAY, Month
from app.models.service import Meal, MealDay, Presence
from app.models.stay import FOREVER, Stay
from app.models.work import Operator
from app.reference.codelist import codelist, require
from app.reference.ids import GuestId, HouseId, StayId
from app.services.closing import is_closed, require_open
from app.services.desk import Desk
from app.services.presence import states_here

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class MealRow:
    """A guest's meals on a day: as recorded, or as proposed while the day is not confirmed."""

    stay: StayId
    guest: GuestId
    code: str
    name_used: str
    diets: tuple[str, ...]
    kinds: tuple[str, ...]
    minor: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class MealSheet:
    """A house's meals of one day."""

    house: HouseId
    day: date
    supply: str
    confirmed: bool
    offered: tuple[str, ...]
    rows: tuple[MealRow, ...]
    closed: bool = False
    confirmed_by: str = ""
    confirmed_at: datetime | None = None

    @property
    def total(self) -> int:
        """How many meals are on the sheet; a meal taken elsewhere is none."""
        counted = _served_kinds()
        return sum(kind in counted for row in self.rows for kind in row.kinds)

    def kinds(self) -> dict[str, int]:
        """Return how many there are of each kind on the sheet."""
        return dict(Counter(kind for row in self.rows for kind in row.kinds))

    def diets(self) -> dict[str, int]:
        """Return for the kitchen how many of those it cooks for keep each diet: counts, never names."""
        counted = _served_kinds()
        return dict(Counter(diet for row in self.rows if counted.intersection(row.kinds) for diet in row.diets))

    def eaters(self) -> int:
        """Return for how many guests the kitchen cooks something on this day."""
        counted = _served_kinds()
        return sum(bool(counted.intersection(row.kinds)) for row in self.rows)


class Meals:
    """The meals of the house."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def sheet(self, house: HouseId, day: date) -> MealSheet:
        """Return a day's meals: what was confirmed, or what presence proposes; raises NotFound."""
        with self._desk.vault.work() as session:
            found = session.get(House, house)
            if found is None:
                raise NotFound(what="house", id=house)
            confirmed = session.get(MealDay, (house, day))
            here = _who_is_here(session, house, day)
            recorded = _recorded(session, house, day)
            stays = session.execute(
                select(Stay.id, Guest.id, Guest.code, Guest.name_used, Guest.birth_date, Guest.diet_note)
                .join(Guest, Stay.guest_id == Guest.id)
                .where(Stay.house_id == house, Stay.entered_on <= day, func.coalesce(Stay.exit_on, FOREVER) >= day)
                .order_by(Guest.name_used, Guest.code)
            ).all()
            diets = _diets(session, [row[1] for row in stays])
            closed = is_closed(session, house, Month.of(day))
            by = session.get(Operator, confirmed.confirmed_by) if confirmed and confirmed.confirmed_by else None
        offered = codelist("meal_supply").get(found.meal_supply).values("proposes")
        rows = tuple(
            MealRow(
                StayId(stay),
                GuestId(guest),
                code,
                name,
                diets.get(guest, ()),
                recorded.get(stay, ()) if confirmed else (offered if stay in here else ()),
                is_minor_on(born, day),
                note or "",
            )
            for stay, guest, code, name, born, note in stays
        )
        return MealSheet(
            house=house,
            day=day,
            supply=found.meal_supply,
            confirmed=confirmed is not None,
            offered=offered,
            rows=rows,
            closed=closed,
            confirmed_by=by.display_name if by else "",
            confirmed_at=confirmed.confirmed_at if confirmed else None,
        )

    def confirm(self, house: HouseId, day: date, kinds: dict[StayId, tuple[str, ...]]) -> None:
        """Write a day's meals in the place of any earlier entry and mark the day confirmed.

        Raises OutsideStay, DayInFuture, MonthIsClosed, MealRule or UnknownCode.
        """
        if day > self._desk.today():
            raise DayInFuture(day=day)
        written = {"recorded_by": self._desk.vault.operator, "recorded_at": self._desk.now()}
        with self._desk.vault.work() as session:
            require_open(session, house, day)
            session.execute(
                delete(Meal).where(Meal.day == day, Meal.stay_id.in_(select(Stay.id).where(Stay.house_id == house)))
            )
            found = session.scalars(select(Stay).where(Stay.house_id == house, Stay.id.in_(kinds)))
            stays = {stay.id: stay for stay in found}
            eaten: dict[int, list[str]] = {}
            rows = []
            for stay_id, chosen in kinds.items():
                if stay_id not in stays:
                    raise NotFound(what="stay", id=stay_id)
                stay = stays[stay_id]
                if chosen and not stay.covers_day(day):
                    raise OutsideStay(day=day)
                # a guest who left and came back on the same day has two stays, and still one breakfast
                check_kinds(eaten.setdefault(stay.guest_id, []) + list(chosen))
                eaten[stay.guest_id] += chosen
                rows += [{"stay_id": stay_id, "day": day, "kind": kind, **written} for kind in chosen]
            if rows:
                session.execute(insert(Meal), rows)
            session.merge(
                MealDay(house_id=house, day=day, confirmed_by=self._desk.vault.operator, confirmed_at=self._desk.now())
            )
            self._desk.note(session, "confirm_meals", "house", house)


def _served_kinds() -> frozenset[str]:
    return frozenset(kind.code for kind in codelist("meal_kind") if kind.flag("counted"))


def check_kinds(kinds: list[str]) -> None:
    """Raise MealRule when a person's meals of one day exclude each other or repeat, UnknownCode for a strange kind."""
    for kind in kinds:
        barred = set(require("meal_kind", kind).values("excludes")) & set(kinds)
        if kinds.count(kind) > 1 or barred:
            raise MealRule(kind=kind, other=min(barred, default=kind))


def _who_is_here(session: Session, house: HouseId, day: date) -> set[int]:
    """Return the stays that eat on a day: the night's record says so, else the night before, else being expected."""
    known: dict[int, str] = {}
    rows = session.execute(
        select(Presence.stay_id, Presence.state)
        .join(Stay, Stay.id == Presence.stay_id)
        .where(Stay.house_id == house, Presence.night.in_((day - ONE_DAY, day)))
        .order_by(Presence.night)
    )
    for stay, state in rows:
        known[stay] = state
    expected = session.scalars(
        select(Stay.id).where(
            Stay.house_id == house, Stay.entered_on <= day, func.coalesce(Stay.exit_on, FOREVER) > day
        )
    )
    here = states_here()
    return {stay for stay in expected if known.get(stay, "P") in here}


def _recorded(session: Session, house: HouseId, day: date) -> dict[int, tuple[str, ...]]:
    kinds: dict[int, tuple[str, ...]] = {}
    rows = session.execute(
        select(Meal.stay_id, Meal.kind)
        .join(Stay, Stay.id == Meal.stay_id)
        .where(Stay.house_id == house, Meal.day == day)
    )
    for stay, kind in rows:
        kinds[stay] = (*kinds.get(stay, ()), kind)
    return kinds


def _diets(session: Session, guests: list[int]) -> dict[int, tuple[str, ...]]:
    diets: dict[int, tuple[str, ...]] = {}
    for guest, diet in session.execute(
        select(GuestDiet.guest_id, GuestDiet.diet).where(GuestDiet.guest_id.in_(guests)).order_by(GuestDiet.diet)
    ):
        diets[guest] = (*diets.get(guest, ()), diet)
    return diets
