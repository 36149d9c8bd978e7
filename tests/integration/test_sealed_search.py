"""The search in what is sealed: found after unlocking by who holds the key, current, in no file, gone at the lock."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app import errors
from app.models.service import Referral
from app.models.stay import Stay
from app.reference.ids import GuestId, HouseId
from app.services.document import DocumentDraft
from app.services.guest import GuestDraft
from app.services.operator import OperatorDraft
from app.services.referral import ReferralDraft
from app.services.register import Register, build_register
from app.services.stay import StayDraft
from tests.conftest import PASSPHRASE

TODAY = date(2026, 6, 15)
HERS = "sette rondini sul tetto"
ALL = {"referral", "document"}
PDF = b"%PDF-1.4 one page"


@pytest.fixture
def rina(register: Register) -> GuestId:
    guest, _ = register.stays.admit(GuestDraft("Rina"), StayDraft(HouseId(1), date(2026, 5, 1)))
    register.referrals.request(ReferralDraft(guest, "MMG", TODAY, reason="Portare l’insulina in frigo"))
    register.documents.add(DocumentDraft(guest, "ALTRO", "application/pdf", PDF, "Ricevuta insulina"))
    return guest


def found(register: Register, typed: str) -> set[str]:
    while register.searches.find(typed).is_reading:
        register.searches.read_on()
    return {hit.kind for hit in register.searches.find(typed).hits} & ALL


def stay_of(session: Session) -> int:
    return session.scalars(select(Stay.id)).one()


def test_what_is_sealed_is_found_by_its_words_and_not_in_the_store(register: Register, rina: GuestId) -> None:
    assert found(register, "insu") == ALL
    assert found(register, "insulina frigo") == {"referral"}
    with register.desk.vault.work() as session:
        link = session.connection()
        matching = "SELECT count(*) FROM search WHERE search MATCH 'insulina*'"
        assert link.exec_driver_sql(matching).scalar() == 0


@pytest.mark.parametrize("role", ["TURNO", "SALUTE", "AMMINISTRAZIONE"])
def test_without_the_key_nothing_sealed_is_found_and_that_is_said(register: Register, rina: GuestId, role: str) -> None:
    register.operators.add(OperatorDraft("M. Ferri", role), HERS)
    assert found(register, "insulina") == ALL
    register.access.lock()
    register.access.unlock(HERS)
    assert found(register, "insulina") == ({"referral"} if role == "SALUTE" else set())
    assert register.searches.find("insulina").is_partial
    with register.desk.vault.work() as session:  # another role in the store is not another key
        session.connection().exec_driver_sql("UPDATE operator SET role = 'COORDINAMENTO'")
    assert found(register, "insulina") <= {"referral"}
    assert register.searches.find("insulina").is_partial


def test_it_follows_every_change_whoever_makes_it(register: Register, rina: GuestId) -> None:
    assert found(register, "pressione") == set()
    register.referrals.request(ReferralDraft(rina, "MMG", TODAY, reason="Pressione alta"))
    assert found(register, "pressione") == {"referral"}
    with register.desk.vault.work() as session:
        row = session.scalars(select(Referral).order_by(Referral.id.desc())).first()
        assert row is not None
        row.reason = "Vista"
        row.place = "Ambulatorio delle Grazie"
    assert found(register, "pressione") == set()
    assert found(register, "vista grazie") == {"referral"}
    with register.desk.vault.work() as session:
        session.execute(delete(Referral))
        values = {"stay_id": stay_of(session), "requested_on": TODAY, "service": "MMG", "urgency": "PROGRAMMATO"}
        session.execute(insert(Referral).values(**values, outcome="IN_ATTESA", reason="Denti"))
    assert found(register, "vista") == found(register, "frigo") == set()
    assert found(register, "denti") == {"referral"}
    with register.desk.vault.work() as session:  # her documents go with her
        session.execute(delete(Referral))
        session.connection().exec_driver_sql("DELETE FROM document")
    assert found(register, "insulina") == set()


def change_and_fail(register: Register) -> None:
    with register.desk.vault.work() as session:
        for row in session.scalars(select(Referral)):
            row.reason = "Pressione"
        session.flush()
        session.connection().exec_driver_sql("INSERT INTO nowhere VALUES (1)")


def test_what_was_undone_is_not_found(register: Register, rina: GuestId) -> None:
    assert found(register, "insulina") == ALL
    with pytest.raises(errors.VaultError):
        change_and_fail(register)
    assert found(register, "insulina") == ALL
    assert found(register, "pressione") == set()


def test_what_another_program_writes_is_found_too(register: Register, rina: GuestId) -> None:
    assert found(register, "pressione") == set()
    other = build_register(register.desk.vault.beside(register.access.folder), register.desk.clock)
    other.access.unlock(PASSPHRASE)
    other.referrals.request(ReferralDraft(rina, "MMG", TODAY, reason="Pressione alta"))
    other.access.lock()
    assert found(register, "pressione") == {"referral"}


def test_a_change_of_keys_leaves_the_search_as_it_was(register: Register, rina: GuestId) -> None:
    assert found(register, "insulina") == ALL
    register.operators.ask_new_keys()
    register.operators.renew_keys()
    assert found(register, "insulina") == ALL
    register.referrals.request(ReferralDraft(rina, "MMG", TODAY, reason="Pressione alta"))
    assert found(register, "pressione") == {"referral"}


def test_much_is_read_a_moment_at_a_time_the_newest_first_and_people_do_not_wait(
    register: Register, rina: GuestId
) -> None:
    with register.desk.vault.work() as session:
        stay = stay_of(session)
        session.add_all(
            Referral(
                stay_id=stay, requested_on=TODAY, service="MMG", urgency="PROGRAMMATO", outcome="IN_ATTESA",
                reason=f"Parola{n} comune {'antica' if n == 0 else ''}",
            )
            for n in range(120)
        )  # fmt: skip
    register.searches.moment = 0  # a slice at a time
    first = register.searches.find("rina")
    assert first.is_reading
    assert [hit.kind for hit in first.hits] == ["guest"]
    assert "referral" in {hit.kind for hit in register.searches.find("parola119").hits}
    steps = 1
    while not register.searches.read_on():
        steps += 1
    assert steps > 1
    answer = register.searches.find("antica")
    assert not answer.is_reading
    assert [hit.kind for hit in answer.hits] == ["referral"]
    assert register.searches.find("comune").has_more


def test_the_lock_forgets_every_word_and_no_file_ever_had_one(
    register: Register, rina: GuestId, vault_folder: Path
) -> None:
    assert found(register, "insulina") == ALL
    readings = vars(register.searches)["_sealed"]
    assert any(len(each.index) for each in vars(readings)["_readings"].values())
    assert all(b"nsulina" not in path.read_bytes() for path in vault_folder.iterdir())
    register.access.lock()
    assert not any(len(each.index) for each in vars(readings)["_readings"].values())
    assert all(b"nsulina" not in path.read_bytes() for path in vault_folder.iterdir())
    register.access.unlock(PASSPHRASE)
    assert found(register, "insulina") == ALL


def test_a_damaged_value_is_passed_over(register: Register, rina: GuestId) -> None:
    with register.desk.vault.work() as session:
        link = session.connection()
        link.exec_driver_sql("UPDATE referral SET reason = x'0102'")
        link.exec_driver_sql("UPDATE document SET kind = 7")
    assert found(register, "insulina") == {"document"}
    assert found(register, "aperto") == set()  # nor is the sentence in its place
