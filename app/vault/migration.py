"""Bring a store to the program's schema: an encrypted copy first, checks after, and no step half done.

Revisions are in `migrations/versions`, numbered `0001`, `0002`…; SQLite's `user_version` holds the number reached, so
that Alembic, a dear import, is only loaded when there is something to do.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import NoRoomToUpgrade, VaultDamaged, VaultTooNew
from app.vault.key import VaultKey

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection, Engine

FOLDER = Path(__file__).parent / "migrations"
SCHEMA = 9
COPIES_KEPT = 3
ROOM = 2.5
"""So many times its own size a store needs beside it: the copy, the write-ahead log, and what sealing adds."""

log = logging.getLogger(__name__)


def bring_up_to_date(engine: Engine, store: Path, key: VaultKey, *, is_new: bool) -> None:
    """Migrate the store behind `engine` to `SCHEMA`.

    Raises VaultTooNew for a store of a later program, NoRoomToUpgrade, and VaultDamaged when a check fails; the store
    is then as it was.
    """
    with engine.connect() as link:
        found = int(link.exec_driver_sql("PRAGMA user_version").scalar_one())
        link.rollback()
    if found == SCHEMA:
        return
    if not found and not is_new:
        raise VaultDamaged(part="store")  # a store that has keys has had a schema; it is not made anew
    if found > SCHEMA:
        raise VaultTooNew(found=found, known=SCHEMA)
    if found:
        require_room(store)
        _require_sound(store, key)
        keep_copy(store, key, found)
    upgrade(engine, "head")


def require_room(store: Path) -> None:
    """Raise NoRoomToUpgrade unless the copy and all that one transaction writes anew find room beside the store."""
    needed = int(ROOM * store.stat().st_size)
    free = shutil.disk_usage(store.parent).free
    if free < needed:
        raise NoRoomToUpgrade(needed=_megabytes(needed), free=_megabytes(free))


def _megabytes(size: int) -> int:
    return -(-size // 1_000_000)


def _require_sound(store: Path, key: VaultKey) -> None:
    """Raise VaultDamaged for a store with a fault: a copy of it would hide that, and every table is written anew."""
    from app.vault.store import examine_store

    if examine_store(store, key):
        raise VaultDamaged(part="store")


def upgrade(engine: Engine, target: str) -> None:
    """Run the revisions up to `target` in one transaction and check the store before it is committed."""
    from alembic import command

    with engine.connect() as link:
        raw = link.connection.driver_connection
        if raw is None:
            raise VaultDamaged(part="store")
        raw.execute("PRAGMA foreign_keys = OFF")  # has no effect inside a transaction; batch operations need it
        try:
            with link.begin():
                command.upgrade(alembic_config(link), target)
                reached = link.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
                link.exec_driver_sql(f"PRAGMA user_version = {int(reached)}")
                if link.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise VaultDamaged(part="store")
        finally:
            raw.execute("PRAGMA foreign_keys = ON")


def alembic_config(link: Connection) -> Config:
    """Return Alembic's configuration around a live, keyed connection: never a URL."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = link
    return config


def keep_copy(store: Path, key: VaultKey, found: int) -> Path:
    """Write an encrypted copy of the store beside it before migrating, whole or not at all, and keep the last three."""
    from app.vault.keyslot import sync_folder
    from app.vault.store import connect

    target = store.with_name(f"{store.stem}-before-{found:04d}.db")
    half = target.with_suffix(".part")
    for left in store.parent.glob(f"{half.name}*"):  # of a power cut
        left.unlink()
    source = connect(store, key)
    try:
        copy = connect(half, key)
        try:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        finally:
            copy.close()
        half.replace(target)
        sync_folder(store.parent)
    finally:
        source.close()
        half.unlink(missing_ok=True)
    for old in sorted(store.parent.glob(f"{store.stem}-before-*.db"))[:-COPIES_KEPT]:
        old.unlink()
    return target
