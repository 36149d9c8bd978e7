"""The pause of sending that an operator asks for.

It is kept in the register: a restart, a lock and another operator find it as it was. Everybody may stop sending, since
nothing is lost by it; only who asked for a pause or coordinates ends it. The pause after a restore is another one
(`app.services.restore`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.errors import RoleMayNot
from app.models.work import Operator, Setting
from app.services.desk import Desk
from app.services.role import may_coordinate

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PAUSED = "sending_paused"


@dataclass(frozen=True, slots=True)
class SendingPause:
    """Since when sending waits and who asked for it; `by` is empty when a recovery code or card had opened."""

    since: datetime
    by: str
    may_end: bool = True
    """Whether who is at the desk may let reports leave again."""


class Sendings:
    """Whether what was released may leave."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def pause(self) -> None:
        """Let nothing leave until somebody says otherwise; a pause that stands keeps its day and its name."""
        with self._desk.vault.work() as session:
            if session.get(Setting, PAUSED) is not None:
                return
            told = {"since": self._desk.now().astimezone(UTC).isoformat(), "by": self._desk.vault.operator}
            session.add(Setting(name=PAUSED, value=json.dumps(told)))
            self._desk.note(session, "pause", "sending")

    def resume(self) -> None:
        """Let reports leave again; raises RoleMayNot for one who neither coordinates nor asked for the pause."""
        with self._desk.vault.work() as session:
            found = session.get(Setting, PAUSED)
            if found is not None:
                if not self._may_end(session, json.loads(found.value)["by"]):
                    raise RoleMayNot
                session.delete(found)
                self._desk.note(session, "resume", "sending")

    def paused(self) -> SendingPause | None:
        """Return the pause that stands, or None."""
        with self._desk.vault.work() as session:
            found = session.get(Setting, PAUSED)
            if found is None:
                return None
            told = json.loads(found.value)
            who = session.get(Operator, told["by"]) if told["by"] is not None else None
            name = who.display_name if who is not None else ""
            may_end = self._may_end(session, told["by"])
            return SendingPause(datetime.fromisoformat(told["since"]), name, may_end)

    def _may_end(self, session: Session, by: int | None) -> bool:
        here = self._desk.vault.operator
        return may_coordinate(self._desk.role(session)) or (here is not None and here == by)


def is_sending_paused(session: Session) -> bool:
    """Tell inside a transaction whether an operator has paused sending."""
    return session.get(Setting, PAUSED) is not None
