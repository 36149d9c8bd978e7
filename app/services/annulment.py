"""Taking a stay out of the tables with all that hangs on it, and putting it back exactly as it was.

Which rows hang on a stay is read from the schema, so that a table added later is not forgotten; whether a stay may be
taken out is decided in `app.services.correction`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, and_, delete, func, insert, select, text, update

from app.models.schema import metadata
from app.models.stay import Stay
from app.services.sealed_copy import from_text, raw_table, to_text

if TYPE_CHECKING:
    from sqlalchemy import ForeignKey, TableClause
    from sqlalchemy.orm import Session

STAY = Stay.__tablename__
Row = dict[str, Any]


def take_out(session: Session, stay: int) -> str:
    """Take a stay and every row that belongs to it out of the tables and return them as text, sealed values sealed.

    A row elsewhere that only points at one of them (a follow-up, the stay that came after, an arrival) stays and no
    longer points; where it pointed is in the text too.
    """
    session.flush()
    rows = _owned_rows(session, stay)
    links = _cut_links(session, rows)
    for name in reversed(list(rows)):
        _delete(session, name, rows[name])
    session.expire_all()
    return to_text({"stay": stay, "rows": rows, "links": links})


def put_back(session: Session, content: str, changed: Row | None = None) -> int:
    """Put back what `take_out` took and return the stay's id; `changed` replaces columns of the stay.

    An id that another row has taken since becomes a new one, everywhere it is named.
    """
    kept = from_text(content)
    rows: dict[str, list[Row]] = kept["rows"]
    rows[STAY][0] |= changed or {}
    fresh = {name: _fresh_ids(session, name, found) for name, found in rows.items() if "id" in _table(name).c}
    session.execute(text("PRAGMA defer_foreign_keys = ON"))  # rows of one table may point at each other
    for name, found in rows.items():
        for row in found:
            _rename(row, name, fresh)
            _forget_gone(session, row, name, rows)
            session.execute(insert(_raw(name)).values(**row))
    for link in kept["links"]:
        target = fresh.get(link["to"], {}).get(link["value"], link["value"])
        _mend_link(session, link, target)
    session.expire_all()
    return int(fresh[STAY].get(kept["stay"], kept["stay"]))


def with_note(content: str, name: str, value: object) -> str:
    """Return a text of `take_out` with something more to be known when it is put back."""
    return to_text(from_text(content) | {name: value})


def note_of(content: str, name: str) -> Any:
    """Return what `with_note` added, or None."""
    return from_text(content).get(name)


def emptied(content: str) -> str:
    """Return what may stay of a text that was put back: the number of the stay, and no row of anybody."""
    return to_text({"stay": from_text(content)["stay"], "rows": {}, "links": []})


def stay_of(content: str) -> int:
    """Return the number of the stay in a text of `take_out`, or in what `emptied` left of it."""
    return int(from_text(content)["stay"])


def span_of(content: str) -> tuple[date, date | None]:
    """Return the days of entry and exit of the stay in a text of `take_out`."""
    row = from_text(content)["rows"][STAY][0]
    left = row["exit_on"]
    return date.fromisoformat(row["entered_on"]), date.fromisoformat(left) if left is not None else None


def count_rows(content: str) -> dict[str, int]:
    """Return how many rows of each table a text of `take_out` holds."""
    return {name: len(rows) for name, rows in from_text(content)["rows"].items()}


def _table(name: str) -> Table:
    return metadata.tables[name]


def _raw(name: str) -> TableClause:
    return raw_table(_table(name))


def _belongs(key: ForeignKey) -> bool:
    """Tell whether a row belongs to the one it points at; otherwise it only mentions it."""
    return not key.parent.nullable or key.ondelete == "CASCADE"


def _owned_rows(session: Session, stay: int) -> dict[str, list[Row]]:
    """Return the rows of each table that go with a stay, in an order in which they can be written again."""
    raw = _raw(STAY)
    found: dict[str, list[Row]] = {STAY: _read(session, raw, raw.c.id == stay)}
    for each in metadata.sorted_tables:
        for key in each.foreign_keys:
            owner = key.column.table.name
            if each.name != STAY and owner in found and _belongs(key):
                raw = _raw(each.name)
                wanted = [row[key.column.name] for row in found[owner]]
                rows = _read(session, raw, raw.c[key.parent.name].in_(wanted))
                if rows:
                    found.setdefault(each.name, []).extend(row for row in rows if row not in found.get(each.name, []))
    return found


def _read(session: Session, raw: TableClause, where: Any) -> list[Row]:
    return [dict(row) for row in session.execute(select(raw).where(where)).mappings()]


def _cut_links(session: Session, rows: dict[str, list[Row]]) -> list[Row]:
    """Let rows that stay no longer point at rows that go, and return where they pointed."""
    links = []
    for each in metadata.sorted_tables:
        for key in each.foreign_keys:
            owner = key.column.table.name
            if owner not in rows or _belongs(key):
                continue
            raw, name = _raw(each.name), key.parent.name
            ids = [row[key.column.name] for row in rows[owner]]
            for row in _read(session, raw, raw.c[name].in_(ids)):
                keys = {c.name: row[c.name] for c in each.primary_key.columns}
                # a pointer between two rows that both go is kept by the row itself
                if row not in rows.get(each.name, []):
                    links.append({"table": each.name, "column": name, "key": keys, "to": owner, "value": row[name]})
                session.execute(update(raw).where(_is(raw, keys)).values({name: None}))
    return links


def _is(raw: TableClause, keys: Row) -> Any:
    return and_(*(raw.c[name] == value for name, value in keys.items()))


def _delete(session: Session, name: str, rows: list[Row]) -> None:
    raw = _raw(name)
    for row in rows:
        session.execute(delete(raw).where(_is(raw, {c.name: row[c.name] for c in _table(name).primary_key.columns})))


def _fresh_ids(session: Session, name: str, rows: list[Row]) -> dict[int, int]:
    """Return a new id for every row whose own was given to another since."""
    raw = _raw(name)
    taken = set(session.scalars(select(raw.c.id).where(raw.c.id.in_([row["id"] for row in rows]))))
    if not taken:
        return {}
    last = max(session.scalar(select(func.max(raw.c.id))) or 0, *(row["id"] for row in rows))
    return {old: last + place for place, old in enumerate(sorted(taken), start=1)}


def _rename(row: Row, name: str, fresh: dict[str, dict[int, int]]) -> None:
    for key in _table(name).foreign_keys:
        new = fresh.get(key.column.table.name, {})
        row[key.parent.name] = new.get(row[key.parent.name], row[key.parent.name])
    if "id" in row:
        row["id"] = fresh[name].get(row["id"], row["id"])


def _forget_gone(session: Session, row: Row, name: str, rows: dict[str, list[Row]]) -> None:
    """Let a row no longer mention one that was itself taken out in the meantime."""
    for key in _table(name).foreign_keys:
        target, value = key.column.table.name, row[key.parent.name]
        if value is None or _belongs(key) or (target in rows and any(each["id"] == value for each in rows[target])):
            continue
        raw = _raw(target)
        if session.scalar(select(func.count()).where(raw.c[key.column.name] == value)) == 0:
            row[key.parent.name] = None


def _mend_link(session: Session, link: Row, target: int) -> None:
    """Let a row point again, if it is still there and points nowhere else."""
    raw = _raw(link["table"])
    where = and_(_is(raw, link["key"]), raw.c[link["column"]].is_(None))
    session.execute(update(raw).where(where).values({link["column"]: target}))
