"""Copies of rows as text: sealed values stay sealed in them, byte for byte, and go back as they were.

Nothing is opened here, so who copies a row needs no key; which rows are copied is decided by who asks.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, column, literal, select, table

from app.models.sealed import is_sealed

if TYPE_CHECKING:
    from sqlalchemy import TableClause
    from sqlalchemy.orm import Session

_MARK = "sealed"


def raw_table(mapped: Table) -> TableClause:
    """Return a table whose values are passed as the store keeps them, so that nothing is changed on the way."""
    return table(mapped.name, *(column(each.name) for each in mapped.columns))


def raw_values(session: Session, mapped: Table, where: dict[str, Any]) -> dict[str, Any]:
    """Return the sealed values of one row, as the store keeps them."""
    raw = raw_table(mapped)
    names = [each.name for each in mapped.columns if is_sealed(each.type)]
    if not names:
        return {}
    keys = [raw.c[name] == literal(value, mapped.c[name].type) for name, value in where.items()]
    row = session.execute(select(*(raw.c[name] for name in names)).where(*keys)).one()
    return dict(zip(names, row, strict=True))


def to_text(content: dict[str, Any]) -> str:
    """Return rows as text."""
    return json.dumps(content, ensure_ascii=False, default=_wrapped)


def from_text(text: str) -> dict[str, Any]:
    """Return what `to_text` made into text."""
    found: dict[str, Any] = json.loads(text, object_hook=_unwrapped)
    return found


def _wrapped(value: Any) -> dict[str, str]:
    if not isinstance(value, bytes):
        message = f"{type(value).__name__} has no place in a copy of rows"
        raise TypeError(message)
    return {_MARK: base64.b64encode(value).decode("ascii")}


def _unwrapped(value: dict[str, Any]) -> Any:
    return base64.b64decode(value[_MARK]) if value.keys() == {_MARK} else value
