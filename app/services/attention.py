"""What the page of the day warns of: late referrals, months to close with what stands in their way, minors alone.

Each query looks at the guests who are here, or at the last year; what is older shows on the pages of its own subject.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.models.guest import ADULT_AGE, Guest
from app.models.house import House
from app.models.night import Month, house_day
from app.models.service import Referral
from app.models.stay import FOREVER, Stay
from app.reference.codelist import codelist
from app.reference.ids import GuestId, HouseId
from app.services.closing import closed_months
from app.services.referral_row import ReferralRow, final_codes, late, read_rows, rows_of
from app.services.term import months_after

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_LOOKS_BACK = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class MonthToClose:
    """A month that is over and open, with what its checks found."""

    month: Month
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class MinorAlone:
    """A minor in a house for adults with no adult of her household in it."""

    guest: GuestId
    name_used: str
    has_reason: bool
    """Whether the entry states why (D.Lgs. 115/2026 art. 4)."""


def late_referrals(session: Session, house: HouseId, now: datetime) -> tuple[ReferralRow, ...]:
    """Return the referrals without an outcome or an appointment that should have one, the longest awaited first.

    A next check that is due is a deadline; it is not among them.
    """
    # Asked for on its own, so that the index of days is used and not that of the house's stays, which grow for ever.
    recent = session.scalars(
        select(Referral.id).where(
            Referral.requested_on >= house_day(now) - _LOOKS_BACK, Referral.outcome.not_in(final_codes())
        )
    ).all()
    if not recent:
        return ()
    rows = [(late(row, now), row) for row in read_rows(session, rows_of(house).where(Referral.id.in_(recent)))]
    waits = ("outcome", "booking")
    chosen = [(waits.index(wait), row) for wait, row in rows if wait in waits]
    return tuple(row for _, row in sorted(chosen, key=lambda pair: (pair[0], pair[1].requested_on, pair[1].id)))


def months_to_close(session: Session, house: HouseId, today: date) -> tuple[Month, ...]:
    """Return the months that are over since the house's first stay and are not closed; the oldest first."""
    first = session.scalar(select(func.min(Stay.entered_on)).where(Stay.house_id == house))
    if first is None:
        return ()
    month, found, closed = Month.of(first), [], closed_months(session, house)
    while month.last < today:
        if month not in closed:
            found.append(month)
        month = month.next()
    return tuple(found)


def minors_alone(session: Session, house: HouseId, day: date) -> tuple[MinorAlone, ...]:
    """Return the minors who sleep in a house for adults without an adult of their household."""
    kind = codelist("house_kind").get(session.get_one(House, house).kind)
    if kind.flag("admits_unaccompanied_minors"):
        return ()
    eighteen = months_after(day, -ADULT_AGE * 12)
    other, elsewhere = aliased(Guest), aliased(Stay)
    adult = (
        select(other.id)
        .join(elsewhere, elsewhere.guest_id == other.id)
        .where(
            other.household_id == Guest.household_id,
            func.coalesce(other.birth_date, date.min) <= eighteen,
            elsewhere.house_id == house,
            elsewhere.entered_on <= day,
            func.coalesce(elsewhere.exit_on, FOREVER) > day,
        )
    )
    query = (
        select(Guest.id, Guest.name_used, Stay.minor_reason)
        .join(Stay, Stay.guest_id == Guest.id)
        .where(
            Stay.house_id == house,
            Stay.entered_on <= day,
            func.coalesce(Stay.exit_on, FOREVER) > day,
            Guest.birth_date > eighteen,
            ~adult.exists(),
        )
        .order_by(Guest.name_used)
    )
    return tuple(MinorAlone(GuestId(guest), name, bool(reason)) for guest, name, reason in session.execute(query))
