"""Two records of one person joined, and parted again while no closed month would change.

Which rows move is in `app.services.joining`; who may be the same is found in `app.services.likeness`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.orm import aliased

from app.errors import (
    ApprodoError,
    LaterMergeFirst,
    MergeChangesClosed,
    MergeNeedsCoordination,
    MergeOverlaps,
    NotFound,
)
from app.models.guest import Guest, GuestMerge
from app.models.house import House
from app.models.night import Month
from app.models.stay import FOREVER, Stay
from app.models.work import MonthClose, Operator
from app.reference.ids import GuestId, MergeId
from app.reference.texts import say_month
from app.services.desk import Desk
from app.services.household import household_members
from app.services.joining import Joined, join, part, rows_going_back
from app.services.role import may_merge
from app.services.sealed_copy import from_text, to_text
from app.services.totals import MonthFigures, exact_figures

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class MergeSide:
    """One of the two records as they stand side by side; the declared name is not among what is told."""

    id: GuestId
    code: str
    name_used: str
    birth_date: date | None
    birth_quality: str
    gender: str
    citizenships: tuple[str, ...]
    languages: tuple[str, ...]
    household: tuple[str, ...]
    stays: tuple[tuple[str, date, date | None], ...]
    """House, entry and exit of each stay, the newest first."""


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What joining would do, tried and taken back; `problem` says why it cannot be done, and what to do first.

    `moved` and `left` count rows by table, `filled` names fields as `table.column`, `differing` those of the guest in
    which both say something else and the kept record's word stays.
    """

    kept: MergeSide
    merged: MergeSide
    moved: tuple[tuple[str, int], ...] = ()
    filled: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    left: tuple[tuple[str, int], ...] = ()
    problem: ApprodoError | None = None


@dataclass(frozen=True, slots=True)
class MergeLine:
    """A record that was joined into a guest's, by whom and when; only the last of them can be parted."""

    id: MergeId
    code: str
    name_used: str
    merged_at: datetime
    merged_by: str
    moved: tuple[tuple[str, int], ...] = field(default=())
    is_last: bool = False


class _OnlyTried(Exception):
    """Ends a trial, so that the store takes back what it did."""


class Merges:
    """Two records of one person joined, and parted again while no closed month would change."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def preview(self, kept: GuestId, merged: GuestId) -> MergePreview:
        """Return what joining two records would do; nothing is written. Raises NotFound or RoleMayNot."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_merge)
            self._desk.note(session, "read", "guest", kept)
            self._desk.note(session, "read", "guest", merged)
            one, other = _two(session, kept, merged)
            sides = (_side(session, one), _side(session, other))
            differing = _differing(one, other)
            done, problem = Joined(), None
            try:
                with session.begin_nested():
                    done = _joined(session, one, other)
                    raise _OnlyTried
            except _OnlyTried:
                pass
            except (MergeOverlaps, MergeChangesClosed, MergeNeedsCoordination) as refused:
                problem = refused
        return MergePreview(
            *sides, tuple(done.moved().items()), tuple(done.changed()), differing, tuple(done.left.items()), problem
        )

    def merge(self, kept: GuestId, merged: GuestId) -> MergeId:
        """Join the second record into the first; `undo` parts them again.

        Raises MergeOverlaps (both have a stay on the same night), MergeChangesClosed (a closed month would count
        other persons), MergeNeedsCoordination (both hold what keeps her safe), RoleMayNot or NotFound; then nothing is
        written.
        """
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_merge)
            done = _joined(session, *_two(session, kept, merged))
            row = GuestMerge(
                kept_id=kept,
                merged_id=merged,
                content=to_text(done.content()),
                merged_by=self._desk.vault.operator,
                merged_at=self._desk.now(),
            )
            session.add(row)
            session.flush()
            self._desk.note(session, "merge", "merge", row.id)
            return MergeId(row.id)

    def undo(self, merge: MergeId) -> None:
        """Part two records again: every row goes back to where it was, what was written since stays with the kept one.

        Raises LaterMergeFirst, MergeChangesClosed, RoleMayNot or NotFound; then nothing is written.
        """
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_merge)
            row = session.get(GuestMerge, merge)
            if row is None or row.undone_at is not None:
                raise NotFound(what="merge", id=merge)
            if (later := _later(session, row)) is not None:
                raise LaterMergeFirst(code=session.get_one(Guest, later.merged_id).code)
            kept, merged, content = row.kept_id, row.merged_id, from_text(row.content)
            going = rows_going_back(session, kept, content)[Stay.__tablename__]
            of_kept, moved = Stay.guest_id == kept, Stay.id.in_(going)
            before = _closed_figures(session, and_(of_kept, not_(moved)), and_(of_kept, moved))
            part(session, kept, merged, content)
            _refuse_other_figures(session, before)
            row = session.get_one(GuestMerge, merge)
            row.undone_by, row.undone_at = self._desk.vault.operator, self._desk.now()
            row.content = to_text(Joined().content())  # two persons: neither keeps a word of the other
            self._desk.note(session, "part", "merge", merge)

    def of_guest(self, guest: GuestId) -> tuple[MergeLine, ...]:
        """Return the records that are joined into a guest's, the last first; raises RoleMayNot."""
        joined = aliased(Guest)
        query = (
            select(GuestMerge, joined.code, joined.name_used, Operator.display_name)
            .join(joined, joined.id == GuestMerge.merged_id)
            .outerjoin(Operator, Operator.id == GuestMerge.merged_by)
            .where(GuestMerge.kept_id == guest, GuestMerge.undone_at.is_(None))
            .order_by(GuestMerge.id.desc())
        )
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_merge)
            return tuple(
                MergeLine(
                    MergeId(row.id),
                    code,
                    name,
                    row.merged_at,
                    by or "",
                    _moved(row.content),
                    _later(session, row) is None,
                )
                for row, code, name, by in session.execute(query)
            )


