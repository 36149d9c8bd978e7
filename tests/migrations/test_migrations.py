"""Migrations from the first revision on: one head, no drift from the models, up and down, and data that survives."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from app import errors
from app.models.chain import Line, walk
from app.models.dossier import Document, DocumentContent
from app.models.inclusion import Goal, InclusionStep
from app.models.protection import Exploitation, Safety
from app.models.schema import is_mapped, metadata
from app.models.sealed import lend_seals
from app.models.service import Referral
from app.models.stay import HealthNeed, Stay, StayNeed
from app.services.sealed_copy import from_text
from app.vault import migration
from app.vault.key import VaultKey
from app.vault.store import connect

REVISIONS = sorted(path.name[:4] for path in (migration.FOLDER / "versions").glob("[0-9]*.py"))

CHAINED = "SELECT id, at, operator_id, kind, action, subject, subject_id, salt, commitment, link FROM trail ORDER BY id"

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

SAMPLES["0003"] = [
    *SAMPLES["0002"],
    "INSERT INTO operator (id, login, display_name, role, left_at) "
    "VALUES (1, 'a', 'A.', 'TURNO', '2026-01-03T22:00:00Z')",
    "INSERT INTO recovery_card (slot, number, set_label, tag, made_at) "
    "VALUES ('65eea87b-85f2-4e64-b552-6784d9c67cb0', 1, '7F3A', x'00', '2026-01-03T22:00:00Z')",
]

for _before, _after in (
    ("0003", "0004"),
    ("0004", "0005"),
    ("0005", "0006"),
    ("0006", "0007"),
    ("0007", "0008"),
    ("0008", "0009"),
):
    SAMPLES[_after] = [*SAMPLES[_before]]

SAMPLES["0006"] += [
    "INSERT INTO trail (id, at, kind, action, subject, subject_id, salt, commitment, link) VALUES "
    "(1, '2026-01-02T22:00:00Z', 'read', 'read', 'guest', 1, zeroblob(16), zeroblob(32), zeroblob(32))",
]

SAMPLES["0007"] += [
    "INSERT INTO project (id, name, starts_on, hold_until) VALUES (1, 'A', '2020-01-01', '2026-01-01')",
    "INSERT INTO erasure (id, number, kind, reason, at, counts, copies_removed) "
    "VALUES (1, '7KQ2-93FD-M', 'ERASE', 'TERM', '2026-01-02T22:00:00Z', '{}', 0)",
    "INSERT INTO backup_copy (name, folder, made_at, is_stale) VALUES ('copia-1', '/x', '2026-01-02T22:00:00Z', 1)",
]

SAMPLES["0008"] += [
    "INSERT INTO ledger_link (id, guest_id, house_id, token) VALUES (1, 1, 1, '0123456789abcdef0123456789abcdef')",
    "INSERT INTO ledger_value (link_id, variable, value) VALUES (1, 'gender', x'00')",
    "INSERT INTO ledger_stay (id, house_id, token, entered_on) "
    "VALUES (1, 1, '0123456789abcdef0123456789abcdef', '2026-01-01')",
    "INSERT INTO uncounted (id, guest_id, kind, from_day, written_at) "
    "VALUES (1, 1, 'OBJECTION', '2026-01-02', '2026-01-02T22:00:00Z')",
]

SAMPLES["0009"] += [
    "INSERT INTO enrolment (house_id, shelter, shelter_name, capofila, capofila_name, url, capofila_key, signing_key, "
    "enrolled_at, seal_key, key_changed_at) VALUES (1, 's', 'A', 'c', 'C', 'https://c', zeroblob(32), zeroblob(32), "
    "'2026-01-01T00:00:00Z', zeroblob(32), '2026-01-02T00:00:00Z')",
    "INSERT INTO former_key (id, house_id, key, replaced_at) VALUES (1, 1, zeroblob(32), '2026-01-02T00:00:00Z')",
    "INSERT INTO succession (capofila, old_key, statement, learned_at) "
    "VALUES ('c', zeroblob(32), 'e30', '2026-01-02T00:00:00Z')",
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
    lend_seals(engine, Reversed())
    migration.upgrade(engine, "head")
    with engine.connect() as link:
        lines = link.exec_driver_sql("SELECT subject, subject_id FROM trail ORDER BY id").all()
    assert lines == [("referral", 1), ("house", 7)]


def test_a_month_that_was_closed_before_the_seventh_revision_can_still_be_reopened(engine: Engine) -> None:
    migration.upgrade(engine, "0006")
    with engine.connect() as link, link.begin():
        for statement in (
            *SAMPLES["0006"],
            "INSERT INTO month_close (id, house_id, month, revision, figures, closed_at, trail_head) "
            "VALUES (1, 1, '2026-01', 1, '{}', '2026-02-01T22:00:00Z', '')",
        ):
            link.exec_driver_sql(statement)
    migration.upgrade(engine, "head")
    with engine.connect() as link:
        assert link.exec_driver_sql("SELECT month, is_final FROM month_close").all() == [("2026-01", 0)]


class Reversed:
    """Seals by turning a value round: enough to see what was sealed, and for which place."""

    def seal(self, name: str, content: bytes, place: bytes) -> bytes:
        return b"|".join((name.encode(), place, content[::-1]))

    def unseal(self, name: str, sealed: bytes, place: bytes) -> bytes:
        head = b"|".join((name.encode(), place, b""))
        assert sealed.startswith(head)
        return sealed.removeprefix(head)[::-1]


SECRET = [
    *SAMPLES["0003"],
    "INSERT INTO stay (id, guest_id, house_id, phase, entered_on, exit_on, exit_reason, exit_note) "
    "VALUES (2, 1, 1, 'PRI', '2025-01-01', '2025-02-01', 'ALL', 'WORD note')",
    "INSERT INTO referral (id, stay_id, requested_on, service, urgency, outcome, reason, place, outcome_note) "
    "VALUES (7, 1, '2026-01-02', 'IVG', 'PROGRAMMATO', 'IN_ATTESA', 'WORD why', 'WORD where', NULL)",
    "INSERT INTO coverage (id, guest_id, kind, from_day) VALUES (1, 1, 'STP', '2026-01-02')",
    "INSERT INTO coverage_number VALUES (1, 'WORDnumber')",
    "INSERT INTO deadline (id, guest_id, due_on, text, written_at) "
    "VALUES (1, 1, '2026-02-01', 'WORD', '2026-01-02T22:00:00Z')",
    "INSERT INTO document (id, guest_id, kind, title, media_type, size, sha256, added_at) "
    "VALUES (1, 1, 'REFERTO', 'WORD title', 'application/pdf', 4, 'WORDhash', '2026-01-02T22:00:00Z')",
    "INSERT INTO document_content VALUES (1, x'574f5244')",
    "INSERT INTO legal_status (id, guest_id, permit, from_day, note) VALUES (1, 1, 'C18', '2026-01-02', 'WORD permit')",
    "INSERT INTO victim_status VALUES (1, '2026-01-02', 'PRESUNTA')",
    "INSERT INTO exploitation VALUES (1, 'SES', 1), (1, 'LAV', 0)",
    "INSERT INTO safety (guest_id, risk, avoid, changed_at) VALUES (1, 'ALTO', 'WORD avoid', '2026-01-02T22:00:00Z')",
    "INSERT INTO goal (id, guest_id, area, words, set_on, written_at) "
    "VALUES (1, 1, 'LEGA', 'WORD goal', '2026-01-02', '2026-01-02T22:00:00Z')",
    "INSERT INTO inclusion_step (id, guest_id, kind, what, who, started_on, state, outcome_note, written_at) VALUES "
    "(1, 1, 'LEGA_DEN', 'WORD what', 'WORD who', '2026-01-02', 'IN_CORSO', 'WORD came', '2026-01-02T22:00:00Z')",
    "INSERT INTO stay_need VALUES (1, 'GRAVID'), (1, 'VESTITI')",
    "INSERT INTO annulled_stay (id, guest_id, house_id, entered_on, content, reason, annulled_at) "
    "VALUES (1, 1, 1, '2026-01-01', 'ANNULLED', 'x', '2026-01-02T22:00:00Z')",
    "INSERT INTO guest_merge (id, kept_id, merged_id, content, merged_at) "
    "VALUES (1, 1, 1, 'MERGED', '2026-01-02T22:00:00Z')",
]
ANNULLED = {
    "stay": 9,
    "rows": {
        "stay": [{"id": 9, "guest_id": 1, "exit_reason": "ALL", "exit_note": "WORD left"}],
        "referral": [{"id": 8, "service": "PSI", "reason": "WORD r", "place": None, "outcome_note": None}],
        "stay_need": [{"stay_id": 9, "need": "DOLORE"}, {"stay_id": 9, "need": "CIBO"}],
    },
    "links": [],
    "reopened": {"stay": 2, "exit_on": "2025-02-01", "exit_reason": "TRI", "destination": "X", "exit_note": "WORD o"},
}
MERGED = {
    "rows": {},
    "facts": {"exploitation": [["LAV"], ["MAT"]]},
    "cells": [
        ["exploitation", [1, "LAV"], "is_prevalent", True, False],
        ["safety", [1], "avoid", "WORD a", "WORD b"],
        ["guest", [None, 1], "gender", "ND", "F"],
    ],
    "origins": [],
}


def cells(engine: Engine) -> Iterator[tuple[str, object]]:
    with engine.connect() as link:
        for table in metadata.tables:
            for row in link.exec_driver_sql(f"SELECT * FROM {table}"):  # noqa: S608 - names of the schema
                yield from ((table, cell) for cell in row)


def test_what_lay_there_in_clear_is_sealed_and_found_again(engine: Engine) -> None:
    migration.upgrade(engine, "0003")
    with engine.connect() as link, link.begin():
        for statement in SECRET:
            link.exec_driver_sql(statement)
        link.exec_driver_sql("UPDATE annulled_stay SET content = ?", (json.dumps(ANNULLED),))
        link.exec_driver_sql("UPDATE guest_merge SET content = ?", (json.dumps(MERGED),))
    with pytest.raises(RuntimeError, match="nobody lent the seals"):
        migration.upgrade(engine, "head")
    with engine.connect() as link:
        assert link.exec_driver_sql("SELECT reason FROM referral").scalars().all() == ["WORD why"]  # all or nothing
        assert link.exec_driver_sql("SELECT count(*) FROM search WHERE search MATCH 'word'").scalar_one() == 4
        link.rollback()
    lend_seals(engine, Reversed())
    migration.upgrade(engine, "head")
    for table, cell in cells(engine):
        assert "WORD" not in str(cell), table
    with Session(engine) as session:
        assert session.get_one(Referral, 7).reason == "WORD why"
        assert (session.get_one(Stay, 2).exit_reason, session.get_one(Stay, 2).exit_note) == ("ALL", "WORD note")
        assert session.get_one(DocumentContent, 1).content == b"WORD"
        assert session.get_one(Document, 1).sha256 == "WORDhash"
        assert session.get_one(Safety, 1).avoid == "WORD avoid"
        step, goal = session.get_one(InclusionStep, 1), session.get_one(Goal, 1)
        assert (step.kind, step.what, step.who, step.outcome_note) == ("LEGA_DEN", "WORD what", "WORD who", "WORD came")
        assert (goal.area, goal.words) == ("LEGA", "WORD goal")
        assert [(row.stay_id, row.need) for row in session.scalars(select(HealthNeed))] == [(1, "GRAVID")]
        assert session.scalars(select(StayNeed.need)).all() == ["VESTITI"]
        forms = {row.form: row.id for row in session.scalars(select(Exploitation))}
        assert forms.keys() == {"SES", "LAV"}
        link = session.connection()
        assert link.exec_driver_sql("SELECT count(*) FROM search WHERE search MATCH 'word'").scalar_one() == 0
        kept = from_text(link.exec_driver_sql("SELECT content FROM annulled_stay").scalar_one())
        merged = from_text(link.exec_driver_sql("SELECT content FROM guest_merge").scalar_one())
        assert link.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        with pytest.raises(Exception, match="outside_stay"):
            link.exec_driver_sql("UPDATE referral SET requested_on = '2020-01-01'")  # the triggers are back
    assert kept["rows"]["referral"][0]["reason"] == b"health|referral.reason|" + b"WORD r"[::-1]
    assert kept["rows"]["health_need"] == [{"id": 1, "stay_id": 9, "need": b"health|health_need.need|EROLOD"}]
    assert kept["rows"]["stay_need"] == [{"stay_id": 9, "need": "CIBO"}]
    assert kept["reopened"]["exit"]["exit_reason"] == b"law|stay.exit_reason|IRT"
    assert merged["facts"] == {"exploitation": [[forms["LAV"]]]}
    assert merged["cells"][0] == ["exploitation", [1, forms["LAV"]], "is_prevalent", True, False]
    assert merged["cells"][1][3] == b"safety|safety.avoid|" + b"WORD a"[::-1]


def test_what_was_half_filled_in_clear_goes_with_the_fifth_revision(engine: Engine) -> None:
    migration.upgrade(engine, "0004")
    with engine.connect() as link, link.begin():
        link.exec_driver_sql("INSERT INTO operator (id, login, display_name, role) VALUES (1, 'a', 'A.', 'TURNO')")
        link.exec_driver_sql(
            "INSERT INTO draft (operator_id, form, content, saved_at) "
            "VALUES (1, 'diary_1@1', '{}', '2026-01-03T22:00:00Z')"
        )
    migration.upgrade(engine, "head")
    with engine.connect() as link:
        columns = [row[1] for row in link.exec_driver_sql("PRAGMA table_info(draft)")]
        assert columns == ["id", "operator_id", "content", "saved_at"]
        assert link.exec_driver_sql("SELECT count(*) FROM draft").scalar() == 0


def test_the_lines_that_were_there_are_chained_and_a_closed_month_gets_the_link_of_its_closing(
    engine: Engine,
) -> None:
    migration.upgrade(engine, "0005")
    with engine.connect() as link, link.begin():
        for statement in SAMPLES["0005"]:
            link.exec_driver_sql(statement)
        for number, action, subject in ((3, "read", "guest"), (5, "close", "month"), (9, "copy_out", "document")):
            link.exec_driver_sql(
                "INSERT INTO trail (id, at, operator_id, action, subject, subject_id) VALUES (?, ?, 1, ?, ?, 1)",
                (number, "2026-01-02T22:00:00Z", action, subject),
            )
        for number in (1, 2):  # nothing was noted about the second one
            link.exec_driver_sql(
                "INSERT INTO month_close (id, house_id, month, revision, figures, closed_at) "
                "VALUES (?, 1, '2026-01', ?, '{}', '2026-02-01T22:00:00Z')",
                (number, number),
            )
    migration.upgrade(engine, "head")
    with engine.connect() as link:
        lines = [Line._make(row) for row in link.exec_driver_sql(CHAINED)]
        heads = link.exec_driver_sql("SELECT trail_head FROM month_close ORDER BY id").scalars().all()
    assert walk(lines).fault is None
    assert [(line.number, line.kind, line.action) for line in lines] == [
        (1, "read", "read"),
        (2, "write", "close"),
        (3, "out", "copy_out"),
    ]
    assert heads == [lines[1].link.hex(), lines[2].link.hex()]
    with pytest.raises(IntegrityError, match="trail_append_only"), engine.connect() as link, link.begin():
        link.exec_driver_sql("DELETE FROM trail WHERE id = 3")


def test_a_store_for_which_there_is_no_room_is_left_as_it_is(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "register.db"
    migration.upgrade(engine, "0003")
    engine.dispose()
    size = store.stat().st_size
    room = shutil.disk_usage(tmp_path)._replace(free=int(2.5 * size) - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room)
    before = sorted((path.name, path.read_bytes()) for path in tmp_path.iterdir())
    with pytest.raises(errors.DiskFull) as refused:
        migration.bring_up_to_date(engine, store, VaultKey.new(), is_new=False)
    engine.dispose()
    assert type(refused.value) is errors.NoRoomToUpgrade
    assert sorted((path.name, path.read_bytes()) for path in tmp_path.iterdir()) == before


def test_a_table_that_is_not_as_it_was_made_stops_the_sealing_and_changes_nothing(engine: Engine) -> None:
    migration.upgrade(engine, "0003")
    with engine.connect() as link, link.begin():
        link.exec_driver_sql("ALTER TABLE deadline RENAME COLUMN text TO words")
        link.exec_driver_sql("ALTER TABLE deadline ADD COLUMN text VARCHAR(9)")
    before = schema(engine)
    with pytest.raises(RuntimeError, match=r"deadline\.text"):
        migration.upgrade(engine, "head")
    assert schema(engine) == before


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


OUTBOX = (
    "INSERT INTO outbox_item (id, house_id, month, revision, payload, sha256, token, idempotency_key, shelter, "
    "shelter_name, capofila, capofila_name, capofila_key, url, signing_fingerprint, state, released_at, attempts, "
    "receipt) VALUES ({id}, 1, '2026-05', {id}, x'00', 'a', 't', 'k{id}', 's', 'A', 'c', 'C', x'00', 'https://c', "
    "'f', '{state}', '2026-06-01T00:00:00Z', 0, {receipt})"
)


def test_what_was_released_before_the_ninth_revision_keeps_its_state_and_is_guarded_from_then_on(
    engine: Engine,
) -> None:
    migration.upgrade(engine, "0008")
    with engine.connect() as link, link.begin():
        for statement in SAMPLES["0001"]:
            link.exec_driver_sql(statement)
        for number, (state, receipt) in enumerate((("prepared", "NULL"), ("accepted", "'r'"), ("refused", "NULL")), 1):
            link.exec_driver_sql(OUTBOX.format(id=number, state=state, receipt=receipt))
    migration.upgrade(engine, "head")
    with engine.connect() as link:
        assert link.exec_driver_sql("SELECT state, receipt, handed_over_at FROM outbox_item ORDER BY id").all() == [
            ("prepared", None, None),
            ("accepted", "r", None),
            ("refused", None, None),
        ]
    for statement in (
        "UPDATE outbox_item SET state = 'accepted' WHERE id = 1",
        "UPDATE outbox_item SET payload = x'01'",
        "DELETE FROM outbox_item WHERE id = 1",
        OUTBOX.format(id=4, state="accepted", receipt="NULL"),
    ):
        with engine.connect() as link, pytest.raises(IntegrityError), link.begin():
            link.exec_driver_sql(statement)
    with engine.connect() as link, link.begin():
        link.exec_driver_sql("UPDATE outbox_item SET state = 'handed_over' WHERE id = 1")
        link.exec_driver_sql("DELETE FROM outbox_item WHERE id = 2")
    with engine.connect() as link, link.begin():
        command.downgrade(migration.alembic_config(link), "0008")
    with engine.connect() as link:
        assert link.exec_driver_sql("SELECT state FROM outbox_item ORDER BY id").scalars().all() == [
            "prepared",
            "refused",
        ]
