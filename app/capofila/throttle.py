"""Slowing down whoever guesses: failures are counted by the name that was typed, whether an account has it or not.

So nobody learns from a wait which names there are. The name is kept as a keyed hash: some type a passphrase there.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.capofila.store import SignInTryRow

FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN = timedelta(days=1)
"""After a day without a failure a name begins anew; so the table stays small whatever is typed."""


class Throttle:
    """Counts failures in the store, for every instance alike."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def wait(self, session: Session, name: str, now: datetime) -> int:
        """Return 0 when a name may be tried now, or the seconds to wait; its row is locked."""
        row = session.get(SignInTryRow, self._hash(name), with_for_update=True)
        if row is None or row.wait_until is None or now >= row.wait_until:
            return 0
        return max(1, int((row.wait_until - now).total_seconds()))

    def fail(self, session: Session, name: str, now: datetime) -> None:
        """Count a failure; after some free ones each doubles the wait."""
        session.execute(delete(SignInTryRow).where(SignInTryRow.failed_at <= now - FORGOTTEN))
        row = session.get(SignInTryRow, self._hash(name), with_for_update=True)
        if row is None:
            row = SignInTryRow(name_hash=self._hash(name), failed=0)
            session.add(row)
        row.failed, row.failed_at = row.failed + 1, now
        if row.failed >= FREE_TRIES:
            row.wait_until = now + min(FIRST_WAIT * 2 ** min(row.failed - FREE_TRIES, 10), LONGEST_WAIT)
        session.flush()

    def forget(self, session: Session, name: str) -> None:
        """Forget a name's failures."""
        session.execute(delete(SignInTryRow).where(SignInTryRow.name_hash == self._hash(name)))

    def _hash(self, name: str) -> str:
        return hashlib.blake2b(name.encode("utf-8", "replace"), key=self._key, digest_size=32).hexdigest()
