"""The rules of enrolment: an invitation lets one shelter hand in one public key, once.

It knows neither HTTP nor reports; the token of an invitation is kept only as a hash.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.capofila.answer import EnrolmentWord, TurnedAway
from app.capofila.key import Identity
from app.capofila.store import InvitationRow, ShelterRow, Store, utc_now
from app.errors import NotFound
from app.sync.invitation import TOKEN_LENGTH, Invitation, check_url
from app.sync.key import PublicKey
from app.sync.signature import make_enrolment


class Enrolments:
    """Invites and enrols shelters; safe to use from several threads."""

    def __init__(self, store: Store, identity: Identity, now: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._identity = identity
        self._now = now

    def invite(
        self,
        *,
        shelter_name: str,
        url: str,
        days_valid: int,
        province: str | None = None,
        pins_certificate: bool = True,
    ) -> Invitation:
        """Make an invitation and remember its token's hash.

        Raises AddressRefused, InvitationInvalid, or HostNotInCertificate when the capofila's own certificate does
        not cover the address. Without `pins_certificate` a public authority vouches for the server.
        """
        url = check_url(url)
        if pins_certificate:
            self._identity.check_host(url)
        invitation = Invitation(
            url=url,
            capofila_name=self._identity.name,
            capofila_id=self._identity.capofila_id,
            key=self._identity.key.public.raw,
            token=secrets.token_bytes(TOKEN_LENGTH),
            tls_fingerprint=self._identity.tls_fingerprint if pins_certificate else None,
            shelter_name=shelter_name,
        )
        now = self._now()
        with self._store.work() as session:
            session.add(
                InvitationRow(
                    token_hash=sha256(invitation.token).hexdigest(),
                    shelter_name=shelter_name,
                    province=province,
                    created_at=now,
                    expires_at=now + timedelta(days=days_valid),
                )
            )
        return invitation

    def enrol(self, token: bytes, key: PublicKey) -> EnrolmentWord | TurnedAway:
        """Enrol a key with an invitation, once; the same key may ask again, for its answer may have been lost."""
        found = self._store.decide(lambda session: self._enrolled(session, sha256(token).hexdigest(), key))
        return found if isinstance(found, TurnedAway) else EnrolmentWord(self._word(found, key))

    def revoke(self, shelter_id: str) -> None:
        """Take no more packages from a shelter; raises NotFound."""
        with self._store.work() as session:
            shelter = session.get(ShelterRow, shelter_id)
            if shelter is None:
                raise NotFound(what="shelter")
            shelter.revoked_at = self._now()

    def _enrolled(self, session: Session, token_hash: str, key: PublicKey) -> str | TurnedAway:
        # Locked, so that of several requests at once each sees what the one before it did.
        invitation = session.get(InvitationRow, token_hash, with_for_update=True)
        if invitation is None:
            return TurnedAway("invitation_unknown")
        owner = session.scalar(select(ShelterRow.id).where(ShelterRow.thumbprint == key.thumbprint()))
        if invitation.used_at is not None:
            is_repeated = owner is not None and owner == invitation.shelter_id
            return owner if owner is not None and is_repeated else TurnedAway("invitation_used")
        if self._now() >= invitation.expires_at:
            return TurnedAway("invitation_expired")
        if owner is not None:
            return TurnedAway("key_taken")
        return self._use(session, invitation, key)

    def _use(self, session: Session, invitation: InvitationRow, key: PublicKey) -> str:
        shelter = ShelterRow(
            id=str(uuid.uuid4()),
            name=invitation.shelter_name,
            province=invitation.province,
            public_key=key.raw,
            thumbprint=key.thumbprint(),
            enrolled_at=self._now(),
        )
        session.add(shelter)
        session.flush()
        invitation.used_at, invitation.shelter_id = shelter.enrolled_at, shelter.id
        return shelter.id

    def _word(self, shelter_id: str, key: PublicKey) -> str:
        return make_enrolment(
            self._identity.key,
            iss=self._identity.capofila_id,
            shelter=shelter_id,
            shelter_key=key,
            iat=int(self._now().timestamp()),
            jti=str(uuid.uuid4()),
        )
