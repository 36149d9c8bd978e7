"""The guard of closed months: what was closed no longer changes under anybody's hands.

Closing and reopening are in `app.services.month`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from app.errors import MonthIsClosed
from app.models.night import ONE_DAY, Month
from app.models.stay import FOREVER
from app.models.work import MonthClose

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def is_closed(session: Session, house: int, month: Month) -> bool:
    """Tell whether the house's month is closed now."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    MonthClose.house_id == house, MonthClose.month == str(month), MonthClose.reopened_at.is_(None)
                )
            )
        )
    )


def closed_months(session: Session, house: int) -> set[Month]:
    """Return the months of a house that are closed now."""
    texts = session.scalars(
        select(MonthClose.month).where(MonthClose.house_id == house, MonthClose.reopened_at.is_(None))
    )
    return {Month.parse(text) for text in texts}


def require_open(session: Session, house: int, day: date) -> None:
    """Raise MonthIsClosed when the day lies in a closed month of the house."""
    month = Month.of(day)
    if is_closed(session, house, month):
        raise MonthIsClosed(month=month)


def require_open_span(session: Session, house: int, a: date | None, b: date | None) -> None:
    """Raise MonthIsClosed when a change of a boundary from `a` to `b` touches nights of a closed month."""
    start, end = sorted((a or FOREVER, b or FOREVER))
    if start == end:
        return
    for month in sorted(closed_months(session, house)):
        if start <= month.last and month.first <= end - ONE_DAY:
            raise MonthIsClosed(month=month)
