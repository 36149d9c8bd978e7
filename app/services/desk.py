"""What every service works with: the vault, the time, and who is at the desk.

It opens no window and no connection of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol

from app.errors import RoleMayNot
from app.models.night import house_day
from app.services.role import COORDINATION, may_coordinate

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
        """Return the role of who opened the register; None when the recovery code did."""
        from app.models.work import Operator

        who = self.vault.operator
        found = session.get(Operator, who) if who is not None else None
        return found.role if found is not None else None

    def require_role(self, session: Session, may: Callable[[str | None], bool]) -> None:
        """Raise RoleMayNot when a rule of `app.services.role` refuses the operator at the desk."""
        if not may(self.role(session)):
            raise RoleMayNot

    def require_coordination(self, session: Session) -> None:
        """Raise RoleMayNot unless the operator coordinates; in a register without coordination everybody may."""
        from sqlalchemy import select

        from app.models.work import Operator

        if may_coordinate(self.role(session)):
            return
        if session.scalar(select(Operator.id).where(Operator.role == COORDINATION).limit(1)) is not None:
            raise RoleMayNot

    def note(self, session: Session, action: str, subject: str, subject_id: int | None = None) -> None:
        """Write one line of the trail: who, when, what kind of thing; never the content."""
        from app.models.work import TrailEntry

        session.add(
            TrailEntry(
                at=self.now(), operator_id=self.vault.operator, action=action, subject=subject, subject_id=subject_id
            )
        )
