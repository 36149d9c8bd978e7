"""An answer of the capofila that came as a file: found out what it is about, proved, and written.

The rules are those of the network: a receipt is proved by the pinned key or one that descends from it, and only then
counts. Everything happens inside a transaction that is already open; what raises has written nothing.
"""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from app.errors import (
    AnswerForNobody,
    EnrolmentUnproven,
    ReceiptForBroken,
    ReceiptForNobody,
    ReceiptInvalid,
    ReceiptWorthless,
    SuccessionUnproven,
)
from app.models.house import House
from app.models.night import Month
from app.models.work import Enrolment, OutboxItem
from app.reference.ids import HouseId, OutboxId
from app.services.booking import book, is_broken, judge
from app.services.enrolment import PendingEnrolment, complete_in, find_request
from app.services.key_change import complete_in as complete_change
from app.services.key_change import forget_leave, read_pending
from app.services.outbox_state import ACCEPTED, REFUSED
from app.services.succession import Learned, learn, remember
from app.sync.client import Enrolled
from app.sync.invitation import Invitation
from app.sync.key import PublicKey, SigningKey, from_base64url
from app.sync.keychange import read_word
from app.sync.outcome import Accepted, Declined, Outcome, Problem, Refused, Unproven
from app.sync.signature import peek

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.desk import Desk
    from app.sync.file_answer import FileAnswer


@dataclass(frozen=True, slots=True)
class Taken:
    """What an answer was: a proven receipt, a proven refusal, a problem that is only said, or a word about keys."""

    kind: Literal["receipt", "refusal", "problem", "enrolment", "key", "left"]
    house: HouseId
    house_name: str
    item: OutboxId | None = None
    month: Month | None = None
    revision: int | None = None
    state: str | None = None
    """The state of the report now."""
    reason: str | None = None
    """Why the capofila refuses."""
    was_known: bool = False
    """Whether the report had its receipt already, or the house its place in the network with that key."""


# --- a report's


def take_receipt(session: Session, desk: Desk, answer: FileAnswer) -> Taken:
    """Write the receipt or refusal of a report; raises ReceiptForNobody, ReceiptInvalid or ReceiptForBroken.

    One that proves nothing of a report that is accepted raises ReceiptWorthless.
    """
    item = _item(session, answer)
    if is_broken(item):
        raise ReceiptForBroken
    _learn_keys(session, desk, item.house_id, item.capofila, answer)
    was_known = item.state == ACCEPTED
    verdict = judge(session, item, _outcome(answer))
    if isinstance(verdict, Unproven):
        raise (ReceiptWorthless if was_known else ReceiptInvalid)(reason=verdict.reason)
    is_hearsay = isinstance(verdict, Declined) and verdict.receipt is None
    is_settled = item.state in (ACCEPTED, REFUSED)
    noted = book(session, item, verdict, desk.now())
    if noted is not None or not is_settled:
        desk.note(session, noted or "problem", "report", item.id)
    kind: Literal["receipt", "refusal", "problem"] = "problem"
    if item.state == ACCEPTED:
        kind = "receipt"
    elif item.state == REFUSED and not is_hearsay:
        kind = "refusal"
    return Taken(
        kind,
        HouseId(item.house_id),
        _house_name(session, item.house_id),
        OutboxId(item.id),
        Month.parse(item.month),
        item.revision,
        item.state,
        getattr(verdict, "reason", None),
        was_known,
    )


def _item(session: Session, answer: FileAnswer) -> OutboxItem:
    """Return the report that an answer is about: the receipt's own claims count before what is written beside it."""
    query = select(OutboxItem).where(OutboxItem.idempotency_key == answer.about)
    if answer.receipt is not None:
        claims = peek(answer.receipt)
        mine = (OutboxItem.shelter == str(claims.get("sub")), OutboxItem.sha256 == str(claims.get("sha256")))
        found = session.scalar(select(OutboxItem).where(*mine))
        if found is not None:
            return found
    found = session.scalar(query)
    if found is None:
        raise ReceiptForNobody
    return found


def _outcome(answer: FileAnswer) -> Outcome:
    if answer.reason is None and answer.receipt is not None:
        return Accepted(answer.receipt)
    reason = answer.reason or ""
    return Refused(reason, Problem("about:blank", "", 0, reason), answer.receipt)


