"""The trail as it is written and walked: lines are only added, each linked to the one before it.

What a line was about can be erased, and the chain still holds. The hashes are in `app.models.chain`; who may read the
trail, and which lines are a guest's, in `app.services.trail`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import update

from app.models.chain import ERASED_LINES, GENESIS, SALT_SIZE, Line, Verdict, next_line, walk
from app.models.work import TrailEntry

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection
    from sqlalchemy.orm import Session

BATCH = 2000
Note = Callable[["Session", str, str, int], object]
"""What writes a line about an action, a subject and its number: `Desk.note`."""

_COLUMNS = "id, at, operator_id, kind, action, subject, subject_id, salt, commitment, link"
_INSERT = f"INSERT INTO trail ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - names of columns
_ALL = f"SELECT {_COLUMNS} FROM trail ORDER BY id"  # noqa: S608 - names of columns
_LAST = "SELECT id, link FROM trail ORDER BY id DESC LIMIT 1"
_NOTHING = {"salt": None, "action": None, "subject": None, "subject_id": None}


def append(
    session: Session, action: str, subject: str, subject_id: int | None = None, *, at: datetime, operator: int | None
) -> str:
    """Write one line within a transaction, at once, and return its link in hexadecimal: the head of the chain now.

    It stands or falls with the transaction that it is written in; what a savepoint takes back, it takes back as well.
    """
    link = session.connection()  # beside the session's own queue: nothing that waits there is flushed
    said = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    salt, before = secrets.token_bytes(SALT_SIZE), _last(link)
    line = next_line(before, salt, at=said, operator=operator, action=action, subject=subject, subject_id=subject_id)
    link.exec_driver_sql(_INSERT, tuple(line))
    return line.link.hex()


def head(session: Session) -> str:
    """Return the link of the last line in hexadecimal; it stands for the whole trail."""
    return _last(session.connection())[1].hex()


def forget(session: Session, about: Mapping[str, Collection[int]], note: Note) -> int:
    """Erase what lines were about, by subject and number, and return how many lines that were.

    Who did something of which kind when stays, and the chain still verifies. For `{"guest": [7], "stay": [3, 4]}` see
    `app.services.trail.forget_guest`, which finds all that is a guest's.
    """
    wanted = [TrailEntry.subject_id.in_(numbers) & (TrailEntry.subject == name) for name, numbers in about.items()]
    return sum(erase(session, condition, note) for condition in wanted)


def erase(session: Session, lines: ColumnElement[bool], note: Note) -> int:
    """Erase what some lines were about and return how many; lines that are erased already are left.

    How many they were is noted in the chain itself: whoever erases some with another program shows by the difference.
    """
    rows = update(TrailEntry).where(lines, TrailEntry.salt.is_not(None)).values(_NOTHING)
    gone = session.connection().execute(rows).rowcount
    if gone:
        note(session, *ERASED_LINES, gone)
    return gone


def examine(session: Session, wanted: Collection[bytes] = ()) -> Verdict:
    """Walk the whole chain, line after line as they come from the store, and return what was found."""
    return walk(_lines(session.connection()), wanted)


def _last(link: Connection) -> tuple[int, bytes]:
    row = link.exec_driver_sql(_LAST).first()
    return (0, GENESIS) if row is None else (row[0], row[1])


def _lines(link: Connection) -> Iterator[Line]:
    for rows in link.exec_driver_sql(_ALL).partitions(BATCH):
        yield from map(Line._make, rows)
