"""What a closing prepared for its package: kept beside it, and put into the ledger when it leaves.

The tables are made by `app.services.press`; what people are shown of them is in `app.services.breakdown`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from app.errors import BreakdownsStale, LedgerDamaged
from app.models.ledger import BreakdownSet, LedgerLink, LedgerValue
from app.models.work import MonthClose, OutboxItem
from app.reference.unreadable import says_unreadable
from app.services.ledger_store import (
    Kept,
    Rows,
    add_entries,
    freeze_days,
    read_kept,
)
from app.services.tabulation import Answer, Proof, Question, TableMade, as_document
from app.sync.breakdown import VARIABLES, Cut, PublishedTable, Table, UnpublishedTable, check_trees

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

READY, WITHHELD, RELEASED = "ready", "withheld", "released"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A stored proposal: its tables, what the house is told of it, and what it adds to the ledger once it leaves."""

    state: str
    why: str
    base: bytes
    tables: tuple[TableMade, ...]
    entries: tuple[str, ...]
    renewed: tuple[tuple[str, str, str], ...]
    calendar: tuple[Mapping[str, Any], ...]
    shelter: str
    profile: str
    waiting: int
    left_out: int
    proof: Proof | None
    made_at: datetime

    @property
    def is_empty(self) -> bool:
        """Whether no table was due at all."""
        return not self.tables


# --- keeping what was answered


def keep(session: Session, close: int, question: Question, answer: Answer, now: datetime) -> None:
    """Keep an answer beside a closing, and the tokens that were drawn for it; the ledger is not touched.

    Raises BreakdownsStale when it answers another question than this one.
    """
    if answer.digest != question.digest():
        raise BreakdownsStale
    session.execute(delete(BreakdownSet).where(BreakdownSet.close_id == close))
    house = session.get_one(MonthClose, close).house_id
    _keep_tokens(session, house, answer)
    content = {
        "state": WITHHELD if answer.why else READY,
        "why": answer.why,
        "tables": [asdict(table) | {"day": table.day.isoformat()} for table in answer.tables],
        "entries": answer.entries,
        "renewed": answer.renewed,
        "calendar": answer.calendar,
        "shelter": question.shelter,
        "profile": question.profile,
        "waiting": answer.waiting,
        "left_out": answer.left_out,
        "proof": asdict(answer.proof) if answer.proof is not None else None,
        "made_at": now.isoformat(),
    }
    session.add(
        BreakdownSet(
            close_id=close,
            base=bytes.fromhex(question.base),
            content=json.dumps(content),
            counted=json.dumps(answer.counted) if answer.counted else None,
        )
    )
    session.flush()


def _keep_tokens(session: Session, house: int, answer: Answer) -> None:
    known = set(session.scalars(select(LedgerLink.token).where(LedgerLink.house_id == house)))
    session.add_all(
        LedgerLink(guest_id=guest, house_id=house, token=token) for guest, token in answer.people if token not in known
    )


def read_prepared(session: Session, close: int) -> Prepared | None:
    """Return what was prepared for a closing, or None."""
    row = session.get(BreakdownSet, close)
    if row is None:
        return None
    content = json.loads(row.content)
    return Prepared(
        state=content["state"],
        why=content["why"],
        base=row.base,
        tables=tuple(_table(each) for each in content["tables"]),
        entries=tuple(content["entries"]),
        renewed=tuple((old, new, variable) for old, new, variable in content["renewed"]),
        calendar=tuple(content["calendar"]),
        shelter=content["shelter"],
        profile=content["profile"],
        waiting=content["waiting"],
        left_out=content["left_out"],
        proof=Proof(**content["proof"]) if content["proof"] is not None else None,
        made_at=datetime.fromisoformat(content["made_at"]),
    )


def _table(raw: Mapping[str, Any]) -> TableMade:
    blocks = tuple((str(node), int(count)) for node, count in raw["blocks"])
    return TableMade(**{**raw, "day": date.fromisoformat(raw["day"]), "blocks": blocks})


def drop(session: Session, close: int) -> None:
    """Throw a proposal away that never left; the ledger knows nothing of it."""
    row = session.get(BreakdownSet, close)
    if row is not None and json.loads(row.content)["state"] != RELEASED:
        session.delete(row)
        session.flush()


def drop_naming(session: Session, guests: Iterable[int]) -> int:
    """Throw the proposals away that count some guests: they must be prepared again without them. Return how many."""
    wanted = list(guests)
    links = session.scalars(select(LedgerLink.token).where(LedgerLink.guest_id.in_(wanted)))
    tokens, dropped = set(links), 0
    for row in session.scalars(select(BreakdownSet)).all():
        content = json.loads(row.content)
        if content["state"] != RELEASED and tokens & {each["token"] for each in content["calendar"]}:
            session.delete(row)
            dropped += 1
    session.flush()
    return dropped


