"""The groups of persons that an attacker can name: from the releases, from the calendar, from chance.

Why these are enough. A cohort W is safe for a leaf when some possible world has min(k, |W|) of its members there; then
so is every larger cohort that holds k of them, so that small cohorts carry the burden: differences, single patterns of
presence, the entries and exits of a month. What sums and differences of releases say about groups that are none of
these is looked for by groups drawn from the hash of the file; where a ledger is small, by all groups (`exhaustive`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.audit.ledger import Stay
from app.audit.model import Model


@dataclass(frozen=True, slots=True)
class Cohort:
    """A group with the words that name it: a kind, and the releases or the month that it comes from."""

    kind: str
    of: tuple[str, ...]
    tokens: tuple[str, ...]


def cohorts(model: Model, calendar: tuple[Stay, ...]) -> list[Cohort]:
    """Return every cohort once: two that have the same persons of each pattern are the same question."""
    found: dict[tuple[tuple[int, int], ...], Cohort] = {}
    for cohort in (*_of_releases(model), *_of_patterns(model), *_of_months(model, calendar)):
        members = model.members(cohort.tokens)
        if members:
            found.setdefault(members, cohort)
    return list(found.values())


def _of_releases(model: Model) -> Iterator[Cohort]:
    people = [(release.id, dict.fromkeys(release.population)) for _, release in model.releases]
    for place, (name, now) in enumerate(people):
        yield Cohort("population", (name,), tuple(now))
        for other, before in people[:place]:
            yield Cohort("came", (other, name), tuple(t for t in now if t not in before))
            yield Cohort("went", (other, name), tuple(t for t in before if t not in now))
            yield Cohort("both", (other, name), tuple(t for t in now if t in before))
            yield Cohort("either", (other, name), tuple({**before, **now}))
            yield Cohort("one_only", (other, name), tuple(t for t in {**before, **now} if (t in before) != (t in now)))


def _of_patterns(model: Model) -> Iterator[Cohort]:
    for tokens in model.patterns:
        yield Cohort("pattern", (), tokens)


def _of_months(model: Model, calendar: tuple[Stay, ...]) -> Iterator[Cohort]:
    counted = [stay for stay in calendar if stay.token in model.pattern_of]
    if not counted:
        return
    first = min(stay.first for stay in counted).replace(day=1)
    last = max([release.day for _, release in model.releases])
    while first <= last:
        after = (first + timedelta(days=32)).replace(day=1)
        month = f"{first:%Y-%m}"
        there = [s for s in counted if s.first < after and (s.out is None or s.out > first)]
        yield Cohort("present", (month,), _once(there))
        yield Cohort("entered", (month,), _once([s for s in counted if first <= s.first < after]))
        yield Cohort("left", (month,), _once([s for s in counted if _within(s.out, first, after)]))
        first = after


def _within(day: date | None, first: date, after: date) -> bool:
    return day is not None and first <= day < after


def _once(stays: list[Stay]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stay.token for stay in stays))


class Draw:
    """Numbers by chance that are the same on every computer: SHA-256 of a seed and a counter."""

    def __init__(self, seed: bytes) -> None:
        self._seed = hashlib.sha256(seed).digest()
        self._count = 0

    def below(self, limit: int) -> int:
        """Return a number from 0 to `limit` − 1."""
        self._count += 1
        block = hashlib.sha256(self._seed + self._count.to_bytes(8, "big")).digest()
        return int.from_bytes(block[:16], "big") % limit

    def sample(self, size: int, of: int) -> list[int]:
        """Return `size` different numbers below `of`."""
        picked: dict[int, None] = {}
        while len(picked) < min(size, of):
            picked[self.below(of)] = None
        return list(picked)
