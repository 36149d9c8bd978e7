"""A week of appointments as a grid: a column a house day, a row an hour, and how the cursor goes through it.

Plain Python; who paints it is `app.ui.widgets.week_grid`. An hour past midnight belongs to the day before and counts on
from 24, as the house day does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from app.reference.format import day_long, day_short
from app.reference.texts import tr
from app.services.calendar import HOUSE_ZONE, house_day
from app.services.referral import clashes
from app.ui.presenters import health

if TYPE_CHECKING:
    from app.services.referral import ReferralRow

DAYS = 7
FIRST_HOUR, LAST_HOUR = 8, 18
"""Always shown; the grid grows to hold what lies outside."""
_MIDNIGHT = 24


class Stop(NamedTuple):
    """Where the cursor is: a column, an hour, and which of the appointments there (0 in a free slot)."""

    column: int
    hour: int
    nth: int = 0


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Week:
    """The appointments of a week, by column and hour."""

    first: date
    today: date
    now: datetime
    hours: tuple[int, ...] = ()
    slots: dict[tuple[int, int], tuple[ReferralRow, ...]] = field(default_factory=dict)
    clashing: frozenset[int] = frozenset()
    """The ids of the appointments that cannot all be gone to."""

    def day(self, column: int) -> date:
        """Return the day of a column."""
        return self.first + timedelta(days=column)

    def rows(self, column: int, hour: int) -> tuple[ReferralRow, ...]:
        """Return the appointments of a slot, in order."""
        return self.slots.get((column, hour), ())

    def row(self, stop: Stop) -> ReferralRow | None:
        """Return the appointment at a stop, or None in a free slot."""
        rows = self.rows(stop.column, stop.hour)
        return rows[stop.nth] if stop.nth < len(rows) else None

    def lines(self, hour: int) -> int:
        """Return how many lines the row of an hour needs."""
        return max(1, *(len(self.rows(column, hour)) for column in range(DAYS)))

    def count(self, column: int) -> int:
        """Return how many appointments a day has."""
        return sum(len(rows) for (at, _), rows in self.slots.items() if at == column)

    def begin(self) -> Stop:
        """Return where the cursor begins: today if it is in the week, at the first appointment of the day."""
        column = (self.today - self.first).days
        column = column if 0 <= column < DAYS else 0
        taken = [hour for hour in self.hours if self.rows(column, hour)]
        return Stop(column, taken[0] if taken else self.hours[0])

    def fit(self, stop: Stop) -> Stop:
        """Return the stop nearest to one that may be outside the week or past its appointments."""
        column = min(max(stop.column, 0), DAYS - 1)
        hour = min(max(stop.hour, self.hours[0]), self.hours[-1])
        return Stop(column, hour, min(stop.nth, max(0, len(self.rows(column, hour)) - 1)))

    def below(self, stop: Stop) -> Stop:
        """Return the next appointment of the slot, or the first of the hour below; itself at the end."""
        if stop.nth + 1 < len(self.rows(stop.column, stop.hour)):
            return stop._replace(nth=stop.nth + 1)
        return self.fit(Stop(stop.column, stop.hour + 1)) if stop.hour < self.hours[-1] else stop

    def above(self, stop: Stop) -> Stop:
        """Return the appointment before, or the last of the hour above; itself at the beginning."""
        if stop.nth:
            return stop._replace(nth=stop.nth - 1)
        if stop.hour <= self.hours[0]:
            return stop
        last = max(0, len(self.rows(stop.column, stop.hour - 1)) - 1)
        return Stop(stop.column, stop.hour - 1, last)

    def find(self, referral: int) -> Stop | None:
        """Return where an appointment is, or None when it is not in this week."""
        for (column, hour), rows in self.slots.items():
            for index, row in enumerate(rows):
                if row.id == referral:
                    return Stop(column, hour, index)
        return None

    def describe(self, stop: Stop) -> str:
        """Return a stop in words."""
        day, row = day_long(self.day(stop.column)), self.row(stop)
        if row is None:
            return tr("health.slot_free", day=day, at=say_hour(stop.hour))
        state = health.outcome(row, self.now).word
        words = tr("health.slot_taken", day=day, at=health.agenda_hour(row), guest=row.name_used, state=state)
        said = f"{words}, {health.appointment_line(row)}"
        return f"{said}. {tr('health.clash_mark')}" if row.id in self.clashing else said


def build(rows: Iterable[ReferralRow], first: date, today: date, now: datetime) -> Week:
    """Return the week that begins on the Monday `first`, with the appointments among `rows` that lie in it."""
    dated = sorted(
        ((row.appointment_at, row) for row in rows if row.appointment_at is not None),
        key=lambda pair: (pair[0], pair[1].id),
    )
    slots: dict[tuple[int, int], list[ReferralRow]] = {}
    for at, row in dated:
        column = (house_day(at) - first).days
        if 0 <= column < DAYS:
            slots.setdefault((column, hour_of(at)), []).append(row)
    coming = [row for at, row in dated if at >= now]
    used = [hour for _, hour in slots]
    span = range(min([FIRST_HOUR, *used]), max([LAST_HOUR, *used]) + 1)
    return Week(
        first,
        today,
        now,
        tuple(span),
        {place: tuple(each) for place, each in slots.items()},
        frozenset(row.id for row in coming if clashes(coming, row)),
    )


def hour_of(at: datetime) -> int:
    """Return the hour of the house day in which a moment lies: 6 to 29."""
    local = at.astimezone(HOUSE_ZONE)
    return local.hour + (_MIDNIGHT if local.date() != house_day(at) else 0)


def slot_start(day: date, hour: int) -> tuple[date, time]:
    """Return the date and the time of the clock at which a slot of a house day begins."""
    past, at = divmod(hour, _MIDNIGHT)
    return day + timedelta(days=past), time(at)


def say_hour(hour: int) -> str:
    """Return `09:00`."""
    return f"{hour % _MIDNIGHT:02d}:00"


def week_title(first: date) -> str:
    """Return `15 – 21 giu 2026`, with the month of the first day where it is another."""
    last = first + timedelta(days=DAYS - 1)
    start = str(first.day) if first.month == last.month else day_short(first)
    return f"{start} – {day_short(last)} {last.year}"


def day_rows(rows: Iterable[ReferralRow], day: date) -> list[ReferralRow]:
    """Return the appointments of a house day in order of hour."""
    dated = [(row.appointment_at, row) for row in rows if row.appointment_at is not None]
    return [row for at, row in sorted(dated, key=lambda pair: (pair[0], pair[1].id)) if house_day(at) == day]
