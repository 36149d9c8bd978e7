"""Whose key it is: the shelter that signs with it now, or signed with it before.

It proves nothing by itself; a signature must still verify under the key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.capofila.store import PreviousKeyRow, ShelterRow
from app.sync.key import PublicKey

_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Sender:
    """A shelter and one of its keys; `last_iat` is None for the present key and for a lost one."""

    shelter_id: str
    key: PublicKey
    thumbprint: str
    is_present: bool
    last_iat: int | None
    is_revoked: bool

    def may_sign_at(self, iat: int) -> bool:
        """Whether what says it was signed at this second counts: both are by the shelter's own clock."""
        return self.is_present or (self.last_iat is not None and iat <= self.last_iat)


def find_sender(session: Session, thumbprint: str) -> Sender | None:
    """Return the shelter that a key belongs or belonged to; what is no thumbprint does not reach the database."""
    if not _THUMBPRINT.fullmatch(thumbprint):
        return None
    shelter = session.scalar(select(ShelterRow).where(ShelterRow.thumbprint == thumbprint))
    if shelter is not None:
        return _sender(shelter, shelter.public_key, thumbprint, None)
    former = session.get(PreviousKeyRow, thumbprint)
    owner = session.get(ShelterRow, former.shelter_id) if former is not None else None
    if former is None or owner is None:
        return None
    return _sender(owner, former.public_key, thumbprint, former.last_iat)


def give_up_key(session: Session, shelter: ShelterRow, at: datetime, *, last_iat: int | None) -> None:
    """Move a shelter's present key to those before; `last_iat` None: it is lost, nothing it signed counts."""
    session.add(
        PreviousKeyRow(
            thumbprint=shelter.thumbprint,
            shelter_id=shelter.id,
            public_key=shelter.public_key,
            valid_from=shelter.key_since or shelter.enrolled_at,
            valid_until=at,
            last_iat=last_iat,
        )
    )
    if last_iat is None:
        # Somebody else may have it: nor does what a key before it signed count any more on that one's word.
        for row in session.scalars(select(PreviousKeyRow).where(PreviousKeyRow.shelter_id == shelter.id)):
            row.last_iat = None
    session.flush()


def _sender(shelter: ShelterRow, key: bytes, thumbprint: str, last_iat: int | None) -> Sender:
    return Sender(
        shelter_id=shelter.id,
        key=PublicKey(key),
        thumbprint=thumbprint,
        is_present=shelter.thumbprint == thumbprint,
        last_iat=last_iat,
        is_revoked=shelter.revoked_at is not None,
    )
