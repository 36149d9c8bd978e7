"""A capofila's side of the wire for tests of the pages: its real rules over a store in memory. Nothing is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.pool import StaticPool

from app.capofila.answer import Filed
from app.capofila.key import Identity
from app.capofila.service import Delivery, Reception
from app.capofila.store import Base, ShelterRow, Store
from app.reference.ids import HouseId
from app.services.outbox import Parcel
from app.services.register import Register
from app.sync.client import Enrolled
from app.sync.invitation import Invitation
from app.sync.key import PublicKey, SigningKey
from app.sync.outcome import Accepted, Outcome, Problem, Refused, Verdict, settle
from app.sync.payload import digest, from_bytes
from app.sync.signature import CONTENT_TYPE, digest_header, make_receipt

NAME = "Comune capofila · Derive e Approdi"
NOW = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)


class CapofilaSide:
    """Enrols whoever asks, and files and signs as a capofila does."""

    def __init__(self, key: SigningKey | None = None, *, capofila_id: str = "capofila-1", name: str = NAME) -> None:
        self.key, self.id, self.name = key or SigningKey(bytes(range(32))), capofila_id, name
        engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
        Base.metadata.create_all(engine)
        self.store = Store(engine)
        identity = Identity(capofila_id, name, self.key, Path("no-tls.pem"), bytes(32), ())
        self.reception = Reception(self.store, identity, lambda: NOW)

    def invitation(self, url: str = "https://capofila.example") -> Invitation:
        return Invitation(
            url=url,
            capofila_name=self.name,
            capofila_id=self.id,
            key=self.key.public.raw,
            token=bytes(32),
            tls_fingerprint=None,
            shelter_name="Casa di prova",
        )

    def answer(self, invitation: Invitation, key: PublicKey) -> Enrolled:
        """Answer an enrolment; stands in for `app.sync.client.enrol`."""
        shelter = f"casa-{key.raw.hex()[:12]}"
        with self.store.work() as session:
            row = ShelterRow(id=shelter, name=invitation.shelter_name, public_key=key.raw, enrolled_at=NOW)
            row.thumbprint = key.thumbprint()
            session.merge(row)
        return Enrolled(
            shelter_id=shelter,
            shelter_name=invitation.shelter_name,
            capofila_id=invitation.capofila_id,
            capofila_name=invitation.capofila_name,
            key=invitation.key,
            url=invitation.url,
            tls_pem=None,
        )

    def enrol(self, register: Register, house: HouseId, url: str = "https://capofila.example") -> None:
        pending = register.enrolments.begin(house, self.invitation(url).to_text())
        register.enrolments.complete(pending, self.answer(pending.invitation, pending.public_key))

    def revoke_all(self) -> None:
        """Hear no more of the keys enrolled so far."""
        with self.store.work() as session:
            for row in session.scalars(select(ShelterRow)):
                row.revoked_at = NOW

    def take(self, parcel: Parcel) -> Verdict:
        """Receive a parcel by the capofila's own rules; stands in for `app.services.courier.push`."""
        package = parcel.package
        answer = self.reception.receive(
            Delivery(package, parcel.token, CONTENT_TYPE, digest_header(package), parcel.idempotency_key)
        )
        if isinstance(answer, Filed):
            return self._settled(Accepted(answer.receipt), parcel)
        return self._settled(Refused(answer.reason, _problem(answer.reason), answer.receipt), parcel)

    def refuse(self, parcel: Parcel, reason: str = "revision_conflict") -> Verdict:
        """Refuse a parcel with a signature, whatever the rules would say."""
        report = from_bytes(parcel.package)
        receipt = make_receipt(
            self.key,
            iss=self.id,
            shelter=report.shelter,
            period=report.period,
            revision=report.revision,
            sha256=digest(parcel.package),
            trail=report.trail,
            iat=int(NOW.timestamp()),
            jti="r-1",
            refused=reason,
        )
        return self._settled(Refused(reason, _problem(reason), receipt), parcel)

    def _settled(self, outcome: Outcome, parcel: Parcel) -> Verdict:
        return settle(outcome, pinned_key=parcel.capofila_key, package=parcel.package)


def _problem(reason: str) -> Problem:
    return Problem("about:blank", "", 409, reason)
