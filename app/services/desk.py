"""What every service works with: the vault, the time, and who is at the desk.

It opens no window and no connection of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol

from app.errors import RoleMayNot
from app.models.night import house_day
from app.services.role import SHIFT, may_coordinate, proved_role

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.vault.vault import Vault


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware."""


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


class Desk:
    """The vault and the clock, shared by all services."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self.vault = vault
        self.clock = clock

    def now(self) -> datetime:
        """Return the present moment, aware and without fractions of a second."""
        return self.clock.now().replace(microsecond=0)

    def today(self) -> date:
        """Return the house day that owns the present moment."""
        return house_day(self.now())

    def role(self, session: Session) -> str | None:
        """Return the role of who opened the register, as far as her keys prove it; None when something printed did."""
        from app.models.work import Operator

        who = self.vault.operator
        if who is None:
            return None
        found = session.get(Operator, who)
        return proved_role(found.role if found is not None else SHIFT, self.vault.compartments)

    def is_unproved(self, session: Session) -> bool:
        """Tell whether the row of who is at the desk names a role that her keys do not prove."""
        from app.models.work import Operator

        found = session.get(Operator, self.vault.operator) if self.vault.operator is not None else None
        return found is not None and found.role != self.role(session)

    def require_role(self, session: Session, may: Callable[[str | None], bool]) -> None:
        """Raise RoleMayNot when a rule of `app.services.role` refuses the operator at the desk."""
        if not may(self.role(session)):
            raise RoleMayNot

    def require_coordination(self, session: Session) -> None:
        """Raise RoleMayNot unless the operator coordinates, by her keys, or came in with something printed."""
        self.require_role(session, may_coordinate)

    def note(self, session: Session, action: str, subject: str, subject_id: int | None = None) -> None:
        """Write one line of the trail: who, when, what kind of thing; never the content."""
        from app.services.chain import append

        append(session, action, subject, subject_id, at=self.now(), operator=self.vault.operator)
