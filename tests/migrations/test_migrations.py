"""Migrations from the first revision on: one head, no drift from the models, up and down, and data that survives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from app.models.schema import is_mapped, metadata
from app.vault import migration
from app.vault.key import VaultKey
from app.vault.store import connect

REVISIONS = sorted(path.name[:4] for path in (migration.FOLDER / "versions").glob("[0-9]*.py"))

# For every revision a sample in plain SQL, as a store of that time would hold it.
SAMPLES = {
    "0001": [
        "INSERT INTO house (id, name, kind, meal_supply, phase, capacity) VALUES (1, 'A', 'DONNE', 'PASTI', 'PRI', 5)",
        "INSERT INTO guest (id, code, name_used, birth_quality, gender, created_at) "
        "VALUES (1, '4K7T-9', 'Sample', 'IGNOTA', 'ND', '2026-01-01T00:00:00Z')",
        "INSERT INTO stay (id, guest_id, house_id, phase, entered_on) VALUES (1, 1, 1, 'PRI', '2026-01-01')",
        "INSERT INTO presence (stay_id, night, state, recorded_at) "
        "VALUES (1, '2026-01-02', 'P', '2026-01-02T22:00:00Z')",
    ],
}
SAMPLES["0002"] = [
    *SAMPLES["0001"],
    "INSERT INTO diary_entry (id, guest_id, day, kind, text, written_at) "
    "VALUES (1, 1, '2026-01-02', 'ALTRO', 'Sample', '2026-01-02T22:00:00Z')",
]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    key = VaultKey.new()
    engine = create_engine(
        "sqlite://",
        module=driver,
        creator=lambda: connect(tmp_path / "register.db", key),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
    )
    event.listen(engine, "begin", lambda link: link.exec_driver_sql("BEGIN IMMEDIATE"))
    yield engine
    engine.dispose()


def schema(engine: Engine) -> list[tuple[object, ...]]:
    with engine.connect() as link:
        rows = link.exec_driver_sql("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
        return [tuple(row) for row in rows if row[1] != "alembic_version"]


def test_there_is_one_head_and_the_program_knows_its_number(engine: Engine) -> None:
    with engine.connect() as link:
        heads = ScriptDirectory.from_config(migration.alembic_config(link)).get_heads()
    assert heads == [REVISIONS[-1]]
    assert int(heads[0]) == migration.SCHEMA


def test_the_migrated_schema_is_the_schema_of_the_models(engine: Engine) -> None:
    migration.upgrade(engine, "head")
    with engine.connect() as link:
        ours = {"compare_type": True, "include_name": lambda name, kind, _parents: kind != "table" or is_mapped(name)}
        context = MigrationContext.configure(link, opts=ours)
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_up_down_up_gives_the_same_schema(engine: Engine, revision: str) -> None:
    migration.upgrade(engine, revision)
    first = schema(engine)
    with engine.connect() as link, link.begin():
        command.downgrade(migration.alembic_config(link), "base")
    migration.upgrade(engine, revision)
    assert schema(engine) == first


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_sample_of_every_revision_survives_up_to_the_head(engine: Engine, revision: str) -> None:
    migration.upgrade(engine, revision)
    with engine.connect() as link, link.begin():
        for statement in SAMPLES[revision]:
            link.exec_driver_sql(statement)
    migration.upgrade(engine, "head")
    with engine.connect() as link:
        assert link.exec_driver_sql("SELECT name_used FROM guest").scalars().all() == ["Sample"]
        assert link.exec_driver_sql("SELECT night, state FROM presence").all() == [("2026-01-02", "P")]
        assert link.exec_driver_sql("PRAGMA cipher_integrity_check").all() == []


def test_the_lines_about_a_referral_name_its_guest_since_the_second_revision(engine: Engine) -> None:
    migration.upgrade(engine, "0001")
    line = "INSERT INTO trail (at, action, subject, subject_id) VALUES ('2026-01-02T22:00:00Z', 'request', "
    with engine.connect() as link, link.begin():
        for statement in (
            *SAMPLES["0001"],
            "INSERT INTO referral (id, stay_id, requested_on, service, urgency, outcome) "
            "VALUES (7, 1, '2026-01-02', 'CON', 'PROGRAMMATO', 'IN_ATTESA')",
            line + "'referral', 7)",
            line + "'house', 7)",
        ):
            link.exec_driver_sql(statement)
    migration.upgrade(engine, "head")
    with engine.connect() as link:
        lines = link.exec_driver_sql("SELECT subject, subject_id FROM trail ORDER BY id").all()
    assert lines == [("referral", 1), ("house", 7)]


def test_a_copy_kept_before_migrating_is_encrypted_and_only_three_are_kept(tmp_path: Path) -> None:
    store, key = tmp_path / "register.db", VaultKey.new()
    connect(store, key).close()
    link = connect(store, key)
    link.execute("CREATE TABLE t (x)")
    link.execute("INSERT INTO t VALUES ('CANARY')")
    link.close()
    for number in range(1, 6):
        copy = migration.keep_copy(store, key, number)
        assert b"CANARY" not in copy.read_bytes()
    kept = sorted(path.name for path in tmp_path.glob("*before*.db"))
    assert kept == ["register-before-0003.db", "register-before-0004.db", "register-before-0005.db"]
    again = connect(tmp_path / kept[-1], key)
    assert again.execute("SELECT x FROM t").fetchall() == [("CANARY",)]
    again.close()
