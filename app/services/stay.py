"""Stays: entry, bed, exit; the rules of who may sleep where and when.

Nights and meals within a stay are in `app.services.presence` and `app.services.meal`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import (
    BedInOtherHouse,
    BedTaken,
    DayInFuture,
    ExitBeforeEntry,
    MinorAmongAdults,
    NotFound,
    RecordsAfterExit,
    StayAlreadyEnded,
    StayOverlaps,
)
from app.models.guest import Guest, is_minor_on
from app.models.house import Bed, House, Room
from app.models.service import Meal, Presence, Referral
from app.models.stay import FOREVER, BedAssignment, Stay, StayProject
from app.reference.codelist import codelist, require
from app.reference.ids import BedId, GuestId, HouseId, ProjectId, StayId
from app.services.closing import require_open_span
from app.services.desk import Desk
from app.services.guest import GuestDraft, add_guest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class StayDraft:
    """An entry: where, from when, in which bed; `minor_reason` overrides the rule on unaccompanied minors."""

    house: HouseId
    entered_on: date
    entered_at: datetime | None = None
    phase: str | None = None
    bed: BedId | None = None
    project: ProjectId | None = None
    referral_source: str | None = None
    minor_reason: str | None = None


class Stays:
    """Entries, beds and exits."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def admit(self, guest: GuestDraft, stay: StayDraft) -> tuple[GuestId, StayId]:
        """Write a new guest and her entry together, or neither; raises as `begin`."""
        with self._desk.vault.work() as session:
            person = add_guest(self._desk, session, guest)
            return GuestId(person.id), self._begin(session, person, stay)

    def begin(self, guest: GuestId, stay: StayDraft) -> StayId:
        """Begin another stay of a guest whom the register knows.

        Raises StayOverlaps, BedTaken, BedInOtherHouse, DayInFuture, MinorAmongAdults or MonthIsClosed.
        """
        with self._desk.vault.work() as session:
            person = session.get(Guest, guest)
            if person is None:
                raise NotFound(what="guest", id=guest)
            return self._begin(session, person, stay)

    def _begin(self, session: Session, guest: Guest, draft: StayDraft) -> StayId:
        house = session.get(House, draft.house)
        if house is None:
            raise NotFound(what="house", id=draft.house)
        if draft.entered_on > self._desk.today():
            raise DayInFuture(day=draft.entered_on)
        if draft.referral_source is not None:
            require("referral_source", draft.referral_source)
        require_open_span(session, house.id, draft.entered_on, None)
        for other in session.scalars(select(Stay).where(Stay.guest_id == guest.id)):
            if other.overlaps(draft.entered_on, None):
                raise StayOverlaps(code=guest.code)
        _admit_minor(session, house, guest, draft)
        stay = Stay(
            guest_id=guest.id,
            house_id=house.id,
            phase=require("phase", draft.phase or house.phase).code,
            entered_on=draft.entered_on,
            entered_at=draft.entered_at,
            referral_source=draft.referral_source,
            minor_reason=(draft.minor_reason or "").strip() or None,
        )
        session.add(stay)
        session.flush()
        project = draft.project if draft.project is not None else house.project_id
        if project is not None:
            session.add(StayProject(stay_id=stay.id, from_day=draft.entered_on, project_id=project))
        if draft.bed is not None:
            _give_bed(session, stay, draft.bed, draft.entered_on)
        self._desk.note(session, "begin", "stay", stay.id)
        return StayId(stay.id)

    def change_bed(self, stay: StayId, bed: BedId, from_night: date) -> None:
        """Move a guest to another bed from a night on; the beds she had before stay in the history.

        Raises BedTaken, BedInOtherHouse, ExitBeforeEntry (a night before her entry) or StayAlreadyEnded.
        """
        with self._desk.vault.work() as session:
            found = _get(session, stay)
            if not found.covers_night(from_night):
                raise StayAlreadyEnded if from_night >= found.entered_on else ExitBeforeEntry
            for given in session.scalars(select(BedAssignment).where(BedAssignment.stay_id == stay)):
                if given.from_night >= from_night:
                    session.delete(given)
                elif (given.to_night or FOREVER) > from_night:
                    given.to_night = from_night
            session.flush()
            _give_bed(session, found, bed, from_night)
            self._desk.note(session, "change_bed", "stay", stay)

    def end(self, stay: StayId, exit_on: date, reason: str, destination: str) -> None:
        """Write the exit: the first day on which she no longer sleeps here, why (neutral) and where to, apart.

        Raises ExitBeforeEntry, DayInFuture, RecordsAfterExit, StayAlreadyEnded, MonthIsClosed or UnknownCode.
        """
        require("exit_reason", reason)
        require("destination", destination)
        with self._desk.vault.work() as session:
            found = _get(session, stay)
            if found.exit_on is not None:
                raise StayAlreadyEnded
            if exit_on < found.entered_on:
                raise ExitBeforeEntry
            if exit_on > self._desk.today():
                raise DayInFuture(day=exit_on)
            require_open_span(session, found.house_id, exit_on, None)
            _refuse_records_after(session, stay, exit_on)
            found.exit_on, found.exit_reason, found.destination = exit_on, reason, destination
            for given in session.scalars(select(BedAssignment).where(BedAssignment.stay_id == stay)):
                if (given.to_night or FOREVER) > exit_on:
                    given.to_night = max(exit_on, given.from_night)
            self._desk.note(session, "end", "stay", stay)

    def carry_over(self, house: HouseId, project: ProjectId, from_day: date) -> int:
        """Let a project carry all open stays of a house from a day on, and return how many: stays outlive a call."""
        with self._desk.vault.work() as session:
            open_stays = session.scalars(select(Stay.id).where(Stay.house_id == house, Stay.exit_on.is_(None))).all()
            for stay in open_stays:
                session.merge(StayProject(stay_id=stay, from_day=from_day, project_id=project))
            session.get_one(House, house).project_id = project
            self._desk.note(session, "carry_over", "project", project)
            return len(open_stays)

    def undo_end(self, stay: StayId) -> None:
        """Take back an exit that was entered by mistake; raises StayOverlaps, BedTaken or MonthIsClosed."""
        with self._desk.vault.work() as session:
            found = _get(session, stay)
            if found.exit_on is None:
                return
            require_open_span(session, found.house_id, found.exit_on, None)
            last_bed = session.scalar(
                select(BedAssignment)
                .where(BedAssignment.stay_id == stay, BedAssignment.to_night == found.exit_on)
                .order_by(BedAssignment.from_night.desc())
            )
            found.exit_on = found.exit_reason = found.destination = None
            if last_bed is not None:
                last_bed.to_night = None
            self._desk.note(session, "undo_end", "stay", stay)


