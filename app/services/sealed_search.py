"""The search in what is sealed: words of referrals, goals and steps, titles of documents, in memory while it is open.

They are read after unlocking, when somebody first searches, a few at a time; a lock forgets them. Who may find them is
decided in `app.services.search`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from app.models.dossier import Document
from app.models.inclusion import Goal, InclusionStep
from app.models.service import Referral
from app.reference.unreadable import says_unreadable
from app.services.found import DOCUMENT, GOAL, REFERRAL, STEP
from app.services.word_index import WordIndex, Words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SOURCES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    REFERRAL: (Referral, (Referral.reason, Referral.outcome_note, Referral.place)),
    DOCUMENT: (Document, (Document.title,)),
    STEP: (InclusionStep, (InclusionStep.what, InclusionStep.who, InclusionStep.outcome_note)),
    GOAL: (Goal, (Goal.words,)),
}
"""For every kind its rows, and the sealed columns whose words are found."""
_SLICE = 25
_MOST_CHANGES = 500
"""With more rows than these changed since the last search, the kind is read anew, a few at a time."""

# What was changed since it was read is noted by the connection itself, whoever writes: in a table and triggers of its
# own, which are in memory, say only numbers, are undone with a transaction, and end with the connection.
_IS_WATCHED = text("SELECT count(*) FROM temp.sqlite_master WHERE name = 'sealed_change'")
_WATCH = "CREATE TEMP TABLE sealed_change (kind TEXT, id INTEGER)"
_WATCHED = (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
_CHANGED = text("SELECT DISTINCT id FROM sealed_change WHERE kind = :kind")
_SEEN = text("DELETE FROM sealed_change WHERE kind = :kind")
_WRITTEN_BY_OTHERS = text("PRAGMA data_version")


@dataclass(slots=True)
class _Reading:
    """How far one kind was read: the newest first, so what is below `before` is still to come."""

    index: WordIndex = field(default_factory=WordIndex)
    before: int | None = None
    """None when nothing of it was read yet; 0 when all was."""


class SealedSearch:
    """The words of what is sealed."""

    def __init__(self) -> None:
        self._readings = {kind: _Reading() for kind in SOURCES}
        self._version = 0

    def forget(self) -> None:
        """Drop every word: the register is being locked."""
        for reading in self._readings.values():
            reading.index.clear()
            reading.before = None

    def read(self, session: Session, kinds: Iterable[str], seconds: float) -> bool:
        """Bring up to date what was read, read on for about so long, and return whether all of these kinds is read."""
        wanted = tuple(kinds)
        if not wanted:
            return True
        until = perf_counter() + seconds
        self._watch(session)
        for kind in wanted:
            self._follow(session, kind)
        while unread := [kind for kind in wanted if self._readings[kind].before != 0]:
            for kind in unread:
                self._read_slice(session, kind)
            if perf_counter() >= until:
                break
        return all(self._readings[kind].before == 0 for kind in wanted)

    def find(self, kind: str, typed: Words) -> list[int]:
        """Return the rows of a kind with all that was typed, the newest first, as far as they were read."""
        return sorted(self._readings[kind].index.find(typed), reverse=True)

    def _watch(self, session: Session) -> None:
        """Let the connection note what changes; begin anew when it is another one, or others wrote the store."""
        version = session.scalar(_WRITTEN_BY_OTHERS) or 0
        if session.scalar(_IS_WATCHED) and version == self._version:
            return
        self.forget()
        self._version = version
        if session.scalar(_IS_WATCHED):
            return
        session.execute(text(_WATCH))
        for kind, (source, _) in SOURCES.items():
            for event, row in _WATCHED:
                note = f"INSERT INTO sealed_change VALUES ('{kind}', {row}.id)"  # noqa: S608 - our own words
                head = f"CREATE TEMP TRIGGER sealed_{kind}_{event} AFTER {event} ON main.{source.__tablename__}"
                session.execute(text(f"{head} BEGIN {note}; END"))

    def _follow(self, session: Session, kind: str) -> None:
        """Read again what was changed since it was read."""
        reading = self._readings[kind]
        changed = session.scalars(_CHANGED, {"kind": kind}).all()
        if not changed:
            return
        session.execute(_SEEN, {"kind": kind})
        if reading.before is None:
            return
        if len(changed) > _MOST_CHANGES:
            reading.index.clear()
            reading.before = None
            return
        for number in changed:
            reading.index.remove(number)
        self._put(session, kind, SOURCES[kind][0].id.in_(changed), len(changed))

    def _read_slice(self, session: Session, kind: str) -> None:
        reading, table = self._readings[kind], SOURCES[kind][0]
        if reading.before is None:
            reading.before = (session.scalar(select(func.max(table.id))) or 0) + 1
        read = self._put(session, kind, table.id < reading.before, _SLICE)
        reading.before = min(read) if len(read) == _SLICE else 0

    def _put(self, session: Session, kind: str, which: Any, most: int) -> list[int]:
        """Let the newest of some rows be found, and return which these are."""
        table, columns = SOURCES[kind]
        rows = session.execute(select(table.id, *columns).where(which).order_by(table.id.desc()).limit(most)).all()
        for number, *told in rows:
            words = " ".join(each for each in told if each and not says_unreadable(each))
            self._readings[kind].index.put(number, words)
        return [row[0] for row in rows]
