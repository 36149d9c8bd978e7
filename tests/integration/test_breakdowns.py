"""The month's breakdowns from the register to the package: when they leave, what stays, nothing half done."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text

from app import errors
from app.audit import audit
from app.cli.main import run
from app.cli.terminal import Exit
from app.disclosure import NotPublished, Reason, age_class
from app.models.ledger import BreakdownSet, LedgerEntry, LedgerLink, LedgerStay, LedgerValue
from app.models.stay import Stay
from app.models.work import OutboxItem
from app.reference.ids import GuestId
from app.reference.texts import tr
from app.services.breakdown import run_audit
from app.services.calendar import Month
from app.services.counted import question_for
from app.services.counting import UncountedDraft
from app.services.guest import GuestDraft
from app.services.house import HouseDraft, RoomDraft
from app.services.ledger_store import forget_unbound, let_go
from app.services.press import Press
from app.services.protection import ExploitationForms, PermitDraft
from app.services.register import Register, build_register
from app.services.retention import ERASE
from app.services.stay import StayDraft
from app.sync.breakdown import PublishedTable, UnpublishedTable
from app.sync.payload import SIZE, from_bytes
from app.ui.presenters import breakdown as breakdown_words
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.breakdown_story import DECEMBER, HOUSE, Lives, Traits, again, at_new_year, enrolled, host, send, traits
from tests.conftest import NOW, PASSPHRASE
from tests.fakes import FakeClock

TWELVE = traits(1, 12)


@pytest.fixture(scope="module")
def lived(vault_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Lives]:
    """A register with twelve guests of 2026, made once and copied for every test."""
    folder, clock = tmp_path_factory.mktemp("lived") / "vault", FakeClock(NOW)
    shutil.copytree(vault_template, folder)
    register = build_register(Vault(folder, NoSecrets()), clock)
    register.access.unlock(PASSPHRASE)
    at_new_year(clock)
    enrolled(register)
    lives = host(register, TWELVE)
    register.access.lock()
    return folder, lives


@pytest.fixture
def lives(lived: tuple[Path, Lives], register: Register, vault_folder: Path, clock: FakeClock) -> Lives:
    """Twelve guests of 2026, on an evening in January."""
    register.access.lock()
    shutil.copytree(lived[0], vault_folder, dirs_exist_ok=True)
    at_new_year(clock)
    register.access.unlock(PASSPHRASE)
    return lived[1]


def counts(register: Register) -> dict[str, int]:
    with register.desk.vault.work() as session:
        models = (LedgerEntry, LedgerLink, LedgerValue, LedgerStay, BreakdownSet, OutboxItem)
        return {model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0 for model in models}


def shown(register: Register) -> dict[str, str]:
    tables = register.breakdowns.of_month(HOUSE, DECEMBER).tables
    return {table.variable: table.sentence() for table in tables if table.is_shown}


def package(register: Register) -> bytes:
    return register.outbox.preview(HOUSE, DECEMBER).package


# --- a year's tables


@pytest.mark.parametrize("people", [12, 25])
def test_the_tables_of_a_year_leave_with_december_and_the_audit_passes_them(
    register: Register, clock: FakeClock, people: int
) -> None:
    at_new_year(clock)
    enrolled(register)
    host(register, traits(1, people))
    register.months.close(HOUSE, DECEMBER)
    found = register.breakdowns.of_month(HOUSE, DECEMBER)
    assert (found.state, found.why, found.waiting, found.left_out) == ("ready", "", 0, 0)
    assert {table.family for table in found.tables if table.is_shown} == {"C"}
    assert all(table.total == people for table in found.tables if table.is_shown)
    assert found.proof is not None
    assert found.proof.outcome == "pass"
    document = register.ledgers.document(HOUSE, DECEMBER)
    verdict = audit(document)
    assert verdict.passed, verdict.lines("en")
    assert verdict.sha256 == found.proof.sha256
    assert counts(register)["ledger_entry"] == 0, "nothing is remembered as published before it leaves"
    send(register)
    assert register.ledgers.document(HOUSE, DECEMBER)
    assert audit(register.ledgers.export(HOUSE)).passed
    assert register.breakdowns.of_month(HOUSE, DECEMBER).state == "released"
    state = register.ledgers.state(HOUSE)
    assert (state.fault, state.tokens, state.erased) == ("", people, 0)
    assert state.releases == sum(table.is_shown for table in found.tables)


def test_what_the_page_shows_is_what_the_package_says(register: Register, lives: Lives) -> None:
    register.months.close(HOUSE, DECEMBER)
    report = from_bytes(package(register))
    told = {
        (cut.variable, table.family, table.day): dict(table.blocks) for cut in report.breakdowns for table in cut.shown
    }
    for table in register.breakdowns.of_month(HOUSE, DECEMBER).tables:
        place = (table.variable, table.family, table.day.isoformat())
        if table.is_shown:
            assert told[place] == {item.node: item.count for item in table.items}
            assert table.definition
        else:
            assert place not in told
            assert table.reason in {"too_few", "churn", "gate", "linked"}
    assert len(package(register)) == SIZE


def test_other_months_bring_no_table_and_wait_for_nothing(register: Register, lives: Lives) -> None:
    november = Month(2026, 11)
    closing = register.months.begin_close(HOUSE, november)
    assert not closing.is_heavy
    register.months.finish_close(closing, closing.work())
    assert register.breakdowns.of_month(HOUSE, november).state == "none"
    assert from_bytes(register.outbox.preview(HOUSE, november).package).breakdowns == ()


def test_the_same_month_sent_twice_is_the_same_bytes(register: Register, lives: Lives) -> None:
    register.months.close(HOUSE, DECEMBER)
    seen = register.outbox.preview(HOUSE, DECEMBER)
    item = register.outbox.release(HOUSE, DECEMBER, seen.sha256)
    before = counts(register)
    assert register.outbox.release(HOUSE, DECEMBER, seen.sha256) == item
    assert register.outbox.package(item) == seen.package == package(register)
    assert counts(register) == before


def test_a_month_reopened_before_it_was_sent_leaves_no_trace_in_the_ledger(register: Register, lives: Lives) -> None:
    register.months.close(HOUSE, DECEMBER)
    register.months.reopen(HOUSE, DECEMBER, "una cosa")
    assert register.breakdowns.of_month(HOUSE, DECEMBER).state == "none"
    assert counts(register)["breakdown_set"] == 0
    register.months.close(HOUSE, DECEMBER)
    assert register.breakdowns.of_month(HOUSE, DECEMBER).revision == 2
    assert {table.revision for table in register.breakdowns.of_month(HOUSE, DECEMBER).tables if table.is_shown} == {1}
    send(register)
    assert register.ledgers.state(HOUSE).fault == ""


def test_a_few_people_give_totals_only_and_a_reason_that_names_nobody(register: Register, clock: FakeClock) -> None:
    at_new_year(clock)
    enrolled(register)
    host(register, traits(2, 7))
    register.months.close(HOUSE, DECEMBER)
    tables = [table for cut in from_bytes(package(register)).breakdowns for table in cut.tables]
    assert tables
    assert {table.reason for table in tables if isinstance(table, UnpublishedTable)} == {"too_few"}
    send(register)
    assert register.ledgers.state(HOUSE).releases == 0


# --- corrections, after they left


def reopened(register: Register) -> None:
    register.months.reopen(HOUSE, DECEMBER, "una correzione")
    register.months.close(HOUSE, DECEMBER)


def put_right(register: Register, guest: GuestId, one: Traits) -> None:
    card = register.guests.card(guest)
    draft = GuestDraft(
        card.name_used, birth_date=one.born, birth_quality="CERTA", gender=one.gender, citizenships=(one.country,)
    )
    register.guests.change(guest, draft)


def test_one_correction_after_the_sending_waits_and_the_next_revision_says_the_same(
    register: Register, lives: Lives
) -> None:
    register.months.close(HOUSE, DECEMBER)
    send(register)
    said, before = shown(register), counts(register)
    put_right(register, lives.guests[0], again(TWELVE[0], country="UKR" if TWELVE[0].country != "UKR" else "NGA"))
    reopened(register)
    found = register.breakdowns.of_month(HOUSE, DECEMBER)
    assert shown(register) == said
    assert found.waiting >= 1
    assert all(table.shown_before for table in found.tables if table.is_shown)
    send(register)
    assert counts(register)["ledger_entry"] == before["ledger_entry"]
    assert register.ledgers.state(HOUSE).fault == ""


def test_corrections_of_many_are_taken_in_together_under_new_tokens_or_not_at_all(
    register: Register, clock: FakeClock
) -> None:
    at_new_year(clock)
    enrolled(register)
    people = [replace(one, form="SES" if n < 12 else "LAV") for n, one in enumerate(traits(4, 25))]
    lives = host(register, people)
    register.months.close(HOUSE, DECEMBER)
    send(register)
    for guest in lives.guests[:7]:
        register.protections.set_exploitation(guest, ExploitationForms(("LAV",), "LAV"))
    reopened(register)
    found = next(t for t in register.breakdowns.of_month(HOUSE, DECEMBER).tables if t.variable == "exploitation")
    assert found.revision == 2, "seven corrections are enough for a new population"
    assert sum(item.count for item in found.items) == found.total == 25
    before = register.ledgers.state(HOUSE)
    send(register)
    after = register.ledgers.state(HOUSE)
    assert (after.fault, after.tokens) == ("", before.tokens + 7)
    assert audit(register.ledgers.export(HOUSE)).passed
    clock.moment += timedelta(days=1)
    reopened(register)
    assert register.breakdowns.of_month(HOUSE, DECEMBER).waiting == 0


def test_an_entry_annulled_after_it_was_counted_leaves_the_ledger_whole(register: Register, lives: Lives) -> None:
    register.months.close(HOUSE, DECEMBER)
    send(register)
    register.months.reopen(HOUSE, DECEMBER, "un ingresso sbagliato")
    register.corrections.annul(lives.stays[-1], "non è mai entrata")
    register.months.close(HOUSE, DECEMBER)
    found = register.breakdowns.of_month(HOUSE, DECEMBER)
    assert {table.total for table in found.tables if table.is_shown} == {12}, "one person fewer is absorbed"
    send(register)
    assert audit(register.ledgers.export(HOUSE)).passed


def test_two_records_of_one_person_that_were_both_counted_stay_two_tokens(register: Register, lives: Lives) -> None:
    twice, _ = register.stays.admit(
        GuestDraft("N0 bis", citizenships=("NGA",)), StayDraft(HOUSE, date(2026, 12, 20), referral_source="NVE")
    )
    register.months.close(HOUSE, DECEMBER)
    send(register)
    first = lives.guests[0]
    register.months.reopen(HOUSE, DECEMBER, "due schede della stessa persona")
    register.merges.merge(first, twice)
    register.months.close(HOUSE, DECEMBER)
    assert {t.total for t in register.breakdowns.of_month(HOUSE, DECEMBER).tables if t.is_shown} == {13}
    send(register)
    assert register.ledgers.state(HOUSE).tokens == 13
    assert audit(register.ledgers.export(HOUSE)).passed


# --- who is not to be counted


def test_who_objects_before_the_sending_is_not_counted_and_what_was_prepared_is_prepared_again(
    register: Register, lives: Lives
) -> None:
    register.months.close(HOUSE, DECEMBER)
    seen = register.outbox.preview(HOUSE, DECEMBER)
    register.countings.leave_out(UncountedDraft(lives.guests[3], "OBJECTION", register.desk.today()))
    assert not register.countings.of_guest(lives.guests[3]).is_counted
    assert register.breakdowns.of_month(HOUSE, DECEMBER).state == "stale"
    with pytest.raises(errors.ReportChanged):
        register.outbox.release(HOUSE, DECEMBER, seen.sha256)
    with pytest.raises(errors.BreakdownsStale):
        send(register)
    assert counts(register)["outbox_item"] == 0
    register.breakdowns.prepare(HOUSE, DECEMBER)
    found = register.breakdowns.of_month(HOUSE, DECEMBER)
    assert found.left_out == 1
    assert {table.total for table in found.tables if table.is_shown} == {11}
    send(register)


def test_an_objection_after_the_sending_changes_nothing_that_left(register: Register, lives: Lives) -> None:
    register.months.close(HOUSE, DECEMBER)
    send(register)
    said = shown(register)
    number = register.countings.leave_out(UncountedDraft(lives.guests[3], "EMBARGO", date(2026, 6, 1)))
    reopened(register)
    assert shown(register) == said
    register.countings.end(number, register.desk.today())
    assert register.countings.of_guest(lives.guests[3]).is_counted


def test_a_guest_taken_over_from_another_house_is_counted_by_the_first_for_good(
    register: Register, lives: Lives
) -> None:
    rooms = (RoomDraft("1", ("A",)),)
    other = register.houses.add(HouseDraft("Altra casa", "DONNE", "PASTI", "SEC", "MI", rooms))
    still_here = [
        (guest, stay)
        for guest, stay in zip(lives.guests, lives.stays, strict=True)
        if register.guests.card(guest).stays[0].exit_on is None
    ]
    moved = {guest for guest, _ in still_here[:2]}
    assert len(moved) == 2
    for _, stay in still_here[:2]:
        register.stays.transfer(stay, other, date(2026, 12, 30))
    with register.desk.vault.work() as session:
        here, there = (question_for(session, house, DECEMBER, register.desk.today()) for house in (HOUSE, other))
        next_year = question_for(session, other, Month(2027, 12), register.desk.today())
    assert here is not None
    assert there is not None
    assert next_year is not None
    assert not any(person.is_taken_over for person in here.people)
    assert {person.guest for person in there.people if person.is_taken_over} == moved
    later = {person.guest for person in next_year.people if person.is_taken_over}
    assert later == moved, "two tables of the same people could be subtracted"


def test_the_first_entry_says_how_a_guest_is_counted_and_a_later_permit_changes_nothing(
    register: Register, lives: Lives
) -> None:
    register.protections.add_permit(PermitDraft(lives.guests[0], "C18", date(2026, 11, 1)))
    with register.desk.vault.work() as session:
        question = question_for(session, HOUSE, DECEMBER, register.desk.today())
    assert question is not None
    counted = {variable: values[lives.guests[0]] for variable, values in question.values.items()}
    assert counted == {
        "gender": TWELVE[0].gender,
        "age": age_class(2026 - TWELVE[0].born.year - ((TWELVE[0].born.month, TWELVE[0].born.day) > (1, 3))),
        "citizenship": TWELVE[0].country,
        "exploitation": TWELVE[0].form,
        "permit": TWELVE[0].permit,
        "referral_source": TWELVE[0].source,
    }


# --- erasure


def erase(register: Register, guest: GuestId) -> None:
    plan = register.retentions.plan(guest, asked=True)
    register.retentions.erase(plan, ERASE)


def all_received(register: Register, lives: Lives, side: Any) -> None:
    """Close and deliver every month, so that nothing holds an erasure back."""
    for month in [Month(2026, number) for number in range(1, 13)]:
        register.months.close(HOUSE, month)
        register.outbox.release(HOUSE, month, register.outbox.preview(HOUSE, month).sha256)
    while parcels := register.outbox.due(all_now=True):
        for parcel in parcels:
            register.outbox.file(parcel.id, side.take(parcel))


def test_an_erased_guest_s_token_stays_with_its_days_and_tells_of_nobody(register: Register, clock: FakeClock) -> None:
    at_new_year(clock)
    side = enrolled(register)
    lives = host(register, TWELVE, stays_days=(30, 40))
    all_received(register, lives, side)
    clock.moment += timedelta(days=40)
    for stay in lives.stays[-2:]:
        if register.guests.card(lives.guests[lives.stays.index(stay)]).stays[0].exit_on is None:
            register.stays.end(stay, date(2027, 2, 1), "AUT", "CAS_AFF")
    her = lives.guests[0]
    with register.desk.vault.work() as session:
        token = session.scalars(select(LedgerLink.token).where(LedgerLink.guest_id == her)).one()
    assert token.encode() in register.ledgers.export(HOUSE)
    erase(register, her)
    with register.desk.vault.work() as session:
        assert session.scalar(select(func.count()).select_from(LedgerLink).where(LedgerLink.token == token)) == 0
        assert session.scalar(select(func.count()).select_from(LedgerStay).where(LedgerStay.token == token)) == 1
        kept = set(session.scalars(select(LedgerLink.guest_id).join(LedgerValue, LedgerValue.link_id == LedgerLink.id)))
        assert kept == set(lives.guests[1:])
    state = register.ledgers.state(HOUSE)
    assert (state.erased, state.fault) == (1, "")
    document = register.ledgers.export(HOUSE)
    assert token.encode() in document
    assert audit(document).passed


def test_when_nobody_is_left_and_the_year_is_over_the_tables_are_forgotten_and_the_chain_still_holds(
    register: Register, lives: Lives
) -> None:
    register.months.close(HOUSE, DECEMBER)
    send(register)
    with register.desk.vault.work() as session:
        let_go(session, lives.guests[:11])
        session.execute(delete(LedgerLink).where(LedgerLink.guest_id.in_(lives.guests[:11])))
        assert forget_unbound(session, HOUSE, register.desk.today()) == 0, "one is left who shares every table"
        let_go(session, lives.guests)
        session.execute(delete(LedgerLink))
        assert forget_unbound(session, HOUSE, date(2026, 12, 31)) == 0, "the year is not over"
        assert forget_unbound(session, HOUSE, register.desk.today()) > 0
        register.desk.note(session, "delete", "ledger", HOUSE)
    state = register.ledgers.state(HOUSE)
    assert (state.releases, state.tokens, state.fault) == (0, 0, "")
    with register.desk.vault.work() as session:
        assert set(session.scalars(select(LedgerEntry.content))) == {None}
        assert session.scalar(select(func.count()).select_from(LedgerStay)) == 0


# --- what goes wrong


def with_press(register: Register, press: Press) -> Register:
    """Open the same register with another engine or audit."""
    register.access.lock()
    other = build_register(register.desk.vault, register.desk.clock, press)
    other.access.unlock(PASSPHRASE)
    return other


def broken_engine(*_args: object, **_kwargs: object) -> Any:
    raise ZeroDivisionError


def stopped_engine(ledger: Any, _tree: Any, population: Any, _values: Mapping[str, str], **_: Any) -> Any:
    return NotPublished(population, Reason.SOLVER_STOPPED), ledger


def refusing_audit(document: bytes) -> Any:
    # the real audit of a file with one table out of the calendar
    spoilt = json.loads(document)
    spoilt["calendar"] = spoilt["calendar"][1:]
    return run_audit(json.dumps(spoilt).encode())


@pytest.mark.parametrize(
    ("press", "why"),
    [
        (Press(engine=broken_engine), "solver"),
        (Press(engine=stopped_engine), "solver"),
        (Press(audit=refusing_audit), "audit_failed"),
    ],
)
def test_when_the_engine_or_the_audit_fails_totals_leave_alone_and_nothing_is_remembered(
    register: Register, lives: Lives, press: Press, why: str
) -> None:
    desk = with_press(register, press)
    desk.months.close(HOUSE, DECEMBER)
    found = desk.breakdowns.of_month(HOUSE, DECEMBER)
    assert (found.state, found.why) == ("withheld", why)
    assert tr(f"breakdown.why_{why}")
    report = from_bytes(desk.outbox.preview(HOUSE, DECEMBER).package)
    tables = [table for cut in report.breakdowns for table in cut.tables]
    assert {table.reason for table in tables if isinstance(table, UnpublishedTable)} == {"withheld"}
    assert len(tables) == 6
    send(desk)
    assert counts(desk)["ledger_entry"] == counts(desk)["ledger_value"] == 0
    mended = with_press(desk, Press())
    reopened(mended)
    assert shown(mended)
    mended.access.lock()


def test_a_ledger_that_was_changed_by_another_program_lets_nothing_leave(register: Register, lives: Lives) -> None:
    register.months.close(HOUSE, DECEMBER)
    send(register)
    with register.desk.vault.work() as session:
        for trigger in ("ledger_entry_update", "ledger_entry_delete"):
            session.execute(text(f"DROP TRIGGER {trigger}"))
        raw = session.connection().connection.driver_connection
        raw.execute("UPDATE ledger_entry SET content = replace(content, '\"count\":5', '\"count\":6')")  # type: ignore[union-attr]
    assert register.ledgers.state(HOUSE).fault == "content"
    reopened(register)
    assert register.breakdowns.of_month(HOUSE, DECEMBER).why == "ledger"
    with pytest.raises(errors.LedgerDamaged):
        send(register)
    with pytest.raises(errors.LedgerDamaged):
        register.ledgers.export(HOUSE)
    assert counts(register)["outbox_item"] == 1
    assert register.months.close(HOUSE, Month(2026, 11))
    assert send(register, Month(2026, 11)), "a month without tables does not wait for that"


def test_an_entry_taken_out_of_the_end_shows_by_the_package_that_it_left_with(register: Register, lives: Lives) -> None:
    register.months.close(HOUSE, DECEMBER)
    send(register)
    with register.desk.vault.work() as session:
        session.execute(text("DROP TRIGGER ledger_entry_delete"))
        session.execute(text("DELETE FROM ledger_entry WHERE number = (SELECT max(number) FROM ledger_entry)"))
    assert register.ledgers.state(HOUSE).fault == "package"


def test_the_store_itself_refuses_to_change_or_to_take_out_an_entry(register: Register, lives: Lives) -> None:
    register.months.close(HOUSE, DECEMBER)
    send(register)
    for statement in (
        "UPDATE ledger_entry SET content = 'x'",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_entry SET number = number + 100",
        "INSERT INTO ledger_entry SELECT id + 100, house_id, 900, outbox_id, content, digest, link FROM ledger_entry",
    ):
        with pytest.raises(errors.VaultError), register.desk.vault.work() as session:
            session.connection().connection.driver_connection.execute(statement)  # type: ignore[union-attr]
    assert register.ledgers.state(HOUSE).fault == ""


def test_a_release_that_breaks_in_the_middle_leaves_neither_a_package_nor_an_entry(
    register: Register, lives: Lives
) -> None:
    register.months.close(HOUSE, DECEMBER)
    with register.desk.vault.work() as session:
        session.execute(text("CREATE TRIGGER stop BEFORE INSERT ON ledger_value BEGIN SELECT RAISE(ABORT, 'x'); END"))
    before = counts(register)
    with pytest.raises(errors.ApprodoError):
        send(register)
    assert counts(register) == before
    with register.desk.vault.work() as session:
        session.execute(text("DROP TRIGGER stop"))
    send(register)
    assert register.ledgers.state(HOUSE).fault == ""


def test_facts_that_change_while_the_tables_are_made_keep_the_month_open(register: Register, lives: Lives) -> None:
    closing = register.months.begin_close(HOUSE, DECEMBER)
    answer = closing.work()
    put_right(register, lives.guests[1], again(TWELVE[1], country="CHN"))
    with pytest.raises(errors.MonthChanged):
        register.months.finish_close(closing, answer)
    assert not register.months.state(HOUSE, DECEMBER).closed
    assert counts(register)["ledger_link"] == 0


def test_a_making_that_is_stopped_gives_totals_alone(register: Register, lives: Lives) -> None:
    closing = register.months.begin_close(HOUSE, DECEMBER)
    register.months.finish_close(closing, closing.work(lambda: True))
    assert register.breakdowns.of_month(HOUSE, DECEMBER).why == "stopped"
    assert not any(
        isinstance(table, PublishedTable) for cut in from_bytes(package(register)).breakdowns for table in cut.tables
    )


def test_no_value_and_no_name_is_in_the_clear_part_of_what_is_kept(register: Register, lives: Lives) -> None:
    register.months.close(HOUSE, DECEMBER)
    with register.desk.vault.work() as session:
        raw = session.connection().connection.driver_connection
        content, counted = raw.execute("SELECT content, counted FROM breakdown_set").fetchone()  # type: ignore[union-attr]
    for word in ("NGA", "RAS", "N0", "UDS"):
        assert f'"{word}"' not in json.dumps([json.loads(content)["calendar"], json.loads(content)["tables"]])
    assert b"NGA" not in counted
    send(register)
    with register.desk.vault.work() as session:
        raw = session.connection().connection.driver_connection
        assert raw.execute("SELECT counted FROM breakdown_set").fetchone() == (None,)  # type: ignore[union-attr]
        assert all(len(value) > 80 for (value,) in raw.execute("SELECT value FROM ledger_value"))  # type: ignore[union-attr]


def test_everything_that_left_can_be_read_again(register: Register, lives: Lives) -> None:
    register.months.close(HOUSE, DECEMBER)
    item = send(register)
    register.prints.month_report_pdf(HOUSE, DECEMBER)
    register.ledgers.export(HOUSE)
    rows = register.ledgers.history(HOUSE)
    assert sorted(row.kind for row in rows) == ["ledger", "package", "print"]
    sent = next(row for row in rows if row.kind == "package")
    assert sent.sha256 == register.outbox.list_rows(HOUSE)[0].sha256
    assert (sent.month, sent.state, sent.to) == (DECEMBER, "prepared", register.outbox.list_rows()[0].capofila_name)
    assert sent.breakdowns == register.ledgers.state(HOUSE).releases
    assert item


def test_the_schedule_says_what_a_year_brings(register: Register, lives: Lives) -> None:
    assert [(t.family, t.state) for t in register.breakdowns.schedule(HOUSE, 2026)] == [("C", "waiting")]
    register.months.close(HOUSE, DECEMBER)
    assert [t.state for t in register.breakdowns.schedule(HOUSE, 2026)] == ["ready"]
    send(register)
    assert [t.state for t in register.breakdowns.schedule(HOUSE, 2026)] == ["published"]


def test_a_register_opened_again_goes_on_with_the_same_ledger(
    register: Register, lives: Lives, clock: FakeClock
) -> None:
    register.months.close(HOUSE, DECEMBER)
    seen = package(register)
    register.access.lock()
    other = build_register(register.desk.vault, clock)
    other.access.unlock(PASSPHRASE)
    assert package(other) == seen
    send(other)
    assert other.ledgers.state(HOUSE).fault == ""


def test_the_ledger_leaves_in_clear_only_after_a_yes_and_passes_the_audit_as_a_file(
    register: Register, lives: Lives, vault_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register.months.close(HOUSE, DECEMBER)
    send(register)
    register.access.lock()
    phrase, file = tmp_path / "p.txt", tmp_path / "ledger.json"
    phrase.write_text(PASSPHRASE, encoding="utf-8")
    vault = ["--vault", str(vault_folder), "--passphrase-file", str(phrase)]
    assert run(["ledger", "export", *vault, str(file)]) == Exit.REFUSED
    assert not file.exists()
    assert run(["ledger", "export", *vault, "--in-clear", str(file)]) == Exit.DONE
    assert run(["audit", str(file)]) == Exit.DONE
    assert run(["ledger", "state", *vault, "--json"]) == Exit.DONE
    said = capsys.readouterr()
    assert '"fault": ""' in said.out
    assert "Casa di prova" not in file.read_text(encoding="utf-8")
    register.access.unlock(PASSPHRASE)


def test_two_years_of_a_house_pass_the_audit_with_all_that_overlaps(register: Register, clock: FakeClock) -> None:
    at_new_year(clock)
    enrolled(register)
    host(register, traits(21, 26), stays_days=(200, 420))
    register.months.close(HOUSE, DECEMBER)
    send(register)
    at_new_year(clock, 2028)
    with register.desk.vault.work() as session:
        still_here = session.execute(select(Stay.id, Stay.entered_on).where(Stay.exit_on.is_(None))).all()
    for stay, entered in still_here:
        register.stays.end(stay, max(entered + timedelta(days=420), date(2027, 8, 1)), "AUT", "CAS_AFF")
    host(register, traits(22, 20), year=2027)
    last = Month(2027, 12)
    register.months.close(HOUSE, last)
    found = register.breakdowns.of_month(HOUSE, last)
    assert (found.state, found.why) == ("ready", "")
    assert {(table.family, table.day) for table in found.tables} == {
        (table.family, table.day) for table in register.breakdowns.schedule(HOUSE, 2027)
    }
    assert len({table.day for table in found.tables}) > 1, "S tables are due as well"
    send(register, last)
    assert audit(register.ledgers.export(HOUSE)).passed
    assert register.ledgers.state(HOUSE).fault == ""


def test_a_corrected_december_is_proved_again_and_leaves_with_the_tables_that_left(
    register: Register, lives: Lives
) -> None:
    register.months.close(HOUSE, DECEMBER)
    send(register)
    before = shown(register)
    put_right(register, lives.guests[0], Traits(country="UKR"))
    reopened(register)
    found = register.breakdowns.of_month(HOUSE, DECEMBER)
    assert found.proof is not None
    assert found.proof.outcome == "pass"
    assert breakdown_words.hindrance(found) == ""
    assert shown(register) == before
    send(register)
    assert register.ledgers.state(HOUSE).fault == ""


@pytest.mark.usefixtures("lives", "qapp")  # the check makes an application where there is none: not the tests' own
def test_the_doctor_says_that_the_ledger_was_changed(
    register: Register, vault_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pass").write_text(PASSPHRASE + "\n", encoding="utf-8")
    command = ["doctor", "--vault", str(vault_folder), "--passphrase-file", str(tmp_path / "pass"), "--json"]
    register.months.close(HOUSE, DECEMBER)
    send(register)
    said = []
    for _ in range(2):
        register.access.lock()
        run(command)
        checks = {one["check"]: one["problems"] for one in json.loads(capsys.readouterr().out)}
        said.append(len(checks["ledger"]))
        register.access.unlock(PASSPHRASE)
        with register.desk.vault.work() as session:
            session.execute(text("DROP TRIGGER IF EXISTS ledger_entry_delete"))
            session.execute(text("DELETE FROM ledger_entry WHERE number = (SELECT max(number) FROM ledger_entry)"))
    assert said == [0, 1]
