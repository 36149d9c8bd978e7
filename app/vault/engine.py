"""The engine over an open store: one connection, kept while unlocked so that its page cache stays warm (ADR 0002).

It brings the store to the program's schema and proves its encryption; it knows no way in.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from app.errors import VaultDamaged
from app.vault.key import VaultKey
from app.vault.store import PAGE, connect, in_our_words, prove_encrypted, require_whole

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.models.sealed import Seals

POOL_SECONDS = 5  # a nested unit of work is a bug: it must say so, not hang


def open_engine(store: Path, key: VaultKey, seals: Seals, *, is_new: bool) -> tuple[Engine, str]:
    """Return the engine over a store, its sealed columns served by `seals`, and the cipher's version that was proved.

    Raises VaultDamaged, NotEncrypted, VaultTooNew or VaultBusy; then nothing is left open.
    """
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import QueuePool

    from app.models.sealed import lend_seals
    from app.vault.migration import bring_up_to_date

    version = ""
    if not is_new:
        if not store.exists() or store.stat().st_size < PAGE:
            raise VaultDamaged(part="store")  # a file of no bytes, or of one, SQLite takes for a new store and fills
        version = prove_encrypted(store, key)
        require_whole(store, key)
    engine = create_engine(
        "sqlite://",
        module=driver,
        hide_parameters=True,  # an error must not carry the values of a row
        creator=lambda: connect(store, key),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
    )
    lend_seals(engine, seals)
    event.listen(engine, "begin", lambda link: link.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with in_our_words(store):
            bring_up_to_date(engine, store, key, is_new=is_new)
        return engine, version or prove_encrypted(store, key)
    except BaseException:
        engine.dispose()
        raise


def set_aside_orphans(store: Path) -> None:
    """Rename a store that lies there without its key file; it is never removed, its keys may be on a copy."""
    when = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    names = (f"orphan-{when}{again}" for again in ("", *(f"-{number}" for number in range(2, 1000))))
    name = next(name for name in names if not any(store.parent.glob(f"{name}-{store.name}*")))
    for orphan in list(store.parent.glob(f"{store.name}*")):
        orphan.rename(store.parent / f"{name}-{orphan.name}")
