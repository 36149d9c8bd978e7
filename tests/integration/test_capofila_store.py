"""The capofila's store: what older programs made is carried over, on SQLite and PostgreSQL, by one at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.capofila.migration import SCHEMA_VERSION, alembic_config, upgrade
from app.capofila.office import open_office
from app.capofila.register import list_shelters
from app.capofila.service import list_received
from app.capofila.store import Base, default_url, open_store
from app.errors import CapofilaStoreTooNew, CapofilaStoreTooOld
from app.sync.key import SigningKey
from app.sync.payload import digest
from tests.postgres import Postgres, is_installed, running_postgres
from tests.shelter import Shelter

needs_postgres = pytest.mark.skipif(not is_installed(), reason="PostgreSQL 15 is not installed")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres("fsync=off") as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return default_url(tmp_path)
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


def engine_of(url: str) -> sqlalchemy.Engine:
    return sqlalchemy.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))


def make_first_store(url: str, shelter: Shelter) -> bytes:
    """Make a store as the first program did: its tables, its version, no migrations; with one report."""
    engine, package = engine_of(url), shelter.package()
    with engine.begin() as connection:
        upgrade(connection, 0, "0001")
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(
            text(
                "INSERT INTO shelter (id, name, province, public_key, thumbprint, enrolled_at) "
                "VALUES (:id, 'Casa Aurora', 'MI', :key, :kid, '2026-01-01 08:00:00')"
            ),
            {"id": shelter.id, "key": shelter.key.public.raw, "kid": shelter.key.public.thumbprint()},
        )
        connection.execute(
            text(
                "INSERT INTO report (shelter_id, period, revision, jti, sha256, package, received_at, receipt) "
                "VALUES (:id, '2026-06', 1, 'jti-1', :sha, :package, '2026-07-01 08:00:00', 'old-receipt')"
            ),
            {"id": shelter.id, "sha": sha256_of(package), "package": package},
        )
    engine.dispose()
    return package


def sha256_of(package: bytes) -> str:
    return digest(package)


def test_the_migrations_make_the_tables_of_the_program(url: str) -> None:
    open_store(url).close()
    engine = engine_of(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, {"compare_type": True}), Base.metadata) == []
    engine.dispose()


def test_there_is_one_head_and_it_is_the_programs_version(url: str) -> None:
    engine = engine_of(url)
    with engine.connect() as connection:
        heads = ScriptDirectory.from_config(alembic_config(connection)).get_heads()
    engine.dispose()
    assert heads == [f"{SCHEMA_VERSION:04d}"]


def test_a_store_of_the_first_version_is_carried_over_with_everything_in_it(url: str, tmp_path: Path) -> None:
    shelter = Shelter("casa-1", "", SigningKey.generate())
    package = make_first_store(url, shelter)
    with open_office(tmp_path, url) as office:
        assert office.store.version() == SCHEMA_VERSION
        (report,) = list_received(office.store)
        assert (report.shelter_name, report.sha256) == ("Casa Aurora", sha256_of(package))
        (entry,) = list_shelters(office.store)
        assert (entry.id, entry.province, entry.revoked_by) == ("casa-1", "MI", None)
        shelter.capofila_id = office.keys.identity.capofila_id
        # What was used before is remembered: the same number serves no other package, the same package its receipt.
        other = office.reception.receive(shelter.delivery(shelter.package("2026-07"), "jti-1"))
        assert getattr(other, "reason", None) == "idempotency_key_reused"
        again = office.reception.receive(shelter.delivery(package, "jti-1"))
        assert getattr(again, "receipt", None) == "old-receipt"


def test_up_and_down_and_up_again_is_the_same(url: str) -> None:
    open_store(url).close()
    engine = engine_of(url)
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0001")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, {"compare_type": True}), Base.metadata) == []
    engine.dispose()


def test_without_leave_to_migrate_an_older_store_is_left_as_it_is(url: str) -> None:
    make_first_store(url, Shelter("casa-1", "", SigningKey.generate()))
    with pytest.raises(CapofilaStoreTooOld):
        open_store(url, migrate=False)
    engine = engine_of(url)
    assert "account" not in sqlalchemy.inspect(engine).get_table_names()
    engine.dispose()


def test_a_newer_store_is_left_alone_also_by_the_first_program(url: str) -> None:
    open_store(url).close()
    engine = engine_of(url)
    with engine.begin() as connection:
        # What the program before the migrations looked at.
        assert connection.scalar(text("SELECT version FROM schema_version")) == SCHEMA_VERSION
        connection.execute(text("UPDATE schema_version SET version = :v"), {"v": SCHEMA_VERSION + 1})
    engine.dispose()
    with pytest.raises(CapofilaStoreTooNew):
        open_store(url)


def test_many_that_start_at_once_migrate_once(url: str) -> None:
    make_first_store(url, Shelter("casa-1", "", SigningKey.generate()))
    gate = threading.Barrier(4)

    def start(_: int) -> int:
        gate.wait()
        store = open_store(url)
        try:
            return store.version()
        finally:
            store.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(start, range(4))) == [SCHEMA_VERSION] * 4


def test_a_migration_that_fails_leaves_nothing_behind(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_first_store(url, Shelter("casa-1", "", SigningKey.generate()))
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE audit_log (id INTEGER)"))  # in the way of the revision
    with pytest.raises(sqlalchemy.exc.DBAPIError):
        open_store(url)
    found = set(sqlalchemy.inspect(engine).get_table_names())
    assert found == {"schema_version", "shelter", "invitation", "report", "audit_log"}
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE audit_log"))
    engine.dispose()
    store = open_store(url)
    assert store.version() == SCHEMA_VERSION
    store.close()
