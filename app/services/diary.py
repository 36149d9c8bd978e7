"""What the team notes about a guest; a correction keeps what was written.

Nothing is ever taken out here. Handover notes are in `app.services.handover`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from app.errors import DayInFuture, DiaryReplaced, FieldMissing, NotFound, WordsTooMany
from app.models.dossier import DiaryEntry
from app.models.guest import Guest
from app.models.work import Operator
from app.reference.codelist import require
from app.reference.fold import fold
from app.reference.ids import DiaryId, GuestId
from app.services.desk import Desk
from app.services.role import may_see_diary

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

LONGEST_TEXT = 8000
PAGE = 30


@dataclass(frozen=True, slots=True)
class DiaryDraft:
    """A note as it is written; with `replaces` it corrects an earlier one."""

    guest: GuestId
    day: date
    kind: str
    text: str = field(repr=False)
    replaces: DiaryId | None = None


@dataclass(frozen=True, slots=True)
class DiaryNote:
    """A note as it was written."""

    id: DiaryId
    day: date
    kind: str
    text: str = field(repr=False)
    author: str
    written_at: datetime
    before: tuple[DiaryNote, ...] = ()
    """What it corrects, the latest wording first."""


@dataclass(frozen=True, slots=True)
class DiaryPage:
    """Some notes, the newest day first, and whether there are more."""

    notes: tuple[DiaryNote, ...]
    more: bool


class Diaries:
    """The diary of each guest; for the roles that may see it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_guest(self, guest: GuestId, *, words: str = "", size: int = PAGE) -> DiaryPage:
        """Return the newest notes that hold every one of the words, accents and case aside; raises RoleMayNot."""
        later = aliased(DiaryEntry)
        query = (
            _notes()
            .where(DiaryEntry.guest_id == guest, ~exists().where(later.replaces_id == DiaryEntry.id))
            .order_by(DiaryEntry.day.desc(), DiaryEntry.id.desc())
            .limit(size + 1)
        )
        for word in fold(words).split():
            query = query.where(func.fold(DiaryEntry.text).contains(word, autoescape=True))
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_diary)
            self._desk.note(session, "read", "diary", guest)
            found = session.execute(query).all()
            notes = tuple(_note(session, entry, author) for entry, author in found[:size])
            return DiaryPage(notes, more=len(found) > size)

    def write(self, draft: DiaryDraft) -> DiaryId:
        """Write a note, or one that corrects another.

        Raises FieldMissing, WordsTooMany, DayInFuture, UnknownCode, DiaryReplaced, NotFound or RoleMayNot.
        """
        require("diary_kind", draft.kind)
        text = draft.text.strip()
        if not text:
            raise FieldMissing(field="text")
        if len(text) > LONGEST_TEXT:
            raise WordsTooMany(most=LONGEST_TEXT)
        if draft.day > self._desk.today():
            raise DayInFuture(day=draft.day)
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_diary)
            if session.get(Guest, draft.guest) is None:
                raise NotFound(what="guest", id=draft.guest)
            if draft.replaces is not None:
                _require_latest(session, draft.replaces, draft.guest)
            entry = DiaryEntry(
                guest_id=draft.guest,
                day=draft.day,
                kind=draft.kind,
                text=text,
                replaces_id=draft.replaces,
                written_by=self._desk.vault.operator,
                written_at=self._desk.now(),
            )
            session.add(entry)
            session.flush()
            self._desk.note(session, "add" if draft.replaces is None else "correct", "diary", draft.guest)
            return DiaryId(entry.id)


def _notes() -> Select[DiaryEntry, str]:
    return select(DiaryEntry, Operator.display_name).outerjoin(Operator, DiaryEntry.written_by == Operator.id)


def _note(session: Session, entry: DiaryEntry, author: str | None) -> DiaryNote:
    """Return a note with all that it corrects."""
    before: list[DiaryNote] = []
    earlier = entry.replaces_id
    while earlier is not None:
        old, wrote = session.execute(_notes().where(DiaryEntry.id == earlier)).one()
        before.append(_plain(old, wrote))
        earlier = old.replaces_id
    return _plain(entry, author, tuple(before))


def _plain(entry: DiaryEntry, author: str | None, before: tuple[DiaryNote, ...] = ()) -> DiaryNote:
    return DiaryNote(DiaryId(entry.id), entry.day, entry.kind, entry.text, author or "", entry.written_at, before)


def _require_latest(session: Session, note: DiaryId, guest: GuestId) -> None:
    """Raise NotFound when a note is not of this guest, DiaryReplaced when another corrects it already."""
    found = session.get(DiaryEntry, note)
    if found is None or found.guest_id != guest:
        raise NotFound(what="diary", id=note)
    if session.scalar(select(exists().where(DiaryEntry.replaces_id == note))):
        raise DiaryReplaced
