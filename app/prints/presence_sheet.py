"""What a month's presence register holds, as it is given and as it is counted for the paper.

A month without a number is one that is written by hand.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

OUTSIDE = "-"
LONGEST_MONTH = 31


@dataclass(frozen=True, slots=True)
class PresenceLine:
    """A guest's month: one cell a night with a code of the list, empty for not recorded, `-` for outside the stay."""

    code: str
    initials: str = ""
    room: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PresenceSheet:
    """A house's month; without `year` and `month` they are written by hand. `house_code` is a code, never a name."""

    ente: str
    house_code: str = ""
    project: str = ""
    year: int | None = None
    month: int | None = None
    capacity: int | None = None
    lines: tuple[PresenceLine, ...] = ()
    blank_lines: int = 0
    has_guest_signature: bool = False
    closed_on: date | None = None

    @property
    def days(self) -> int:
        """Return how many columns the month has; 31 when it is written by hand."""
        if self.year is None or self.month is None:
            return LONGEST_MONTH
        return monthrange(self.year, self.month)[1]


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A guest's line with its sums."""

    line: PresenceLine
    nights: int
    absences: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What is printed: lines with sums, the guests of each night (None where nothing was recorded), the letters."""

    lines: tuple[PlannedLine, ...]
    totals: tuple[int | None, ...]
    here: tuple[str, ...]
    away: tuple[str, ...]
