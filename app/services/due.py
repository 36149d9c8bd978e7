"""How each kind of date is reckoned for the guests of a house, and when it falls silent.

What is superseded by a newer permit or coverage of the same guest is silent; who left is silent but for follow-ups.
Every query begins at a few guests and reads their rows alone, so that a register of twenty years answers as a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.models.coverage import Coverage
from app.models.dossier import Consent, Document
from app.models.guest import ADULT_AGE, Guest, is_minor_on
from app.models.night import day_bounds
from app.models.protection import Deadline, LegalStatus
from app.models.service import Referral
from app.models.stay import FOREVER, Stay
from app.reference.codelist import codelist
from app.reference.ids import DeadlineId, GuestId, HouseId
from app.reference.unreadable import Unreadable
from app.services.referral_row import WITHDRAWN, is_final
from app.services.role import may_see_documents, may_see_health, may_see_protection
from app.services.term import REFLECTION, Terms, months_after

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DeadlineKind = Literal["reflection", "permit", "work", "coverage", "document", "referral", "adult", "note", "follow_up"]
_LEGAL = frozenset({"reflection", "permit", "work", "note", "follow_up"})
_HEALTH = frozenset({"coverage", "referral"})
_GOOD_NEWS_DAYS = 7
"""How long "may work" and "is eighteen" are still told after their day; nothing is missed when they are not read."""
_FOLLOW_UP_DAYS = 60
_SAME_FOLLOW_UP_DAYS = 15
_URGENT_DAYS = 7
_FOLLOW_UP_CONSENT = "C5"
_NO_FOLLOW_UP = frozenset({"DEC"})
"""Exit reasons after which nobody is asked how she is."""

Dated = TypeVar("Dated", LegalStatus, Coverage)


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A date to act before: whose, of what kind, and since when it reminds."""

    kind: DeadlineKind
    guest: GuestId
    code: str
    name_used: str
    due_on: date
    remind_on: date
    urgent_on: date
    """From this day on it is told with more weight."""
    what: str = ""
    """The code of the permit, coverage, document or service, or the words that somebody wrote."""
    id: DeadlineId | None = None
    """The row, for what was written by hand."""
    from_day: date | None = None
    done_on: date | None = None

    def days_left(self, today: date) -> int:
        """Return how many days remain; negative when the date is past."""
        return (self.due_on - today).days

    def may_be_read_by(self, role: str | None) -> bool:
        """Tell whether a role may read it; that a guest comes of age is told to everybody who sees her card."""
        if self.kind in _LEGAL:
            return may_see_protection(role)
        if self.kind == "document":
            about_health = codelist("document_kind").get(self.what).flag("health")
            return may_see_documents(role) and (not about_health or may_see_health(role))
        return self.kind not in _HEALTH or may_see_health(role)


@dataclass(frozen=True, slots=True)
class Person:
    """A guest whose dates are reckoned."""

    id: GuestId
    code: str
    name_used: str
    birth_date: date | None = None
    exit_on: date | None = None

    def dated(
        self,
        kind: DeadlineKind,
        due_on: date,
        remind_on: date,
        *,
        urgent_on: date | None = None,
        what: str = "",
        id: DeadlineId | None = None,
        from_day: date | None = None,
        done_on: date | None = None,
    ) -> DeadlineRow:
        """Return one of this guest's dates."""
        urgent = urgent_on or max(remind_on, due_on - timedelta(days=_URGENT_DAYS))
        return DeadlineRow(
            kind, self.id, self.code, self.name_used, due_on, remind_on, urgent, what, id, from_day, done_on
        )


def people_here(
    session: Session, today: date, *, house: HouseId | None = None, guest: GuestId | None = None
) -> list[Person]:
    """Return the guests with a stay today, of one house or the one guest."""
    query = (
        select(Guest.id, Guest.code, Guest.name_used, Guest.birth_date)
        .join(Stay, Stay.guest_id == Guest.id)
        .where(Stay.entered_on <= today, func.coalesce(Stay.exit_on, FOREVER) > today)
    )
    query = query.where(Stay.house_id == house) if house is not None else query.where(Stay.guest_id == guest)
    return [Person(GuestId(number), code, name, birth) for number, code, name, birth in session.execute(query)]


