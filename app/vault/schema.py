"""The guards of a store, its triggers and indexes, held against those that its migrations make.

Whoever has the key can drop a trigger with another program; the pages are sound all the same. Nothing is mended here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from app.reference.fold import fold, sound

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.vault.vault import Vault

_ALL = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'index', 'view') AND sql IS NOT NULL"


def guard_faults(vault: Vault) -> list[str]:
    """Return which triggers and indexes of an open vault are missing, changed, or not of this program."""
    with vault.work() as session:
        found = _guards(session.connection())
    wanted = _made_anew()
    return [
        f"{kind} {name}: {_fault(found.get((kind, name)), wanted.get((kind, name)))}"
        for kind, name in sorted(found.keys() | wanted.keys())
        if found.get((kind, name)) != wanted.get((kind, name))
    ]


def _fault(found: str | None, wanted: str | None) -> str:
    return "missing" if found is None else "not of this program" if wanted is None else "changed"


def _made_anew() -> dict[tuple[str, str], str]:
    """Return what the migrations make of nothing, in memory."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    from app.vault.migration import upgrade

    def connect() -> driver.Connection:
        link = driver.connect(":memory:", isolation_level=None, check_same_thread=False)
        link.create_function("fold", 1, fold, deterministic=True)
        link.create_function("sound", 1, sound, deterministic=True)
        return link

    engine = create_engine("sqlite://", module=driver, creator=connect, poolclass=StaticPool)
    try:
        upgrade(engine, "head")
        with engine.connect() as link:
            return _guards(link)
    finally:
        engine.dispose()


def _guards(link: Connection) -> dict[tuple[str, str], str]:
    return {(kind, name): " ".join(sql.split()) for kind, name, sql in link.exec_driver_sql(_ALL)}
