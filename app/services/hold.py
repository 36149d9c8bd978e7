"""What stands in the way of erasing a guest or making her anonymous, each with its reason.

Nothing is written here. Some reasons hold only until she asks for it herself (GDPR art. 17).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from sqlalchemy import func, select

from app.models.guest import Guest
from app.models.house import House, Project
from app.models.night import Month, house_day
from app.models.protection import Deadline, LegalStatus
from app.models.service import Referral
from app.models.stay import AnnulledStay, CustodyItem, Stay, StayProject
from app.models.work import Enrolment, MonthClose, OutboxItem
from app.services.custody import HOUSE
from app.services.erasing import ANONYMISE, ERASE
from app.services.outbox import ACCEPTED
from app.services.referral_row import final_codes
from app.services.term import months_after, read_terms

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HoldKind = Literal["here", "term", "accounts", "month", "report", "referral", "custody", "deadline", "permit"]
_BOTH = frozenset({ERASE, ANONYMISE})


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason to wait: of what kind, how many or until when, and which of the two ways it holds."""

    kind: HoldKind
    n: int = 0
    day: date | None = None
    """Until when, where that is known."""
    what: str = ""
    """The project, or the month as `2026-05`."""
    holds: frozenset[str] = _BOTH


def left_on(session: Session, records: tuple[int, ...]) -> date | None:
    """Return the day of a guest's last exit; None while she is here. Who never had a stay left when she was written."""
    spans = session.execute(select(Stay.entered_on, Stay.exit_on).where(Stay.guest_id.in_(records))).all()
    if any(exit_on is None for _, exit_on in spans):
        return None
    days = [exit_on for _, exit_on in spans if exit_on is not None]
    if not days:
        annulled = select(func.max(AnnulledStay.entered_on)).where(AnnulledStay.guest_id.in_(records))
        made = session.scalars(select(Guest.created_at).where(Guest.id.in_(records))).all()
        days = [house_day(moment) for moment in made]
        last = session.scalar(annulled)
        days += [last] if last is not None else []
    return max(days)


def due_on(session: Session, last: date) -> date:
    """Return when the term of somebody is over who left on a day."""
    return months_after(last, read_terms(session).retention_months)


def holds_of(session: Session, records: tuple[int, ...], today: date, *, asked: bool) -> tuple[Hold, ...]:
    """Return every reason to wait, the hardest first; `asked` when she asks for it herself before the term."""
    return tuple(
        hold
        for hold in (
            *_presence(session, records, today, asked=asked),
            *_months(session, records),
            *_accounts(session, records, today, asked=asked),
            *_open_matters(session, records, today, asked=asked),
        )
        if hold.holds
    )


def _presence(session: Session, records: tuple[int, ...], today: date, *, asked: bool) -> Iterator[Hold]:
    last = left_on(session, records)
    if last is None or last > today:
        yield Hold("here")
        return
    due = due_on(session, last)
    if due > today and not asked:
        yield Hold("term", day=due)


def months_lived(session: Session, records: tuple[int, ...]) -> set[tuple[int, Month]]:
    """Return the months of each house that a guest's stays touch; that of the day of exit is among them."""
    found = set()
    stays = session.execute(select(Stay.house_id, Stay.entered_on, Stay.exit_on).where(Stay.guest_id.in_(records)))
    for house, entered, left in stays:
        month = Month.of(entered)
        while month.first <= (left or entered):
            found.add((house, month))
            month = month.next()
    return found


def _months(session: Session, records: tuple[int, ...]) -> Iterator[Hold]:
    lived = months_lived(session, records)
    houses = {house for house, _ in lived}
    closed = {
        (house, month): revision
        for house, month, revision in session.execute(
            select(MonthClose.house_id, MonthClose.month, MonthClose.revision).where(
                MonthClose.house_id.in_(houses), MonthClose.reopened_at.is_(None)
            )
        )
    }
    still_open = sorted({str(month) for house, month in lived if (house, str(month)) not in closed})
    if still_open:
        yield Hold("month", n=len(still_open), what=still_open[0])
    unsent = sorted({str(month) for house, month in lived if _is_unsent(session, house, month, closed)})
    if unsent:
        yield Hold("report", n=len(unsent), what=unsent[0])


def _is_unsent(session: Session, house: int, month: Month, closed: dict[tuple[int, str], int]) -> bool:
    """Tell whether a closed month's report is not with the capofila: it might come back and need its facts."""
    revision = closed.get((house, str(month)))
    if revision is None:
        return False
    rows = select(OutboxItem.revision, OutboxItem.state).where(
        OutboxItem.house_id == house, OutboxItem.month == str(month)
    )
    states = {number: state for number, state in session.execute(rows)}  # noqa: C416 - a result looks like a mapping
    if states:
        return states.get(revision) != ACCEPTED
    place = session.get(Enrolment, house)
    return place is not None and month >= Month.of(house_day(place.enrolled_at))


def _accounts(session: Session, records: tuple[int, ...], today: date, *, asked: bool) -> Iterator[Hold]:
    """Yield the projects whose accounts may still be looked into; without a name their facts may go on being kept."""
    of_stays = (
        select(StayProject.project_id)
        .join(Stay, Stay.id == StayProject.stay_id)
        .where(Stay.guest_id.in_(records))
        .union(
            select(House.project_id)
            .join(Stay, Stay.house_id == House.id)
            .where(
                Stay.guest_id.in_(records),
                House.project_id.is_not(None),
                ~select(StayProject.stay_id).where(StayProject.stay_id == Stay.id).exists(),
            )
        )
    )
    holds = frozenset({ERASE}) if asked else _BOTH
    for project in session.scalars(select(Project).where(Project.id.in_(of_stays)).order_by(Project.starts_on)):
        if project.hold_until is None or project.hold_until > today:
            yield Hold("accounts", day=project.hold_until, what=project.name, holds=holds)


def _open_matters(session: Session, records: tuple[int, ...], today: date, *, asked: bool) -> Iterator[Hold]:
    stays = select(Stay.id).where(Stay.guest_id.in_(records))
    awaited = select(func.count(Referral.id)).where(Referral.stay_id.in_(stays), Referral.outcome.not_in(final_codes()))
    kept = select(func.count(CustodyItem.id)).where(
        CustodyItem.stay_id.in_(stays), CustodyItem.returned_on.is_(None), CustodyItem.held_by == HOUSE
    )
    for kind, query in (("referral", awaited), ("custody", kept)):
        if n := session.scalar(query) or 0:
            yield Hold(kind, n=n)  # type: ignore[arg-type]  # the two kinds above
    if asked:
        return
    to_come = select(func.count(Deadline.id), func.max(Deadline.due_on)).where(
        Deadline.guest_id.in_(records), Deadline.done_on.is_(None), Deadline.due_on >= today
    )
    n, last = session.execute(to_come).one()
    if n:
        yield Hold("deadline", n=n, day=last)
    until = session.scalar(select(func.max(LegalStatus.until_day)).where(LegalStatus.guest_id.in_(records)))
    if until is not None and until >= today:
        yield Hold("permit", day=until)
