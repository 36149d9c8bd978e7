"""Health referrals: requested, booked, their outcome, and the next check that comes of it.

What a referral says of a person's health never leaves the vault; only its count may. How it is read, and what is
withheld of it, is in `app.services.referral_reading` and `referral_row`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select, update

from app.errors import DayInFuture, OutsideStay, ReferralEarly, ReferralFollowed, ReferralOver, ReferralStep
from app.models.dossier import Consent
from app.models.night import day_bounds, house_day
from app.models.service import Referral
from app.models.stay import FOREVER, Stay
from app.reference.codelist import require
from app.reference.ids import GuestId, ReferralId
from app.services.closing import require_open
from app.services.referral_reading import ReferralReading, get_referral
from app.services.referral_row import (
    AFTER_A_VISIT,
    BOOKED,
    MISSED,
    WAITING,
    WITHDRAWN,
    ReferralRow,
    clashes,
    is_counted,
    is_final,
    late,
    waits_for_follow_up,
)
from app.services.role import may_see_health

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "AFTER_A_VISIT",
    "BOOKED",
    "MISSED",
    "WAITING",
    "WITHDRAWN",
    "FollowUpDraft",
    "ReferralDraft",
    "ReferralRow",
    "Referrals",
    "Visit",
    "clashes",
    "is_final",
    "late",
    "waits_for_follow_up",
]

_LONGEST = 24 * 60
"""No accompaniment lasts longer, in minutes."""


@dataclass(frozen=True, slots=True)
class ReferralDraft:
    """A request for a guest to a health service; with an hour it is booked at once."""

    guest: GuestId
    service: str
    requested_on: date
    urgency: str = "PROGRAMMATO"
    reason: str | None = None
    at: datetime | None = None
    accompanied_by: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit leaves behind beside its outcome: who went along and for how long, and when to go again."""

    accompanied_by: str | None = None
    minutes: int | None = None
    follow_up_on: date | None = None


@dataclass(frozen=True, slots=True)
class FollowUpDraft:
    """The next referral of a chain: to the same service, booked at once when its hour is known."""

    requested_on: date
    at: datetime | None = None
    accompanied_by: str | None = None
    place: str | None = None


