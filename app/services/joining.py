"""The rows of two records of one person: moved to the one that is kept, remembered, and put back exactly.

Every table that names a guest stands here in one of three lists; a test walks the schema and finds one that does not.
Whether joining is allowed is decided in `app.services.merge`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, select, update

from app.errors import MergeNeedsCoordination
from app.models.coverage import Coverage
from app.models.dossier import Consent, DiaryEntry, Document, PaperGiven
from app.models.guest import (
    Guest,
    GuestCitizenship,
    GuestDiet,
    GuestLanguage,
    GuestMerge,
    Household,
    new_guest_code,
)
from app.models.inclusion import Goal, InclusionStep, ItalianLevel
from app.models.ledger import LedgerLink, Uncounted
from app.models.protection import Deadline, Exploitation, LegalStatus, Safety, VictimStatus
from app.models.sealed import is_sealed
from app.models.shift import Handover
from app.models.stay import AnnulledStay, Stay
from app.models.work import Origin
from app.reference.codelist import codelist
from app.reference.unreadable import Damaged, Unreadable
from app.services.annulment import stay_of
from app.services.sealed_copy import raw_table, raw_values

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _table(model: Any) -> Table:
    made: Table = model.__table__
    return made


ROWS = tuple(
    _table(model)
    for model in (
        Stay,
        AnnulledStay,
        Coverage,
        Deadline,
        DiaryEntry,
        Document,
        PaperGiven,
        Consent,
        Goal,
        InclusionStep,
        LegalStatus,
        Handover,
        LedgerLink,
        Uncounted,
    )
)
"""Tables whose rows have a number of their own and simply change hands."""
FACTS = tuple(
    _table(model)
    for model in (GuestCitizenship, GuestLanguage, GuestDiet, Exploitation, ItalianLevel, VictimStatus, Safety)
)
"""Tables in which a guest has at most one row of a kind: it moves where the kept record has none."""
HISTORY = (_table(GuestMerge),)
"""Tables that tell of the joining itself and stay as they are."""
FILLED = ("given_name", "family_name", "gender", "birth_country", "registered_sex", "can_read", "case_worker_id")
"""Fields of a guest that are taken over where the kept record has nothing; the birth date goes with its quality."""
OWN = ("id", "code", "name_used", "created_at", "merged_into_id", "anonymised_on")
RULED = ("diet_note", "birth_date", "birth_quality", "household_id")
"""The other fields of a guest: those that stay her own, and those that are joined below by a rule each."""
_BLANK = (None, "", "ND")
_GUEST, _SAFETY, _EXPLOITATION, _LANGUAGE = (_table(model) for model in (Guest, Safety, Exploitation, GuestLanguage))
_PERSON = "person"
"""The kind of an imported person in `origin`: a later import must find the kept record."""


@dataclass(slots=True)
class Joined:
    """What a joining did, as it is remembered; `left` counts the facts that stay with the joined record."""

    rows: dict[str, list[int]] = field(default_factory=dict)
    facts: dict[str, list[list[Any]]] = field(default_factory=dict)
    cells: list[list[Any]] = field(default_factory=list)
    origins: list[list[str]] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)

    def content(self) -> dict[str, Any]:
        """Return it as values that `sealed_copy` can hold."""
        return {"rows": self.rows, "facts": self.facts, "cells": self.cells, "origins": self.origins}

    def moved(self) -> Counter[str]:
        """Return how many rows of each table changed hands."""
        counted = Counter({name: len(rows) for name, rows in self.rows.items()})
        counted.update({name: len(rows) for name, rows in self.facts.items()})
        return +counted

    def changed(self) -> list[str]:
        """Return the fields of guests and facts that were filled or joined, each as `table.column`."""
        return list(dict.fromkeys(f"{name}.{column}" for name, _, column, _, _ in self.cells))


def join(session: Session, kept: Guest, merged: Guest) -> Joined:
    """Move all that hangs on `merged` to `kept` and return what was done."""
    done = Joined()
    # cells first: a fact is still where its own record has it
    _fill(session, done, kept, merged)
    _join_households(session, done, kept, merged)
    _join_facts(session, done, kept.id, merged.id)
    for table in ROWS:
        numbers = list(session.scalars(select(table.c.id).where(table.c.guest_id == merged.id).order_by(table.c.id)))
        session.execute(update(table).where(table.c.guest_id == merged.id).values(guest_id=kept.id))
        done.rows[table.name] = numbers
    origins = select(Origin).where(Origin.kind == _PERSON, Origin.entity_id == merged.id)
    for origin in session.scalars(origins):
        done.origins.append([origin.source, origin.external_id])
        origin.entity_id = kept.id
    _set(session, done, _GUEST, {"id": merged.id}, merged_into_id=kept.id)
    session.flush()
    session.expire_all()
    return done


def part(session: Session, kept: int, merged: int, content: dict[str, Any]) -> None:
    """Put every row back where it was; what was written or deleted since stays as it is."""
    rows = rows_going_back(session, kept, content)
    for table in ROWS:
        numbers = rows.get(table.name, [])
        of_kept = (table.c.guest_id == kept, table.c.id.in_(numbers))
        session.execute(update(table).where(*of_kept).values(guest_id=merged))
    for table in FACTS:
        for key in content["facts"].get(table.name, []):
            where = _where(table, kept, key)
            session.execute(update(table).where(*where).values(guest_id=merged))
    for cell in reversed(content["cells"]):  # after the facts: theirs are remembered where they were
        _put_back(session, cell)
    for source, external in content["origins"]:
        origin = session.get(Origin, (source, _PERSON, external))
        if origin is not None and origin.entity_id == kept:
            origin.entity_id = merged
    session.flush()
    session.expire_all()


def rows_going_back(session: Session, kept: int, content: dict[str, Any]) -> dict[str, list[int]]:
    """Return the rows of each table that go back when two records are parted.

    These are the ones that came, but a stay that was annulled since goes as an annulled one, and the other way round.
    """
    rows: dict[str, list[int]] = content["rows"]
    stays, annulled = (set(rows.get(each.__tablename__, ())) for each in (Stay, AnnulledStay))
    for each in session.scalars(select(AnnulledStay).where(AnnulledStay.guest_id == kept).order_by(AnnulledStay.id)):
        stay = stay_of(each.content)
        if stay in stays:
            annulled.add(each.id)
        elif each.id in annulled and each.restored_at is not None:
            stays.add(stay)
    return {**rows, Stay.__tablename__: sorted(stays), AnnulledStay.__tablename__: sorted(annulled)}


def _fill(session: Session, done: Joined, kept: Guest, merged: Guest) -> None:
    taken = {
        column: getattr(merged, column)
        for column in FILLED
        if getattr(kept, column) in _BLANK and getattr(merged, column) not in _BLANK
    }
    if kept.birth_date is None and merged.birth_date is not None:
        taken |= {"birth_date": merged.birth_date, "birth_quality": merged.birth_quality}
    if note := _both(kept.diet_note, merged.diet_note):
        taken["diet_note"] = note  # a diet must never be lost to the kitchen
    _set(session, done, _GUEST, {"id": kept.id}, **taken)


def _join_households(session: Session, done: Joined, kept: Guest, merged: Guest) -> None:
    """Make one household of two; the joined record is in none, so that nobody counts her twice."""
    left = merged.household_id
    if left is None:
        return
    _set(session, done, _GUEST, {"id": merged.id}, household_id=None)
    wanted = kept.household_id
    if wanted is None:
        _set(session, done, _GUEST, {"id": kept.id}, household_id=left)
    elif wanted != left:
        others = session.scalars(select(_GUEST.c.id).where(_GUEST.c.household_id == left).order_by(_GUEST.c.id)).all()
        for member in others:
            _set(session, done, _GUEST, {"id": member}, household_id=wanted)


def _join_facts(session: Session, done: Joined, kept: int, merged: int) -> None:
    for table in FACTS:
        names = [column.name for column in table.primary_key if column.name != "guest_id"]
        kinds = ["form"] if table is _EXPLOITATION else names
        own = {_key(kinds, row): row for row in session.execute(select(table).where(table.c.guest_id == kept))}
        theirs = session.execute(select(table).where(table.c.guest_id == merged)).all()
        moved: list[list[Any]] = []
        for row in theirs:
            key, kind = _key(names, row), _key(kinds, row)
            if kind not in own:
                where = {"guest_id": merged, **dict(zip(names, key, strict=True))}
                if taken := _fitted(table, row, list(own.values())):
                    _set(session, done, table, where, **taken)
                session.execute(update(table).where(*_where(table, merged, list(key))).values(guest_id=kept))
                moved.append(list(key))
                continue
            if table is _SAFETY:
                _join_safety(session, done, own[kind], row)
            elif table is not _LANGUAGE and _without_guest(row) != _without_guest(own[kind]):
                done.left[table.name] += 1
        done.facts[table.name] = moved


def _without_guest(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row._asdict().items() if name not in ("guest_id", "id")}


def _fitted(table: Table, row: Any, own: list[Any]) -> dict[str, Any]:
    """Return what must change in a fact that is about to move among those of the kept record."""
    if table is _EXPLOITATION and row.is_prevalent and any(each.is_prevalent for each in own):
        return {"is_prevalent": False}  # at most one is
    if table is _LANGUAGE and own:
        return {"rank": row.rank + 1 + max(each.rank for each in own)}
    return {}


def _join_safety(session: Session, done: Joined, own: Any, theirs: Any) -> None:
    """Let the kept record know every danger that either knew; raises MergeNeedsCoordination if they cannot be read."""
    words = [value for row in (own, theirs) for value in row if isinstance(value, Unreadable)]
    if any(not isinstance(value, Damaged) for value in words):
        raise MergeNeedsCoordination
    order = codelist("risk").codes()
    taken: dict[str, Any] = {}
    if theirs.risk in order and (own.risk not in order or order.index(theirs.risk) > order.index(own.risk)):
        taken["risk"] = theirs.risk
    if own.phone_checked is None and theirs.phone_checked is not None:
        taken["phone_checked"] = theirs.phone_checked
    for column in ("avoid", "never_contact", "trusted_contact"):
        mine, hers = getattr(own, column), getattr(theirs, column)
        if both := hers if isinstance(mine, Unreadable) and not isinstance(hers, Unreadable) else _both(mine, hers):
            taken[column] = both  # a danger that can be read never gives way to one that cannot
    if any(isinstance(value, Unreadable) for value in theirs):
        done.left[_SAFETY.name] += 1
    _set(session, done, _SAFETY, {"guest_id": own.guest_id}, **taken)


def _both(own: str | None, theirs: str | None) -> str | None:
    """Return two notes as one; None when the second says nothing more."""
    if not theirs or theirs in (own or "") or isinstance(own, Unreadable) or isinstance(theirs, Unreadable):
        return None  # what is damaged stays where it is
    return f"{own}\n{theirs}" if own else theirs


# --- cells: one value of one row, changed and remembered


def _set(session: Session, done: Joined, table: Table, where: dict[str, Any], **values: Any) -> None:
    if not values:
        return
    row = _kept(session, table, where)
    key = [_plain(value) for name, value in where.items() if name != "guest_id"]
    owner = where.get("guest_id")
    session.execute(update(table).where(*_equal(table, where)).values(**values))
    # a joining may give a row to another guest: it is found again by what it says now
    after = _kept(session, table, {name: values.get(name, value) for name, value in where.items()})
    for column in values:
        done.cells.append([table.name, [owner, *key], column, _plain(row[column]), _plain(after[column])])


def _kept(session: Session, table: Table, where: dict[str, Any]) -> dict[str, Any]:
    """Return a row as it is remembered: sealed values sealed."""
    row = session.execute(select(table).where(*_equal(table, where))).one()._asdict()
    return {**row, **raw_values(session, table, where)}


def _put_back(session: Session, cell: list[Any]) -> None:
    """Undo a cell, unless somebody has changed it since."""
    name, key, column, before, after = cell
    table: Table = Guest.metadata.tables[name]
    owner, *rest = key
    where = {"id": rest[0]} if owner is None else {"guest_id": owner, **dict(zip(_names(table), rest, strict=True))}
    target = table.c[column]
    if column == "household_id" and before is not None and session.get(Household, before) is None:
        session.add(Household(id=before, code=new_guest_code()))  # it was emptied and removed meanwhile
        session.flush()
    if is_sealed(target.type):
        raw = raw_table(table)
        same = [raw.c[name] == value for name, value in where.items()]
        session.execute(update(raw).where(*same, raw.c[column].is_not_distinct_from(after)).values({column: before}))
        return
    unchanged = target.is_(None) if after is None else target == _typed(table, column, after)
    session.execute(
        update(table).where(*_equal(table, where), unchanged).values({column: _typed(table, column, before)})
    )


def _names(table: Table) -> list[str]:
    return [column.name for column in table.primary_key if column.name != "guest_id"]


def _key(names: list[str], row: Any) -> tuple[Any, ...]:
    return tuple(_plain(getattr(row, name)) for name in names)


def _where(table: Table, guest: int, key: list[Any]) -> list[Any]:
    return _equal(table, {"guest_id": guest, **dict(zip(_names(table), key, strict=True))})


def _equal(table: Table, where: dict[str, Any]) -> list[Any]:
    return [table.c[name] == _typed(table, name, value) for name, value in where.items()]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(table: Table, column: str, value: Any) -> Any:
    is_day = isinstance(value, str) and table.c[column].type.python_type is date
    return date.fromisoformat(value) if is_day else value
