"""The capofila's store: invitations, shelters, every revision of every report; SQLite or PostgreSQL.

It keeps what the rules of `service.py` decide and decides nothing. Times are UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    create_engine,
    event,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.capofila.key import touch_private
from app.errors import CapofilaStoreTooNew

SCHEMA_VERSION = 1
BUSY_SECONDS = 20
ATTEMPTS = 3
"""How often a decision is taken before a broken constraint counts as a fault."""

T = TypeVar("T")

_CREATION_LOCK = 0x4150_5052_4F44_4F31  # "APPRODO1": one process creates the tables of a PostgreSQL store


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC, aware on both sides; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Store UTC; a naive moment is a bug."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive time")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The tables of the capofila."""


class SchemaVersionRow(Base):
    """One row: the version of the tables."""

    __tablename__ = "schema_version"

    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


class ShelterRow(Base):
    """A shelter that has enrolled, and the public key that it signs with."""

    __tablename__ = "shelter"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    province: Mapped[str | None] = mapped_column(String(2))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    thumbprint: Mapped[str] = mapped_column(String(43), unique=True)
    enrolled_at: Mapped[datetime] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)

    def __repr__(self) -> str:
        return f"ShelterRow({self.id})"


class InvitationRow(Base):
    """The right to enrol once; the token itself is never stored."""

    __tablename__ = "invitation"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    shelter_name: Mapped[str] = mapped_column(String(120))
    province: Mapped[str | None] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)
    shelter_id: Mapped[str | None] = mapped_column(ForeignKey("shelter.id"))

    def __repr__(self) -> str:
        return "InvitationRow()"


class ReportRow(Base):
    """One revision of one month of one shelter, as it came, with the receipt that was given for it."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("shelter_id", "period", "revision"),
        UniqueConstraint("shelter_id", "jti"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    shelter_id: Mapped[str] = mapped_column(ForeignKey("shelter.id"))
    period: Mapped[str] = mapped_column(String(7))
    revision: Mapped[int] = mapped_column(Integer)
    jti: Mapped[str] = mapped_column(String(128))
    sha256: Mapped[str] = mapped_column(String(64))
    package: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    receipt: Mapped[str] = mapped_column(Text)

    def __repr__(self) -> str:
        return f"ReportRow({self.id})"


class Store:
    """An open store; `work()` is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def work(self) -> Iterator[Session]:
        """Yield a session whose work is kept whole when the block ends, or not at all when it raises."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    def decide(self, decision: Callable[[Session], T]) -> T:
        """Return what a decision comes to, taken again when another request wrote the same in the same moment."""
        for _ in range(ATTEMPTS - 1):
            try:
                with self.work() as session:
                    return decision(session)
            except IntegrityError:
                continue
        with self.work() as session:
            return decision(session)

    def ping(self) -> None:
        """Ask the database for nothing; raises SQLAlchemyError when it is not there."""
        with self._engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def default_url(folder: Path) -> str:
    """Return the URL of the SQLite store in the capofila's folder."""
    return URL.create("sqlite", database=str(folder / "capofila.db")).render_as_string()


def open_store(url: str) -> Store:
    """Open a store by its URL (`sqlite:///…`, `postgresql://…`), making its tables on first use.

    Raises CapofilaStoreTooNew when a newer Approdo wrote it.
    """
    engine = _engine(make_url(url))
    try:
        _prepare(engine)
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
    return create_engine(url, hide_parameters=True, pool_pre_ping=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:  # the driver's own connection
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # The driver's own transactions start too late; IMMEDIATE lets no two writers decide on the same state.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _prepare(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CREATION_LOCK})
        if not inspect(connection).has_table(SchemaVersionRow.__tablename__):
            Base.metadata.create_all(connection)
            connection.execute(insert(SchemaVersionRow).values(version=SCHEMA_VERSION))
        found = connection.scalar(select(SchemaVersionRow.version)) or 0
        if found > SCHEMA_VERSION:
            raise CapofilaStoreTooNew(found=found, known=SCHEMA_VERSION)
