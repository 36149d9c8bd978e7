"""The notes, papers and arrivals that a search finds, each with a few words around what was sought.

Which of them somebody may find is decided in `app.services.search`; people are found there too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.models.dossier import DiaryEntry, Document
from app.models.guest import Guest
from app.models.house import PlannedArrival
from app.models.inclusion import Goal, InclusionStep
from app.models.night import house_day
from app.models.service import Referral
from app.models.shift import Handover
from app.models.stay import Stay
from app.reference.codelist import codelist
from app.reference.fold import fold
from app.reference.ids import GuestId, HouseId
from app.reference.unreadable import says_unreadable
from app.services.path import LEGAL_AREA, area_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

GUEST, DIARY, REFERRAL, HANDOVER, GOAL, STEP, DOCUMENT, ARRIVAL = (
    "guest",
    "diary",
    "referral",
    "handover",
    "goal",
    "step",
    "document",
    "arrival",
)
DECLARED, SOUND = "declared", "sound"
_BEFORE, _AFTER = 30, 90


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: a guest, or a note with the words around what was sought; never a declared name.

    `topic` is the code of the kind of note, `house` where it is read when it belongs to one house,
    `day` the entry of a guest who is here, the exit of one who left, or the day of a note.
    """

    kind: str
    id: int
    guest: GuestId | None = None
    code: str = ""
    name_used: str = ""
    house: HouseId | None = None
    day: date | None = None
    is_here: bool = False
    topic: str = ""
    excerpt: str = ""
    match: str = ""
    """Why a guest was found when what was typed is not in her code or name used: DECLARED or SOUND."""


def read_notes(
    session: Session, kind: str, ids: Sequence[int], words: Iterable[str], *, with_health: bool, with_law: bool
) -> list[Hit]:
    """Return the hits of one kind in the order of `ids`, without what is replaced or over, or of health or law."""
    query, build = _READERS[kind]
    table: Any = query.column_descriptions[0]["entity"]
    sought = tuple(words)
    found = {}
    for row in session.execute(query.where(table.id.in_(ids))):
        hit = build(row, sought)
        if _may_be_told(hit, with_health=with_health, with_law=with_law):
            found[hit.id] = hit
    return [found[each] for each in ids if each in found]


def _may_be_told(hit: Hit, *, with_health: bool, with_law: bool) -> bool:
    if hit.kind == DOCUMENT:
        return with_health or not codelist("document_kind").get(hit.topic).flag("health")
    area = area_of(hit.topic) if hit.kind == STEP else hit.topic if hit.kind == GOAL else ""
    return with_law or area != LEGAL_AREA


def excerpt(text: str | None, words: Iterable[str]) -> str:
    """Return the part of a text in which one of the folded words begins, on one line; empty when none does."""
    plain = " ".join((text or "").split())
    sought = tuple(words)
    pieces = ((start, piece) for start, word in _words_of(plain) for piece in fold(word).split())
    at = next((start for start, piece in pieces if piece.startswith(sought)), None)
    if at is None:
        return ""
    start = 0 if at <= _BEFORE else plain.rfind(" ", 0, at - _BEFORE) + 1
    end = len(plain) if at + _AFTER >= len(plain) else max(plain.rfind(" ", 0, at + _AFTER), at + 1)
    return f"{'… ' if start else ''}{plain[start:end]}{' …' if end < len(plain) else ''}"


def _words_of(text: str) -> Iterable[tuple[int, str]]:
    start = 0
    for word in text.split(" "):
        yield start, word
        start += len(word) + 1


def _first_excerpt(words: tuple[str, ...], *texts: str | None) -> str:
    """Return the excerpt of the text that holds a word; else the beginning of the first that is written."""
    readable = [text for text in texts if text and not says_unreadable(text)]
    for text in readable:
        if told := excerpt(text, words):
            return told
    plain = " ".join((readable[0] if readable else "").split())
    return plain if len(plain) <= _AFTER else plain[: plain.rfind(" ", 0, _AFTER) + 1] + "…"


