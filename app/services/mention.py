"""Where others' notes name a guest who is being erased: her code and her own names are struck out of the words.

A name that somebody else in the register bears as well is left, and counted: only people can tell who is meant. Sealed
notes are read of those alone who were in the same house at the same time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, and_, func, or_, select, text, true, update
from sqlalchemy.orm import aliased

from app.models.guest import Guest
from app.models.house import PlannedArrival
from app.models.schema import metadata
from app.models.sealed import is_sealed
from app.models.stay import FOREVER, Stay
from app.reference.fold import folded_words
from app.reference.retention import retention
from app.reference.unreadable import says_unreadable
from app.services.arrival import EXPECTED
from app.services.copied_row import COPIES, opened, sealed_again, turned
from app.services.hanging import STEP, Hanging, rows_of
from app.services.sealed_copy import from_text, to_text

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

STRUCK = "[…]"
_SHORTEST = 3
"""A name of two letters is too often something else."""
INDEXED = {"diary_entry": 2, "handover": 4, "planned_arrival": 8}
"""The tables whose words the search index holds, each with its number there."""
STRIDE = 16
_TOKEN = re.compile(r"[^\W\d_][\w’'-]*")


@dataclass(frozen=True, slots=True)
class Names:
    """How a guest may be named: by her codes, by names that only she bears, by names that others bear too."""

    codes: tuple[str, ...]
    own: frozenset[str]
    shared: frozenset[str]

    def strike(self, words: str) -> tuple[str, bool]:
        """Return some words without her, and whether a name that is not only hers is still in them."""
        for code in self.codes:
            words = re.sub(re.escape(code), STRUCK, words, flags=re.IGNORECASE)
        shared = False

        def struck(found: re.Match[str]) -> str:
            nonlocal shared
            parts = {part for whole in folded_words(found[0]) for part in whole}
            if not found[0][0].islower() and parts and parts <= self.own:
                return STRUCK
            shared = shared or (not found[0][0].islower() and bool(parts & (self.own | self.shared)))
            return found[0]

        return _TOKEN.sub(struck, words), shared


def names_of(session: Session, records: tuple[int, ...]) -> Names:
    """Return how the guest of some records may be named in others' notes."""
    hers: set[str] = set()
    others: set[str] = set()
    codes = []
    rows = session.execute(select(Guest.id, Guest.code, Guest.name_used, Guest.given_name, Guest.family_name))
    for number, code, *names in rows:
        words = {part for name in names for whole in folded_words(name) for part in whole if len(part) >= _SHORTEST}
        if number in records:
            codes.append(code)
            hers |= words
        else:
            others |= words
    awaited = select(PlannedArrival.name_used).where(
        PlannedArrival.state == EXPECTED, PlannedArrival.stay_id.is_(None), PlannedArrival.name_used.is_not(None)
    )
    others |= {part for name in session.scalars(awaited) for whole in folded_words(name) for part in whole}
    return Names(tuple(codes), frozenset(hers - others), frozenset(hers & others))


def strike_out(session: Session, records: tuple[int, ...], *, only_count: bool = False) -> tuple[int, int]:
    """Strike a guest out of all notes that are not hers; return how many, and how many still may name her."""
    names = names_of(session, records)
    struck, left = 0, 0
    for table, keys, values in _notes_of_others(session, records, rows_of(session, records), names):
        changed, doubt = {}, False
        for column, words in values.items():
            without, shared = names.strike(words)
            doubt = doubt or shared
            if without != words:
                changed[column] = without
        struck += bool(changed)
        left += doubt
        if changed and not only_count:
            same = and_(*(table.c[name] == value for name, value in keys.items()))
            session.execute(update(table).where(same).values(**changed))
    in_copies = _strike_copies(session, records, names, only_count=only_count)
    return struck + in_copies[0], left + in_copies[1]


def _strike_copies(session: Session, records: tuple[int, ...], names: Names, *, only_count: bool) -> tuple[int, int]:
    """Strike a guest out of what is kept of others' annulled entries and joinings; there are few of them."""
    hers = rows_of(session, records)
    struck, left = 0, 0
    for name, column in COPIES.items():
        table = metadata.tables[name]
        own = set(hers[name].ids) if name in hers else set()
        for number, text_of in session.execute(select(table.c.id, table.c[column]).order_by(table.c.id)).all():
            if number in own or not text_of:
                continue
            content, doubt = _without(session, names, from_text(text_of))
            without = to_text(content)
            is_changed = without != to_text(from_text(text_of))
            struck, left = struck + is_changed, left + doubt
            if is_changed and not only_count:
                session.execute(update(table).where(table.c.id == number).values({column: without}))
    return struck, left


def _without(session: Session, names: Names, content: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """Return copies of rows without her, and whether a name that is not only hers is still in them."""
    doubt = False

    def strike(table: str, column: str, value: Any) -> Any:
        nonlocal doubt
        words = opened(session, table, column, value) if column in retention().prose.get(table, ()) else None
        if not isinstance(words, str) or says_unreadable(words):
            return value
        without, shared = names.strike(words)
        doubt = doubt or shared
        return value if without == words else sealed_again(session, table, column, without)

    return turned(content, strike), doubt


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
