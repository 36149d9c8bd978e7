"""Which of the capofila's keys are in use, by the word of its store: the same for every instance.

The private halves lie in the folder (`key.py`), the public ones and the statements between them in the store.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.capofila.audit import note
from app.capofila.key import Identity, add_keys, open_identity, remove_signing_key
from app.capofila.store import CapofilaKeyRow, Store, utc_now
from app.capofila.table import SEALING, SIGNING
from app.errors import CapofilaKeyStale
from app.sync.key import PublicKey, SealingPublicKey
from app.sync.keychange import make_identity, make_succession


@dataclass(frozen=True, slots=True)
class IdentityAnswer:
    """The capofila's signed word about its keys, and the statements by which each descends from the one before."""

    identity: str
    successions: tuple[str, ...]


class KeyRing:
    """The keys in use; safe to use from several threads and processes."""

    def __init__(self, store: Store, identity: Identity, now: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._identity = identity
        self._now = now

    @property
    def identity(self) -> Identity:
        """The identity as it was last seen."""
        return self._identity

    def present(self, session: Session) -> Identity:
        """Return the identity with the keys that the store names; the first to ask writes them into it.

        Raises CapofilaKeyStale when the folder has not the private half of such a key.
        """
        named = _named(session)
        if SIGNING not in named:
            self._first(session, SIGNING, self._identity.key.public)
        if SEALING not in named:
            self._first(session, SEALING, self._identity.sealing.public)
        found = self._matched(self._identity, named)
        if found is None:
            # Another process renewed them: the files are there, but were read before.
            found = self._matched(open_identity(self._identity.folder), named)
            if found is None:
                raise CapofilaKeyStale
        self._identity = found
        return found

    def check(self) -> None:
        """Raise CapofilaKeyStale unless this process can sign and open; only the very first time it writes."""
        with self._store.read() as session:
            named = _named(session)
        if not {SIGNING, SEALING} <= named.keys() or self._matched(self._identity, named) is None:
            self._store.decide(self.present)

    def answer(self) -> IdentityAnswer:
        """Return what the capofila says of its keys."""
        return self._store.decide(self._answer)

    def successions(self, session: Session) -> tuple[str, ...]:
        """Return every statement of succession, oldest first."""
        return tuple(row.succession for row in _signing_rows(session) if row.succession is not None)

    def renew(self, account: str | None = None) -> Identity:
        """Make new keys: the old signing key says who comes after it, and is removed; what it sealed can still be read.

        Raises CapofilaKeyStale when this folder has not the present keys.
        """
        self.check()
        signing, sealing = add_keys(self._identity.folder)
        old = self._store.decide(lambda session: self._renewed(session, signing.public, sealing.public, account))
        remove_signing_key(self._identity.folder, old)
        self._identity = open_identity(self._identity.folder)
        return self._store.decide(self.present)

    def _renewed(self, session: Session, signing: PublicKey, sealing: SealingPublicKey, account: str | None) -> str:
        now = self._now()
        present = self.present(session)
        rows = session.scalars(
            select(CapofilaKeyRow).where(CapofilaKeyRow.retired_at.is_(None)).with_for_update()
        ).all()
        for row in rows:
            row.retired_at = now
            if row.purpose == SIGNING:
                row.succession = make_succession(
                    present.key, iss=present.capofila_id, new=signing, iat=int(now.timestamp())
                )
        session.flush()
        self._add(session, SIGNING, signing)
        self._add(session, SEALING, sealing)
        note(session, "key_renewed", account=account, subject=signing.thumbprint(), at=now)
        return present.key.public.thumbprint()

    def _answer(self, session: Session) -> IdentityAnswer:
        present = self.present(session)
        earlier = [PublicKey(row.public_key) for row in _signing_rows(session) if row.retired_at is not None]
        word = make_identity(
            present.key,
            iss=present.capofila_id,
            iat=int(self._now().timestamp()),
            previous=earlier[::-1],
            seal=present.sealing.public,
        )
        return IdentityAnswer(word, self.successions(session))

    def _first(self, session: Session, purpose: str, key: PublicKey | SealingPublicKey) -> None:
        self._add(session, purpose, key)
        session.flush()

    def _add(self, session: Session, purpose: str, key: PublicKey | SealingPublicKey) -> None:
        session.add(
            CapofilaKeyRow(thumbprint=key.thumbprint(), purpose=purpose, public_key=key.raw, made_at=self._now())
        )

    def _matched(self, identity: Identity, named: dict[str, str]) -> Identity | None:
        """Return the identity with the named keys in use, or None when it has not got them."""
        signing = {key.public.thumbprint(): key for key in (*identity.signing_keys, identity.key)}
        sealing = {key.public.thumbprint(): key for key in (*identity.sealing_keys, identity.sealing)}
        key = signing.get(named.get(SIGNING, identity.key.public.thumbprint()))
        opener = sealing.get(named.get(SEALING, identity.sealing.public.thumbprint()))
        if key is None or opener is None:
            return None
        if key is identity.key and opener is identity.sealing:
            return identity
        return replace(identity, key=key, sealing=opener)


def _named(session: Session) -> dict[str, str]:
    chosen = select(CapofilaKeyRow.purpose, CapofilaKeyRow.thumbprint).where(CapofilaKeyRow.retired_at.is_(None))
    return {row.purpose: row.thumbprint for row in session.execute(chosen)}


def _signing_rows(session: Session) -> list[CapofilaKeyRow]:
    chosen = select(CapofilaKeyRow).where(CapofilaKeyRow.purpose == SIGNING)
    return list(session.scalars(chosen.order_by(CapofilaKeyRow.made_at, CapofilaKeyRow.retired_at)))
