"""HMIS codes in the words of the register."""

from __future__ import annotations

from datetime import date

import pytest

from app.reference.codelist import codelist
from app.services.hmis import mapping
from app.services.hmis.source import Row

TODAY = date(2026, 6, 15)


def row(**values: str) -> Row:
    return Row("Any.csv", 2, "1", values)


@pytest.mark.parametrize(
    ("said", "gender"),
    [
        ({"Female": "1"}, "F"),
        ({"Male": "1", "Female": "0"}, "M"),
        ({"Woman": "1"}, "F"),
        ({"Man": "1"}, "M"),
        ({"Female": "1", "Male": "1"}, "X"),
        ({"Female": "1", "Transgender": "1"}, "X"),
        ({"NoSingleGender": "1"}, "X"),
        ({"NonBinary": "1"}, "X"),
        ({"Questioning": "1"}, "ND"),
        ({"Female": "1", "Questioning": "1"}, "F"),
        ({"GenderNone": "99", "Female": "99"}, "ND"),
        ({}, "ND"),
    ],
)
def test_gender_is_what_was_declared(said: dict[str, str], gender: str) -> None:
    assert mapping.gender(row(**said)) == gender


@pytest.mark.parametrize(
    ("born", "quality", "expected"),
    [
        ("1990-05-01", "1", (date(1990, 5, 1), "CERTA")),
        ("1990-05-01", "2", (date(1990, 5, 1), "APPROSS")),
        ("1990-05-01", "99", (date(1990, 5, 1), "APPROSS")),
        ("1990-05-01", "", (date(1990, 5, 1), "APPROSS")),
        ("", "1", (None, "IGNOTA")),
        ("", "99", (None, "IGNOTA")),
        ("1990-02-31", "1", (None, "IGNOTA")),
        ("2030-01-01", "1", (None, "IGNOTA")),
    ],
)
def test_a_birth_date_is_as_certain_as_its_source_says(born: str, quality: str, expected: tuple[date, str]) -> None:
    assert mapping.birth(row(DOB=born, DOBDataQuality=quality), TODAY) == expected


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("10", "CAS_AFF"),
        ("410", "CAS_AFF"),
        ("19", "CAS_AFF"),
        ("435", "CAS_AFF"),
        ("12", "FAM_AMI"),
        ("23", "FAM_AMI"),
        ("422", "FAM_AMI"),
        ("4", "STR_SAN"),
        ("25", "STR_SAN"),
        ("7", "DET"),
        ("16", "STRADA"),
        ("116", "STRADA"),
        ("1", "ALTRO"),
        ("101", "ALTRO"),
        ("2", "ALTRO"),
        ("17", "ALTRO"),
        ("24", "ALTRO"),
        ("8", "NON_NOTA"),
        ("30", "NON_NOTA"),
        ("37", "NON_NOTA"),
        ("99", "NON_NOTA"),
        ("", "NON_NOTA"),
        ("casa", "NON_NOTA"),
    ],
)
def test_old_and_new_destination_numbers_mean_the_same(told: str, code: str) -> None:
    assert mapping.destination(row(Destination=told)) == code
    assert code in codelist("destination")


@pytest.mark.parametrize(
    ("status", "where", "code"),
    [("1", "10", "OBI"), ("2", "10", "RIN"), ("3", "10", "REG"), ("", "24", "DEC"), ("", "10", None), ("0", "7", None)],
)
def test_an_exit_reason_is_never_guessed(status: str, where: str, code: str | None) -> None:
    assert mapping.exit_reason(row(ProjectCompletionStatus=status, Destination=where)) == code


@pytest.mark.parametrize(
    ("values", "version", "by_night"),
    [
        ({"ProjectType": "1", "TrackingMethod": "3"}, 2022, True),
        ({"ProjectType": "1", "TrackingMethod": "0"}, 2022, False),
        ({"ProjectType": "1", "TrackingMethod": ""}, 2022, False),
        ({"ProjectType": "1"}, 2024, True),
        ({"ProjectType": "0"}, 2024, False),
        ({"ProjectType": "2"}, 2024, False),
    ],
)
def test_which_houses_count_by_the_night(values: dict[str, str], version: int, by_night: bool) -> None:
    assert mapping.is_night_by_night(row(**values), version) is by_night


@pytest.mark.parametrize(
    ("beds", "start", "end", "expected"),
    [
        ("16", "2020-10-01", "", 16),
        ("16", "2022-10-01", "", 0),
        ("16", "2020-10-01", "2022-09-30", 16),
        ("16", "2020-10-01", "2022-09-29", 0),
        ("16", "", "", 16),
        ("", "2020-10-01", "", 0),
        ("-3", "2020-10-01", "", 0),
    ],
)
def test_beds_count_while_their_inventory_is_in_force(beds: str, start: str, end: str, expected: int) -> None:
    inventory = row(BedInventory=beds, InventoryStartDate=start, InventoryEndDate=end)
    assert mapping.beds_on(inventory, date(2022, 9, 30)) == expected


def test_every_phase_of_a_project_type_exists() -> None:
    assert set(mapping.PHASES.values()) <= set(codelist("phase").codes())