def _admit_minor(session: Session, house: House, guest: Guest, draft: StayDraft) -> None:
    """Refuse an unaccompanied minor in a house for adults unless a reason is stated (D.Lgs. 115/2026, art. 4)."""
    if not is_minor_on(guest.birth_date, draft.entered_on):
        return
    if codelist("house_kind").get(house.kind).flag("admits_unaccompanied_minors"):
        return
    if (draft.minor_reason or "").strip() or _adult_of_household(session, house, guest, draft.entered_on):
        return
    raise MinorAmongAdults


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


def _give_bed(session: Session, stay: Stay, bed: BedId, from_night: date) -> None:
    house = session.scalar(select(Room.house_id).join(Bed, Bed.room_id == Room.id).where(Bed.id == bed))
    if house != stay.house_id:
        raise BedInOtherHouse
    for other in session.scalars(select(BedAssignment).where(BedAssignment.bed_id == bed)):
        if other.overlaps(from_night, stay.exit_on):
            raise BedTaken(bed=_bed_label(session, bed))
    session.add(BedAssignment(stay_id=stay.id, bed_id=bed, from_night=from_night, to_night=stay.exit_on))
    session.flush()


def _bed_label(session: Session, bed: BedId) -> str:
    return session.scalars(
        select(Room.name + Bed.name).select_from(Bed).join(Room, Bed.room_id == Room.id).where(Bed.id == bed)
    ).one()


def _refuse_records_after(session: Session, stay: StayId, exit_on: date) -> None:
    last_night = session.scalar(select(func.max(Presence.night)).where(Presence.stay_id == stay))
    last_meal = session.scalar(select(func.max(Meal.day)).where(Meal.stay_id == stay))
    last_request = session.scalar(select(func.max(Referral.requested_on)).where(Referral.stay_id == stay))
    if last_night is not None and last_night >= exit_on:
        raise RecordsAfterExit(day=last_night)
    for day in (last_meal, last_request):
        if day is not None and day > exit_on:
            raise RecordsAfterExit(day=day)


def _get(session: Session, stay: StayId) -> Stay:
    found = session.get(Stay, stay)
    if found is None:
        raise NotFound(what="stay", id=stay)
    return found
