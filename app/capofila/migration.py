"""Bring the capofila's store to the program's version: one process at a time, in one transaction, or not at all.

Revisions are in `migrations/versions`, numbered `0001`, `0002`…; the row of `schema_version` holds the number reached,
so that Alembic, a dear import, is only loaded when there is something to do, and older programs see that it is newer.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from app.errors import CapofilaStoreTooNew, CapofilaStoreTooOld

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
SCHEMA_VERSION = 2
FIRST_VERSION = 1
"""What the programs before the migrations made by themselves; `0001` makes the same."""

_LOCK = 0x4150_5052_4F44_4F31  # "APPRODO1": one process makes or migrates the tables of a PostgreSQL store


def found_version(connection: Connection) -> int:
    """Return the version of a store's tables; 0 for an empty database."""
    if not inspect(connection).has_table("schema_version"):
        return 0
    return int(connection.scalar(text("SELECT max(version) FROM schema_version")) or 0)


def bring_up_to_date(engine: Engine, *, migrate: bool) -> None:
    """Make or migrate the tables; whoever comes second waits and finds it done.

    Raises CapofilaStoreTooNew for a store of a later program, and without `migrate` CapofilaStoreTooOld for an
    earlier one. An empty database is filled in any case.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        found = found_version(connection)
        if found > SCHEMA_VERSION:
            raise CapofilaStoreTooNew(found=found, known=SCHEMA_VERSION)
        if found == SCHEMA_VERSION:
            return
        if found and not migrate:
            raise CapofilaStoreTooOld(found=found, known=SCHEMA_VERSION)
        upgrade(connection, found, "head")


def upgrade(connection: Connection, found: int, target: str) -> None:
    """Run the revisions from a version up to `target` in the open transaction."""
    from alembic import command

    config = alembic_config(connection)
    if found == FIRST_VERSION:
        command.stamp(config, f"{FIRST_VERSION:04d}")
    command.upgrade(config, target)
    reached = int(connection.scalar(text("SELECT version_num FROM alembic_version")) or 0)
    connection.execute(text("DELETE FROM schema_version"))
    connection.execute(text("INSERT INTO schema_version (version) VALUES (:reached)"), {"reached": reached})


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's configuration around a live connection: never a URL."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
