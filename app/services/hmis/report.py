"""What an import says of itself: by file, by house and by row. Ids of the other system, never a person's data.

Nothing is decided or written here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.errors import ApprodoError
from app.models.night import Month
from app.reference.format import day, month_long
from app.reference.ids import HouseId
from app.reference.texts import say_error, tr
from app.services.hmis.source import FileNote, Row, UnreadRow

TAKEN, UNCHANGED, REFUSED, CANCELLED, NOT_BEGUN = "taken", "unchanged", "refused", "cancelled", "not_begun"
KINDS = ("guest", "stay", "exit", "night")


@dataclass(frozen=True, slots=True)
class RowReport:
    """A row that was not taken, or (`taken`) was taken in part or with a remark; `params` are codes and counts."""

    file: str
    line: int
    external_id: str
    house: str
    reason: str
    taken: bool
    params: Mapping[str, object] = field(default_factory=dict)

    def sentence(self) -> str:
        """Return the reason in words, in the language of the interface."""
        return tr(f"hmis.row_{self.reason}", **_in_words(self.params))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows of one file that the register has no place for, counted and not listed; `where` is a project or a house."""

    file: str
    where: str
    reason: str
    rows: int

    def sentence(self) -> str:
        """Return the reason in words."""
        return tr(f"hmis.left_{self.reason}")


@dataclass(frozen=True, slots=True)
class FileReport:
    """The sum of a file: `read` is always taken + already there + refused + left out."""

    file: str
    read: int
    taken: int
    already: int
    refused: int
    left_out: int


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many guests, stays, exits or nights of a house were taken, were there already, could not be taken."""

    kind: str
    taken: int
    already: int
    refused: int


@dataclass(frozen=True, slots=True)
class HouseReport:
    """What became of one house: it is wholly in (`taken`, `unchanged`) or wholly out (the other states)."""

    name: str
    house: HouseId | None
    state: str
    counts: tuple[KindCount, ...] = ()
    problem: ApprodoError | None = None
    notes: tuple[Note, ...] = ()

    def count(self, kind: str) -> KindCount:
        """Return the counts of one kind, zeros where nothing was counted."""
        return next((found for found in self.counts if found.kind == kind), KindCount(kind, 0, 0, 0))

    def sentence(self) -> str:
        """Return what became of the house, in words."""
        told = tr(f"hmis.house_{self.state}")
        return f"{told} {say_error(self.problem)}" if self.problem else told


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about the whole export or a house: a sentence `hmis.note_<reason>` with its values."""

    reason: str
    params: Mapping[str, object] = field(default_factory=dict)

    def sentence(self) -> str:
        """Return it in words."""
        return tr(f"hmis.note_{self.reason}", **_in_words(self.params))


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The whole import."""

    source: str
    starts_on: date | None
    ends_on: date
    houses: tuple[HouseReport, ...]
    rows: tuple[RowReport, ...]
    left_out: tuple[LeftOut, ...]
    files: tuple[FileReport, ...]
    notes: tuple[Note, ...]

    @property
    def complete(self) -> bool:
        """Whether every chosen house is in."""
        return all(house.state in (TAKEN, UNCHANGED) for house in self.houses)

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return any(house.state == TAKEN for house in self.houses)

    @property
    def refused(self) -> tuple[RowReport, ...]:
        """The rows that were not taken."""
        return tuple(row for row in self.rows if not row.taken)

    @property
    def remarks(self) -> tuple[RowReport, ...]:
        """The rows that were taken, but not just as they stood."""
        return tuple(row for row in self.rows if row.taken)


class Tally:
    """Gathers what became of the rows: each row once; a house has its own tally, which counts only when it is in."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.already: Counter[str] = Counter()
        self.left: Counter[tuple[str, str, str]] = Counter()
        self.rows: list[RowReport] = []
        self.kinds: Counter[tuple[str, str]] = Counter()

    def take(self, row: Row) -> None:
        """Count a row that was written."""
        self.taken[row.file] += 1

    def keep(self, row: Row) -> None:
        """Count a row that an earlier import wrote and that changes nothing now."""
        self.already[row.file] += 1

    def refuse(self, row: Row, reason: str, *, house: str = "", **params: object) -> None:
        """List a row that could not be taken."""
        self.rows.append(_row_report(row, house, reason, taken=False, params=params))

    def remark(self, row: Row, reason: str, *, house: str = "", **params: object) -> None:
        """List a remark on a row that is counted elsewhere."""
        self.rows.append(_row_report(row, house, reason, taken=True, params=params))

    def leave(self, row: Row, reason: str, *, where: str = "") -> None:
        """Count a row that the register has no place for."""
        self.left[row.file, where, reason] += 1

    def count(self, kind: str, fate: str, number: int = 1) -> None:
        """Add to the counts of the house: `fate` is taken, already or refused."""
        self.kinds[kind, fate] += number

    def merge(self, other: Tally) -> None:
        """Add the rows of a house that is in."""
        self.taken += other.taken
        self.already += other.already
        self.left += other.left
        self.rows += other.rows

    def kind_counts(self) -> tuple[KindCount, ...]:
        """Return the counts of the house in a fixed order."""
        return tuple(
            KindCount(kind, self.kinds[kind, "taken"], self.kinds[kind, "already"], self.kinds[kind, "refused"])
            for kind in KINDS
        )

    def file_reports(self, read: Mapping[str, int]) -> tuple[FileReport, ...]:
        """Return the sum of each file that was read."""
        refused = Counter(row.file for row in self.rows if not row.taken)
        left: Counter[str] = Counter()
        for (file, _, _), rows in self.left.items():
            left[file] += rows
        return tuple(
            FileReport(file, rows, self.taken[file], self.already[file], refused[file], left[file])
            for file, rows in read.items()
        )

    def left_out(self) -> tuple[LeftOut, ...]:
        """Return what was left out, in order of file, place and reason."""
        return tuple(LeftOut(file, where, reason, rows) for (file, where, reason), rows in sorted(self.left.items()))


def _row_report(row: Row, house: str, reason: str, *, taken: bool, params: Mapping[str, object]) -> RowReport:
    return RowReport(row.file, row.line, row.external_id, house, reason, taken, dict(params))


def _in_words(params: Mapping[str, object]) -> dict[str, object]:
    """Return the values of a sentence with days and months as people write them."""
    words = dict(params)
    for name, value in params.items():
        if isinstance(value, date):
            words[name] = day(value)
        elif isinstance(value, Month):
            words[name] = month_long(value.year, value.number)
    return words


def unread_rows(rows: Iterable[UnreadRow]) -> list[RowReport]:
    """Return the rows that could not even be split into columns, as rows not taken."""
    return [
        RowReport(
            row.file, row.line, "", "", row.reason, taken=False, params={"n": row.found, "expected": row.expected}
        )
        for row in rows
    ]


def file_notes(notes: Iterable[FileNote]) -> list[Note]:
    """Return what the reading of the files remarked."""
    return [Note(note.reason, {"file": note.file}) for note in notes]
