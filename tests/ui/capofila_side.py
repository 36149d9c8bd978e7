"""A capofila's side of the wire for tests of the pages: its key, its invitation, its receipts. Nothing is sent."""

from __future__ import annotations

from app.reference.ids import HouseId
from app.services.outbox import Parcel
from app.services.register import Register
from app.sync.client import Enrolled
from app.sync.invitation import Invitation
from app.sync.key import PublicKey, SigningKey
from app.sync.outcome import Accepted, Refused, Verdict, settle
from app.sync.payload import digest, from_bytes
from app.sync.signature import make_receipt

SHELTER = "casa-7f3a"


class CapofilaSide:
    """Signs as a capofila does."""

    def __init__(self) -> None:
        self.key = SigningKey(bytes(range(32)))

    def invitation(self, url: str = "https://capofila.example") -> Invitation:
        return Invitation(
            url=url,
            capofila_name="Comune capofila · Derive e Approdi",
            capofila_id="capofila-1",
            key=self.key.public.raw,
            token=bytes(32),
            tls_fingerprint=None,
            shelter_name="Casa di prova",
        )

    def answer(self, invitation: Invitation, _key: PublicKey) -> Enrolled:
        """Answer an enrolment; stands in for `app.sync.client.enrol`."""
        return Enrolled(
            shelter_id=SHELTER,
            shelter_name=invitation.shelter_name,
            capofila_id=invitation.capofila_id,
            capofila_name=invitation.capofila_name,
            key=invitation.key,
            url=invitation.url,
            tls_pem=None,
        )

    def enrol(self, register: Register, house: HouseId) -> None:
        pending = register.enrolments.begin(house, self.invitation().to_text())
        register.enrolments.complete(pending, self.answer(pending.invitation, pending.public_key))

    def receipt(self, package: bytes, *, refused: str | None = None) -> str:
        report = from_bytes(package)
        return make_receipt(
            self.key,
            iss="capofila-1",
            shelter=report.shelter,
            period=report.period,
            revision=report.revision,
            sha256=digest(package),
            iat=1_782_900_000,
            jti="r-1",
            refused=refused,
        )

    def take(self, parcel: Parcel) -> Verdict:
        """File a parcel and prove it; stands in for `app.services.courier.push`."""
        outcome = Accepted(self.receipt(parcel.package))
        return settle(outcome, pinned_key=parcel.capofila_key, package=parcel.package)

    def refuse(self, parcel: Parcel, reason: str = "revision_conflict") -> Verdict:
        from app.sync.outcome import Problem

        problem = Problem("about:blank", "", 409, reason)
        outcome = Refused(reason, problem, self.receipt(parcel.package, refused=reason))
        return settle(outcome, pinned_key=parcel.capofila_key, package=parcel.package)
