"""Keys that change and keys that are lost, at the capofila: what each still counts for, and what is answered again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.capofila.answer import EnrolmentWord, Filed, Left, TurnedAway
from app.capofila.audit import SHELTER, list_audit
from app.capofila.office import open_office
from app.capofila.register import get_shelter
from app.capofila.service import Delivery
from app.errors import CapofilaKeyStale, NotFound, SuccessionUnproven
from app.sync.key import PublicKey, SigningKey, to_base64url
from app.sync.keychange import descend, make_key_change, make_leave, verify_identity
from app.sync.payload import digest
from app.sync.signature import read_enrolment, verify_receipt
from tests.capofila_office import URL, Desk, open_desk
from tests.shelter import Shelter


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def change_of(shelter: Shelter, new: SigningKey, iat: int = 100, **changes: object) -> str:
    wanted = {"iss": shelter.id, "aud": shelter.capofila_id, "iat": iat, "jti": "change-1", **changes}
    return make_key_change(shelter.key, new, **wanted)  # type: ignore[arg-type]


def test_after_a_change_the_new_key_counts_and_the_old_one_for_what_waited(desk: Desk) -> None:
    shelter, new = desk.shelter(), SigningKey.generate()
    waited = shelter.delivery(shelter.package("2026-05"), "jti-5", iat=99)
    word = desk.office.enrolments.change_key(change_of(shelter, new))
    assert isinstance(word, EnrolmentWord)
    identity = desk.office.keys.identity
    told = read_enrolment(word.enrolment, identity.key.public, iss=identity.capofila_id, shelter_key=new.public)
    assert (told.shelter, told.seal) == (shelter.id, identity.sealing.public)
    receive = desk.office.reception.receive
    assert isinstance(receive(waited), Filed)
    assert isinstance(receive(shelter.delivery(shelter.package("2026-04"), "jti-4", iat=100)), Filed)
    assert desk.refusal(receive(shelter.delivery(shelter.package(), "jti-6", iat=101))) == "key_replaced"
    assert isinstance(receive(shelter.delivery(shelter.package(), "jti-6", iat=101, key=new)), Filed)


def test_the_same_bytes_signed_anew_with_the_new_key_bring_back_the_old_receipt(desk: Desk) -> None:
    shelter, new = desk.shelter(), SigningKey.generate()
    first = desk.office.reception.receive(shelter.delivery(shelter.package(), "jti-1", iat=50))
    desk.office.enrolments.change_key(change_of(shelter, new))
    assert desk.office.reception.receive(shelter.delivery(shelter.package(), "jti-1", iat=200, key=new)) == first


def test_a_change_whose_answer_was_lost_is_answered_again_and_another_is_not(desk: Desk) -> None:
    shelter, new, third = desk.shelter(), SigningKey.generate(), SigningKey.generate()
    change = change_of(shelter, new)
    assert isinstance(desk.office.enrolments.change_key(change), EnrolmentWord)
    assert isinstance(desk.office.enrolments.change_key(change), EnrolmentWord)
    assert desk.refusal(desk.office.enrolments.change_key(change_of(shelter, third))) == "key_replaced"
    shelter.key = new
    assert isinstance(desk.office.enrolments.change_key(change_of(shelter, third)), EnrolmentWord)


def test_a_change_must_be_proved_by_both_keys_and_for_this_capofila(desk: Desk) -> None:
    shelter, other, stranger = desk.shelter(), desk.shelter("Casa Aurora"), SigningKey.generate()
    change_key = desk.office.enrolments.change_key
    new = SigningKey.generate()
    for change, reason in (
        (change_of(shelter, new, aud="another"), "change_unproven"),
        (change_of(shelter, new, iss=other.id), "change_unproven"),
        (change_of(shelter, shelter.key), "change_unproven"),
        (change_of(shelter, other.key), "key_taken"),
        (change_of(Shelter(shelter.id, shelter.capofila_id, stranger), new), "shelter_unknown"),
        ("rubbish", "change_unproven"),
        (change_of(shelter, new)[:-6] + "AAAAAA", "change_unproven"),
    ):
        assert desk.refusal(change_key(change)) == reason
    assert isinstance(desk.office.reception.receive(shelter.delivery(shelter.package())), Filed)


def test_a_lost_key_is_replaced_by_an_invitation_and_counts_for_nothing_more(desk: Desk) -> None:
    lost, new = desk.shelter(), SigningKey.generate()
    desk.office.reception.receive(lost.delivery(lost.package("2026-05"), "jti-5"))
    desk.office.enrolments.revoke(lost.id)
    invitation = desk.office.enrolments.invite_again(lost.id, url=URL, days_valid=14)
    assert invitation.shelter_name == "Casa Valtellina"
    assert desk.refusal(desk.office.reception.receive(lost.delivery(lost.package()))) == "shelter_revoked"
    found = desk.enrolled(invitation.token, new)
    assert found.id == lost.id
    assert desk.enrolled(invitation.token, new).id == lost.id  # the answer was lost
    receive = desk.office.reception.receive
    assert desk.refusal(receive(lost.delivery(lost.package(), "jti-6", iat=1))) == "key_replaced"
    assert isinstance(receive(found.delivery(found.package("2026-05"), "jti-5")), Filed)
    assert isinstance(receive(found.delivery(found.package(), "jti-6")), Filed)
    assert get_shelter(desk.office.store, lost.id).revoked_at is None
    change = change_of(lost, SigningKey.generate())
    assert desk.refusal(desk.office.enrolments.change_key(change)) == "key_replaced"
    assert desk.refusal(desk.office.enrolments.enrol(invitation.token, lost.key.public)) == "invitation_used"
    with pytest.raises(NotFound):
        desk.office.enrolments.invite_again("nobody", url=URL, days_valid=14)


def test_a_key_that_was_changed_before_the_loss_counts_no_more_either(desk: Desk) -> None:
    shelter, second, third = desk.shelter(), SigningKey.generate(), SigningKey.generate()
    desk.office.enrolments.change_key(change_of(shelter, second))
    desk.enrolled(desk.office.enrolments.invite_again(shelter.id, url=URL, days_valid=14).token, third)
    answer = desk.office.reception.receive(shelter.delivery(shelter.package(), iat=1))
    assert desk.refusal(answer) == "key_replaced"


def test_what_a_shelter_signs_after_it_left_is_filed_no_more_and_it_may_say_so_again(desk: Desk) -> None:
    shelter = desk.shelter()
    words = {"iss": shelter.id, "aud": shelter.capofila_id, "iat": 5, "jti": "leave-1"}
    leave = make_leave(shelter.key, **words)  # type: ignore[arg-type]
    stranger = make_leave(SigningKey.generate(), **words)  # type: ignore[arg-type]
    assert desk.refusal(desk.office.enrolments.leave(stranger)) == "shelter_unknown"
    assert desk.refusal(desk.office.enrolments.leave("a.b.c")) == "change_unproven"
    assert desk.office.enrolments.leave(leave) == desk.office.enrolments.leave(leave) == Left()
    receive = desk.office.reception.receive
    assert desk.refusal(receive(shelter.delivery(shelter.package(), iat=6))) == "shelter_revoked"
    assert isinstance(receive(shelter.delivery(shelter.package(), iat=5)), Filed)  # what waited is not lost
    assert get_shelter(desk.office.store, shelter.id).revoked_by == "shelter"
    actions = [line.action for line in list_audit(desk.office.store)]
    assert actions == ["left", "enrolled", "invited"]
    desk.office.enrolments.revoke(shelter.id)
    assert desk.refusal(receive(shelter.delivery(shelter.package("2026-05"), "jti-2", iat=5))) == "shelter_revoked"


def test_what_was_filed_before_a_revocation_still_brings_back_its_receipt_and_nothing_new_is_filed(desk: Desk) -> None:
    shelter = desk.shelter()
    filed = desk.office.reception.receive(shelter.delivery(shelter.package(), "jti-1"))
    desk.office.enrolments.revoke(shelter.id)
    assert desk.office.reception.receive(shelter.delivery(shelter.package(), "jti-1")) == filed
    again = desk.office.reception.receive(shelter.delivery(shelter.package(revision=2), "jti-2"))
    assert again == TurnedAway("shelter_revoked")


def test_the_capofilas_new_key_descends_from_the_pinned_one(desk: Desk, tmp_path: Path) -> None:
    shelter, keys = desk.shelter(), desk.office.keys
    pinned, capofila_id = keys.identity.key.public, keys.identity.capofila_id
    sealed_to = keys.identity.sealing.public
    old = desk.office.reception.receive(shelter.delivery(shelter.package("2026-05"), "jti-5"))
    for _ in range(2):
        desk.clock.advance(timedelta(days=365))
        keys.renew()
    told = keys.answer()
    word = verify_identity(told.identity, pinned, iss=capofila_id, successions=told.successions)
    assert (word.key, word.seal) == (keys.identity.key.public, keys.identity.sealing.public)
    assert word.key != pinned
    assert word.seal != sealed_to
    assert sealed_to in [key.public for key in keys.identity.sealing_keys]  # what was sealed to it can still be read
    with pytest.raises(SuccessionUnproven):
        verify_identity(told.identity, SigningKey.generate().public, iss=capofila_id, successions=told.successions)
    # A new receipt is by the new key; the one that was given stays what it was.
    package = shelter.package()
    new = desk.office.reception.receive(shelter.delivery(package, "jti-6"))
    assert isinstance(new, Filed)
    later = descend(pinned, told.successions, iss=capofila_id)
    assert len(later) == 3
    expected = {"shelter": shelter.id, "period": "2026-06", "revision": 1, "trail": "5c" * 32}
    assert verify_receipt(new.receipt, later[-1], sha256=digest(package), **expected).is_accepted  # type: ignore[arg-type]
    assert desk.office.reception.receive(shelter.delivery(shelter.package("2026-05"), "jti-5")) == old
    # The private half of a key that has a successor is gone.
    assert [file.name for file in tmp_path.glob("signing*.pem")] == ["signing-3.pem"]


def test_an_instance_that_was_started_before_signs_with_the_new_key(tmp_path: Path) -> None:
    with open_desk(tmp_path) as one, open_desk(tmp_path) as two:
        shelter = one.shelter()
        pinned = two.office.keys.identity.key.public
        renewed = one.office.keys.renew().key.public
        answer = two.office.reception.receive(shelter.delivery(shelter.package()))
        assert isinstance(answer, Filed)
        assert two.office.keys.identity.key.public == renewed != pinned
        assert two.office.enrolments.invite(shelter_name="x", url=URL, days_valid=1).key == renewed.raw


def test_an_instance_without_the_key_signs_nothing_and_is_not_ready(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'one.db'}"
    with open_desk(tmp_path / "a", url) as one:
        one.shelter()
    with pytest.raises(CapofilaKeyStale), open_office(tmp_path / "b", url):
        pass


def test_a_renewal_that_was_cut_short_changes_nothing(tmp_path: Path) -> None:
    from app.capofila.key import add_keys

    with open_desk(tmp_path) as desk:
        before = desk.office.keys.identity.key.public
        add_keys(tmp_path)  # the files were written, the store was not told
    with open_desk(tmp_path) as desk:
        shelter = desk.shelter()
        assert desk.office.keys.identity.key.public == before
        assert isinstance(desk.office.reception.receive(shelter.delivery(shelter.package())), Filed)
        assert desk.office.keys.renew().key.public != before
        assert PublicKey(desk.office.keys.identity.key.public.raw)


def test_a_sending_number_that_brought_back_a_receipt_is_used_too(desk: Desk) -> None:
    shelter = desk.shelter()
    receive = desk.office.reception.receive
    receive(shelter.delivery(shelter.package(), "jti-1"))
    assert isinstance(receive(shelter.delivery(shelter.package(), "jti-2")), Filed)
    again = receive(shelter.delivery(shelter.package("2026-07"), "jti-2"))
    assert again == TurnedAway("idempotency_key_reused")
    changed = replace(shelter.delivery(shelter.package("2026-07"), "jti-3"), idempotency_key="jti-2")
    assert desk.refusal(receive(changed)) == "idempotency_key_reused"


def leave_at(desk: Desk, shelter: Shelter, iat: int) -> None:
    words = {"iss": shelter.id, "aud": shelter.capofila_id, "iat": iat, "jti": f"leave-{iat}"}
    assert desk.office.enrolments.leave(make_leave(shelter.key, **words)) == Left()  # type: ignore[arg-type]


def test_what_was_released_before_a_leave_is_filed_when_it_comes_and_nothing_later(desk: Desk) -> None:
    shelter, receive = desk.shelter(), desk.office.reception.receive
    leave_at(desk, shelter, 100)
    assert isinstance(receive(shelter.delivery(shelter.package("2026-05"), "jti-5", iat=100)), Filed)
    assert desk.refusal(receive(shelter.delivery(shelter.package(), "jti-6", iat=101))) == "shelter_revoked"
    desk.office.enrolments.revoke(shelter.id)
    assert desk.refusal(receive(shelter.delivery(shelter.package(), "jti-7", iat=99))) == "shelter_revoked"


def test_a_key_that_is_lost_while_its_package_is_verified_files_nothing(desk: Desk) -> None:
    lost, reception = desk.shelter(), desk.office.reception
    token = desk.office.enrolments.invite_again(lost.id, url=URL, days_valid=9).token
    verified = reception._sender

    def meanwhile(delivery: Delivery) -> object:
        found = verified(delivery)
        desk.enrolled(token, SigningKey.generate())
        return found

    reception._sender = meanwhile  # type: ignore[method-assign,assignment]
    answer = reception.receive(lost.delivery(lost.package()))
    assert desk.refusal(answer) == "key_replaced"


def test_a_key_id_that_no_database_can_hold_is_nobodys(desk: Desk) -> None:
    shelter = desk.shelter()
    for kid in ("\\ud800", "\\u0000", "x" * 43 + "y"):
        head = to_base64url(b'{"alg":"Ed25519","typ":"JWT","kid":"' + kid.encode() + b'"}')
        token = f"{head}.{to_base64url(b'{}')}.{to_base64url(b'x' * 64)}"
        sent = replace(shelter.delivery(shelter.package()), token=token)
        assert desk.refusal(desk.office.reception.receive(sent)) == "shelter_unknown"
        assert desk.refusal(desk.office.enrolments.change_key(token)) == "shelter_unknown"
        assert desk.refusal(desk.office.enrolments.leave(token)) == "shelter_unknown"


def test_what_a_shelter_did_is_noted_as_its_own_doing(desk: Desk) -> None:
    shelter, new = desk.shelter(), SigningKey.generate()
    desk.office.enrolments.change_key(change_of(shelter, new))
    shelter.key = new
    leave_at(desk, shelter, 200)
    who = {line.action: line.account_id for line in list_audit(desk.office.store)}
    assert who == {"invited": None, "enrolled": SHELTER, "key_changed": SHELTER, "left": SHELTER}
