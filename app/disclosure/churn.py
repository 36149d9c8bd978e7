"""R4: against every earlier population nobody or at least k persons came, and nobody or at least k left.

It depends on the calendar alone: everybody knows beforehand that it will be refused, so refusing reveals nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.disclosure.population import Population
from app.disclosure.release import Release


@dataclass(frozen=True, slots=True)
class Churn:
    """The earlier release that is too near, and how many persons are in one of the two and not in the other."""

    against: str
    changed: int


def too_near(population: Population, releases: Iterable[Release], k: int) -> Churn | None:
    """Return the latest earlier release that forbids this population, or None."""
    found = None
    for release in releases:
        came = len(population.members - release.population.members)
        left = len(release.population.members - population.members)
        if 0 < came < k or 0 < left < k:
            found = Churn(release.id, came + left)
    return found
