"""Consents by purpose and the papers given to a guest.

Nothing that the house owes a guest depends on them: lodging and food are given whatever she answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.errors import ConsentNeedsReferral, ConsentNotStanding, DayInFuture, NotFound, WordsTooMany
from app.models.dossier import Consent, PaperGiven
from app.models.guest import Guest, is_minor_on
from app.models.stay import FOREVER, Stay
from app.models.work import Setting
from app.reference.codelist import require
from app.reference.ids import ConsentId, GuestId, ReferralId
from app.services.consent_sheet import (
    DEFAULT_VERSION,
    VERSION_SETTING,
    YES,
    ConsentRow,
    ConsentSheet,
    ConsentState,
    PaperRow,
    ReferralChoice,
    history,
    is_each_time,
    papers,
    referrals,
    states,
    text_version,
)
from app.services.desk import Desk
from app.services.role import may_see_documents, may_see_health

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.night import Month

__all__ = [
    "DEFAULT_VERSION",
    "YES",
    "ConsentDraft",
    "ConsentRow",
    "ConsentSheet",
    "ConsentState",
    "Consents",
    "PaperDraft",
    "PaperRow",
    "ReferralChoice",
    "consent_state",
    "guests_without_consent",
    "is_each_time",
    "text_version",
]

PROGRAMME = "C1"
"""The free choice to join the programme."""
LONGEST_VERSION = 20


@dataclass(frozen=True, slots=True)
class ConsentDraft:
    """An answer to one purpose, as it was given."""

    guest: GuestId
    kind: str
    answer: str
    given_on: date
    language: str | None = None
    version: str | None = None
    interpreter: str | None = None
    referral: ReferralId | None = None


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """A paper that was read and given."""

    guest: GuestId
    kind: str
    given_on: date
    language: str | None = None
    version: str | None = None
    interpreter: str | None = None


class Consents:
    """The answers and papers of the guests; for the roles that may see documents."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_guest(self, guest: GuestId) -> ConsentSheet:
        """Return what was asked of a guest and given to her; raises RoleMayNot."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_documents)
            self._desk.note(session, "read", "consent", guest)
            with_health = may_see_health(self._desk.role(session))
            answers = history(session, guest, with_health=with_health)
            return ConsentSheet(
                states=states(answers),
                history=answers,
                papers=papers(session, guest),
                referrals=referrals(session, guest) if with_health else (),
                version=text_version(session),
            )

    def record(self, draft: ConsentDraft) -> ConsentId:
        """Write an answer; the one before stays in the history.

        Raises DayInFuture, UnknownCode, ConsentNeedsReferral, WordsTooMany, NotFound or RoleMayNot.
        """
        purpose = require("consent", draft.kind)
        require("consent_answer", draft.answer)
        self._check(draft.given_on, draft.language, draft.version, draft.interpreter)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_documents)
            _require_guest(session, draft.guest)
            if purpose.flag("each_time"):
                self._desk.require_role(session, may_see_health)
            if purpose.flag("each_time") != (draft.referral is not None):
                raise ConsentNeedsReferral
            known = {choice.id for choice in referrals(session, draft.guest)}
            if draft.referral is not None and draft.referral not in known:
                raise ConsentNeedsReferral
            found = Consent(
                guest_id=draft.guest,
                kind=draft.kind,
                answer=draft.answer,
                given_on=draft.given_on,
                language=draft.language,
                version=(draft.version or "").strip() or None,
                interpreter=draft.interpreter,
                referral_id=draft.referral,
                written_by=self._desk.vault.operator,
                written_at=self._desk.now(),
            )
            session.add(found)
            session.flush()
            self._desk.note(session, "record", "consent", draft.guest)
            return ConsentId(found.id)

    def withdraw(self, consent: ConsentId, on: date) -> None:
        """Write that a yes holds no more from a day on; raises ConsentNotStanding, DayInFuture or RoleMayNot."""
        if on > self._desk.today():
            raise DayInFuture(day=on)
        with self._desk.vault.work() as session:
            found = self._get(session, consent)
            if found.answer != YES or found.withdrawn_on is not None or on < found.given_on:
                raise ConsentNotStanding
            found.withdrawn_on = on
            self._desk.note(session, "withdraw", "consent", found.guest_id)

    def remove(self, consent: ConsentId) -> None:
        """Take out an answer that was written by mistake and never given; noted. Raises NotFound or RoleMayNot."""
        with self._desk.vault.work() as session:
            found = self._get(session, consent)
            self._desk.note(session, "remove", "consent", found.guest_id)
            session.delete(found)

    def give_paper(self, draft: PaperDraft) -> int:
        """Write that a paper was read and given; raises DayInFuture, UnknownCode, WordsTooMany or RoleMayNot."""
        require("paper", draft.kind)
        self._check(draft.given_on, draft.language, draft.version, draft.interpreter)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_documents)
            _require_guest(session, draft.guest)
            paper = PaperGiven(
                guest_id=draft.guest,
                kind=draft.kind,
                given_on=draft.given_on,
                language=draft.language,
                version=(draft.version or "").strip() or None,
                interpreter=draft.interpreter,
                written_by=self._desk.vault.operator,
                written_at=self._desk.now(),
            )
            session.add(paper)
            session.flush()
            self._desk.note(session, "give", "paper", draft.guest)
            return paper.id

    def remove_paper(self, paper: int) -> None:
        """Take out a paper that was written by mistake; noted. Raises NotFound or RoleMayNot."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_documents)
            found = session.get(PaperGiven, paper)
            if found is None:
                raise NotFound(what="paper", id=paper)
            self._desk.note(session, "remove", "paper", found.guest_id)
            session.delete(found)

    def set_text_version(self, version: str) -> None:
        """Propose another version of the texts from now on; an empty one brings back the first."""
        wanted = version.strip()
        _check_version(wanted)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_documents)
            session.merge(Setting(name=VERSION_SETTING, value=wanted or DEFAULT_VERSION))
            self._desk.note(session, "change", "setting")

    def _get(self, session: Session, consent: ConsentId) -> Consent:
        self._desk.require_role(session, may_see_documents)
        found = session.get(Consent, consent)
        if found is None:
            raise NotFound(what="consent", id=consent)
        if is_each_time(found.kind):
            self._desk.require_role(session, may_see_health)
        return found

    def _check(self, day: date, language: str | None, version: str | None, interpreter: str | None) -> None:
        if day > self._desk.today():
            raise DayInFuture(day=day)
        if language is not None:
            require("language", language)
        if interpreter is not None:
            require("interpreter", interpreter)
        _check_version(version or "")


