"""Keys that change, are lost or given up, with files alone between the house and its capofila."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app import errors
from app.services.key_change import KeyWord
from app.sync.file_answer import read_answer, write_answer
from app.sync.key import SigningKey
from app.sync.keychange import make_succession
from app.sync.signature import make_enrolment
from tests.fakes import FakeClock
from tests.file_side import URL, Side, hand_over, receipt_of
from tests.sealed_story import as_role
from tests.ui.desk import HOUSE, MAY

# --- keys that change


def test_the_capofila_s_new_key_is_followed_and_old_receipts_stay_proven(ready: Side) -> None:
    first = ready.release()
    ready.push(ready.register.outbox.due()[0])
    second = ready.release_again()
    file = hand_over(ready.register, second)  # sealed to the key before
    ready.office.keys.renew()
    taken = ready.register.sealed_files.take(ready.answer(file.content))
    assert taken.state == "accepted"
    assert ready.register.outbox.proof(first) is not None
    assert ready.register.outbox.proof(second) is not None
    rows = ready.register.outbox.list_rows()
    assert [row.is_elsewhere for row in rows] == [False, False]
    place = ready.register.enrolments.find(HOUSE)
    assert place is not None
    assert place.capofila_fingerprint == ready.office.keys.identity.key.public.fingerprint()
    sealing = ready.office.keys.identity.sealing.public
    assert ready.register.sealed_files.key_change(HOUSE).key_fingerprint == sealing.fingerprint()


def test_a_new_key_without_a_statement_of_the_old_one_is_not_followed(ready: Side) -> None:
    ready.release()
    (parcel,) = ready.register.outbox.due()
    thief = SigningKey.generate()
    answer = receipt_of(ready, thief, parcel)
    forged = make_succession(thief, iss=ready.office.keys.identity.capofila_id, new=thief.public, iat=1)
    with pytest.raises(errors.ReceiptInvalid):
        ready.register.sealed_files.take(write_answer(replace(read_answer(answer), successions=(forged,))))
    told = ready.office.keys.answer()
    head, body, signature = told.identity.split(".")
    with pytest.raises(errors.SuccessionUnproven):
        ready.register.key_changes.learn(HOUSE, f"{head}.{body}.{'A' * len(signature)}", ())
    good = receipt_of(ready, ready.office.keys.identity.key, parcel)
    bad_identity = replace(read_answer(good), identity=f"{head}.{body}.{'A' * len(signature)}")
    assert ready.register.sealed_files.take(write_answer(bad_identity)).state == "accepted"  # holds no receipt up


def test_a_house_changes_its_key_by_a_file_and_what_waits_goes_with_either_key(ready: Side, clock: FakeClock) -> None:
    before = ready.release()
    old_file = hand_over(ready.register, before)
    clock.advance(timedelta(minutes=1))
    change = ready.register.sealed_files.key_change(HOUSE)
    assert ready.register.key_changes.pending(HOUSE) == ready.register.desk.now()
    answer = ready.answer(change.content)  # the capofila knows the new key, the house has no answer yet
    clock.advance(timedelta(minutes=1))
    between = ready.release_again()
    refused = ready.register.sealed_files.take(ready.answer(hand_over(ready.register, between).content))
    assert (refused.kind, refused.reason) == ("problem", "key_replaced")
    assert ready.register.sealed_files.take(ready.answer(old_file.content)).state == "accepted"
    fingerprint = ready.register.enrolments.find(HOUSE)
    assert ready.register.sealed_files.take(answer).kind == "key"
    assert ready.register.key_changes.pending(HOUSE) is None
    place = ready.register.enrolments.find(HOUSE)
    assert place is not None
    assert fingerprint is not None
    assert place.our_fingerprint != fingerprint.our_fingerprint
    taken = ready.register.sealed_files.take(ready.answer(hand_over(ready.register, between).content))
    assert (taken.state, taken.item) == ("accepted", between)
    again = ready.register.sealed_files.take(answer)
    assert (again.kind, again.was_known) == ("enrolment", True)
    assert ready.register.enrolments.find(HOUSE) == place


def test_an_answer_that_got_lost_is_asked_for_again_with_the_same_key(ready: Side) -> None:
    first, second = (ready.register.sealed_files.key_change(HOUSE) for _ in range(2))
    ready.answer(first.content)
    assert ready.register.sealed_files.take(ready.answer(second.content)).kind == "key"


def test_the_word_of_another_shelter_or_capofila_changes_no_key(ready: Side) -> None:
    pending = ready.register.key_changes.begin(HOUSE)
    identity = ready.office.keys.identity
    told = {"iss": identity.capofila_id, "shelter_key": pending.new_key, "iat": 1, "jti": "w"}
    for key, shelter in ((SigningKey.generate(), None), (identity.key, "another-shelter")):
        mine = ready.register.enrolments.find(HOUSE)
        assert mine is not None
        word = make_enrolment(key, shelter=shelter or mine.shelter, **told)  # type: ignore[arg-type]
        with pytest.raises(errors.EnrolmentUnproven):
            ready.register.key_changes.complete(HOUSE, KeyWord(word))
    assert ready.register.key_changes.pending(HOUSE) is not None


def test_a_lost_key_is_replaced_by_a_new_invitation_and_what_waits_is_signed_anew(ready: Side) -> None:
    item = ready.release()
    stale = hand_over(ready.register, item)
    place = ready.register.enrolments.find(HOUSE)
    assert place is not None
    invitation = ready.office.enrolments.invite_again(place.shelter, url=URL, days_valid=14)
    request = ready.register.sealed_files.enrolment_request(HOUSE, invitation.to_text())
    assert ready.register.sealed_files.take(ready.answer(request.content)).kind == "enrolment"
    again = ready.register.enrolments.find(HOUSE)
    assert again is not None
    assert again.shelter == place.shelter
    assert ready.office.files.open_file(stale.content).kind == "refused"
    fresh = hand_over(ready.register, item)
    assert ready.register.sealed_files.take(ready.answer(fresh.content)).state == "accepted"


def test_a_house_that_leaves_signs_nothing_more_and_keeps_what_waits(ready: Side) -> None:
    item = ready.release()
    answer = ready.answer(hand_over(ready.register, item).content)
    statement = ready.register.key_changes.leave(HOUSE)
    assert statement.waiting == 1
    assert ready.register.key_changes.leave(HOUSE).token == statement.token
    assert ready.register.enrolments.find(HOUSE) is None
    assert ready.register.sealed_files.take(answer).state == "accepted"
    ready.register.months.reopen(HOUSE, MAY, "una notte")
    ready.register.months.close(HOUSE, MAY)
    with pytest.raises(errors.NotEnrolled):
        ready.register.outbox.preview(HOUSE, MAY)
    left = ready.register.sealed_files.leave(HOUSE)
    assert ready.register.sealed_files.take(ready.answer(left.content)).kind == "left"
    with pytest.raises(errors.NotEnrolled):
        ready.register.key_changes.leave(HOUSE)
    side_again = ready.enrol()
    assert side_again.kind == "enrolment"
    assert ready.register.outbox.preview(HOUSE, MAY).revision == 2


def test_only_coordination_joins_changes_keys_and_leaves_and_anybody_carries_files(ready: Side) -> None:
    item, invitation = ready.release(), ready.invitation()
    files = ready.register.sealed_files
    with as_role(ready.register, "TURNO"):
        for deed in (
            lambda: files.enrolment_request(HOUSE, invitation),
            lambda: files.key_change(HOUSE),
            lambda: files.leave(HOUSE),
            lambda: ready.register.key_changes.begin(HOUSE),
            lambda: ready.register.key_changes.leave(HOUSE),
        ):
            with pytest.raises(errors.RoleMayNot):
                deed()
        assert files.take(ready.answer(hand_over(ready.register, item).content)).state == "accepted"
