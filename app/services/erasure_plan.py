"""What the end of keeping looks like in values: who is beyond the term, what an erasure would do, what one did.

Nothing is asked of the register here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from app.reference.ids import ErasureId, GuestId, ProjectId
from app.reference.retention import retention
from app.services.erasing import ERASE, Erased
from app.services.hanging import GUEST
from app.services.hold import Hold
from app.services.left_note import LeftNote
from app.services.old_copy import OldCopy


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """Somebody whose term is over, by her code alone, and what holds her back."""

    guest: GuestId
    code: str
    left_on: date
    due_on: date
    holds: tuple[Hold, ...]

    def is_free_for(self, kind: str) -> bool:
        """Tell whether nothing holds her back from one of the two ways."""
        return not any(kind in hold.holds for hold in self.holds)


@dataclass(frozen=True, slots=True)
class ProjectHold:
    """Until when a project's accounts hold personal data; None while they are open."""

    id: ProjectId
    name: str
    ends_on: date | None
    hold_until: date | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """An erasure that was done: nothing of whom."""

    id: ErasureId
    number: str
    kind: str
    reason: str
    at: datetime
    made_by: str
    erased: Erased
    copies_removed: int


@dataclass(frozen=True, slots=True)
class RetentionView:
    """The page of what is kept for how long."""

    months: int
    overdue: tuple[OverdueRow, ...]
    projects: tuple[ProjectHold, ...]
    certificates: tuple[Certificate, ...]
    copies: tuple[OldCopy, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """What the page of the day says: how many are beyond the term, how many old copies still hold somebody."""

    overdue: int
    free: int
    """Of them those that nothing holds back."""
    copies: int


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What an erasure of a guest would do, in numbers; `seal` is what it was shown for."""

    guest: GuestId
    code: str
    asked: bool
    left_on: date | None
    due_on: date | None
    holds: tuple[Hold, ...]
    rows: dict[str, int] = field(repr=False)
    """How many rows hang on her, by table."""
    months: int = 0
    drafts: int = 0
    """Half-filled forms of everybody: they go, for nobody can look whom they are about."""
    struck: int = 0
    left: tuple[LeftNote, ...] = field(default=(), repr=False)
    """The notes that may still name her: they are left, for a person to look at."""
    seal: str = ""

    def gone(self, kind: str) -> dict[str, int]:
        """Return how many rows would go, by the name of their class."""
        return self._by_class(lambda table: kind == ERASE or not retention().stays_for_accounts(table))

    def stays(self, kind: str) -> dict[str, int]:
        """Return how many rows would stay without saying whose they are, by table."""
        if kind == ERASE:
            return {}
        return {
            name: 1 if name == GUEST else n for name, n in self.rows.items() if retention().stays_for_accounts(name)
        }

    def is_free_for(self, kind: str) -> bool:
        """Tell whether nothing holds her back from one of the two ways."""
        return not any(kind in hold.holds for hold in self.holds)

    def _by_class(self, goes: Callable[[str], bool]) -> dict[str, int]:
        counted: dict[str, int] = {}
        for name, n in self.rows.items():
            if goes(name):
                leading = retention().leading(name).name
                counted[leading] = counted.get(leading, 0) + n
        return counted
