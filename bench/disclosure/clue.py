"""What one published line says."""

from __future__ import annotations

from dataclasses import dataclass

Intervals = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Clue:
    """Among these persons, the number of those who have one of these items lies in one of these intervals."""

    persons: frozenset[str]
    items: frozenset[str]
    allowed: Intervals
