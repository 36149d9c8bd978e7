"""Where others' notes name a guest who is being erased: her code and her own names are struck out of the words.

What may be another person or no person at all is left, counted and told where: only people can tell who is meant.
Sealed notes are read of those alone who were in the same house at the same time. How she is named is in
`app.services.named`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, and_, func, or_, select, text, true, update
from sqlalchemy.orm import aliased

from app.models.schema import metadata
from app.models.sealed import is_sealed
from app.models.stay import FOREVER, Stay
from app.reference.fold import folded_words
from app.reference.retention import retention
from app.reference.unreadable import says_unreadable
from app.services.copied_row import COPIES, opened, sealed_again, turned
from app.services.hanging import STEP, Hanging, rows_of
from app.services.left_note import LeftNote, left_note
from app.services.named import Names, names_of
from app.services.sealed_copy import from_text, to_text

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

INDEXED = {"diary_entry": 2, "handover": 4, "planned_arrival": 8}
"""The tables whose words the search index holds, each with its number there."""
STRIDE = 16


@dataclass(frozen=True, slots=True)
class Mentions:
    """What was done with others' notes: in how many she was struck out, and which may still name her."""

    struck: int
    left: tuple[LeftNote, ...]


def strike_out(session: Session, records: tuple[int, ...], *, only_count: bool = False) -> Mentions:
    """Strike a guest out of all notes that are not hers, and say which still may name her."""
    names = names_of(session, records)
    struck, left = 0, []
    for table, keys, values in _notes_of_others(session, records, rows_of(session, records), names):
        told = {column: names.strike(words) for column, words in values.items()}
        changed = {column: found.words for column, found in told.items() if found.words != values[column]}
        doubt = next((found.doubt for found in told.values() if found.doubt), "")
        struck += bool(changed)
        if doubt:
            left.append(left_note(session, table, keys, doubt))
        if changed and not only_count:
            same = and_(*(table.c[name] == value for name, value in keys.items()))
            session.execute(update(table).where(same).values(**changed))
    in_copies = _strike_copies(session, records, names, only_count=only_count)
    return Mentions(struck + in_copies.struck, (*left, *in_copies.left))


def _strike_copies(session: Session, records: tuple[int, ...], names: Names, *, only_count: bool) -> Mentions:
    """Strike a guest out of what is kept of others' annulled entries and joinings; there are few of them."""
    hers = rows_of(session, records)
    struck, left = 0, []
    for name, column in COPIES.items():
        table = metadata.tables[name]
        own = set(hers[name].ids) if name in hers else set()
        for number, text_of in session.execute(select(table.c.id, table.c[column]).order_by(table.c.id)).all():
            if number in own or not text_of:
                continue
            content, doubt = _without(session, names, from_text(text_of))
            without = to_text(content)
            is_changed = without != to_text(from_text(text_of))
            struck += is_changed
            if doubt:
                left.append(left_note(session, table, {"id": number}, doubt))
            if is_changed and not only_count:
                session.execute(update(table).where(table.c.id == number).values({column: without}))
    return Mentions(struck, tuple(left))


def _without(session: Session, names: Names, content: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return copies of rows without her, and the first words in them that may still name her."""
    doubts: list[str] = []

    def strike(table: str, column: str, value: Any) -> Any:
        words = opened(session, table, column, value) if column in retention().prose.get(table, ()) else None
        if not isinstance(words, str) or says_unreadable(words):
            return value
        told = names.strike(words)
        if told.doubt:
            doubts.append(told.doubt)
        return value if told.words == words else sealed_again(session, table, column, told.words)

    made = turned(content, strike)
    return made, doubts[0] if doubts else ""


def _notes_of_others(
    session: Session, records: tuple[int, ...], hers: dict[str, Hanging], names: Names
) -> Iterator[tuple[Table, dict[str, Any], dict[str, str]]]:
    """Yield the rows with words that may name her and do not hang on her: table, key, words by column."""
    beside = _beside(session, records)
    for name, columns in retention().prose.items():
        table = metadata.tables[name]
        key = [column.name for column in table.primary_key]
        own = set(hers[name].ids) if name in hers else set()
        is_hers = hers[name].found_by if name in hers and not own else ()
        query = select(*(table.c[each] for each in (*key, *columns)))
        query = query.where(or_(*(table.c[each].is_not(None) for each in columns)))
        for where in _where(session, table, columns, beside, names):
            for row in session.execute(query.where(where)).mappings().all():
                if row.get("id") in own or any(row[column] in numbers for column, numbers in is_hers):
                    continue
                words = {each: row[each] for each in columns if _is_readable(row[each])}
                yield table, {each: row[each] for each in key}, words


@dataclass(frozen=True, slots=True)
class _Beside:
    """Those who were in the same house at the same time: sealed notes are read of them alone, for each takes long."""

    guests: tuple[int, ...]
    stays: tuple[int, ...]


def _beside(session: Session, records: tuple[int, ...]) -> _Beside:
    other = aliased(Stay)
    shared = (
        select(other.id, other.guest_id)
        .join(Stay, Stay.house_id == other.house_id)
        .where(
            Stay.guest_id.in_(records),
            other.guest_id.not_in(records),
            other.entered_on <= func.coalesce(Stay.exit_on, FOREVER),
            func.coalesce(other.exit_on, FOREVER) >= Stay.entered_on,
        )
        .distinct()
    )
    rows = session.execute(shared).all()
    return _Beside(tuple({guest for _, guest in rows}), tuple({stay for stay, _ in rows}))


def _where(
    session: Session, table: Table, columns: tuple[str, ...], beside: _Beside, names: Names
) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions on the rows of a table that are worth reading."""
    if table.name in INDEXED:
        column, numbers = table.c.id, _indexed(session, INDEXED[table.name], names)
    elif not any(is_sealed(table.c[each].type) for each in columns):
        yield true()
        return
    elif table is Stay.__table__:
        column, numbers = table.c.id, beside.stays
    elif "stay_id" in table.c:
        column, numbers = table.c.stay_id, beside.stays
    else:
        column, numbers = table.c.guest_id, beside.guests
    for start in range(0, len(numbers), STEP):
        yield column.in_(numbers[start : start + STEP])


def _indexed(session: Session, kind: int, names: Names) -> tuple[int, ...]:
    """Return the rows of one kind in which the search index knows one of her names."""
    words = {
        *names.own,
        *names.shared,
        *("".join(part for whole in folded_words(code) for part in whole) for code in names.codes),
    }
    if not words:
        return ()
    wanted = " OR ".join(f'"{word}"' for word in sorted(words))
    query = text(f"SELECT rowid FROM search WHERE search MATCH :wanted AND rowid % {STRIDE} = :kind")  # noqa: S608
    return tuple(row // STRIDE for row in session.scalars(query, {"wanted": wanted, "kind": kind}))


def _is_readable(value: object) -> bool:
    return isinstance(value, str) and not says_unreadable(value)
