"""What is typed of a visit, read as people write it: the hour of an appointment, the time spent, their sums.

Plain Python; what day belongs to an hour past midnight is decided in `app.services.calendar`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from app.reference.format import month_long, number
from app.reference.texts import tr, tr_n
from app.services.calendar import HOUSE_ZONE

if TYPE_CHECKING:
    from app.services.accompaniment import AccompanimentSum

_HOUR = re.compile(r"^(\d{1,2})(?:[:.,h ](\d{2})|(\d{2}))?$")
_HOURS_AND_MINUTES = re.compile(r"^(\d{1,2}) ?(?:[:h]|ore?)\s?(\d{1,2})?(?: ?(?:m|min))?$")
_POINT = re.compile(r"^(\d{1,2})\.(\d{2})$")
_DECIMAL = re.compile(r"^(\d{1,2})[.,](\d{1,2}) ?h?$")
_PLAIN = re.compile(r"^(\d{1,4}) ?(?:m|min)?$")
_LONGEST = 24 * 60
_HOURS_UP_TO = 12
"""A bare number up to this means hours, above it minutes: nobody accompanies for twelve minutes or thirteen hours."""


class HourUnreadable(ValueError):
    """What was typed is no hour."""


class HourSkipped(ValueError):
    """The change to summer time leaves that hour out."""


class TimeUnreadable(ValueError):
    """What was typed is no length of time, or a longer one than a day."""


def read_hour(text: str) -> time:
    """Return the hour that people type: `9`, `9:30`, `9.30`, `0930`; raises HourUnreadable when it is none."""
    found = _HOUR.match(text.strip())
    if found is None:
        raise HourUnreadable(text)
    try:
        return time(int(found[1]), int(found[2] or found[3] or 0))
    except ValueError:
        raise HourUnreadable(text) from None


def appointment(day: date, at: time) -> datetime:
    """Return the moment of an appointment at the house's own clock; raises HourSkipped."""
    made = datetime.combine(day, at, tzinfo=HOUSE_ZONE)
    if datetime.fromtimestamp(made.timestamp(), HOUSE_ZONE).time() != at:
        raise HourSkipped(at)
    return made


def read_minutes(text: str) -> int | None:
    """Return the minutes that people type: `1:30`, `1h30`, `1,5`, `2` (hours), `90` or `45 min`; None for nothing.

    Raises TimeUnreadable.
    """
    typed = text.strip().casefold()
    if not typed:
        return None
    minutes = _minutes(typed)
    if minutes is None or not 0 < minutes <= _LONGEST:
        raise TimeUnreadable(text)
    return minutes


def _minutes(typed: str) -> int | None:
    if found := _HOURS_AND_MINUTES.match(typed) or _POINT.match(typed):  # 1.30 is an hour and a half, as 1:30 is
        rest = int(found[2] or 0)
        return int(found[1]) * 60 + rest if rest < 60 else None
    if found := _DECIMAL.match(typed):
        return round(float(f"{found[1]}.{found[2]}") * 60)
    if found := _PLAIN.match(typed):
        value = int(found[1])
        return value * 60 if value <= _HOURS_UP_TO and typed.isdecimal() else value
    return None


def say_minutes(minutes: int) -> str:
    """Return `1 h 30`, `2 h` or `45 min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return tr("health.time_minutes", n=rest)
    return tr("health.time_both", hours=number(hours), minutes=f"{rest:02d}") if rest else _hours(hours)


def _hours(hours: int) -> str:
    return tr("health.time_hours", n=number(hours))


def write_minutes(minutes: int | None) -> str:
    """Return minutes as a form shows them: `1:30`; empty for none."""
    return f"{minutes // 60}:{minutes % 60:02d}" if minutes is not None else ""


def hours_title(found: AccompanimentSum) -> str:
    """Return `Accompagnamenti · giugno 2026`."""
    return tr("health.hours_title", month=month_long(found.month.year, found.month.number))


def hours_note(found: AccompanimentSum) -> str:
    """Return how many visits, how many of them without a time, and who went."""
    if not found.visits:
        return tr("health.hours_none")
    notes = [tr_n("health.hours_visits", found.visits)]
    if found.without_time:
        notes.append(tr_n("health.hours_without", found.without_time))
    notes += [f"{each.name} {say_minutes(each.minutes)}" for each in found.by_escort if each.minutes]
    return " · ".join(notes)
