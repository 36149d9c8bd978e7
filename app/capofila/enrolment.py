"""The rules of enrolment: an invitation lets one shelter hand in one public key, once; keys change and shelters leave.

It knows neither HTTP nor reports; the token of an invitation is kept only as a hash.
"""

from __future__ import annotations

import secrets
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.capofila.answer import EnrolmentWord, Left, TurnedAway
from app.capofila.audit import SHELTER, note
from app.capofila.key import Identity
from app.capofila.keyring import KeyRing
from app.capofila.sender import Sender, find_sender, give_up_key
from app.capofila.store import InvitationRow, ShelterRow, Store, utc_now
from app.errors import (
    InvitationClosed,
    KeyChangeUnproven,
    NotFound,
    ShelterIsHere,
    ShelterStillHere,
    ShelterWasHere,
    SignatureInvalid,
)
from app.sync.invitation import TOKEN_LENGTH, Invitation, check_url
from app.sync.key import PublicKey
from app.sync.keychange import KeyChange, verify_key_change, verify_leave
from app.sync.signature import make_enrolment, read_kid

BY_CAPOFILA, BY_SHELTER = "capofila", "shelter"
"""Who ended it."""


@dataclass(frozen=True, slots=True)
class _ForWhom:
    """Who is invited; a shelter that has an id already is invited again."""

    name: str
    province: str | None
    shelter_id: str | None
    succeeds: str | None = None


