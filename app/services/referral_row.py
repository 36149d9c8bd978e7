"""A referral as lists, card and agenda show it: its row, what it waits for, and what is withheld from a role.

Nothing is written here; the steps in a referral's life are in `app.services.referral`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeVar

from sqlalchemy import and_, case, func, not_, or_, select
from sqlalchemy.orm import aliased

from app.models.guest import Guest
from app.models.night import day_bounds, house_day
from app.models.service import Referral
from app.models.stay import Stay
from app.reference.codelist import codelist
from app.reference.ids import GuestId, HouseId, ReferralId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, ScalarSelect, Select
    from sqlalchemy.orm import InstrumentedAttribute, Session

WAITING, BOOKED, MISSED, WITHDRAWN = "IN_ATTESA", "PRENOTATO", "NON_PRESENTATA", "ANNULLATO"
AFTER_A_VISIT = ("SVOLTO", MISSED)
"""Outcomes that only the day of the visit can bring; a visit that was moved is booked anew first."""
VISIT = timedelta(hours=1)
"""How long a visit is taken to last where nobody wrote it: two that begin closer than this cannot both be gone to."""

Kept = TypeVar("Kept")
Wait = Literal["", "outcome", "booking", "follow_up"]
"""What is late: the outcome of a visit that is past, an appointment that nobody got, a check that is due."""


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
    place: str | None = None
    accompanied_minutes: int | None = None
    follow_up_on: date | None = None
    """The day of the next check that was asked for."""
    follow_up_of: ReferralId | None = None
    followed_by: ReferralId | None = None
    """The referral that took up this one's next check, or its missed visit; a withdrawn one does not."""
    is_here: bool = True
    """Whether her stay has no exit; while the referral is open, her last stay."""
    is_withheld: bool = False
    """Whether everything about health was left out: service, urgency, reason, place and notes are then empty."""


def is_final(outcome: str) -> bool:
    """Tell whether nothing more is awaited after an outcome."""
    return codelist("referral_outcome").get(outcome).flag("final")


def final_codes() -> list[str]:
    """Return the outcomes after which nothing more is awaited."""
    return [code.code for code in codelist("referral_outcome") if code.flag("final")]


def is_counted(outcome: str) -> bool:
    """Tell whether a referral with this outcome adds to the month's figure."""
    return codelist("referral_outcome").get(outcome).flag("counts")


def waits_for_follow_up(row: ReferralRow) -> bool:
    """Tell whether a next check has a day, but nobody asked for it yet."""
    if row.is_withheld or not is_final(row.outcome) or row.followed_by is not None or not row.is_here:
        return False
    return row.follow_up_on is not None


def late(row: ReferralRow, now: datetime) -> Wait:
    """Return what is late of a referral at that moment, empty when nothing is."""
    if row.is_withheld:
        return ""
    today = house_day(now)
    if is_final(row.outcome):
        due = waits_for_follow_up(row) and row.follow_up_on is not None and row.follow_up_on <= today
        return "follow_up" if due else ""
    if row.appointment_at is not None:
        return "outcome" if row.appointment_at < now else ""
    return "booking" if (today - row.requested_on).days >= days_to_book(row.urgency) else ""


def days_to_book(urgency: str) -> int:
    """Return after how many days without an appointment a request of this urgency is late."""
    return codelist("urgency").get(urgency).number("days_to_book")


def clashes(rows: Iterable[ReferralRow], row: ReferralRow) -> list[ReferralRow]:
    """Return the appointments that cannot be gone to together with one: same guest or same escort, within a visit."""
    at = row.appointment_at
    if at is None or is_final(row.outcome):
        return []
    return [
        other
        for other in rows
        if other.id != row.id
        and other.appointment_at is not None
        and not is_final(other.outcome)
        and abs(other.appointment_at - at) < VISIT
        and (other.guest == row.guest or same_person(other.accompanied_by, row.accompanied_by))
    ]


def same_person(one: str | None, other: str | None) -> bool:
    """Tell whether two names are of the same person, written alike but for capitals and blanks."""
    return bool(one and other) and " ".join(str(one).split()).casefold() == " ".join(str(other).split()).casefold()