# --- leaving


def cuts_of(tables: Iterable[TableMade]) -> tuple[Cut, ...]:
    """Return tables as the package carries them; what only the house knows of them stays behind."""
    grouped: dict[tuple[int, str, str, str, int], list[Table]] = {}
    for table in tables:
        shown = not table.reason
        assert not shown or sum(count for _, count in table.blocks) == table.total  # noqa: S101 - the second lock
        made: Table = (
            PublishedTable(table.family, table.day.isoformat(), table.revision, table.blocks)
            if shown
            else UnpublishedTable(table.family, table.day.isoformat(), table.reason)
        )
        key = (VARIABLES.index(table.variable), table.profile, table.version, table.digest, table.k)
        grouped.setdefault(key, []).append(made)
    cuts = tuple(
        Cut(VARIABLES[place], profile, version, digest, k, tuple(tables))
        for (place, profile, version, digest, k), tables in sorted(grouped.items(), key=lambda row: row[0])
    )
    check_trees(cuts)
    return cuts


def _require_current(session: Session, house: int, prepared: Prepared, leaving: int) -> None:
    """Raise LedgerDamaged when the ledger is not as it was written, BreakdownsStale when it has grown since."""
    kept = read_kept(session, house, leaving=leaving)
    if kept.fault:
        raise LedgerDamaged(part=kept.fault)
    if kept.head != prepared.base:
        raise BreakdownsStale
    if prepared.proof is not None and prepared.state == READY:
        document = document_of(kept, prepared)
        if hashlib.sha256(document).hexdigest() != prepared.proof.sha256:
            raise LedgerDamaged(part="proof")


def document_of(kept: Kept, prepared: Prepared) -> bytes:
    """Return the ledger with what a proposal would add to it: the very file that was audited."""
    import rfc8785

    contents = [*kept.known, *(json.loads(entry) for entry in prepared.entries)]
    return rfc8785.dumps(as_document(contents, prepared.calendar, shelter=prepared.shelter, profile=prepared.profile))


def record(session: Session, close: int, item: OutboxItem) -> int:
    """Write what leaves with a package into the ledger, in the transaction of its release; return how many tables.

    Raises LedgerDamaged or BreakdownsStale; then nothing leaves.
    """
    prepared, row = read_prepared(session, close), session.get(BreakdownSet, close)
    if prepared is None or row is None:
        return 0
    _require_current(session, item.house_id, prepared, item.id)
    add_entries(session, item.house_id, item.id, prepared.entries)
    if fault := read_kept(session, item.house_id).fault:
        raise LedgerDamaged(part=fault)  # what leaves is not what would be remembered
    _keep_renewed(session, item.house_id, prepared)
    counted = row.counted
    if says_unreadable(counted):
        raise LedgerDamaged(part="values")
    _keep_values(session, json.loads(counted) if counted else {})
    _freeze(session, item.house_id, prepared)
    content = json.loads(row.content)
    row.content = json.dumps({**content, "state": _left(prepared), "entries": [], "renewed": [], "calendar": []})
    row.counted = None
    return len(prepared.entries)


def _left(prepared: Prepared) -> str:
    return RELEASED if prepared.state == READY else WITHHELD


def _keep_renewed(session: Session, house: int, prepared: Prepared) -> None:
    for old, new, variable in prepared.renewed:
        link = session.scalar(select(LedgerLink).where(LedgerLink.house_id == house, LedgerLink.token == old))
        if link is None:
            raise BreakdownsStale  # she was erased meanwhile
        session.add(LedgerLink(guest_id=link.guest_id, house_id=house, token=new, variable=variable))
        session.flush()


def _keep_values(session: Session, counted: Mapping[str, Mapping[str, str]]) -> None:
    tokens = {token for values in counted.values() for token in values}
    links = {row.token: row.id for row in session.scalars(select(LedgerLink).where(LedgerLink.token.in_(tokens)))}
    for variable, values in counted.items():
        for token, value in values.items():
            if token not in links:
                raise BreakdownsStale
            session.add(LedgerValue(link_id=links[token], variable=variable, value=value))


def _freeze(session: Session, house: int, prepared: Prepared) -> None:
    counted = {token for entry in prepared.entries for token in json.loads(entry)["release"]["population"]}
    days: Rows = {}
    for row in prepared.calendar:
        if row["token"] in counted:
            left = date.fromisoformat(row["out"]) if row["out"] else None
            days.setdefault(row["token"], set()).add((date.fromisoformat(row["in"]), left))
    freeze_days(session, house, days)