class Referrals(ReferralReading):
    """The referrals of a house's guests; only for roles that may see health, but for the bare agenda."""

    def request(self, draft: ReferralDraft) -> ReferralId:
        """Write a request, with its appointment if it has one.

        Raises OutsideStay (no stay covers the day), DayInFuture, MonthIsClosed, UnknownCode, or ReferralEarly for an
        hour before the request.
        """
        self._check(draft)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_health)
            stay = _stay_on(session, draft.guest, draft.requested_on)
            require_open(session, stay.house_id, draft.requested_on)
            booking = _booking(draft, draft.requested_on)
            return self._add(session, stay, Referral(stay_id=stay.id, **_asked(draft), **booking))

    def amend(self, referral: ReferralId, draft: ReferralDraft) -> None:
        """Put a wrong request right: the guest, service, urgency, day or reason, not the appointment.

        Raises as `request` does, ReferralEarly when the day comes after the appointment or outcome, ReferralFollowed
        when the guest of a referral that has another after it would change.
        """
        self._check(draft)
        with self._desk.vault.work() as session:
            found, old = self._take(session, referral)
            # On the day of a transfer two stays cover the day: she who asked in the old house asked there.
            stays_there = old.guest_id == draft.guest and old.covers_day(draft.requested_on)
            new = old if stays_there else _stay_on(session, draft.guest, draft.requested_on)
            _not_before(draft.requested_on, found)
            if new.guest_id != old.guest_id:
                self._cut_links(session, found, new.guest_id)
            if is_counted(found.outcome) and _figure(old, found.requested_on) != _figure(new, draft.requested_on):
                require_open(session, old.house_id, found.requested_on)
                require_open(session, new.house_id, draft.requested_on)
            found.stay_id = new.id
            for name, value in _asked(draft).items():
                setattr(found, name, value)
            self._desk.note(session, "change", "referral", new.guest_id)
            if new.guest_id != old.guest_id:
                self._desk.note(session, "change", "referral", old.guest_id)

    def book(
        self, referral: ReferralId, at: datetime, accompanied_by: str | None = None, place: str | None = None
    ) -> None:
        """Write the appointment, or move it; raises ReferralOver, or ReferralEarly for an hour before the request."""
        with self._desk.vault.work() as session:
            found, stay = self._take(session, referral)
            _open_only(found)
            if at < day_bounds(found.requested_on)[0]:
                raise ReferralEarly(day=found.requested_on)
            found.appointment_at, found.outcome = at, BOOKED
            found.accompanied_by, found.place = accompanied_by or None, place or None
            self._desk.note(session, "book", "referral", stay.guest_id)

    def unbook(self, referral: ReferralId) -> None:
        """Take an appointment away that will not be: the referral waits again; raises ReferralOver."""
        with self._desk.vault.work() as session:
            found, stay = self._take(session, referral)
            _open_only(found)
            found.appointment_at, found.outcome = None, WAITING
            self._desk.note(session, "unbook", "referral", stay.guest_id)

    def close(
        self, referral: ReferralId, outcome: str, on: date, note: str | None = None, visit: Visit | None = None
    ) -> None:
        """Write the outcome, or put it right; without `visit`, escort, time and next check stay as they are.

        Raises ReferralStep for an outcome that ends nothing or a time that cannot be, ReferralEarly for a day before
        the request or the visit, DayInFuture, or MonthIsClosed when the month's count would change.
        """
        if not require("referral_outcome", outcome).flag("final"):
            raise ReferralStep(step="outcome")
        if on > self._desk.today():
            raise DayInFuture(day=on)
        with self._desk.vault.work() as session:
            found, stay = self._take(session, referral)
            if on < found.requested_on:
                raise ReferralEarly(day=found.requested_on)
            if outcome in AFTER_A_VISIT and found.appointment_at and on < house_day(found.appointment_at):
                raise ReferralEarly(day=house_day(found.appointment_at))
            self._guard(session, found, stay, outcome)
            found.outcome, found.outcome_on, found.outcome_note = outcome, on, note or None
            if visit is not None:
                _write_visit(found, visit)
            if outcome == WITHDRAWN:
                found.follow_up_on = None
            if outcome not in AFTER_A_VISIT:
                found.accompanied_minutes = None
            self._desk.note(session, "withdraw" if outcome == WITHDRAWN else "close", "referral", stay.guest_id)

    def reopen(self, referral: ReferralId) -> None:
        """Take an outcome back that was a mistake; its note stays, for the outcome that will be written.

        Raises ReferralStep when there is none, ReferralFollowed when another referral came of it, or MonthIsClosed.
        """
        with self._desk.vault.work() as session:
            found, stay = self._take(session, referral)
            if not is_final(found.outcome):
                raise ReferralStep(step="reopen")
            if _is_followed(session, referral):
                raise ReferralFollowed
            back = BOOKED if found.appointment_at else WAITING
            self._guard(session, found, stay, back)
            found.outcome, found.outcome_on, found.follow_up_on, found.accompanied_minutes = back, None, None, None
            self._desk.note(session, "reopen", "referral", stay.guest_id)

    def accompany(self, referral: ReferralId, accompanied_by: str | None, minutes: int | None) -> None:
        """Write who went along to a visit and for how long; raises ReferralStep before there was a visit."""
        with self._desk.vault.work() as session:
            found, stay = self._take(session, referral)
            if found.outcome not in AFTER_A_VISIT:
                raise ReferralStep(step="accompany")
            _write_visit(found, Visit(accompanied_by, minutes, found.follow_up_on))
            self._desk.note(session, "accompany", "referral", stay.guest_id)

    def follow_up(self, referral: ReferralId, draft: FollowUpDraft) -> ReferralId:
        """Ask for the next check, or for a visit in place of one that was missed: a new referral linked to this one.

        Raises ReferralStep while this one is open, ReferralFollowed when another came of it already, ReferralEarly
        for an hour before the request, and as `request` does.
        """
        if draft.requested_on > self._desk.today():
            raise DayInFuture(day=draft.requested_on)
        with self._desk.vault.work() as session:
            before, old = self._take(session, referral)
            if not is_final(before.outcome) or before.outcome == WITHDRAWN:
                raise ReferralStep(step="follow_up")
            if _is_followed(session, referral):
                raise ReferralFollowed
            if draft.requested_on < before.requested_on:
                raise ReferralEarly(day=before.requested_on)
            stay = _stay_on(session, GuestId(old.guest_id), draft.requested_on)
            require_open(session, stay.house_id, draft.requested_on)
            made = Referral(
                stay_id=stay.id,
                requested_on=draft.requested_on,
                service=before.service,
                urgency=before.urgency,
                reason=before.reason,
                follow_up_of_id=before.id,
                **_booking(draft, draft.requested_on),
            )
            return self._add(session, stay, made)

    def _check(self, draft: ReferralDraft) -> None:
        require("health_service", draft.service)
        require("urgency", draft.urgency)
        if draft.requested_on > self._desk.today():
            raise DayInFuture(day=draft.requested_on)

    def _take(self, session: Session, referral: ReferralId) -> tuple[Referral, Stay]:
        """Return a referral to be changed, with its stay."""
        self._desk.require_role(session, may_see_health)
        found = get_referral(session, referral)
        return found, session.get_one(Stay, found.stay_id)

    def _add(self, session: Session, stay: Stay, made: Referral) -> ReferralId:
        session.add(made)
        session.flush()
        self._desk.note(session, "request", "referral", stay.guest_id)
        return ReferralId(made.id)

    def _guard(self, session: Session, found: Referral, stay: Stay, outcome: str) -> None:
        """Raise MonthIsClosed when the month's figure would change with the outcome."""
        if is_counted(outcome) != is_counted(found.outcome):
            require_open(session, stay.house_id, found.requested_on)

    def _cut_links(self, session: Session, found: Referral, guest: int) -> None:
        """Take a referral out of the chain and the consents of the guest it was written to by mistake."""
        if _is_followed(session, ReferralId(found.id)):
            raise ReferralFollowed
        found.follow_up_of_id = None
        session.execute(
            update(Consent).where(Consent.referral_id == found.id, Consent.guest_id != guest).values(referral_id=None)
        )


