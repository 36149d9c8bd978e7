"""The names of operators in the trail: each is noted once, as a hash, so that a name exchanged in a row shows.

A line of the trail says by number who did something, and the row gives the name: whoever has the store's key could
exchange two names there. Which line is wrong in itself is the business of `app.models.chain`.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.models.work import Operator, TrailEntry
from app.reference.ids import OperatorId

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.desk import Desk

_NAMES = TrailEntry.subject == "operator_name"
_SIGNS = 18


def named(operator: int, name: str) -> str:
    """Return the action of the line that says what an operator is called: a hash of it, 108 bits long."""
    said = hashlib.sha256(f"{operator}|{name}".encode()).digest()
    return f"name {base64.urlsafe_b64encode(said)[:_SIGNS].decode('ascii')}"


def note_name(desk: Desk, session: Session, operator: int, name: str) -> None:
    """Note what an operator is called, in the transaction that lets her in."""
    desk.note(session, named(operator, name), "operator_name", operator)


def note_first_names(desk: Desk) -> None:
    """Note what everybody is called, where no name was ever noted: in a new register, or one from before this was."""
    with desk.vault.work() as session:
        if session.scalars(select(TrailEntry.id).where(_NAMES).limit(1)).first() is None:
            for row in session.scalars(select(Operator).order_by(Operator.id)):
                note_name(desk, session, row.id, row.display_name)


def exchanged(session: Session) -> tuple[OperatorId, ...]:
    """Return the operators whose name is not the one first noted for their number; none where no name was noted yet."""
    lines = select(TrailEntry.subject_id, TrailEntry.action).where(_NAMES)
    first: dict[int | None, str | None] = {}
    for number, action in session.execute(lines.order_by(TrailEntry.id)):
        first.setdefault(number, action)
    if not first:
        return ()
    rows = session.execute(select(Operator.id, Operator.display_name).order_by(Operator.id))
    return tuple(OperatorId(number) for number, name in rows if first.get(number) != named(number, name))
