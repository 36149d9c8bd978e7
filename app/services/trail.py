"""Who has read, changed, revealed or printed what concerns a guest.

Writing a line is `Desk.note`. A line says what kind of thing was done, never what it held.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, union_all

from app.models.chain import KINDS, OUT, READ, REMOVE, REVEAL, WRITE, Fault, kind_of
from app.models.guest import Guest, GuestMerge
from app.models.house import PlannedArrival
from app.models.shift import Handover
from app.models.stay import AnnulledStay, Stay
from app.models.work import Operator, TrailEntry
from app.reference.ids import GuestId, OperatorId
from app.services.anchor import Anchor, TrailState, trail_state
from app.services.chain import Note, erase
from app.services.desk import Desk
from app.services.role import may_see_trail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

__all__ = [
    "EVERYTHING",
    "KINDS",
    "OUT",
    "PAGE",
    "READ",
    "RECOVERY",
    "REMOVE",
    "REVEAL",
    "WRITE",
    "Anchor",
    "Fault",
    "TrailLine",
    "TrailPage",
    "TrailState",
    "TrailWish",
    "Trails",
    "forget_guest",
    "kind_of",
    "lines_of_guest",
]  # fmt: skip

PAGE = 60

_OF_THE_GUEST = (
    "guest", "household", "permit", "victim_status", "exploitation", "safety", "protection", "path",
    "deadline", "health", "coverage", "referral", "document", "consent", "paper", "diary", "custody", "goal", "step",
    "trail",
)  # fmt: skip
"""Subjects whose number is the guest's own: that of a row that is gone may be given to somebody else's."""
_OF_ROWS = ("stay", "need", "handover", "merge", "arrival")
"""Subjects whose number is that of a row of hers."""
OF_GUESTS = frozenset((*_OF_THE_GUEST, *_OF_ROWS))
"""All subjects that concern a guest; a line about any other names nobody."""


@dataclass(frozen=True, slots=True)
class TrailLine:
    """Who did what kind of thing, when; `operator` is None for whoever came in with the recovery code."""

    id: int
    at: datetime
    operator: OperatorId | None
    name: str
    action: str
    subject: str

    @property
    def kind(self) -> str:
        """The kind of the action: read, reveal, out, write or remove."""
        return kind_of(self.action)


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Some lines, the newest first; whether there are older ones; and who can be asked for."""

    lines: tuple[TrailLine, ...]
    more: bool
    people: tuple[tuple[OperatorId, str], ...]


@dataclass(frozen=True, slots=True)
class TrailWish:
    """Which lines are wanted: of a kind, of a person (0: the recovery code), older than a line."""

    kind: str | None = None
    person: int | None = None
    before: int | None = None
    size: int = PAGE


RECOVERY = 0
EVERYTHING = TrailWish()


class Trails:
    """The trail of a guest's card, for coordination; and whether the whole trail is as it was written."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_guest(self, guest: GuestId, wish: TrailWish = EVERYTHING) -> TrailPage:
        """Return what was done with a guest's card; reading it is noted as well. Raises RoleMayNot."""
        with self._desk.vault.work() as session:
            self._desk.require_role(session, may_see_trail)
            concerned = union_all(*_concerned(session, guest)).subquery()
            query = (
                select(TrailEntry, Operator.display_name)
                .outerjoin(Operator, TrailEntry.operator_id == Operator.id)
                .where(TrailEntry.id.in_(select(concerned.c.id)), *_wanted(wish))
                .order_by(TrailEntry.id.desc())
                .limit(wish.size + 1)
            )
            found = session.execute(query).all()
            everybody = session.execute(select(Operator.id, Operator.display_name).order_by(Operator.display_name))
            people = tuple((OperatorId(number), name) for number, name in everybody)
            if wish.before is None:  # older lines belong to the same look
                self._desk.note(session, "read", "trail", guest)
        lines = tuple(_line(entry, name) for entry, name in found[: wish.size])
        return TrailPage(lines, more=len(found) > wish.size, people=people)

    def examine(self, told: Iterable[str] = ()) -> TrailState:
        """Walk along the whole trail, everybody's, and say whether it is as it was written; it tells of nobody.

        `told` are heads that somebody else kept, as 64 hexadecimal digits: the capofila's list has them.
        """
        with self._desk.vault.work() as session:
            return trail_state(session, told)


def forget_guest(session: Session, guest: GuestId, note: Note) -> int:
    """Erase what the trail says about a guest and the records joined into hers, and return how many lines that were.

    To be called within the transaction that erases her and BEFORE any of her rows goes: her lines are found by them.
    Who did something of which kind when stays, and the chain still verifies. What is noted after this call (that
    somebody was erased) must not name her number.
    """
    concerned = union_all(*_concerned(session, guest)).subquery()
    return erase(session, TrailEntry.id.in_(select(concerned.c.id)), note)


def lines_of_guest(session: Session, guest: GuestId) -> list[TrailEntry]:
    """Return every line about a guest and the records joined into hers, the oldest first."""
    concerned = union_all(*_concerned(session, guest)).subquery()
    query = select(TrailEntry).where(TrailEntry.id.in_(select(concerned.c.id))).order_by(TrailEntry.id)
    return list(session.scalars(query))


def _wanted(wish: TrailWish) -> Iterable[ColumnElement[bool]]:
    if wish.kind is not None:
        yield TrailEntry.kind == wish.kind
    if wish.person is not None:
        yield TrailEntry.operator_id == (wish.person or None)
    if wish.before is not None:
        yield TrailEntry.id < wish.before


def _lines_about(subjects: tuple[str, ...], own: Iterable[int] | Select[int]) -> Select[int]:
    """Return the numbers of the lines about some subjects: each of them is found by the trail's index."""
    return select(TrailEntry.id).where(TrailEntry.subject.in_(subjects), TrailEntry.subject_id.in_(own))


def _concerned(session: Session, guest: GuestId) -> list[Select[int]]:
    """Return the lines that concern a guest, and the records that were joined into hers."""
    tree = select(Guest.id).where(Guest.id == guest).cte(recursive=True)
    tree = tree.union(select(Guest.id).join(tree, Guest.merged_into_id == tree.c.id))
    her = set(session.scalars(select(tree.c.id)))
    stays = _stays_of(session, her)
    return [
        _lines_about(_OF_THE_GUEST, her),
        _lines_about(("stay", "need"), stays),
        _lines_about(("arrival",), select(PlannedArrival.id).where(PlannedArrival.stay_id.in_(stays))),
        _lines_about(("handover",), select(Handover.id).where(Handover.guest_id.in_(her))),
        _lines_about(
            ("merge",), select(GuestMerge.id).where(or_(GuestMerge.kept_id.in_(her), GuestMerge.merged_id.in_(her)))
        ),
    ]


def _stays_of(session: Session, her: set[int]) -> set[int]:
    """Return the numbers of her stays and of those that were annulled, which are never given to another."""
    annulled = select(func.json_extract(AnnulledStay.content, "$.stay")).where(AnnulledStay.guest_id.in_(her))
    return {*session.scalars(select(Stay.id).where(Stay.guest_id.in_(her))), *session.scalars(annulled)}


def _line(entry: TrailEntry, name: str | None) -> TrailLine:
    who = OperatorId(entry.operator_id) if entry.operator_id is not None else None
    return TrailLine(entry.id, entry.at, who, name or "", entry.action or "", entry.subject or "")
