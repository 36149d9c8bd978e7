"""Which rows of which tables hang on a guest, found by the keys of the schema, so that no table can be forgotten.

A row hangs on her when it belongs to her or to something of hers; a row that only mentions one of hers does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, func, or_, select

from app.models.guest import Guest
from app.models.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement, ForeignKey
    from sqlalchemy.orm import Session

GUEST = Guest.__tablename__
STEP = 500
"""So many numbers in one condition; SQLite takes more, but a plan with fewer is the same plan."""


@dataclass(frozen=True, slots=True)
class Hanging:
    """The rows of one table that hang on a guest: by which columns they are found, and how many there are."""

    table: Table
    found_by: tuple[tuple[str, tuple[int, ...]], ...]
    ids: tuple[int, ...]
    """Their own numbers, for the tables that have any."""
    count: int

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield conditions that find them, some rows at a time; a row may be found twice."""
        for column, numbers in self.found_by:
            for start in range(0, len(numbers), STEP):
                yield self.table.c[column].in_(numbers[start : start + STEP])


def owners_of(table: Table) -> list[ForeignKey]:
    """Return the keys by which a row belongs to another: those that are never empty, or else all that there are.

    A key of a table to itself, and an empty one beside one that is not, only mention.
    """
    keys = [key for key in table.foreign_keys if key.column.table is not table]
    hanging = [key for key in keys if key.column.table.name in hanging_tables()]
    firm = [key for key in hanging if not key.parent.nullable]
    return firm or hanging


def hanging_tables() -> frozenset[str]:
    """Return the names of all tables that hang on a guest, her own among them."""
    names = {GUEST}
    for table in metadata.sorted_tables:
        if any(key.column.table.name in names for key in table.foreign_keys):
            names.add(table.name)
    return frozenset(names)


def records_of(session: Session, guest: int) -> tuple[int, ...]:
    """Return the numbers of a guest's record, first, and of those that were joined into it, however deep."""
    tree = select(Guest.id).where(Guest.id == guest).cte(recursive=True)
    tree = tree.union(select(Guest.id).join(tree, Guest.merged_into_id == tree.c.id))
    found = set(session.scalars(select(tree.c.id)))
    return (guest, *sorted(found - {guest}))


def rows_of(session: Session, records: tuple[int, ...]) -> dict[str, Hanging]:
    """Return what hangs on some records of one guest, by table, owners before what belongs to them."""
    found = {GUEST: Hanging(metadata.tables[GUEST], (("id", records),), records, len(records))}
    for table in metadata.sorted_tables:
        if table.name == GUEST:
            continue
        found_by = tuple(
            (key.parent.name, found[key.column.table.name].ids)
            for key in owners_of(table)
            if key.column.table.name in found and found[key.column.table.name].ids
        )
        if found_by and (hanging := _read(session, table, found_by)).count:
            found[table.name] = hanging
    return found


def _read(session: Session, table: Table, found_by: tuple[tuple[str, tuple[int, ...]], ...]) -> Hanging:
    probe = Hanging(table, found_by, (), 0)
    if "id" in table.c:
        found = (session.scalars(select(table.c.id).where(where)) for where in probe.conditions())
        ids = sorted({number for rows in found for number in rows})
        return Hanging(table, found_by, tuple(ids), len(ids))
    counts = (session.scalar(select(func.count()).select_from(table).where(where)) for where in probe.conditions())
    return Hanging(table, found_by, (), sum(count or 0 for count in counts))


def mentions_of(found: dict[str, Hanging]) -> Iterator[tuple[str, Column[Any], tuple[int, ...]]]:
    """Yield every column that may point at one of these rows without belonging to it: at which table, which rows."""
    for table in metadata.sorted_tables:
        own = owners_of(table)
        for key in table.foreign_keys:
            target = key.column.table.name
            if target in found and key not in own and found[target].ids:
                yield target, key.parent, found[target].ids


def whole_rows(session: Session, hanging: Hanging) -> list[dict[str, Any]]:
    """Return the rows themselves, their sealed values opened as far as who is at the desk can open them."""
    query = select(hanging.table).where(or_(*hanging.conditions())).order_by(*hanging.table.primary_key.columns)
    return [dict(row) for row in session.execute(query).mappings()]
