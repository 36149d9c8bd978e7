"""Keys that change: a new key of a house, the capofila's new keys, and a house that leaves the network.

A new key is made and kept before the capofila hears of it, so that an answer that gets lost can be asked for again. The
network call itself is made by the caller, or a sealed file takes its place (`app.services.sealed_file`).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.errors import (
    AnswerForNobody,
    EnrolmentUnproven,
    NotEnrolled,
    SendingWaits,
    SignatureInvalid,
    SuccessionUnproven,
)
from app.models.work import Enrolment, FormerKey, OutboxItem, Setting
from app.reference.ids import HouseId
from app.services.desk import Desk
from app.services.outbox_state import WAITING
from app.services.resigning import sign_anew, signed_after
from app.services.restore import is_paused
from app.services.succession import Learned, keys_from, learn, remember
from app.sync.key import PublicKey, SigningKey, from_base64url, to_base64url
from app.sync.keychange import make_key_change, make_leave
from app.sync.signature import EnrolmentWord, peek, read_enrolment, read_kid

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class PendingChange:
    """What the network call needs to tell the capofila of a new key."""

    house: HouseId
    url: str
    tls_pem: str | None
    token: str
    new_key: PublicKey


@dataclass(frozen=True, slots=True)
class KeyWord:
    """What the capofila answered to a change: its word, and what it says of its own keys where that was asked."""

    word: str
    successions: tuple[str, ...] = ()
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class LeaveStatement:
    """What the network call needs to tell the capofila that a house leaves; `waiting` reports have no answer yet.

    `change` is a new key that has no word yet: the capofila may know the house by that one alone.
    """

    house: HouseId
    url: str
    tls_pem: str | None
    token: str
    waiting: int
    change: PendingChange | None = None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What the capofila has not answered yet: since when a new key waits for its word, a leave for being heard."""

    capofila_name: str
    change_since: datetime | None
    leave_since: datetime | None


class KeyChanges:
    """Our houses' keys and the capofila's, as they follow one another."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def begin(self, house: HouseId) -> PendingChange:
        """Make a new key for a house, and let the old one sign for it; asking again gives the same until it is done.

        Raises NotEnrolled, RoleMayNot, or SendingWaits in a restored register. Until `complete` the old key signs on.
        A house that has left may still finish what it had begun.
        """
        with self._desk.vault.work() as session:
            self._desk.require_coordination(session)
            return begin_in(session, self._desk, house)

    def complete(self, house: HouseId, told: KeyWord) -> None:
        """Sign with the new key from now on, once the capofila's word for it is proved, by its present key or a former.

        What was signed with the old key since `begin` and waits is signed anew: the capofila hears the old key only for
        what is older. Raises EnrolmentUnproven, or AnswerForNobody when no new key waits for a word. What the capofila
        says of its own keys is learnt where it proves it.
        """
        with self._desk.vault.work() as session:
            complete_in(session, self._desk, house, told.word, told.successions)
            place = session.get_one(Enrolment, house)
            if told.identity is not None:
                with suppress(SuccessionUnproven):  # raised before anything of it is written
                    learn(session, place, told.identity, told.successions, self._desk.now())

    def unfinished(self, house: HouseId) -> Unfinished | None:
        """Return what a house has begun and the capofila has not answered, or None."""
        with self._desk.vault.work() as session:
            place, kept = session.get(Enrolment, house), read_pending(session, house)
            is_unheard = session.get(Setting, _leave_name(house)) is not None
            if place is None or (place.left_at is not None and not is_unheard):
                return None
            change = datetime.fromisoformat(kept["at"]) if kept is not None else None
            leave = place.left_at if is_unheard else None
            return Unfinished(place.capofila_name, change, leave) if change or leave else None

    def pending(self, house: HouseId) -> datetime | None:
        """Return since when a new key waits for the capofila's word, or None."""
        with self._desk.vault.work() as session:
            kept = read_pending(session, house)
            return datetime.fromisoformat(kept["at"]) if kept is not None else None

    def learn(self, house: HouseId, identity: str, successions: Sequence[str]) -> Learned:
        """Take a capofila's word about its own keys; raises SuccessionUnproven or NotEnrolled and keeps nothing.

        A house that has left, for another capofila too, still learns the keys that its last receipts are proved by.
        """
        with self._desk.vault.work() as session:
            place, now = _any_place(session, house), self._desk.now()
            former = _left_capofila(session, place, identity)
            if former is not None:
                found = Learned(remember(session, former, successions, now), has_new_seal=False)
            else:
                found = learn(session, place, identity, successions, now)
            if found.has_new_key or found.has_new_seal:
                self._desk.note(session, "learn_key", "house", house)
            return found

    def leave(self, house: HouseId) -> LeaveStatement:
        """Let a house leave the network, at once and by its own word; what waits stays, and is pushed on.

        Raises NotEnrolled or RoleMayNot. The statement is kept until `left` says that the capofila has heard it. A new
        key that has no word yet is kept too: perhaps it is the only one that the capofila hears.
        """
        with self._desk.vault.work() as session:
            self._desk.require_coordination(session)
            return leave_in(session, self._desk, house)

    def left(self, house: HouseId) -> None:
        """Forget the statement that a house leaves: the capofila has heard it."""
        with self._desk.vault.work() as session:
            forget_leave(session, self._desk, house)