# --- an enrolment's, a key's, a leave's


def take_enrolment(session: Session, desk: Desk, answer: FileAnswer) -> Taken:
    """Write what the capofila answered to an enrolment, a change of key or a leave.

    Raises AnswerForNobody, EnrolmentUnproven or ReportsWaiting.
    """
    for house in session.scalars(select(House).order_by(House.id)):
        number = HouseId(house.id)
        waiting = find_request(session, number, answer.about)
        if waiting is not None:
            return _enrolled(session, desk, waiting, answer, house.name)
        kept = read_pending(session, number)
        if kept is not None and SigningKey(from_base64url(kept["key"])).public.thumbprint() == answer.about:
            if answer.enrolment is None:
                return Taken("problem", number, house.name, reason=answer.reason)
            complete_change(session, desk, number, answer.enrolment, answer.successions)
            _learn_keys(session, desk, number, session.get_one(Enrolment, number).capofila, answer)
            return Taken("key", number, house.name)
        place = session.get(Enrolment, number)
        if place is not None and SigningKey(place.signing_key).public.thumbprint() == answer.about:
            return _left(session, desk, place, answer, house.name)
    raise AnswerForNobody


def _enrolled(session: Session, desk: Desk, pending: PendingEnrolment, answer: FileAnswer, house_name: str) -> Taken:
    if answer.enrolment is None:
        return Taken("problem", pending.house, house_name, reason=answer.reason)
    invitation = pending.invitation
    key, word = read_word(
        answer.enrolment,
        PublicKey(invitation.key),
        answer.successions,
        iss=invitation.capofila_id,
        shelter_key=pending.public_key,
    )
    enrolled = Enrolled(
        shelter_id=word.shelter,
        shelter_name=invitation.shelter_name,
        capofila_id=invitation.capofila_id,
        capofila_name=invitation.capofila_name,
        key=key.raw,
        url=invitation.url,
        tls_pem=_certificate(invitation, answer.certificate),
        seal_key=word.seal.raw if word.seal is not None else invitation.seal,
        successions=answer.successions,
    )
    complete_in(session, desk, pending, enrolled)
    return Taken("enrolment", pending.house, house_name)


def _certificate(invitation: Invitation, pem: str | None) -> str | None:
    """Return the server's certificate as the invitation pins it; raises EnrolmentUnproven for another one."""
    if invitation.tls_fingerprint is None:
        return None
    try:
        der = ssl.PEM_cert_to_DER_cert(pem or "")
    except ValueError:
        raise EnrolmentUnproven(reason="certificate") from None
    if hashlib.sha256(der).digest() != invitation.tls_fingerprint:
        raise EnrolmentUnproven(reason="certificate")
    return ssl.DER_cert_to_PEM_cert(der)


def _left(session: Session, desk: Desk, place: Enrolment, answer: FileAnswer, house_name: str) -> Taken:
    """Write that the capofila has heard of a leave; nothing is proved by it, and nothing depends on it."""
    house = HouseId(place.house_id)
    if place.left_at is None and answer.enrolment is not None:
        return Taken("enrolment", house, house_name, was_known=True)  # taken before: it changes nothing
    if place.left_at is None or answer.enrolment is not None:
        raise AnswerForNobody  # an old answer to an enrolment or a change says nothing of the leave
    if answer.reason is not None:
        return Taken("problem", house, house_name, reason=answer.reason)
    forget_leave(session, desk, house)
    return Taken("left", house, house_name)


def _learn_keys(session: Session, desk: Desk, house: int, capofila: str, answer: FileAnswer) -> None:
    """Follow the capofila's keys as far as the answer proves them; what it does not prove holds no receipt up."""
    now = desk.now()
    has_new = remember(session, capofila, answer.successions, now)
    place = session.get(Enrolment, house)
    if answer.identity is not None and place is not None and place.capofila == capofila:
        try:
            found = learn(session, place, answer.identity, answer.successions, now)
        except SuccessionUnproven:
            found = Learned(has_new_key=False, has_new_seal=False)
        has_new = has_new or found.has_new_key or found.has_new_seal
    if has_new:
        desk.note(session, "learn_key", "house", house)


def _house_name(session: Session, house: int) -> str:
    return session.get_one(House, house).name
