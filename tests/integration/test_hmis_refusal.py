"""What of an HMIS export is not taken: each row told with its reason, the others in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models.service import Presence
from app.reference.texts import use_language
from app.services.register import Register
from tests.hmis_folder import HmisFolder, small_export
from tests.hmis_register import (
    FEBRUARY,
    JANUARY,
    balanced,
    content,
    figures,
    guest_of,
    house,
    reasons,
    remarks,
    stay_of,
    take,
)


@pytest.fixture
def export(tmp_path: Path) -> HmisFolder:
    return small_export(tmp_path / "hmis")


Mess = Callable[[HmisFolder], object]

MESS: dict[str, tuple[Mess, list[tuple[str, str, str]]]] = {
    "exit before the entry": (
        lambda x: x.change("Exit.csv", "xe1", ExitDate="2021-12-31"),
        [("Enrollment.csv", "e1", "exit_unusable"), ("Exit.csv", "xe1", "exit_before_entry")],
    ),
    "exit without a day": (
        lambda x: x.change("Exit.csv", "xe1", ExitDate=""),
        [("Enrollment.csv", "e1", "exit_unusable"), ("Exit.csv", "xe1", "bad_date")],
    ),
    "exit of another person": (
        lambda x: x.change("Exit.csv", "xe1", PersonalID="2"),
        [("Enrollment.csv", "e1", "exit_unusable"), ("Exit.csv", "xe1", "person_differs")],
    ),
    "impossible entry": (
        lambda x: x.change("Enrollment.csv", "e1", EntryDate="2022-02-30"),
        [("Enrollment.csv", "e1", "bad_date")],
    ),
    "entry in the future": (
        lambda x: x.change("Enrollment.csv", "e2", EntryDate="2026-06-16"),
        [("Enrollment.csv", "e2", "in_future")],
    ),
    "exit without an enrolment": (lambda x: x.leave("e77", "2022-01-05"), [("Exit.csv", "xe77", "enrolment_unknown")]),
    "two exits": (
        lambda x: x.add("Exit.csv", "x2", EnrollmentID="e1", ExitDate="2022-01-20", Destination="1"),
        [("Exit.csv", "x2", "second_exit")],
    ),
    "one id twice": (
        lambda x: x.enrol("e2", "1", "p1", "2022-03-01"),
        [("Enrollment.csv", "e2", "repeated_id")],
    ),
    "one person twice": (lambda x: x.person("1", "Altra"), [("Client.csv", "1", "repeated_id")]),
    "no id": (lambda x: x.enrol("", "1", "p1", "2022-03-01"), [("Enrollment.csv", "", "no_id")]),
    "unknown person": (
        lambda x: x.enrol("e8", "88", "p1", "2022-03-01"),
        [("Enrollment.csv", "e8", "person_unknown")],
    ),
    "unknown project": (
        lambda x: x.enrol("e8", "1", "p88", "2022-03-01"),
        [("Enrollment.csv", "e8", "project_unknown")],
    ),
    "overlapping stays in one house": (
        lambda x: x.enrol("e8", "1", "p1", "2022-01-05").leave("e8", "2022-01-20"),
        [("Enrollment.csv", "e8", "overlaps")],
    ),
    "a stay inside another that is open": (
        lambda x: x.enrol("e8", "2", "p1", "2022-02-05").leave("e8", "2022-02-05"),
        [("Enrollment.csv", "e8", "overlaps")],
    ),
    "a bed night while she is elsewhere": (
        lambda x: x.enrol("e8", "2", "p2", "2022-01-01").sleep("s8", "e8", "2022-01-20"),
        [("Services.csv", "s8", "overlaps")],
    ),
    "the same bed night twice": (
        lambda x: x.sleep("s8", "e3", "2022-02-02"),
        [("Services.csv", "s8", "repeated_night")],
    ),
    "the same bed night under two enrolments": (
        lambda x: x.enrol("e8", "3", "p2", "2022-02-01").sleep("s8", "e8", "2022-02-02"),
        [("Services.csv", "s8", "repeated_night")],
    ),
    "bed night without a day": (lambda x: x.sleep("s8", "e3", "ieri"), [("Services.csv", "s8", "bad_date")]),
    "bed night in the future": (lambda x: x.sleep("s8", "e3", "2026-06-16"), [("Services.csv", "s8", "in_future")]),
    "bed night of another person": (
        lambda x: x.sleep("s8", "e3", "2022-02-10", PersonalID="1"),
        [("Services.csv", "s8", "person_differs")],
    ),
    "bed night of an unknown person": (
        lambda x: x.enrol("e8", "88", "p2", "2022-02-01").leave("e8", "2022-02-03").sleep("s8", "e8", "2022-02-02"),
        [("Enrollment.csv", "e8", "person_unknown")],
    ),
}


@pytest.mark.parametrize("mess", MESS)
def test_a_row_that_cannot_be_taken_is_told_and_the_others_are_in(
    register: Register, export: HmisFolder, mess: str
) -> None:
    make, expected = MESS[mess]
    make(export)
    report = take(register, export)
    assert reasons(report) == expected
    assert report.complete
    assert balanced(report)
    assert all(row.sentence() and row.line >= 2 for row in report.rows)
    before = content(register)
    assert reasons(take(register, export)) == expected
    assert content(register) == before


def test_the_earlier_of_two_overlapping_stays_is_kept_whatever_their_order_in_the_file(
    register: Register, export: HmisFolder
) -> None:
    export.change("Enrollment.csv", "e1", EntryDate="2022-01-08")
    export.enrol("e8", "1", "p1", "2022-01-05").leave("e8", "2022-01-10")
    report = take(register, export)
    assert reasons(report) == [("Enrollment.csv", "e1", "overlaps")]
    assert report.refused[0].params == {"other": "Casa Est"}
    assert ("of_row_not_taken", 1) in [(left.reason, left.rows) for left in report.left_out]


def test_a_future_exit_leaves_the_stay_open(register: Register, export: HmisFolder) -> None:
    export.leave("e2", "2026-07-01")
    report = take(register, export)
    assert reasons(report) == [("Exit.csv", "xe2", "in_future")]
    assert stay_of(register, "e2").exit_on is None


def test_an_open_stay_has_no_night_after_tonight(register: Register, export: HmisFolder) -> None:
    export.change("Export.csv", "E1", ExportEndDate="2026-12-31")
    take(register, export)
    with register.desk.vault.work() as session:
        assert max(session.scalars(select(Presence.night))) == date(2026, 6, 15)


def test_an_impossible_birth_date_is_left_out_and_told(register: Register, export: HmisFolder) -> None:
    export.change("Client.csv", "1", DOB="1990-02-31")
    report = take(register, export)
    assert remarks(report) == [("1", "birth_unusable")]
    assert (guest_of(register, "1").birth_date, guest_of(register, "1").birth_quality) == (None, "IGNOTA")


def test_deleted_rows_do_not_count_nor_what_hangs_on_them(register: Register, export: HmisFolder) -> None:
    gone = {"DateDeleted": "2022-03-01 10:00:00"}
    export.change("Enrollment.csv", "e1", **gone)
    export.change("Services.csv", "s1", **gone)
    export.change("Inventory.csv", "i1", **gone)
    export.leave("e2", "2022-02-01", **gone)
    report = take(register, export)
    assert reasons(report) == []
    assert stay_of(register, "e2").exit_on is None
    assert register.houses.get(house(register, "Casa Est")).capacity == 3
    assert figures(register, "Casa Est", JANUARY) == (12, 1, 1)
    assert figures(register, "Notte Ovest", FEBRUARY) == (4, 1, 0)
    left = {(left.file, left.reason): left.rows for left in report.left_out}
    assert left["Enrollment.csv", "deleted"] == 1
    assert left["Exit.csv", "of_deleted"] == 1
    assert left["Exit.csv", "deleted"] == 1
    assert balanced(report)


def test_what_hosts_nobody_is_counted_not_listed(register: Register, export: HmisFolder) -> None:
    report = take(register, export)
    left = {(left.file, left.where, left.reason): left.rows for left in report.left_out}
    assert left["Project.csv", "Strada", "not_a_house"] == 1
    assert left["Enrollment.csv", "Strada", "not_a_house"] == 1
    assert left["Client.csv", "", "no_stay"] == 1
    assert left["Services.csv", "", "other_service"] == 1
    assert left["Inventory.csv", "Casa Est", "no_bed_in_force"] == 1


def test_bed_nights_of_an_entry_exit_house_make_no_night(register: Register, export: HmisFolder) -> None:
    export.sleep("s8", "e1", "2022-02-20")
    report = take(register, export)
    assert figures(register, "Casa Est", FEBRUARY) == (28, 1, 1)
    assert ("not_by_night", 1) in [(left.reason, left.rows) for left in report.left_out]


def test_an_enrolment_without_a_bed_night_gives_no_stay(register: Register, export: HmisFolder) -> None:
    export.enrol("e8", "1", "p2", "2022-02-01").leave("e8", "2022-02-10")
    report = take(register, export)
    assert [(left.file, left.rows) for left in report.left_out if left.reason == "no_bed_night"] == [
        ("Enrollment.csv", 1),
        ("Exit.csv", 1),
    ]


def test_the_report_names_nobody_and_speaks_both_languages(register: Register, export: HmisFolder) -> None:
    for make, _ in list(MESS.values())[:1]:
        make(export)
    report = take(register, export)
    assert not any(name in repr(report) for name in ("Ada", "Bea", "'Prova'", "1990", "123456789"))
    for language in ("it", "en"):
        use_language(language)
        told = [row.sentence() for row in report.rows] + [left.sentence() for left in report.left_out]
        told += [note.sentence() for note in report.notes] + [h.sentence() for h in report.houses]
        told += [note.sentence() for h in report.houses for note in h.notes]
        assert all(told)
        assert not any("{" in sentence for sentence in told)
