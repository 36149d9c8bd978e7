"""The month of a house: its checks, its close, its reopening, its exact figures.

What of it may leave is decided in `app.services.totals` and, for breakdowns, by `app.services.press`; sending is in
`app.services.outbox`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import (
    BreakdownsStale,
    FieldMissing,
    MonthChanged,
    MonthHasErrors,
    MonthIsClosed,
    MonthIsFinal,
    MonthNotClosed,
    MonthNotOver,
)
from app.models.night import Month
from app.models.work import MonthClose, Operator
from app.reference.ids import HouseId
from app.services.attention import months_to_close
from app.services.breakdown import last_close as _last_close
from app.services.breakdown_set import drop, keep
from app.services.chain import head
from app.services.check import ERROR, Finding, check_month, for_role
from app.services.closing import is_closed
from app.services.counted import question_for
from app.services.desk import Desk
from app.services.press import Press, Reckoning
from app.services.tabulation import Answer, Question
from app.services.totals import MonthFigures, exact_figures

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class MonthState:
    """Where a month stands; `revision` is the last one closed, 0 when none was."""

    month: Month
    over: bool
    closed: bool
    revision: int
    closed_at: datetime | None
    closed_by: str | None = None
    reopened_at: datetime | None = None
    reopen_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """One closing of a month with its exact figures; `number` 0 is the month as it stands now, reopened."""

    number: int
    figures: MonthFigures
    closed_at: datetime | None
    closed_by: str | None
    reopened_at: datetime | None
    reopen_reason: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that differs between two revisions."""

    element: str
    before: int
    after: int


def difference(before: MonthFigures, after: MonthFigures) -> tuple[Change, ...]:
    """Return the figures that differ, in the order of their codes; one that only one side knows counts as 0 there."""
    was, now = ({f.element: f.value for f in figures.figures} for figures in (before, after))
    pairs = ((element, was.get(element, 0), now.get(element, 0)) for element in sorted(was.keys() | now.keys()))
    return tuple(Change(element, old, new) for element, old, new in pairs if old != new)


class Closing(Reckoning):
    """The close of a month with the tables that go with it."""

    __slots__ = ()


