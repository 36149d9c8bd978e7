"""Accessi: every line about a guest and nothing about another, by kind and person, in pages, and quickly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from app.errors import RoleMayNot
from app.models.guest import Guest
from app.models.work import Operator
from app.reference.ids import BedId, GuestId, HouseId
from app.services.chain import append
from app.services.coverage import CoverageDraft
from app.services.custody import CustodyDraft
from app.services.diary import DiaryDraft
from app.services.document import PDF, DocumentDraft
from app.services.guest import GuestDraft
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.stay import StayDraft
from app.services.trail import KINDS, OUT, READ, RECOVERY, REMOVE, REVEAL, WRITE, TrailWish, kind_of
from tests.fakes import FakeClock
from tests.long_trail import add_lines

TODAY = date(2026, 6, 15)


@pytest.fixture
def rina(register: Register) -> GuestId:
    return register.stays.admit(GuestDraft("Rina"), StayDraft(HouseId(1), date(2026, 5, 1)))[0]


def lines(register: Register, guest: GuestId, wish: TrailWish | None = None) -> list[tuple[str, str]]:
    page = register.trails.of_guest(guest, wish or TrailWish())
    return [(line.action, line.subject) for line in page.lines]


def test_what_was_done_with_her_and_all_that_is_hers_is_there_newest_first(
    register: Register, rina: GuestId, clock: FakeClock
) -> None:
    stay = register.guests.card(rina).stays[0].id
    register.guests.reveal(rina)
    register.stays.change_bed(stay, BedId(1), TODAY)
    register.referrals.request(ReferralDraft(rina, "CON", TODAY))
    register.documents.delete(register.documents.add(DocumentDraft(rina, "CF", PDF, b"%PDF-1")))
    register.diaries.write(DiaryDraft(rina, TODAY, "ALTRO", "nota"))
    joy, _ = register.stays.admit(GuestDraft("Joy"), StayDraft(HouseId(1), TODAY))
    register.guests.reveal(joy)
    found = lines(register, rina)
    assert found[:2] == [("add", "diary"), ("delete", "document")]
    for wanted in (("reveal", "guest"), ("change_bed", "stay"), ("request", "referral"), ("begin", "stay")):
        assert found.count(wanted) == 1
    assert lines(register, rina)[0] == ("read", "trail"), "reading the trail is noted as well"


def test_older_lines_come_in_pages_without_gap_or_repetition(register: Register, rina: GuestId) -> None:
    for _ in range(25):
        register.guests.reveal(rina)
    everything = register.trails.of_guest(rina, TrailWish(size=1000)).lines
    got, before = [], everything[0].id + 1
    while True:
        page = register.trails.of_guest(rina, TrailWish(before=before, size=10))
        got += page.lines
        if not page.more:
            break
        before = page.lines[-1].id
    assert got == list(everything)


def test_lines_are_kept_by_kind_and_person(register: Register, rina: GuestId) -> None:
    register.guests.card(rina)
    register.guests.reveal(rina)
    with register.desk.vault.work() as session:
        session.add(Operator(login="mf", display_name="M. Ferri", role="TURNO", slot=None))
        session.flush()
        for who, action in ((2, "print"), (None, "delete")):
            append(session, action, "document", rina, at=register.desk.now(), operator=who)
    assert lines(register, rina, TrailWish(kind=REVEAL)) == [("reveal", "guest")]
    assert lines(register, rina, TrailWish(person=2)) == [("print", "document")]
    assert lines(register, rina, TrailWish(person=RECOVERY)) == [("delete", "document")]
    assert lines(register, rina, TrailWish(kind=OUT, person=2)) == [("print", "document")]
    assert {action for action, _ in lines(register, rina, TrailWish(kind=WRITE))} == {"add", "begin"}
    by_kind = sum(len(lines(register, rina, TrailWish(kind=kind, size=1000, before=10**6))) for kind in KINDS)
    assert by_kind == len(lines(register, rina, TrailWish(size=1000, before=10**6)))


@pytest.mark.parametrize(
    ("action", "kind"),
    [("read", READ), ("list", READ), ("view", READ), ("reveal", REVEAL), ("print", OUT), ("copy_out", OUT),
     ("delete", REMOVE), ("remove_level", REMOVE), ("change_bed", WRITE), ("withdraw", WRITE)],
)  # fmt: skip
def test_every_action_is_of_one_kind(action: str, kind: str) -> None:
    assert kind_of(action) == kind


def test_what_was_done_with_a_record_that_was_joined_into_hers_is_hers(register: Register, rina: GuestId) -> None:
    joy, _ = register.stays.admit(GuestDraft("Joy"), StayDraft(HouseId(1), date(2026, 5, 1)))
    register.guests.reveal(joy)
    assert ("reveal", "guest") not in lines(register, rina)
    with register.desk.vault.work() as session:
        session.get_one(Guest, joy).merged_into_id = rina
    assert ("reveal", "guest") in lines(register, rina)


def test_a_number_that_is_given_again_mixes_up_nobody(register: Register, rina: GuestId) -> None:
    joy, _ = register.stays.admit(GuestDraft("Joy"), StayDraft(HouseId(1), date(2026, 5, 1)))
    draft = CoverageDraft("STP", TODAY)
    first = register.coverages.add(rina, draft)
    register.coverages.withdraw(first)
    assert register.coverages.add(joy, draft) == first
    register.coverages.reveal(first)
    assert [line for line in lines(register, rina) if line[1] == "coverage"] == [
        ("withdraw", "coverage"),
        ("add", "coverage"),
    ]
    assert [line for line in lines(register, joy) if line[1] == "coverage"] == [
        ("reveal", "coverage"),
        ("add", "coverage"),
    ]


def test_what_was_done_with_an_annulled_stay_stays_on_her_card(register: Register) -> None:
    ada, stay = register.stays.admit(GuestDraft("Ada"), StayDraft(HouseId(1), date(2026, 6, 1)))
    register.referrals.request(ReferralDraft(ada, "CON", TODAY))
    register.custodies.hand_over(stay, [CustodyDraft("PASSAP")])
    annulled = register.corrections.annul(stay, "mai entrata")
    bea, again = register.stays.admit(GuestDraft("Bea"), StayDraft(HouseId(1), date(2026, 6, 2)))
    register.stays.change_bed(again, BedId(1), TODAY)
    hers = lines(register, ada)
    for wanted in (("begin", "stay"), ("annul", "stay"), ("request", "referral"), ("hand_over", "custody")):
        assert hers.count(wanted) == 1
    assert ("change_bed", "stay") not in hers
    others = lines(register, bea)
    assert ("change_bed", "stay") in others
    assert others.count(("begin", "stay")) == 1
    assert ("annul", "stay") not in others
    register.corrections.restore(annulled)
    assert ("restore", "stay") in lines(register, ada)
    assert lines(register, ada).count(("begin", "stay")) == 1


def test_records_joined_one_after_the_other_are_all_hers(register: Register, rina: GuestId) -> None:
    second, third = (register.stays.admit(GuestDraft(n), StayDraft(HouseId(1), TODAY))[0] for n in ("Joy", "Ada"))
    register.guests.reveal(third)
    with register.desk.vault.work() as session:
        session.get_one(Guest, third).merged_into_id = second
        session.get_one(Guest, second).merged_into_id = rina
    assert ("reveal", "guest") in lines(register, rina)


def test_only_coordination_reads_it(register: Register, rina: GuestId) -> None:
    with register.desk.vault.work() as session:
        session.get_one(Operator, 1).role = "EDUCATRICE"
    with pytest.raises(RoleMayNot):
        register.trails.of_guest(rina)


def test_a_long_trail_is_read_by_its_index(
    register: Register, rina: GuestId, clock: FakeClock, record_property: Callable[[str, object], None]
) -> None:
    from time import perf_counter

    now = register.desk.now()
    with register.desk.vault.work() as session:
        add_lines(session, 60_000, now)
    plans: list[str] = []
    from sqlalchemy import event

    engine = register.desk.vault._engine
    assert engine is not None

    def explain(link: object, cursor: object, statement: str, values: object, *_: object) -> None:
        if statement.startswith("SELECT trail"):
            rows = cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()  # type: ignore[attr-defined]
            plans.extend(str(row[-1]) for row in rows)

    event.listen(engine, "before_cursor_execute", explain)
    began = perf_counter()
    assert lines(register, rina)
    record_property("seconds", perf_counter() - began)
    assert any("ix_trail_subject" in step for step in plans)
    assert not any(step.startswith("SCAN trail") for step in plans), plans
