"""Who is counted: random tokens, the days on which they came and went, and the two families of populations (R3).

A token carries no attribute and is derived from nothing; values are handed to the engine beside it and not kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import NewType

Token = NewType("Token", str)
"""A person of the ledger (or, after a correction that was absorbed, a person with her corrected values)."""


class Family(Enum):
    """The only two kinds of population that are ever broken down: no month's entries, no exits."""

    PRESENT = "S"
    """Present on a day, at night."""
    HOSTED = "C"
    """Hosted on some day from 1 January of the day's year to the day."""


@dataclass(frozen=True, slots=True)
class Stay:
    """From the first day to the first day no longer there; `left` is None while she is there."""

    token: Token
    entered: date
    left: date | None

    def __post_init__(self) -> None:
        if self.left is not None and self.left < self.entered:
            message = "a stay ends before it begins"
            raise ValueError(message)

    def covers(self, first: date, last: date) -> bool:
        """Tell whether some night from `first` to `last`, both included, was spent here."""
        return self.entered <= last and (self.left is None or (self.left > first and self.left > self.entered))


@dataclass(frozen=True, slots=True)
class Calendar:
    """All stays of the ledger's tokens: what the attacker is assumed to know wholly."""

    stays: tuple[Stay, ...] = ()

    @classmethod
    def of(cls, stays: Iterable[Stay]) -> Calendar:
        """Return the calendar in one order, whatever the order it came in."""
        return cls(tuple(sorted(stays, key=lambda s: (s.entered, s.token, s.left or date.max))))

    def present(self, day: date) -> frozenset[Token]:
        """Return who was there on the night of a day."""
        return self.between(day, day)

    def hosted(self, day: date) -> frozenset[Token]:
        """Return who was there on some night from 1 January to the day."""
        return self.between(date(day.year, 1, 1), day)

    def between(self, first: date, last: date) -> frozenset[Token]:
        """Return who was there on some night of a span."""
        return frozenset(stay.token for stay in self.stays if stay.covers(first, last))

    def entered(self, first: date, last: date) -> frozenset[Token]:
        """Return whose stay began within a span."""
        return frozenset(stay.token for stay in self.stays if first <= stay.entered <= last)

    def departed(self, first: date, last: date) -> frozenset[Token]:
        """Return whose stay ended within a span."""
        return frozenset(s.token for s in self.stays if s.left is not None and first <= s.left <= last)


@dataclass(frozen=True, slots=True)
class Population:
    """Who one release counts, sorted, each token once."""

    family: Family
    day: date
    tokens: tuple[Token, ...]
    members: frozenset[Token] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "members", frozenset(self.tokens))
        if len(self.members) != len(self.tokens) or list(self.tokens) != sorted(self.tokens):
            message = "a population names each token once, sorted"
            raise ValueError(message)

    @classmethod
    def of(
        cls, calendar: Calendar, family: Family, day: date, *, left_out: frozenset[Token] = frozenset()
    ) -> Population:
        """Return a family's population on a day, without those who may not be counted there.

        `left_out` are objections and embargoes of this period, and guests whom another shelter counts.
        """
        within = calendar.present(day) if family is Family.PRESENT else calendar.hosted(day)
        return cls(family, day, tuple(sorted(within - left_out)))

    def __len__(self) -> int:
        return len(self.tokens)
