"""The capofila put together: its store, its keys and its rules, for the service, the board and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app.capofila.account import Accounts
from app.capofila.enrolment import Enrolments
from app.capofila.file_desk import FileDesk
from app.capofila.key import account_key, open_identity
from app.capofila.keyring import KeyRing
from app.capofila.limit import Limit
from app.capofila.service import Reception
from app.capofila.store import SCHEMA_VERSION, Store, default_url, open_store, utc_now
from app.errors import CapofilaStoreTooOld


@dataclass(frozen=True, slots=True)
class Limits:
    """How often one may ask this process, by address, by a shelter's proved key, and to sign in."""

    address: Limit = field(default_factory=lambda: Limit(600, 200))
    sender: Limit = field(default_factory=lambda: Limit(60, 60))
    sign_in: Limit = field(default_factory=lambda: Limit(10, 10))


@dataclass(frozen=True, slots=True)
class Office:
    """Everything that a request may need."""

    store: Store
    keys: KeyRing
    enrolments: Enrolments
    reception: Reception
    accounts: Accounts
    files: FileDesk
    limits: Limits

    def check_ready(self) -> None:
        """Raise SQLAlchemyError, CapofilaStoreTooOld or CapofilaKeyStale unless a package could be filed now."""
        found = self.store.version()
        if found != SCHEMA_VERSION:
            raise CapofilaStoreTooOld(found=found, known=SCHEMA_VERSION)
        self.keys.check()


@contextmanager
def open_office(
    data_dir: Path,
    database_url: str | None = None,
    *,
    name: str = "Capofila",
    hosts: Iterable[str] = (),
    migrate: bool = True,
    limits: Limits | None = None,
    now: Callable[[], datetime] = utc_now,
) -> Iterator[Office]:
    """Open folder and store, migrating it, for as long as the block lasts.

    Raises CapofilaStoreTooNew, CapofilaKeyStale when the folder has not the keys that the store names, and without
    `migrate` CapofilaStoreTooOld. `name` and `hosts` count on the first run only.
    """
    identity = open_identity(data_dir, name=name, hosts=hosts)
    store = open_store(database_url or default_url(data_dir), migrate=migrate)
    limits = limits or Limits()
    try:
        keys = KeyRing(store, identity, now)
        keys.check()
        enrolments = Enrolments(store, keys, now)
        reception = Reception(store, keys, now, limit=limits.sender)
        yield Office(
            store=store,
            keys=keys,
            enrolments=enrolments,
            reception=reception,
            accounts=Accounts(store, account_key(data_dir), now, issuer=f"Approdo {identity.name}"),
            files=FileDesk(store, keys, enrolments, reception),
            limits=limits,
        )
    finally:
        store.close()
