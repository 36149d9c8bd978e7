"""The append-only list of what was ever published, with populations as tokens (R8); docs/ledger-format.md.

It holds no attribute of anybody. It is a value: appending returns another ledger, and the old one stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import rfc8785

from app.disclosure.fault import ThresholdTooLow, TreeChanged
from app.disclosure.population import Calendar, Population
from app.disclosure.release import NO_HASH, Refusal, Release
from app.disclosure.tree import LEAST_K, Tree

FORMAT = "approdo-ledger/1"


@dataclass(frozen=True, slots=True)
class Series:
    """All releases of one variable cut with one tree and one k, in the order of publishing."""

    tree: Tree
    k: int
    releases: tuple[Release, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    def __post_init__(self) -> None:
        if self.k < LEAST_K:
            raise ThresholdTooLow(self.k)

    @property
    def variable(self) -> str:
        """Return the name of the variable."""
        return self.tree.variable

    @property
    def key(self) -> tuple[str, str, frozenset[str], int]:
        """Return what tells this series from others."""
        return self.variable, self.tree.digest, self.tree.zeros, self.k

    @property
    def last_hash(self) -> str:
        """Return what the next release has to name."""
        return self.releases[-1].hash if self.releases else NO_HASH

    def years(self) -> set[int]:
        """Return the years that its releases are about."""
        return {release.day.year for release in self.releases}

    def append(self, release: Release, refusals: tuple[Refusal, ...]) -> Series:
        """Return the series with one more release, chained to the one before."""
        sealed = release.sealed(self.last_hash)
        return replace(self, releases=(*self.releases, sealed), refusals=(*self.refusals, *refusals))

    def to_json(self, shelter: str) -> dict[str, Any]:
        """Return the ledger's form of one series."""
        return {
            "shelter": shelter,
            "variable": self.variable,
            "k": self.k,
            "version": self.tree.version,
            "tree": self.tree.to_json(),
            "zeros": sorted(self.tree.zeros),
            "releases": [release.to_json() for release in self.releases],
            "refusals": [refusal.to_json() for refusal in self.refusals],
        }


@dataclass(frozen=True, slots=True)
class Ledger:
    """One shelter's ledger."""

    shelter: str
    profile: str
    calendar: Calendar = field(default_factory=Calendar)
    series: tuple[Series, ...] = ()

    def of(self, variable: str) -> tuple[Series, ...]:
        """Return all series of a variable, of whatever tree."""
        return tuple(series for series in self.series if series.variable == variable)

    def releases(self, variable: str) -> Iterator[Release]:
        """Yield every release of a variable."""
        for series in self.of(variable):
            yield from series.releases

    def series_for(self, tree: Tree, k: int, day: date) -> Series:
        """Return the series that a release of that day belongs to, perhaps a new one.

        Raises TreeChanged when the year has releases with another tree, other zeros or another k.
        """
        fresh = Series(tree, k)
        for series in self.of(tree.variable):
            if series.key != fresh.key and day.year in series.years():
                raise TreeChanged(tree.variable)
        return next((series for series in self.of(tree.variable) if series.key == fresh.key), fresh)

    def next_revision(self, variable: str, population: Population) -> int:
        """Return the number of a release about this family and day."""
        same = [r for r in self.releases(variable) if (r.family, r.day) == (population.family, population.day)]
        return len(same) + 1

    def put(self, series: Series) -> Ledger:
        """Return the ledger with a series in place of the one it continues."""
        if any(old.key == series.key for old in self.series):
            return replace(self, series=tuple(series if old.key == series.key else old for old in self.series))
        return replace(self, series=(*self.series, series))

    def with_calendar(self, calendar: Calendar) -> Ledger:
        """Return the ledger with the stays as they are now."""
        return replace(self, calendar=calendar)

    def to_json(self) -> dict[str, Any]:
        """Return the whole file as data."""
        return {
            "format": FORMAT,
            "shelter": self.shelter,
            "profile": self.profile,
            "calendar": [
                {"token": s.token, "in": s.entered.isoformat(), "out": s.left.isoformat() if s.left else None}
                for s in self.calendar.stays
            ],
            "series": [series.to_json(self.shelter) for series in self.series],
        }

    def to_bytes(self) -> bytes:
        """Return the file: RFC 8785, so equal ledgers are equal bytes."""
        return rfc8785.dumps(self.to_json())
