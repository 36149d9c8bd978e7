"""A closed month says who closed it, and a kept receipt can be proved again at any time."""

from __future__ import annotations

import pytest

from app.errors import NotFound, ReceiptInvalid
from app.services.outbox import Parcel
from app.services.register import Register
from app.sync.key import SigningKey
from tests.ui.capofila_side import CapofilaSide
from tests.ui.desk import HOUSE, MAY, host


def release(register: Register) -> tuple[CapofilaSide, Parcel]:
    host(register, 6)
    side = CapofilaSide()
    side.enrol(register, HOUSE)
    register.months.close(HOUSE, MAY)
    register.outbox.release(HOUSE, MAY, register.outbox.preview(HOUSE, MAY).sha256)
    (parcel,) = register.outbox.due()
    return side, parcel


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
    assert register.outbox.list_rows()[0].released_by == "S. Bianchi"
    place = register.enrolments.find(HOUSE)
    assert place is not None
    assert place.enrolled_at == register.desk.now()


def test_a_kept_receipt_is_proved_again(register: Register) -> None:
    side, parcel = release(register)
    with pytest.raises(NotFound):
        register.outbox.verify(parcel.id)
    register.outbox.file(parcel.id, side.take(parcel))
    receipt = register.outbox.verify(parcel.id)
    assert receipt.is_accepted
    assert receipt.sha256 == register.outbox.list_rows()[0].sha256


def test_with_the_key_of_another_capofila_it_proves_nothing(register: Register) -> None:
    side, parcel = release(register)
    register.outbox.file(parcel.id, side.take(parcel))
    other = CapofilaSide()
    other.key = SigningKey.generate()
    other.enrol(register, HOUSE)
    with pytest.raises(ReceiptInvalid):
        register.outbox.verify(parcel.id)
