"""The files of an HMIS CSV export: found, decoded, split and checked for the columns that the import needs.

Only those columns are kept: a social security number is never even held. What the rows mean is decided elsewhere.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.errors import HmisColumnsMissing, HmisExportUndated, HmisFileUnreadable, NotAnHmisExport

EARLIEST_YEAR = 1900
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_VERSION = re.compile(r"20\d\d")
HASHED = ("2", "3", "4")  # HashStatus (1.5): SHA-1, other, SHA-256; 1 = unhashed


@dataclass(frozen=True, slots=True)
class Shape:
    """A file of the export: its id column, the columns it must have and those it may, and whether it may be missing."""

    id: str
    needed: tuple[str, ...] = ()
    welcome: tuple[str, ...] = ()
    may_lack: bool = False


_GENDER_2022 = ("Female", "Male", "NoSingleGender", "Transgender", "Questioning", "GenderNone")
_GENDER_2024 = ("Woman", "Man", "NonBinary", "CulturallySpecific", "DifferentIdentity")

SHAPES: Mapping[str, Shape] = {
    "Export.csv": Shape(
        "ExportID",
        ("ExportEndDate",),
        ("SourceID", "SourceName", "SoftwareName", "ExportDate", "ExportStartDate", "CSVVersion", "HashStatus"),
    ),
    "Project.csv": Shape("ProjectID", ("ProjectName", "ProjectType", "DateDeleted"), ("TrackingMethod",)),
    "Client.csv": Shape(
        "PersonalID",
        ("FirstName", "LastName", "DOB", "DOBDataQuality", "DateDeleted"),
        (*_GENDER_2022, *_GENDER_2024),
    ),
    "Enrollment.csv": Shape("EnrollmentID", ("PersonalID", "ProjectID", "EntryDate", "HouseholdID", "DateDeleted")),
    # without it every stay would look open
    "Exit.csv": Shape(
        "ExitID", ("EnrollmentID", "PersonalID", "ExitDate", "Destination", "DateDeleted"), ("ProjectCompletionStatus",)
    ),
    # without it every night-by-night house would look empty
    "Services.csv": Shape("ServicesID", ("EnrollmentID", "PersonalID", "DateProvided", "RecordType", "DateDeleted")),
    "Inventory.csv": Shape(
        "InventoryID",
        ("ProjectID", "BedInventory", "InventoryStartDate", "InventoryEndDate", "DateDeleted"),
        may_lack=True,
    ),
    # looked at only to say how many rows were left out
    "HealthAndDV.csv": Shape("HealthAndDVID", may_lack=True),
    "Disabilities.csv": Shape("DisabilitiesID", may_lack=True),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, its id in the other system, and the columns that the import reads."""

    file: str
    line: int
    external_id: str
    values: Mapping[str, str] = field(repr=False)

    def text(self, column: str) -> str:
        """Return a value without blanks around it; empty when the column is not there."""
        return self.values.get(column, "")

    def day(self, column: str) -> date | None:
        """Return a date; None when it is empty or impossible."""
        return parse_day(self.text(column))


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row that could not be split: `reason` is columns or quotes."""

    file: str
    line: int
    reason: str
    found: int
    expected: int


@dataclass(frozen=True, slots=True)
class FileNote:
    """Something about a whole file, such as an old encoding."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class HmisExport:
    """A whole export, read into memory."""

    source: str
    starts_on: date | None
    ends_on: date
    exported_on: date | None
    version: int
    names_hashed: bool
    tables: Mapping[str, tuple[Row, ...]] = field(repr=False)
    unread: tuple[UnreadRow, ...]
    notes: tuple[FileNote, ...]
    not_read: tuple[str, ...]

    def rows(self, file: str) -> tuple[Row, ...]:
        """Return the rows of a file, none when the export lacks it."""
        return self.tables.get(file, ())

    def row_counts(self) -> dict[str, int]:
        """Return how many rows each file that was read has, readable or not."""
        lost = [row.file for row in self.unread]
        return {file: len(rows) + lost.count(file) for file, rows in self.tables.items() if file != "Export.csv"}