class Enrolments:
    """Invites, enrols and lets go of shelters; safe to use from several threads."""

    def __init__(self, store: Store, identity: Identity | KeyRing, now: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._keys = identity if isinstance(identity, KeyRing) else KeyRing(store, identity, now)
        self._now = now

    def invite(
        self,
        *,
        shelter_name: str,
        url: str,
        days_valid: int,
        province: str | None = None,
        pins_certificate: bool = True,
        account: str | None = None,
        succeeds: str | None = None,
    ) -> Invitation:
        """Make an invitation and remember its token's hash; `succeeds` is the ended shelter that the new one continues.

        Raises AddressRefused, InvitationInvalid, or HostNotInCertificate when the capofila's own certificate does
        not cover the address; NotFound or ShelterStillHere about `succeeds`. Without `pins_certificate` a public
        authority vouches for the server.
        """
        if succeeds is not None:
            self._check_ended(succeeds)
        for_whom = _ForWhom(shelter_name, province, None, succeeds)
        return self._invited(for_whom, url, days_valid, pins_certificate=pins_certificate, account=account)

    def invite_again(
        self, shelter_id: str, *, url: str, days_valid: int, pins_certificate: bool = True, account: str | None = None
    ) -> Invitation:
        """Make an invitation for a shelter that lost its key: whoever uses it becomes that shelter, with a new key.

        Raises NotFound, and what `invite` raises. Nothing changes until it is used.
        """
        with self._store.read() as session:
            shelter = session.get(ShelterRow, shelter_id)
            if shelter is None:
                raise NotFound(what="shelter")
        for_whom = _ForWhom(shelter.name, shelter.province, shelter_id)
        return self._invited(for_whom, url, days_valid, pins_certificate=pins_certificate, account=account)

    def check_new(self, shelter_name: str) -> None:
        """Raise ShelterIsHere for the name of a shelter of the network, ShelterWasHere for one that has ended.

        The same house under two ids would count twice, so whoever invites says which it is. Of an ended one that
        another continues nobody is asked.
        """
        with self._store.read() as session:
            known = session.scalars(select(ShelterRow).order_by(ShelterRow.revoked_at.desc())).all()
        continued = {shelter.succeeds for shelter in known}
        namesakes = [one for one in known if _folded(one.name) == _folded(shelter_name) and one.id not in continued]
        here = next((one for one in namesakes if one.revoked_at is None), None)
        if here is not None:
            raise ShelterIsHere(name=here.name, shelter=here.id)
        if namesakes:
            raise ShelterWasHere(name=namesakes[0].name, shelter=namesakes[0].id)

    def withdraw(self, invitation_id: str, account: str | None = None) -> None:
        """Let nobody use an invitation any more; raises InvitationClosed when nobody could anyway."""

        def withdrawn(session: Session) -> None:
            row = session.get(InvitationRow, invitation_id, with_for_update=True)
            if row is None or row.used_at is not None or row.withdrawn_at is not None or self._now() >= row.expires_at:
                raise InvitationClosed
            row.withdrawn_at = self._now()
            note(
                session,
                "invitation_withdrawn",
                account=account,
                subject=row.for_shelter or invitation_id,
                at=self._now(),
            )

        self._store.decide(withdrawn)

    def enrol(self, token: bytes, key: PublicKey) -> EnrolmentWord | TurnedAway:
        """Enrol a key with an invitation, once; the same key may ask again, for its answer may have been lost."""
        return self._store.decide(lambda session: self._enrolled(session, sha256(token).hexdigest(), key))

    def change_key(self, change: str) -> EnrolmentWord | TurnedAway:
        """Let a shelter sign with another key from now on, by the word of its present one; again: the same answer."""
        return self._store.decide(lambda session: self._changed(session, change))

    def leave(self, leave: str) -> Left | TurnedAway:
        """Let a shelter go that says so; again: the same answer. What it signed before is still filed when it comes."""
        return self._store.decide(lambda session: self._left(session, leave))

    def revoke(self, shelter_id: str, account: str | None = None) -> None:
        """Take no more packages from a shelter, nor any invitation to become it; raises NotFound."""

        def revoked(session: Session) -> None:
            shelter = session.get(ShelterRow, shelter_id, with_for_update=True)
            if shelter is None:
                raise NotFound(what="shelter")
            shelter.revoked_at, shelter.revoked_by, shelter.left_iat = self._now(), BY_CAPOFILA, None
            self._withdraw_others(session, shelter_id)
            note(session, "revoked", account=account, subject=shelter_id, at=self._now())

        self._store.decide(revoked)

    def _invited(
        self, for_whom: _ForWhom, url: str, days_valid: int, *, pins_certificate: bool, account: str | None
    ) -> Invitation:
        url = check_url(url)
        if pins_certificate:
            self._keys.identity.check_host(url)
        now = self._now()
        with self._store.work() as session:
            present = self._keys.present(session)
            invitation = Invitation(
                url=url,
                capofila_name=present.name,
                capofila_id=present.capofila_id,
                key=present.key.public.raw,
                token=secrets.token_bytes(TOKEN_LENGTH),
                tls_fingerprint=present.tls_fingerprint if pins_certificate else None,
                shelter_name=for_whom.name,
                seal=present.sealing.public.raw,
            )
            invitation_id = sha256(invitation.token).hexdigest()
            session.add(
                InvitationRow(
                    token_hash=invitation_id,
                    shelter_name=for_whom.name,
                    province=for_whom.province,
                    created_at=now,
                    expires_at=now + timedelta(days=days_valid),
                    for_shelter=for_whom.shelter_id,
                    succeeds=for_whom.succeeds,
                )
            )
            action = "invited" if for_whom.shelter_id is None else "invited_again"
            note(session, action, account=account, subject=for_whom.shelter_id or invitation_id, at=now)
        return invitation

    def _enrolled(self, session: Session, token_hash: str, key: PublicKey) -> EnrolmentWord | TurnedAway:
        # Locked, so that of several requests at once each sees what the one before it did.
        invitation = session.get(InvitationRow, token_hash, with_for_update=True)
        if invitation is None:
            return TurnedAway("invitation_unknown")
        owner = find_sender(session, key.thumbprint())
        if invitation.used_at is not None:
            if owner is not None and owner.is_present and owner.shelter_id == invitation.shelter_id:
                return self._word(session, owner.shelter_id, key)
            return TurnedAway("invitation_used")
        if invitation.withdrawn_at is not None or self._now() >= invitation.expires_at:
            return TurnedAway("invitation_expired")
        if owner is not None:
            return TurnedAway("key_taken")
        return self._word(session, self._use(session, invitation, key), key)

    def _use(self, session: Session, invitation: InvitationRow, key: PublicKey) -> str:
        now = self._now()
        if invitation.for_shelter is not None:
            shelter = session.get(ShelterRow, invitation.for_shelter, with_for_update=True)
            if shelter is None:
                raise NotFound(what="shelter")
            give_up_key(session, shelter, now, last_iat=None)
            self._give_key(shelter, key, now)
            shelter.revoked_at = shelter.revoked_by = shelter.left_iat = None
            note(session, "enrolled_again", account=SHELTER, subject=shelter.id, at=now)
        else:
            shelter = ShelterRow(
                id=str(uuid.uuid4()),
                name=invitation.shelter_name,
                province=invitation.province,
                public_key=key.raw,
                thumbprint=key.thumbprint(),
                enrolled_at=now,
                key_since=now,
                succeeds=invitation.succeeds,
            )
            session.add(shelter)
            note(session, "enrolled", account=SHELTER, subject=shelter.id, at=now)
        session.flush()
        invitation.used_at, invitation.shelter_id = now, shelter.id
        self._withdraw_others(session, shelter.id)
        return shelter.id

    def _changed(self, session: Session, change: str) -> EnrolmentWord | TurnedAway:
        sender = self._signer(session, change)
        if isinstance(sender, TurnedAway):
            return sender
        try:
            wish = verify_key_change(change, sender.key, iss=sender.shelter_id, aud=self._capofila_id)
        except KeyChangeUnproven as error:
            return TurnedAway("change_unproven", str(error.params["reason"]))
        # Locked and read anew: of several changes at once one is first.
        shelter = session.get_one(ShelterRow, sender.shelter_id, with_for_update=True, populate_existing=True)
        if shelter.thumbprint == wish.key.thumbprint():
            return self._repeated(session, shelter, sender, wish)
        reason = self._why_not(session, shelter, sender, wish)
        if reason is not None:
            return TurnedAway(reason)
        give_up_key(session, shelter, self._now(), last_iat=wish.iat)
        self._give_key(shelter, wish.key, self._now())
        note(session, "key_changed", account=SHELTER, subject=shelter.id, at=self._now())
        session.flush()
        return self._word(session, shelter.id, wish.key)

    def _why_not(self, session: Session, shelter: ShelterRow, sender: Sender, wish: KeyChange) -> str | None:
        if shelter.revoked_at is not None:
            return "shelter_revoked"
        if shelter.thumbprint != sender.thumbprint:
            return "key_replaced"
        return "key_taken" if find_sender(session, wish.key.thumbprint()) is not None else None

    def _repeated(
        self, session: Session, shelter: ShelterRow, sender: Sender, wish: KeyChange
    ) -> EnrolmentWord | TurnedAway:
        """Answer a change that was made already; a lost key is told nothing.

        A shelter that left since may ask too: what it signed meanwhile with the old key has to be signed anew.
        """
        is_turned_out = shelter.revoked_at is not None and shelter.left_iat is None
        if sender.last_iat is None or is_turned_out:
            return TurnedAway("shelter_revoked" if is_turned_out else "key_replaced")
        return self._word(session, sender.shelter_id, wish.key)

    def _left(self, session: Session, leave: str) -> Left | TurnedAway:
        sender = self._signer(session, leave)
        if isinstance(sender, TurnedAway):
            return sender
        try:
            said = verify_leave(leave, sender.key, iss=sender.shelter_id, aud=self._capofila_id)
        except KeyChangeUnproven as error:
            return TurnedAway("change_unproven", str(error.params["reason"]))
        shelter = session.get(ShelterRow, sender.shelter_id, with_for_update=True, populate_existing=True)
        if shelter is None or shelter.thumbprint != sender.thumbprint:
            return TurnedAway("change_unproven", "key")
        if shelter.revoked_at is None:
            shelter.revoked_at, shelter.revoked_by = self._now(), BY_SHELTER
            shelter.left_iat = said.iat
            self._withdraw_others(session, shelter.id)
            note(session, "left", account=SHELTER, subject=shelter.id, at=self._now())
        elif shelter.left_iat is not None:
            shelter.left_iat = max(shelter.left_iat, said.iat)
        return Left()

    def _signer(self, session: Session, token: str) -> Sender | TurnedAway:
        try:
            sender = find_sender(session, read_kid(token))
        except SignatureInvalid:
            return TurnedAway("change_unproven", "malformed")
        return sender or TurnedAway("shelter_unknown")

    def _withdraw_others(self, session: Session, shelter_id: str) -> None:
        """Let nobody become a shelter by an invitation of before: of several only one is meant."""
        mine = update(InvitationRow).where(InvitationRow.for_shelter == shelter_id)
        still_open = mine.where(InvitationRow.used_at.is_(None), InvitationRow.withdrawn_at.is_(None))
        session.flush()
        session.execute(still_open.values(withdrawn_at=self._now()))

    def _check_ended(self, shelter_id: str) -> None:
        with self._store.read() as session:
            shelter = session.get(ShelterRow, shelter_id)
            if shelter is None:
                raise NotFound(what="shelter")
            follower = session.scalar(select(ShelterRow.id).where(ShelterRow.succeeds == shelter_id))
        if shelter.revoked_at is None or follower is not None:
            raise ShelterStillHere

    @property
    def _capofila_id(self) -> str:
        return self._keys.identity.capofila_id

    def _give_key(self, shelter: ShelterRow, key: PublicKey, at: datetime) -> None:
        shelter.public_key, shelter.thumbprint, shelter.key_since = key.raw, key.thumbprint(), at

    def _word(self, session: Session, shelter_id: str, key: PublicKey) -> EnrolmentWord:
        present = self._keys.present(session)
        return EnrolmentWord(
            make_enrolment(
                present.key,
                iss=present.capofila_id,
                shelter=shelter_id,
                shelter_key=key,
                iat=int(self._now().timestamp()),
                jti=str(uuid.uuid4()),
                seal=present.sealing.public,
            )
        )


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
