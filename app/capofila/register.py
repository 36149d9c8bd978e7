"""What the people of the capofila look at: shelters, months, invitations; plain values, no row of the store.

It only reads. What a report holds is `service.ReceivedReport`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.capofila.service import ReceivedReport
from app.capofila.store import InvitationRow, ReportRow, ShelterRow, Store
from app.errors import NotFound
from app.sync.key import PublicKey
from app.sync.payload import from_bytes


@dataclass(frozen=True, slots=True)
class ShelterEntry:
    """A shelter; `revoked_by` is `capofila`, or `shelter` when it left by itself; `succeeds`: its id before."""

    id: str
    name: str
    province: str | None
    fingerprint: str
    enrolled_at: datetime
    revoked_at: datetime | None
    revoked_by: str | None
    last_received_at: datetime | None
    last_period: str | None
    succeeds: str | None = None


@dataclass(frozen=True, slots=True)
class InvitationEntry:
    """An invitation; `for_shelter` is the shelter whose lost key it replaces, `succeeds` the one it continues."""

    id: str
    shelter_name: str
    province: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    for_shelter: str | None
    succeeds: str | None
    withdrawn_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Tell whether somebody can still use it."""
        return self.used_at is None and self.withdrawn_at is None and now < self.expires_at


def list_shelters(store: Store) -> list[ShelterEntry]:
    """Return every shelter, by name."""
    with store.read() as session:
        return _shelters(session)


def get_shelter(store: Store, shelter_id: str) -> ShelterEntry:
    """Return one shelter; raises NotFound."""
    with store.read() as session:
        found = _shelters(session, shelter_id)
    if not found:
        raise NotFound(what="shelter")
    return found[0]


def report_of(store: Store, shelter_id: str, period: str, revision: int | None = None) -> ReceivedReport | None:
    """Return one filed report, of several revisions the one that counts unless another is asked for."""
    for found in reversed(revisions_of(store, shelter_id, period)):
        if revision is None or found.report.revision == revision:
            return found
    return None


def revisions_of(store: Store, shelter_id: str, period: str) -> list[ReceivedReport]:
    """Return every revision of a month, the one that counts last."""
    chosen = (
        select(ReportRow, ShelterRow.name)
        .join(ShelterRow, ReportRow.shelter_id == ShelterRow.id)
        .where(ReportRow.shelter_id == shelter_id, ReportRow.period == period)
        .order_by(ReportRow.revision)
    )
    with store.read() as session:
        return [_received(row, name) for row, name in session.execute(chosen)]


def receipt_of(store: Store, shelter_id: str, period: str, revision: int) -> str | None:
    """Return the receipt that was given for a revision."""
    with store.read() as session:
        return session.scalar(
            select(ReportRow.receipt).where(
                ReportRow.shelter_id == shelter_id, ReportRow.period == period, ReportRow.revision == revision
            )
        )


def list_invitations(store: Store) -> list[InvitationEntry]:
    """Return every invitation, the newest first; their tokens are not known here."""
    with store.read() as session:
        rows = session.scalars(select(InvitationRow).order_by(InvitationRow.created_at.desc())).all()
        return [
            InvitationEntry(
                id=row.token_hash,
                shelter_name=row.shelter_name,
                province=row.province,
                created_at=row.created_at,
                expires_at=row.expires_at,
                used_at=row.used_at,
                for_shelter=row.for_shelter,
                succeeds=row.succeeds,
                withdrawn_at=row.withdrawn_at,
            )
            for row in rows
        ]


def _shelters(session: Session, shelter_id: str | None = None) -> list[ShelterEntry]:
    last = (
        select(
            ReportRow.shelter_id,
            func.max(ReportRow.received_at, type_=ReportRow.received_at.type).label("received_at"),
            func.max(ReportRow.period).label("period"),
        )
        .group_by(ReportRow.shelter_id)
        .subquery()
    )
    chosen = (
        select(ShelterRow, last.c.received_at, last.c.period)
        .outerjoin(last, last.c.shelter_id == ShelterRow.id)
        .order_by(ShelterRow.name, ShelterRow.id)
    )
    if shelter_id is not None:
        chosen = chosen.where(ShelterRow.id == shelter_id)
    return [
        ShelterEntry(
            id=row.id,
            name=row.name,
            province=row.province,
            fingerprint=PublicKey(row.public_key).fingerprint(),
            enrolled_at=row.enrolled_at,
            revoked_at=row.revoked_at,
            revoked_by=row.revoked_by or ("capofila" if row.revoked_at is not None else None),
            last_received_at=received_at,
            last_period=period,
            succeeds=row.succeeds,
        )
        for row, received_at, period in session.execute(chosen)
    ]


def _received(row: ReportRow, name: str) -> ReceivedReport:
    return ReceivedReport(row.shelter_id, name, row.received_at, row.sha256, from_bytes(row.package))
