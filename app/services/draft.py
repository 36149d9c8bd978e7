"""Half-filled forms, kept inside the vault when it locks and given back to their owner alone.

Each is sealed to its owner's own way in, its name too: another operator's program learns nothing of it. What a form's
text means only the form knows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.models.work import Draft
from app.services.desk import Desk
from app.vault.own import DRAFT

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Drafts:
    """The drafts of the operator at the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def keep(self, form: str, content: str) -> None:
        """Keep a form's content in place of what was kept of it before; see `keep_all`."""
        self.keep_all({form: content})

    def keep_all(self, drafts: Mapping[str, str]) -> int:
        """Keep several forms' contents, all or none; return how many there was nobody to keep for.

        After an opening from paper there is no owner, until somebody takes a passphrase.
        """
        vault = self._desk.vault
        owner = vault.operator
        if owner is None or not drafts:
            return len(drafts)
        with vault.work() as session:
            before = self._mine(session)
            _remove(session, [number for number, (form, _) in before.items() if form in drafts])
            for form, content in drafts.items():
                sealed = vault.own.seal(DRAFT, json.dumps([form, content]).encode())
                session.add(Draft(operator_id=owner, content=sealed, saved_at=self._desk.now()))
        return 0

    def take_all(self) -> dict[str, str]:
        """Return all drafts of this operator, by form."""
        with self._desk.vault.work() as session:
            return dict(self._mine(session).values())

    def drop(self, form: str) -> None:
        """Remove this operator's draft of a form."""
        with self._desk.vault.work() as session:
            _remove(session, [number for number, (name, _) in self._mine(session).items() if name == form])

    def drop_unreadable(self) -> int:
        """Remove this operator's drafts that nobody can open any more, and return how many there were.

        So it is after somebody else gave her a new passphrase: they were sealed to the way in that was hers before.
        """
        with self._desk.vault.work() as session:
            readable = self._mine(session)
            hers = session.scalars(select(Draft.id).where(Draft.operator_id == self._desk.vault.operator))
            lost = [number for number in hers if number not in readable]
            _remove(session, lost)
        return len(lost)

    def _mine(self, session: Session) -> dict[int, tuple[str, str]]:
        """Return form and content of each draft of who is at the desk that she can open, by its number."""
        vault = self._desk.vault
        if vault.operator is None:
            return {}
        rows = session.execute(select(Draft.id, Draft.content).where(Draft.operator_id == vault.operator))
        opened = {number: _read(vault.own.unseal(DRAFT, content)) for number, content in rows}
        return {number: told for number, told in opened.items() if told is not None}


def _remove(session: Session, numbers: list[int]) -> None:
    session.execute(delete(Draft).where(Draft.id.in_(numbers)))


def _read(content: bytes | None) -> tuple[str, str] | None:
    """Return form and content; None for what is no draft: anybody may seal something to somebody."""
    try:
        match json.loads(content or b""):
            case [str() as form, str() as text]:
                return form, text
    except ValueError:
        pass
    return None
