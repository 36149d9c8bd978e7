"""A house joins the network: it reads an invitation, makes its signing key, and keeps what the capofila answered.

The network call itself is made by the caller between `begin` and `complete`, outside the vault's thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import ReportsWaiting
from app.models.work import Enrolment, OutboxItem, Setting
from app.reference.ids import HouseId
from app.services.desk import Desk
from app.services.outbox import PREPARED
from app.sync.invitation import Invitation, read_invitation
from app.sync.key import PublicKey, SigningKey, from_base64url, to_base64url

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.sync.client import Enrolled


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """Where a house's reports go, as the window tells it."""

    house: HouseId
    shelter: str
    shelter_name: str
    capofila_name: str
    url: str
    capofila_fingerprint: str
    our_fingerprint: str
    enrolled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PendingEnrolment:
    """What the network call needs: the invitation and our public key."""

    house: HouseId
    invitation: Invitation
    public_key: PublicKey


class Enrolments:
    """The places of our houses in the network."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def find(self, house: HouseId) -> EnrolmentRow | None:
        """Return a house's enrolment, or None."""
        with self._desk.vault.work() as session:
            found = session.get(Enrolment, house)
            if found is None:
                return None
            return EnrolmentRow(
                house,
                found.shelter,
                found.shelter_name,
                found.capofila_name,
                found.url,
                PublicKey(found.capofila_key).fingerprint(),
                SigningKey(found.signing_key).public.fingerprint(),
                found.enrolled_at,
            )

    def begin(self, house: HouseId, invitation_text: str) -> PendingEnrolment:
        """Read an invitation and keep a new signing key for it *before* the capofila hears of it.

        An answer that gets lost can so be asked for again with the same key. Raises InvitationInvalid, RoleMayNot, or
        ReportsWaiting while reports wait for another capofila than that of the invitation.
        """
        invitation = read_invitation(invitation_text)
        with self._desk.vault.work() as session:
            self._desk.require_coordination(session)
            _require_none_elsewhere(session, house, invitation.capofila_id, invitation.key)
            name = _pending_name(house, invitation)
            kept = session.get(Setting, name)
            if kept is None:
                kept = Setting(name=name, value=to_base64url(SigningKey.generate().to_bytes()))
                session.add(kept)
            key = SigningKey(from_base64url(kept.value))
        return PendingEnrolment(house, invitation, key.public)

    def complete(self, pending: PendingEnrolment, answer: Enrolled) -> None:
        """Keep what the capofila answered; an earlier enrolment of the house is replaced.

        What was released keeps the recipient it was signed for. Raises ReportsWaiting while reports wait for another
        capofila; those that wait for this very one go to the address and certificate that it has now.
        """
        with self._desk.vault.work() as session:
            _require_none_elsewhere(session, pending.house, answer.capofila_id, answer.key)
            for item in _waiting(session, pending.house):
                item.url, item.tls_pem = answer.url, answer.tls_pem
            kept = session.get_one(Setting, _pending_name(pending.house, pending.invitation))
            session.merge(
                Enrolment(
                    house_id=pending.house,
                    shelter=answer.shelter_id,
                    shelter_name=answer.shelter_name,
                    capofila=answer.capofila_id,
                    capofila_name=answer.capofila_name,
                    url=answer.url,
                    tls_pem=answer.tls_pem,
                    capofila_key=answer.key,
                    signing_key=from_base64url(kept.value),
                    enrolled_at=self._desk.now(),
                )
            )
            session.delete(kept)
            self._desk.note(session, "enrol", "house", pending.house)


def _waiting(session: Session, house: HouseId) -> list[OutboxItem]:
    return list(session.scalars(select(OutboxItem).where(OutboxItem.house_id == house, OutboxItem.state == PREPARED)))


def _require_none_elsewhere(session: Session, house: HouseId, capofila: str, key: bytes) -> None:
    """Raise ReportsWaiting when a report waits for another capofila; who it is, its id and its key tell."""
    others = [item for item in _waiting(session, house) if (item.capofila, item.capofila_key) != (capofila, key)]
    if others:
        raise ReportsWaiting(name=others[0].capofila_name, n=len(others))


def _pending_name(house: HouseId, invitation: Invitation) -> str:
    return f"enrolment-{house}-{to_base64url(invitation.token)[:12]}"
