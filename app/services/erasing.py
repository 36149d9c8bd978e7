"""Taking a guest out of the register, whole or all but the facts that the accounts need; in one transaction.

Whether it may be done, and by whom, is decided in `app.services.retention`; which column is what, in the file of the
retention classes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, text, update

from app.models.guest import Guest, Household, new_guest_code
from app.models.work import Draft, Origin
from app.reference.ids import GuestId
from app.reference.retention import KEPT, retention
from app.services.breakdown_set import drop_naming
from app.services.chain import Note
from app.services.hanging import GUEST, STEP, Hanging, mentions_of, records_of, rows_of
from app.services.ledger_store import let_go
from app.services.mention import strike_out
from app.services.trail import forget_guest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ERASE, ANONYMISE = "ERASE", "ANONYMISE"
Told = Callable[[int, int], object]
_PERSON = "person"
_OF_NO_STAY = ("project",)
"""Kinds of imported rows whose number is no stay's."""


@dataclass(slots=True)
class Erased:
    """What was done: rows by table that went and that stayed, and what else was reached."""

    gone: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    drafts: int = 0
    trail: int = 0
    struck: int = 0
    """Notes about others in which she was named, and is not any more."""
    left: int = 0
    """Notes that may still name her: a name that others bear as well, or that is a word; people look at them."""


def erase(session: Session, kind: str, guest: int, *, now: datetime, today: date, told: Told, note: Note) -> Erased:
    """Erase a guest with the records joined into hers, or make her anonymous.

    `told` hears how far it is; `note` writes a line of the trail, as `Desk.note` does.
    """
    session.flush()
    session.execute(text("PRAGMA defer_foreign_keys = ON"))  # rows of one table may point at each other
    records = records_of(session, guest)
    done = Erased()
    mentions = strike_out(session, records)
    done.struck, done.left = mentions.struck, len(mentions.left)
    done.trail = forget_guest(session, GuestId(guest), note)
    drop_naming(session, records)
    let_go(session, records)
    found = rows_of(session, records)
    staying = {name for name in found if kind == ANONYMISE and retention().stays_for_accounts(name)}
    households = _households(session, records)
    _cut_mentions(session, found, staying)
    _forget_origins(session, found)
    steps = len(found) + 1
    for step, name in enumerate(reversed(found), start=1):
        if name in staying:
            done.kept[name] = found[name].count
        else:
            _delete(session, found[name])
            done.gone[name] = found[name].count
        told(step, steps)
    if staying:
        _drop_joined(session, done, records)
        _empty(session, found, staying, _replacements(session, now, today))
    _drop_households(session, households)
    done.drafts = session.scalar(select(func.count()).select_from(Draft)) or 0
    session.execute(delete(Draft))
    session.execute(text("INSERT INTO search (search) VALUES ('optimize')"))  # no old segment keeps a word of hers
    session.expire_all()
    told(steps, steps)
    return done


def _delete(session: Session, hanging: Hanging) -> None:
    for where in hanging.conditions():
        session.execute(delete(hanging.table).where(where))


def _cut_mentions(session: Session, found: dict[str, Hanging], staying: set[str]) -> None:
    """Let no row point at one that goes without belonging to it."""
    for name, pointing, numbers in mentions_of(found):
        if name not in staying:
            for start in range(0, len(numbers), STEP):
                gone = pointing.in_(numbers[start : start + STEP])
                session.execute(update(pointing.table).where(gone).values({pointing.name: None}))


def _forget_origins(session: Session, found: dict[str, Hanging]) -> None:
    """Forget the numbers that she and her stays had in another program."""
    session.execute(delete(Origin).where(Origin.kind == _PERSON, Origin.entity_id.in_(found[GUEST].ids)))
    stays = found["stay"].ids if "stay" in found else ()
    of_stays = Origin.kind.not_in((_PERSON, *_OF_NO_STAY))
    session.execute(delete(Origin).where(of_stays, Origin.entity_id.in_(stays)))


def _households(session: Session, records: tuple[int, ...]) -> set[int]:
    found = session.scalars(select(Guest.household_id).where(Guest.id.in_(records)))
    return {number for number in found if number is not None}


def _drop_households(session: Session, numbers: set[int]) -> None:
    """Remove the households that have nobody left."""
    lived_in = select(Guest.id).where(Guest.household_id == Household.id).exists()
    session.execute(delete(Household).where(Household.id.in_(numbers), ~lived_in))


def _drop_joined(session: Session, done: Erased, records: tuple[int, ...]) -> None:
    """Remove the records that were joined into hers: one row is enough to join her nights to each other."""
    kept, *joined = records
    session.execute(delete(Guest).where(Guest.id.in_(joined)))
    session.execute(update(Guest).where(Guest.id == kept).values(merged_into_id=None))
    done.kept[GUEST] = 1
    if joined:
        done.gone[GUEST] = len(joined)


def _empty(session: Session, found: dict[str, Hanging], staying: set[str], fresh: dict[str, dict[str, Any]]) -> None:
    """Take out of the rows that stay everything but what the accounts need."""
    for name in staying:
        table = found[name].table
        values = {
            each.name: None for each in table.columns if retention().class_of(name, each.name).anonymisation != KEPT
        } | fresh.get(name, {})
        for where in found[name].conditions():
            if values:
                session.execute(update(table).where(where).values(**values))


def _replacements(session: Session, now: datetime, today: date) -> dict[str, dict[str, Any]]:
    """Return what takes the place of a value that must not be empty, by table and column."""
    code = new_guest_code()
    while session.scalar(select(Guest.id).where(Guest.code == code)) is not None:
        code = new_guest_code()
    return {
        GUEST: {
            "code": code,
            "name_used": code,
            "created_at": now,
            "birth_quality": "IGNOTA",
            "gender": "ND",
            "anonymised_on": today,
        },
    }
