"""Presences: one recorded state for each guest and night; a night without a record is *not recorded*, never zero.

Sums for the report are in `app.services.totals`; the evening round with its meals and signature in
`app.services.round`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from app.errors import DayInFuture, NotFound, OutsideStay
from app.models.guest import Guest
from app.models.house import Bed, Room
from app.models.night import ONE_DAY, Month, nights
from app.models.service import Presence
from app.models.stay import FOREVER, BedAssignment, Stay
from app.reference.codelist import codelist, require
from app.reference.ids import GuestId, HouseId, StayId
from app.services.bed_state import slept
from app.services.closing import is_closed, require_open
from app.services.desk import Desk
from app.services.signature import SignedNight, sign_night, signature_of

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
    bed: str = ""
    """Room and bed, the last that she had in the month."""


@dataclass(frozen=True, slots=True)
class MonthGrid:
    """A house's month of presences."""

    house: HouseId
    month: Month
    today: date
    closed: bool
    rows: tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class NightLine:
    """A stay on the sheet of some nights, with its first room; `is_later` if it began after the first of them."""

    row: GridRow
    room: str
    is_later: bool = False


@dataclass(frozen=True, slots=True)
class NightSheet:
    """Some nights of a house in a row, its guests in the order of the paper sheet."""

    house: HouseId
    nights: tuple[date, ...]
    today: date
    lines: tuple[NightLine, ...]


@dataclass(frozen=True, slots=True)
class NightMark:
    """What is to be recorded of one stay and night; state None takes the record away."""

    stay: StayId
    night: date
    state: str | None


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A guest in the evening round, with the state that yesterday proposes and the one confirmed, if any.

    `bed` is room and bed as people say them, `room` the room alone; both are empty for who has none.
    """

    stay: StayId
    guest: GuestId
    code: str
    name_used: str
    bed: str
    proposed: str
    recorded: str | None
    room: str = ""


def states_here() -> frozenset[str]:
    """Return the states in which the guest sleeps in the house: those whose night counts."""
    return frozenset(code.code for code in codelist("presence") if code.flag("sleeps_here"))


class Presences:
    """Who slept here, night by night."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def grid(self, house: HouseId, month: Month) -> MonthGrid:
        """Return the month of a house: every stay that has a night in it, in order of names."""
        with self._desk.vault.work() as session:
            stays = _stays_of(session, house, month.first, month.last)
            cells = _cells(session, stays, month.days)
            beds = _beds(session, house, month.first, month.last)
            closed = is_closed(session, house, month)
        rows = tuple(
            GridRow(stay.id, stay.guest, stay.code, stay.name_used, cells[stay.id], _last(beds.get(stay.id)))
            for stay in stays
        )
        return MonthGrid(house, month, self._desk.today(), closed, rows)

    def nights(self, house: HouseId, first: date, count: int) -> NightSheet:
        """Return some nights in a row as the paper sheet has them: by room and bed, later arrivals at the end."""
        days = list(nights(first, first + count * ONE_DAY))
        with self._desk.vault.work() as session:
            stays = _stays_of(session, house, first, days[-1])
            cells = _cells(session, stays, days)
            beds = _beds(session, house, first, days[-1])
        lines = []
        for stay in stays:
            held = beds.get(stay.id)
            room, bed = held[0] if held else (None, None)
            order = (max(stay.entered_on, first), _as_counted(room), _as_counted(bed))
            row = GridRow(stay.id, stay.guest, stay.code, stay.name_used, cells[stay.id], f"{room or ''}{bed or ''}")
            lines.append((order, NightLine(row, room or "", is_later=stay.entered_on > first)))
        lines.sort(key=lambda pair: pair[0])
        return NightSheet(house, tuple(days), self._desk.today(), tuple(line for _, line in lines))

    def record(self, marks: Iterable[NightMark]) -> None:
        """Write marks, all or none.

        Raises OutsideStay, DayInFuture, MonthIsClosed or UnknownCode.
        """
        marks = tuple(marks)
        with self._desk.vault.work() as session:
            write_marks(session, self._desk, marks)
            for stay in dict.fromkeys(mark.stay for mark in marks):
                self._desk.note(session, "mark", "stay", stay)

    def round(self, house: HouseId, night: date | None = None) -> list[RoundRow]:
        """Return the guests to be confirmed for a night (tonight when None) by room and bed, without a bed last."""
        night = night or self._desk.today()
        query = (
            select(Stay.id, Guest.id, Guest.code, Guest.name_used, Room.name, Bed.name)
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
            rows = sorted(session.execute(query).all(), key=lambda row: (_as_counted(row[4]), _as_counted(row[5])))
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
                f"{room or ''}{bed or ''}",
                known.get((stay, night - ONE_DAY), "P"),
                known.get((stay, night)),
                room or "",
            )
            for stay, guest, code, name, room, bed in rows
        ]

    def confirm(
        self, house: HouseId, night: date, states: dict[StayId, str], *, initials: str = "", note: str | None = None
    ) -> None:
        """Write the evening round of a night in one go and note it; with `initials` it is signed as well.

        A `note` of None leaves the one that the night has. Raises as `record`, and RoleMayNot for a note that the
        role at the desk may not read.
        """
        with self._desk.vault.work() as session:
            write_marks(session, self._desk, [NightMark(stay, night, state) for stay, state in states.items()], house)
            again = bool(initials) and sign_night(session, self._desk, house, night, initials=initials, note=note)
            self._desk.note(session, "confirm_night_again" if again else "confirm_night", "house", house)

    def signed(self, house: HouseId, night: date) -> SignedNight | None:
        """Return who signed a night, when, and the note; None when nobody did."""
        with self._desk.vault.work() as session:
            return signature_of(session, self._desk, house, night)


