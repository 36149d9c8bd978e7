"""Nothing is kept without a class: every column of the models and of the store stands in exactly one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.models.schema import SEARCH, metadata
from app.reference.retention import ACCOUNTS, TREATMENTS, retention
from app.services.mention import INDEXED, STRIDE
from app.services.register import Register


def columns_of_models() -> Iterator[tuple[str, str]]:
    for name, table in metadata.tables.items():
        yield from ((name, column.name) for column in table.columns)


def columns_of_store(register: Register) -> Iterator[tuple[str, str]]:
    """Yield every column that the store itself knows; the tables behind the full-text index hold its words only."""
    with register.desk.vault.work() as session:
        link = session.connection()
        names = link.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        for name in names:
            if name.startswith((f"{SEARCH}_", "sqlite_")):
                continue
            yield from ((name, row[1]) for row in link.exec_driver_sql(f"PRAGMA table_info({name})"))


def classed() -> set[tuple[str, str]]:
    return {(table, column) for table, columns in retention().columns.items() for column in columns}


def test_every_column_of_the_models_has_a_class() -> None:
    assert sorted(set(columns_of_models()) - classed()) == []


def test_the_store_has_no_column_without_a_class_and_no_class_is_for_a_column_that_is_gone(register: Register) -> None:
    found = set(columns_of_store(register))
    assert sorted(found - classed()) == []
    assert sorted(classed() - found) == []


@pytest.mark.parametrize("name", retention().classes)
def test_every_class_says_what_happens_by_which_rule_and_on_what_ground(name: str) -> None:
    found = retention().classes[name]
    assert {found.erasure, found.anonymisation} <= set(TREATMENTS)
    assert all((found.it, found.en, found.rule, found.source))
    used = {each for columns in retention().columns.values() for each in columns.values()}
    assert name in used, "a class that nothing belongs to"


def test_only_what_the_accounts_need_outlives_an_anonymisation() -> None:
    staying = {table for table in retention().columns if retention().stays_for_accounts(table)}
    assert staying == {"guest", "stay", "stay_phase", "stay_project", "presence", "meal"}
    assert retention().class_of("stay", "exit_reason").anonymisation == "removed"
    assert retention().columns["presence"]["night"] == ACCOUNTS


def test_every_column_for_free_words_is_looked_through_for_names() -> None:
    coded = {"guest", "operator", "house", "room", "bed", "project", "enrolment", "outbox_item", "setting", "erasure",
             "backup_copy", "origin", "draft", "recovery_card", "guest_merge", "trail", "succession"}  # fmt: skip
    for name, table in metadata.tables.items():
        for column in table.columns:
            length = getattr(column.type, "length", None)
            is_free = str(column.type) == "TEXT" or (length is not None and length >= 80)
            if is_free and name not in coded and column.name not in ("content", "figures", "name_used"):
                assert column.name in retention().prose.get(name, ()), f"{name}.{column.name}"
    for name, columns in retention().prose.items():
        assert set(columns) <= set(metadata.tables[name].c.keys()), name


def test_the_tables_that_the_search_index_knows_are_those_that_are_looked_up_in_it(register: Register) -> None:
    with register.desk.vault.work() as session:
        link = session.connection()
        made = link.exec_driver_sql("SELECT tbl_name, sql FROM sqlite_master WHERE name LIKE 'search%insert'").all()
    numbers = {table: int(sql.split(f"* {STRIDE} + ")[1].split(",")[0]) for table, sql in made}
    assert {name: number for name, number in numbers.items() if name != "guest"} == INDEXED