def people_who_left(
    session: Session, today: date, terms: Terms, *, house: HouseId | None = None, guest: GuestId | None = None
) -> list[Person]:
    """Return those whose last stay ended within the time of the follow-ups, of one house or the one guest."""
    later = aliased(Stay)
    longest = max(terms.follow_up_first, terms.follow_up_second, terms.follow_up_third)
    oldest = months_after(today, -longest) - timedelta(days=_FOLLOW_UP_DAYS)
    query = (
        select(Guest.id, Guest.code, Guest.name_used, Guest.birth_date, Stay.exit_on, Stay.exit_reason)
        .join(Stay, Stay.guest_id == Guest.id)
        .where(
            Stay.exit_on.between(oldest if guest is None else date.min, today),
            Stay.entered_on < Stay.exit_on,
            ~select(later.id).where(later.guest_id == Stay.guest_id, later.entered_on >= Stay.exit_on).exists(),
        )
    )
    query = query.where(Stay.house_id == house) if house is not None else query.where(Stay.guest_id == guest)
    return [
        Person(GuestId(number), code, name, birth, left)
        for number, code, name, birth, left, reason in session.execute(query)
        if reason not in _NO_FOLLOW_UP
    ]


def dates_of(session: Session, people: Sequence[Person], terms: Terms, today: date) -> Iterator[DeadlineRow]:
    """Yield every date of guests who are here, also those that remind only later."""
    known = {person.id: person for person in people}
    if not known:
        return
    yield from _permits(session, known, terms, today)
    yield from _coverages(session, known, terms)
    yield from _documents(session, known, terms)
    yield from _referrals(session, known, terms)
    yield from _notes(session, known, terms)
    yield from _birthdays(people, terms, today)


def _latest(rows: Iterable[Dated]) -> list[Dated]:
    """Return each guest's newest row: what it took the place of is silent."""
    newest: dict[int, Dated] = {}
    for row in rows:
        other = newest.get(row.guest_id)
        if other is None or (row.from_day, row.id) > (other.from_day, other.id):
            newest[row.guest_id] = row
    return list(newest.values())


def _permits(session: Session, known: dict[GuestId, Person], terms: Terms, today: date) -> Iterator[DeadlineRow]:
    for row in _latest(session.scalars(select(LegalStatus).where(LegalStatus.guest_id.in_(known)))):
        person, end = known[GuestId(row.guest_id)], terms.permit_end(row.permit, row.from_day, row.until_day)
        if end is not None and row.permit == REFLECTION:
            # Day one is the day after the certificate (Civil Code art. 2963).
            first, second = (
                min(end, row.from_day + timedelta(days=n)) for n in (terms.reflection_first, terms.reflection_second)
            )
            yield person.dated("reflection", end, first, urgent_on=second, what=row.permit, from_day=row.from_day)
        elif end is not None:
            remind = end - timedelta(days=terms.permit_alert)
            yield person.dated("permit", end, remind, what=row.permit, from_day=row.from_day)
        work = terms.work_from(row.permit, row.from_day)
        if work is not None and today <= work + timedelta(days=_GOOD_NEWS_DAYS):
            remind = work - timedelta(days=terms.work_alert)
            yield person.dated("work", work, remind, urgent_on=FOREVER, what=row.permit, from_day=row.from_day)


def _coverages(session: Session, known: dict[GuestId, Person], terms: Terms) -> Iterator[DeadlineRow]:
    for row in _latest(session.scalars(select(Coverage).where(Coverage.guest_id.in_(known)))):
        end = row.until_day or terms.coverage_until(row.kind, row.from_day)
        if end is not None:
            remind = end - timedelta(days=terms.coverage_alert)
            yield known[GuestId(row.guest_id)].dated("coverage", end, remind, what=row.kind, from_day=row.from_day)


def _documents(session: Session, known: dict[GuestId, Person], terms: Terms) -> Iterator[DeadlineRow]:
    """Yield the expiries of documents; of several of one kind the one that lasts longest."""
    query = (
        select(Document.id, Document.guest_id, Document.kind, Document.expires_on)
        .where(Document.guest_id.in_(known), Document.expires_on.is_not(None))
        .order_by(Document.expires_on)
    )
    # of kinds that cannot be read each counts by itself
    longest = {
        (guest, kind, number if isinstance(kind, Unreadable) else 0): end
        for number, guest, kind, end in session.execute(query)
    }
    for (guest, kind, _), end in longest.items():
        if end is not None:
            remind = end - timedelta(days=terms.document_alert)
            yield known[GuestId(guest)].dated("document", end, remind, what=kind)


