"""Stays: entry, bed, exit; the rules of who may sleep where and when.

Nights and meals within a stay are in `app.services.presence` and `app.services.meal`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import (
    DayInFuture,
    ExitBeforeEntry,
    NotFound,
    SameHouse,
    StayAlreadyEnded,
)
from app.models.guest import Guest, is_minor_on
from app.models.house import House
from app.models.stay import Stay, StayProject
from app.reference.codelist import require
from app.reference.ids import ArrivalId, BedId, GuestId, HouseId, ProjectId, StayId
from app.services.arrival import mark_arrived
from app.services.bed_state import bed_on
from app.services.bed_use import end_beds, give_bed, take_beds
from app.services.closing import require_open, require_open_span
from app.services.correction_rule import reopen_bed
from app.services.desk import Desk
from app.services.guest import GuestDraft, add_guest
from app.services.household import answer_for, household_members, minors_alone
from app.services.kept_guest import kept_guest
from app.services.role import may_see_exit_reason
from app.services.stay_change import change_phase, swap_beds, undo_phase
from app.services.stay_rule import admit_minor, get_stay, next_stay_id, refuse_overlap, refuse_records_after
from app.services.stretch import StayHistory, StayMember, read_history, read_household

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TRANSFERRED, OTHER_HOUSE = "TRI", "STR_ANT"
"""Why and where to, when a stay goes on in another house of the same project."""


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
    referrer_name: str | None = None
    referrer_phone: str | None = None
    arrival: ArrivalId | None = None
    """The planned arrival that this entry is: a bed held for it may be given, and it counts as arrived."""


@dataclass(frozen=True, slots=True)
class StayEnd:
    """An exit: the first day on which she no longer sleeps here, why (neutral) and where to, apart."""

    exit_on: date
    reason: str
    destination: str
    note: str | None = None


class Stays:
    """Entries, beds and exits."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def admit(self, guest: GuestDraft, stay: StayDraft) -> tuple[GuestId, StayId]:
        """Write a new guest and her entry together, or neither; raises as `begin`."""
        with self._desk.vault.work() as session:
            person = add_guest(self._desk, session, guest)
            return GuestId(person.id), begin_stay(self._desk, session, person, stay)

    def begin(self, guest: GuestId, stay: StayDraft) -> StayId:
        """Begin another stay of a guest whom the register knows.

        Raises StayOverlaps, BedTaken, BedInOtherHouse, DayInFuture, MinorAmongAdults or MonthIsClosed.
        """
        with self._desk.vault.work() as session:
            return begin_stay(self._desk, session, kept_guest(session, guest), stay)

    def change_bed(self, stay: StayId, bed: BedId, from_night: date) -> None:
        """Move a guest to another bed from a night on; the beds she had before stay in the history.

        Raises BedTaken, BedHeld, BedOutOfService, BedInOtherHouse, ExitBeforeEntry (a night before her entry),
        StayAlreadyEnded or MonthIsClosed.
        """
        with self._desk.vault.work() as session:
            found = get_stay(session, stay)
            if not found.covers_night(from_night):
                raise StayAlreadyEnded if from_night >= found.entered_on else ExitBeforeEntry
            require_open(session, found.house_id, from_night)
            take_beds(session, found, from_night)
            give_bed(session, found, bed, from_night, self._desk.today())
            self._desk.note(session, "change_bed", "stay", stay)

    def leave_bed(self, stay: StayId, from_night: date) -> None:
        """Leave a guest without a bed from a night on; raises as `change_bed`."""
        with self._desk.vault.work() as session:
            found = get_stay(session, stay)
            if not found.covers_night(from_night):
                raise StayAlreadyEnded if from_night >= found.entered_on else ExitBeforeEntry
            require_open(session, found.house_id, from_night)
            take_beds(session, found, from_night)
            self._desk.note(session, "leave_bed", "stay", stay)

    def swap_beds(self, stay: StayId, other: StayId, night: date) -> None:
        """Let two guests change beds with each other from a night on; raises as `change_bed`, or NotFound."""
        with self._desk.vault.work() as session:
            swap_beds(self._desk, session, stay, other, night)

    def change_phase(self, stay: StayId, phase: str, from_day: date) -> None:
        """Let a phase hold from a day on; the phases before stay in the history, and so do later changes.

        Raises UnknownCode, ExitBeforeEntry, StayAlreadyEnded, DayInFuture or MonthIsClosed.
        """
        with self._desk.vault.work() as session:
            change_phase(self._desk, session, stay, require("phase", phase).code, from_day)

    def undo_phase(self, stay: StayId, from_day: date) -> None:
        """Take back a change of phase: the phase before it holds on. Raises MonthIsClosed."""
        with self._desk.vault.work() as session:
            undo_phase(self._desk, session, stay, from_day)

    def transfer(
        self,
        stay: StayId,
        to_house: HouseId,
        day: date,
        bed: BedId | None = None,
        phase: str | None = None,
        *,
        together: Mapping[StayId, BedId | None] | None = None,
        minor_reason: str | None = None,
    ) -> StayId:
        """Let a stay end here and go on in another house on the same day, with others of the household if given.

        All or none; returns the stay in the other house. Raises what `end` and `begin` raise, SameHouse, and
        MinorLeftAlone when a minor of the household would remain without an adult and no reason is given.
        """
        with self._desk.vault.work() as session:
            found = get_stay(session, stay)
            if found.house_id == to_house:
                raise SameHouse
            moves = {stay: bed, **(together or {})}
            people = household_members(session, session.get_one(Guest, found.guest_id))
            alone = {StayId(minor.id) for minor in minors_alone(session, people, day)}
            ends = {each: end_stay(self._desk, session, each, StayEnd(day, TRANSFERRED, OTHER_HOUSE)) for each in moves}
            session.flush()
            order = sorted(ends, key=lambda each: _is_minor(session, ends[each], day))  # the adults are there first
            begun = {}
            for each in order:
                draft = StayDraft(to_house, day, phase=phase, bed=moves[each], minor_reason=minor_reason)
                begun[each] = self._go_on(session, ends[each], draft)
            known = alone | set(begun.values())
            left = [minor for minor in minors_alone(session, people, day) if minor.id not in known]
            answer_for(session, left, minor_reason or "")
            return begun[stay]

    def _go_on(self, session: Session, old: Stay, draft: StayDraft) -> StayId:
        """Begin the stay that goes on elsewhere, with what the one before knew of the entry."""
        known = replace(
            draft,
            referral_source=old.referral_source,
            minor_reason=draft.minor_reason or old.minor_reason,
            referrer_name=old.referrer_name,
            referrer_phone=old.referrer_phone,
        )
        begun = begin_stay(self._desk, session, session.get_one(Guest, old.guest_id), known)
        session.get_one(Stay, begun).previous_stay_id = old.id
        self._desk.note(session, "transfer", "stay", begun)
        return begun

    def history(self, guest: GuestId) -> tuple[StayHistory, ...]:
        """Return the stays of a guest, the newest first, in stretches of one bed and one phase.

        The reason of an exit is left out for a role that may not see it.
        """
        with self._desk.vault.work() as session:
            return read_history(session, guest, with_reason=may_see_exit_reason(self._desk.role(session)))

    def household(self, stay: StayId) -> tuple[StayMember, ...]:
        """Return the others of a guest's household who are in the same house, who may be transferred with her."""
        with self._desk.vault.work() as session:
            return read_household(session, get_stay(session, stay), self._desk.today())

    def end(self, stay: StayId, exit_on: date, reason: str, destination: str) -> None:
        """Write the exit: the first day on which she no longer sleeps here, why (neutral) and where to, apart.

        Raises ExitBeforeEntry, DayInFuture, RecordsAfterExit, StayAlreadyEnded, MonthIsClosed or UnknownCode.
        """
        with self._desk.vault.work() as session:
            end_stay(self._desk, session, stay, StayEnd(exit_on, reason, destination))

    def carry_over(self, house: HouseId, project: ProjectId, from_day: date) -> int:
        """Let a project carry all open stays of a house from a day on, and return how many: stays outlive a call."""
        with self._desk.vault.work() as session:
            open_stays = session.scalars(select(Stay.id).where(Stay.house_id == house, Stay.exit_on.is_(None))).all()
            for stay in open_stays:
                session.merge(StayProject(stay_id=stay, from_day=from_day, project_id=project))
            session.get_one(House, house).project_id = project
            self._desk.note(session, "carry_over", "project", project)
            return len(open_stays)

    def undo_end(self, stay: StayId) -> str:
        """Take back an exit that was entered by mistake, and return the bed that she has again.

        It is empty when she had none, or when somebody else has or awaits it: then the stay goes on without a bed.
        Raises StayOverlaps or MonthIsClosed.
        """
        with self._desk.vault.work() as session:
            found, left = get_stay(session, stay), self._desk.today()
            if found.exit_on is None:
                return bed_on(session, stay, left)
            left = found.exit_on
            require_open_span(session, found.house_id, left, None)
            found.exit_on = found.exit_reason = found.destination = found.exit_note = None
            session.flush()
            reopen_bed(session, found, left)
            self._desk.note(session, "undo_end", "stay", stay)
            return bed_on(session, stay, left)


