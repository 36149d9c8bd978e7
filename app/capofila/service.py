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
from app.capofila.keyring import KeyRing
from app.capofila.limit import NO_LIMIT, Limit
from app.capofila.sender import Sender, find_sender
from app.capofila.store import ReportRow, SeenRequestRow, ShelterRow, Store, utc_now
from app.errors import PayloadInvalid, SignatureInvalid
from app.sync.breakdown import check_trees
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
    with store.read() as session:
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


def _may_file(shelter: ShelterRow, token: ReportToken) -> bool:
    """Tell whether a shelter's report is filed: also what one that left by itself had signed before."""
    return shelter.revoked_at is None or (shelter.left_iat is not None and token.iat <= shelter.left_iat)


def _why_not(sender: Sender | None, token: ReportToken) -> TurnedAway | None:
    """Return why what a key signed at that second does not count, or None."""
    if sender is None:
        return TurnedAway("shelter_unknown")
    if sender.may_sign_at(token.iat):
        return None
    return TurnedAway("shelter_revoked" if sender.is_revoked else "key_replaced")


class Reception:
    """Files the packages of enrolled shelters; safe to use from several threads."""

    def __init__(
        self,
        store: Store,
        identity: Identity | KeyRing,
        now: Callable[[], datetime] = utc_now,
        *,
        limit: Limit = NO_LIMIT,
    ) -> None:
        self._store = store
        self._keys = identity if isinstance(identity, KeyRing) else KeyRing(store, identity, now)
        self._now = now
        self._limit = limit

    def receive(self, delivery: Delivery) -> Filed | TurnedAway:
        """File a package once its sender is proved, or say why not."""
        fault = delivery.find_fault()
        if fault is not None:
            return TurnedAway(fault)
        known = self._sender(delivery)
        if isinstance(known, TurnedAway):
            return known
        sender, token = known
        # Counted by what was proved: nobody can use up the share of a shelter by naming its key.
        wait = self._limit.take(sender.thumbprint)
        if wait:
            return TurnedAway("too_many", wait=wait)
        if delivery.idempotency_key != token.jti:
            return TurnedAway("idempotency_key_reused", "differs from jti")
        try:
            report = from_bytes(delivery.package)
            check_trees(report.breakdowns)
        except PayloadInvalid as error:
            return TurnedAway("payload_invalid", str(error.params["reason"]))
        return self._store.decide(lambda session: self._decided(session, sender, report, delivery.package, token))

    def _sender(self, delivery: Delivery) -> tuple[Sender, ReportToken] | TurnedAway:
        """Return the shelter whose key signed this very package for this very capofila, and may sign it."""
        try:
            with self._store.read() as session:
                sender = find_sender(session, read_kid(delivery.token))
            if sender is None:
                return TurnedAway("shelter_unknown")
            token = verify_report(
                delivery.token,
                sender.key,
                payload=delivery.package,
                aud=self._keys.identity.capofila_id,
                iss=sender.shelter_id,
            )
        except SignatureInvalid as error:
            code = str(error.params["reason"])
            return TurnedAway(_SIGNATURE_REASONS.get(code, "signature_invalid"), code)
        return _why_not(sender, token) or (sender, token)

    def _decided(
        self, session: Session, sender: Sender, report: MonthReport, package: bytes, token: ReportToken
    ) -> Filed | TurnedAway:
        # One package of a shelter at a time: what is read below must stay true until it is written (on PostgreSQL each
        # statement sees what others have committed meanwhile; SQLite has one writer anyway).
        shelter = session.get_one(ShelterRow, sender.shelter_id, with_for_update=True)
        stopped = self._stopped(session, shelter, sender, package, token)
        if stopped is not None:
            return stopped
        shelter_id, present = shelter.id, self._keys.present(session)
        if report.shelter != shelter_id:
            return self._refusal(present, shelter_id, report, package, "shelter_mismatch")
        seen = session.get(SeenRequestRow, (shelter_id, token.jti))
        if seen is not None and seen.sha256 != digest(package):
            return TurnedAway("idempotency_key_reused")
        # Any revision not seen yet is filed: a shelter may close a month again before it ever sends, and what waited
        # may come after what was released later. The highest counts.
        this_month = select(ReportRow).where(ReportRow.shelter_id == shelter_id, ReportRow.period == report.period)
        same = session.scalar(this_month.where(ReportRow.revision == report.revision))
        if same is not None and same.sha256 != digest(package):
            return self._refusal(present, shelter_id, report, package, "revision_conflict")
        if seen is None:
            session.add(
                SeenRequestRow(shelter_id=shelter_id, jti=token.jti, sha256=digest(package), seen_at=self._now())
            )
        if same is not None:
            return Filed(same.receipt)
        receipt = self._receipt(present, shelter_id, report, package)
        session.add(
            ReportRow(
                shelter_id=shelter_id,
                period=report.period,
                revision=report.revision,
                jti=token.jti,
                sha256=digest(package),
                package=package,
                received_at=self._now(),
                receipt=receipt,
            )
        )
        session.flush()
        return Filed(receipt)

    def _stopped(
        self, session: Session, shelter: ShelterRow, sender: Sender, package: bytes, token: ReportToken
    ) -> Filed | TurnedAway | None:
        """Return the answer to whose word counts no more now that the row is locked, or None."""
        # Asked again under the lock: the key may have been lost, and replaced, since the signature was verified.
        changed = _why_not(find_sender(session, sender.thumbprint), token)
        if changed is not None or _may_file(shelter, token):
            return changed
        return self._known(session, shelter.id, package) or TurnedAway("shelter_revoked")

    def _known(self, session: Session, shelter_id: str, package: bytes) -> Filed | None:
        """Return the receipt of what was filed before its shelter went: it is true, and may never have arrived."""
        chosen = select(ReportRow.receipt).where(
            ReportRow.shelter_id == shelter_id, ReportRow.sha256 == digest(package)
        )
        receipt = session.scalar(chosen)
        return Filed(receipt) if receipt is not None else None

    def _refusal(
        self, present: Identity, shelter_id: str, report: MonthReport, package: bytes, reason: str
    ) -> TurnedAway:
        return TurnedAway(reason, receipt=self._receipt(present, shelter_id, report, package, refused=reason))

    def _receipt(
        self, present: Identity, shelter_id: str, report: MonthReport, package: bytes, *, refused: str | None = None
    ) -> str:
        return make_receipt(
            present.key,
            iss=present.capofila_id,
            shelter=shelter_id,
            period=report.period,
            revision=report.revision,
            sha256=digest(package),
            trail=report.trail,
            iat=int(self._now().timestamp()),
            jti=str(uuid.uuid4()),
            refused=refused,
        )
