"""The dates to act before, of a house or of one guest: reckoned from what is recorded, or written by hand.

Permits, coverage, documents and referrals are kept elsewhere; this only reckons from them, by the shelter's terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import FieldMissing, NotFound
from app.models.guest import Guest
from app.models.protection import Deadline
from app.reference.ids import DeadlineId, GuestId, HouseId
from app.reference.texts import tr
from app.services.desk import Desk
from app.services.due import DeadlineRow, Person, dates_of, follow_ups_of_who_left, people_here, people_who_left
from app.services.role import may_see_protection
from app.services.term import read_terms

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["SOON", "DeadlineDraft", "DeadlineRow", "Deadlines", "GuestDeadlines", "HouseDeadlines", "house_deadlines"]

SOON = 7
"""Days ahead, today not counted, that the figure on the page of the day looks."""
_DONE_SHOWN = 5


@dataclass(frozen=True, slots=True)
class DeadlineDraft:
    """A deadline written by hand."""

    guest: GuestId
    due_on: date
    text: str


@dataclass(frozen=True, slots=True)
class HouseDeadlines:
    """What a house has to act on: dates that remind today or come within seven days, the nearest first."""

    rows: tuple[DeadlineRow, ...] = ()
    reserved: int = 0
    """How many more there are that the operator's role may not read."""
    reserved_soon: int = 0
    """How many of those come within seven days."""
    reserved_today: int = 0
    """How many of those are due on the day itself."""


@dataclass(frozen=True, slots=True)
class GuestDeadlines:
    """A guest's dates, the nearest first, and those written by hand that are done, the last first."""

    rows: tuple[DeadlineRow, ...] = ()
    done: tuple[DeadlineRow, ...] = ()
    reserved: int = 0
    today: date = date.min


class Deadlines:
    """The dates that the law counts, and those that somebody wrote."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_house(self, house: HouseId) -> HouseDeadlines:
        """Return the dates to act on in a house, as far as the operator's role may read them."""
        with self._desk.vault.work() as session:
            return house_deadlines(session, house, self._desk.today(), self._desk.role(session))

    def of_guest(self, guest: GuestId) -> GuestDeadlines:
        """Return every date of a guest that still matters; raises NotFound."""
        today = self._desk.today()
        with self._desk.vault.work() as session:
            role, terms = self._desk.role(session), read_terms(session)
            found = session.get(Guest, guest)
            if found is None:
                raise NotFound(what="guest", id=guest)
            here = people_here(session, today, guest=guest)
            left = people_who_left(session, today, terms, guest=guest)
            rows = [*dates_of(session, here, terms, today), *follow_ups_of_who_left(session, left, terms, today)]
            person = here[0] if here else Person(guest, found.code, found.name_used, found.birth_date)
            done = _done(session, person) if may_see_protection(role) else ()
        seen = [row for row in rows if row.may_be_read_by(role)]
        return GuestDeadlines(tuple(sorted(seen, key=_order)), done, len(rows) - len(seen), today)

    def add(self, draft: DeadlineDraft) -> DeadlineId:
        """Write a deadline; raises RoleMayNot, FieldMissing or NotFound."""
        with self._desk.vault.work() as session:
            self._check(session, draft)
            row = self._write(session, draft)
            self._desk.note(session, "add", "deadline", draft.guest)
            return row

    def change(self, deadline: DeadlineId, draft: DeadlineDraft) -> None:
        """Put a deadline written by hand right; raises as `add`."""
        with self._desk.vault.work() as session:
            self._check(session, draft)
            found = _get(session, deadline)
            if found.guest_id != draft.guest:
                raise NotFound(what="deadline", id=deadline)
            found.due_on, found.text = draft.due_on, draft.text.strip()
            self._desk.note(session, "change", "deadline", draft.guest)

    def finish(self, row: DeadlineRow) -> None:
        """Write that a deadline, or the follow-up that somebody who left was due, is done.

        Raises RoleMayNot, or NotFound for a date that ends by itself: a permit is done with when a newer one is there.
        """
        today = self._desk.today()
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_protection)
            if row.kind == "follow_up":
                # That there is a row of this day is what silences the reckoned one.
                number = self._write(session, DeadlineDraft(row.guest, row.due_on, tr("deadline.kind_follow_up")))
                _get(session, number).done_on = today
            elif row.id is not None:
                _get(session, row.id).done_on = today
            else:
                raise NotFound(what="deadline", id=row.kind)
            self._desk.note(session, "close", "deadline", row.guest)

    def reopen(self, deadline: DeadlineId) -> None:
        """Take back that a deadline is done; raises RoleMayNot or NotFound."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_protection)
            found = _get(session, deadline)
            found.done_on = None
            self._desk.note(session, "reopen", "deadline", found.guest_id)

    def _check(self, session: Session, draft: DeadlineDraft) -> None:
        self._desk.require_role(session, may_see_protection)
        if not draft.text.strip():
            raise FieldMissing(field="text")
        if session.get(Guest, draft.guest) is None:
            raise NotFound(what="guest", id=draft.guest)

    def _write(self, session: Session, draft: DeadlineDraft) -> DeadlineId:
        row = Deadline(
            guest_id=draft.guest,
            due_on=draft.due_on,
            text=draft.text.strip(),
            written_by=self._desk.vault.operator,
            written_at=self._desk.now(),
        )
        session.add(row)
        session.flush()
        return DeadlineId(row.id)


def house_deadlines(session: Session, house: HouseId, today: date, role: str | None) -> HouseDeadlines:
    """Return a house's dates inside a transaction that is already open."""
    terms, soon = read_terms(session), today + timedelta(days=SOON)
    left = people_who_left(session, today, terms, house=house)
    found = [
        *dates_of(session, people_here(session, today, house=house), terms, today),
        *follow_ups_of_who_left(session, left, terms, today),
    ]
    wanted = [row for row in found if row.remind_on <= today or row.due_on <= soon]
    seen = [row for row in wanted if row.may_be_read_by(role)]
    hidden = [row for row in wanted if not row.may_be_read_by(role)]
    return HouseDeadlines(
        tuple(sorted(seen, key=_order)),
        len(hidden),
        sum(today <= row.due_on <= soon for row in hidden),
        sum(row.due_on == today for row in hidden),
    )


def _order(row: DeadlineRow) -> tuple[date, str, str, str]:
    return row.due_on, row.name_used, row.code, row.kind


def _done(session: Session, person: Person) -> tuple[DeadlineRow, ...]:
    rows = session.scalars(
        select(Deadline)
        .where(Deadline.guest_id == person.id, Deadline.done_on.is_not(None))
        .order_by(Deadline.done_on.desc(), Deadline.id.desc())
        .limit(_DONE_SHOWN)
    )
    return tuple(
        person.dated("note", row.due_on, row.due_on, what=row.text, id=DeadlineId(row.id), done_on=row.done_on)
        for row in rows
    )


def _get(session: Session, deadline: DeadlineId) -> Deadline:
    found = session.get(Deadline, deadline)
    if found is None:
        raise NotFound(what="deadline", id=deadline)
    return found
