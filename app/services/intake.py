"""The entry as a whole: guest, children, stays, beds, needs, things, papers, coverage, status; all or nothing.

A stay alone is begun in `app.services.stay`, which holds the rules of an entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.errors import DayInFuture, ExpiresBeforeEntry, FieldMissing, HourOutsideDay, NotFound
from app.models.coverage import Coverage
from app.models.dossier import Consent, PaperGiven
from app.models.guest import Guest
from app.models.night import house_day
from app.models.protection import VictimStatus
from app.models.stay import HealthNeed, Stay, StayNeed
from app.reference.codelist import require
from app.reference.ids import BedId, GuestId, StayId
from app.reference.unreadable import Unreadable
from app.services.closing import require_open
from app.services.custody import CustodyDraft, add_items
from app.services.desk import Desk
from app.services.guest import GuestDraft, add_guest
from app.services.household import household_of, join
from app.services.role import may_see_health
from app.services.stay import StayDraft, begin_stay

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PROGRAMME = "C1"


@dataclass(frozen=True, slots=True)
class CompanionDraft:
    """Somebody who enters together: a child new to the register, or a guest of the household known already."""

    name_used: str = ""
    birth_date: date | None = None
    birth_quality: str = "IGNOTA"
    gender: str = "ND"
    bed: BedId | None = None
    known: GuestId | None = None


@dataclass(frozen=True, slots=True)
class IntakeDraft:
    """Sheet A: `guest` is new, or `known` enters again; all the rest may be empty."""

    stay: StayDraft
    guest: GuestDraft | None = None
    known: GuestId | None = None
    together_with: GuestId | None = None
    companions: tuple[CompanionDraft, ...] = ()
    needs: tuple[str, ...] = ()
    things: tuple[CustodyDraft, ...] = ()
    papers: tuple[str, ...] = ()
    language: str | None = None
    """In which language the papers were read and the consent was asked."""
    interpreter: str | None = None
    consent: str | None = None
    """Her answer about joining the programme (C1)."""
    coverage: str | None = None
    coverage_until: date | None = None
    victim_status: str | None = None
    victim_from: date | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """What an entry made."""

    guest: GuestId
    stay: StayId
    companions: tuple[tuple[GuestId, StayId], ...] = ()


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What can be put right of an entry without touching a night: its hour, who sent her, why a minor came alone."""

    entered_at: datetime | None = None
    referral_source: str | None = None
    referrer_name: str | None = None
    referrer_phone: str | None = None
    minor_reason: str | None = None


