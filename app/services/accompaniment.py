"""How often and for how long a month's visits were accompanied: the count that the page Salute shows.

No figure of the report; who accompanied is written with the outcome, in `app.services.referral`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.models.service import Referral
from app.models.stay import Stay
from app.services.referral_row import AFTER_A_VISIT, MISSED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.night import Month
    from app.reference.ids import HouseId


@dataclass(frozen=True, slots=True)
class EscortSum:
    """What one person did: visits accompanied and the minutes written for them."""

    name: str
    visits: int
    minutes: int


@dataclass(frozen=True, slots=True)
class AccompanimentSum:
    """A month's accompaniments."""

    month: Month
    visits: int
    minutes: int
    without_time: int
    """Of the visits, those whose time nobody wrote."""
    by_escort: tuple[EscortSum, ...]
    """The longest first."""


def accompaniments(session: Session, house: HouseId, month: Month) -> AccompanimentSum:
    """Count the visits of the month that somebody went along to: those done, those missed when a time is written.

    What matters is the day of the outcome.
    """
    rows = session.execute(
        select(Referral.accompanied_by, Referral.accompanied_minutes)
        .join(Stay, Stay.id == Referral.stay_id)
        .where(
            Stay.house_id == house,
            Referral.accompanied_by.is_not(None),
            Referral.outcome.in_(AFTER_A_VISIT),
            or_(Referral.outcome != MISSED, Referral.accompanied_minutes.is_not(None)),
            Referral.outcome_on.between(month.first, month.last),
        )
    ).all()
    names: dict[str, str] = {}
    sums: dict[str, list[int]] = {}
    for name, minutes in rows:
        key = " ".join(str(name).split()).casefold()
        names.setdefault(key, str(name))
        sums.setdefault(key, []).append(minutes or 0)
    each = [EscortSum(names[key], len(found), sum(found)) for key, found in sums.items()]
    return AccompanimentSum(
        month=month,
        visits=len(rows),
        minutes=sum(escort.minutes for escort in each),
        without_time=sum(minutes is None for _, minutes in rows),
        by_escort=tuple(sorted(each, key=lambda escort: (-escort.minutes, -escort.visits, escort.name))),
    )
