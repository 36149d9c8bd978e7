"""The rows of an export sorted by house: who was enrolled, who left, which bed nights.

Deleted and repeated rows are set aside; every row gets a place here or a reason for having none. Nothing of the
register is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.errors import HmisHouseUnknown
from app.services.hmis.mapping import BED_NIGHT, PHASES, beds_on, is_night_by_night
from app.services.hmis.report import Tally
from app.services.hmis.source import HmisExport, Row

NAME_LENGTH = 120


@dataclass(slots=True)
class Enrolled:
    """One enrolment of a person in a house, with the row of its exit where there is one."""

    row: Row
    leaving: Row | None = None

    @property
    def id(self) -> str:
        """The id of the enrolment in the other system."""
        return self.row.external_id

    @property
    def person(self) -> str:
        """The id of the person in the other system."""
        return self.row.text("PersonalID")

    @property
    def household(self) -> str:
        """The id of those who came together; empty when nobody wrote one."""
        return self.row.text("HouseholdID")


@dataclass(slots=True)
class Dossier:
    """All rows of one residential project."""

    project: Row
    name: str
    by_night: bool
    beds: int = 0
    inventory: list[Row] = field(default_factory=list)
    enrolled: dict[str, Enrolled] = field(default_factory=dict)
    bed_nights: list[tuple[Row, Enrolled]] = field(default_factory=list)
    deleted: list[Row] = field(default_factory=list)

    @property
    def phase(self) -> str:
        """The phase that the kind of project is nearest to."""
        return PHASES[self.project.text("ProjectType")]

    def rows(self) -> Iterator[Row]:
        """Yield every row that still waits for its fate."""
        yield self.project
        yield from self.inventory
        for enrolled in self.enrolled.values():
            yield enrolled.row
            if enrolled.leaving is not None:
                yield enrolled.leaving
        yield from (row for row, _ in self.bed_nights)


@dataclass(frozen=True, slots=True)
class Left:
    """Why rows that hang on another row are left out with it."""

    reason: str
    where: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """The houses to be imported, in the order of Project.csv, and all clients by their id."""

    dossiers: tuple[Dossier, ...]
    clients: dict[str, Row]


def sort_rows(export: HmisExport, houses: set[str] | None, tally: Tally) -> Sorted:
    """Sort an export by house; `houses` are names or ids of projects, None means all residential ones.

    Raises HmisHouseUnknown.
    """
    sorting = _Sorting(export, tally)
    sorting.projects(houses)
    clients = {row.external_id: row for row in sorting.unique("Client.csv")}
    sorting.inventories()
    sorting.enrolments()
    sorting.exits()
    sorting.services()
    for file in ("HealthAndDV.csv", "Disabilities.csv"):
        for row in export.rows(file):
            tally.leave(row, "health")
    return Sorted(tuple(sorting.dossiers.values()), clients)


class _Sorting:
    def __init__(self, export: HmisExport, tally: Tally) -> None:
        self.export = export
        self.tally = tally
        self.dossiers: dict[str, Dossier] = {}
        self.other_projects: dict[str, Left] = {}
        self.other_enrolments: dict[str, Left] = {}
        self.by_enrolment: dict[str, tuple[Enrolled, Dossier]] = {}

    def unique(self, file: str) -> Iterator[Row]:
        """Yield the rows that count: with an id, not deleted, the first of each id."""
        seen: set[str] = set()
        for row in self.export.rows(file):
            if row.text("DateDeleted"):
                self.tally.leave(row, "deleted")
                self._remember_deleted(row)
            elif not row.external_id:
                self.tally.refuse(row, "no_id")
            elif row.external_id in seen:
                self.tally.refuse(row, "repeated_id")
            else:
                seen.add(row.external_id)
                yield row

    def projects(self, houses: set[str] | None) -> None:
        rows = list(self.unique("Project.csv"))
        residential = [row for row in rows if row.text("ProjectType") in PHASES]
        names = dict(zip([row.external_id for row in residential], _names(residential), strict=True))
        wanted = _chosen(houses, names)
        for row in rows:
            name = names.get(row.external_id)
            if name is None:
                told = row.text("ProjectName")[:NAME_LENGTH]
                self.other_projects[row.external_id] = left = Left("not_a_house", told)
                self.tally.leave(row, left.reason, where=left.where)
            elif row.external_id not in wanted:
                self.other_projects[row.external_id] = left = Left("not_chosen", name)
                self.tally.leave(row, left.reason, where=left.where)
            else:
                by_night = is_night_by_night(row, self.export.version)
                self.dossiers[row.external_id] = Dossier(row, name, by_night)

    def inventories(self) -> None:
        for row in self.unique("Inventory.csv"):
            dossier = self._dossier_or_leave(row, row.text("ProjectID"))
            if dossier is None:
                continue
            beds = beds_on(row, self.export.ends_on)
            if beds:
                dossier.beds += beds
                dossier.inventory.append(row)
            else:
                self.tally.leave(row, "no_bed_in_force", where=dossier.name)

    def enrolments(self) -> None:
        for row in self.unique("Enrollment.csv"):
            dossier = self._dossier_or_leave(row, row.text("ProjectID"))
            if dossier is not None:
                dossier.enrolled[row.external_id] = Enrolled(row)
            else:
                left = self.other_projects.get(row.text("ProjectID"), Left("of_row_not_taken", ""))
                self.other_enrolments[row.external_id] = left
        for dossier in self.dossiers.values():
            self.by_enrolment |= {key: (found, dossier) for key, found in dossier.enrolled.items()}

    def exits(self) -> None:
        for row in self.unique("Exit.csv"):
            place = self._enrolment_or_leave(row)
            if place is None:
                continue
            enrolled, dossier = place
            if enrolled.leaving is None:
                enrolled.leaving = row
            else:
                self.tally.refuse(row, "second_exit", house=dossier.name)

    def services(self) -> None:
        for row in self.unique("Services.csv"):
            if row.text("RecordType") != BED_NIGHT:
                self.tally.leave(row, "other_service")
                continue
            place = self._enrolment_or_leave(row)
            if place is None:
                continue
            enrolled, dossier = place
            if dossier.by_night:
                dossier.bed_nights.append((row, enrolled))
            else:
                self.tally.leave(row, "not_by_night", where=dossier.name)

    def _dossier_or_leave(self, row: Row, project: str) -> Dossier | None:
        dossier = self.dossiers.get(project)
        if dossier is None:
            left = self.other_projects.get(project)
            if left is None:
                self.tally.refuse(row, "project_unknown")
            else:
                self.tally.leave(row, left.reason, where=left.where)
        return dossier

    def _enrolment_or_leave(self, row: Row) -> tuple[Enrolled, Dossier] | None:
        key = row.text("EnrollmentID")
        place = self.by_enrolment.get(key)
        if place is None:
            left = self.other_enrolments.get(key)
            if left is None:
                self.tally.refuse(row, "enrolment_unknown")
            else:
                self.tally.leave(row, left.reason, where=left.where)
        return place

    def _remember_deleted(self, row: Row) -> None:
        """Keep a deleted row with its house, which may have taken it before; what hangs on it is deleted too."""
        if row.file == "Project.csv":
            self.other_projects[row.external_id] = Left("of_deleted", row.text("ProjectName")[:NAME_LENGTH])
            return
        if row.file == "Enrollment.csv":
            self.other_enrolments[row.external_id] = Left("of_deleted", "")
            dossier = self.dossiers.get(row.text("ProjectID"))
        elif row.file in ("Exit.csv", "Services.csv"):
            place = self.by_enrolment.get(row.text("EnrollmentID"))
            dossier = place[1] if place else None
        else:
            return
        if dossier is not None:
            dossier.deleted.append(row)


def _names(projects: list[Row]) -> list[str]:
    """Return a name for each project that no other has."""
    told = [row.text("ProjectName")[:NAME_LENGTH] or f"HMIS {row.external_id}" for row in projects]
    often = Counter(name.casefold() for name in told)
    return [
        name if often[name.casefold()] == 1 else f"{name[: NAME_LENGTH - 40]} ({row.external_id})"
        for name, row in zip(told, projects, strict=True)
    ]


def _chosen(houses: set[str] | None, names: dict[str, str]) -> set[str]:
    """Return the ids of the projects that were asked for by name or id."""
    if houses is None:
        return set(names)
    by_word = {name.casefold(): key for key, name in names.items()} | {key.casefold(): key for key in names}
    for house in houses:
        if house.strip().casefold() not in by_word:
            raise HmisHouseUnknown(name=house, known=", ".join(names.values()))
    return {by_word[house.strip().casefold()] for house in houses}
