"""Health referrals: requested, booked, and their outcome.

What a referral says of a person's health never leaves the vault; only its count may.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import DayInFuture, NotFound, OutsideStay, ReferralStep
from app.models.guest import Guest
from app.models.night import day_bounds, house_day
from app.models.service import Referral
from app.models.stay import FOREVER, Stay
from app.reference.codelist import codelist, require
from app.reference.ids import GuestId, HouseId, ReferralId
from app.services.closing import require_open
from app.services.desk import Desk

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

WAITING, BOOKED = "IN_ATTESA", "PRENOTATO"
AFTER_A_VISIT = ("SVOLTO", "NON_PRESENTATA")
"""Outcomes that only the day of the visit can bring; a visit that was moved is booked anew first."""


@dataclass(frozen=True, slots=True)
class ReferralDraft:
    """A request for a guest to a health service."""

    guest: GuestId
    service: str
    requested_on: date
    urgency: str = "PROGRAMMATO"
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A referral as the list and the agenda show it."""

    id: ReferralId
    guest: GuestId
    code: str
    name_used: str
    service: str
    urgency: str
    requested_on: date
    appointment_at: datetime | None
    accompanied_by: str | None
    outcome: str
    outcome_on: date | None
    reason: str | None
    outcome_note: str | None


class Referrals:
    """The referrals of a house's guests."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def request(self, draft: ReferralDraft) -> ReferralId:
        """Write a request; raises OutsideStay (no stay covers the day), DayInFuture, MonthIsClosed or UnknownCode."""
        require("health_service", draft.service)
        require("urgency", draft.urgency)
        if draft.requested_on > self._desk.today():
            raise DayInFuture(day=draft.requested_on)
        with self._desk.vault.work() as session:
            stay = session.scalar(
                select(Stay)
                .where(
                    Stay.guest_id == draft.guest,
                    Stay.entered_on <= draft.requested_on,
                    func.coalesce(Stay.exit_on, FOREVER) >= draft.requested_on,
                )
                .order_by(Stay.entered_on.desc())
            )
            if stay is None:
                raise OutsideStay(day=draft.requested_on)
            require_open(session, stay.house_id, draft.requested_on)
            referral = Referral(
                stay_id=stay.id,
                requested_on=draft.requested_on,
                service=draft.service,
                urgency=draft.urgency,
                reason=draft.reason or None,
                outcome=WAITING,
            )
            session.add(referral)
            session.flush()
            self._desk.note(session, "request", "referral", referral.id)
            return ReferralId(referral.id)

    def book(self, referral: ReferralId, at: datetime, accompanied_by: str | None = None) -> None:
        """Write the appointment; raises ReferralStep when the referral is over or the hour lies before the request."""
        with self._desk.vault.work() as session:
            found = _get(session, referral)
            if codelist("referral_outcome").get(found.outcome).flag("final"):
                raise ReferralStep(step="book")
            if at < day_bounds(found.requested_on)[0]:
                raise ReferralStep(step="early")
            found.appointment_at, found.accompanied_by, found.outcome = at, accompanied_by or None, BOOKED
            self._desk.note(session, "book", "referral", referral)

    def close(self, referral: ReferralId, outcome: str, on: date, note: str | None = None) -> None:
        """Write the outcome; raises ReferralStep for an outcome that ends nothing or a day before the request."""
        if not require("referral_outcome", outcome).flag("final"):
            raise ReferralStep(step="outcome")
        if on > self._desk.today():
            raise DayInFuture(day=on)
        with self._desk.vault.work() as session:
            found = _get(session, referral)
            if on < found.requested_on:
                raise ReferralStep(step="early")
            if outcome in AFTER_A_VISIT and found.appointment_at and on < house_day(found.appointment_at):
                raise ReferralStep(step="early")
            if _counts(outcome) != _counts(found.outcome):  # the month's figure would change with it
                stay = session.get_one(Stay, found.stay_id)
                require_open(session, stay.house_id, found.requested_on)
            found.outcome, found.outcome_on, found.outcome_note = outcome, on, note or None
            self._desk.note(session, "close", "referral", referral)

    def list_rows(self, house: HouseId, *, open_only: bool = False) -> list[ReferralRow]:
        """Return the referrals of a house's guests, the newest request first."""
        query = _rows_of(house).order_by(Referral.requested_on.desc(), Referral.id.desc())
        if open_only:
            final = [code.code for code in codelist("referral_outcome") if code.flag("final")]
            query = query.where(Referral.outcome.not_in(final))
        with self._desk.vault.work() as session:
            return [_row(*found) for found in session.execute(query)]

    def of_guest(self, guest: GuestId) -> list[ReferralRow]:
        """Return one guest's referrals, the newest first."""
        query = _all_rows().where(Guest.id == guest).order_by(Referral.requested_on.desc(), Referral.id.desc())
        with self._desk.vault.work() as session:
            return [_row(*found) for found in session.execute(query)]

    def agenda(self, house: HouseId, day: date) -> list[ReferralRow]:
        """Return the appointments of a house day in order of hour."""
        start, end = day_bounds(day)
        query = (
            _rows_of(house)
            .where(Referral.appointment_at >= start, Referral.appointment_at < end)
            .order_by(Referral.appointment_at)
        )
        with self._desk.vault.work() as session:
            return [_row(*found) for found in session.execute(query)]

    def overdue(self, house: HouseId) -> list[ReferralRow]:
        """Return the booked referrals whose appointment is past and whose outcome nobody wrote."""
        now = self._desk.now()
        return [
            row
            for row in self.list_rows(house, open_only=True)
            if row.appointment_at is not None and row.appointment_at < now
        ]


def _all_rows() -> Select[Referral, int, str, str]:
    return (
        select(Referral, Guest.id, Guest.code, Guest.name_used)
        .join(Stay, Referral.stay_id == Stay.id)
        .join(Guest, Stay.guest_id == Guest.id)
    )


def _rows_of(house: HouseId) -> Select[Referral, int, str, str]:
    return _all_rows().where(Stay.house_id == house)


def _row(found: Referral, guest: int, code: str, name: str) -> ReferralRow:
    return ReferralRow(
        ReferralId(found.id),
        GuestId(guest),
        code,
        name,
        found.service,
        found.urgency,
        found.requested_on,
        found.appointment_at,
        found.accompanied_by,
        found.outcome,
        found.outcome_on,
        found.reason,
        found.outcome_note,
    )


def _counts(outcome: str) -> bool:
    return codelist("referral_outcome").get(outcome).flag("counts")


def _get(session: Session, referral: ReferralId) -> Referral:
    found = session.get(Referral, referral)
    if found is None:
        raise NotFound(what="referral", id=referral)
    return found
