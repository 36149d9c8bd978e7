"""One search over guests, codes, notes and referrals, answered while typing.

What is found is opened by the pages; nothing of what was typed is kept, nor written in the trail. The words of what is
sealed are in no index of the store: `app.services.sealed_search` reads them after unlocking.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from app.models.guest import Guest
from app.models.stay import FOREVER, Stay
from app.reference.fold import fold, folded_words, word_sounds
from app.reference.ids import GuestId, HouseId
from app.services import found
from app.services.desk import Desk
from app.services.found import Hit, read_notes
from app.services.kept_guest import kept_guest
from app.services.role import (
    may_see_diary,
    may_see_documents,
    may_see_handovers,
    may_see_health,
    may_see_path,
    may_see_protection,
)
from app.services.sealed_search import SOURCES as SEALED
from app.services.sealed_search import SealedSearch
from app.services.word_index import Words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["Found", "Hit", "Searches"]

LONGEST_TEXT = 200
MOST_PARTS = 8
MOST_PEOPLE = 8
MOST_OF_A_KIND = 4
FEW = 4
"""With fewer people than these found by what was written, those found by its sound are added."""
_LEAST_SOUND = 2
_LEAST_LIKE = 0.7
_LEAST_OF_A_NOTE = 3
_STRIDE = 16
MOMENT = 0.04
"""For so many seconds an answer, and a step of reading on, may read in what is sealed: somebody is typing."""

# The number of each kind in the store's index (migrations 0002, 0004) and who may find it.
_NOTES = (
    (found.ARRIVAL, 8, lambda role: True),  # noqa: ARG005 - every role plans beds
    (found.HANDOVER, 4, may_see_handovers),
    (found.REFERRAL, 3, may_see_health),
    (found.DIARY, 2, may_see_diary),
    (found.STEP, 6, may_see_path),
    (found.GOAL, 5, may_see_path),
    (found.DOCUMENT, 7, may_see_documents),
)

# No bm25: it costs 75 µs a row in an encrypted store, two seconds for a common word among 30,000 notes. All words
# must be there anyway; those who are here come before those who left, whole words before beginnings, new before old.
# A unary plus keeps SQLite from walking the index backwards, which is forty times slower.
_MATCHING = "SELECT rowid FROM search WHERE search MATCH :wanted AND rowid % {stride} {kinds}"
_GUESTS = text(_MATCHING.format(stride=_STRIDE, kinds="= 1"))
_NEWEST = " ORDER BY +rowid DESC LIMIT :most"
_NEWEST_NOTES = text(_MATCHING.format(stride=_STRIDE, kinds="<> 1") + _NEWEST)
_NEWEST_OF = {number: text(_MATCHING.format(stride=_STRIDE, kinds=f"= {number}") + _NEWEST) for _, number, _ in _NOTES}
_SCANNED = 400


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, people first; `has_more` when not all is told, `is_partial` when the role limits it.

    `is_reading` while what is sealed was not read to its end: `Searches.read_on`, and ask again.
    """

    hits: tuple[Hit, ...] = ()
    has_more: bool = False
    is_partial: bool = False
    is_reading: bool = False


