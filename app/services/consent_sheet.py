"""What was asked of a guest and given to her, as it is read: answers, what holds now, papers.

Writing an answer and its rules are in `app.services.consent`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models.dossier import Consent, PaperGiven
from app.models.service import Referral
from app.models.stay import Stay
from app.models.work import Operator, Setting
from app.reference.codelist import codelist
from app.reference.ids import ConsentId, GuestId, ReferralId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

YES = "SI"
DEFAULT_VERSION = "2026-11"
"""The version of the texts that are read out and given, until the shelter says otherwise."""
VERSION_SETTING = "consent_version"


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One answer as it was written."""

    id: ConsentId
    kind: str
    answer: str
    given_on: date
    language: str | None
    version: str | None
    interpreter: str | None
    referral: ReferralId | None
    withdrawn_on: date | None
    written_by: str
    written_at: datetime

    @property
    def stands(self) -> bool:
        """Whether it is a yes that was not withdrawn."""
        return self.answer == YES and self.withdrawn_on is None


@dataclass(frozen=True, slots=True)
class ConsentState:
    """What holds now for one purpose, and for one referral where each is asked apart; None: never asked."""

    kind: str
    current: ConsentRow | None
    referral: ReferralId | None = None


@dataclass(frozen=True, slots=True)
class ReferralChoice:
    """A referral that a consent can be for."""

    id: ReferralId
    service: str
    requested_on: date


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper given, as it was written."""

    id: int
    kind: str
    given_on: date
    language: str | None
    version: str | None
    interpreter: str | None
    written_by: str


@dataclass(frozen=True, slots=True)
class ConsentSheet:
    """All that was asked of a guest and given to her."""

    states: tuple[ConsentState, ...]
    history: tuple[ConsentRow, ...]
    """Every answer, the newest first."""
    papers: tuple[PaperRow, ...]
    referrals: tuple[ReferralChoice, ...]
    """Her referrals, the newest first; none for who may not see health."""
    version: str
    """The version that a new answer is proposed with."""


def is_each_time(kind: str) -> bool:
    """Tell whether a consent is asked for every single referral."""
    return codelist("consent").get(kind).flag("each_time")


def text_version(session: Session) -> str:
    """Return the version that new answers and papers are proposed with."""
    found = session.get(Setting, VERSION_SETTING)
    return found.value if found is not None else DEFAULT_VERSION


def states(history: Iterable[ConsentRow]) -> tuple[ConsentState, ...]:
    """Return the state of each purpose in the order of its list; `history` begins with the newest answer."""
    latest: dict[tuple[str, ReferralId | None], ConsentRow] = {}
    for row in history:
        latest.setdefault((row.kind, row.referral), row)
    found: list[ConsentState] = []
    for entry in codelist("consent"):
        kept = [row for (kind, _), row in latest.items() if kind == entry.code]
        found += [ConsentState(entry.code, row, row.referral) for row in kept] or [ConsentState(entry.code, None)]
    return tuple(found)


def history(session: Session, guest: GuestId, *, with_health: bool) -> tuple[ConsentRow, ...]:
    """Return every answer of a guest, the newest first; those about health only `with_health`."""
    query = (
        select(Consent, Operator.display_name)
        .outerjoin(Operator, Consent.written_by == Operator.id)
        .where(Consent.guest_id == guest)
        .order_by(Consent.given_on.desc(), Consent.id.desc())
    )
    return tuple(
        ConsentRow(
            ConsentId(found.id),
            found.kind,
            found.answer,
            found.given_on,
            found.language,
            found.version,
            found.interpreter,
            ReferralId(found.referral_id) if found.referral_id is not None else None,
            found.withdrawn_on,
            name or "",
            found.written_at,
        )
        for found, name in session.execute(query)
        if with_health or not is_each_time(found.kind)
    )


def papers(session: Session, guest: GuestId) -> tuple[PaperRow, ...]:
    """Return the papers given to a guest, the newest first."""
    query = (
        select(PaperGiven, Operator.display_name)
        .outerjoin(Operator, PaperGiven.written_by == Operator.id)
        .where(PaperGiven.guest_id == guest)
        .order_by(PaperGiven.given_on.desc(), PaperGiven.id.desc())
    )
    return tuple(
        PaperRow(p.id, p.kind, p.given_on, p.language, p.version, p.interpreter, name or "")
        for p, name in session.execute(query)
    )


def referrals(session: Session, guest: GuestId) -> tuple[ReferralChoice, ...]:
    """Return a guest's referrals, the newest first."""
    query = (
        select(Referral.id, Referral.service, Referral.requested_on)
        .join(Stay, Referral.stay_id == Stay.id)
        .where(Stay.guest_id == guest)
        .order_by(Referral.requested_on.desc(), Referral.id.desc())
    )
    return tuple(ReferralChoice(ReferralId(n), service, day) for n, service, day in session.execute(query))
