"""The dates to act before: reckoned in house days, silent when superseded, each for the roles that may read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.errors import FieldMissing, NotFound, RoleMayNot, TermOutOfBounds
from app.models.coverage import Coverage
from app.models.dossier import Consent, Document
from app.models.work import Operator, Setting
from app.reference.ids import GuestId, HouseId, StayId
from app.services.deadline import DeadlineDraft, DeadlineRow
from app.services.guest import GuestDraft
from app.services.protection import PermitDraft
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.stay import StayDraft
from tests.fakes import FakeClock

HOUSE = HouseId(1)
TODAY = date(2026, 6, 15)
ENTERED = date(2026, 1, 10)


def admit(register: Register, name: str = "Rina", **guest: object) -> tuple[GuestId, StayId]:
    return register.stays.admit(GuestDraft(name, **guest), StayDraft(HOUSE, ENTERED))  # type: ignore[arg-type]


def add(register: Register, *rows: object) -> None:
    with register.desk.vault.work() as session:
        session.add_all(rows)


def become(register: Register, role: str) -> None:
    with register.desk.vault.work() as session:
        session.get_one(Operator, register.desk.vault.operator).role = role


def of_house(register: Register) -> list[tuple[str, date]]:
    return [(row.kind, row.due_on) for row in register.deadlines.of_house(HOUSE).rows]


def of_guest(register: Register, guest: GuestId) -> list[tuple[str, date]]:
    return [(row.kind, row.due_on) for row in register.deadlines.of_guest(guest).rows]


def consent(guest: GuestId, answer: str, on: date, withdrawn: date | None = None) -> Consent:
    return Consent(
        guest_id=guest,
        kind="C5",
        answer=answer,
        given_on=on,
        withdrawn_on=withdrawn,
        written_at=datetime(2026, 1, 10, tzinfo=UTC),
    )


def document(guest: GuestId, kind: str, expires: date) -> Document:
    return Document(
        guest_id=guest,
        kind=kind,
        title="x",
        media_type="image/png",
        size=1,
        sha256=f"{guest}{kind}{expires}",
        expires_on=expires,
        added_at=datetime(2026, 1, 10, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("certificate", "reminds", "is_urgent"),
    [
        pytest.param(TODAY - timedelta(days=29), False, False, id="day 29"),
        pytest.param(TODAY - timedelta(days=30), True, False, id="day 30"),
        pytest.param(TODAY - timedelta(days=40), True, True, id="day 40"),
        pytest.param(TODAY - timedelta(days=45), True, True, id="day 45, the last"),
        pytest.param(TODAY - timedelta(days=60), True, True, id="over, and nothing newer"),
    ],
)
def test_the_reflection_period_reminds_on_its_days(
    register: Register, certificate: date, *, reminds: bool, is_urgent: bool
) -> None:
    guest, _ = admit(register)
    register.protections.add_permit(PermitDraft(guest, "REC", certificate))
    end = certificate + timedelta(days=45)
    assert of_guest(register, guest) == [("reflection", end)]
    rows = register.deadlines.of_house(HOUSE).rows
    assert bool(rows) is reminds
    assert all((row.urgent_on <= TODAY) is is_urgent for row in rows)


def test_a_newer_permit_and_a_newer_coverage_silence_the_older(register: Register) -> None:
    guest, _ = admit(register)
    register.protections.add_permit(PermitDraft(guest, "REC", date(2026, 4, 20)))
    add(register, Coverage(guest_id=guest, kind="STP", from_day=date(2025, 12, 20), until_day=date(2026, 6, 20)))
    assert of_house(register) == [("reflection", date(2026, 6, 4)), ("coverage", date(2026, 6, 20))]
    register.protections.add_permit(PermitDraft(guest, "C18", date(2026, 6, 1), date(2027, 6, 1)))
    add(register, Coverage(guest_id=guest, kind="STP", from_day=date(2026, 6, 10)))
    assert of_house(register) == []
    assert of_guest(register, guest) == [("coverage", date(2026, 12, 10)), ("permit", date(2027, 6, 1))]


def test_may_work_from_is_told_a_week_before_and_a_week_after(register: Register, clock: FakeClock) -> None:
    guest, _ = admit(register)
    register.protections.add_permit(PermitDraft(guest, "R18", TODAY))
    day = TODAY + timedelta(days=45)
    seen = {}
    for offset in (-8, -7, 0, 7, 8):
        clock.moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=offset)
        seen[offset] = bool(of_house(register))
    assert seen == {-8: False, -7: True, 0: True, 7: True, 8: False}


def test_of_documents_of_one_kind_only_the_longest_lasting_counts(register: Register) -> None:
    guest, _ = admit(register)
    old, new = date(2026, 6, 20), date(2026, 7, 20)
    add(register, document(guest, "PASSAP", old), document(guest, "PASSAP", new), document(guest, "CARTAID", old))
    assert of_house(register) == [("document", old), ("document", new)]


def test_a_guest_who_turns_eighteen_is_told_ninety_days_before(register: Register) -> None:
    mother, _ = admit(register)
    admit(register, "Ada", birth_date=date(2008, 9, 13), birth_quality="CERTA", together_with=mother)
    admit(register, "Bea", birth_date=date(2008, 9, 14), birth_quality="CERTA", together_with=mother)
    assert of_house(register) == [("adult", date(2026, 9, 13))]


def test_the_next_check_of_a_visit_waits_until_a_later_referral_takes_it_up(register: Register) -> None:
    guest, _ = admit(register)
    first = register.referrals.request(ReferralDraft(guest, "CON", date(2026, 6, 1)))
    register.referrals.close(first, "SVOLTO", date(2026, 6, 10))
    with register.desk.vault.work() as session:
        from app.models.service import Referral

        session.get_one(Referral, first).follow_up_on = date(2026, 6, 18)
    assert of_house(register) == [("referral", date(2026, 6, 18))]
    second = register.referrals.request(ReferralDraft(guest, "CON", TODAY))
    with register.desk.vault.work() as session:
        session.get_one(Referral, second).follow_up_of_id = first
    assert of_house(register) == []


def test_who_left_is_silent_but_for_the_follow_ups_she_agreed_to(register: Register, clock: FakeClock) -> None:
    guest, stay = admit(register)
    register.protections.add_permit(PermitDraft(guest, "C18", date(2025, 6, 20), date(2026, 6, 20)))
    register.deadlines.add(DeadlineDraft(guest, date(2026, 6, 18), "udienza"))
    register.stays.end(stay, TODAY, "AUT", "CAS_AFF")
    assert of_house(register) == of_guest(register, guest) == [("note", date(2026, 6, 18))]  # written on that day
    clock.moment = datetime(2026, 9, 10, 12, tzinfo=UTC)
    assert of_guest(register, guest) == [("note", date(2026, 6, 18))]
    add(register, consent(guest, "SI", TODAY))
    assert of_house(register)[-1] == ("follow_up", date(2026, 9, 15))
    assert of_guest(register, guest)[-2:] == [("follow_up", date(2026, 12, 15)), ("follow_up", date(2027, 6, 15))]
    add(register, consent(guest, "SI", date(2026, 7, 1), withdrawn=date(2026, 8, 1)))
    assert of_house(register) == [("note", date(2026, 6, 18))]


def test_what_was_written_before_the_exit_is_silent_after_it(register: Register, clock: FakeClock) -> None:
    guest, stay = admit(register)
    register.deadlines.add(DeadlineDraft(guest, date(2026, 6, 25), "udienza"))
    clock.moment = datetime(2026, 6, 18, 12, tzinfo=UTC)
    register.stays.end(stay, date(2026, 6, 18), "AUT", "CAS_AFF")
    assert of_guest(register, guest) == []


def test_nobody_is_sought_after_a_death(register: Register, clock: FakeClock) -> None:
    guest, stay = admit(register)
    register.stays.end(stay, TODAY, "DEC", "NON_NOTA")
    add(register, consent(guest, "SI", TODAY))
    clock.moment = datetime(2026, 9, 15, 12, tzinfo=UTC)
    assert of_house(register) == []


def test_a_follow_up_that_is_done_does_not_come_back(register: Register, clock: FakeClock) -> None:
    guest, stay = admit(register)
    register.stays.end(stay, TODAY, "AUT", "CAS_AFF")
    add(register, consent(guest, "SI", TODAY))
    clock.moment = datetime(2026, 9, 15, 12, tzinfo=UTC)
    row = register.deadlines.of_house(HOUSE).rows[0]
    register.deadlines.finish(row)
    assert of_house(register) == []
    found = register.deadlines.of_guest(guest)
    assert [row.due_on for row in found.done] == [date(2026, 9, 15)]
    assert [row.kind for row in found.rows] == ["follow_up", "follow_up"]


def test_a_deadline_by_hand_is_written_changed_done_and_taken_back(register: Register) -> None:
    guest, _ = admit(register)
    number = register.deadlines.add(DeadlineDraft(guest, date(2026, 6, 30), " chiamare l’avvocata "))
    assert of_house(register) == []  # it reminds a week before
    register.deadlines.change(number, DeadlineDraft(guest, date(2026, 6, 22), "chiamare l’avvocata"))
    row = register.deadlines.of_house(HOUSE).rows[0]
    assert (row.what, row.id) == ("chiamare l’avvocata", number)
    register.deadlines.finish(row)
    assert of_house(register) == []
    assert register.deadlines.of_guest(guest).done[0].done_on == TODAY
    register.deadlines.reopen(number)
    assert of_house(register) == [("note", date(2026, 6, 22))]
    with pytest.raises(FieldMissing):
        register.deadlines.add(DeadlineDraft(guest, TODAY, "  "))
    with pytest.raises(NotFound):
        register.deadlines.change(number, DeadlineDraft(admit(register, "Joy")[0], TODAY, "x"))


def test_what_ends_by_itself_cannot_be_marked_as_done(register: Register) -> None:
    guest, _ = admit(register)
    register.protections.add_permit(PermitDraft(guest, "C18", date(2025, 6, 20), date(2026, 6, 20)))
    with pytest.raises(NotFound):
        register.deadlines.finish(register.deadlines.of_house(HOUSE).rows[0])


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("COORDINAMENTO", {"permit", "coverage", "document", "adult", "note"}),
        ("EDUCATRICE", {"permit", "coverage", "document", "adult", "note"}),
        ("SALUTE", {"coverage", "adult"}),
        ("TURNO", {"adult"}),
        ("AMMINISTRAZIONE", {"adult"}),
    ],
)
def test_each_role_reads_its_own_dates_and_is_told_how_many_others_there_are(
    register: Register, role: str, seen: set[str]
) -> None:
    guest, _ = admit(register)
    admit(register, "Ada", birth_date=date(2008, 6, 16), birth_quality="CERTA", together_with=guest)
    soon = date(2026, 6, 17)
    register.protections.add_permit(PermitDraft(guest, "C18", date(2025, 6, 20), soon))
    register.deadlines.add(DeadlineDraft(guest, soon, "udienza"))
    add(
        register,
        Coverage(guest_id=guest, kind="STP", from_day=date(2025, 12, 17), until_day=soon),
        document(guest, "PASSAP", soon),
    )
    become(register, role)
    found = register.deadlines.of_house(HOUSE)
    assert {row.kind for row in found.rows} == seen
    assert len(found.rows) + found.reserved == 5
    assert found.reserved == found.reserved_soon
    if "note" not in seen:
        with pytest.raises(RoleMayNot):
            register.deadlines.add(DeadlineDraft(guest, soon, "x"))


def test_a_health_document_is_for_those_who_see_both(register: Register) -> None:
    guest, _ = admit(register)
    row = DeadlineRow("document", guest, "X", "Rina", TODAY, TODAY, TODAY, what="TESSERA")
    assert row.may_be_read_by("EDUCATRICE")
    assert not row.may_be_read_by("SALUTE")
    assert not row.may_be_read_by(None)


def test_the_dates_of_another_house_are_not_of_this_one(register: Register) -> None:
    from app.services.house import HouseDraft

    other = register.houses.add(HouseDraft("Casa B", "DONNE", "PASTI", "PRI", capacity=3))
    guest, _ = register.stays.admit(GuestDraft("Joy"), StayDraft(other, ENTERED))
    register.deadlines.add(DeadlineDraft(guest, TODAY, "x"))
    assert of_house(register) == []
    assert [row.kind for row in register.deadlines.of_house(other).rows] == ["note"]


def test_the_shelter_changes_a_term_and_only_the_coordination_may(register: Register) -> None:
    guest, _ = admit(register)
    register.protections.add_permit(PermitDraft(guest, "REC", date(2026, 6, 1)))
    usual = register.settings.terms()
    register.settings.change_terms(replace(usual, reflection_days=60, reflection_first=10))
    assert of_house(register) == [("reflection", date(2026, 7, 31))]
    register.settings.change_terms(usual)
    with register.desk.vault.work() as session:
        assert not session.query(Setting).filter(Setting.name.startswith("term_")).count()
    with pytest.raises(TermOutOfBounds):
        register.settings.change_terms(replace(usual, coverage_months=0))
    become(register, "EDUCATRICE")
    with pytest.raises(RoleMayNot):
        register.settings.change_terms(usual)


def test_the_house_day_decides_not_the_calendar(register: Register, clock: FakeClock) -> None:
    guest, _ = admit(register)
    register.deadlines.add(DeadlineDraft(guest, date(2026, 6, 22), "x"))
    clock.moment = datetime(2026, 6, 15, 3, 59, tzinfo=UTC)  # 05:59 in the house: still the 14th
    assert of_house(register) == []
    clock.moment = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
    assert of_house(register) == [("note", date(2026, 6, 22))]
