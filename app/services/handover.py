"""Handover notes between shifts, with who has read them.

A note about a guest is no diary: what must last is written there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert

from app.errors import FieldMissing, NotFound
from app.models.guest import Guest
from app.models.shift import Handover, HandoverRead
from app.models.work import Operator
from app.reference.ids import GuestId, HandoverId, HouseId
from app.services.desk import Desk
from app.services.role import may_see_handovers

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

DAYS_SHOWN = 14
"""How far the list looks back at first, and how far back a note still counts as unread."""


@dataclass(frozen=True, slots=True)
class HandoverDraft:
    """A note as somebody writes it: about the house, or about one guest."""

    house: HouseId
    text: str
    guest: GuestId | None = None
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class ReadMark:
    """Who read a note, and when."""

    name: str
    at: datetime
    mine: bool = False


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """A note with who wrote it, who read it and who did what it asks."""

    id: HandoverId
    text: str
    is_urgent: bool
    written_by: str
    written_at: datetime
    mine: bool
    guest: GuestId | None = None
    guest_name: str = ""
    reads: tuple[ReadMark, ...] = ()
    done_by: str = ""
    done_at: datetime | None = None

    @property
    def unread(self) -> bool:
        """Whether the operator at the desk has still to read it: not her own, not done, no mark of hers."""
        return not self.mine and self.done_at is None and not any(mark.mine for mark in self.reads)


@dataclass(frozen=True, slots=True)
class HandoverBook:
    """The notes of some days: those to read first, the urgent among them first, then the rest, the newest first."""

    rows: tuple[HandoverRow, ...] = ()
    days: int = DAYS_SHOWN
    has_older: bool = False

    @property
    def unread(self) -> int:
        """How many are to be read."""
        return sum(row.unread for row in self.rows)


@dataclass(frozen=True, slots=True)
class UnreadHandovers:
    """What the page of the day says of the notes."""

    count: int = 0
    urgent: int = 0


class Handovers:
    """What a shift tells the next."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def write(self, draft: HandoverDraft) -> HandoverId:
        """Write a note; raises RoleMayNot, FieldMissing or NotFound."""
        if not draft.text.strip():
            raise FieldMissing(field="text")
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_handovers)
            if draft.guest is not None and session.get(Guest, draft.guest) is None:
                raise NotFound(what="guest", id=draft.guest)
            note = Handover(
                house_id=draft.house,
                guest_id=draft.guest,
                text=draft.text.strip(),
                is_urgent=draft.is_urgent,
                written_by=self._desk.vault.operator,
                written_at=self._desk.now(),
            )
            session.add(note)
            session.flush()
            self._desk.note(session, "write", "handover", note.id)
            return HandoverId(note.id)

    def list_rows(self, house: HouseId, *, days: int = DAYS_SHOWN) -> HandoverBook:
        """Return the notes of the last days; raises RoleMayNot."""
        since = self._desk.now() - timedelta(days=days)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_handovers)
            self._desk.note(session, "read", "handover")
            rows = self._rows(session, (Handover.house_id == house) & (Handover.written_at >= since))
            older = select(Handover.id).where(Handover.house_id == house, Handover.written_at < since).limit(1)
            return HandoverBook(tuple(sorted(rows, key=_order)), days, session.scalar(older) is not None)

    def of_guest(self, guest: GuestId, *, limit: int = 20) -> tuple[HandoverRow, ...]:
        """Return the last notes about a guest, the newest first; raises RoleMayNot."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_handovers)
            self._desk.note(session, "read", "handover")
            return tuple(self._rows(session, Handover.guest_id == guest, limit=limit))

    def unread(self, house: HouseId) -> UnreadHandovers:
        """Return how many notes wait for the operator; none for a role that may not read them."""
        with self._desk.vault.work() as session:
            return unread_handovers(session, self._desk, house)

    def read(self, notes: Iterable[HandoverId]) -> None:
        """Write that the operator has read these notes; raises RoleMayNot. What she has read already stays so."""
        wanted = list(notes)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_handovers)
            for note in wanted:
                _get(session, note)
                mark = insert(HandoverRead).values(
                    handover_id=note, operator_id=self._desk.vault.operator, read_at=self._desk.now()
                )
                session.execute(mark.on_conflict_do_nothing())
                self._desk.note(session, "mark_read", "handover", note)

    def finish(self, note: HandoverId) -> None:
        """Write that what a note asks is done; raises RoleMayNot or NotFound."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_handovers)
            found = _get(session, note)
            found.done_by, found.done_at = self._desk.vault.operator, self._desk.now()
            self._desk.note(session, "close", "handover", note)

    def reopen(self, note: HandoverId) -> None:
        """Take back that a note is done; raises RoleMayNot or NotFound."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_handovers)
            found = _get(session, note)
            found.done_by = found.done_at = None
            self._desk.note(session, "reopen", "handover", note)

    def _rows(self, session: Session, wanted: ColumnElement[bool], *, limit: int | None = None) -> list[HandoverRow]:
        query = (
            select(Handover, Guest.name_used)
            .outerjoin(Guest, Guest.id == Handover.guest_id)
            .where(wanted)
            .order_by(Handover.written_at.desc(), Handover.id.desc())
            .limit(limit)
        )
        found = session.execute(query).all()
        names = {number: name for number, name in session.execute(select(Operator.id, Operator.display_name))}  # noqa: C416 - a Row is no tuple to mypy
        reads = self._reads(session, [note.id for note, _ in found], names)
        me = self._desk.vault.operator
        return [
            HandoverRow(
                HandoverId(note.id),
                note.text,
                note.is_urgent,
                names.get(note.written_by or 0, ""),
                note.written_at,
                me is not None and note.written_by == me,
                GuestId(note.guest_id) if note.guest_id is not None else None,
                name or "",
                tuple(reads[note.id]),
                names.get(note.done_by or 0, ""),
                note.done_at,
            )
            for note, name in found
        ]

    def _reads(self, session: Session, notes: list[int], names: dict[int, str]) -> dict[int, list[ReadMark]]:
        marks: dict[int, list[ReadMark]] = defaultdict(list)
        query = select(HandoverRead).where(HandoverRead.handover_id.in_(notes)).order_by(HandoverRead.read_at)
        for mark in session.scalars(query):
            mine = mark.operator_id == self._desk.vault.operator
            marks[mark.handover_id].append(ReadMark(names.get(mark.operator_id, ""), mark.read_at, mine))
        return marks


def unread_handovers(session: Session, desk: Desk, house: HouseId) -> UnreadHandovers:
    """Return how many notes of the last days wait for the operator, inside a transaction that is already open."""
    me = desk.vault.operator
    if me is None or not may_see_handovers(desk.role(session)):
        return UnreadHandovers()
    marked = select(HandoverRead.handover_id).where(
        HandoverRead.handover_id == Handover.id, HandoverRead.operator_id == me
    )
    query = select(func.count(), func.sum(Handover.is_urgent)).where(
        Handover.house_id == house,
        Handover.written_at >= desk.now() - timedelta(days=DAYS_SHOWN),
        Handover.done_at.is_(None),
        func.coalesce(Handover.written_by, 0) != me,
        ~marked.exists(),
    )
    count, urgent = session.execute(query).one()
    return UnreadHandovers(count, int(urgent or 0))


def _order(row: HandoverRow) -> tuple[bool, bool, float]:
    return not row.unread, not (row.unread and row.is_urgent), -row.written_at.timestamp()


def _get(session: Session, note: HandoverId) -> Handover:
    found = session.get(Handover, note)
    if found is None:
        raise NotFound(what="handover", id=note)
    return found
