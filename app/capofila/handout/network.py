"""The network as the capofila knows it: which shelters, which months, and of each month the revision that counts.

Values only; whether a sum may be shown is decided in `total.py`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.sync.payload import FigureCell, Shown

if TYPE_CHECKING:
    from app.capofila.service import ReceivedReport

HERE = ZoneInfo("Europe/Rome")
"""A due day ends at midnight where the shelters are, whatever the server's clock is set to."""

DUE_DAY = 5


@dataclass(frozen=True, slots=True)
class NetworkShelter:
    """A shelter of the network; the days are those of the place, `left_on` is the day of a revocation.

    `succeeds` is the id that the same house had before: both are one house, and no month of it counts twice.
    """

    id: str
    name: str
    province: str | None
    enrolled_on: date
    left_on: date | None = None
    succeeds: str | None = None

    def owes(self, period: str) -> bool:
        """Tell whether a report of the month is expected: from the month of enrolment to that before the leaving."""
        if self.left_on is not None and period >= period_of(self.left_on):
            return False
        return period >= period_of(self.enrolled_on)


@dataclass(frozen=True, slots=True)
class Network:
    """The shelters by name, and of each shelter and month the report that counts.

    `superseded` are the months of an ended shelter that the one that continues it has sent.
    """

    shelters: tuple[NetworkShelter, ...]
    reports: Mapping[tuple[str, str], ReceivedReport] = field(repr=False)
    superseded: frozenset[tuple[str, str]] = frozenset()

    def owes(self, shelter: NetworkShelter, period: str) -> bool:
        """Tell whether a report of the month is expected under this shelter's id."""
        return shelter.owes(period) and (shelter.id, period) not in self.superseded

    def house_of(self, shelter_id: str) -> str:
        """Return the id that the house of a shelter has now."""
        followers = {shelter.succeeds: shelter.id for shelter in self.shelters if shelter.succeeds is not None}
        seen = {shelter_id}
        while (follower := followers.get(shelter_id)) is not None and follower not in seen:
            seen.add(shelter_id := follower)
        return shelter_id

    def report(self, shelter_id: str, period: str) -> ReceivedReport | None:
        """Return the report that counts, or None when none came."""
        return self.reports.get((shelter_id, period))

    def cell(self, shelter_id: str, period: str, element: str) -> FigureCell | None:
        """Return a figure as the shelter told it, or None when no report came or the report has no such figure."""
        found = self.reports.get((shelter_id, period))
        if found is None:
            return None
        return next((cell for cell in found.report.figures if cell.element == element), None)

    def value(self, shelter_id: str, period: str, element: str) -> int | None:
        """Return the value of a figure that is shown."""
        cell = self.cell(shelter_id, period, element)
        return cell.value if isinstance(cell, Shown) else None

    def periods(self) -> tuple[str, ...]:
        """Return the months of which at least one report came."""
        return tuple(sorted({period for _, period in self.reports}))

    def years(self) -> tuple[int, ...]:
        """Return the years of which at least one report came, the newest first."""
        return tuple(sorted({int(period[:4]) for period in self.periods()}, reverse=True))

    def expected(self, period: str) -> tuple[NetworkShelter, ...]:
        """Return the shelters that owe a report of the month."""
        return tuple(shelter for shelter in self.shelters if self.owes(shelter, period))

    def awaited(self, period: str) -> tuple[NetworkShelter, ...]:
        """Return the shelters that owe a report of the month and have sent none."""
        return tuple(shelter for shelter in self.expected(period) if (shelter.id, period) not in self.reports)

    def sent_of(self, period: str) -> tuple[int, int]:
        """Return how many reports of the month count, and how many they would be with those that are awaited.

        Who joined only afterwards owes nothing of the month, but what it sent counts like the others'.
        """
        sent = sum(month == period for _, month in self.reports)
        return sent, sent + len(self.awaited(period))


def make_network(shelters: Iterable[NetworkShelter], reports: Iterable[ReceivedReport]) -> Network:
    """Return the network; of several revisions of a month the highest counts, of several ids of a house the last."""
    chosen: dict[tuple[str, str], ReceivedReport] = {}
    for report in reports:
        key = (report.shelter_id, report.report.period)
        if key not in chosen or chosen[key].report.revision < report.report.revision:
            chosen[key] = report
    ordered = tuple(sorted(shelters, key=lambda shelter: (shelter.name.casefold(), shelter.id)))
    before = {shelter.id: shelter.succeeds for shelter in ordered if shelter.succeeds is not None}
    superseded = frozenset((old, period) for newer, period in chosen for old in _before(newer, before))
    return Network(ordered, {key: chosen[key] for key in chosen if key not in superseded}, superseded)


def _before(shelter_id: str, before: Mapping[str, str]) -> Iterator[str]:
    """Yield the ids that a house had before this one."""
    seen = {shelter_id}
    while (older := before.get(shelter_id)) is not None and older not in seen:
        yield older
        seen.add(shelter_id := older)


def visible(name: str) -> str:
    """Return a name without signs that hide or turn round what stands beside it, such as a right-to-left override."""
    kept = ("" if unicodedata.category(sign) in ("Cf", "Co", "Cn") else sign for sign in name)
    plain = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in "".join(kept))
    return " ".join(plain.split()) or "?"


def local_day(moment: datetime) -> date:
    """Return the day of a moment where the shelters are."""
    return moment.astimezone(HERE).date()


def period_of(day: date) -> str:
    """Return the month of a day: "2026-11"."""
    return f"{day.year:04d}-{day.month:02d}"


def earlier(period: str, months: int = 1) -> str:
    """Return the month that lies so many months before; a negative number goes forward."""
    count = int(period[:4]) * 12 + int(period[5:]) - 1 - months
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def last_periods(today: date, months: int) -> tuple[str, ...]:
    """Return the last finished months, the oldest first."""
    here = period_of(today)
    return tuple(earlier(here, back) for back in range(months, 0, -1))


@dataclass(frozen=True, slots=True)
class Due:
    """Today, and the day of the following month by which a month's report is due."""

    today: date
    day: int = DUE_DAY

    def on(self, period: str) -> date:
        """Return the last day on which a month's report is in time."""
        following = earlier(period, -1)
        return date(int(following[:4]), int(following[5:]), self.day)

    def is_over(self, period: str) -> bool:
        """Tell whether a report that comes now is late."""
        return self.on(period) < self.today


def year_periods(year: int) -> tuple[str, ...]:
    """Return the twelve months of a year."""
    return tuple(f"{year:04d}-{month:02d}" for month in range(1, 13))