def _referrals(session: Session, known: dict[GuestId, Person], terms: Terms) -> Iterator[DeadlineRow]:
    """Yield the next checks of concluded referrals that no later referral has taken up."""
    asked_for = Referral.follow_up_on.is_not(None) | Referral.follow_up_of_id.is_not(None)
    query = (
        select(Referral, Stay.guest_id)
        .join(Stay, Referral.stay_id == Stay.id)
        .where(Stay.guest_id.in_(known), asked_for)
    )
    rows = session.execute(query).all()
    taken_up = {row.follow_up_of_id for row, _ in rows if row.outcome != WITHDRAWN}
    for row, guest in rows:
        if row.follow_up_on is not None and is_final(row.outcome) and row.id not in taken_up:
            remind = row.follow_up_on - timedelta(days=terms.follow_up_alert)
            yield known[GuestId(guest)].dated("referral", row.follow_up_on, remind, what=row.service)


def _notes(session: Session, known: dict[GuestId, Person], terms: Terms) -> Iterator[DeadlineRow]:
    """Yield what was written by hand and is not done; of who left only what was written since."""
    rows = session.scalars(select(Deadline).where(Deadline.guest_id.in_(known), Deadline.done_on.is_(None)))
    for row in rows:
        person = known[GuestId(row.guest_id)]
        if person.exit_on is not None and row.written_at < day_bounds(person.exit_on)[0]:
            continue
        remind = row.due_on - timedelta(days=terms.note_alert)
        yield person.dated("note", row.due_on, remind, what=row.text, id=DeadlineId(row.id))


def _birthdays(people: Iterable[Person], terms: Terms, today: date) -> Iterator[DeadlineRow]:
    for person in people:
        if person.birth_date is None:
            continue
        adult = months_after(person.birth_date, ADULT_AGE * 12)
        # Who is born on 29 February is eighteen on 1 March, as the count of completed years has it.
        adult += timedelta(days=1) if is_minor_on(person.birth_date, adult) else timedelta(0)
        if today <= adult + timedelta(days=_GOOD_NEWS_DAYS):
            yield person.dated("adult", adult, adult - timedelta(days=terms.adult_alert))


def follow_ups_of_who_left(
    session: Session, people: Sequence[Person], terms: Terms, today: date
) -> Iterator[DeadlineRow]:
    """Yield what remains of guests who left: the follow-ups they agreed to, and what was written since."""
    known = {person.id: person for person in people}
    if not known:
        return
    yield from _notes(session, known, terms)
    agreed = _who_agreed(session, known)
    written = session.execute(select(Deadline.guest_id, Deadline.due_on).where(Deadline.guest_id.in_(agreed))).all()
    for guest in agreed:
        person = known[guest]
        for day in terms.follow_ups(person.exit_on) if person.exit_on else ():
            # Somebody already wrote, or did, what the phases of the programme would ask about then.
            taken = any(whose == guest and abs((other - day).days) <= _SAME_FOLLOW_UP_DAYS for whose, other in written)
            if not taken and today <= day + timedelta(days=_FOLLOW_UP_DAYS):
                remind = day - timedelta(days=terms.follow_up_alert)
                yield person.dated("follow_up", day, remind, from_day=person.exit_on)


def _who_agreed(session: Session, known: dict[GuestId, Person]) -> list[GuestId]:
    """Return those whose last word on being contacted after the exit is yes."""
    query = (
        select(Consent.guest_id, Consent.answer, Consent.withdrawn_on)
        .where(Consent.guest_id.in_(known), Consent.kind == _FOLLOW_UP_CONSENT)
        .order_by(Consent.given_on, Consent.id)
    )
    given = [answer.code for answer in codelist("consent_answer") if answer.flag("given")]
    last = {guest: answer in given and withdrawn is None for guest, answer, withdrawn in session.execute(query)}
    return [GuestId(guest) for guest, agrees in last.items() if agrees]
