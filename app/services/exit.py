"""The exit as a whole: the stay, those who leave with her, what is given back, the follow-up; all or nothing.

A stay alone is ended, and its exit taken back, in `app.services.stay`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import CompanionHasRecords, FieldMissing, NotFound, RecordsAfterExit
from app.models.dossier import Consent
from app.models.guest import Guest, age_on, is_minor_on
from app.models.house import House
from app.models.protection import Deadline
from app.models.stay import FOREVER, CustodyItem, Stay
from app.reference.codelist import codelist, require
from app.reference.ids import CustodyId, GuestId, StayId
from app.services.custody import CustodyRow, give_back, rows_where
from app.services.desk import Desk
from app.services.household import answer_for, household_members, minors_alone
from app.services.stay import StayEnd, end_stay
from app.services.term import read_terms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

FOLLOW_UP = "C5"


@dataclass(frozen=True, slots=True)
class CompanionHere:
    """Somebody of the household who has a stay in the same house."""

    guest: GuestId
    stay: StayId
    name_used: str
    age: int | None
    is_minor: bool


@dataclass(frozen=True, slots=True)
class ExitView:
    """What the form of an exit needs to know."""

    items: tuple[CustodyRow, ...]
    """What is still to come back to her, or from her."""
    companions: tuple[CompanionHere, ...]
    is_minor: bool
    guards_minors: bool
    """Whether a minor may not remain in this house without an adult of hers unless a reason is stated."""
    follow_up_months: int
    """After how many months the shelter first asks somebody who left how she is."""


@dataclass(frozen=True, slots=True)
class ExitDraft:
    """An exit with all that belongs to it."""

    stay: StayId
    end: StayEnd
    together: tuple[StayId, ...] = ()
    """The stays of her household that end with hers."""
    alone_reason: str = ""
    """Why a minor of the household remains without an adult."""
    given_back: tuple[CustodyId, ...] = ()
    follow_up: str | None = None
    """Her answer about being sought after the exit (C5)."""
    follow_up_on: date | None = None
    follow_up_text: str = ""


class Exits:
    """Exits with all that belongs to them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def look(self, stay: StayId) -> ExitView:
        """Return what the form of an exit needs to know; raises NotFound."""
        today = self._desk.today()
        with self._desk.vault.work() as session:
            found = _stay(session, stay)
            guest = session.get_one(Guest, found.guest_id)
            items = rows_where(session, CustodyItem.stay_id.in_(select(Stay.id).where(Stay.guest_id == guest.id)))
            kind = codelist("house_kind").get(session.get_one(House, found.house_id).kind)
            return ExitView(
                items=tuple(item for item in items if item.comes_back),
                companions=tuple(_companions(session, guest, found, today)),
                is_minor=is_minor_on(guest.birth_date, today),
                guards_minors=not kind.flag("admits_unaccompanied_minors"),
                follow_up_months=read_terms(session).follow_up_first,
            )

    def end(self, draft: ExitDraft) -> None:
        """Write an exit with everything that belongs to it, or nothing at all.

        Raises as `Stays.end`, and MinorLeftAlone, CompanionHasRecords, AlreadyGivenBack, CustodyOutsideStay,
        FieldMissing or NotFound.
        """
        with self._desk.vault.work() as session:
            stay = _stay(session, draft.stay)
            guest = session.get_one(Guest, stay.guest_id)
            members, day = household_members(session, guest), draft.end.exit_on
            before = {each.id for each in minors_alone(session, members, day)}
            end_stay(self._desk, session, draft.stay, draft.end)
            for other in draft.together:
                self._end_companion(session, other, draft.end)
            session.flush()
            left = minors_alone(session, members, day)
            answer_for(session, (each for each in left if each.id not in before), draft.alone_reason)
            for item in draft.given_back:
                give_back(self._desk, session, item, day)
            self._write_follow_up(session, guest, draft)

    def _end_companion(self, session: Session, stay: StayId, end: StayEnd) -> None:
        other = session.get_one(Guest, _stay(session, stay).guest_id)
        try:
            end_stay(self._desk, session, stay, StayEnd(end.exit_on, end.reason, end.destination))
        except RecordsAfterExit as refusal:
            raise CompanionHasRecords(name=other.name_used, day=refusal.params["day"]) from refusal

    def _write_follow_up(self, session: Session, guest: Guest, draft: ExitDraft) -> None:
        who, now = self._desk.vault.operator, self._desk.now()
        if draft.follow_up is not None:
            require("consent_answer", draft.follow_up)
            answer = Consent(
                guest_id=guest.id,
                kind=FOLLOW_UP,
                answer=draft.follow_up,
                given_on=draft.end.exit_on,
                written_by=who,
                written_at=now,
            )
            session.add(answer)
            self._desk.note(session, "answer", "consent", guest.id)
        if draft.follow_up_on is None:
            return
        if not draft.follow_up_text.strip():
            raise FieldMissing(field="follow_up_text")
        deadline = Deadline(
            guest_id=guest.id,
            due_on=draft.follow_up_on,
            text=draft.follow_up_text.strip(),
            written_by=who,
            written_at=now,
        )
        session.add(deadline)
        self._desk.note(session, "add", "deadline", guest.id)


def _companions(session: Session, guest: Guest, stay: Stay, today: date) -> Iterable[CompanionHere]:
    for member in household_members(session, guest):
        if member.id == guest.id:
            continue
        query = select(Stay).where(Stay.guest_id == member.id, Stay.house_id == stay.house_id)
        here = next((each for each in session.scalars(query) if (each.exit_on or FOREVER) > today), None)
        if here is not None:
            age = age_on(member.birth_date, today) if member.birth_date else None
            minor = is_minor_on(member.birth_date, today)
            yield CompanionHere(GuestId(member.id), StayId(here.id), member.name_used, age, minor)


def _stay(session: Session, stay: StayId) -> Stay:
    found = session.get(Stay, stay)
    if found is None:
        raise NotFound(what="stay", id=stay)
    return found