def parse_day(text: str) -> date | None:
    """Return the date written `2022-09-30`, with or without a time of day; None when it is empty or no such day."""
    match = _DAY.fullmatch(text)
    if match is None or int(match[1]) < EARLIEST_YEAR:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def read_export(folder: Path, progress: Callable[[str, int, int], None]) -> HmisExport:
    """Read an export.

    Raises NotAnHmisExport, HmisColumnsMissing, HmisFileUnreadable or HmisExportUndated.
    """
    found = _files(folder)
    missing = [name for name, shape in SHAPES.items() if name not in found and not shape.may_lack]
    if missing:
        raise NotAnHmisExport(files=", ".join(missing))
    tables: dict[str, tuple[Row, ...]] = {}
    unread: list[UnreadRow] = []
    notes: list[FileNote] = []
    name = ""
    for done, (name, shape) in enumerate(SHAPES.items()):
        progress(name, done, len(SHAPES))
        if name not in found:
            notes.append(FileNote(name, "file_missing"))
            continue
        text, note = _decoded(name, found[name])
        notes += note
        tables[name], lost = _split(name, shape, text)
        unread += lost
    progress(name, len(SHAPES), len(SHAPES))
    others = sorted(path.name for key, path in found.items() if key not in SHAPES)
    return _export(tables, unread, notes, others)


def _files(folder: Path) -> dict[str, Path]:
    """Return the CSV files of a folder under the names of the standard, whatever their case."""
    standard = {name.casefold(): name for name in SHAPES}
    if not folder.is_dir():
        return {}
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.casefold() == ".csv" and path.is_file())
    except OSError:
        return {}
    return {standard.get(path.name.casefold(), path.name): path for path in paths}


def _decoded(name: str, path: Path) -> tuple[str, list[FileNote]]:
    try:
        content = path.read_bytes()
    except OSError as refused:
        raise HmisFileUnreadable(file=name, line=1) from refused
    if b"\x00" in content:  # UTF-16, or no text at all
        raise HmisFileUnreadable(file=name, line=content[: content.index(b"\x00")].count(b"\n") + 1)
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), [FileNote(name, "windows_1252")]


def _split(name: str, shape: Shape, text: str) -> tuple[tuple[Row, ...], list[UnreadRow]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [column.strip() for column in next(reader, [])]
    except csv.Error as broken:
        raise HmisFileUnreadable(file=name, line=1) from broken
    places = _places(name, shape, header)
    rows: list[Row] = []
    lost: list[UnreadRow] = []
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader, None)
        except csv.Error as broken:
            if reader.line_num > line:  # a quote that is never closed swallows the rows after it
                raise HmisFileUnreadable(file=name, line=line) from broken
            lost.append(UnreadRow(name, line, "quotes", 0, len(header)))
            continue
        if fields is None:
            return tuple(rows), lost
        if not any(fields):
            continue
        if len(fields) < len(header) or any(fields[len(header) :]):
            lost.append(UnreadRow(name, line, "columns", len(fields), len(header)))
            continue
        values = {column: fields[place].strip() for column, place in places.items()}
        rows.append(Row(name, line, values.pop(shape.id), values))


def _places(name: str, shape: Shape, header: list[str]) -> dict[str, int]:
    """Return where the columns stand that the import reads; the rest of a row is dropped at once."""
    known = {column.casefold(): place for place, column in reversed(list(enumerate(header)))}
    missing = [column for column in (shape.id, *shape.needed) if column.casefold() not in known]
    if missing:
        raise HmisColumnsMissing(file=name, columns=", ".join(missing))
    wanted = (shape.id, *shape.needed, *shape.welcome)
    return {column: known[column.casefold()] for column in wanted if column.casefold() in known}


def _export(
    tables: Mapping[str, tuple[Row, ...]], unread: list[UnreadRow], notes: list[FileNote], others: list[str]
) -> HmisExport:
    told = tables["Export.csv"]
    ends_on = told[0].day("ExportEndDate") if told else None
    if ends_on is None:
        raise HmisExportUndated
    head = told[0]
    version = _VERSION.search(head.text("CSVVersion"))
    return HmisExport(
        source=_source(head),
        starts_on=head.day("ExportStartDate"),
        ends_on=ends_on,
        exported_on=head.day("ExportDate"),
        version=int(version[0]) if version else 0,
        names_hashed=head.text("HashStatus") in HASHED,
        tables=tables,
        unread=tuple(unread),
        notes=tuple(notes),
        not_read=tuple(others),
    )


def _source(head: Row) -> str:
    """Return the name under which imported rows are remembered: the same for every export of one system."""
    told = head.text("SourceID")
    if told and len(told) <= 32:
        return f"hmis:{told}"
    seed = "|".join((told, head.text("SourceName"), head.text("SoftwareName")))
    return f"hmis:{hashlib.sha256(seed.encode()).hexdigest()[:32]}"