class Months:
    """The months of a house."""

    def __init__(self, desk: Desk, press: Press) -> None:
        self._desk = desk
        self._press = press

    def state(self, house: HouseId, month: Month) -> MonthState:
        """Return where a month stands."""
        with self._desk.vault.work() as session:
            last = _last_close(session, house, month)
            closed = last is not None and last.reopened_at is None
            return MonthState(
                month,
                self._desk.today() > month.last,
                closed,
                last.revision if last else 0,
                last.closed_at if last else None,
                _operator_name(session, last.closed_by) if last else None,
                last.reopened_at if last else None,
                last.reopen_reason if last else None,
            )

    def to_close(self, house: HouseId) -> list[Month]:
        """Return the months that are over since the first stay and are not closed; the oldest first."""
        with self._desk.vault.work() as session:
            return list(months_to_close(session, house, self._desk.today()))

    def checks(self, house: HouseId, month: Month) -> list[Finding]:
        """Return what a colleague would point at before the month is closed; errors first, names only for who may."""
        with self._desk.vault.work() as session:
            found = check_month(session, house, month, self._desk.today())
            return for_role(found, self._desk.role(session))

    def figures(self, house: HouseId, month: Month) -> MonthFigures:
        """Return the exact figures: those kept at the close, or for an open month those of this moment."""
        with self._desk.vault.work() as session:
            last = _last_close(session, house, month)
            if last is not None and last.reopened_at is None:
                return MonthFigures.from_json(last.figures)
            return exact_figures(session, house, month)

    def revisions(self, house: HouseId, month: Month) -> tuple[Revision, ...]:
        """Return every closing of a month, the first one first; a reopened month's present state comes last."""
        closes = (
            select(MonthClose)
            .where(MonthClose.house_id == house, MonthClose.month == str(month))
            .order_by(MonthClose.revision)
        )
        with self._desk.vault.work() as session:
            found = [
                Revision(
                    close.revision,
                    MonthFigures.from_json(close.figures),
                    close.closed_at,
                    _operator_name(session, close.closed_by),
                    close.reopened_at,
                    close.reopen_reason,
                )
                for close in session.scalars(closes)
            ]
            if found and found[-1].reopened_at is not None:
                found.append(Revision(0, exact_figures(session, house, month), None, None, None, None))
            return tuple(found)

    def close(self, house: HouseId, month: Month) -> int:
        """Freeze a month with the tables that are due with it, and return its revision: all three steps in a row.

        Raises MonthNotOver, MonthIsClosed, RoleMayNot, or MonthHasErrors when a check found an error.
        """
        closing = self.begin_close(house, month)
        return self.finish_close(closing, closing.work())

    def begin_close(self, house: HouseId, month: Month) -> Closing:
        """Check a month and gather what its tables are made of; nothing is written. Raises as `close` does."""
        with self._desk.vault.work() as session:
            self._require_closable(session, house, month)
            return Closing(house, month, question_for(session, house, month, self._desk.today()), self._press)

    def finish_close(self, closing: Closing, answer: Answer | None) -> int:
        """Freeze a month with its tables and return its revision; the ledger is not touched before they leave.

        Raises as `close` does, and MonthChanged when what the tables are made of is no longer as it was; then nothing
        is written.
        """
        house, month = closing.house, closing.month
        with self._desk.vault.work() as session:
            self._require_closable(session, house, month)
            question = question_for(session, house, month, self._desk.today())
            last = _last_close(session, house, month)
            close = MonthClose(
                house_id=house,
                month=str(month),
                revision=(last.revision if last else 0) + 1,
                figures=exact_figures(session, house, month).to_json(),
                closed_by=self._desk.vault.operator,
                closed_at=self._desk.now(),
                trail_head="",
            )
            session.add(close)
            session.flush()
            if question is not None:
                self._keep(session, close.id, question, answer)
            self._desk.note(session, "close", "month", close.id)
            close.trail_head = head(session)
            return close.revision

    def _keep(self, session: Session, close: int, question: Question, answer: Answer | None) -> None:
        try:
            if answer is None:
                raise BreakdownsStale
            keep(session, close, question, answer, self._desk.now())
        except BreakdownsStale:
            raise MonthChanged from None

    def _require_closable(self, session: Session, house: HouseId, month: Month) -> None:
        if self._desk.today() <= month.last:
            raise MonthNotOver(month=month)
        self._desk.require_coordination(session)
        if is_closed(session, house, month):
            raise MonthIsClosed(month=month)
        findings = check_month(session, house, month, self._desk.today())
        errors = [finding for finding in findings if finding.level == ERROR]
        if errors:
            raise MonthHasErrors(month=month, n=len(errors))

    def reopen(self, house: HouseId, month: Month, reason: str) -> None:
        """Open a closed month again for a stated reason; the next close is a new revision.

        Tables that were prepared and never left are thrown away with it; those that left stay in the ledger.

        Raises MonthNotClosed, or MonthIsFinal when facts behind it were erased.
        """
        if not reason.strip():
            raise FieldMissing(field="reason")
        with self._desk.vault.work() as session:
            self._desk.require_coordination(session)
            last = _last_close(session, house, month)
            if last is None or last.reopened_at is not None:
                raise MonthNotClosed(month=month)
            if last.is_final:
                raise MonthIsFinal(month=month)
            drop(session, last.id)
            last.reopened_at, last.reopen_reason = self._desk.now(), reason.strip()
            self._desk.note(session, "reopen", "month", last.id)


def _operator_name(session: Session, operator: int | None) -> str | None:
    found = session.get(Operator, operator) if operator is not None else None
    return found.display_name if found is not None else None
