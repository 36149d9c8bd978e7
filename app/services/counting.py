"""Who is not to be counted in breakdowns: she objects, her entry is under embargo, another shelter counts her.

Only what is still to be sent changes; what left stays. Totals (beds, nights, meals) count everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import DaysSwapped, NotFound
from app.models.ledger import Uncounted
from app.models.work import Operator
from app.reference.codelist import require
from app.reference.ids import GuestId
from app.services.breakdown_set import drop_naming
from app.services.desk import Desk
from app.services.kept_guest import kept_guest
from app.services.role import may_see_documents

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class UncountedDraft:
    """Why a guest is not counted and from which day; `until` is the first day on which she is again."""

    guest: GuestId
    kind: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class UncountedRow:
    """One reason as it was written; `stands` while it holds."""

    id: int
    kind: str
    since: date
    until: date | None
    by: str
    at: datetime
    stands: bool


@dataclass(frozen=True, slots=True)
class CountingSheet:
    """All reasons of a guest, the newest first."""

    rows: tuple[UncountedRow, ...]

    @property
    def is_counted(self) -> bool:
        """Whether no reason holds now."""
        return not any(row.stands for row in self.rows)


class Countings:
    """Who is left out of breakdowns; for the roles that may see consents."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_guest(self, guest: GuestId) -> CountingSheet:
        """Return why a guest is not counted, and since when; raises RoleMayNot or NotFound."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_documents)
            found = kept_guest(session, guest)
            rows = session.execute(
                select(Uncounted, Operator.display_name)
                .outerjoin(Operator, Operator.id == Uncounted.written_by)
                .where(Uncounted.guest_id == found.id)
                .order_by(Uncounted.id.desc())
            )
            today = self._desk.today()
            sheet = CountingSheet(tuple(_row(row, by, today) for row, by in rows))
            self._desk.note(session, "read", "consent", GuestId(found.id))
            return sheet

    def leave_out(self, draft: UncountedDraft) -> int:
        """Write that a guest is not to be counted; tables that wait to be sent are prepared again without her.

        Raises UnknownCode, DaysSwapped, RoleMayNot or NotFound.
        """
        require("uncounted", draft.kind)
        if draft.until is not None and draft.until <= draft.since:
            raise DaysSwapped
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_documents)
            found = kept_guest(session, draft.guest)
            row = Uncounted(
                guest_id=found.id,
                kind=draft.kind,
                from_day=draft.since,
                until_day=draft.until,
                written_by=self._desk.vault.operator,
                written_at=self._desk.now(),
            )
            session.add(row)
            session.flush()
            self._changed(session, found.id)
            return row.id

    def end(self, number: int, on: date) -> None:
        """Write that a reason holds no more from a day on; raises NotFound, DaysSwapped or RoleMayNot.

        Ended on the day on which it begins, it never held: the line is removed.
        """
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_documents)
            row = session.get(Uncounted, number)
            if row is None:
                raise NotFound(what="uncounted", id=number)
            if on < row.from_day:
                raise DaysSwapped
            guest = row.guest_id
            if on == row.from_day:
                session.delete(row)
            else:
                row.until_day = on
            self._changed(session, guest)

    def _changed(self, session: Session, guest: int) -> None:
        drop_naming(session, [guest])
        self._desk.note(session, "record", "consent", guest)


def _row(row: Uncounted, by: str | None, today: date) -> UncountedRow:
    stands = row.until_day is None or row.until_day > today
    return UncountedRow(row.id, row.kind, row.from_day, row.until_day, by or "", row.written_at, stands)
