"""The same bytes signed with another key of the house: what a change of keys does to reports that still wait.

Package, number of sending and recipient stay; only the token is new, so the capofila files the report once.
"""

from __future__ import annotations

from datetime import datetime

from app.models.work import OutboxItem
from app.sync.key import SigningKey
from app.sync.signature import peek, sign_report


def sign_anew(item: OutboxItem, key: SigningKey, now: datetime) -> None:
    """Sign a waiting report with another key of the same house; it may be pushed at once."""
    item.token = sign_report(
        item.payload,
        key,
        iss=item.shelter,
        aud=item.capofila,
        jti=item.idempotency_key,
        iat=int(now.timestamp()),
    )
    item.signing_fingerprint = key.public.fingerprint()
    item.last_attempt_at, item.last_problem = None, None


def signed_after(item: OutboxItem, moment: int) -> bool:
    """Tell whether a report's token was made after a moment (seconds, by this computer's clock)."""
    made = peek(item.token).get("iat")
    return type(made) is not int or made > moment
