"""What protects a guest: histories, who may read and write them, and that every reading is noted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from app.errors import DayInFuture, ExpiresBeforeItBegins, FieldMissing, NotFound, RoleMayNot, UnknownCode
from app.models.work import Operator, TrailEntry
from app.reference.ids import GuestId, HouseId
from app.services.guest import GuestDraft
from app.services.protection import ExploitationForms, PermitDraft, SafetyDraft, SafetyRow
from app.services.register import Register
from app.services.stay import StayDraft

TODAY = date(2026, 6, 15)


@pytest.fixture
def guest(register: Register) -> GuestId:
    return register.stays.admit(GuestDraft("Rina"), StayDraft(HouseId(1), date(2026, 6, 1)))[0]


def become(register: Register, role: str) -> None:
    with register.desk.vault.work() as session:
        session.get_one(Operator, register.desk.vault.operator).role = role


def noted(register: Register, guest: GuestId) -> list[tuple[str, str]]:
    with register.desk.vault.work() as session:
        rows = session.query(TrailEntry).filter(TrailEntry.subject_id == guest).order_by(TrailEntry.id)
        return [(row.action, row.subject) for row in rows]


def test_a_newer_permit_takes_the_place_of_the_one_before(register: Register, guest: GuestId) -> None:
    protections = register.protections
    protections.add_permit(PermitDraft(guest, "REC", date(2026, 5, 1)))
    protections.add_permit(PermitDraft(guest, "R18", date(2026, 6, 10), note="  "))
    found = protections.of_guest(guest)
    assert [row.permit for row in found.permits] == ["R18", "REC"]
    assert found.permit is not None
    assert (found.permit.ends_on, found.permit.work_from) == (None, date(2026, 7, 25))
    assert found.permits[1].ends_on == date(2026, 6, 15)


def test_a_permit_is_put_right_and_taken_out(register: Register, guest: GuestId) -> None:
    number = register.protections.add_permit(PermitDraft(guest, "C18", date(2026, 5, 1), date(2027, 5, 1)))
    register.protections.change_permit(number, PermitDraft(guest, "C8T", date(2026, 5, 2), date(2027, 5, 2), "x"))
    assert [(row.permit, row.until_day) for row in register.protections.of_guest(guest).permits] == [
        ("C8T", date(2027, 5, 2))
    ]
    register.protections.remove_permit(guest, number)
    assert register.protections.of_guest(guest).permits == ()


def test_days_that_cannot_be_are_refused(register: Register, guest: GuestId) -> None:
    protections = register.protections
    with pytest.raises(DayInFuture):
        protections.add_permit(PermitDraft(guest, "C18", date(2026, 6, 16)))
    with pytest.raises(ExpiresBeforeItBegins):
        protections.add_permit(PermitDraft(guest, "C18", TODAY, date(2026, 6, 14)))
    with pytest.raises(UnknownCode):
        protections.add_permit(PermitDraft(guest, "XXX", TODAY))
    with pytest.raises(DayInFuture):
        protections.set_status(guest, "PRESUNTA", date(2026, 6, 16))
    with pytest.raises(NotFound):
        protections.set_status(GuestId(999), "PRESUNTA", TODAY)
    assert protections.of_guest(guest).permits == ()


def test_the_permit_of_one_guest_is_not_changed_through_another(register: Register, guest: GuestId) -> None:
    other = register.stays.admit(GuestDraft("Joy"), StayDraft(HouseId(1), date(2026, 6, 1)))[0]
    number = register.protections.add_permit(PermitDraft(guest, "C18", TODAY))
    with pytest.raises(NotFound):
        register.protections.change_permit(number, PermitDraft(other, "IRR", TODAY))


def test_the_victim_status_has_a_history_and_a_day_can_be_put_right(register: Register, guest: GuestId) -> None:
    protections = register.protections
    protections.set_status(guest, "PRESUNTA", date(2026, 6, 2))
    protections.set_status(guest, "IDENTIFICATA", date(2026, 6, 10))
    protections.set_status(guest, "IDENTIFICATA", date(2026, 6, 9), instead_of=date(2026, 6, 10))
    found = protections.of_guest(guest)
    assert [(row.status, row.from_day.day) for row in found.statuses] == [("IDENTIFICATA", 9), ("PRESUNTA", 2)]
    protections.remove_status(guest, date(2026, 6, 9))
    now = protections.of_guest(guest).status
    assert now is not None
    assert now.status == "PRESUNTA"


def test_one_form_prevails_by_itself_and_of_several_at_most_one(register: Register, guest: GuestId) -> None:
    protections = register.protections
    protections.set_exploitation(guest, ExploitationForms(("LAV",)))
    assert protections.of_guest(guest).exploitation == ExploitationForms(("LAV",), "LAV")
    protections.set_exploitation(guest, ExploitationForms(("DOM", "LAV", "DOM"), None))
    assert protections.of_guest(guest).exploitation == ExploitationForms(("LAV", "DOM"), None)
    with pytest.raises(FieldMissing):
        protections.set_exploitation(guest, ExploitationForms(("LAV", "DOM"), "SES"))
    protections.set_exploitation(guest, ExploitationForms())
    assert protections.of_guest(guest).exploitation == ExploitationForms()


def test_safety_says_who_wrote_it_and_every_reading_is_noted(register: Register, guest: GuestId) -> None:
    assert register.protections.safety(guest) is None
    register.protections.set_safety(guest, SafetyDraft("ALTO", True, "la stazione", "un cugino", ""))
    found = register.protections.safety(guest)
    assert found == SafetyRow("ALTO", True, "la stazione", "un cugino", None, "S. Bianchi", register.desk.now())
    wanted = [("read", "safety"), ("change", "safety"), ("read", "safety")]
    assert [line for line in noted(register, guest) if line[1] == "safety"] == wanted


LEGAL: list[Callable[[Register, GuestId], object]] = [
    lambda register, guest: register.protections.of_guest(guest),
    lambda register, guest: register.protections.add_permit(PermitDraft(guest, "IRR", TODAY)),
    lambda register, guest: register.protections.set_status(guest, "PRESUNTA", TODAY),
    lambda register, guest: register.protections.set_exploitation(guest, ExploitationForms(("LAV",))),
]
SAFETY: list[Callable[[Register, GuestId], object]] = [
    lambda register, guest: register.protections.safety(guest),
    lambda register, guest: register.protections.set_safety(guest, SafetyDraft("ALTO")),
]


@pytest.mark.parametrize("role", ["SALUTE", "TURNO", "AMMINISTRAZIONE"])
@pytest.mark.parametrize("work", [*LEGAL, *SAFETY])
def test_other_roles_are_refused_by_the_service(
    register: Register, guest: GuestId, role: str, work: Callable[[Register, GuestId], object]
) -> None:
    become(register, role)
    before = noted(register, guest)
    with pytest.raises(RoleMayNot):
        work(register, guest)
    assert noted(register, guest) == before


def test_a_case_worker_reads_the_law_and_not_safety(register: Register, guest: GuestId) -> None:
    become(register, "EDUCATRICE")
    for work in LEGAL:
        work(register, guest)
    for work in SAFETY:
        with pytest.raises(RoleMayNot):
            work(register, guest)
