"""Health coverage: by what right a guest is treated, until when, and its number on demand.

The number lies in a table of its own and is in no list, search or print; reading it is noted. Referrals are in
`app.services.referral`, reminders in `app.services.deadline`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from app.errors import CoverageEndsEarly, CoverageNumberWrong, DayInFuture, NotFound
from app.models.coverage import Coverage, CoverageNumber
from app.models.guest import Guest
from app.models.stay import Stay
from app.reference.codelist import codelist, require
from app.reference.ids import CoverageId, GuestId, HouseId
from app.reference.unreadable import Unreadable
from app.services.desk import Desk
from app.services.role import may_see_health
from app.services.term import Terms, read_terms

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NONE, UNCERTAIN = "NESSUNA", "DA_VERIFICARE"
_LONGEST_NUMBER = 40

CoverageState = Literal["past", "valid", "expiring", "expired", "undated", "missing", "to_check"]


@dataclass(frozen=True, slots=True)
class CoverageDraft:
    """What is written of a coverage; `number` None leaves a number that is there, an empty one takes it away."""

    kind: str
    from_day: date
    until_day: date | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A coverage as the card shows it: never its number."""

    id: CoverageId
    guest: GuestId
    kind: str
    from_day: date
    until_day: date | None
    has_number: bool
    state: CoverageState
    days_left: int | None = None
    """To the expiry of the one in force; negative when it is past."""


@dataclass(frozen=True, slots=True)
class HouseCoverage:
    """A guest who is here, with the coverage in force; None when nothing was written."""

    guest: GuestId
    code: str
    name_used: str
    coverage: CoverageRow | None


