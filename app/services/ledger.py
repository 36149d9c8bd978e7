"""The ledger of what was published, for those who check it, and everything that ever left this computer.

It is read and handed out here; what may be added to it is decided in `app.services.press` and written at a release.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import BreakdownsStale, LedgerDamaged
from app.models.chain import OUT
from app.models.ledger import LedgerEntry, LedgerLink
from app.models.night import Month
from app.models.work import Operator, OutboxItem, TrailEntry
from app.reference.ids import HouseId
from app.reference.texts import tr
from app.services.breakdown import open_close
from app.services.breakdown_set import document_of, read_prepared
from app.services.counted import ledger_document
from app.services.desk import Desk
from app.services.ledger_store import Fault, read_kept
from app.sync.payload import from_bytes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OF_FIGURES = ("report", "ledger", "house", "presences")
"""Subjects of the trail's lines about a print or a file that holds figures, or days and codes, of the house."""


@dataclass(frozen=True, slots=True)
class LedgerState:
    """How a house's ledger stands; `fault` is empty, or says what is not as it was written."""

    releases: int
    tokens: int
    erased: int
    head: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class LeftRow:
    """Something that left: a package, a print, a file. What was in a print is not known any more, only what it was."""

    kind: str
    at: datetime
    by: str
    what: str
    month: Month | None = None
    revision: int = 0
    to: str = ""
    sha256: str = ""
    receipt_at: datetime | None = None
    state: str = ""
    breakdowns: int = 0
    """How many tables were shown in a package."""


class Ledgers:
    """What was published of a house."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def state(self, house: HouseId | None = None) -> LedgerState:
        """Return whether the ledger is as it was written, of one house or of all together (the first fault counts)."""
        with self._desk.vault.work() as session:
            houses = [house] if house is not None else _houses(session)
            kept = [(each, read_kept(session, each)) for each in houses]
            counted = frozenset().union(*(one.counted() for _, one in kept))
            linked = frozenset(session.scalars(select(LedgerLink.token)))
            return LedgerState(
                releases=sum(len(one.known) for _, one in kept),
                tokens=len(counted),
                erased=len(counted - linked),
                head=kept[-1][1].head.hex() if kept else "",
                fault=next((one.fault for _, one in kept if one.fault), ""),
            )

    def document(self, house: HouseId, month: Month) -> bytes:
        """Return the ledger with what a closed month would add, or has added: what the audit is asked about.

        Raises MonthNotClosed, BreakdownsStale, LedgerDamaged or RoleMayNot.
        """
        with self._desk.vault.work() as session:
            self._desk.require_coordination(session)
            prepared, kept = read_prepared(session, open_close(session, house, month).id), read_kept(session, house)
            self._desk.note(session, "read", "ledger", house)
            if prepared is None or not prepared.entries:
                return ledger_document(session, house, self._desk.today())
            if kept.fault:
                raise LedgerDamaged(part=kept.fault)
            if kept.head != prepared.base:
                raise BreakdownsStale
            return document_of(kept, prepared)

    def export(self, house: HouseId) -> bytes:
        """Return the ledger as it stands, for the data protection officer: tokens and the days of their presence.

        It has no name and no characteristic, and is personal data all the same: whoever knows when somebody came finds
        her token. It leaves the vault in clear. Raises LedgerDamaged or RoleMayNot.
        """
        with self._desk.vault.work() as session:
            self._desk.require_coordination(session)
            self._desk.note(session, "export", "ledger", house)
            return ledger_document(session, house, self._desk.today())

    def history(self, house: HouseId | None = None) -> tuple[LeftRow, ...]:
        """Return everything that ever left this computer with figures in it, the newest first."""
        with self._desk.vault.work() as session:
            rows = [*_packages(session, house), *_papers(session, house)]
            return tuple(sorted(rows, key=lambda row: row.at, reverse=True))


def _houses(session: Session) -> list[int]:
    return sorted(set(session.scalars(select(LedgerEntry.house_id))))


def _packages(session: Session, house: HouseId | None) -> list[LeftRow]:
    query = select(OutboxItem, Operator.display_name).outerjoin(Operator, Operator.id == OutboxItem.released_by)
    if house is not None:
        query = query.where(OutboxItem.house_id == house)
    return [
        LeftRow(
            kind="package",
            at=item.released_at,
            by=by or "",
            what=tr("breakdown.left_package", revision=item.revision),
            month=Month.parse(item.month),
            revision=item.revision,
            to=item.capofila_name,
            sha256=item.sha256,
            receipt_at=item.receipt_at,
            state=item.state,
            breakdowns=sum(len(cut.shown) for cut in from_bytes(item.payload).breakdowns),
        )
        for item, by in session.execute(query)
    ]


def _papers(session: Session, house: HouseId | None) -> list[LeftRow]:
    """Return the prints and files that the trail knows; a line of the trail tells no content."""
    query = (
        select(TrailEntry, Operator.display_name)
        .outerjoin(Operator, Operator.id == TrailEntry.operator_id)
        .where(TrailEntry.kind == OUT, TrailEntry.subject.in_(OF_FIGURES))
    )
    items = {row.id: row for row in session.scalars(select(OutboxItem))}
    found = []
    for line, by in session.execute(query):
        item = items.get(line.subject_id or 0) if line.subject == "report" else None
        of_house = item.house_id if item is not None else line.subject_id if line.subject != "report" else None
        if house is not None and of_house not in (house, None):
            continue
        kind = "ledger" if line.subject == "ledger" else "print" if line.action == "print" else "file"
        month = Month.parse(item.month) if item is not None else None
        what = tr(f"breakdown.left_{line.subject}")
        found.append(LeftRow(kind, line.at, by or "", what, month, item.revision if item is not None else 0))
    return found
