"""Importing again: the same export changes nothing, a later one adds what is new and keeps what people did since."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from app.models.guest import Guest
from app.models.service import Presence
from app.models.stay import Stay
from app.reference.ids import BedId, GuestId, StayId
from app.services.guest import GuestDraft
from app.services.house import HouseDraft, RoomDraft
from app.services.presence import NightMark
from app.services.register import Register
from tests.hmis_folder import HmisFolder, small_export
from tests.hmis_register import (
    APRIL,
    FEBRUARY,
    MARCH,
    MAY,
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
    export.sleep("s7", "e3", "2022-02-07").sleep("s8", "e3", "2022-02-10").sleep("s10", "e3", "2022-02-04")
    report = take(register, export)
    assert reasons(report) == []
    assert figures(register, "Casa Est", APRIL) == (9 + 30, 2, 1)
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
    register.guests.change(GuestId(guest_of(register, "2").id), GuestDraft("Beatrice"))
    before = content(register)
    report = take(register, export)
    assert content(register) == before
    assert remarks(report) == [("e2", "nights_left")]
    register.stays.end(StayId(bea.id), date(2022, 5, 1), "AUT", "CAS_AFF")
    before = content(register)
    assert reasons(take(register, export)) == [("Enrollment.csv", "e2", "differs")]
    assert content(register) == before


def test_what_was_removed_from_the_register_does_not_come_back(register: Register, export: HmisFolder) -> None:
    take(register, export)
    ada = stay_of(register, "e1")
    with register.desk.vault.work() as session:
        session.execute(delete(Presence).where(Presence.stay_id == ada.id))
        session.execute(delete(Stay).where(Stay.id == ada.id))
        session.execute(delete(Guest).where(Guest.id == ada.guest_id))
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
    assert figures(register, "Casa Est", APRIL) == (30, 1, 1)
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
    register.months.close(est, APRIL)
    export.change("Export.csv", "E1", ExportEndDate="2022-05-31")
    report = take(register, export)
    assert remarks(report) == [("e2", "nights_closed")]
    assert report.remarks[0].params["n"] == 30
    assert figures(register, "Casa Est", APRIL)[0] == 0
    assert figures(register, "Casa Est", MAY) == (31, 1, 1)


def test_a_run_that_would_end_in_a_closed_month_is_told(register: Register, export: HmisFolder) -> None:
    take(register, export)
    register.months.close(house(register, "Notte Ovest"), MARCH)
    export.sleep("s7", "e3", "2022-02-28")
    assert reasons(take(register, export)) == [("Services.csv", "s7", "month_closed")]


def joined(register: Register, kept: str, merged: str) -> GuestId:
    one, other = GuestId(guest_of(register, kept).id), GuestId(guest_of(register, merged).id)
    register.merges.merge(one, other)
    return one


def test_a_later_export_knows_that_two_of_its_persons_are_one_guest(register: Register, export: HmisFolder) -> None:
    take(register, export)
    ada = joined(register, "1", "2")  # Ada, 1 to 11 January, and Bea, from 20 January on
    export.change("Export.csv", "E1", ExportEndDate="2022-04-30")
    export.enrol("e5", "1", "p1", "2022-03-05").enrol("e6", "3", "p1", "2022-04-01")
    report = take(register, export)
    assert reasons(report) == [("Enrollment.csv", "e5", "overlaps")]  # as Bea she is there already
    assert report.complete
    assert [stay.entered_on for stay in register.guests.card(ada).stays] == [date(2022, 1, 20), date(2022, 1, 1)]
    assert stay_of(register, "e6").entered_on == date(2022, 4, 1)


def test_two_new_enrolments_of_one_guest_are_not_both_taken(register: Register, export: HmisFolder) -> None:
    take(register, export)
    export.leave("e2", "2022-02-01")
    take(register, export)
    ada = joined(register, "1", "2")
    export.change("Export.csv", "E1", ExportEndDate="2022-04-30")
    export.enrol("e5", "1", "p1", "2022-04-05", HouseholdID="h9").enrol("e6", "2", "p1", "2022-04-08", HouseholdID="h9")
    report = take(register, export)
    assert reasons(report) == [("Enrollment.csv", "e6", "overlaps")]
    assert register.guests.card(ada).companions == ()
    assert guest_of(register, "1").household_id is None


def test_an_import_never_gives_a_stay_the_number_of_an_annulled_one(register: Register, export: HmisFolder) -> None:
    take(register, export)
    with register.desk.vault.work() as session:
        last = StayId(max(session.scalars(select(Stay.id))))
    annulled = register.corrections.annul(last, "mai entrata")
    export.change("Export.csv", "E1", ExportEndDate="2022-04-30")
    export.person("5", "Eva").enrol("e5", "5", "p1", "2022-04-01")
    take(register, export)
    assert stay_of(register, "e5").id == last + 1
    assert register.corrections.restore(annulled) == last
