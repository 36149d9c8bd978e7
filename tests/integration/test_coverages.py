"""A coverage has a type and an expiry; its number is kept apart, judged, and read only on demand with a note."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from app.errors import CoverageEndsEarly, CoverageNumberWrong, DayInFuture, RoleMayNot
from app.models.coverage import CoverageNumber
from app.models.work import Operator, TrailEntry
from app.reference.ids import GuestId
from app.services.coverage import CoverageDraft
from app.services.register import Register
from tests.ui.desk import HOUSE, admit

NUMBER = "STP0301234567890"
TODAY = date(2026, 6, 15)


@pytest.fixture
def guest(register: Register) -> GuestId:
    return admit(register)[0]


def stp(number: str | None = None, until: date | None = date(2026, 12, 1)) -> CoverageDraft:
    return CoverageDraft("STP", date(2026, 6, 1), until, number)


def test_the_newest_coverage_is_in_force_and_those_before_are_history(register: Register, guest: GuestId) -> None:
    register.coverages.add(guest, CoverageDraft("STP", date(2026, 5, 1), date(2026, 6, 20)))
    assert register.coverages.of_guest(guest)[0].state == "expiring"
    register.coverages.add(guest, CoverageDraft("SSN", date(2026, 6, 10), date(2027, 6, 10)))
    rows = register.coverages.of_guest(guest)
    assert [(row.kind, row.state) for row in rows] == [("SSN", "valid"), ("STP", "past")]


@pytest.mark.parametrize(
    ("draft", "state"),
    [
        (CoverageDraft("STP", date(2026, 1, 1), date(2026, 6, 14)), "expired"),
        (CoverageDraft("STP", date(2026, 1, 1), date(2026, 7, 15)), "expiring"),
        (CoverageDraft("STP", date(2026, 1, 1), date(2026, 7, 16)), "valid"),
        (CoverageDraft("STP", date(2026, 1, 1)), "undated"),
        (CoverageDraft("NESSUNA", date(2026, 1, 1), date(2026, 1, 2)), "missing"),
        (CoverageDraft("DA_VERIFICARE", date(2026, 1, 1)), "to_check"),
    ],
)
def test_a_coverage_says_how_it_stands_today(
    register: Register, guest: GuestId, draft: CoverageDraft, state: str
) -> None:
    register.coverages.add(guest, draft)
    assert register.coverages.of_guest(guest)[0].state == state


def test_six_months_are_proposed_for_those_that_have_a_usual_length(register: Register) -> None:
    proposed = register.coverages.proposed_until
    assert proposed("STP", date(2026, 8, 31)) == date(2027, 2, 28)
    assert proposed("ENI", date(2026, 6, 15)) == date(2026, 12, 15)
    assert proposed("SSN", date(2026, 6, 15)) is None


def test_a_wrong_number_is_refused_and_the_coverage_is_not_written_either(register: Register, guest: GuestId) -> None:
    for number in ("STP12", "ENI0301234567890"):
        with pytest.raises(CoverageNumberWrong) as refused:
            register.coverages.add(guest, stp(number))
        assert number not in str(refused.value)
    with pytest.raises(CoverageEndsEarly):
        register.coverages.add(guest, stp(until=date(2026, 5, 1)))
    with pytest.raises(DayInFuture):
        register.coverages.add(guest, CoverageDraft("STP", date(2026, 6, 16)))
    assert register.coverages.of_guest(guest) == []


def test_a_number_is_in_no_row_and_reading_it_is_noted(register: Register, guest: GuestId) -> None:
    made = register.coverages.add(guest, stp("stp 030 123 4567890"))
    (row,) = register.coverages.of_guest(guest)
    assert row.has_number
    assert "0301234567890" not in repr(row) + repr(register.coverages.of_house(HOUSE))
    assert register.coverages.reveal(made) == NUMBER
    with register.desk.vault.work() as session:
        noted = select(TrailEntry.action, TrailEntry.subject, TrailEntry.subject_id)
        assert ("reveal", "coverage", guest) in [tuple(each) for each in session.execute(noted)]
        found = session.execute(
            text("SELECT count(*) FROM search WHERE search MATCH '0301234567890 OR stp0301234567890'")
        )
        assert found.scalar_one() == 0


def test_a_correction_leaves_the_number_unless_it_is_changed_or_taken_away(register: Register, guest: GuestId) -> None:
    made = register.coverages.add(guest, stp(NUMBER))
    register.coverages.change(made, stp())
    assert register.coverages.reveal(made) == NUMBER
    with pytest.raises(CoverageNumberWrong):  # the number that is kept does not fit another kind
        register.coverages.change(made, CoverageDraft("ENI", date(2026, 6, 1)))
    register.coverages.change(made, CoverageDraft("ENI", date(2026, 6, 1), None, "ENI0301234567890"))
    assert register.coverages.reveal(made) == "ENI0301234567890"
    register.coverages.change(made, CoverageDraft("ENI", date(2026, 6, 1), None, ""))
    assert register.coverages.reveal(made) == ""


def test_a_coverage_written_by_mistake_goes_with_its_number(register: Register, guest: GuestId) -> None:
    made = register.coverages.add(guest, stp(NUMBER))
    register.coverages.withdraw(made)
    assert register.coverages.of_guest(guest) == []
    with register.desk.vault.work() as session:
        assert session.scalar(select(func.count()).select_from(CoverageNumber)) == 0


def test_the_house_lists_what_needs_a_hand_first(register: Register, guest: GuestId) -> None:
    joy, _ = admit(register, "Joy")
    mei, _ = admit(register, "Mei")
    register.coverages.add(joy, stp())
    register.coverages.add(mei, CoverageDraft("STP", date(2026, 1, 1), date(2026, 6, 1)))
    assert [row.name_used for row in register.coverages.of_house(HOUSE)] == ["Mei", "Rina", "Joy"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="STPENI0123456789 -.x", max_size=22))
def test_what_is_kept_of_an_stp_number_always_has_its_form(register: Register, typed: str) -> None:
    guest, _ = admit(register)
    try:
        made = register.coverages.add(guest, stp(typed))
    except CoverageNumberWrong:
        return
    kept = register.coverages.reveal(made)
    assert kept == "" or (kept.startswith("STP") and len(kept) == 16 and kept[3:].isdecimal())


def test_a_role_that_may_not_see_health_is_given_nothing(register: Register, guest: GuestId) -> None:
    made = register.coverages.add(guest, stp(NUMBER))
    with register.desk.vault.work() as session:
        session.scalars(select(Operator)).one().role = "TURNO"
    coverages = register.coverages
    for act in (
        lambda: coverages.of_guest(guest),
        lambda: coverages.of_house(HOUSE),
        lambda: coverages.reveal(made),
        lambda: coverages.add(guest, stp()),
        lambda: coverages.change(made, stp()),
        lambda: coverages.withdraw(made),
    ):
        with pytest.raises(RoleMayNot):
            act()