def _of_guest(row: Any) -> dict[str, Any]:
    if row.code is None:
        return {}  # a note about the house
    return {"guest": GuestId(row.guest_number), "code": row.code, "name_used": row.name_used}


def _day(moment: datetime) -> date:
    return house_day(moment)


def _diary(row: Any, words: tuple[str, ...]) -> Hit:
    note = row.DiaryEntry
    return Hit(
        DIARY, note.id, **_of_guest(row), day=note.day, topic=note.kind, excerpt=_first_excerpt(words, note.text)
    )


def _referral(row: Any, words: tuple[str, ...]) -> Hit:
    sent = row.Referral
    told = _first_excerpt(words, sent.reason, sent.outcome_note, sent.place)
    return Hit(REFERRAL, sent.id, **_of_guest(row), day=sent.requested_on, topic=sent.service, excerpt=told)


def _handover(row: Any, words: tuple[str, ...]) -> Hit:
    note = row.Handover
    house, told = HouseId(note.house_id), _first_excerpt(words, note.text)
    return Hit(HANDOVER, note.id, **_of_guest(row), house=house, day=_day(note.written_at), excerpt=told)


def _goal(row: Any, words: tuple[str, ...]) -> Hit:
    goal = row.Goal
    told = _first_excerpt(words, goal.words)
    return Hit(GOAL, goal.id, **_of_guest(row), day=goal.set_on, topic=goal.area, excerpt=told)


def _step(row: Any, words: tuple[str, ...]) -> Hit:
    step = row.InclusionStep
    told = _first_excerpt(words, step.what, step.who, step.outcome_note)
    return Hit(STEP, step.id, **_of_guest(row), day=step.started_on, topic=step.kind, excerpt=told)


def _document(row: Any, words: tuple[str, ...]) -> Hit:  # noqa: ARG001 - one shape for all readers
    paper = row.Document
    return Hit(DOCUMENT, paper.id, **_of_guest(row), day=_day(paper.added_at), topic=paper.kind, excerpt=paper.title)


def _arrival(row: Any, words: tuple[str, ...]) -> Hit:
    plan = row.PlannedArrival
    return Hit(
        ARRIVAL,
        plan.id,
        name_used=plan.name_used or "",
        house=HouseId(plan.house_id),
        day=plan.expected_on,
        topic=plan.state,
        excerpt=excerpt(plan.note, words),
    )


_Later = aliased(DiaryEntry)
_WHO = (Guest.id.label("guest_number"), Guest.code, Guest.name_used)
_READERS: dict[str, tuple[Any, Callable[[Any, tuple[str, ...]], Hit]]] = {
    # a correction takes the place of the note that it replaces
    DIARY: (
        select(DiaryEntry, *_WHO)
        .join(Guest, Guest.id == DiaryEntry.guest_id)
        .where(~select(_Later.id).where(_Later.replaces_id == DiaryEntry.id).exists()),
        _diary,
    ),
    REFERRAL: (
        select(Referral, *_WHO).join(Stay, Stay.id == Referral.stay_id).join(Guest, Guest.id == Stay.guest_id),
        _referral,
    ),
    HANDOVER: (select(Handover, *_WHO).outerjoin(Guest, Guest.id == Handover.guest_id), _handover),
    GOAL: (select(Goal, *_WHO).join(Guest, Guest.id == Goal.guest_id), _goal),
    STEP: (select(InclusionStep, *_WHO).join(Guest, Guest.id == InclusionStep.guest_id), _step),
    DOCUMENT: (select(Document, *_WHO).join(Guest, Guest.id == Document.guest_id), _document),
    # once she is here she is found as a guest
    ARRIVAL: (select(PlannedArrival).where(PlannedArrival.state == "ATTESO"), _arrival),
}
