"""Who did what at the capofila: a line of codes and ids in the transaction of what it notes.

No name and no figure is ever in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.capofila.store import AuditRow, Store, utc_now

MOST_LINES = 200

SHELTER = "shelter"
"""In place of an account: a shelter has done it, by its own signature or with its invitation."""

_ACTION = re.compile(r"[a-z][a-z0-9_]{1,39}")
_SUBJECT = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line; `account_id` is None for the command line of the capofila's computer, or `SHELTER`."""

    at: datetime
    account_id: str | None
    action: str
    subject: str | None


def note(
    place: Session | Store,
    action: str,
    *,
    account: str | None = None,
    subject: str | None = None,
    at: datetime | None = None,
) -> None:
    """Note an action (a code) about a subject (an id); raises ValueError for anything that is neither."""
    if not _ACTION.fullmatch(action) or (subject is not None and not _SUBJECT.fullmatch(subject)):
        raise ValueError("not a code")
    row = AuditRow(at=at or utc_now(), account_id=account, action=action, subject=subject)
    if isinstance(place, Session):
        place.add(row)
        return
    with place.work() as session:
        session.add(row)


def list_audit(store: Store, most: int = MOST_LINES) -> list[AuditEntry]:
    """Return the last lines, newest first."""
    with store.read() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(most)).all()
        return [AuditEntry(row.at, row.account_id, row.action, row.subject) for row in rows]
