"""Handover notes: read marks that say who and when, an honest count of what is unread, done and taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.errors import FieldMissing, NotFound, RoleMayNot
from app.models.shift import Handover
from app.models.work import Operator
from app.reference.ids import GuestId, HandoverId, HouseId
from app.services.guest import GuestDraft
from app.services.handover import HandoverDraft, UnreadHandovers
from app.services.register import Register
from app.services.stay import StayDraft
from tests.fakes import FakeClock

HOUSE = HouseId(1)


@pytest.fixture
def other(register: Register) -> int:
    """Another operator, whose notes the one at the desk has to read."""
    with register.desk.vault.work() as session:
        colleague = Operator(login="mferri", display_name="M. Ferri", role="TURNO")
        session.add(colleague)
        session.flush()
        return colleague.id


def left_by(
    register: Register, operator: int, text: str = "nota", *, days_ago: int = 0, urgent: bool = False
) -> HandoverId:
    with register.desk.vault.work() as session:
        note = Handover(
            house_id=HOUSE,
            text=text,
            is_urgent=urgent,
            written_by=operator,
            written_at=register.desk.now() - timedelta(days=days_ago, minutes=1),
        )
        session.add(note)
        session.flush()
        return HandoverId(note.id)


def texts(register: Register, **kwargs: int) -> list[str]:
    return [row.text for row in register.handovers.list_rows(HOUSE, **kwargs).rows]


def test_a_note_is_unread_until_its_reader_says_so(register: Register, other: int, clock: FakeClock) -> None:
    mine = register.handovers.write(HandoverDraft(HOUSE, "la caldaia"))
    theirs = left_by(register, other, urgent=True)
    assert register.handovers.unread(HOUSE) == UnreadHandovers(1, 1)
    register.handovers.list_rows(HOUSE)  # looking is not reading
    assert register.handovers.unread(HOUSE).count == 1
    clock.advance(timedelta(minutes=10))
    register.handovers.read([theirs])
    register.handovers.read([theirs, mine])  # a second mark changes nothing
    rows = {row.id: row for row in register.handovers.list_rows(HOUSE).rows}
    assert register.handovers.unread(HOUSE) == UnreadHandovers()
    assert [(mark.name, mark.mine) for mark in rows[theirs].reads] == [("S. Bianchi", True)]
    assert rows[theirs].reads[0].at == clock.moment
    assert rows[mine].mine
    assert not rows[mine].unread


def test_what_is_to_be_read_comes_first_and_the_urgent_before_it(register: Register, other: int) -> None:
    left_by(register, other, "ieri", days_ago=1)
    left_by(register, other, "urgente", days_ago=2, urgent=True)
    register.handovers.write(HandoverDraft(HOUSE, "mia"))
    done = left_by(register, other, "fatta")
    register.handovers.finish(done)
    assert texts(register) == ["urgente", "ieri", "mia", "fatta"]


def test_the_list_looks_back_fourteen_days_and_more_on_demand(register: Register, other: int) -> None:
    left_by(register, other, "vecchia", days_ago=20)
    left_by(register, other, "nuova")
    book = register.handovers.list_rows(HOUSE)
    assert ([row.text for row in book.rows], book.has_older, book.unread) == (["nuova"], True, 1)
    assert register.handovers.unread(HOUSE).count == 1
    assert texts(register, days=56) == ["nuova", "vecchia"]
    assert not register.handovers.list_rows(HOUSE, days=56).has_older


def test_done_says_by_whom_and_can_be_taken_back(register: Register, other: int) -> None:
    note = left_by(register, other)
    register.handovers.finish(note)
    row = register.handovers.list_rows(HOUSE).rows[0]
    assert (row.done_by, row.done_at) == ("S. Bianchi", register.desk.now())
    assert register.handovers.unread(HOUSE).count == 0
    register.handovers.reopen(note)
    assert register.handovers.list_rows(HOUSE).rows[0].done_at is None
    assert register.handovers.unread(HOUSE).count == 1


def test_a_note_about_a_guest_is_found_from_her_card(register: Register) -> None:
    guest, _ = register.stays.admit(GuestDraft("Rina"), StayDraft(HOUSE, date(2026, 6, 1)))
    register.handovers.write(HandoverDraft(HOUSE, " ha telefonato ", guest))
    register.handovers.write(HandoverDraft(HOUSE, "la caldaia"))
    assert [(row.text, row.guest_name) for row in register.handovers.of_guest(guest)] == [("ha telefonato", "Rina")]


def test_empty_words_and_unknown_guests_are_refused(register: Register) -> None:
    with pytest.raises(FieldMissing):
        register.handovers.write(HandoverDraft(HOUSE, " \n "))
    with pytest.raises(NotFound):
        register.handovers.write(HandoverDraft(HOUSE, "x", GuestId(99)))
    with pytest.raises(NotFound):
        register.handovers.read([HandoverId(99)])
    assert texts(register) == []


@pytest.mark.parametrize(("role", "may"), [("TURNO", True), ("SALUTE", True), ("AMMINISTRAZIONE", False)])
def test_a_shift_reads_and_writes_and_the_administration_does_not(register: Register, role: str, *, may: bool) -> None:
    register.handovers.write(HandoverDraft(HOUSE, "x"))
    with register.desk.vault.work() as session:
        session.get_one(Operator, register.desk.vault.operator).role = role
    if may:
        register.handovers.write(HandoverDraft(HOUSE, "y"))
        assert len(texts(register)) == 2
        return
    for work in (
        lambda: register.handovers.write(HandoverDraft(HOUSE, "y")),
        lambda: register.handovers.list_rows(HOUSE),
        lambda: register.handovers.read([HandoverId(1)]),
        lambda: register.handovers.finish(HandoverId(1)),
    ):
        with pytest.raises(RoleMayNot):
            work()
    assert register.handovers.unread(HOUSE) == UnreadHandovers()
