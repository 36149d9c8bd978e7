"""The breakdowns in a package: what a table may look like, and the second lock behind the engine and its audit.

It counts nobody and knows no person: a table is a public item and a number. The trees are those of `app.disclosure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.errors import PayloadInvalid

VARIABLES = ("gender", "age", "citizenship", "exploitation", "permit", "referral_source")
"""What may be broken down, in the order in which it is written."""

PROFILES = ("women", "minors", "mixed")
FAMILIES = ("C", "S")
"""C: hosted since 1 January of the day's year; S: present on the day."""

REASONS = ("too_few", "churn", "gate", "linked", "withheld")
"""Why a table that was due is not there: each known from the calendar and the ledger alone; none names an item."""

LEAST_K, MOST_K = 3, 100
MOST_COUNT = 99_999
MOST_REVISION = 99
MOST_CUTS = 24
MOST_TABLES = 5

NODE_PATTERN = r"^[A-Za-z][A-Za-z0-9_]{0,39}$"
VERSION_PATTERN = r"^[0-9]{4}\.[0-9]{1,3}$"
DIGEST_PATTERN = r"^[0-9a-f]{64}$"
DAY_PATTERN = r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table that is told: its items and their counts, in the order of their names."""

    family: str
    day: str
    revision: int
    blocks: tuple[tuple[str, int], ...]

    def __post_init__(self) -> None:
        _check_place(self.family, self.day)
        _check_number(self.revision, 1, MOST_REVISION, "table_revision")
        names = [node for node, _ in self.blocks]
        if not names or names != sorted(set(names)) or not all(_is(node, NODE_PATTERN) for node in names):
            raise PayloadInvalid(reason="blocks")
        for _, count in self.blocks:
            _check_number(count, 0, MOST_COUNT, "count")

    @property
    def total(self) -> int:
        """Return how many persons the table counts."""
        return sum(count for _, count in self.blocks)


@dataclass(frozen=True, slots=True)
class UnpublishedTable:
    """A table that was due and is not told; it has no number at all."""

    family: str
    day: str
    reason: str

    def __post_init__(self) -> None:
        _check_place(self.family, self.day)
        if self.reason not in REASONS:
            raise PayloadInvalid(reason="reason")


Table = PublishedTable | UnpublishedTable


@dataclass(frozen=True, slots=True)
class Cut:
    """The tables of one variable that were cut with one public tree and one threshold."""

    variable: str
    profile: str
    version: str
    digest: str
    k: int
    tables: tuple[Table, ...]

    def __post_init__(self) -> None:
        if self.variable not in VARIABLES or self.profile not in PROFILES:
            raise PayloadInvalid(reason="variable")
        if not _is(self.version, VERSION_PATTERN) or not _is(self.digest, DIGEST_PATTERN):
            raise PayloadInvalid(reason="tree")
        _check_number(self.k, LEAST_K, MOST_K, "k")
        if type(self.tables) is not tuple or not 0 < len(self.tables) <= MOST_TABLES:
            raise PayloadInvalid(reason="tables")
        for table in self.shown:
            # The last lock: each item at least k persons, or nobody where a tree declares that; never fewer than 2k.
            if table.total < 2 * self.k or any(0 < count < self.k for _, count in table.blocks):
                raise PayloadInvalid(reason="below_threshold")

    @property
    def shown(self) -> tuple[PublishedTable, ...]:
        """Return the tables that are told."""
        return tuple(table for table in self.tables if isinstance(table, PublishedTable))

    def to_json(self) -> dict[str, Any]:
        """Return the package's form."""
        return {
            "variable": self.variable,
            "profile": self.profile,
            "version": self.version,
            "digest": self.digest,
            "k": self.k,
            "tables": [_written(table) for table in self.tables],
        }