class Searches:
    """One search over guests, codes, notes and referrals, answered while typing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.moment = MOMENT
        self._sealed = SealedSearch()
        desk.vault.at_lock.append(self._sealed.forget)

    def find(self, typed: str, *, people_only: bool = False, is_first: bool = False) -> Found:
        """Return what is found by the words typed so far; whatever is typed, it is no error.

        The trail says once, with `is_first`, that somebody searched, never what.
        """
        words = folded_words(typed[:LONGEST_TEXT])[:MOST_PARTS]
        with self._desk.vault.work() as session:
            role = self._desk.role(session)
            reachable = [] if people_only else _reachable(role)
            is_partial = not people_only and len(reachable) < len(_NOTES)
            if not words:
                return Found(is_partial=is_partial)
            if is_first:
                self._desk.note(session, "search", "register")
            people, more_people = self._people(session, typed[:LONGEST_TEXT], words)
            is_read = self._sealed.read(session, [kind for kind, _ in reachable if kind in SEALED], self.moment)
            notes, more_notes = self._notes(session, words, reachable, role)
        return Found((*people, *notes), more_people or more_notes, is_partial, not is_read)

    def read_on(self) -> bool:
        """Read for a moment in what is sealed, so that it is found; return whether all of it was read."""
        with self._desk.vault.work() as session:
            reachable = _reachable(self._desk.role(session))
            return self._sealed.read(session, [kind for kind, _ in reachable if kind in SEALED], self.moment)

    def _people(self, session: Session, typed: str, words: Words) -> tuple[list[Hit], bool]:
        today = self._desk.today()
        here = _present(session)
        whole = _matching(session, _as_written(words, star=""))
        begun = _matching(session, _as_written(words))
        ids = _in_order((whole & here, begun & here, whole, begun))
        hits = [
            hit if _is_shown(hit, words) else replace(hit, match=found.DECLARED) for hit in _guests(session, ids, today)
        ]
        hits.sort(key=lambda hit: (not hit.is_here, hit.match))
        if len(hits) < FEW and (heard := _as_heard(typed)):
            found_too = _matching(session, heard)
            ids = _in_order((found_too & here, found_too), most=_SCANNED)
            known = {hit.id for hit in hits}
            alike = _guests(session, ids, today, like=words)
            hits += [replace(hit, match=found.SOUND) for hit in alike if hit.id not in known]
        return hits[:MOST_PEOPLE], len(hits) > MOST_PEOPLE

    def _notes(
        self, session: Session, words: Words, reachable: list[tuple[str, int]], role: str | None
    ) -> tuple[list[Hit], bool]:
        """Return the newest notes with all the words; a letter or two tell nothing about a note yet."""
        if not reachable or max(len(piece) for pieces in words for piece in pieces) < _LEAST_OF_A_NOTE:
            return [], False
        wanted = _as_written(words)
        newest = session.scalars(_NEWEST_NOTES, {"wanted": wanted, "most": _SCANNED}).all()
        sought = [piece for pieces in words for piece in (*pieces, "".join(pieces))]
        may = {"with_health": may_see_health(role), "with_law": may_see_protection(role)}
        hits: list[Hit] = []
        has_more = False
        for kind, number in reachable:
            ids = self._sealed.find(kind, words) if kind in SEALED else _newest(session, newest, number, wanted)
            told = read_notes(session, kind, ids[: 4 * MOST_OF_A_KIND], sought, **may) if ids else []
            hits += told[:MOST_OF_A_KIND]
            has_more = has_more or len(told) > MOST_OF_A_KIND
        return hits, has_more


def _reachable(role: str | None) -> list[tuple[str, int]]:
    return [(kind, number) for kind, number, may in _NOTES if may(role)]


def _newest(session: Session, newest: Sequence[int], number: int, wanted: str) -> list[int]:
    """Return the notes of one kind among the newest, or asked for alone when the others crowded them out."""
    rows = [row for row in newest if row % _STRIDE == number]
    if len(newest) == _SCANNED and len(rows) <= MOST_OF_A_KIND:
        rows = list(session.scalars(_NEWEST_OF[number], {"wanted": wanted, "most": 4 * MOST_OF_A_KIND}))
    return [row // _STRIDE for row in rows]


def _present(session: Session) -> set[int]:
    """Return the guests whose stay is open; those with an exit to come are few enough to stand lower in the list."""
    return set(session.scalars(select(Stay.guest_id).where(Stay.exit_on.is_(None))))


def _matching(session: Session, wanted: str) -> set[int]:
    return {row // _STRIDE for row in session.scalars(_GUESTS, {"wanted": wanted})}


def _in_order(tiers: Iterable[set[int]], *, most: int = 5 * MOST_PEOPLE) -> list[int]:
    """Return ids tier by tier, the newest first in each, every one once."""
    return list(dict.fromkeys(each for tier in tiers for each in sorted(tier, reverse=True)))[:most]


def _as_written(words: Words, *, star: str = "*") -> str:
    """Return the query for texts with all the words, the last letters of each perhaps still missing.

    Every word stands in quotes and has no sign but letters and digits: nothing typed is taken for an operator.
    """
    parts = []
    for pieces in words:
        each = " AND ".join(f'"{piece}"{star}' for piece in pieces)
        parts.append(f'(({each}) OR "{"".join(pieces)}"{star})' if len(pieces) > 1 else each)
    return f"words : ({' AND '.join(parts)})"


def _as_heard(typed: str) -> str:
    """Return the query for names that sound like the words typed; empty when there is too little to hear."""
    groups = [[each for each in sounds if len(each) >= _LEAST_SOUND] for sounds in word_sounds(typed)[:MOST_PARTS]]
    if not groups or not all(groups):
        return ""
    return "sounds : (" + " AND ".join("(" + " OR ".join(f'"{s}"*' for s in group) + ")" for group in groups) + ")"


def _guests(session: Session, ids: list[int], today: date, *, like: Words = ()) -> list[Hit]:
    """Return the guests as hits in the order given; with `like`, only those whose names resemble it, best first."""
    if not ids:
        return []
    columns = (Guest.id, Guest.code, Guest.name_used, Guest.given_name, Guest.family_name, Guest.merged_into_id)
    rows = {
        row.id: row
        for row in session.execute(select(*columns).where(Guest.id.in_(set(ids)), Guest.anonymised_on.is_(None)))
    }
    hits: dict[int, Hit] = {}
    scores: dict[int, float] = {}
    for each in ids:
        if (row := rows.get(each)) is None:
            continue
        score = _likeness(row, like) if like else 1.0
        kept = row if row.merged_into_id is None else kept_guest(session, row.id)
        if score >= _LEAST_LIKE and kept.id not in hits:
            hits[kept.id] = Hit(found.GUEST, kept.id, GuestId(kept.id), kept.code, kept.name_used)
            scores[kept.id] = score
    placed = _placed(session, list(hits.values()), today)
    return sorted(placed, key=lambda hit: (not hit.is_here, -scores[hit.id])) if like else placed


def _placed(session: Session, hits: list[Hit], today: date) -> list[Hit]:
    """Return the guests with where and since when they are here, or when they left."""
    stays = (
        select(Stay.guest_id, Stay.house_id, Stay.entered_on, Stay.exit_on)
        .where(Stay.guest_id.in_([hit.id for hit in hits]))
        .order_by(func.coalesce(Stay.exit_on, FOREVER), Stay.entered_on)
    )
    last = {guest: (house, entered, left) for guest, house, entered, left in session.execute(stays)}
    placed = []
    for hit in hits:
        if hit.id not in last:
            placed.append(hit)
            continue
        house, entered, left = last[hit.id]
        is_here = left is None or left > today
        day = entered if is_here else left
        placed.append(replace(hit, house=HouseId(house), is_here=is_here, day=day))
    return placed


def _is_shown(hit: Hit, words: Words) -> bool:
    """Tell whether what was typed stands in the code or the name used, which are all that is shown of a guest."""
    told = fold(f"{hit.code} {hit.name_used}").split()
    return all(any(name.startswith(piece) for name in told) for pieces in words for piece in pieces) or any(
        name.startswith("".join(pieces)) for pieces in words for name in told
    )


def _likeness(guest: Any, like: Words) -> float:
    from rapidfuzz.distance import JaroWinkler

    names = fold(f"{guest.name_used} {guest.given_name or ''} {guest.family_name or ''}").split()
    typed = [word for pieces in like for word in pieces]
    if not names or not typed:
        return 0.0
    best = [
        max(max(JaroWinkler.similarity(word, name), JaroWinkler.similarity(word, name[: len(word)])) for name in names)
        for word in typed
    ]
    return sum(best) / len(best)