def write_marks(session: Session, desk: Desk, marks: Iterable[NightMark], house: HouseId | None = None) -> None:
    """Write marks, of stays of one house if it is named; raises as `Presences.record`."""
    wanted = list(marks)
    stays = {stay.id: stay for stay in session.scalars(select(Stay).where(Stay.id.in_({mark.stay for mark in wanted})))}
    for mark in wanted:
        if mark.stay not in stays or house not in (None, stays[mark.stay].house_id):
            raise NotFound(what="stay", id=mark.stay)
        if not stays[mark.stay].covers_night(mark.night):
            raise OutsideStay(day=mark.night)
        if mark.night > desk.today():
            raise DayInFuture(day=mark.night)
    for of_house, month in {(stays[mark.stay].house_id, Month.of(mark.night)) for mark in wanted}:
        require_open(session, of_house, month.first)
    who, when = desk.vault.operator, desk.now()
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


@dataclass(frozen=True, slots=True)
class _Stay:
    id: StayId
    guest: GuestId
    code: str
    name_used: str
    entered_on: date
    exit_on: date | None


def _stays_of(session: Session, house: HouseId, first: date, last: date) -> list[_Stay]:
    """Return the stays that have a night in a span, in order of names."""
    query = (
        select(Stay.id, Guest.id, Guest.code, Guest.name_used, Stay.entered_on, Stay.exit_on)
        .join(Guest, Stay.guest_id == Guest.id)
        .where(
            Stay.house_id == house,
            Stay.entered_on <= last,
            func.coalesce(Stay.exit_on, FOREVER) > first,
            func.coalesce(Stay.exit_on, FOREVER) > Stay.entered_on,
        )
        .order_by(Guest.name_used, Guest.code, Stay.entered_on)
    )
    return [
        _Stay(StayId(stay), GuestId(guest), code, name, entered, left)
        for stay, guest, code, name, entered, left in session.execute(query)
    ]


def _cells(session: Session, stays: list[_Stay], days: Sequence[date]) -> dict[StayId, tuple[str, ...]]:
    """Return for each stay a state, `NOT_RECORDED` or `OUTSIDE` for each of the days, which are in a row."""
    known = session.execute(
        select(Presence.stay_id, Presence.night, Presence.state).where(
            Presence.stay_id.in_([stay.id for stay in stays]), Presence.night.between(days[0], days[-1])
        )
    )
    marks = {(stay, night): state for stay, night, state in known}
    return {
        stay.id: tuple(
            marks.get((stay.id, day), NOT_RECORDED) if stay.entered_on <= day < (stay.exit_on or FOREVER) else OUTSIDE
            for day in days
        )
        for stay in stays
    }


def _beds(session: Session, house: HouseId, first: date, last: date) -> dict[int, list[tuple[str, str]]]:
    """Return for each stay the rooms and beds that it had in a span, in order of time."""
    given = session.execute(
        select(BedAssignment.stay_id, Room.name, Bed.name)
        .join(Bed, BedAssignment.bed_id == Bed.id)
        .join(Room, Bed.room_id == Room.id)
        .where(
            Room.house_id == house,
            BedAssignment.from_night <= last,
            func.coalesce(BedAssignment.to_night, FOREVER) > first,
            slept(),
        )
        .order_by(BedAssignment.from_night)
    )
    beds: dict[int, list[tuple[str, str]]] = {}
    for stay, room, bed in given:
        beds.setdefault(stay, []).append((room, bed))
    return beds


def _last(beds: list[tuple[str, str]] | None) -> str:
    return "".join(beds[-1]) if beds else ""


def _as_counted(label: str | None) -> tuple[bool, list[tuple[bool, int, str]]]:
    """Return what sorts rooms and beds as people count them: 2 before 10, numbers before names, none after all."""
    parts = re.findall(r"\d+|\D+", label or "")
    counted = [(False, int(part), "") if part.isdecimal() else (True, 0, part.casefold()) for part in parts]
    return label is None, counted
