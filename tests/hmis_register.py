"""What the tests of the HMIS import share: importing a folder, and looking at the register and the report after it."""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import undefer_group

from app.models.guest import Guest
from app.models.night import Month
from app.models.schema import metadata
from app.models.stay import Stay
from app.models.work import Origin
from app.reference.ids import HouseId
from app.services.hmis import ImportReport, import_hmis
from app.services.register import Register
from tests.hmis_folder import HmisFolder

JANUARY, FEBRUARY, MARCH, APRIL, MAY = (Month(2022, number) for number in range(1, 6))


def take(register: Register, export: HmisFolder, **asked: object) -> ImportReport:
    return import_hmis(register.desk, export.write(), **asked)  # type: ignore[arg-type]


def content(register: Register) -> dict[str, tuple[int, str]]:
    """Return for every table its rows counted and a hash of all they hold."""
    found = {}
    with register.desk.vault.work() as session:
        for table in metadata.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in session.execute(table.select()))
            found[table.name] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return found


def house(register: Register, name: str) -> HouseId:
    found = register.houses.find(name)
    assert found is not None
    return found.id


def figures(register: Register, name: str, month: Month) -> tuple[int, int, int]:
    """Return nights, persons and persons of the last night."""
    found = register.months.figures(house(register, name), month)
    return found.get("M07").value, found.get("M06").value, found.get("M05").value


def stay_of(register: Register, enrolment: str) -> Stay:
    with register.desk.vault.work() as session:
        origin = session.get_one(Origin, ("hmis:ProvaDB", "enrolment", enrolment))
        return session.get_one(Stay, origin.entity_id, options=[undefer_group("exit")])


def guest_of(register: Register, person: str) -> Guest:
    with register.desk.vault.work() as session:
        origin = session.get_one(Origin, ("hmis:ProvaDB", "person", person))
        return session.get_one(Guest, origin.entity_id)


def reasons(report: ImportReport) -> list[tuple[str, str, str]]:
    return [(row.file, row.external_id, row.reason) for row in report.refused]


def remarks(report: ImportReport) -> list[tuple[str, str]]:
    return [(row.external_id, row.reason) for row in report.remarks]


def balanced(report: ImportReport) -> bool:
    """Tell whether every row of every file has exactly one fate."""
    return all(f.read == f.taken + f.already + f.refused + f.left_out for f in report.files)


def same_as_counted(register: Register, counted: dict[str, dict[str, dict[str, int]]], last: Month) -> int:
    """Compare every month of every house with the independent count; return how many were compared."""
    compared = 0
    for name, months in counted.items():
        month = Month.parse(min(months)) if months else last
        while month <= last:
            told = months.get(str(month), {"nights": 0, "persons": 0, "last_night": 0})
            expected = (told["nights"], told["persons"], told["last_night"])
            assert figures(register, name, month) == expected, (name, str(month))
            month, compared = month.next(), compared + 1
    return compared