class Coverages:
    """The coverages of guests; every question asks for a role that may see health."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def proposed_until(self, kind: str, from_day: date) -> date | None:
        """Return the usual expiry of a coverage that begins on a day: six months for STP and ENI, unless changed."""
        require("coverage", kind)
        with self._desk.vault.work() as session:
            return read_terms(session).coverage_until(kind, from_day)

    def add(self, guest: GuestId, draft: CoverageDraft) -> CoverageId:
        """Write a coverage, new or renewed; those before it stay as history.

        Raises DayInFuture, CoverageEndsEarly, CoverageNumberWrong, UnknownCode, NotFound or RoleMayNot.
        """
        self._check(draft)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_health)
            if session.get(Guest, guest) is None:
                raise NotFound(what="guest", id=guest)
            made = Coverage(guest_id=guest, kind=draft.kind, from_day=draft.from_day, until_day=_until(draft))
            session.add(made)
            session.flush()
            _write_number(session, made, draft.number)
            self._desk.note(session, "add", "coverage", guest)
            return CoverageId(made.id)

    def change(self, coverage: CoverageId, draft: CoverageDraft) -> None:
        """Put a coverage right; raises as `add` does."""
        self._check(draft)
        with self._desk.vault.work() as session:
            found = self._get(session, coverage)
            if draft.number is None and draft.kind != found.kind:
                _keep_fitting(session, found, draft.kind)
            found.kind, found.from_day, found.until_day = draft.kind, draft.from_day, _until(draft)
            _write_number(session, found, draft.number)
            self._desk.note(session, "change", "coverage", found.guest_id)

    def withdraw(self, coverage: CoverageId) -> None:
        """Take away a coverage that was written by mistake, with its number; the trail keeps that it was."""
        with self._desk.vault.work() as session:
            found = self._get(session, coverage)
            session.delete(found)
            # The trail names the guest: the number of a coverage that is gone may be given to another.
            self._desk.note(session, "withdraw", "coverage", found.guest_id)

    def reveal(self, coverage: CoverageId) -> str:
        """Return the number, empty when there is none, and note in the trail that it was shown."""
        with self._desk.vault.work() as session:
            found = self._get(session, coverage)
            number = session.get(CoverageNumber, coverage)
            self._desk.note(session, "reveal", "coverage", found.guest_id)
            return number.number if number is not None else ""

    def of_guest(self, guest: GuestId) -> list[CoverageRow]:
        """Return a guest's coverages, the newest first: the first that has begun is the one in force."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_health)
            return self._rows(session, [guest]).get(guest, [])

    def of_house(self, house: HouseId) -> list[HouseCoverage]:
        """Return every guest who is in a house now with her coverage, what needs a hand first."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_health)
            here = session.execute(
                select(Guest.id, Guest.code, Guest.name_used)
                .join(Stay, Stay.guest_id == Guest.id)
                .where(Stay.house_id == house, Stay.exit_on.is_(None))
                .order_by(Guest.name_used, Guest.code)
            ).all()
            known = self._rows(session, [GuestId(number) for number, _, _ in here])
        rows = [
            HouseCoverage(GuestId(number), code, name, next(iter(known.get(GuestId(number), [])), None))
            for number, code, name in here
        ]
        return sorted(rows, key=_pressing)

    # --- inside

    def _check(self, draft: CoverageDraft) -> None:
        kind = require("coverage", draft.kind)
        if draft.from_day > self._desk.today():
            raise DayInFuture(day=draft.from_day)
        if draft.until_day is not None and draft.until_day < draft.from_day:
            raise CoverageEndsEarly
        number = tidy_number(draft.number or "")
        if number and not number_fits(kind.code, number):
            raise CoverageNumberWrong(kind=kind.code)

    def _get(self, session: Session, coverage: CoverageId) -> Coverage:
        self._desk.require_role(session, may_see_health)
        found = session.get(Coverage, coverage)
        if found is None:
            raise NotFound(what="coverage", id=coverage)
        return found

    def _rows(self, session: Session, guests: list[GuestId]) -> dict[GuestId, list[CoverageRow]]:
        terms, today = read_terms(session), self._desk.today()
        query = (
            select(Coverage, CoverageNumber.coverage_id)
            .outerjoin(CoverageNumber, CoverageNumber.coverage_id == Coverage.id)
            .where(Coverage.guest_id.in_(guests))
            .order_by(Coverage.from_day.desc(), Coverage.id.desc())
        )
        rows: dict[GuestId, list[CoverageRow]] = {}
        for found, number in session.execute(query):
            of_guest = rows.setdefault(GuestId(found.guest_id), [])
            of_guest.append(_row(found, terms, today, in_force=not of_guest, has_number=number is not None))
        return rows


def may_have_number(kind: str) -> bool:
    """Tell whether a kind of coverage has a number at all."""
    return kind not in (NONE, UNCERTAIN)


def tidy_number(text: str) -> str:
    """Return a number as it is kept: without blanks and marks between its parts, in capitals."""
    return re.sub(r"[\s./-]", "", text).upper()


def number_fits(kind: str, number: str) -> bool:
    """Tell whether a tidy number has the form of its kind; where none is known, only its length is judged."""
    if not may_have_number(kind):
        return False
    pattern = codelist("coverage").get(kind).text("pattern")
    return len(number) <= _LONGEST_NUMBER and (not pattern or re.fullmatch(pattern, number) is not None)


def _until(draft: CoverageDraft) -> date | None:
    return draft.until_day if codelist("coverage").get(draft.kind).flag("expires") else None


def _write_number(session: Session, coverage: Coverage, number: str | None) -> None:
    """Write the number, or take it away when it is empty; None leaves it as it is."""
    if number is None:
        return
    kept, tidy = session.get(CoverageNumber, coverage.id), tidy_number(number)
    if kept is not None and not tidy:
        session.delete(kept)
    elif kept is not None:
        kept.number = tidy
    elif tidy:
        session.add(CoverageNumber(coverage_id=coverage.id, number=tidy))


def _keep_fitting(session: Session, coverage: Coverage, kind: str) -> None:
    """Refuse another kind that the number which is kept does not fit; drop the number where the kind has none."""
    kept = session.get(CoverageNumber, coverage.id)
    if kept is None:
        return
    if not may_have_number(kind):
        session.delete(kept)
    elif not number_fits(kind, kept.number):
        raise CoverageNumberWrong(kind=kind)


def _row(found: Coverage, terms: Terms, today: date, *, in_force: bool, has_number: bool) -> CoverageRow:
    left = (found.until_day - today).days if found.until_day is not None else None
    return CoverageRow(
        CoverageId(found.id),
        GuestId(found.guest_id),
        found.kind,
        found.from_day,
        found.until_day,
        has_number,
        _state(found.kind, left, terms.coverage_alert) if in_force else "past",
        left if in_force else None,
    )


def _state(kind: str, days_left: int | None, alert: int) -> CoverageState:
    if kind == NONE:
        return "missing"
    if kind == UNCERTAIN or isinstance(kind, Unreadable):
        return "to_check"
    if days_left is None:
        return "undated" if codelist("coverage").get(kind).flag("expires") else "valid"
    if days_left < 0:
        return "expired"
    return "expiring" if days_left <= alert else "valid"


_ORDER: tuple[CoverageState | None, ...] = ("expired", "expiring", "missing", None, "to_check", "undated", "valid")


def _pressing(row: HouseCoverage) -> tuple[int, int]:
    state = row.coverage.state if row.coverage is not None else None
    left = row.coverage.days_left if row.coverage is not None else None
    return _ORDER.index(state), left if left is not None else 0
