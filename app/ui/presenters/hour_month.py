"""A month of one step as a sheet of days: what is written, what was changed since, which days may hold hours.

Plain Python; the days are painted elsewhere and written by the register, which has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from app.services.calendar import Month
from app.ui.presenters.draft import as_number, day_from_text

if TYPE_CHECKING:
    from app.services.inclusion import GuestPath, StepRow


@dataclass(slots=True)
class HourMonth:
    """The days of a step; changes of every month in it are kept until they are saved."""

    step: StepRow
    today: date
    written: Mapping[date, int]
    changes: dict[date, int | None] = field(default_factory=dict)

    @classmethod
    def of(cls, path: GuestPath, step: StepRow, today: date) -> HourMonth:
        """Return the sheet of a step of a path."""
        written: dict[date, int] = {}
        for row in path.hours:
            if row.step == step.id:
                written[row.day] = written.get(row.day, 0) + row.minutes
        return cls(step, today, written)

    def minutes(self, day: date) -> int | None:
        """Return the minutes of a day as they would be saved."""
        return self.changes[day] if day in self.changes else self.written.get(day)

    def is_changed(self, day: date) -> bool:
        """Tell whether a day is not saved yet."""
        return day in self.changes

    def may_hold(self, day: date) -> bool:
        """Tell whether a day lies between the step's beginning and its end, and not in the future."""
        last = min(self.step.ended_on or self.today, self.today)
        return self.step.started_on <= day <= last

    def put(self, days: Iterable[date], minutes: int | None) -> None:
        """Give some days these minutes, or none; days that may hold none are passed over."""
        for day in days:
            if not self.may_hold(day):
                continue
            if self.written.get(day) == minutes:
                self.changes.pop(day, None)
            else:
                self.changes[day] = minutes

    def toggle(self, day: date, minutes: int) -> None:
        """Give a day these minutes, or take them away when it has just these."""
        self.put([day], None if self.minutes(day) == minutes else minutes)

    def total(self, month: Month) -> int:
        """Return the minutes of a month as they would be saved."""
        return sum(self.minutes(day) or 0 for day in month.days)

    def usual(self) -> int | None:
        """Return the duration that was written most often, the latest among equals."""
        spent = [minutes for _, minutes in sorted(self.written.items())]
        return max(reversed(spent), key=spent.count) if spent else None

    def content(self) -> dict[str, int | None]:
        """Return the changes as a draft keeps them."""
        return {day.isoformat(): minutes for day, minutes in sorted(self.changes.items())}

    def restore(self, content: Mapping[str, object]) -> None:
        """Take the changes of a draft again."""
        for text, minutes in content.items():
            day = day_from_text(text)
            if day is not None and (minutes is None or as_number(minutes) is not None):
                self.put([day], as_number(minutes))
