"""Reading the referrals: lists, agenda, what is late, the chain of checks, and what cannot be gone to at once.

Nothing is written but the note that they were read; the steps are in `app.services.referral`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import NotFound
from app.models.guest import Guest
from app.models.night import Month, day_bounds, house_day
from app.models.service import Referral
from app.models.stay import Stay
from app.models.work import Operator
from app.reference.codelist import codelist
from app.reference.ids import GuestId, HouseId, ReferralId
from app.services.accompaniment import AccompanimentSum, accompaniments
from app.services.desk import Desk
from app.services.referral_row import (
    VISIT,
    ReferralRow,
    all_rows,
    final_codes,
    is_final,
    late,
    read_rows,
    rows_of,
    same_person,
    since_or_waiting,
    with_first_requests,
    withheld,
)
from app.services.role import may_see_appointments, may_see_health

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_WAITS = ("outcome", "booking", "follow_up")


class ReferralReading:
    """What can be asked of the referrals; only by roles that may see health, but for the bare agenda."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def get(self, referral: ReferralId) -> ReferralRow:
        """Return one referral, and note that it was read; raises NotFound or RoleMayNot."""
        return self.chain(referral, alone=True)[0]

    def chain(self, referral: ReferralId, *, alone: bool = False) -> tuple[ReferralRow, ...]:
        """Return a referral with those it came of and those that came of it, the first request first; noted."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_health)
            found = get_referral(session, referral)
            ids = [found.id] if alone else _linked(session, found)
            rows = read_rows(session, all_rows().where(Referral.id.in_(ids)))
            self._desk.note(session, "view", "health", rows[0].guest)
        return tuple(sorted(rows, key=lambda row: (row.requested_on, row.id)))

    def list_rows(self, house: HouseId, *, since: date | None = None) -> list[ReferralRow]:
        """Return the referrals of a house's guests, the newest request first.

        With `since` those on which anything happened from that day on, those that wait for something, and what these
        came of. A role that may not see health is given no more than the agenda tells.
        """
        query = rows_of(house).order_by(Referral.requested_on.desc(), Referral.id.desc())
        if since is not None:
            query = query.where(since_or_waiting(since))
        with self._desk.vault.work() as session:
            rows = read_rows(session, query)
            return self._shown(session, rows if since is None else with_first_requests(session, rows))

    def count(self, house: HouseId) -> int:
        """Return how many referrals a house's guests have in all; raises RoleMayNot."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_health)
            return session.scalar(rows_of(house).with_only_columns(func.count(Referral.id))) or 0

    def of_guest(self, guest: GuestId) -> list[ReferralRow]:
        """Return one guest's referrals, the newest first, and note that they were read; raises RoleMayNot."""
        query = all_rows().where(Guest.id == guest).order_by(Referral.requested_on.desc(), Referral.id.desc())
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_health)
            self._desk.note(session, "view", "health", guest)
            return read_rows(session, query)

    def agenda(self, house: HouseId, day: date, last: date | None = None) -> list[ReferralRow]:
        """Return the appointments of a house day, or of the days up to `last`, in order of hour.

        A shift is told hour, guest and escort of those to come, and nothing about health; others nothing at all. How
        many are kept back is told by `reserved`.
        """
        with self._desk.vault.work() as session:
            return self._shown(session, _appointments(session, house, day, last or day))

    def reserved(self, house: HouseId, day: date, last: date | None = None) -> tuple[date, ...]:
        """Return the house days of the appointments that `agenda` keeps from the role at the desk: that they are."""
        with self._desk.vault.work() as session:
            rows = _appointments(session, house, day, last or day)
            told = {row.id for row in self._shown(session, rows)}
        return tuple(house_day(row.appointment_at) for row in rows if row.id not in told and row.appointment_at)

    def overdue(self, house: HouseId) -> list[ReferralRow]:
        """Return what is late, the most pressing first (`late` says what it waits for); for health roles alone.

        That is a visit which is past without an outcome, a request that nobody booked for as long as its urgency
        allows, a next check that is due and that nobody asked for.
        """
        now = self._desk.now()
        rows = [(late(row, now), row) for row in self.list_rows(house)]
        known = codelist("urgency").codes()
        return [
            row
            for wait, row in sorted(
                rows, key=lambda pair: (_WAITS.index(pair[0]) if pair[0] else 0, -_rank(known, pair[1]), pair[1].id)
            )
            if wait
        ]

    def clashing(
        self, guest: GuestId, at: datetime, accompanied_by: str | None, besides: ReferralId | None = None
    ) -> list[ReferralRow]:
        """Return the open appointments about that hour with the same guest or the same escort, in any house."""
        query = all_rows().where(
            Referral.appointment_at > at - VISIT,
            Referral.appointment_at < at + VISIT,
            Referral.outcome.not_in(final_codes()),
        )
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_health)
            rows = read_rows(session, query)
        return [
            row
            for row in rows
            if row.id != besides and (row.guest == guest or same_person(row.accompanied_by, accompanied_by))
        ]

    def escorts(self, house: HouseId) -> list[str]:
        """Return the names to propose for who goes along: the operators, then those written before."""
        before = (
            select(Referral.accompanied_by)
            .join(Stay, Stay.id == Referral.stay_id)
            .where(Stay.house_id == house, Referral.accompanied_by.is_not(None))
            .group_by(Referral.accompanied_by)
            .order_by(func.count().desc())
        )
        with self._desk.vault.work() as session:
            names = list(session.scalars(select(Operator.display_name).order_by(Operator.display_name)))
            return list(dict.fromkeys([*names, *(name for name in session.scalars(before) if name)]))

    def accompaniments(self, house: HouseId, month: Month) -> AccompanimentSum:
        """Return a month's accompaniments with their hours; raises RoleMayNot."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_health)
            return accompaniments(session, house, month)

    def _shown(self, session: Session, rows: Iterable[ReferralRow]) -> list[ReferralRow]:
        role = self._desk.role(session)
        if may_see_health(role):
            return list(rows)
        if not may_see_appointments(role):
            return []
        return [withheld(row) for row in rows if row.appointment_at is not None and not is_final(row.outcome)]


def _appointments(session: Session, house: HouseId, first: date, last: date) -> list[ReferralRow]:
    start, end = day_bounds(first)[0], day_bounds(last)[1]
    query = (
        rows_of(house)
        .where(Referral.appointment_at >= start, Referral.appointment_at < end)
        .order_by(Referral.appointment_at, Referral.id)
    )
    return list(read_rows(session, query))


def _rank(known: tuple[str, ...], row: ReferralRow) -> int:
    return known.index(row.urgency) if row.urgency in known else 0


def _linked(session: Session, found: Referral) -> list[int]:
    """Return the ids of a chain, walking back to its first request and then forward."""
    first = found
    while first.follow_up_of_id is not None:
        first = get_referral(session, ReferralId(first.follow_up_of_id))
    ids, reached = [first.id], [first.id]
    while reached:
        reached = list(session.scalars(select(Referral.id).where(Referral.follow_up_of_id.in_(reached))))
        ids += reached
    return ids


def get_referral(session: Session, referral: ReferralId) -> Referral:
    """Return a referral inside a transaction that is already open; raises NotFound."""
    found = session.get(Referral, referral)
    if found is None:
        raise NotFound(what="referral", id=referral)
    return found
