"""Meals: proposed from presences, confirmed by the operator, one day of the house at a time.

The day is the house day, not UTC's; sums for the report are in `app.services.totals`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from app.errors import DayInFuture, MealRule, NotFound, OutsideStay, UnknownCode
from app.models.guest import Guest, GuestDiet, is_minor_on
from app.models.house import House
from app.models.night import Month
from app.models.service import Meal, MealDay, Presence, StaffMeal
from app.models.stay import FOREVER, Stay
from app.models.work import Operator
from app.reference.codelist import codelist, require
from app.reference.ids import GuestId, HouseId, StayId
from app.services.closing import closed_months, is_closed, require_open
from app.services.desk import Desk
from app.services.meal_proposal import can_have, had_elsewhere, proposals

if TYPE_CHECKING:
    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    StayRow = Row[int, int, str, str, date | None, str | None, date, datetime | None]


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
    can_have: tuple[str, ...] = ()
    """What is proposed if she is here: what her hour of arrival and the other house leave of what is offered."""
    elsewhere: tuple[str, ...] = ()
    """What she had that day in another house."""


@dataclass(frozen=True, slots=True)
class KitchenCount:
    """What the kitchen cooks of one kind of meal: for how many, and how many of those keep each diet."""

    kind: str
    total: int
    diets: tuple[tuple[str, int], ...]
    staff: int = 0


@dataclass(frozen=True, slots=True)
class WaitingDay:
    """A day whose meals nobody has confirmed yet, with how many presence proposes."""

    day: date
    proposed: int
    missing: int = 0
    """Of how many guests the night is not recorded: what is proposed for them is a guess."""


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
    staff: Mapping[str, int] = field(default_factory=dict)
    """How many meals of each kind the staff took: apart from the guests' and in no figure."""

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

    def kitchen(self) -> tuple[KitchenCount, ...]:
        """Return what is to be cooked, kind by kind: counts, never names."""
        lines = []
        for kind in codelist("meal_kind").codes():
            eating = [row for row in self.rows if kind in row.kinds]
            staff = self.staff.get(kind, 0)
            if kind in _served_kinds() and (eating or staff):
                diets = Counter(diet for row in eating for diet in row.diets)
                order = codelist("diet").codes()
                counted = tuple((diet, diets[diet]) for diet in order if diets[diet])
                lines.append(KitchenCount(kind, len(eating), counted, staff))
        return tuple(lines)

    def avoided(self) -> tuple[tuple[str, int], ...]:
        """Return what must not be on the plate of those with an allergy who eat, as noted, with for how many."""
        known, counted = codelist("diet"), _served_kinds()
        notes = Counter(
            row.note
            for row in self.rows
            if row.note and counted.intersection(row.kinds) and any(known.get(d).flag("needs_note") for d in row.diets)
        )
        return tuple(sorted(notes.items()))


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
            offered = codelist("meal_supply").get(found.meal_supply).values("proposes")
            proposed = proposals(session, house, offered, [day])[day]
            had = had_elsewhere(session, house, [day])
            recorded = _recorded(session, house, day)
            stays = session.execute(
                select(
                    Stay.id,
                    Guest.id,
                    Guest.code,
                    Guest.name_used,
                    Guest.birth_date,
                    Guest.diet_note,
                    Stay.entered_on,
                    Stay.entered_at,
                )
                .join(Guest, Stay.guest_id == Guest.id)
                .where(Stay.house_id == house, Stay.entered_on <= day, func.coalesce(Stay.exit_on, FOREVER) >= day)
                .order_by(Guest.name_used, Guest.code, Stay.entered_on, Stay.id)
            ).all()
            diets = _diets(session, [row[1] for row in stays])
            closed = is_closed(session, house, Month.of(day))
            by = session.get(Operator, confirmed.confirmed_by) if confirmed and confirmed.confirmed_by else None
            staff = _staff(session, house, day)
        rows = tuple(
            MealRow(
                StayId(stay),
                GuestId(guest),
                code,
                name,
                diets.get(guest, ()),
                (recorded if confirmed else proposed).get(stay, ()),
                is_minor_on(born, day),
                note or "",
                can_have(offered, day, entered, hour, had.get((guest, day), ())),
                had.get((guest, day), ()),
            )
            for stay, guest, code, name, born, note, entered, hour in _once(stays, recorded)
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
            staff=staff,
        )

    def confirm(self, house: HouseId, day: date, kinds: dict[StayId, tuple[str, ...]]) -> None:
        """Write a day's meals in the place of any earlier entry and mark the day confirmed.

        Raises OutsideStay, DayInFuture, MonthIsClosed, MealRule or UnknownCode.
        """
        with self._desk.vault.work() as session:
            write_day(session, self._desk, house, day, kinds)

    def record_staff(self, house: HouseId, day: date, counts: Mapping[str, int]) -> None:
        """Write how many meals of each kind the staff took on a day, in the place of any earlier entry.

        Raises DayInFuture, MonthIsClosed, or UnknownCode for a kind that the kitchen does not cook.
        """
        if day > self._desk.today():
            raise DayInFuture(day=day)
        for kind in counts:
            if kind not in _served_kinds():
                raise UnknownCode(list="meal_kind", code=kind)
        with self._desk.vault.work() as session:
            require_open(session, house, day)
            session.execute(delete(StaffMeal).where(StaffMeal.house_id == house, StaffMeal.day == day))
            session.add_all(
                StaffMeal(house_id=house, day=day, kind=kind, count=count) for kind, count in counts.items() if count
            )
            self._desk.note(session, "staff_meals", "house", house)

    def waiting(self, house: HouseId, *, days: int = 62) -> tuple[WaitingDay, ...]:
        """Return the past days of open months whose meals are not confirmed, the oldest first, with what is proposed.

        Days without a guest are passed over, and all of them in a house that proposes no meals.
        """
        first = self._desk.today() - timedelta(days=days)
        with self._desk.vault.work() as session:
            offered = codelist("meal_supply").get(session.get_one(House, house).meal_supply).values("proposes")
            if not offered:
                return ()
            done = set(session.scalars(select(MealDay.day).where(MealDay.house_id == house, MealDay.day >= first)))
            closed = closed_months(session, house)
            past = [first + timedelta(days=n) for n in range(days)]
            open_days = [day for day in past if day not in done and Month.of(day) not in closed]
            proposed = proposals(session, house, offered, open_days)
            missing = _nights_missing(session, house, open_days)
        counted = frozenset({"AUT"}) if "AUT" in offered else _served_kinds()
        sums = {day: sum(kind in counted for kinds in proposed[day].values() for kind in kinds) for day in open_days}
        return tuple(WaitingDay(day, n, missing[day]) for day, n in sums.items() if n)

    def confirm_proposed(self, house: HouseId, days: Sequence[date]) -> int:
        """Confirm what presence proposes for some days, all of them or none, and return how many meals that are.

        Raises as `confirm`; a day that somebody confirmed in the meantime is left as it is.
        """
        sheets = [sheet for sheet in (self.sheet(house, day) for day in days) if not sheet.confirmed]
        with self._desk.vault.work() as session:
            for sheet in sheets:
                write_day(session, self._desk, house, sheet.day, {row.stay: row.kinds for row in sheet.rows})
        return sum(len(row.kinds) for sheet in sheets for row in sheet.rows)