def consent_state(session: Session, guest: GuestId) -> tuple[ConsentState, ...]:
    """Return what holds now for every purpose, inside a transaction that is already open."""
    return states(history(session, guest, with_health=True))


def guests_without_consent(session: Session, house: int, month: Month) -> list[tuple[GuestId, str]]:
    """Return who slept in a house in a month without a yes to the programme that held on her last night: id and code.

    An answer that was given only afterwards counts: it was asked late, and now it is written. A minor who is there with
    an adult of her household is not asked.
    """
    after = month.last + timedelta(days=1)
    nights = (
        select(Stay.guest_id, func.max(func.min(func.coalesce(Stay.exit_on, FOREVER), after)))
        .where(
            Stay.house_id == house,
            Stay.entered_on <= month.last,
            func.coalesce(Stay.exit_on, FOREVER) > month.first,
            func.coalesce(Stay.exit_on, FOREVER) > Stay.entered_on,
        )
        .group_by(Stay.guest_id)
    )
    last_nights = {guest: date.fromisoformat(str(end)) - timedelta(days=1) for guest, end in session.execute(nights)}
    answers: dict[int, list[Consent]] = {}
    asked = select(Consent).where(Consent.kind == PROGRAMME).order_by(Consent.given_on, Consent.id)
    for answer in session.scalars(asked.where(Consent.guest_id.in_(last_nights))):
        answers.setdefault(answer.guest_id, []).append(answer)
    missing = [guest for guest, night in last_nights.items() if not _held(answers.get(guest, []), night)]
    named = select(Guest).where(Guest.id.in_(missing)).order_by(Guest.code)
    return [
        (GuestId(guest.id), guest.code)
        for guest in session.scalars(named)
        if not _is_accompanied(session, guest, house, last_nights[guest.id])
    ]


def _is_accompanied(session: Session, guest: Guest, house: int, night: date) -> bool:
    """Tell whether a guest is a minor on a night that an adult of her household spends in the same house."""
    if guest.household_id is None or not is_minor_on(guest.birth_date, night):
        return False
    others = (
        select(Guest.birth_date)
        .join(Stay, Stay.guest_id == Guest.id)
        .where(
            Guest.household_id == guest.household_id,
            Guest.id != guest.id,
            Stay.house_id == house,
            Stay.entered_on <= night,
            func.coalesce(Stay.exit_on, FOREVER) > night,
        )
    )
    return any(not is_minor_on(birth, night) for birth in session.scalars(others))


def _held(answers: list[Consent], night: date) -> bool:
    """Tell whether a yes held on a night, by the last answer before it or, for want of one, the last after it."""
    before = [answer for answer in answers if answer.given_on <= night]
    deciding = before[-1] if before else answers[-1] if answers else None
    if deciding is None or deciding.answer != YES:
        return False
    return deciding.withdrawn_on is None or deciding.withdrawn_on > night


def _require_guest(session: Session, guest: GuestId) -> None:
    if session.get(Guest, guest) is None:
        raise NotFound(what="guest", id=guest)


def _check_version(version: str) -> None:
    if len(version.strip()) > LONGEST_VERSION:
        raise WordsTooMany(most=LONGEST_VERSION)