def check_cuts(cuts: tuple[Cut, ...], period: str) -> None:
    """Raise PayloadInvalid unless some cuts can stand together in the package of a month."""
    if type(cuts) is not tuple or len(cuts) > MOST_CUTS or not all(isinstance(cut, Cut) for cut in cuts):
        raise PayloadInvalid(reason="breakdowns")
    order = [(VARIABLES.index(cut.variable), cut.profile, cut.version, cut.digest, cut.k) for cut in cuts]
    if order != sorted(set(order)):
        raise PayloadInvalid(reason="breakdowns_order")
    places = [(cut.variable, table.family, table.day) for cut in cuts for table in cut.tables]
    if len(set(places)) != len(places):
        raise PayloadInvalid(reason="table_twice")
    for cut in cuts:
        for table in cut.tables:
            if table.day[:7] > period:
                raise PayloadInvalid(reason="table_day")


def check_trees(cuts: tuple[Cut, ...]) -> None:
    """Raise PayloadInvalid where a table is no cut of the public tree that it names.

    A version that is not known here (a newer program's, or one of years ago) is left to whoever has its tree.
    """
    from app.disclosure.tree_file import load_tree

    for cut in cuts:
        tree = load_tree(cut.variable, cut.profile)
        if cut.version != tree.version:
            continue
        if cut.digest != tree.digest or cut.k < tree.k:
            raise PayloadInvalid(reason="tree")
        for table in cut.shown:
            _check_partition(tree, table)


def _check_partition(tree: Any, table: PublishedTable) -> None:
    nodes = [tree.nodes.get(name) for name, _ in table.blocks]
    if None in nodes:
        raise PayloadInvalid(reason="node")
    leaves = [leaf for node in nodes for leaf in node.leaves]
    if sorted(leaves) != sorted(tree.leaves):
        raise PayloadInvalid(reason="partition")
    for node, (_, count) in zip(nodes, table.blocks, strict=True):
        if (count == 0) != (node.leaves <= tree.zeros):
            raise PayloadInvalid(reason="below_threshold")


def read_cuts(raw: Any) -> tuple[Cut, ...]:
    """Return the breakdowns of a package; raises PayloadInvalid for anything that is not of the agreed form."""
    if type(raw) is not list or len(raw) > MOST_CUTS:
        raise PayloadInvalid(reason="breakdowns")
    return tuple(_cut(entry) for entry in raw)


def _cut(raw: Any) -> Cut:
    match raw:
        case {
            "variable": str() as variable,
            "profile": str() as profile,
            "version": version,
            "digest": digest,
            "k": k,
            "tables": list() as tables,
        } if len(raw) == 6:
            return Cut(variable, profile, version, digest, k, tuple(_table(table) for table in tables))
    raise PayloadInvalid(reason="breakdowns")


def _table(raw: Any) -> Table:
    match raw:
        case {"family": family, "day": day, "status": "shown", "revision": revision, "blocks": dict() as blocks} if (
            len(raw) == 5
        ):
            return PublishedTable(family, day, revision, tuple(_ordered(blocks)))
        case {"family": family, "day": day, "status": "not_published", "reason": str() as reason} if len(raw) == 4:
            return UnpublishedTable(family, day, reason)
    raise PayloadInvalid(reason="tables")


def _ordered(blocks: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    yield from sorted(blocks.items())


def _written(table: Table) -> dict[str, Any]:
    place = {"family": table.family, "day": table.day}
    if isinstance(table, UnpublishedTable):
        return {**place, "status": "not_published", "reason": table.reason}
    return {**place, "status": "shown", "revision": table.revision, "blocks": dict(table.blocks)}


def _check_place(family: object, day: object) -> None:
    if family not in FAMILIES or not _is(day, DAY_PATTERN):
        raise PayloadInvalid(reason="table_day")
    try:
        date.fromisoformat(str(day))
    except ValueError:
        raise PayloadInvalid(reason="table_day") from None


def _check_number(value: object, least: int, most: int, reason: str) -> None:
    # `type() is`, because True is an int to isinstance.
    if type(value) is not int or not least <= value <= most:
        raise PayloadInvalid(reason=reason)


def _is(value: object, pattern: str) -> bool:
    return type(value) is str and re.fullmatch(pattern, value) is not None