def _two(session: Session, kept: GuestId, merged: GuestId) -> tuple[Guest, Guest]:
    """Return both records; one that is joined already, or the same twice, cannot be joined."""
    one, other = session.get(Guest, kept), session.get(Guest, merged)
    if one is None or other is None or one is other:
        raise NotFound(what="guest", id=merged)
    if one.merged_into_id is not None or other.merged_into_id is not None:
        raise NotFound(what="guest", id=merged)
    return one, other


def _joined(session: Session, kept: Guest, merged: Guest) -> Joined:
    _refuse_overlap(session, kept, merged)
    before = _closed_figures(session, Stay.guest_id == kept.id, Stay.guest_id == merged.id)
    done = join(session, kept, merged)
    _refuse_other_figures(session, before)
    return done


def _refuse_overlap(session: Session, kept: Guest, merged: Guest) -> None:
    theirs = list(session.scalars(select(Stay).where(Stay.guest_id == merged.id)))
    for own in session.scalars(select(Stay).where(Stay.guest_id == kept.id)):
        for other in theirs:
            if own.overlaps(other.entered_on, other.exit_on):
                raise MergeOverlaps(day=max(own.entered_on, other.entered_on), kept=kept.code, merged=merged.code)


# --- closed months: what they counted must stay what the register counts


def _closed_figures(
    session: Session, one: ColumnElement[bool], other: ColumnElement[bool]
) -> dict[tuple[int, Month], MonthFigures]:
    """Return the figures, as the register counts them now, of the closed months that joining two records may change.

    A figure tells persons apart, nothing else of them: it can only change where both have a stay in the same house.
    """
    shared = _closed_months(session, one) & _closed_months(session, other)
    return {(house, month): exact_figures(session, house, month) for house, month in shared}


def _closed_months(session: Session, of_stay: ColumnElement[bool]) -> set[tuple[int, Month]]:
    """Return the closed months, each with its house, on which some stays touch; the day of exit still does."""
    query = (
        select(Stay.house_id, Stay.entered_on, func.coalesce(Stay.exit_on, FOREVER), MonthClose.month)
        .join(MonthClose, MonthClose.house_id == Stay.house_id)
        .where(of_stay, MonthClose.reopened_at.is_(None))
    )
    found = ((house, first, last, Month.parse(month)) for house, first, last, month in session.execute(query))
    return {(house, month) for house, first, last, month in found if first <= month.last and month.first <= last}


def _refuse_other_figures(session: Session, before: dict[tuple[int, Month], MonthFigures]) -> None:
    changed = [place for place, figures in before.items() if exact_figures(session, *place) != figures]
    if changed:
        named = [
            f"{say_month(month.year, month.number)} ({session.get_one(House, house).name})"
            for house, month in sorted(changed, key=lambda place: (place[1].first, place[0]))
        ]
        raise MergeChangesClosed(months=", ".join(named))


def _later(session: Session, row: GuestMerge) -> GuestMerge | None:
    """Return a joining after this one that has to be undone first: it built on what this one made."""
    both = (row.kept_id, row.merged_id)
    return session.scalars(
        select(GuestMerge)
        .where(
            GuestMerge.id > row.id,
            GuestMerge.undone_at.is_(None),
            or_(GuestMerge.kept_id.in_(both), GuestMerge.merged_id.in_(both)),
        )
        .order_by(GuestMerge.id.desc())
        .limit(1)
    ).one_or_none()


# --- what is told


def _side(session: Session, guest: Guest) -> MergeSide:
    stays = session.execute(
        select(House.name, Stay.entered_on, Stay.exit_on)
        .join(House, House.id == Stay.house_id)
        .where(Stay.guest_id == guest.id)
        .order_by(Stay.entered_on.desc())
    )
    return MergeSide(
        GuestId(guest.id),
        guest.code,
        guest.name_used,
        guest.birth_date,
        guest.birth_quality,
        guest.gender,
        tuple(each.country for each in guest.citizenships),
        tuple(each.language for each in sorted(guest.languages, key=lambda each: each.rank)),
        tuple(each.name_used for each in household_members(session, guest) if each.id != guest.id),
        tuple((house, entered, left) for house, entered, left in stays),
    )


def _differing(kept: Guest, merged: Guest) -> tuple[str, ...]:
    told = {
        "name_used": (kept.name_used, merged.name_used),
        "birth_date": (kept.birth_date, merged.birth_date),
        "gender": (kept.gender, merged.gender),
        "declared_name": (_declared(kept), _declared(merged)),
    }
    return tuple(
        name for name, (own, theirs) in told.items() if {own, theirs}.isdisjoint({None, "", "ND"}) and own != theirs
    )


def _declared(guest: Guest) -> str:
    return f"{guest.given_name or ''} {guest.family_name or ''}".strip().casefold()


def _moved(content: str) -> tuple[tuple[str, int], ...]:
    kept = from_text(content)
    return tuple((name, len(rows)) for name, rows in {**kept["rows"], **kept["facts"]}.items() if rows)
