"""Taking over an HMIS export on a real encrypted store: what is taken, what is not and why, and that it can be repeated."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app import errors
from app.models.guest import Guest
from app.models.night import Month
from app.models.schema import metadata
from app.models.service import Presence
from app.models.stay import Stay
from app.models.work import Origin
from app.reference.ids import BedId, HouseId, StayId
from app.reference.texts import tr, use_language
from app.services.guest import GuestDraft
from app.services.hmis import ImportReport, import_hmis
from app.services.house import HouseDraft, RoomDraft
from app.services.presence import NightMark
from app.services.register import Register
from app.services.stay import StayDraft
from app.services.totals import for_report
from app.sync.payload import Shown, Suppressed
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.fakes import FakeClock
from tests.hmis_folder import HmisFolder, small_export
from tests.independent import hmis_count

SAMPLE = Path(os.environ.get("APPRODO_SAMPLE_HMIS", Path(__file__).parents[3] / "shared" / "data" / "hmis"))
JANUARY, FEBRUARY, MARCH = Month(2022, 1), Month(2022, 2), Month(2022, 3)


@pytest.fixture
def export(tmp_path: Path) -> HmisFolder:
    return small_export(tmp_path / "hmis")


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
        return session.get_one(Stay, origin.entity_id)


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


# --- what is taken ----------------------------------------------------------------------------------------------


def test_an_export_becomes_houses_guests_stays_and_nights(register: Register, export: HmisFolder) -> None:
    report = take(register, export)
    assert report.complete
    assert report.changed
    assert reasons(report) == []
    assert [(h.name, h.state) for h in report.houses] == [("Casa Est", "taken"), ("Notte Ovest", "taken")]
    counts = [(c.kind, c.taken, c.already, c.refused) for c in report.houses[0].counts]
    assert counts == [("guest", 2, 0, 0), ("stay", 2, 0, 0), ("exit", 1, 0, 0), ("night", 81, 0, 0)]
    est = register.houses.get(house(register, "Casa Est"))
    assert (est.kind, est.meal_supply, est.phase, est.capacity) == ("MISTO", "AUTOGESTIONE", "PRO", 7)
    assert figures(register, "Casa Est", JANUARY) == (22, 2, 1)
    assert figures(register, "Casa Est", MARCH) == (31, 1, 1)
    assert figures(register, "Notte Ovest", FEBRUARY) == (5, 1, 0)
    assert balanced(report)


def test_a_stay_runs_from_entry_to_exit_and_an_open_one_to_the_end_of_the_export(
    register: Register, export: HmisFolder
) -> None:
    take(register, export)
    ada, bea = stay_of(register, "e1"), stay_of(register, "e2")
    assert (ada.entered_on, ada.exit_on, ada.destination) == (date(2022, 1, 1), date(2022, 1, 11), "CAS_AFF")
    assert ada.exit_reason is None
    assert bea.exit_on is None
    with register.desk.vault.work() as session:
        nights = session.scalars(select(Presence.night).where(Presence.stay_id == bea.id)).all()
        states = set(session.execute(select(Presence.state, Presence.recorded_by)).all())
    assert (min(nights), max(nights), len(nights)) == (date(2022, 1, 20), date(2022, 3, 31), 71)
    assert states == {("P", None)}


def test_a_run_of_bed_nights_is_one_stay(register: Register, export: HmisFolder) -> None:
    export.leave("e3", "2022-02-20", destination="22")
    take(register, export)
    with register.desk.vault.work() as session:
        rows = session.execute(
            select(Stay.entered_on, Stay.exit_on, Stay.destination)
            .where(Stay.house_id == house(register, "Notte Ovest"))
            .order_by(Stay.entered_on)
        )
        assert [tuple(row) for row in rows] == [
            (date(2022, 2, 1), date(2022, 2, 4), None),
            (date(2022, 2, 5), date(2022, 2, 7), "FAM_AMI"),
        ]


def test_only_what_the_register_asks_of_a_guest_is_taken(register: Register, export: HmisFolder) -> None:
    export.change("Client.csv", "1", MiddleName="Segreta", VeteranStatus="1")
    take(register, export)
    ada = guest_of(register, "1")
    assert (ada.name_used, ada.given_name, ada.family_name) == ("Ada", "Ada", "Prova")
    assert (ada.birth_date, ada.birth_quality, ada.gender) == (date(1990, 5, 1), "CERTA", "F")
    with register.desk.vault.work() as session:
        everything = " ".join(
            repr(tuple(row)) for table in metadata.sorted_tables for row in session.execute(table.select())
        )
    assert "123456789" not in everything
    assert "Segreta" not in everything


def test_a_guest_without_a_name_is_taken_under_her_code(register: Register, export: HmisFolder) -> None:
    export.change("Client.csv", "1", FirstName=" ", LastName="")
    assert take(register, export).complete
    ada = guest_of(register, "1")
    assert ada.name_used == f"Ospite {ada.code}"
    assert (ada.given_name, ada.family_name) == (None, None)


def test_names_that_are_hashed_at_the_source_are_not_taken_for_names(register: Register, export: HmisFolder) -> None:
    export.change("Export.csv", "E1", HashStatus="4")
    export.change("Client.csv", "1", FirstName="9f86d081884c7d659a2f", LastName="d081884c7d659a2f")
    report = take(register, export)
    assert "names_hashed" in [note.reason for note in report.notes]
    assert guest_of(register, "1").name_used.startswith("Ospite ")
    assert guest_of(register, "1").family_name is None


def test_several_stays_of_one_person_are_one_guest(register: Register, export: HmisFolder) -> None:
    export.enrol("e5", "1", "p1", "2022-01-11").leave("e5", "2022-01-15")
    export.enrol("e6", "1", "p2", "2022-03-01").sleep("s6", "e6", "2022-03-02")
    report = take(register, export)
    assert reasons(report) == []
    assert stay_of(register, "e5").guest_id == stay_of(register, "e1").guest_id
    assert [house.count("guest").taken for house in report.houses] == [2, 1]
    assert report.houses[1].count("guest").already == 1
    assert figures(register, "Casa Est", JANUARY) == (26, 2, 1)


def test_those_who_came_together_are_one_household_and_no_child_is_alone_with_her_mother(
    register: Register, export: HmisFolder
) -> None:
    export.person("5", "Mamma").person("6", "Figlia", DOB="2015-03-01").person("7", "Sola", DOB="2007-01-01")
    export.enrol("e5", "5", "p1", "2022-02-01", HouseholdID="casa").enrol(
        "e6", "6", "p1", "2022-02-01", HouseholdID="casa"
    )
    export.enrol("e7", "7", "p1", "2022-02-01")
    assert take(register, export).complete
    assert guest_of(register, "5").household_id == guest_of(register, "6").household_id is not None
    assert guest_of(register, "7").household_id is None
    assert stay_of(register, "e6").minor_reason is None
    assert stay_of(register, "e7").minor_reason == tr("hmis.minor_reason")
    assert register.houses.find("Casa Est") is not None


def test_a_child_whose_mother_is_not_in_the_house_that_day_is_alone(register: Register, export: HmisFolder) -> None:
    export.person("5", "Mamma").person("6", "Figlia", DOB="2015-03-01")
    export.enrol("e5", "5", "p1", "2022-02-01", HouseholdID="casa").leave("e5", "2022-02-05")
    export.enrol("e6", "6", "p1", "2022-02-05", HouseholdID="casa")
    take(register, export)
    assert stay_of(register, "e6").minor_reason is not None


def test_health_assessments_are_no_referrals(register: Register, export: HmisFolder) -> None:
    report = take(register, export)
    assert [(left.file, left.rows) for left in report.left_out if left.reason == "health"] == [("HealthAndDV.csv", 1)]
    assert content(register)["referral"][0] == 0


def test_the_meals_of_an_imported_house_are_not_recorded_rather_than_zero(
    register: Register, export: HmisFolder
) -> None:
    take(register, export)
    est = register.houses.get(house(register, "Casa Est"))
    found = register.months.figures(est.id, JANUARY)
    report = for_report(found, meal_supply=est.meal_supply, shelter="x", revision=1)
    kinds = {type(cell).__name__ for cell in report.figures if cell.element == "M09"}
    assert kinds == {"NotRecorded"}


def test_a_house_can_be_chosen_by_name_or_by_id(register: Register, export: HmisFolder) -> None:
    report = take(register, export, houses={" notte ovest "})
    assert [h.name for h in report.houses] == ["Notte Ovest"]
    assert register.houses.find("Casa Est") is None
    assert balanced(report)
    assert [h.name for h in take(register, export, houses={"p1"}).houses] == ["Casa Est"]


def test_an_empty_house_of_that_name_is_taken_over_with_its_settings(register: Register, export: HmisFolder) -> None:
    made = register.houses.add(HouseDraft("casa est", "DONNE", "PASTI", "SEC", rooms=(RoomDraft("1", ("A",)),)))
    report = take(register, export)
    assert report.houses[0].house == made
    assert [note.reason for note in report.houses[0].notes] == ["house_adopted"]
    assert stay_of(register, "e1").house_id == made
    assert stay_of(register, "e1").phase == "SEC"


def test_two_projects_of_one_name_become_two_houses(register: Register, export: HmisFolder) -> None:
    export.project("p9", "Casa Est")
    assert [h.name for h in take(register, export).houses] == ["Casa Est (p1)", "Notte Ovest", "Casa Est (p9)"]


# --- what is not taken, and why -----------------------------------------------------------------------------------

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
    assert not any(name in repr(report) for name in ("Ada", "Bea", "Prova", "1990", "123456789"))
    for language in ("it", "en"):
        use_language(language)
        told = [row.sentence() for row in report.rows] + [left.sentence() for left in report.left_out]
        told += [note.sentence() for note in report.notes] + [h.sentence() for h in report.houses]
        told += [note.sentence() for h in report.houses for note in h.notes]
        assert all(told)
        assert not any("{" in sentence for sentence in told)


# --- nothing half-written -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["Exit.csv", "Client.csv"])
def test_an_export_that_is_not_whole_writes_nothing(register: Register, export: HmisFolder, file: str) -> None:
    folder, before = export.write(), content(register)
    (folder / file).unlink()
    with pytest.raises(errors.NotAnHmisExport):
        import_hmis(register.desk, folder)
    assert content(register) == before


def test_an_unknown_house_is_refused_with_the_names_there_are(register: Register, export: HmisFolder) -> None:
    before = content(register)
    with pytest.raises(errors.HmisHouseUnknown) as refused:
        take(register, export, houses={"Casa Est", "Strada"})
    assert refused.value.params == {"name": "Strada", "known": "Casa Est, Notte Ovest"}
    assert content(register) == before


def test_a_locked_register_is_refused(register: Register, export: HmisFolder) -> None:
    register.access.lock()
    with pytest.raises(errors.VaultLocked):
        take(register, export)


def test_a_house_with_stays_of_its_own_is_not_mixed_up_with_the_imported_one(
    register: Register, export: HmisFolder
) -> None:
    made = register.houses.add(HouseDraft("Casa Est", "DONNE", "PASTI", "PRI"))
    register.stays.admit(GuestDraft("Rina"), StayDraft(made, date(2026, 5, 1)))
    before = content(register)
    report = take(register, export, houses={"Casa Est"})
    assert [(h.state, type(h.problem)) for h in report.houses] == [("refused", errors.HouseNameTaken)]
    assert "Casa Est" in report.houses[0].sentence()
    assert not report.complete
    assert content(register) == before
    assert balanced(report)
    assert take(register, export).houses[1].state == "taken"


def test_a_store_that_fails_in_the_middle_keeps_nothing_of_that_house(register: Register, export: HmisFolder) -> None:
    take(register, export, houses={"Casa Est"})
    before = content(register)
    export.project("p5", "Casa Nord").enrol("e8", "4", "p5", "2022-01-01")
    full = "CREATE TRIGGER full BEFORE INSERT ON presence WHEN NEW.night = '2022-02-05' BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
    with register.desk.vault.work() as session:
        session.execute(text(full))
    report = take(register, export)
    assert [(h.name, h.state) for h in report.houses] == [
        ("Casa Est", "unchanged"),
        ("Notte Ovest", "refused"),
        ("Casa Nord", "not_begun"),
    ]
    assert isinstance(report.houses[1].problem, errors.DiskFull)
    assert content(register) == before
    assert balanced(report)
    with register.desk.vault.work() as session:
        session.execute(text("DROP TRIGGER full"))
    assert take(register, export).complete


@pytest.mark.parametrize("calls", [0, 3, 4])
def test_a_cancelled_import_keeps_only_whole_houses(register: Register, export: HmisFolder, calls: int) -> None:
    export.change("Enrollment.csv", "e2", EntryDate="2018-01-20")  # more nights than one batch
    before = content(register)
    heard: list[str] = []
    report = take(
        register,
        export,
        progress=lambda name, _d, _t: heard.append(name),
        cancelled=lambda: heard.count("Casa Est") >= calls,
    )
    states = [h.state for h in report.houses]
    assert states == (["not_begun"] * 2 if calls == 0 else ["cancelled", "not_begun"])
    assert content(register) == before
    assert balanced(report)
    assert take(register, export).complete


def test_progress_is_told_by_file_and_then_by_nights(register: Register, export: HmisFolder) -> None:
    export.change("Enrollment.csv", "e2", EntryDate="2018-01-20")
    heard: list[tuple[str, int, int]] = []
    take(register, export, progress=lambda *step: heard.append(step))
    assert ("Client.csv", 2, 9) in heard
    est = [(done, total) for name, done, total in heard if name == "Casa Est"]
    assert est == [(0, 1542), (500, 1542), (1000, 1542), (1500, 1542), (1542, 1542)]
    assert not any(name in str(heard) for name in ("Ada", "Bea", "Prova"))


def test_the_stores_own_guards_watch_every_night(register: Register, export: HmisFolder) -> None:
    take(register, export)
    ada = stay_of(register, "e1")
    with pytest.raises(errors.OutsideStay), register.desk.vault.work() as session:
        session.execute(
            text(
                f"INSERT INTO presence SELECT {ada.id}, '2022-01-11', 'P', NULL, '2026-06-15T20:00:00Z' FROM json_each('[1]')"
            )
        )


# --- again, and later -----------------------------------------------------------------------------------------------


def test_a_second_run_changes_nothing(register: Register, export: HmisFolder) -> None:
    first = take(register, export)
    before = content(register)
    second = take(register, export)
    assert content(register) == before
    assert second.complete
    assert not second.changed
    assert [h.state for h in second.houses] == ["unchanged", "unchanged"]
    assert [(c.taken, c.already) for c in second.houses[0].counts] == [
        (c.already, c.taken) for c in first.houses[0].counts
    ]
    assert balanced(second)


def test_a_later_export_adds_nights_exits_and_persons(register: Register, export: HmisFolder) -> None:
    take(register, export)
    export.change("Export.csv", "E1", ExportEndDate="2022-04-30")
    export.person("5", "Eva").enrol("e5", "5", "p1", "2022-04-01")
    export.leave("e2", "2022-04-10", destination="16")
    export.sleep("s7", "e3", "2022-02-07").sleep("s8", "e3", "2022-02-10").sleep("s9", "e3", "2022-02-04")
    report = take(register, export)
    assert reasons(report) == []
    assert figures(register, "Casa Est", Month(2022, 4)) == (9 + 30, 2, 1)
    bea = stay_of(register, "e2")
    assert (bea.exit_on, bea.destination) == (date(2022, 4, 10), "STRADA")
    assert [(h.count("guest").taken, h.count("night").taken) for h in report.houses] == [(1, 39), (0, 3)]
    assert figures(register, "Notte Ovest", FEBRUARY) == (8, 1, 0)
    with register.desk.vault.work() as session:
        west = select(Stay.entered_on, Stay.exit_on).where(Stay.house_id == house(register, "Notte Ovest"))
        assert [tuple(row) for row in session.execute(west.order_by(Stay.entered_on))] == [
            (date(2022, 2, 1), date(2022, 2, 5)),
            (date(2022, 2, 5), date(2022, 2, 8)),
            (date(2022, 2, 10), date(2022, 2, 11)),
        ]
    before = content(register)
    assert not take(register, export).changed
    assert content(register) == before


def test_a_person_may_move_on_to_another_house_in_a_later_export(register: Register, export: HmisFolder) -> None:
    take(register, export)
    export.change("Export.csv", "E1", ExportEndDate="2022-04-30")
    export.leave("e2", "2022-04-10").enrol("e5", "2", "p1", "2022-04-10")
    assert reasons(take(register, export)) == []
    assert stay_of(register, "e5").guest_id == stay_of(register, "e2").guest_id


def test_an_exit_that_was_written_late_takes_back_the_nights_an_import_had_counted(
    register: Register, export: HmisFolder
) -> None:
    take(register, export)
    export.leave("e2", "2022-03-11")
    report = take(register, export)
    assert remarks(report) == [("xe2", "nights_back")]
    assert report.remarks[0].params == {"n": 21}
    assert figures(register, "Casa Est", MARCH) == (10, 1, 0)
    before = content(register)
    assert not take(register, export).changed
    assert content(register) == before


def test_an_exit_never_takes_back_what_people_recorded(register: Register, export: HmisFolder) -> None:
    take(register, export)
    bea = stay_of(register, "e2")
    register.presences.record([NightMark(StayId(bea.id), date(2022, 3, 20), "P")])
    export.leave("e2", "2022-03-11")
    before = content(register)
    report = take(register, export)
    assert reasons(report) == [("Exit.csv", "xe2", "records_after_exit")]
    assert content(register) == before


def test_an_exit_frees_the_bed(register: Register, export: HmisFolder) -> None:
    register.houses.add(HouseDraft("Casa Est", "DONNE", "PASTI", "PRI", rooms=(RoomDraft("9", ("A",)),)))
    take(register, export)
    est, bea = house(register, "Casa Est"), stay_of(register, "e2")
    bed = BedId(register.houses.free_beds(est, date(2022, 3, 1))[0].id)
    register.stays.change_bed(StayId(bea.id), bed, date(2022, 3, 1))
    export.leave("e2", "2022-03-11")
    take(register, export)
    assert [row.id for row in register.houses.free_beds(est, date(2022, 3, 11))] == [bed]


def test_what_people_changed_after_an_import_is_left_as_it_is(register: Register, export: HmisFolder) -> None:
    take(register, export)
    bea = stay_of(register, "e2")
    register.presences.record(
        [NightMark(StayId(bea.id), date(2022, 3, 20), "O"), NightMark(StayId(bea.id), date(2022, 3, 21), None)]
    )
    register.guests.change(guest_of_id(register, "2"), GuestDraft("Beatrice"))
    before = content(register)
    report = take(register, export)
    assert content(register) == before
    assert remarks(report) == [("e2", "nights_left")]
    register.stays.end(StayId(bea.id), date(2022, 5, 1), "AUT", "CAS_AFF")
    before = content(register)
    assert reasons(take(register, export)) == [("Enrollment.csv", "e2", "differs")]
    assert content(register) == before


def guest_of_id(register: Register, person: str):  # type: ignore[no-untyped-def]
    from app.reference.ids import GuestId

    return GuestId(guest_of(register, person).id)


def test_what_was_removed_from_the_register_does_not_come_back(register: Register, export: HmisFolder) -> None:
    take(register, export)
    ada = stay_of(register, "e1")
    with register.desk.vault.work() as session:
        session.execute(text(f"DELETE FROM presence WHERE stay_id = {ada.id}"))
        session.execute(text(f"DELETE FROM stay WHERE id = {ada.id}"))
        session.execute(text(f"DELETE FROM guest WHERE id = {ada.guest_id}"))
    before = content(register)
    report = take(register, export)
    assert reasons(report) == [("Enrollment.csv", "e1", "removed")]
    assert content(register) == before
    assert balanced(report)


def test_a_row_deleted_after_its_import_stays_and_is_told(register: Register, export: HmisFolder) -> None:
    take(register, export)
    export.change("Enrollment.csv", "e1", DateDeleted="2022-04-01")
    export.change("Services.csv", "s4", DateDeleted="2022-04-01")
    before = content(register)
    report = take(register, export)
    assert remarks(report) == [("e1", "deleted_since"), ("s4", "deleted_since")]
    assert content(register) == before
    assert balanced(report)


# --- closed months ------------------------------------------------------------------------------------------------


def test_rows_that_touch_a_closed_month_are_told_and_the_rest_is_taken(register: Register, export: HmisFolder) -> None:
    take(register, export)
    est, west = house(register, "Casa Est"), house(register, "Notte Ovest")
    for number in (est, west):
        register.months.close(number, FEBRUARY)
    closed = register.months.figures(est, FEBRUARY)
    export.change("Export.csv", "E1", ExportEndDate="2022-04-30")
    export.person("5", "Eva").person("6", "Fede")
    export.enrol("e5", "5", "p1", "2022-02-20").leave("e5", "2022-03-02")
    export.enrol("e6", "6", "p1", "2022-03-02").leave("e6", "2022-03-04")
    export.sleep("s7", "e3", "2022-02-20").sleep("s8", "e3", "2022-03-20")
    report = take(register, export)
    assert reasons(report) == [("Enrollment.csv", "e5", "month_closed"), ("Services.csv", "s7", "month_closed")]
    assert "febbraio 2022" in report.refused[0].sentence()
    assert report.complete
    assert register.months.figures(est, FEBRUARY) == closed
    assert stay_of(register, "e6").exit_on == date(2022, 3, 4)
    assert figures(register, "Casa Est", Month(2022, 4)) == (30, 1, 1)
    assert figures(register, "Notte Ovest", MARCH) == (1, 1, 0)
    register.months.reopen(est, FEBRUARY, "import")
    register.months.reopen(west, FEBRUARY, "import")
    assert reasons(take(register, export)) == []


def test_an_exit_into_a_closed_month_is_told_and_the_stay_stays_open(register: Register, export: HmisFolder) -> None:
    take(register, export)
    register.months.close(house(register, "Casa Est"), MARCH)
    export.leave("e2", "2022-03-11")
    before = content(register)
    assert reasons(take(register, export)) == [("Exit.csv", "xe2", "month_closed")]
    assert content(register) == before


def test_new_nights_of_an_open_stay_skip_a_closed_month(register: Register, export: HmisFolder) -> None:
    take(register, export)
    est = house(register, "Casa Est")
    register.months.close(est, Month(2022, 4))
    export.change("Export.csv", "E1", ExportEndDate="2022-05-31")
    report = take(register, export)
    assert remarks(report) == [("e2", "nights_closed")]
    assert report.remarks[0].params["n"] == 30
    assert figures(register, "Casa Est", Month(2022, 4))[0] == 0
    assert figures(register, "Casa Est", Month(2022, 5)) == (31, 1, 1)


def test_a_run_that_would_end_in_a_closed_month_is_told(register: Register, export: HmisFolder) -> None:
    take(register, export)
    register.months.close(house(register, "Notte Ovest"), MARCH)
    export.sleep("s7", "e3", "2022-02-28")
    assert reasons(take(register, export)) == [("Services.csv", "s7", "month_closed")]


# --- against the independent count --------------------------------------------------------------------------------


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


def test_the_small_export_agrees_with_the_independent_count(register: Register, export: HmisFolder) -> None:
    export.person("5", "Eva").enrol("e5", "5", "p1", "2021-11-30").leave("e5", "2022-03-01")
    export.enrol("e6", "5", "p2", "2022-03-01").sleep("s6", "e6", "2022-03-31").sleep("s7", "e6", "2022-03-31")
    take(register, export)
    assert same_as_counted(register, hmis_count.count(export.write()), MARCH) == 5 + 2


needs_sample = [
    pytest.mark.sample,
    pytest.mark.skipif(not (SAMPLE / "Export.csv").exists(), reason="no HMIS sample export here"),
]


@pytest.fixture(scope="module")
def sample(vault_template: Path, tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """A register with the whole sample imported once, the report of the import, and the count of the files."""
    import shutil

    from app.services.register import build_register

    folder = shutil.copytree(vault_template, tmp_path_factory.mktemp("sample") / "vault")
    register = build_register(Vault(Path(folder), NoSecrets()), FakeClock(datetime(2026, 6, 15, 20, 0, tzinfo=UTC)))
    register.access.unlock(PASSPHRASE)
    yield register, import_hmis(register.desk, SAMPLE), hmis_count.count(SAMPLE)
    register.access.lock()


class TestSample:
    pytestmark = needs_sample

    def test_every_month_of_every_house_is_what_an_independent_count_gives(self, sample) -> None:  # type: ignore[no-untyped-def]
        register, report, counted = sample
        assert report.complete
        assert len(report.houses) == len(counted) == 11
        assert same_as_counted(register, counted, Month.of(report.ends_on)) > 250
        nights = sum(month["nights"] for months in counted.values() for month in months.values())
        assert sum(h.count("night").taken for h in report.houses) == nights == 59_710 + 4_408

    def test_every_row_has_one_fate(self, sample) -> None:  # type: ignore[no-untyped-def]
        _, report, _ = sample
        assert balanced(report)
        assert {(row.file, row.reason) for row in report.rows} == {("Services.csv", "repeated_night")}
        assert len(report.refused) == 4_486 - 4_408

    def test_a_second_run_of_the_sample_changes_nothing(self, sample) -> None:  # type: ignore[no-untyped-def]
        register, _, _ = sample
        before = content(register)
        assert not import_hmis(register.desk, SAMPLE).changed
        assert content(register) == before

    def test_the_closed_months_of_one_house_report_what_was_counted(self, sample) -> None:  # type: ignore[no-untyped-def]
        register, _, counted = sample
        est = register.houses.find("ES-EE One")
        for name, told in counted["ES-EE One"].items():
            month = Month.parse(name)
            revision = register.months.close(est.id, month)
            report = for_report(
                register.months.figures(est.id, month), meal_supply=est.meal_supply, shelter="x", revision=revision
            )
            cells = {cell.element: cell for cell in report.figures}
            for element, value, persons in (
                ("M05", told["last_night"], told["last_night"]),
                ("M06", told["persons"], told["persons"]),
                ("M07", told["nights"], told["persons"]),
            ):
                shown = Shown(element, value) if persons >= 5 else Suppressed(element)
                assert cells[element] == shown, (name, element)