class Intakes:
    """Entries with all that Sheet A asks."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def admit(self, draft: IntakeDraft) -> Admission:
        """Write an entry with everything that belongs to it, or nothing at all.

        Raises as `Stays.begin`, and FieldMissing, UnknownCode, ExpiresBeforeEntry, CustodyOutsideStay or NotFound.
        """
        with self._desk.vault.work() as session:
            guest = self._person(session, draft)
            number = begin_stay(self._desk, session, guest, draft.stay)
            stay = session.get_one(Stay, number)
            companions = tuple(self._admit_companion(session, guest, draft.stay, each) for each in draft.companions)
            write_needs(self._desk, session, stay, draft.needs)
            add_items(self._desk, session, stay, [_on_entry(thing, stay) for thing in draft.things])
            self._write_papers(session, guest, draft)
            self._write_coverage(session, guest, draft)
            self._write_status(session, guest, draft)
            return Admission(GuestId(guest.id), number, companions)

    def entry_facts(self, stay: StayId) -> EntryFacts:
        """Return what of an entry can be put right; raises NotFound."""
        with self._desk.vault.work() as session:
            found = _stay(session, stay)
            return EntryFacts(
                found.entered_at, found.referral_source, found.referrer_name, found.referrer_phone, found.minor_reason
            )

    def change_entry(self, stay: StayId, facts: EntryFacts) -> None:
        """Put an entry right; its day, phase and bed are changed elsewhere.

        Raises HourOutsideDay, UnknownCode, MonthIsClosed (who sent her is counted by month) or NotFound.
        """
        if facts.referral_source is not None:
            require("referral_source", facts.referral_source)
        with self._desk.vault.work() as session:
            found = _stay(session, stay)
            if facts.entered_at is not None and house_day(facts.entered_at) != found.entered_on:
                raise HourOutsideDay
            if facts.referral_source != found.referral_source:
                require_open(session, found.house_id, found.entered_on)
            found.entered_at, found.referral_source = facts.entered_at, facts.referral_source
            found.referrer_name = (facts.referrer_name or "").strip() or None
            found.referrer_phone = (facts.referrer_phone or "").strip() or None
            found.minor_reason = (facts.minor_reason or "").strip() or None
            self._desk.note(session, "change", "stay", stay)

    def change_needs(self, stay: StayId, needs: Iterable[str]) -> None:
        """Put the needs of a stay right; health needs that the role at the desk may not read stay, and may be added."""
        with self._desk.vault.work() as session:
            found, wanted = _stay(session, stay), set(needs)
            session.execute(delete(StayNeed).where(StayNeed.stay_id == stay))
            if may_see_health(self._desk.role(session)):
                for row in session.scalars(select(HealthNeed).where(HealthNeed.stay_id == stay)).all():
                    if row.need in wanted or isinstance(row.need, Unreadable):
                        wanted.discard(row.need)  # it stays, as does what nobody can read
                    else:
                        session.delete(row)
            write_needs(self._desk, session, found, wanted)
            self._desk.note(session, "change", "need", stay)

    def _person(self, session: Session, draft: IntakeDraft) -> Guest:
        if draft.guest is not None:
            person = draft.guest
            if draft.together_with is not None:
                person = replace(person, together_with=draft.together_with)
            return add_guest(self._desk, session, person)
        if draft.known is None:
            raise FieldMissing(field="name_used")
        guest = session.get(Guest, draft.known)
        if guest is None or guest.merged_into_id is not None:
            raise NotFound(what="guest", id=draft.known)
        if draft.together_with is not None:
            join(session, guest, draft.together_with)
        return guest

    def _admit_companion(
        self, session: Session, guest: Guest, stay: StayDraft, draft: CompanionDraft
    ) -> tuple[GuestId, StayId]:
        """Let somebody of the household in; a child of a minor who came alone carries the same reason."""
        household = household_of(session, GuestId(guest.id))
        if draft.known is not None:
            person = session.get(Guest, draft.known)
            if person is None or person.merged_into_id is not None:
                raise NotFound(what="guest", id=draft.known)
            if person.household_id != household.id:
                join(session, person, GuestId(guest.id))
        else:
            new = GuestDraft(
                draft.name_used,
                birth_date=draft.birth_date,
                birth_quality=draft.birth_quality,
                gender=draft.gender,
                together_with=GuestId(guest.id),
                case_worker=None,
            )
            person = add_guest(self._desk, session, new)
            person.case_worker_id = guest.case_worker_id
            session.flush()
        return GuestId(person.id), begin_stay(self._desk, session, person, replace(stay, bed=draft.bed))

    def _write_papers(self, session: Session, guest: Guest, draft: IntakeDraft) -> None:
        for listed, code in (("language", draft.language), ("interpreter", draft.interpreter)):
            if code is not None:
                require(listed, code)
        day, who, now = draft.stay.entered_on, self._desk.vault.operator, self._desk.now()
        about = {"language": draft.language, "interpreter": draft.interpreter, "written_by": who, "written_at": now}
        for kind in dict.fromkeys(draft.papers):
            require("paper", kind)
            session.add(PaperGiven(guest_id=guest.id, kind=kind, given_on=day, **about))
            self._desk.note(session, "give", "paper", guest.id)
        if draft.consent is not None:
            require("consent_answer", draft.consent)
            session.add(Consent(guest_id=guest.id, kind=PROGRAMME, answer=draft.consent, given_on=day, **about))
            self._desk.note(session, "answer", "consent", guest.id)

    def _write_coverage(self, session: Session, guest: Guest, draft: IntakeDraft) -> None:
        if draft.coverage is None:
            return
        require("coverage", draft.coverage)
        day, until = draft.stay.entered_on, draft.coverage_until
        if until is not None and until < day:
            raise ExpiresBeforeEntry
        session.add(Coverage(guest_id=guest.id, kind=draft.coverage, from_day=day, until_day=until))
        self._desk.note(session, "add", "coverage", guest.id)

    def _write_status(self, session: Session, guest: Guest, draft: IntakeDraft) -> None:
        if draft.victim_status is None:
            return
        require("victim_status", draft.victim_status)
        day = draft.victim_from or draft.stay.entered_on
        if day > self._desk.today():
            raise DayInFuture(day=day)
        if session.get(VictimStatus, (guest.id, day)) is not None:
            return  # whoever is at the desk may not read what is written already, so she must not replace it either
        session.add(VictimStatus(guest_id=guest.id, from_day=day, status=draft.victim_status))
        self._desk.note(session, "add", "victim_status", guest.id)


def write_needs(desk: Desk, session: Session, stay: Stay, needs: Iterable[str]) -> None:
    """Write the needs seen at an entry, those about health sealed, inside a transaction that is already open."""
    codes = [require("need", code) for code in dict.fromkeys(needs)]
    session.add_all(
        (HealthNeed if code.flag("health") else StayNeed)(stay_id=stay.id, need=code.code) for code in codes
    )
    if codes:
        desk.note(session, "add", "need", stay.id)
    session.flush()


def _on_entry(thing: CustodyDraft, stay: Stay) -> CustodyDraft:
    """Return a thing as handed over on the day of the entry, unless it says another."""
    return thing if thing.handed_on is not None else replace(thing, handed_on=stay.entered_on)


def _stay(session: Session, stay: StayId) -> Stay:
    found = session.get(Stay, stay)
    if found is None:
        raise NotFound(what="stay", id=stay)
    return found
