"""The capofila's store: SQLite or PostgreSQL, one transaction a piece of work.

It keeps what the rules beside it decide and decides nothing. Times are UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.capofila.key import touch_private
from app.capofila.migration import SCHEMA_VERSION, bring_up_to_date, found_version
from app.capofila.table import (
    AccountRow,
    AuditRow,
    Base,
    CapofilaKeyRow,
    InvitationRow,
    PreviousKeyRow,
    RecoveryCodeRow,
    ReportRow,
    SchemaVersionRow,
    SeenRequestRow,
    SessionRow,
    ShelterRow,
    SignInTryRow,
    UtcTime,
)

__all__ = [
    "SCHEMA_VERSION",
    "AccountRow",
    "AuditRow",
    "Base",
    "CapofilaKeyRow",
    "InvitationRow",
    "PreviousKeyRow",
    "RecoveryCodeRow",
    "ReportRow",
    "SchemaVersionRow",
    "SeenRequestRow",
    "SessionRow",
    "ShelterRow",
    "SignInTryRow",
    "Store",
    "UtcTime",
    "default_url",
    "open_store",
    "utc_now",
]

BUSY_SECONDS = 20
ATTEMPTS = 4
"""How often a decision is taken before a broken constraint counts as a fault."""

CONNECT_SECONDS = 5
STATEMENT_SECONDS = 15
LOCK_SECONDS = 10
POOL_SECONDS = 10
POOL_SIZE = 10

_AGAIN = ("40001", "40P01")
"""PostgreSQL: a serialisation failure, a deadlock; whoever lost asks again."""

T = TypeVar("T")


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class Store:
    """An open store; `work()` is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(approdo_reading=True)

    @property
    def kind(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @contextmanager
    def work(self) -> Iterator[Session]:
        """Yield a session whose work is kept whole when the block ends, or not at all when it raises."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session that only reads, and so waits for no writer."""
        with Session(self._reader, expire_on_commit=False) as session, session.begin():
            yield session

    def decide(self, decision: Callable[[Session], T]) -> T:
        """Return what a decision comes to, taken again when another request wrote the same in the same moment."""
        for _ in range(ATTEMPTS - 1):
            try:
                with self.work() as session:
                    return decision(session)
            except IntegrityError:
                continue
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _AGAIN:
                    raise
        with self.work() as session:
            return decision(session)

    def version(self) -> int:
        """Return the version of the tables as they are now; raises SQLAlchemyError when the database is not there."""
        with self._reader.connect() as connection:
            return found_version(connection)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def default_url(folder: Path) -> str:
    """Return the URL of the SQLite store in the capofila's folder."""
    return URL.create("sqlite", database=str(folder / "capofila.db")).render_as_string()


def open_store(url: str, *, migrate: bool = True) -> Store:
    """Open a store by its URL (`sqlite:///…`, `postgresql://…`), making or migrating its tables.

    Raises CapofilaStoreTooNew when a newer Approdo wrote it, and without `migrate` CapofilaStoreTooOld.
    """
    engine = _engine(make_url(url))
    try:
        bring_up_to_date(engine, migrate=migrate)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)


def _engine(url: URL) -> Engine:
    # hide_parameters: an error message must not carry a package or a name into a log.
    if url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:":
            touch_private(Path(url.database))
        engine = create_engine(
            url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_timeout=POOL_SECONDS,
        connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "approdo-capofila"},
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # the driver's own connection
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # The driver's own transactions start too late; IMMEDIATE lets no two writers decide on the same state.
    is_reading = connection.get_execution_options().get("approdo_reading", False)
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def _prepare_postgresql(connection: Any, _record: object) -> None:  # the driver's own connection
    # Nothing waits for ever; and a receipt is given only for what is on the disk, whatever the server's setting.
    for setting in (
        f"statement_timeout = '{STATEMENT_SECONDS}s'",
        f"lock_timeout = '{LOCK_SECONDS}s'",
        f"idle_in_transaction_session_timeout = '{2 * STATEMENT_SECONDS}s'",
        "synchronous_commit = on",
    ):
        connection.execute(f"SET {setting}")
    connection.commit()
