"""A ledger as plain values: what an attacker can have read, and nothing else.

It holds; whether it is sound is said by `reading`, `chain` and `rule`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a public tree: two children, or leaves that are never told apart."""

    name: str
    leaves: tuple[str, ...]
    children: tuple[Node, ...] = ()
    k: int = 0  # its sides need so many persons, if that is more than the series says

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, parents first."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


@dataclass(frozen=True, slots=True)
class Stay:
    """A line of the calendar: first day, and first day no longer there."""

    token: str
    first: date
    out: date | None


@dataclass(frozen=True, slots=True)
class Block:
    """An item that was published: a node of the tree and how many persons."""

    node: str
    leaves: frozenset[str]
    count: int


@dataclass(frozen=True, slots=True)
class Release:
    """One breakdown that left. In a bare series `family` and the hashes may be empty."""

    id: str
    day: date
    family: str
    revision: int
    population: tuple[str, ...]
    blocks: tuple[Block, ...]
    previous: str = ""
    hash: str = ""
    digest: str = ""  # what the hash should be, by the content
    tree: str = ""  # what stands for the tree at the time of publishing, where it is given


@dataclass(frozen=True, slots=True)
class Refusal:
    """A split that the gate refused, with the counts of the first child at which it would have been made."""

    release: str  # its id; empty in a bare series
    population: tuple[str, ...]
    node: str
    excluded: frozenset[int]


@dataclass(frozen=True, slots=True)
class Series:
    """All that was published about one variable, in the order of publishing."""

    shelter: str
    variable: str
    k: int
    tree: Node
    zeros: frozenset[str]
    releases: tuple[Release, ...]
    refusals: tuple[Refusal, ...]
    calendar: tuple[Stay, ...] | None = None
    digest: str = ""  # of the tree as the file writes it


@dataclass(frozen=True, slots=True)
class Exclusion:
    """R9: nobody has one of the first variable's leaves and one of the second's."""

    first: tuple[str, frozenset[str]]
    second: tuple[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Ledger:
    """One shelter. `sealed` is False for a bare series without hashes."""

    shelter: str
    calendar: tuple[Stay, ...]
    series: tuple[Series, ...]
    impossible: tuple[Exclusion, ...] = ()
    sealed: bool = True
