"""Reports, enrolments and keys that travel as files: the same rules as the network's, and nothing counts twice."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import errors
from app.capofila.office import open_office
from app.models.work import OutboxItem
from app.reference.ids import OutboxId
from app.services.outbox import OutboxRow, Parcel
from app.services.register import Register
from app.sync.file_answer import FileAnswer, read_answer, write_answer
from app.sync.file_name import is_ours
from app.sync.key import SealingKey, SigningKey
from app.sync.outcome import Declined, Delivered, Noted, Unproven, Verdict, Waiting
from app.sync.sealed import FILE_SIZE, SealedReport, open_sealed, seal
from app.sync.signature import digest_header, peek
from tests.file_side import URL, Side, hand_over, receipt_of
from tests.ui.desk import HOUSE, MAY
from tests.unit.prints_support import pdf_text

# --- a report


def test_a_shelter_without_any_network_enrols_reports_and_has_its_receipt(side: Side) -> None:
    taken = side.enrol()
    assert (taken.kind, taken.house_name) == ("enrolment", side.register.houses.get(HOUSE).name)
    place = side.register.enrolments.find(HOUSE)
    assert place is not None
    assert place.can_seal
    side.register.months.close(HOUSE, MAY)
    item = side.release()
    assert side.state() == "prepared"
    file = hand_over(side.register, item)
    assert side.state() == "handed_over"
    assert (len(file.content), is_ours(file.name)) == (FILE_SIZE, True)
    taken = side.register.sealed_files.take(side.answer(file.content))
    assert (taken.kind, taken.item, taken.month, taken.revision, taken.state) == ("receipt", item, MAY, 1, "accepted")
    assert not taken.was_known
    proof = side.register.outbox.proof(item)
    assert proof is not None
    assert proof.is_accepted
    assert side.register.sealed_files.take(side.answer(file.content)).was_known
    assert side.filed() == [("2026-05", 1)]


def test_a_file_holds_the_very_bytes_that_were_previewed_and_says_nothing_in_clear(ready: Side) -> None:
    preview = ready.register.outbox.preview(HOUSE, MAY)
    item = ready.release()
    file = hand_over(ready.register, item)
    opened = open_sealed(file.content, ready.office.keys.identity.sealing_keys)
    (parcel,) = ready.register.outbox.due(all_now=True)
    assert opened == SealedReport.of(preview.package, parcel.token, parcel.idempotency_key)
    for told in (b"2026", b"Casa", parcel.token.encode(), parcel.idempotency_key.encode()):
        assert told not in file.content
    assert "2026" not in file.name


def test_both_ways_count_once_whichever_comes_first(ready: Side) -> None:
    item = ready.release()
    file = hand_over(ready.register, item)
    (parcel,) = ready.register.outbox.due(all_now=True)
    assert isinstance(ready.push(parcel), Delivered)
    taken = ready.register.sealed_files.take(ready.answer(file.content))
    assert (taken.kind, taken.was_known) == ("receipt", True)
    second = ready.release_again()
    file = hand_over(ready.register, second)
    answer = ready.answer(file.content)  # at the capofila before the network brings it
    (parcel,) = ready.register.outbox.due(all_now=True)
    assert isinstance(ready.push(parcel), Delivered)
    assert ready.register.sealed_files.take(answer).was_known
    assert ready.filed() == [("2026-05", 1), ("2026-05", 2)]
    assert ready.register.outbox.receipt(second) == read_answer(answer).receipt


def test_files_may_come_in_any_order_and_be_saved_as_often_as_needed(ready: Side) -> None:
    first = ready.release()
    files = [hand_over(ready.register, first) for _ in range(2)]
    assert files[0].content != files[1].content
    second = ready.release_again()
    later = hand_over(ready.register, second)
    for file in (later, *files):
        assert ready.register.sealed_files.take(ready.answer(file.content)).kind == "receipt"
    assert [row.state for row in ready.register.outbox.list_rows()] == ["accepted", "accepted"]


def test_a_lost_file_is_still_due_over_the_network_and_survives_a_lock(ready: Side) -> None:
    item = ready.release()
    hand_over(ready.register, item)
    row = ready.register.outbox.list_rows()[0]
    assert row.is_waiting
    assert row.handed_over_at == ready.register.desk.now()
    assert [parcel.id for parcel in ready.register.outbox.due()] == [item]


# --- answers that prove nothing


def test_an_answer_that_was_tampered_with_or_is_for_nobody_writes_nothing(ready: Side, register: Register) -> None:
    item = ready.release()
    answer = read_answer(ready.answer(hand_over(register, item).content))
    assert answer.receipt is not None
    head, body, signature = answer.receipt.split(".")
    turned = ("A" if signature[0] != "A" else "B") + signature[1:]
    for receipt in (f"{head}.{body}.{turned}", "rubbish", answer.receipt[:-9]):
        with pytest.raises(errors.ReceiptInvalid):
            register.sealed_files.take(write_answer(replace(answer, receipt=receipt)))
    with pytest.raises(errors.ReceiptForNobody):
        register.sealed_files.take(write_answer(replace(answer, about="another", receipt=head + ".e30." + signature)))
    with pytest.raises(errors.AnswerInvalid):
        register.sealed_files.take(write_answer(answer)[:-5])
    with pytest.raises(errors.AnswerInvalid):
        register.sealed_files.take(hand_over(register, item).content)  # our own file, dropped on our window
    assert ready.state() == "handed_over"
    assert register.outbox.list_rows()[0].last_problem is None


def test_a_foreign_key_and_a_receipt_for_something_else_are_refused(ready: Side) -> None:
    ready.release()
    (parcel,) = ready.register.outbox.due()
    own = ready.office.keys.identity.key
    take = ready.register.sealed_files.take
    for file in (
        receipt_of(ready, SigningKey.generate(), parcel),
        receipt_of(ready, own, parcel, period="2026-04"),
        receipt_of(ready, own, parcel, revision=2),
        receipt_of(ready, own, parcel, sha256="00" * 32),
        receipt_of(ready, own, parcel, trail="00" * 32),
        receipt_of(ready, own, parcel, shelter="another"),
    ):
        with pytest.raises(errors.ReceiptInvalid):
            take(file)
    assert ready.state() == "prepared"
    assert take(receipt_of(ready, own, parcel)).kind == "receipt"
    with pytest.raises(errors.ReceiptWorthless):  # no word of a queue that it is not in any more
        take(receipt_of(ready, SigningKey.generate(), parcel))
    assert ready.state() == "accepted"


def test_a_signed_refusal_is_red_and_a_later_receipt_wins(ready: Side) -> None:
    item = ready.release()
    (parcel,) = ready.register.outbox.due()
    own = ready.office.keys.identity.key
    taken = ready.register.sealed_files.take(receipt_of(ready, own, parcel, refused="revision_conflict"))
    assert (taken.kind, taken.state, taken.reason) == ("refusal", "refused", "revision_conflict")
    assert ready.register.outbox.due(all_now=True) == []
    ready.register.outbox.file(item, Waiting("down"))
    assert ready.register.outbox.list_rows()[0].last_problem == "refused_revision_conflict"
    assert ready.register.sealed_files.take(receipt_of(ready, own, parcel)).state == "accepted"
    taken = ready.register.sealed_files.take(receipt_of(ready, own, parcel, refused="revision_conflict"))
    assert (taken.state, ready.state()) == ("accepted", "accepted")


def test_a_problem_that_nobody_signed_is_told_and_the_report_waits_on(ready: Side) -> None:
    ready.release()
    (parcel,) = ready.register.outbox.due()
    hearsay = write_answer(FileAnswer("receipt", parcel.idempotency_key, reason="shelter_revoked"))
    taken = ready.register.sealed_files.take(hearsay)
    assert (taken.kind, taken.state, taken.reason) == ("problem", "prepared", "shelter_revoked")
    assert len(ready.register.outbox.due(all_now=True)) == 1


def test_a_verdict_that_somebody_hands_over_is_proved_again(ready: Side) -> None:
    item = ready.release()
    (parcel,) = ready.register.outbox.due()
    verdict = ready.push(parcel)
    assert isinstance(verdict, Delivered)
    second = ready.release_again()
    ready.register.outbox.file(second, verdict)  # a true receipt, of another report
    assert {row.id: row.state for row in ready.register.outbox.list_rows()} == {item: "accepted", second: "received"}


# --- what the store itself refuses


def test_the_store_refuses_green_without_a_receipt_purging_and_changing_what_was_signed(ready: Side) -> None:
    item = ready.release()
    vault = ready.register.desk.vault
    for statement in (
        "UPDATE outbox_item SET state = 'accepted'",
        "UPDATE outbox_item SET receipt = 'x'",
        "UPDATE outbox_item SET state = 'sent'",
        "UPDATE outbox_item SET payload = x'00'",
        "UPDATE outbox_item SET month = '2026-04'",
        "UPDATE outbox_item SET idempotency_key = 'x'",
        "DELETE FROM outbox_item",
    ):
        with pytest.raises((IntegrityError, errors.ApprodoError)), vault.work() as session:
            session.execute(text(statement))
    (parcel,) = ready.register.outbox.due()
    ready.push(parcel)
    for statement in ("UPDATE outbox_item SET receipt = 'x'", "UPDATE outbox_item SET state = 'refused'"):
        with pytest.raises((IntegrityError, errors.ApprodoError)), vault.work() as session:
            session.execute(text(statement))
    assert ready.register.outbox.proof(item) is not None


def test_a_broken_report_blocks_nothing_and_never_leaves(ready: Side) -> None:
    item = ready.release()
    with ready.register.desk.vault.work() as session:
        session.execute(text("DROP TRIGGER outbox_item_signed"))
        session.execute(text("UPDATE outbox_item SET payload = x'00'"))
    second = ready.release_again()
    assert [parcel.id for parcel in ready.register.outbox.due()] == [second]
    assert [(row.id, row.is_broken) for row in ready.register.outbox.list_rows()] == [(second, False), (item, True)]
    with pytest.raises(errors.ReportBroken):
        hand_over(ready.register, item)


# --- any order of everything


VERDICTS: dict[str, Verdict] = {
    "noted": Noted(),
    "timeout": Waiting("timeout"),
    "down": Waiting("down"),
    "hearsay": Declined("shelter_unknown", None),
    "unproven": Unproven("signature"),
}
EVENTS = ("file", "file_answer", "push", "refused", "forged", *VERDICTS)
PROOFS = {"file_answer", "push"}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(EVENTS), max_size=8))
def test_whatever_happens_green_is_a_proof_and_red_has_none(ready: Side, events: list[str]) -> None:
    item = _fresh(ready)
    parcel = next(each for each in ready.register.outbox.due(all_now=True) if each.id == item)
    for number, event in enumerate(events, 1):
        _happens(ready, parcel, event)
        _check(ready, item, events[:number])
    row = _row(ready, item)
    assert ready.filed().count(("2026-05", row.revision)) == int(bool(PROOFS & set(events)))


def _check(ready: Side, item: OutboxId, events: list[str]) -> None:
    has_receipt, has_refusal = bool(PROOFS & set(events)), "refused" in events
    state = _row(ready, item).state
    assert (state == "accepted") == has_receipt
    assert (state == "refused") == (has_refusal and not has_receipt)
    assert (ready.register.outbox.proof(item) is not None) == has_receipt
    is_due = any(each.id == item for each in ready.register.outbox.due(all_now=True))
    assert is_due == (state not in ("accepted", "refused"))


def _happens(ready: Side, parcel: Parcel, event: str) -> None:
    register, own = ready.register, ready.office.keys.identity.key
    match event:
        case "file":
            hand_over(register, parcel.id)
        case "file_answer":
            register.sealed_files.take(ready.answer(hand_over(register, parcel.id).content))
        case "push":
            ready.push(parcel)
        case "refused":
            register.sealed_files.take(receipt_of(ready, own, parcel, refused="shelter_mismatch"))
        case "forged":
            with pytest.raises(errors.ReceiptInvalid):
                register.sealed_files.take(receipt_of(ready, SigningKey.generate(), parcel))
        case _:
            register.outbox.file(parcel.id, VERDICTS[event])


def _fresh(ready: Side) -> OutboxId:
    """Return a new revision; what earlier examples left waiting is given its receipt first."""
    for _ in range(50):
        waiting = ready.register.outbox.due(all_now=True)
        if not waiting:
            break
        for parcel in waiting:
            ready.push(parcel)
    return ready.release_again() if ready.register.outbox.list_rows() else ready.release()


def _row(ready: Side, item: OutboxId) -> OutboxRow:
    return next(row for row in ready.register.outbox.list_rows() if row.id == item)


# --- after a restore


def test_a_restored_register_hands_out_nothing_and_takes_every_receipt(ready: Side) -> None:
    item = ready.release()
    before = hand_over(ready.register, item)
    answer = ready.answer(before.content)
    with ready.register.desk.vault.work() as session:  # as `app.services.restore` writes it
        told = json.dumps({"at": "2026-06-15T20:00:00+00:00", "copy": "2026-06-01T20:00:00+00:00"})
        session.execute(text("INSERT INTO setting (name, value) VALUES ('restored', :told)"), {"told": told})
    assert ready.register.outbox.due(all_now=True) == []
    with pytest.raises(errors.SendingWaits):
        hand_over(ready.register, item)
    with pytest.raises(errors.SendingWaits):
        ready.register.sealed_files.key_change(HOUSE)
    assert ready.register.sealed_files.take(answer).state == "accepted"
    ready.register.restores.confirm()
    assert ready.filed() == [("2026-05", 1)]


def test_a_receipt_of_what_left_after_the_copy_is_told_and_not_lost(ready: Side) -> None:
    item = ready.release()
    answer = ready.answer(hand_over(ready.register, item).content)
    with ready.register.desk.vault.work() as session:  # the register as it was before the release
        session.execute(text("DROP TRIGGER outbox_item_delete"))
        session.delete(session.get_one(OutboxItem, item))
    with pytest.raises(errors.ReceiptForNobody):
        ready.register.sealed_files.take(answer)
    again = ready.release()  # the same closing gives the same bytes, so the capofila has them already
    assert ready.register.sealed_files.take(answer).item == again
    assert ready.state() == "accepted"


# --- who may be believed


def test_an_old_invitation_has_no_key_to_seal_to_until_the_capofila_tells_it(side: Side) -> None:
    invitation = side.office.enrolments.invite(shelter_name="Casa", url=URL, days_valid=14)
    with pytest.raises(errors.SealingKeyUnknown):
        side.register.sealed_files.enrolment_request(HOUSE, replace(invitation, seal=None).to_text())
    side.enrol()
    with side.register.desk.vault.work() as session:
        session.execute(text("UPDATE enrolment SET seal_key = NULL"))
    side.register.months.close(HOUSE, MAY)
    item = side.release()
    with pytest.raises(errors.SealingKeyUnknown):
        hand_over(side.register, item)
    assert side.state() == "prepared"
    (parcel,) = side.register.outbox.due()
    assert parcel.wants_identity
    told = side.office.keys.answer()
    learned = side.register.key_changes.learn(parcel.house, told.identity, told.successions)
    assert (learned.has_new_key, learned.has_new_seal) == (False, True)
    assert not side.register.outbox.due()[0].wants_identity
    assert len(hand_over(side.register, item).content) == FILE_SIZE


def test_an_enrolment_that_another_answers_is_not_made(side: Side, tmp_path: Path) -> None:
    request = side.register.sealed_files.enrolment_request(HOUSE, side.invitation())
    answer = read_answer(side.answer(request.content))
    assert answer.enrolment is not None
    take = side.register.sealed_files.take
    with pytest.raises(errors.AnswerForNobody):
        take(write_answer(replace(answer, about="another")))
    for changed in (
        replace(answer, certificate=None),
        replace(answer, certificate="rubbish"),
        replace(answer, enrolment=answer.enrolment[:-7] + "AAAAAAA"),
    ):
        with pytest.raises(errors.EnrolmentUnproven):
            take(write_answer(changed))
    assert side.register.enrolments.find(HOUSE) is None
    refused = take(write_answer(FileAnswer("enrolment", answer.about, reason="invitation_expired")))
    assert (refused.kind, refused.reason) == ("problem", "invitation_expired")
    assert take(write_answer(answer)).kind == "enrolment"
    place = side.register.enrolments.find(HOUSE)
    again = take(write_answer(answer))
    assert (again.kind, again.was_known) == ("enrolment", True)
    assert side.register.enrolments.find(HOUSE) == place
    with open_office(tmp_path / "other", hosts=["127.0.0.1"]) as other:
        assert other.files.open_file(request.content).reason == "seal_invalid"  # sealed to another capofila


def test_the_capofila_follows_its_rules_for_a_file_too(ready: Side) -> None:
    item = ready.release()
    content = hand_over(ready.register, item).content
    opened = open_sealed(content, ready.office.keys.identity.sealing_keys)
    assert isinstance(opened, SealedReport)
    assert ready.office.files.open_file(content[:-1] + b"!").reason == "seal_invalid"
    public = ready.office.keys.identity.sealing.public
    for changed in (
        replace(opened, token=opened.token[:-6] + "AAAAAA"),
        replace(opened, digest=digest_header(b"other")),
        replace(opened, idempotency_key="other"),
        replace(opened, content_type="text/plain"),
        replace(opened, package=opened.package.replace(b"2026-05", b"2026-04")),
    ):
        file = ready.office.files.open_file(seal(changed, public))
        assert file.kind == "refused", changed
    assert ready.filed() == []
    assert ready.office.files.open_file(seal(opened, SealingKey.generate().public)).reason == "seal_invalid"


def test_a_cover_names_the_recipient_and_neither_the_house_nor_the_month(ready: Side) -> None:
    file = hand_over(ready.register, ready.release())
    page = pdf_text(ready.register.sealed_files.cover(file))
    said = " ".join(page.split())
    assert file.name in said
    assert file.capofila_name in said
    assert file.sha256[:4].upper() in said
    house = ready.register.houses.get(HOUSE).name
    for told in (house, "2026", "maggio", "May", "tratta", "Casa di prova"):
        assert told.casefold() not in said.casefold(), told


def test_what_is_noted_of_files(ready: Side) -> None:
    item = ready.release()
    file = hand_over(ready.register, item)
    ready.register.sealed_files.take(ready.answer(file.content))
    with ready.register.desk.vault.work() as session:
        query = "SELECT action FROM trail WHERE subject = 'report' AND subject_id = :item ORDER BY id"
        assert session.execute(text(query), {"item": item}).scalars().all() == ["release", "hand_over", "receipt"]
    assert peek("rubbish") == {}
