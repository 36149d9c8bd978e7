"""A note in which somebody who is being erased may still be named: where it is, so that a person goes and looks.

It is told to whoever erases, and kept nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select

from app.models.guest import Guest
from app.models.night import house_day
from app.models.stay import Stay
from app.reference.ids import GuestId

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.orm import Session

_DAYS = ("day", "night", "written_at", "requested_on", "signed_at", "expected_on", "from_night", "due_on")
_WHOSE = ("guest_id", "kept_id")


@dataclass(frozen=True, slots=True)
class LeftNote:
    """The table, whom the note is about if about anybody, its day or month if it has one, the words around the name."""

    table: str
    words: str
    guest: GuestId | None = None
    name_used: str = ""
    day: date | None = None
    month: str = ""


def left_note(session: Session, table: Table, key: dict[str, Any], words: str) -> LeftNote:
    """Return where a row's note is found again by who reads the register."""
    columns = [column for column in table.c if column.name in {"id", "stay_id", "month", *_DAYS, *_WHOSE}]
    same = and_(*(table.c[name] == value for name, value in key.items()))
    row = session.execute(select(*columns).where(same)).mappings().one()
    guest = _guest(session, table, row)
    name = session.scalar(select(Guest.name_used).where(Guest.id == guest)) if guest is not None else None
    found = next((row[day] for day in _DAYS if row.get(day) is not None), None)
    when = house_day(found) if isinstance(found, datetime) else found
    about = GuestId(guest) if guest is not None and name is not None else None
    return LeftNote(table.name, words, about, name or "", when, str(row.get("month") or ""))


def _guest(session: Session, table: Table, row: Any) -> int | None:
    if table.name == Guest.__tablename__:
        return int(row["id"])
    stay = row["id"] if table.name == Stay.__tablename__ else row.get("stay_id")
    whose = next((row[column] for column in _WHOSE if row.get(column) is not None), None)
    if whose is None and stay is not None:
        whose = session.scalar(select(Stay.guest_id).where(Stay.id == stay))
    return whose
