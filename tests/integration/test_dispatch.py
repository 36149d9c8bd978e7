"""From a closed month to its receipt: whom a report is for is settled when it is signed, and stays provable."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.errors import ReportsWaiting
from app.services.outbox import OutboxRow, Parcel
from app.services.print import Prints
from app.services.register import Register
from app.sync.key import SigningKey
from app.sync.outcome import Declined, Delivered, Verdict, Waiting
from tests.fakes import FakeClock
from tests.ui.capofila_side import CapofilaSide
from tests.ui.desk import HOUSE, MAY, host

HALF_A_MINUTE = timedelta(seconds=30)


def sign(register: Register) -> None:
    register.outbox.release(HOUSE, MAY, register.outbox.preview(HOUSE, MAY).sha256)


def close_again(register: Register) -> int:
    register.months.reopen(HOUSE, MAY, "una notte")
    return register.months.close(HOUSE, MAY)


def release(register: Register) -> tuple[CapofilaSide, Parcel]:
    host(register, 6)
    side = CapofilaSide()
    side.enrol(register, HOUSE)
    register.months.close(HOUSE, MAY)
    sign(register)
    (parcel,) = register.outbox.due()
    return side, parcel


def another() -> CapofilaSide:
    return CapofilaSide(SigningKey.generate(), capofila_id="capofila-2", name="Altro comune")


def push(register: Register, side: CapofilaSide, parcel: Parcel) -> Verdict:
    verdict = side.take(parcel)
    register.outbox.file(parcel.id, verdict)
    return verdict


def states(register: Register) -> list[tuple[int, str]]:
    return [(row.revision, row.state) for row in register.outbox.list_rows()]


def last(register: Register) -> OutboxRow:
    return register.outbox.list_rows()[0]


def test_a_month_tells_who_closed_it_and_why_it_was_reopened(register: Register) -> None:
    assert register.months.state(HOUSE, MAY).closed_by is None
    release(register)
    state = register.months.state(HOUSE, MAY)
    assert (state.closed_by, state.reopened_at) == ("S. Bianchi", None)
    register.months.reopen(HOUSE, MAY, " una notte ")
    state = register.months.state(HOUSE, MAY)
    assert state.reopen_reason == "una notte"
    assert state.reopened_at == register.desk.now()


def test_a_released_report_tells_who_signed_it_and_a_house_since_when_it_is_enrolled(register: Register) -> None:
    release(register)
    assert last(register).released_by == "S. Bianchi"
    place = register.enrolments.find(HOUSE)
    assert place is not None
    assert place.enrolled_at == register.desk.now()


def test_a_kept_receipt_is_proved_again(register: Register) -> None:
    side, parcel = release(register)
    assert register.outbox.proof(parcel.id) is None
    push(register, side, parcel)
    receipt = register.outbox.proof(parcel.id)
    assert receipt is not None
    assert receipt.is_accepted
    assert receipt.sha256 == last(register).sha256


# --- revisions


def test_a_month_that_was_closed_twice_before_it_was_ever_sent_is_accepted(register: Register) -> None:
    host(register, 6)
    side = CapofilaSide()
    side.enrol(register, HOUSE)
    register.months.close(HOUSE, MAY)
    assert close_again(register) == 2
    sign(register)
    (parcel,) = register.outbox.due()
    assert isinstance(push(register, side, parcel), Delivered)
    assert close_again(register) == 3
    sign(register)
    (parcel,) = register.outbox.due()
    push(register, side, parcel)
    assert states(register) == [(3, "accepted"), (2, "accepted")]


def test_a_later_revision_waits_for_the_answer_to_the_earlier_one(register: Register, clock: FakeClock) -> None:
    side, first = release(register)
    register.outbox.file(first.id, Waiting("down"))
    close_again(register)
    sign(register)
    assert register.outbox.due() == []
    assert [parcel.id for parcel in register.outbox.due(all_now=True)] == [first.id]
    clock.advance(HALF_A_MINUTE)
    (due,) = register.outbox.due()
    push(register, side, due)
    (second,) = register.outbox.due()
    push(register, side, second)
    assert states(register) == [(2, "accepted"), (1, "accepted")]


def test_a_refusal_counts_until_a_later_revision_is_released(register: Register) -> None:
    side, first = release(register)
    register.outbox.file(first.id, side.refuse(first))
    close_again(register)
    assert last(register).is_refused
    sign(register)
    assert [row.is_refused for row in register.outbox.list_rows()] == [False, False]


# --- another capofila


def test_a_house_goes_to_another_capofila_only_when_nothing_waits_for_the_one_before(register: Register) -> None:
    side, parcel = release(register)
    other = another()
    begun = register.enrolments.begin(HOUSE, side.invitation().to_text())
    with pytest.raises(ReportsWaiting) as refused:
        other.enrol(register, HOUSE)
    assert refused.value.params == {"name": side.name, "n": 1}
    answer = other.answer(other.invitation(), begun.public_key)
    with pytest.raises(ReportsWaiting):
        register.enrolments.complete(begun, answer)
    place = register.enrolments.find(HOUSE)
    assert place is not None
    assert place.capofila_name == side.name
    push(register, side, parcel)
    other.enrol(register, HOUSE)
    place = register.enrolments.find(HOUSE)
    assert place is not None
    assert place.capofila_name == "Altro comune"


def test_what_was_released_stays_addressed_and_proven_after_another_enrolment(register: Register) -> None:
    side, parcel = release(register)
    before = register.outbox.preview(HOUSE, MAY)
    place = register.enrolments.find(HOUSE)
    assert place is not None
    push(register, side, parcel)
    another().enrol(register, HOUSE)
    assert register.outbox.proof(parcel.id) is not None
    assert register.outbox.preview(HOUSE, MAY) == before
    sheet = _sheet(register.prints)
    assert (sheet.recipient, sheet.house_name) == (side.name, "Casa di prova")
    assert sheet.signing_fingerprint == place.our_fingerprint
    assert sheet.receipt
    assert last(register).is_elsewhere
    assert register.outbox.release(HOUSE, MAY, before.sha256) == parcel.id  # signing it again sends nothing anew


def test_the_new_capofila_gets_a_new_revision(register: Register) -> None:
    side, parcel = release(register)
    push(register, side, parcel)
    other = another()
    other.enrol(register, HOUSE)
    close_again(register)
    assert register.outbox.preview(HOUSE, MAY).capofila_name == "Altro comune"
    sign(register)
    (second,) = register.outbox.due()
    assert second.capofila_key == other.key.public
    assert isinstance(push(register, other, second), Delivered)
    assert [row.is_elsewhere for row in register.outbox.list_rows()] == [False, True]
    assert all(register.outbox.proof(row.id) for row in register.outbox.list_rows())


def test_a_new_invitation_of_the_same_capofila_brings_what_waits_to_its_new_address(register: Register) -> None:
    side, parcel = release(register)
    side.enrol(register, HOUSE, "https://new.capofila.example")
    (moved,) = register.outbox.due()
    assert (moved.url, moved.token) == ("https://new.capofila.example", parcel.token)
    assert isinstance(push(register, side, moved), Delivered)
    assert not last(register).is_elsewhere


def test_a_report_under_a_revoked_key_holds_nothing_back_after_a_new_enrolment(register: Register) -> None:
    side, first = release(register)
    side.revoke_all()
    verdict = push(register, side, first)
    assert verdict == Declined("shelter_revoked", None)  # nobody signed it: it goes on waiting
    side.enrol(register, HOUSE)
    close_again(register)
    sign(register)
    second = next(parcel for parcel in register.outbox.due() if parcel.id != first.id)
    assert isinstance(push(register, side, second), Delivered)
    assert states(register) == [(2, "accepted"), (1, "prepared")]
    assert not any(row.is_waiting for row in register.outbox.list_rows())  # the month has arrived


def test_a_capofila_that_the_report_is_not_for_cannot_make_it_green(register: Register) -> None:
    _, parcel = release(register)
    verdict = push(register, another(), parcel)
    assert isinstance(verdict, Declined)
    assert verdict.receipt is None
    assert states(register) == [(1, "prepared")]


def _sheet(prints: Prints):  # type: ignore[no-untyped-def]  # what a print is made of has no public road
    return prints._report_sheet(HOUSE, MAY)