def begin_in(session: Session, desk: Desk, house: HouseId) -> PendingChange:
    """Make and keep a new key inside a transaction, or find the one that is kept.

    Raises NotEnrolled or SendingWaits.
    """
    if is_paused(session):
        raise SendingWaits  # the other computer may have changed the key after the backup
    kept = read_pending(session, house)
    place = _any_place(session, house) if kept is not None else _place(session, house)
    if kept is None:
        now = desk.now()
        kept = {
            "key": to_base64url(SigningKey.generate().to_bytes()),
            "jti": str(uuid.uuid4()),
            "iat": int(now.timestamp()),
            "at": now.isoformat(),
        }
        session.add(Setting(name=_pending_name(house), value=json.dumps(kept)))
        desk.note(session, "begin_key", "house", house)
    return _change_of(place, kept)


def _change_of(place: Enrolment, kept: dict[str, Any]) -> PendingChange:
    new = SigningKey(from_base64url(kept["key"]))
    token = make_key_change(
        SigningKey(place.signing_key), new, iss=place.shelter, aud=place.capofila, iat=kept["iat"], jti=kept["jti"]
    )
    return PendingChange(HouseId(place.house_id), place.url, place.tls_pem, token, new.public)


def complete_in(session: Session, desk: Desk, house: HouseId, word: str, successions: Sequence[str] = ()) -> None:
    """Sign with the new key from now on, inside a transaction; raises EnrolmentUnproven or AnswerForNobody."""
    kept = read_pending(session, house)
    if kept is None:
        raise AnswerForNobody
    place, new, now = _any_place(session, house), SigningKey(from_base64url(kept["key"])), desk.now()
    remember(session, place.capofila, successions, now)
    said = word_of(session, place, word, new.public)
    if said.shelter != place.shelter:
        raise EnrolmentUnproven(reason="shelter")
    old = SigningKey(place.signing_key).public
    session.add(FormerKey(house_id=house, key=old.raw, replaced_at=now))
    place.signing_key, place.key_changed_at = new.to_bytes(), now
    if said.seal is not None:
        place.seal_key = said.seal.raw
    for item in _waiting(session, place):
        if signed_after(item, kept["iat"]):
            sign_anew(item, new, now)
    session.delete(session.get_one(Setting, _pending_name(house)))
    if place.left_at is not None:  # its leave too is heard with the new key alone, and covers what was signed anew
        session.merge(Setting(name=_leave_name(house), value=_leave_token(session, place, now)))
    desk.note(session, "renew_key", "house", house)


def word_of(session: Session, place: Enrolment, word: str, key: PublicKey) -> EnrolmentWord:
    """Return what the capofila's word says, by the pinned key or one that follows it; raises EnrolmentUnproven."""
    keys = keys_from(session, place.capofila, place.capofila_key)
    signer = next((each for each in keys if _is_signed_by(word, each)), keys[-1])
    return read_enrolment(word, signer, iss=place.capofila, shelter_key=key)