def begin_stay(desk: Desk, session: Session, guest: Guest, draft: StayDraft) -> StayId:
    """Begin a stay inside a transaction that is already open; raises as `Stays.begin`."""
    house = session.get(House, draft.house)
    if house is None:
        raise NotFound(what="house", id=draft.house)
    if draft.entered_on > desk.today():
        raise DayInFuture(day=draft.entered_on)
    if draft.referral_source is not None:
        require("referral_source", draft.referral_source)
    require_open_span(session, house.id, draft.entered_on, None)
    refuse_overlap(session, guest, draft.entered_on, None)
    admit_minor(session, house, guest, draft.entered_on, draft.minor_reason)
    stay = Stay(
        id=next_stay_id(session),
        guest_id=guest.id,
        house_id=house.id,
        phase=require("phase", draft.phase or house.phase).code,
        entered_on=draft.entered_on,
        entered_at=draft.entered_at,
        referral_source=draft.referral_source,
        minor_reason=(draft.minor_reason or "").strip() or None,
        referrer_name=(draft.referrer_name or "").strip() or None,
        referrer_phone=(draft.referrer_phone or "").strip() or None,
    )
    session.add(stay)
    session.flush()
    project = draft.project if draft.project is not None else house.project_id
    if project is not None:
        session.add(StayProject(stay_id=stay.id, from_day=draft.entered_on, project_id=project))
    if draft.bed is not None:
        give_bed(session, stay, draft.bed, draft.entered_on, desk.today(), arrival=draft.arrival, is_entry=True)
    if draft.arrival is not None:
        mark_arrived(session, draft.arrival, stay.id, draft.entered_on)
    desk.note(session, "begin", "stay", stay.id)
    return StayId(stay.id)


def end_stay(desk: Desk, session: Session, stay: StayId, end: StayEnd) -> Stay:
    """Write an exit inside a transaction that is already open; raises as `Stays.end`."""
    require("exit_reason", end.reason)
    require("destination", end.destination)
    found = get_stay(session, stay)
    if found.exit_on is not None:
        raise StayAlreadyEnded
    if end.exit_on < found.entered_on:
        raise ExitBeforeEntry
    if end.exit_on > desk.today():
        raise DayInFuture(day=end.exit_on)
    require_open_span(session, found.house_id, end.exit_on, None)
    refuse_records_after(session, stay, end.exit_on)
    found.exit_on, found.exit_reason, found.destination = end.exit_on, end.reason, end.destination
    found.exit_note = (end.note or "").strip() or None
    end_beds(session, stay, end.exit_on)
    desk.note(session, "end", "stay", stay)
    return found


def _is_minor(session: Session, stay: Stay, day: date) -> bool:
    return is_minor_on(session.get_one(Guest, stay.guest_id).birth_date, day)