def withheld(row: ReferralRow) -> ReferralRow:
    """Return a row that says no more than hour, guest and escort of an appointment."""
    return replace(
        row,
        service="",
        urgency="",
        reason=None,
        outcome=BOOKED,
        outcome_on=None,
        outcome_note=None,
        place=None,
        accompanied_minutes=None,
        follow_up_on=None,
        follow_up_of=None,
        followed_by=None,
        is_withheld=True,
    )


# --- reading


def all_rows() -> Select[Referral, int, str, str, date | None]:
    """Return the query of every referral, with its guest and the exit that matters for it: while open, her last."""
    left = case((Referral.outcome.in_(final_codes()), Stay.exit_on), else_=_of_last_stay(Stay.exit_on))
    return (
        select(Referral, Guest.id, Guest.code, Guest.name_used, left)
        .join(Stay, Referral.stay_id == Stay.id)
        .join(Guest, Stay.guest_id == Guest.id)
    )


def rows_of(house: HouseId) -> Select[Referral, int, str, str, date | None]:
    """Return the query of a house's referrals; an open one has gone along with a guest who changed house.

    The figures of a month are counted by the house that asked, in `app.services.totals`.
    """
    final = Referral.outcome.in_(final_codes())
    return all_rows().where(
        or_(and_(final, Stay.house_id == house), and_(not_(final), _of_last_stay(Stay.house_id) == house))
    )


def since_or_waiting(since: date) -> ColumnElement[bool]:
    """Return what finds the referrals on which anything happened from a day on, and those that wait for something."""
    asked, later = aliased(Referral), aliased(Referral)
    followed = select(later.id).where(later.follow_up_of_id == asked.id, later.outcome != WITHDRAWN).exists()
    # Asked for on their own: the store then looks up these few, and not every referral of the house's stays.
    found = select(asked.id).where(
        or_(
            asked.requested_on >= since,
            asked.outcome_on >= since,
            asked.appointment_at >= day_bounds(since)[0],
            asked.outcome.not_in(final_codes()),
            and_(asked.follow_up_on.is_not(None), ~followed),
        )
    )
    return Referral.id.in_(found)


def with_first_requests(session: Session, rows: list[ReferralRow]) -> list[ReferralRow]:
    """Return rows with those that they came of, back to the first request of each chain."""
    found = {row.id: row for row in rows}
    while missing := {row.follow_up_of for row in found.values() if row.follow_up_of is not None} - found.keys():
        before = read_rows(session, all_rows().where(Referral.id.in_(missing)))
        if not before:
            break
        found |= {row.id: row for row in before}
    return sorted(found.values(), key=lambda row: (row.requested_on, row.id), reverse=True)


def _of_last_stay(column: InstrumentedAttribute[Kept]) -> ScalarSelect[Kept]:
    """Return a column of the stay that the guest of a referral's stay entered last."""
    last = aliased(Stay)
    return (
        select(getattr(last, column.key))
        .where(last.guest_id == Stay.guest_id)
        .order_by(last.entered_on.desc(), last.id.desc())
        .limit(1)
        .correlate(Stay)
        .scalar_subquery()
    )


def read_rows(session: Session, query: Select[Referral, int, str, str, date | None]) -> list[ReferralRow]:
    """Return the rows of a query, each with the referral that follows it."""
    found = session.execute(query).all()
    next_of = _followers(session, [referral.id for referral, *_ in found])
    return [
        _row(referral, (guest, code, name), next_of.get(referral.id), is_here=exit_on is None)
        for referral, guest, code, name, exit_on in found
    ]


def _followers(session: Session, ids: list[int]) -> dict[int, int]:
    later = aliased(Referral)
    query = (
        select(later.follow_up_of_id, func.max(later.id))
        .where(later.follow_up_of_id.in_(ids), later.outcome != WITHDRAWN)
        .group_by(later.follow_up_of_id)
    )
    return {of: number for of, number in session.execute(query) if of is not None}


def _row(found: Referral, who: tuple[int, str, str], next_id: int | None, *, is_here: bool) -> ReferralRow:
    guest, code, name = who
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
        place=found.place,
        accompanied_minutes=found.accompanied_minutes,
        follow_up_on=found.follow_up_on,
        follow_up_of=ReferralId(found.follow_up_of_id) if found.follow_up_of_id else None,
        followed_by=ReferralId(next_id) if next_id else None,
        is_here=is_here,
    )