def _stay_on(session: Session, guest: GuestId, day: date) -> Stay:
    stay = session.scalar(
        select(Stay)
        .where(Stay.guest_id == guest, Stay.entered_on <= day, func.coalesce(Stay.exit_on, FOREVER) >= day)
        .order_by(Stay.entered_on.desc())
    )
    if stay is None:
        raise OutsideStay(day=day)
    return stay


def _asked(draft: ReferralDraft) -> dict[str, object]:
    return {
        "requested_on": draft.requested_on,
        "service": draft.service,
        "urgency": draft.urgency,
        "reason": draft.reason or None,
    }


def _booking(draft: ReferralDraft | FollowUpDraft, requested_on: date) -> dict[str, object]:
    """Return what a new referral holds of its appointment; raises ReferralEarly."""
    if draft.at is not None and draft.at < day_bounds(requested_on)[0]:
        raise ReferralEarly(day=requested_on)
    return {
        "outcome": BOOKED if draft.at else WAITING,
        "appointment_at": draft.at,
        "accompanied_by": draft.accompanied_by or None,
        "place": draft.place or None,
    }


def _figure(stay: Stay, day: date) -> tuple[int, int, int, int]:
    """Return what a counted referral adds to: the house's month, and the person."""
    return stay.house_id, day.year, day.month, stay.guest_id


def _not_before(requested_on: date, found: Referral) -> None:
    days = [found.outcome_on, house_day(found.appointment_at) if found.appointment_at else None]
    if any(day is not None and day < requested_on for day in days):
        raise ReferralEarly(day=requested_on)


def _open_only(found: Referral) -> None:
    if is_final(found.outcome):
        raise ReferralOver


def _write_visit(found: Referral, visit: Visit) -> None:
    """Write who went along, how long, and the next check; raises ReferralStep for a time or a day that cannot be."""
    if visit.minutes is not None and not (0 < visit.minutes <= _LONGEST and visit.accompanied_by):
        raise ReferralStep(step="minutes")
    if visit.follow_up_on is not None and found.outcome_on is not None and visit.follow_up_on < found.outcome_on:
        raise ReferralEarly(day=found.outcome_on)
    found.accompanied_by, found.accompanied_minutes = visit.accompanied_by or None, visit.minutes
    found.follow_up_on = visit.follow_up_on


def _is_followed(session: Session, referral: ReferralId) -> bool:
    later = exists().where(Referral.follow_up_of_id == referral, Referral.outcome != WITHDRAWN)
    return bool(session.scalar(select(later)))
