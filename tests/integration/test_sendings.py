"""Pause and waits of sending: kept in the register, told with who asked, and nothing leaves meanwhile."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from app import errors
from app.models.work import Setting
from app.services import courier
from app.services.calendar import Month
from app.services.courier import deliver
from app.services.outbox import ACCEPTED, Parcel
from app.services.register import Register
from app.services.retry import LEAST_WAIT
from app.services.sending import PAUSED
from app.sync.outcome import Declined, Verdict, Waiting
from tests.conftest import PASSPHRASE
from tests.fakes import FakeClock
from tests.integration.test_role import become
from tests.ui.capofila_side import CapofilaSide
from tests.ui.desk import HOUSE, MAY, host

APRIL = Month(2026, 4)
HOUR = timedelta(hours=1)


def release(register: Register, *months: Month) -> CapofilaSide:
    side = CapofilaSide()
    host(register, 6, months=months)
    side.enrol(register, HOUSE)
    for month in months:
        register.months.close(HOUSE, month)
        register.outbox.release(HOUSE, month, register.outbox.preview(HOUSE, month).sha256)
    return side


def push(register: Register, parcel: Parcel, verdict: Verdict) -> None:
    register.outbox.file(parcel.id, verdict)


def test_a_pause_outlives_a_lock_and_says_who_asked_for_it(register: Register, clock: FakeClock) -> None:
    release(register, MAY)
    register.sendings.pause()
    since = clock.moment
    clock.advance(HOUR)
    register.sendings.pause()  # a pause that stands keeps its day
    register.access.lock()
    register.access.unlock(PASSPHRASE)
    found = register.sendings.paused()
    assert found is not None
    assert (found.since, found.by) == (since, "S. Bianchi")
    assert register.outbox.due(all_now=True) == []
    assert register.outbox.next_due() is None
    assert deliver(register.outbox) == []
    register.sendings.resume()
    assert register.sendings.paused() is None
    assert len(register.outbox.due()) == 1


def test_waits_are_the_same_after_a_lock(register: Register) -> None:
    release(register, MAY)
    (parcel,) = register.outbox.due()
    push(register, parcel, Waiting("down"))
    before = register.outbox.next_due()
    register.access.lock()
    register.access.unlock(PASSPHRASE)
    assert register.outbox.next_due() == before
    assert before is not None
    assert before > register.desk.now()


def test_one_line_that_is_down_is_tried_once_for_all_that_wait(register: Register, clock: FakeClock) -> None:
    release(register, APRIL, MAY)
    april, may = register.outbox.due()
    push(register, april, Waiting("timeout"))
    assert [each.id for each in register.outbox.due()] == [may.id]  # never tried: it does not wait for the other
    push(register, may, Waiting("timeout"))
    assert register.outbox.due() == []
    clock.advance(HOUR)
    assert [each.id for each in register.outbox.due()] == [april.id, may.id]


def test_another_network_ends_the_wait_of_the_line_but_not_that_of_a_bad_answer(
    register: Register, clock: FakeClock
) -> None:
    release(register, APRIL, MAY)
    april, may = register.outbox.due()
    push(register, april, Waiting("server_error"))
    push(register, may, Waiting("down"))
    clock.advance(LEAST_WAIT)
    assert may.id in {each.id for each in register.outbox.due(changed=True)}
    clock.moment -= timedelta(days=400)  # a clock that was wrong does not stop anything either
    assert len(register.outbox.due()) == 2


def test_what_set_aside_is_no_reason_to_wake(register: Register) -> None:
    release(register, MAY)
    (parcel,) = register.outbox.due()
    assert register.outbox.next_due() == register.desk.now()
    assert register.outbox.next_due({parcel.id}) is None


def test_once_it_is_received_nothing_is_due(register: Register) -> None:
    side = release(register, MAY)
    (parcel,) = register.outbox.due()
    push(register, parcel, side.take(parcel))
    assert register.outbox.list_rows()[0].state == ACCEPTED
    assert register.outbox.next_due() is None


def test_an_answer_from_a_clock_that_was_ahead_lets_nobody_knock_without_end(
    register: Register, clock: FakeClock
) -> None:
    side = release(register, MAY)
    (parcel,) = register.outbox.due()
    true = clock.moment
    clock.moment = true + timedelta(days=365)
    push(register, parcel, side.take(parcel))
    clock.moment = true
    register.months.reopen(HOUSE, MAY, "una notte")
    register.months.close(HOUSE, MAY)
    register.outbox.release(HOUSE, MAY, register.outbox.preview(HOUSE, MAY).sha256)
    tried = 0
    for _ in range(60):
        for each in register.outbox.due():
            tried += 1
            push(register, each, Waiting("down"))
        clock.advance(LEAST_WAIT)
    assert 1 <= tried < 12  # five minutes: what a bad line costs, not one try every five seconds


def test_a_refusal_that_nobody_signed_holds_back_no_later_revision(register: Register) -> None:
    release(register, MAY)
    (first,) = register.outbox.due()
    push(register, first, Declined("payload_invalid", None))
    register.months.reopen(HOUSE, MAY, "una notte")
    register.months.close(HOUSE, MAY)
    second = register.outbox.release(HOUSE, MAY, register.outbox.preview(HOUSE, MAY).sha256)
    assert [each.id for each in register.outbox.due()] == [second]
    assert {each.id for each in register.outbox.due(all_now=True)} == {first.id, second}


def test_everybody_may_pause_and_only_who_did_or_coordinates_goes_on(register: Register) -> None:
    release(register, MAY)
    register.sendings.pause()  # by who coordinates …
    with register.desk.vault.work() as session:
        session.get_one(Setting, PAUSED).value = json.dumps({"since": register.desk.now().isoformat(), "by": 99})
    become(register, "TURNO")
    paused = register.sendings.paused()
    assert paused is not None
    assert not paused.may_end
    with pytest.raises(errors.RoleMayNot):
        register.sendings.resume()
    assert register.outbox.due(all_now=True) == []
    become(register, "COORDINAMENTO", beside=None)
    register.sendings.resume()
    become(register, "TURNO", beside=None)
    register.sendings.pause()  # … and by who keeps the shift: her own
    register.sendings.resume()
    assert register.sendings.paused() is None


def test_a_report_that_cannot_even_be_pushed_ends_no_round(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    side = release(register, APRIL, MAY)
    april, may = register.outbox.due()

    def bent(parcel: Parcel, _line: object = None) -> Verdict:
        if parcel.id == april.id:
            raise errors.PayloadInvalid(reason="size")
        return side.take(parcel)

    monkeypatch.setattr(courier, "push", bent)
    assert [item for item, _ in deliver(register.outbox)] == [may.id]


def test_a_spoilt_certificate_is_no_word_about_the_line(register: Register, clock: FakeClock) -> None:
    release(register, APRIL, MAY)
    april, may = register.outbox.due()
    push(register, may, Waiting("down"))
    clock.advance(timedelta(seconds=1))
    push(register, april, Waiting("pin_broken"))
    assert may.id not in {each.id for each in register.outbox.due()}


def test_the_capofila_is_asked_for_its_keys_where_it_says_that_ours_was_replaced(register: Register) -> None:
    release(register, MAY)
    (parcel,) = register.outbox.due()
    plain = replace(parcel, wants_identity=False)
    assert courier.may_have_new_keys(plain, Declined("key_replaced", None))
    assert not courier.may_have_new_keys(plain, Declined("payload_invalid", None))
    assert courier.may_have_new_keys(plain, Declined("revision_conflict", None, unproven="signature"))
    assert not courier.may_have_new_keys(plain, Declined("revision_conflict", None, unproven="malformed"))
