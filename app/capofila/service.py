"""The rules of receiving: whose package is filed, and which receipt is given for it.

It knows neither HTTP nor where it runs; every answer is a value, and an acknowledged package is already on disk.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.capofila.answer import Filed, TurnedAway
from app.capofila.key import Identity
from app.capofila.store import ReportRow, ShelterRow, Store, utc_now
from app.errors import PayloadInvalid, SignatureInvalid
from app.sync.breakdown import check_trees
from app.sync.key import PublicKey
from app.sync.payload import MonthReport, digest, from_bytes
from app.sync.signature import (
    CONTENT_TYPE,
    ReportToken,
    digest_header,
    make_receipt,
    read_kid,
    verify_report,
)

_SIGNATURE_REASONS = {"audience": "audience_wrong", "issuer": "issuer_wrong", "digest": "digest_mismatch"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a shelter hands in: the package and the headers that go with it; a missing header is empty."""

    package: bytes
    token: str
    content_type: str
    digest: str
    idempotency_key: str

    def find_fault(self) -> str | None:
        """Return the reason why this cannot be a package, whoever sent it."""
        if self.content_type != CONTENT_TYPE:
            return "content_type_wrong"
        if not self.token:
            return "signature_missing"
        if not self.idempotency_key:
            return "idempotency_key_missing"
        if self.digest != digest_header(self.package):
            return "digest_mismatch"
        return None


@dataclass(frozen=True, slots=True)
class ReceivedReport:
    """One filed revision, for the people at the capofila."""

    shelter_id: str
    shelter_name: str
    received_at: datetime
    sha256: str
    report: MonthReport


def list_received(store: Store) -> list[ReceivedReport]:
    """Return everything that was filed, by shelter and month; of a month's revisions the highest counts."""
    chosen = (
        select(ReportRow, ShelterRow.name)
        .join(ShelterRow, ReportRow.shelter_id == ShelterRow.id)
        .order_by(ShelterRow.name, ReportRow.shelter_id, ReportRow.period, ReportRow.revision)
    )
    with store.work() as session:
        return [
            ReceivedReport(
                shelter_id=row.shelter_id,
                shelter_name=name,
                received_at=row.received_at,
                sha256=row.sha256,
                report=from_bytes(row.package),
            )
            for row, name in session.execute(chosen)
        ]


class Reception:
    """Files the packages of enrolled shelters; safe to use from several threads."""

    def __init__(self, store: Store, identity: Identity, now: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._identity = identity
        self._now = now

    def receive(self, delivery: Delivery) -> Filed | TurnedAway:
        """File a package once its sender is proved, or say why not."""
        fault = delivery.find_fault()
        if fault is not None:
            return TurnedAway(fault)
        known = self._sender(delivery)
        if isinstance(known, TurnedAway):
            return known
        shelter_id, token = known
        if delivery.idempotency_key != token.jti:
            return TurnedAway("idempotency_key_reused", "differs from jti")
        try:
            report = from_bytes(delivery.package)
            check_trees(report.breakdowns)
        except PayloadInvalid as error:
            return TurnedAway("payload_invalid", str(error.params["reason"]))
        if report.shelter != shelter_id:
            return self._refusal(shelter_id, report, delivery.package, "shelter_mismatch")
        return self._store.decide(lambda session: self._decided(session, report, delivery.package, token.jti))

    def check_ready(self) -> None:
        """Raise SQLAlchemyError when the store does not answer."""
        self._store.ping()

    def _sender(self, delivery: Delivery) -> tuple[str, ReportToken] | TurnedAway:
        """Return the shelter whose enrolled key signed this very package for this very capofila."""
        try:
            shelter = self._shelter_of(read_kid(delivery.token))
            if shelter is None:
                return TurnedAway("shelter_unknown")
            token = verify_report(
                delivery.token,
                PublicKey(shelter.public_key),
                payload=delivery.package,
                aud=self._identity.capofila_id,
                iss=shelter.id,
            )
        except SignatureInvalid as error:
            code = str(error.params["reason"])
            return TurnedAway(_SIGNATURE_REASONS.get(code, "signature_invalid"), code)
        if shelter.revoked_at is not None:
            return TurnedAway("shelter_revoked")
        return shelter.id, token

    def _shelter_of(self, thumbprint: str) -> ShelterRow | None:
        with self._store.work() as session:
            return session.scalar(select(ShelterRow).where(ShelterRow.thumbprint == thumbprint))

    def _decided(self, session: Session, report: MonthReport, package: bytes, jti: str) -> Filed | TurnedAway:
        # One package of a shelter at a time: what is read below must stay true until it is written (on PostgreSQL each
        # statement sees what others have committed meanwhile; SQLite has one writer anyway).
        session.get(ShelterRow, report.shelter, with_for_update=True)
        mine = ReportRow.shelter_id == report.shelter
        # Any revision not seen yet is filed: a shelter may close a month again before it ever sends, and what waited
        # may come after what was released later. The highest counts.
        this_month = select(ReportRow).where(mine, ReportRow.period == report.period)
        same = session.scalar(this_month.where(ReportRow.revision == report.revision))
        if same is not None:
            if same.sha256 == digest(package):
                return Filed(same.receipt)
            return self._refusal(report.shelter, report, package, "revision_conflict")
        if session.scalar(select(ReportRow.id).where(mine, ReportRow.jti == jti)) is not None:
            return TurnedAway("idempotency_key_reused")
        receipt = self._receipt(report.shelter, report, package)
        session.add(
            ReportRow(
                shelter_id=report.shelter,
                period=report.period,
                revision=report.revision,
                jti=jti,
                sha256=digest(package),
                package=package,
                received_at=self._now(),
                receipt=receipt,
            )
        )
        session.flush()
        return Filed(receipt)

    def _refusal(self, shelter_id: str, report: MonthReport, package: bytes, reason: str) -> TurnedAway:
        return TurnedAway(reason, receipt=self._receipt(shelter_id, report, package, refused=reason))

    def _receipt(self, shelter_id: str, report: MonthReport, package: bytes, *, refused: str | None = None) -> str:
        return make_receipt(
            self._identity.key,
            iss=self._identity.capofila_id,
            shelter=shelter_id,
            period=report.period,
            revision=report.revision,
            sha256=digest(package),
            trail=report.trail,
            iat=self._seconds(),
            jti=str(uuid.uuid4()),
            refused=refused,
        )

    def _seconds(self) -> int:
        return int(self._now().timestamp())
