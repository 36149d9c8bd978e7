"""A house's place in the network when things cross: a new key, a leave, the capofila's own new key, lost answers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from app import errors
from app.capofila.answer import EnrolmentWord, Left, TurnedAway
from app.capofila.office import open_office
from app.capofila.server import invite, running
from app.models.work import Enrolment, OutboxItem, Setting
from app.services.courier import deliver
from app.services.key_change import KeyWord, LeaveStatement
from app.services.place_line import tell_key, tell_leave
from app.services.register import Register
from app.sync.client import enrol
from app.sync.exchange import pinned
from app.sync.file_answer import FileAnswer, write_answer
from app.sync.outcome import Declined, Delivered, Unproven, Waiting
from tests.fakes import FakeClock
from tests.file_side import Side, hand_over, receipt_of
from tests.ui.desk import HOUSE, MAY, host

MINUTE = timedelta(minutes=1)


def lose_the_word(ready: Side, clock: FakeClock) -> KeyWord:
    """Let the house change its key so that the capofila knows it and the answer is lost on the way."""
    change = ready.register.key_changes.begin(HOUSE)
    answer = ready.office.enrolments.change_key(change.token)
    assert isinstance(answer, EnrolmentWord)
    clock.advance(MINUTE)
    return KeyWord(answer.enrolment)


def setting_names(register: Register) -> set[str]:
    with register.desk.vault.work() as session:
        return {each.name for each in session.query(Setting)}


# --- a leave


def test_a_leave_keeps_the_half_done_key_and_loses_no_report(ready: Side, clock: FakeClock) -> None:
    changes = ready.register.key_changes
    word = lose_the_word(ready, clock)
    ready.release()
    (parcel,) = ready.register.outbox.due()
    assert ready.push(parcel) == Declined("key_replaced", None)
    clock.advance(MINUTE)
    left = changes.leave(HOUSE)
    assert ready.office.enrolments.leave(left.token) == TurnedAway("change_unproven", "key")
    assert left.change is not None
    again = ready.office.enrolments.change_key(left.change.token)
    assert isinstance(again, EnrolmentWord)
    assert changes.begin(HOUSE).token == left.change.token  # it may still be finished
    changes.complete(HOUSE, word)
    left = changes.leave(HOUSE)
    assert left.change is None
    assert ready.office.enrolments.leave(left.token) == Left()
    changes.left(HOUSE)
    (parcel,) = ready.register.outbox.due(all_now=True)
    assert isinstance(ready.push(parcel), Delivered)
    with pytest.raises(errors.NotEnrolled):
        changes.begin(HOUSE)


def test_a_change_is_finished_even_after_the_leave_was_heard(ready: Side, clock: FakeClock) -> None:
    changes = ready.register.key_changes
    change = changes.begin(HOUSE)
    clock.advance(MINUTE)
    ready.release()
    assert isinstance(ready.office.enrolments.change_key(change.token), EnrolmentWord)
    answer = ready.office.enrolments.change_key(change.token)  # the first was lost
    assert isinstance(answer, EnrolmentWord)
    changes.complete(HOUSE, KeyWord(answer.enrolment))
    assert ready.office.enrolments.leave(changes.leave(HOUSE).token) == Left()
    assert isinstance(ready.office.enrolments.change_key(change.token), EnrolmentWord)
    ready.office.enrolments.revoke(_shelter(ready.register))
    assert ready.office.enrolments.change_key(change.token) == TurnedAway("shelter_revoked")


def test_a_leave_by_file_finds_the_half_done_key_too(ready: Side, clock: FakeClock) -> None:
    lose_the_word(ready, clock)
    ready.release()
    clock.advance(MINUTE)
    files = ready.register.sealed_files
    taken = files.take(ready.answer(files.leave(HOUSE).content))
    assert (taken.kind, taken.reason) == ("problem", "change_unproven")
    assert files.take(ready.answer(files.key_change(HOUSE).content)).kind == "key"
    assert files.take(ready.answer(files.leave(HOUSE).content)).kind == "left"
    (parcel,) = ready.register.outbox.due(all_now=True)
    assert isinstance(ready.push(parcel), Delivered)


def test_what_a_house_has_begun_can_be_told(ready: Side, clock: FakeClock) -> None:
    changes = ready.register.key_changes
    assert changes.unfinished(HOUSE) is None
    begun = ready.register.desk.now()
    word = lose_the_word(ready, clock)
    found = changes.unfinished(HOUSE)
    assert found is not None
    assert (found.change_since, found.leave_since) == (begun, None)
    changes.leave(HOUSE)
    found = changes.unfinished(HOUSE)
    assert found is not None
    assert (found.change_since, found.leave_since) == (begun, ready.register.desk.now())
    changes.complete(HOUSE, word)
    changes.left(HOUSE)
    assert changes.unfinished(HOUSE) is None


def test_what_waits_at_a_leave_is_still_filed_and_nothing_later_is(ready: Side, clock: FakeClock) -> None:
    item = ready.release()
    clock.advance(MINUTE)
    left = ready.register.key_changes.leave(HOUSE)
    assert ready.office.enrolments.leave(left.token) == Left()
    ready.register.key_changes.left(HOUSE)
    (parcel,) = ready.register.outbox.due(all_now=True)
    assert isinstance(ready.push(parcel), Delivered)
    assert ready.register.outbox.proof(item) is not None


def test_a_house_that_left_joins_another_capofila_while_the_first_is_silent(
    ready: Side, clock: FakeClock, tmp_path: Path
) -> None:
    item = ready.release()
    with open_office(tmp_path / "B", hosts=["127.0.0.1"], now=clock.now) as other:
        invitation = other.enrolments.invite(shelter_name="Casa", url="https://127.0.0.1:9443", days_valid=9)
        with pytest.raises(errors.ReportsWaiting):
            ready.register.enrolments.begin(HOUSE, invitation.to_text())
        first = ready.register.outbox.due(all_now=True)
        ready.register.key_changes.leave(HOUSE)
        there = Side(ready.register, other)
        request = ready.register.sealed_files.enrolment_request(HOUSE, invitation.to_text())
        assert ready.register.sealed_files.take(there.answer(request.content)).kind == "enrolment"
        assert ready.register.outbox.due(all_now=True) == first  # address, certificate and signature stay the first's
        second = there.release_again()
        parcels = {parcel.id: parcel for parcel in ready.register.outbox.due(all_now=True)}
        assert isinstance(there.push(parcels[second]), Delivered)
        assert isinstance(ready.push(parcels[item]), Delivered)


def test_an_old_answer_says_nothing_of_a_leave(side: Side) -> None:
    register = side.register
    answer = side.answer(register.sealed_files.enrolment_request(HOUSE, side.invitation()).content)
    register.sealed_files.take(answer)
    statement = register.key_changes.leave(HOUSE)
    with pytest.raises(errors.AnswerForNobody):
        register.sealed_files.take(answer)
    assert register.key_changes.leave(HOUSE).token == statement.token


# --- the capofila's new key


def test_a_change_is_proved_by_the_capofila_s_new_key_and_its_statements(ready: Side, clock: FakeClock) -> None:
    ready.office.keys.renew()
    word = lose_the_word(ready, clock)
    with pytest.raises(errors.EnrolmentUnproven):
        ready.register.key_changes.complete(HOUSE, word)
    told = ready.office.keys.answer()
    ready.register.key_changes.complete(HOUSE, KeyWord(word.word, told.successions, told.identity))
    place = ready.register.enrolments.find(HOUSE)
    assert place is not None
    assert place.capofila_fingerprint == ready.office.keys.identity.key.public.fingerprint()
    sealing = ready.office.keys.identity.sealing.public
    assert hand_over(ready.register, ready.release()).key_fingerprint == sealing.fingerprint()
    (parcel,) = ready.register.outbox.due()
    assert isinstance(ready.push(parcel), Delivered)


def test_a_word_about_its_keys_that_proves_nothing_holds_no_change_up(ready: Side, clock: FakeClock) -> None:
    word = lose_the_word(ready, clock)
    ready.register.key_changes.complete(HOUSE, KeyWord(word.word, (), "rubbish"))
    assert ready.register.key_changes.pending(HOUSE) is None


def test_joining_changing_and_leaving_over_the_line_after_the_capofila_renewed_its_key(
    register: Register, tmp_path: Path
) -> None:
    host(register, 6)
    folder, changes = tmp_path / "capofila", register.key_changes
    with running(folder) as server:
        invitation = invite(folder, None, "Casa Uno", server.url)
        _renew(folder)
        pending = register.enrolments.begin(HOUSE, invitation)
        answer = enrol(pending.invitation, pending.public_key)
        assert len(answer.successions) == 1
        register.enrolments.complete(pending, answer)
        _renew(folder)
        changes.complete(HOUSE, tell_key(changes.begin(HOUSE)))
        register.months.close(HOUSE, MAY)
        tell_key(changes.begin(HOUSE))  # and this word is lost
        register.outbox.release(HOUSE, MAY, register.outbox.preview(HOUSE, MAY).sha256)
        left = changes.leave(HOUSE)
        word = tell_leave(left)
        assert word is not None
        changes.complete(HOUSE, word)
        assert tell_leave(changes.leave(HOUSE)) is None
        changes.left(HOUSE)
        assert [type(verdict) for _, verdict in deliver(register.outbox)] == [Delivered]


def test_the_first_report_after_the_capofila_changed_its_key_is_green_at_once(
    register: Register, tmp_path: Path
) -> None:
    host(register, 6)
    folder = tmp_path / "capofila"
    with running(folder) as server:
        pending = register.enrolments.begin(HOUSE, invite(folder, None, "Casa Uno", server.url))
        register.enrolments.complete(pending, enrol(pending.invitation, pending.public_key))
        _renew(folder)
        register.months.close(HOUSE, MAY)
        register.outbox.release(HOUSE, MAY, register.outbox.preview(HOUSE, MAY).sha256)
        delivered = deliver(register.outbox, key_changes=register.key_changes)
        assert [type(verdict) for _, verdict in delivered] == [Delivered]


def test_a_refusal_that_no_new_key_explains_is_told(register: Register, tmp_path: Path) -> None:
    host(register, 6)
    folder = tmp_path / "capofila"
    with running(folder) as server:
        pending = register.enrolments.begin(HOUSE, invite(folder, None, "Casa Uno", server.url))
        register.enrolments.complete(pending, enrol(pending.invitation, pending.public_key))
        left = register.key_changes.leave(HOUSE)
        strange = LeaveStatement(left.house, left.url, left.tls_pem, "a.b.c", 0)
        with pytest.raises(errors.EnrolmentRefused):
            tell_leave(strange)


def test_a_house_that_left_learns_the_keys_of_its_last_receipts(ready: Side, clock: FakeClock, tmp_path: Path) -> None:
    register = ready.register
    item = ready.release()
    register.key_changes.leave(HOUSE)
    ready.office.keys.renew()
    (parcel,) = register.outbox.due(all_now=True)
    assert ready.push(parcel) == Unproven("signature")
    told = ready.office.keys.answer()
    with open_office(tmp_path / "B", hosts=["127.0.0.1"], now=clock.now) as other:
        invitation = other.enrolments.invite(shelter_name="Casa", url="https://127.0.0.1:9443", days_valid=9)
        request = register.sealed_files.enrolment_request(HOUSE, invitation.to_text())
        register.sealed_files.take(Side(register, other).answer(request.content))
        with pytest.raises(errors.SuccessionUnproven):
            register.key_changes.learn(HOUSE, "rubbish", told.successions)
    assert register.key_changes.learn(HOUSE, told.identity, told.successions).has_new_key
    (parcel,) = register.outbox.due(all_now=True)
    assert isinstance(ready.push(parcel), Delivered)
    assert register.outbox.proof(item) is not None


def test_a_house_that_left_and_joined_nobody_learns_them_too(ready: Side) -> None:
    ready.release()
    ready.register.key_changes.leave(HOUSE)
    ready.office.keys.renew()
    told = ready.office.keys.answer()
    assert ready.register.key_changes.learn(HOUSE, told.identity, told.successions).has_new_key
    (parcel,) = ready.register.outbox.due(all_now=True)
    assert isinstance(ready.push(parcel), Delivered)


# --- enrolments by file


def test_of_several_requests_by_file_any_answer_completes_and_all_are_forgotten(side: Side) -> None:
    files = side.register.sealed_files
    one, two = (files.enrolment_request(HOUSE, side.invitation()) for _ in range(2))
    answers = [side.answer(each.content) for each in (one, two)]
    assert files.take(answers[0]).kind == "enrolment"
    with pytest.raises(errors.AnswerForNobody):
        files.take(answers[1])
    assert not [name for name in setting_names(side.register) if name.startswith("enrolment-")]


def test_an_enrolment_over_the_line_forgets_the_one_by_file(side: Side) -> None:
    text = side.invitation()
    side.register.sealed_files.enrolment_request(HOUSE, text)
    pending = side.register.enrolments.begin(HOUSE, text)
    request = side.register.sealed_files.enrolment_request(HOUSE, text)
    answer = side.answer(request.content)
    side.register.sealed_files.take(answer)
    assert side.register.enrolments.find(HOUSE) is not None
    assert pending.house == HOUSE
    assert not [name for name in setting_names(side.register) if name.startswith("enrolment-")]


# --- answers as files


def test_what_a_file_says_of_a_refused_report_without_a_signature_is_no_signed_refusal(ready: Side) -> None:
    ready.release()
    (parcel,) = ready.register.outbox.due()
    take = ready.register.sealed_files.take
    take(receipt_of(ready, ready.office.keys.identity.key, parcel, refused="revision_conflict"))
    before = _trail(ready.register)
    taken = take(write_answer(FileAnswer("receipt", parcel.idempotency_key, reason="too_large")))
    assert (taken.kind, taken.state, taken.reason) == ("problem", "refused", "too_large")
    assert _trail(ready.register) == before
    assert ready.register.outbox.list_rows()[0].last_problem == "refused_revision_conflict"


def test_a_receipt_for_broken_bytes_says_so(ready: Side) -> None:
    item = ready.release()
    answer = ready.answer(hand_over(ready.register, item).content)
    with ready.register.desk.vault.work() as session:
        session.execute(text("DROP TRIGGER outbox_item_signed"))
        session.execute(text("UPDATE outbox_item SET payload = x'00'"))
    with pytest.raises(errors.ReceiptForBroken):
        ready.register.sealed_files.take(answer)


# --- a file that is not written yet


def test_sealing_alone_hands_nothing_over(ready: Side) -> None:
    item = ready.release()
    files = ready.register.sealed_files
    files.seal_report(item)
    assert ready.register.outbox.list_rows()[0].handed_over_at is None
    assert ready.state() == "prepared"
    files.note_handed_over(item)
    assert ready.state() == "handed_over"
    with pytest.raises(errors.NotFound):
        files.note_handed_over(type(item)(99))


# --- a certificate that is none


EMPTY = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----"


@pytest.mark.parametrize("pem", ["garbage", "", " \n", "perché", EMPTY])
def test_a_broken_certificate_stops_its_own_report_alone_and_never_stands_for_all_authorities(
    ready: Side, pem: str
) -> None:
    ready.release()
    with ready.register.desk.vault.work() as session:
        session.execute(update(OutboxItem).values(tls_pem=pem))
    assert [verdict for _, verdict in deliver(ready.register.outbox)] == [Waiting("pin_broken")]
    assert ready.state() == "prepared"
    with pytest.raises(errors.CapofilaNotReached):
        pinned(pem)


def _renew(folder: Path) -> None:
    with open_office(folder) as office:
        office.keys.renew()


def _trail(register: Register) -> int:
    with register.desk.vault.work() as session:
        return len(session.execute(text("SELECT id FROM trail")).all())


def _shelter(register: Register) -> str:
    with register.desk.vault.work() as session:
        return session.get_one(Enrolment, HOUSE).shelter
