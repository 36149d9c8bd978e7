"""Presences: one recorded state for each guest and night; a night without a record is *not recorded*, never zero.

Sums for the report are in `app.services.totals`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from app.errors import DayInFuture, NotFound, OutsideStay
from app.models.guest import Guest
from app.models.house import Bed, Room
from app.models.night import ONE_DAY, Month
from app.models.service import Presence
from app.models.stay import FOREVER, BedAssignment, Stay
from app.reference.codelist import codelist, require
from app.reference.ids import GuestId, HouseId, StayId
from app.services.closing import is_closed, require_open
from app.services.desk import Desk

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OUTSIDE = "-"
NOT_RECORDED = ""


@dataclass(frozen=True, slots=True)
class GridRow:
    """A stay in the month grid: one cell a night, a state's code, `NOT_RECORDED` or `OUTSIDE`."""

    stay: StayId
    guest: GuestId
    code: str
    name_used: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MonthGrid:
    """A house's month of presences."""

    house: HouseId
    month: Month
    today: date
    closed: bool
    rows: tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class NightMark:
    """What is to be recorded of one stay and night; state None takes the record away."""

    stay: StayId
    night: date
    state: str | None


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A guest in the evening round, with the state that yesterday proposes and the one confirmed, if any."""

    stay: StayId
    guest: GuestId
    code: str
    name_used: str
    bed: str
    proposed: str
    recorded: str | None


def states_here() -> frozenset[str]:
    """Return the states in which the guest sleeps in the house: those whose night counts."""
    return frozenset(code.code for code in codelist("presence") if code.flag("sleeps_here"))


class Presences:
    """Who slept here, night by night."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def grid(self, house: HouseId, month: Month) -> MonthGrid:
        """Return the month of a house: every stay that has a night in it, in order of names."""
        days = month.days
        query = (
            select(Stay.id, Guest.id, Guest.code, Guest.name_used, Stay.entered_on, Stay.exit_on)
            .join(Guest, Stay.guest_id == Guest.id)
            .where(
                Stay.house_id == house,
                Stay.entered_on <= month.last,
                func.coalesce(Stay.exit_on, FOREVER) > month.first,
                func.coalesce(Stay.exit_on, FOREVER) > Stay.entered_on,
            )
            .order_by(Guest.name_used, Guest.code, Stay.entered_on)
        )
        with self._desk.vault.work() as session:
            stays = session.execute(query).all()
            marks = {
                (stay, night): state
                for stay, night, state in session.execute(
                    select(Presence.stay_id, Presence.night, Presence.state)
                    .join(Stay, Stay.id == Presence.stay_id)
                    .where(Stay.house_id == house, Presence.night.between(month.first, month.last))
                )
            }
            closed = is_closed(session, house, month)
        rows = tuple(
            GridRow(
                StayId(stay),
                GuestId(guest),
                code,
                name,
                tuple(
                    marks.get((stay, day), NOT_RECORDED) if entered <= day < (left or FOREVER) else OUTSIDE
                    for day in days
                ),
            )
            for stay, guest, code, name, entered, left in stays
        )
        return MonthGrid(house, month, self._desk.today(), closed, rows)

    def record(self, marks: Iterable[NightMark]) -> None:
        """Write marks, all or none.

        Raises OutsideStay, DayInFuture, MonthIsClosed or UnknownCode.
        """
        with self._desk.vault.work() as session:
            self._record(session, marks)

    def round(self, house: HouseId, night: date | None = None) -> list[RoundRow]:
        """Return the guests to be confirmed for a night (tonight when None) in order of bed, without a bed last."""
        night = night or self._desk.today()
        query = (
            select(Stay.id, Guest.id, Guest.code, Guest.name_used, Room.name + Bed.name)
            .join(Guest, Stay.guest_id == Guest.id)
            .outerjoin(
                BedAssignment,
                (BedAssignment.stay_id == Stay.id)
                & (BedAssignment.from_night <= night)
                & (func.coalesce(BedAssignment.to_night, FOREVER) > night),
            )
            .outerjoin(Bed, BedAssignment.bed_id == Bed.id)
            .outerjoin(Room, Bed.room_id == Room.id)
            .where(Stay.house_id == house, Stay.entered_on <= night, func.coalesce(Stay.exit_on, FOREVER) > night)
            .order_by(Guest.name_used, Guest.code)
        )
        with self._desk.vault.work() as session:
            rows = sorted(session.execute(query).all(), key=lambda row: _bed_order(row[4]))
            known = {
                (stay, day): state
                for stay, day, state in session.execute(
                    select(Presence.stay_id, Presence.night, Presence.state).where(
                        Presence.night.in_((night - ONE_DAY, night)), Presence.stay_id.in_([row[0] for row in rows])
                    )
                )
            }
        return [
            RoundRow(
                StayId(stay),
                GuestId(guest),
                code,
                name,
                bed or "",
                known.get((stay, night - ONE_DAY), "P"),
                known.get((stay, night)),
            )
            for stay, guest, code, name, bed in rows
        ]

    def confirm(self, house: HouseId, night: date, states: dict[StayId, str]) -> None:
        """Write the evening round of a night in one go and note it; raises as `record`."""
        with self._desk.vault.work() as session:
            self._record(session, [NightMark(stay, night, state) for stay, state in states.items()])
            self._desk.note(session, "confirm_night", "house", house)

    def _record(self, session: Session, marks: Iterable[NightMark]) -> None:
        wanted = list(marks)
        found = session.scalars(select(Stay).where(Stay.id.in_({mark.stay for mark in wanted})))
        stays = {stay.id: stay for stay in found}
        for mark in wanted:
            if mark.stay not in stays:
                raise NotFound(what="stay", id=mark.stay)
            if not stays[mark.stay].covers_night(mark.night):
                raise OutsideStay(day=mark.night)
            if mark.night > self._desk.today():
                raise DayInFuture(day=mark.night)
        for house, month in {(stays[mark.stay].house_id, Month.of(mark.night)) for mark in wanted}:
            require_open(session, house, month.first)
        who, when = self._desk.vault.operator, self._desk.now()
        rows = [
            {"stay_id": m.stay, "night": m.night, "state": state.code, "recorded_by": who, "recorded_at": when}
            for m, state in ((m, require("presence", m.state)) for m in wanted if m.state is not None)
        ]
        gone = [{"s": m.stay, "n": m.night} for m in wanted if m.state is None]
        if gone:
            exact = delete(Presence).where(Presence.stay_id == bindparam("s"), Presence.night == bindparam("n"))
            session.connection().execute(exact, gone)
        if rows:
            fresh = insert(Presence)
            changed = {name: fresh.excluded[name] for name in ("state", "recorded_by", "recorded_at")}
            upsert = fresh.on_conflict_do_update(index_elements=["stay_id", "night"], set_=changed)
            session.connection().execute(upsert, rows)


def _bed_order(label: str | None) -> tuple[bool, list[tuple[bool, int, str]]]:
    """Return what sorts beds as people count them: 2A before 10A, numbers before names, none after all."""
    parts = re.findall(r"\d+|\D+", label or "")
    counted = [(False, int(part), "") if part.isdecimal() else (True, 0, part.casefold()) for part in parts]
    return label is None, counted
