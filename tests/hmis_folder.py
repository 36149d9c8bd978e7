"""Small HMIS exports made by a test, with all the columns that the format asks for and any mess put in on purpose."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

COLUMNS = {
    "Export.csv": "ExportID,SourceType,SourceID,SourceName,ExportDate,ExportStartDate,ExportEndDate,SoftwareName,"
    "CSVVersion,HashStatus",
    "Project.csv": "ProjectID,OrganizationID,ProjectName,ProjectType,TrackingMethod,DateCreated,DateDeleted,ExportID",
    "Client.csv": "PersonalID,FirstName,MiddleName,LastName,SSN,DOB,DOBDataQuality,Female,Male,NoSingleGender,"
    "Transgender,Questioning,GenderNone,VeteranStatus,DateDeleted,ExportID",
    "Enrollment.csv": "EnrollmentID,PersonalID,ProjectID,EntryDate,HouseholdID,RelationshipToHoH,DateDeleted,ExportID",
    "Exit.csv": "ExitID,EnrollmentID,PersonalID,ExitDate,Destination,ProjectCompletionStatus,DateDeleted,ExportID",
    "Services.csv": "ServicesID,EnrollmentID,PersonalID,DateProvided,RecordType,TypeProvided,DateDeleted,ExportID",
    "Inventory.csv": "InventoryID,ProjectID,BedInventory,InventoryStartDate,InventoryEndDate,DateDeleted,ExportID",
    "HealthAndDV.csv": "HealthAndDVID,EnrollmentID,PersonalID,GeneralHealthStatus,DateDeleted,ExportID",
    "Disabilities.csv": "DisabilitiesID,EnrollmentID,PersonalID,DisabilityType,DateDeleted,ExportID",
}
IDS = {name: columns.split(",")[0] for name, columns in COLUMNS.items()}


@dataclass
class HmisFolder:
    """An export on disk; `add` puts a row in, `write` writes all files anew."""

    path: Path
    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: {name: [] for name in COLUMNS})

    def add(self, file: str, id: str, **values: str) -> HmisFolder:
        self.rows[file].append({IDS[file]: id, **values})
        return self

    def change(self, file: str, id: str, **values: str) -> None:
        """Change the first row of that id."""
        next(row for row in self.rows[file] if row[IDS[file]] == id).update(values)

    def write(self) -> Path:
        self.path.mkdir(exist_ok=True)
        for name, columns in COLUMNS.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, columns.split(","), restval="", lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(self.rows[name])
            (self.path / name).write_bytes(text.getvalue().encode())
        return self.path

    # --- the usual rows ---------------------------------------------------------------------------------------

    def project(self, id: str, name: str, kind: str = "1", tracking: str = "0", **values: str) -> HmisFolder:
        return self.add("Project.csv", id, ProjectName=name, ProjectType=kind, TrackingMethod=tracking, **values)

    def person(self, id: str, first: str = "Ada", **values: str) -> HmisFolder:
        told = {"LastName": "Prova", "DOB": "1990-05-01", "DOBDataQuality": "1", "Female": "1", "SSN": "123456789"}
        return self.add("Client.csv", id, FirstName=first, **{**told, **values})

    def enrol(self, id: str, person: str, project: str, entry: str, **values: str) -> HmisFolder:
        told = {"PersonalID": person, "ProjectID": project, "EntryDate": entry, "HouseholdID": f"h{id}"}
        return self.add("Enrollment.csv", id, **{**told, **values})

    def leave(self, enrolment: str, day: str, destination: str = "10", **values: str) -> HmisFolder:
        told = {"EnrollmentID": enrolment, "ExitDate": day, "Destination": destination}
        return self.add("Exit.csv", f"x{enrolment}", **{**told, **values})

    def sleep(self, id: str, enrolment: str, night: str, **values: str) -> HmisFolder:
        return self.add(
            "Services.csv", id, EnrollmentID=enrolment, DateProvided=night, **{"RecordType": "200", **values}
        )


def small_export(path: Path) -> HmisFolder:
    """Return an export with one entry/exit house, one night-by-night house and one project that hosts nobody.

    Casa Est (7 beds) has two stays: Ada 1 to 11 January 2022 (10 nights), Bea from 20 January, open at the end of the
    export, 31 March 2022 (71 nights). Notte Ovest has Cleo for three nights running and, after one elsewhere, two more.
    """
    folder = HmisFolder(path)
    folder.add(
        "Export.csv", "E1", SourceID="ProvaDB", ExportDate="2022-04-02 10:00:00", ExportStartDate="2022-01-01",
        ExportEndDate="2022-03-31", CSVVersion="FY2022", HashStatus="1",
    )  # fmt: skip
    folder.project("p1", "Casa Est").project("p2", "Notte Ovest", tracking="3").project("p3", "Strada", kind="4")
    folder.add("Inventory.csv", "i1", ProjectID="p1", BedInventory="4", InventoryStartDate="2020-01-01")
    folder.add("Inventory.csv", "i2", ProjectID="p1", BedInventory="3", InventoryStartDate="2021-01-01")
    folder.add(
        "Inventory.csv", "i3", ProjectID="p1", BedInventory="9", InventoryStartDate="2020-01-01",
        InventoryEndDate="2022-01-31",
    )  # fmt: skip
    folder.person("1", "Ada").person("2", "Bea").person("3", "Cleo").person("4", "Dora")
    folder.enrol("e1", "1", "p1", "2022-01-01").leave("e1", "2022-01-11")
    folder.enrol("e2", "2", "p1", "2022-01-20")
    folder.enrol("e3", "3", "p2", "2022-02-01")
    for number, night in enumerate(("2022-02-01", "2022-02-02", "2022-02-03", "2022-02-05", "2022-02-06")):
        folder.sleep(f"s{number}", "e3", night)
    folder.enrol("e4", "4", "p3", "2022-02-01")
    folder.add("Services.csv", "s9", EnrollmentID="e1", DateProvided="2022-01-02", RecordType="142")
    folder.add("HealthAndDV.csv", "v1", EnrollmentID="e1", GeneralHealthStatus="2")
    return folder
