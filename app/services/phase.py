"""The phase of a stay on a day: that of the entry, until a later change took its place.

Changing it is done in `app.services.stay`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.models.stay import FOREVER, Stay, StayPhase

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


def phase_on(day: date) -> ColumnElement[str]:
    """Return the phase of `Stay` on a day as a column, for a query that names Stay."""
    changed = (
        select(StayPhase.phase)
        .where(
            StayPhase.stay_id == Stay.id,
            StayPhase.from_day <= day,
            StayPhase.from_day < func.coalesce(Stay.exit_on, FOREVER),  # what lies behind an exit waits for its undoing
        )
        .order_by(StayPhase.from_day.desc())
        .limit(1)
        .correlate(Stay)
        .scalar_subquery()
    )
    return func.coalesce(changed, Stay.phase)


def phases_of(session: Session, stay: Stay) -> list[tuple[date, str]]:
    """Return the phases of a stay with the day from which each holds, in order; the first is that of the entry."""
    changes = session.execute(
        select(StayPhase.from_day, StayPhase.phase).where(StayPhase.stay_id == stay.id).order_by(StayPhase.from_day)
    )
    return [(stay.entered_on, stay.phase), *((day, phase) for day, phase in changes)]
