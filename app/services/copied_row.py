"""What lies in copies of rows (annulled entries, joinings): each value with the table and column that it is of.

A copy is made and put back elsewhere (`app.services.annulment`, `app.services.joining`); nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from app.models.schema import metadata
from app.models.sealed import is_sealed
from app.models.stay import Stay

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

COPIES = {"annulled_stay": "content", "guest_merge": "content"}
"""The column of each table that holds copies, with sealed values still sealed in them."""
Turn = Callable[[str, str, Any], Any]
"""Is given table, column and value, and returns what takes its place; the table is empty where none is known."""
_REOPENED = "reopened"
_CELLS = "cells"


def turned(content: dict[str, Any], turn: Turn) -> dict[str, Any]:
    """Return a copy with every value in it turned, however deep it lies."""
    made = {}
    for name, value in content.items():
        if name == _CELLS:
            made[name] = [
                [table, key, column, turn(table, column, before), turn(table, column, after)]
                for table, key, column, before, after in value
            ]
        else:
            made[name] = _walked(value, Stay.__tablename__ if name == _REOPENED else "", name, turn)
    return made


def of_records(content: dict[str, Any], records: Collection[int]) -> dict[str, Any]:
    """Return a copy without the cells of guests who are not among some records."""
    if _CELLS not in content:
        return content
    return {**content, _CELLS: [cell for cell in content[_CELLS] if _whose(cell[1]) in records]}


def opened(session: Session, table: str, column: str, value: Any) -> Any:
    """Return a sealed value opened, or what says that it cannot be; any other, and one of no known place, as it is."""
    known = metadata.tables[table].c.get(column) if table in metadata.tables else None
    kind = known.type if known is not None else None
    if not isinstance(value, bytes) or not is_sealed(kind):
        return value
    return kind.process_result_value(value, session.connection().dialect)


def sealed_again(session: Session, table: str, column: str, value: Any) -> Any:
    """Return a value as a copy holds it: sealed where its column is."""
    kind = metadata.tables[table].c[column].type
    return kind.process_bind_param(value, session.connection().dialect) if is_sealed(kind) else value


def _whose(key: list[Any]) -> Any:
    """Return the guest whose value a cell is; one of her own row has no owner beside its number."""
    owner, *rest = key
    return rest[0] if owner is None and rest else owner


def _walked(value: Any, table: str, column: str, turn: Turn) -> Any:
    if isinstance(value, dict):
        return {
            name: _walked(inner, name if name in metadata.tables and isinstance(inner, list) else table, name, turn)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_walked(inner, table, column, turn) for inner in value]
    return turn(table, column, value)
