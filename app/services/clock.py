"""Whether this computer's clock can be right: what was written last says what time it must be at least.

Nothing is refused for it: an entry on a wrong day can be put right, a night without a register cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.models.work import TrailEntry

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TOLERANCE = timedelta(minutes=10)
"""A clock that is put right by the network may jump back by that much and nobody need care."""
LONG_SILENCE = timedelta(days=60)
"""A register in use is written every day; after so long either nobody worked here, or the clock is ahead."""
_LOOKED_AT = 500
_OPENINGS = ("unlock", "recover", "restore")


@dataclass(frozen=True, slots=True)
class ClockDoubt:
    """The clock and the register do not agree: the clock is behind, or no one wrote anything for very long."""

    now: datetime
    last: datetime
    is_behind: bool


def doubt(session: Session, now: datetime) -> ClockDoubt | None:
    """Return why the clock cannot be trusted, or None when nothing speaks against it."""
    newest = session.scalar(select(func.max(TrailEntry.id))) or 0
    latest = session.scalar(select(func.max(TrailEntry.at)).where(TrailEntry.id > newest - _LOOKED_AT))
    if latest is not None and latest > now + TOLERANCE:
        return ClockDoubt(now, latest, is_behind=True)
    openings = select(TrailEntry.id).where(TrailEntry.action.in_(_OPENINGS)).order_by(TrailEntry.id.desc())
    opened = session.scalar(openings.limit(1)) or 0  # backwards along the key: this session's own is near
    before = session.scalar(
        select(func.max(TrailEntry.at)).where(TrailEntry.id < opened, TrailEntry.id > opened - _LOOKED_AT)
    )
    if before is not None and now - before > LONG_SILENCE:
        return ClockDoubt(now, before, is_behind=False)
    return None
