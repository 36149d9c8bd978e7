"""A house joins the network: it reads an invitation, makes its signing key, and keeps what the capofila answered.

The network call itself is made by the caller between `begin` and `complete`, outside the vault's thread; where there is
no network, a sealed file and its answer take its place (`app.services.sealed_file`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import ReportsWaiting
from app.models.work import Enrolment, FormerKey, OutboxItem, Setting
from app.reference.ids import HouseId
from app.services.desk import Desk
from app.services.key_change import forget_pending
from app.services.outbox_state import WAITING
from app.services.resigning import sign_anew
from app.services.succession import are_one_line, remember
from app.sync.invitation import Invitation, read_invitation
from app.sync.key import PublicKey, SigningKey, from_base64url, to_base64url

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.sync.client import Enrolled


_REQUEST = "enrolment-file-"


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
    can_seal: bool = False
    """Whether files can be sealed to the capofila."""
    key_changed_at: datetime | None = None


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
        """Return a house's enrolment; None when it has none, or has left the network."""
        with self._desk.vault.work() as session:
            found = session.get(Enrolment, house)
            if found is None or found.left_at is not None:
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
                found.seal_key is not None,
                found.key_changed_at,
            )

    def requested(self, house: HouseId) -> str:
        """Return the capofila that a house asked by a file and that has not answered; empty when there is none."""
        with self._desk.vault.work() as session:
            names = [read_invitation(each.value).capofila_name for each in file_requests(session, house)]
            return ", ".join(dict.fromkeys(names))

    def begin(self, house: HouseId, invitation_text: str) -> PendingEnrolment:
        """Read an invitation and keep a new signing key for it *before* the capofila hears of it.

        An answer that gets lost can so be asked for again with the same key. Raises InvitationInvalid, RoleMayNot, or
        ReportsWaiting while reports wait for another capofila than that of the invitation, which it has not left.
        """
        invitation = read_invitation(invitation_text)
        with self._desk.vault.work() as session:
            self._desk.require_coordination(session)
            return keep_key_in(session, house, invitation)

    def complete(self, pending: PendingEnrolment, answer: Enrolled) -> None:
        """Keep what the capofila answered; an earlier enrolment of the house is replaced.

        What was released keeps the recipient it was signed for. Raises ReportsWaiting while reports wait for another
        capofila that the house has not left. Those that wait for this very one go to the address and certificate that
        it has now, and where the house keeps its place in the network they are signed anew with its new key.
        """
        with self._desk.vault.work() as session:
            complete_in(session, self._desk, pending, answer)


def keep_key_in(session: Session, house: HouseId, invitation: Invitation) -> PendingEnrolment:
    """Keep a new signing key for an invitation inside a transaction, or find the one that is kept."""
    _require_none_elsewhere(session, house, invitation.capofila_id)
    name = pending_name(house, invitation)
    kept = session.get(Setting, name)
    if kept is None:
        kept = Setting(name=name, value=to_base64url(SigningKey.generate().to_bytes()))
        session.add(kept)
    return PendingEnrolment(house, invitation, SigningKey(from_base64url(kept.value)).public)


def complete_in(session: Session, desk: Desk, pending: PendingEnrolment, answer: Enrolled) -> None:
    """Keep what the capofila answered inside a transaction; raises ReportsWaiting."""
    kept = session.get_one(Setting, pending_name(pending.house, pending.invitation))
    key, now = SigningKey(from_base64url(kept.value)), desk.now()
    remember(session, answer.capofila_id, answer.successions, now)
    _require_none_elsewhere(session, pending.house, answer.capofila_id, answer.key)
    before = session.get(Enrolment, pending.house)
    if before is not None:
        former = SigningKey(before.signing_key).public
        session.add(FormerKey(house_id=pending.house, key=former.raw, replaced_at=now))
    for item in _waiting(session, pending.house):
        if item.capofila != answer.capofila_id:
            continue  # for the capofila that the house has left: it goes on knocking there
        item.url, item.tls_pem = answer.url, answer.tls_pem
        if item.shelter == answer.shelter_id:
            sign_anew(item, key, now)  # the key before is lost or given up: nobody hears it any more
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
            signing_key=key.to_bytes(),
            enrolled_at=now,
            seal_key=answer.seal_key,
            key_changed_at=None,
            left_at=None,
        )
    )
    session.delete(kept)
    session.flush()
    remember(session, answer.capofila_id, answer.successions, now)  # those that lead on from the key of now
    for request in file_requests(session, pending.house):
        _forget_request(session, pending.house, request)
    forget_pending(session, pending.house)
    desk.note(session, "enrol", "house", pending.house)


def pending_name(house: HouseId, invitation: Invitation) -> str:
    """Return the name under which the key for an invitation is kept until the answer comes."""
    return f"enrolment-{house}-{to_base64url(invitation.token)[:12]}"


def keep_file_request(session: Session, house: HouseId, invitation: Invitation) -> None:
    """Keep inside a transaction that an answer to this invitation may come as a file."""
    session.merge(Setting(name=_request_name(house, invitation), value=invitation.to_text()))


def file_requests(session: Session, house: HouseId) -> list[Setting]:
    """Return the invitations that a house used by file and has no answer to; several may be on their way."""
    start = f"{_REQUEST}{house}-"
    kept = session.scalars(select(Setting).where(Setting.name.startswith(_REQUEST)).order_by(Setting.name))
    return [each for each in kept if each.name.startswith(start)]


def find_request(session: Session, house: HouseId, about: str) -> PendingEnrolment | None:
    """Return the enrolment by file that waits with the key of this thumbprint, or None."""
    for request in file_requests(session, house):
        invitation = read_invitation(request.value)
        kept = session.get(Setting, pending_name(house, invitation))
        if kept is None:
            continue
        key = SigningKey(from_base64url(kept.value)).public
        if key.thumbprint() == about:
            return PendingEnrolment(house, invitation, key)
    return None


def _forget_request(session: Session, house: HouseId, request: Setting) -> None:
    kept = session.get(Setting, pending_name(house, read_invitation(request.value)))
    if kept is not None:
        session.delete(kept)
    session.delete(request)


def _request_name(house: HouseId, invitation: Invitation) -> str:
    return f"{_REQUEST}{house}-{to_base64url(invitation.token)[:12]}"


def _waiting(session: Session, house: HouseId) -> list[OutboxItem]:
    query = select(OutboxItem).where(OutboxItem.house_id == house, OutboxItem.state.in_(WAITING))
    return list(session.scalars(query))


def _require_none_elsewhere(session: Session, house: HouseId, capofila: str, key: bytes | None = None) -> None:
    """Raise ReportsWaiting when a report waits for another capofila; who it is, its id and its keys tell.

    One that the house has left holds nothing up: perhaps it never answers again. Without `key` the id alone tells: how
    the keys of one capofila follow one another comes with its answer.
    """
    place = session.get(Enrolment, house)
    left = place.capofila if place is not None and place.left_at is not None else None
    others = [
        item
        for item in _waiting(session, house)
        if item.capofila not in (capofila, left)
        or (
            item.capofila == capofila
            and key is not None
            and item.capofila_key != key
            and not are_one_line(session, capofila, item.capofila_key, key)
        )
    ]
    if others:
        raise ReportsWaiting(name=others[0].capofila_name, n=len(others))
