"""Which backups are kept: the last of each of seven days, five weeks and twelve months that have one.

A rule of dates alone; no file is touched here. Days are counted where there is a copy, so that a register that was
shut for a month loses nothing when it is opened again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from datetime import datetime

from app.models.night import HOUSE_ZONE

DAILY, WEEKLY, MONTHLY = 7, 5, 12


def expendable(moments: Collection[datetime], now: datetime) -> set[datetime]:
    """Return the moments whose backups may go.

    The newest never does, and nothing that is dated after `now` does: the clock was wrong then or is wrong now, and
    which of them are the new ones nobody can tell.
    """
    if not moments:
        return set()
    past = sorted((moment for moment in moments if moment <= now), reverse=True)
    kept = {max(moments), *(moment for moment in moments if moment > now)}
    kept |= _last_of_each(past, DAILY, lambda at: at.astimezone(HOUSE_ZONE).date())
    kept |= _last_of_each(past, WEEKLY, lambda at: at.astimezone(HOUSE_ZONE).isocalendar()[:2])
    kept |= _last_of_each(past, MONTHLY, lambda at: (at.astimezone(HOUSE_ZONE).year, at.astimezone(HOUSE_ZONE).month))
    return set(moments) - kept


def _last_of_each(newest_first: Iterable[datetime], most: int, span: Callable[[datetime], Hashable]) -> set[datetime]:
    found: dict[Hashable, datetime] = {}
    for moment in newest_first:
        if len(found) == most and span(moment) not in found:
            break
        found.setdefault(span(moment), moment)
    return set(found.values())