def _nights_missing(session: Session, house: HouseId, days: Sequence[date]) -> dict[date, int]:
    """Return of how many stays the night of each day is not recorded."""
    if not days:
        return {}
    ours = Stay.house_id == house
    spans = session.execute(
        select(Stay.id, Stay.entered_on, func.coalesce(Stay.exit_on, FOREVER)).where(
            ours, Stay.entered_on <= max(days), func.coalesce(Stay.exit_on, FOREVER) > min(days)
        )
    ).all()
    known = select(Presence.stay_id, Presence.night).join(Stay, Stay.id == Presence.stay_id)
    recorded = {(stay, night) for stay, night in session.execute(known.where(ours, Presence.night.in_(days)))}
    return {
        day: sum(entered <= day < left and (stay, day) not in recorded for stay, entered, left in spans) for day in days
    }


def _staff(session: Session, house: HouseId, day: date) -> dict[str, int]:
    rows = session.execute(
        select(StaffMeal.kind, StaffMeal.count).where(StaffMeal.house_id == house, StaffMeal.day == day)
    )
    return {kind: count for kind, count in rows}  # noqa: C416 - a Row is no tuple to mypy


def write_day(session: Session, desk: Desk, house: HouseId, day: date, kinds: dict[StayId, tuple[str, ...]]) -> None:
    """Write a day's meals, mark the day confirmed and note it; raises as `Meals.confirm`."""
    if day > desk.today():
        raise DayInFuture(day=day)
    written = {"recorded_by": desk.vault.operator, "recorded_at": desk.now()}
    require_open(session, house, day)
    session.execute(
        delete(Meal).where(Meal.day == day, Meal.stay_id.in_(select(Stay.id).where(Stay.house_id == house)))
    )
    found = session.scalars(select(Stay).where(Stay.house_id == house, Stay.id.in_(kinds)))
    stays = {stay.id: stay for stay in found}
    eaten = {guest: list(kinds) for (guest, _), kinds in had_elsewhere(session, house, [day]).items()}
    rows = []
    for stay_id, chosen in kinds.items():
        if stay_id not in stays:
            raise NotFound(what="stay", id=stay_id)
        stay = stays[stay_id]
        if chosen and not stay.covers_day(day):
            raise OutsideStay(day=day)
        # who left and came back, or went to another house, on the same day has two stays, and still one breakfast
        check_kinds(eaten.setdefault(stay.guest_id, []) + list(chosen))
        eaten[stay.guest_id] += chosen
        rows += [{"stay_id": stay_id, "day": day, "kind": kind, **written} for kind in chosen]
    if rows:
        session.execute(insert(Meal), rows)
    session.merge(MealDay(house_id=house, day=day, confirmed_by=desk.vault.operator, confirmed_at=desk.now()))
    desk.note(session, "confirm_meals", "house", house)


def _once(stays: Sequence[StayRow], recorded: Mapping[int, tuple[str, ...]]) -> list[StayRow]:
    """Return each guest's last stay of the day, and an earlier one only if meals were written for it.

    Who left and came back on one day sits at the table once.
    """
    last = {row[1]: row[0] for row in stays}
    return [row for row in stays if row[0] == last[row[1]] or recorded.get(row[0])]


def _served_kinds() -> frozenset[str]:
    return frozenset(kind.code for kind in codelist("meal_kind") if kind.flag("counted"))


def check_kinds(kinds: list[str]) -> None:
    """Raise MealRule when a person's meals of one day exclude each other or repeat, UnknownCode for a strange kind."""
    for kind in kinds:
        barred = set(require("meal_kind", kind).values("excludes")) & set(kinds)
        if kinds.count(kind) > 1 or barred:
            raise MealRule(kind=kind, other=min(barred, default=kind))


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
