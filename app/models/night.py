"""The one definition of a day and a night of the house; everything that counts uses it.

A **house day** begins at 06:00 local time (Europe/Rome) and ends at 06:00 of the next date. What happens at 02:00 of
the 5th therefore belongs to the house day of the 4th: the night has the date of the evening on which it begins.
A guest is counted for a night when she is in the house for it; the day of entry counts, the day of exit does not.
At the change to summer time the house day has 23 hours, at the change back 25: it stays *one* night each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUSE_ZONE = ZoneInfo("Europe/Rome")
DAY_BEGINS = time(6, 0)
ONE_DAY = timedelta(days=1)


def house_day(moment: datetime, zone: ZoneInfo = HOUSE_ZONE, begins: time = DAY_BEGINS) -> date:
    """Return the house day that owns an aware moment.

    Raises ValueError when the moment has no time zone.
    """
    if moment.tzinfo is None:
        message = "a moment without a time zone belongs to no day"
        raise ValueError(message)
    local = moment.astimezone(zone)
    return local.date() if local.time() >= begins else local.date() - ONE_DAY


def day_bounds(day: date, zone: ZoneInfo = HOUSE_ZONE, begins: time = DAY_BEGINS) -> tuple[datetime, datetime]:
    """Return the first moment of a house day and the first moment after it, both aware."""
    return (
        datetime.combine(day, begins, tzinfo=zone),
        datetime.combine(day + ONE_DAY, begins, tzinfo=zone),
    )


def day_hours(day: date, zone: ZoneInfo = HOUSE_ZONE, begins: time = DAY_BEGINS) -> float:
    """Return how many hours a house day really lasts: 24, or 23 and 25 on the two odd nights."""
    start, end = day_bounds(day, zone, begins)
    return (end.timestamp() - start.timestamp()) / 3600


def nights(entered_on: date, exit_on: date) -> Iterator[date]:
    """Yield the nights of a stay: from the day of entry, included, to the day of exit, excluded."""
    night = entered_on
    while night < exit_on:
        yield night
        night += ONE_DAY


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; its nights are those that begin on its days."""

    year: int
    number: int

    def __post_init__(self) -> None:
        date(self.year, self.number, 1)

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Return the month written `2026-06`; raises ValueError otherwise."""
        year, dash, number = text.partition("-")
        if not (
            dash and len(year) == 4 and len(number) == 2 and text.isascii() and year.isdecimal() and number.isdecimal()
        ):
            message = f"not a month: {text!r}"
            raise ValueError(message)
        return cls(int(year), int(number))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """The last day, which owns the last night."""
        return self.next().first - ONE_DAY

    @property
    def days(self) -> list[date]:
        """All days in order."""
        return list(nights(self.first, self.next().first))

    def next(self) -> Month:
        """Return the month after."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def previous(self) -> Month:
        """Return the month before."""
        return Month.of(self.first - ONE_DAY)