def leave_in(session: Session, desk: Desk, house: HouseId) -> LeaveStatement:
    """Let a house leave inside a transaction; raises NotEnrolled for one that never joined, or left and was heard."""
    place, name = session.get(Enrolment, house), _leave_name(house)
    kept = session.get(Setting, name)
    if place is None or (place.left_at is not None and kept is None):
        raise NotEnrolled
    if kept is None:
        now = desk.now()
        kept = Setting(name=name, value=_leave_token(session, place, now))
        session.add(kept)
        place.left_at = now
        desk.note(session, "leave", "house", house)
    waits = (OutboxItem.house_id == house, OutboxItem.capofila == place.capofila, OutboxItem.state.in_(WAITING))
    waiting = session.scalar(select(func.count()).select_from(OutboxItem).where(*waits)) or 0
    change = read_pending(session, house)
    begun = _change_of(place, change) if change is not None else None
    return LeaveStatement(house, place.url, place.tls_pem, kept.value, waiting, begun)


def _leave_token(session: Session, place: Enrolment, now: datetime) -> str:
    """Return the word that a house leaves, never older than what waits: the clock may have been set back since."""
    signed = [peek(item.token).get("iat") for item in _waiting(session, place)]
    return make_leave(
        SigningKey(place.signing_key),
        iss=place.shelter,
        aud=place.capofila,
        iat=max([int(now.timestamp()), *(iat for iat in signed if type(iat) is int)]),
        jti=str(uuid.uuid4()),
    )


def _waiting(session: Session, place: Enrolment) -> list[OutboxItem]:
    """Return the reports that a house signed for its present place and that have no answer yet."""
    ours = (OutboxItem.shelter == place.shelter, OutboxItem.capofila == place.capofila)
    query = select(OutboxItem).where(OutboxItem.house_id == place.house_id, *ours, OutboxItem.state.in_(WAITING))
    return list(session.scalars(query))


def forget_leave(session: Session, desk: Desk, house: HouseId) -> None:
    """Forget inside a transaction that the capofila still has to hear of a leave."""
    kept = session.get(Setting, _leave_name(house))
    if kept is not None:
        session.delete(kept)
        desk.note(session, "left", "house", house)


def forget_pending(session: Session, house: HouseId) -> None:
    """Forget a new key that waits and a leave that was not heard: the house joins the network anew."""
    _forget(session, _pending_name(house))
    _forget(session, _leave_name(house))


def read_pending(session: Session, house: HouseId) -> dict[str, Any] | None:
    """Return what is kept of a new key that waits for the capofila's word: key, jti, iat, at."""
    kept = session.get(Setting, _pending_name(house))
    return json.loads(kept.value) if kept is not None else None


def _place(session: Session, house: HouseId) -> Enrolment:
    found = _any_place(session, house)
    if found.left_at is not None:
        raise NotEnrolled
    return found


def _any_place(session: Session, house: HouseId) -> Enrolment:
    """Return a house's place in the network, also one that it has left."""
    found = session.get(Enrolment, house)
    if found is None:
        raise NotEnrolled
    return found


def _left_capofila(session: Session, place: Enrolment, identity: str) -> str | None:
    """Return who speaks where it is a capofila that the house has reports for and is not with; proved by nothing."""
    speaker = str(peek(identity).get("iss"))
    known = (OutboxItem.house_id == place.house_id, OutboxItem.capofila == speaker)
    if speaker == place.capofila or session.scalar(select(OutboxItem.id).where(*known).limit(1)) is None:
        return None
    return speaker


def _forget(session: Session, name: str) -> None:
    kept = session.get(Setting, name)
    if kept is not None:
        session.delete(kept)


def _is_signed_by(word: str, key: PublicKey) -> bool:
    try:
        return read_kid(word) == key.thumbprint()
    except SignatureInvalid:
        return False


def _pending_name(house: HouseId) -> str:
    return f"key-change-{house}"


def _leave_name(house: HouseId) -> str:
    return f"leave-{house}"
