"""Sheet A in one transaction: all or nothing; children are counted, and what is reserved stays reserved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from app import errors
from app.models.coverage import Coverage
from app.models.dossier import Consent, PaperGiven
from app.models.guest import Guest, Household
from app.models.protection import LegalStatus, VictimStatus
from app.models.schema import metadata
from app.models.stay import CustodyItem, StayNeed
from app.models.work import Operator, TrailEntry
from app.reference.ids import BedId, GuestId, HouseId, OperatorId
from app.services.chain import append
from app.services.custody import CustodyDraft
from app.services.guest import GuestDraft
from app.services.intake import CompanionDraft, EntryFacts, IntakeDraft
from app.services.register import Register
from app.services.stay import StayDraft
from app.vault.vault import Vault

HOUSE = HouseId(1)
TODAY = date(2026, 6, 15)
MAY = date(2026, 5, 1)
RINA = GuestDraft(
    "Rina", "Rina", "Begum", date(1998, 1, 1), "CERTA", "F", ("BGD",), ("bn", "en"), case_worker=OperatorId(1)
)
FULL = IntakeDraft(
    StayDraft(HOUSE, MAY, bed=BedId(1), referral_source="UDS", referrer_name=" Anna ", referrer_phone="02 123"),
    guest=RINA,
    companions=(
        CompanionDraft("Ada", date(2020, 1, 1), "APPROSS", bed=BedId(2)),
        CompanionDraft("Sami", date(2025, 10, 1)),
    ),
    needs=("VESTITI", "FARMACI"),
    things=(CustodyDraft("PASSAP", "AB1"), CustodyDraft("CHIAVI", None, "OSPITE")),
    papers=("INFORM", "REGOLE"),
    language="bn",
    interpreter="TELEFONO",
    consent="SI",
    coverage="STP",
    coverage_until=date(2026, 11, 1),
    victim_status="PRESUNTA",
)


def rows(register: Register, kind: type[Any]) -> list[Any]:
    with register.desk.vault.work() as session:
        return list(session.scalars(select(kind)))


def counts(register: Register) -> dict[str, int]:
    with register.desk.vault.work() as session:
        tables: Iterable[Any] = metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def as_role(register: Register, role: str) -> None:
    with register.desk.vault.work() as session:
        session.get_one(Operator, 1).role = role


def test_the_whole_sheet_is_written_at_once(register: Register) -> None:
    made = register.intakes.admit(FULL)
    card = register.guests.card(made.guest)
    stay = card.stays[0]
    assert (stay.bed, stay.referrer_name, stay.needs) == ("1A", "Anna", ("VESTITI", "FARMACI"))
    assert (card.case_worker, [(c.name_used, c.age, c.is_minor) for c in card.companions]) == (
        "S. Bianchi",
        [("Ada", 6, True), ("Sami", 0, True)],
    )
    assert {row.bed for row in register.guests.list_rows(HOUSE)} == {"1A", "1B", ""}
    assert [(row.kind, row.language, row.interpreter) for row in rows(register, PaperGiven)] == [
        ("INFORM", "bn", "TELEFONO"),
        ("REGOLE", "bn", "TELEFONO"),
    ]
    assert [(row.kind, row.answer, row.given_on) for row in rows(register, Consent)] == [("C1", "SI", MAY)]
    assert [(row.kind, row.until_day) for row in rows(register, Coverage)] == [("STP", date(2026, 11, 1))]
    assert [(row.status, row.from_day) for row in rows(register, VictimStatus)] == [("PRESUNTA", MAY)]
    assert [(row.kind, row.handed_on, row.handed_by) for row in rows(register, CustodyItem)] == [
        ("PASSAP", MAY, 1),
        ("CHIAVI", MAY, 1),
    ]
    assert len(made.companions) == 2
    noted = [(row.action, row.subject) for row in rows(register, TrailEntry)]
    for line in (("add", "guest"), ("begin", "stay"), ("hand_over", "custody"), ("answer", "consent")):
        assert line in noted


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"coverage_until": date(2026, 4, 1)}, errors.ExpiresBeforeEntry),
        ({"needs": ("VESTITI", "BOH")}, errors.UnknownCode),
        ({"consent": "FORSE"}, errors.UnknownCode),
        ({"things": (CustodyDraft("BOH"),)}, errors.UnknownCode),
        ({"things": (CustodyDraft("PASSAP", handed_on=date(2026, 4, 1)),)}, errors.CustodyOutsideStay),
        ({"victim_from": date(2026, 7, 1)}, errors.DayInFuture),
        ({"companions": (CompanionDraft("Ada", bed=BedId(1)),)}, errors.BedTaken),
        ({"companions": (CompanionDraft(" "),)}, errors.FieldMissing),
        ({"language": "klingon"}, errors.UnknownCode),
        ({"together_with": GuestId(999)}, errors.NotFound),
        ({"guest": replace(RINA, case_worker=OperatorId(9))}, errors.NotFound),
        ({"guest": None}, errors.FieldMissing),
    ],
)
def test_whatever_is_refused_leaves_nothing_behind(
    register: Register, change: dict[str, Any], refusal: type[errors.ApprodoError]
) -> None:
    before = counts(register)
    with pytest.raises(refusal):
        register.intakes.admit(replace(FULL, **change))
    assert counts(register) == before


def test_a_minor_mother_needs_a_reason_and_her_baby_carries_it(register: Register) -> None:
    young = replace(FULL, guest=replace(RINA, birth_date=date(2009, 1, 1)))
    with pytest.raises(errors.MinorAmongAdults):
        register.intakes.admit(young)
    register.intakes.admit(replace(young, stay=replace(FULL.stay, minor_reason="emergenza")))
    assert {row.name_used for row in register.guests.list_rows(HOUSE)} == {"Rina", "Ada", "Sami"}


def test_somebody_known_comes_back_with_her_children(register: Register) -> None:
    first = register.intakes.admit(FULL)
    for stay in (first.stay, *(stay for _, stay in first.companions)):
        register.stays.end(stay, date(2026, 6, 1), "AUT", "CAS_AFF")
    ada = first.companions[0][0]
    again = IntakeDraft(
        StayDraft(HOUSE, TODAY), known=first.guest, companions=(CompanionDraft(known=ada), CompanionDraft("Noor"))
    )
    made = register.intakes.admit(again)
    assert made.guest == first.guest
    assert {row.name_used for row in register.guests.list_rows(HOUSE)} == {"Rina", "Ada", "Noor"}
    with register.desk.vault.work() as session:
        assert session.scalar(select(func.count()).select_from(Household)) == 1
        assert session.scalar(select(func.count()).select_from(Guest)) == 4


def test_whoever_receives_her_may_write_health_needs_and_only_some_read_them(register: Register) -> None:
    as_role(register, "TURNO")
    made = register.intakes.admit(FULL)
    stay = register.guests.card(made.guest).stays[0]
    assert (stay.needs, stay.needs_reserved) == (("VESTITI",), True)
    register.intakes.change_needs(made.stay, ("CIBO",))
    as_role(register, "SALUTE")
    assert register.guests.card(made.guest).stays[0].needs == ("CIBO", "FARMACI")
    register.intakes.change_needs(made.stay, ())
    assert not rows(register, StayNeed)


def test_a_status_that_is_written_for_that_day_is_not_replaced_by_who_may_not_read_it(register: Register) -> None:
    made = register.intakes.admit(IntakeDraft(StayDraft(HOUSE, MAY), GuestDraft("Ada"), victim_status="IDENTIFICATA"))
    register.stays.end(made.stay, MAY, "AUT", "CAS_AFF")
    as_role(register, "TURNO")
    register.intakes.admit(IntakeDraft(StayDraft(HOUSE, MAY), known=made.guest, victim_status="PRESUNTA"))
    assert [row.status for row in rows(register, VictimStatus)] == ["IDENTIFICATA"]


def test_permit_and_exit_reason_are_on_the_card_only_for_who_may_read_them(register: Register) -> None:
    made = register.intakes.admit(replace(FULL, companions=()))
    with register.desk.vault.work() as session:
        session.add(LegalStatus(guest_id=made.guest, permit="C18", from_day=MAY))
    register.stays.end(made.stay, TODAY, "AUT", "CAS_AFF")
    card = register.guests.card(made.guest)
    assert (card.permit, card.stays[0].exit_reason) == ("C18", "AUT")
    as_role(register, "TURNO")
    card = register.guests.card(made.guest)
    assert (card.permit, card.stays[0].exit_reason, card.stays[0].destination) == (None, None, "CAS_AFF")


def test_an_entry_is_put_right_without_touching_a_night(register: Register) -> None:
    made = register.intakes.admit(FULL)
    from app.ui.presenters.entry import moment_of, read_hour

    hour = read_hour("1:30")
    assert hour is not None
    facts = EntryFacts(moment_of(MAY, hour), "SPO", "Carla", None, None)
    register.intakes.change_entry(made.stay, facts)
    assert register.intakes.entry_facts(made.stay) == facts
    with pytest.raises(errors.HourOutsideDay):
        register.intakes.change_entry(made.stay, replace(facts, entered_at=moment_of(TODAY, hour)))


def test_who_else_opened_a_card_last_is_known(register: Register) -> None:
    made = register.intakes.admit(FULL)
    register.guests.card(made.guest)
    assert register.guests.last_access(made.guest) is None
    with register.desk.vault.work() as session:
        session.add(Operator(id=2, login="mferri", display_name="M. Ferri", role="TURNO"))
        session.flush()
        append(session, "read", "guest", made.guest, at=register.desk.now(), operator=2)
    register.guests.card(made.guest)
    access = register.guests.last_access(made.guest)
    assert access is not None
    assert access.by == "M. Ferri"


def test_the_vault_keeps_no_word_in_clear(register: Register, vault_folder: Any) -> None:
    register.intakes.admit(replace(FULL, stay=replace(FULL.stay, referrer_name="ZANZIBAR-CANARY")))
    assert isinstance(register.desk.vault, Vault)
    for path in vault_folder.rglob("*"):
        if path.is_file():
            assert b"ZANZIBAR-CANARY" not in path.read_bytes()
