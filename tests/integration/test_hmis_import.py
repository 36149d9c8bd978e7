"""Taking over an HMIS export on a real encrypted store: what is taken, and that nothing is ever half-written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from app import errors
from app.models.schema import metadata
from app.models.service import Presence
from app.models.stay import Stay
from app.reference.texts import tr
from app.services.guest import GuestDraft
from app.services.hmis import import_hmis
from app.services.house import HouseDraft, RoomDraft
from app.services.register import Register
from app.services.stay import StayDraft
from app.services.totals import for_report
from tests.hmis_folder import HmisFolder, small_export
from tests.hmis_register import (
    FEBRUARY,
    JANUARY,
    MARCH,
    balanced,
    content,
    figures,
    guest_of,
    house,
    reasons,
    stay_of,
    take,
)


@pytest.fixture
def export(tmp_path: Path) -> HmisFolder:
    return small_export(tmp_path / "hmis")


def test_an_export_becomes_houses_guests_stays_and_nights(register: Register, export: HmisFolder) -> None:
    report = take(register, export)
    assert report.complete
    assert report.changed
    assert reasons(report) == []
    assert [(h.name, h.state) for h in report.houses] == [("Casa Est", "taken"), ("Notte Ovest", "taken")]
    counts = [(c.kind, c.taken, c.already, c.refused) for c in report.houses[0].counts]
    assert counts == [("guest", 2, 0, 0), ("stay", 2, 0, 0), ("exit", 1, 0, 0), ("night", 81, 0, 0)]
    est = register.houses.get(house(register, "Casa Est"))
    assert (est.kind, est.meal_supply, est.phase, est.capacity) == ("MISTO", "NON_RIL", "PRO", 7)
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
    report = for_report(found, meal_supply=est.meal_supply, shelter="x", revision=1, trail="5c" * 32)
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
    full = """CREATE TRIGGER full BEFORE INSERT ON presence WHEN NEW.night = '2022-02-05'
              BEGIN SELECT RAISE(ABORT, 'disk is full'); END"""
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
    row = {"stay_id": ada.id, "night": date(2022, 1, 11), "state": "P", "recorded_at": register.desk.now()}
    with pytest.raises(errors.OutsideStay), register.desk.vault.work() as session:
        session.execute(insert(Presence), [row])
