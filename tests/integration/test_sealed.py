"""Sealed values: anybody writes them, the keys of a role read them, no other program does; what is closed says so."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import astuple
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import errors
from app.models.guest import Guest
from app.models.inclusion import InclusionStep
from app.models.protection import Safety
from app.models.schema import metadata
from app.models.sealed import is_sealed
from app.models.service import Referral
from app.reference.codelist import codelist, require
from app.reference.ids import GuestId, OperatorId
from app.reference.texts import tr, use_language
from app.reference.unreadable import Unreadable, says_unreadable
from app.services.calendar import Month
from app.services.deadline import DeadlineDraft
from app.services.exit import ExitDraft
from app.services.guest import GuestDraft
from app.services.inclusion import GoalDraft, StepDraft
from app.services.intake import IntakeDraft
from app.services.operator import OperatorDraft
from app.services.protection import ExploitationForms, SafetyDraft
from app.services.register import Register
from app.services.stay import StayDraft, StayEnd
from tests.conftest import NOW, PASSPHRASE
from tests.independent.open_vault import COMPARTMENTS, all_keys_with_passphrase, unseal_column
from tests.sealed_story import CANARY, DAMAGES, HERS, HOUSE, SEALED, TODAY, Story, as_role, damage_all, raw, say, tell


@pytest.fixture
def story(register: Register) -> Story:
    return tell(register)


# --- the store ------------------------------------------------------------------------------------------------


def test_every_sealed_column_is_bound_to_its_own_place_and_stands_in_the_document() -> None:
    document = (Path(__file__).resolve().parents[2] / "docs" / "vault-format.md").read_text(encoding="utf-8")
    for table in metadata.sorted_tables:
        for column in table.c:
            if is_sealed(column.type):
                assert column.type.place == f"{table.name}.{column.name}"
                assert f"`{column.type.place}`" in document
                assert f"| `{column.type.compartment}` |" in document
                assert table.name in COMPARTMENTS[column.type.compartment]


def test_no_word_of_a_sealed_column_is_anywhere_in_the_store_of_another_program(
    register: Register, story: Story
) -> None:
    register.corrections.annul(story.left, "mai entrata")
    filled = set()
    for table in metadata.sorted_tables:
        for row in raw(register, f"SELECT * FROM {table.name}"):  # noqa: S608 - names of the schema
            for column, value in zip(table.c, row, strict=True):
                assert CANARY not in str(value), f"{table.name}.{column.name}"
                assert not isinstance(value, bytes) or CANARY.encode() not in value
                if is_sealed(column.type) and value is not None:
                    filled.add(column.type.place)
                    assert isinstance(value, bytes)
                    assert len(value) >= 2 + 32 + 64 + 16
    in_the_annulled_entry = {"stay.exit_reason", "stay.exit_note"}
    of_a_december = {"ledger_value.value", "breakdown_set.counted"}  # watched in test_breakdowns
    assert filled == SEALED - in_the_annulled_entry - of_a_december
    (content,) = raw(register, "SELECT content FROM annulled_stay")[0]
    rows = json.loads(content)["rows"]
    assert rows["stay"][0]["exit_reason"].keys() == rows["referral"][0]["service"].keys() == {"sealed"}
    assert [name for (name,) in raw(register, "SELECT need FROM stay_need")] == ["VESTITI"]


@pytest.mark.skipif(shutil.which("sqlcipher") is None, reason="the stock program is not installed")
def test_the_stock_program_shows_sealed_values_as_cipher_text_only(
    register: Register, story: Story, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    register.access.write_sqlcipher3_copy(copy)
    script = f"PRAGMA key = \"x'{register.access.raw_key()}'\";\n.dump\n"
    told = subprocess.run(["sqlcipher", str(copy)], input=script.encode(), capture_output=True, check=True).stdout
    assert b"Rina" in told  # it opens
    assert CANARY.encode() not in told
    assert CANARY.encode().hex().encode() not in told.lower()
    for word in ("IVG", "PRESUNTA", "REFERTO", "STP1234567890123", "FARMACI", "LEGA_DEN", "PSIC_ETN", "PSIC"):
        assert f"'{word}'".encode() not in told


def test_another_reader_opens_a_value_by_the_document_alone(register: Register, story: Story) -> None:
    vault = register.desk.vault
    kept = json.loads(vault.keys_path.read_text(encoding="utf-8"))
    keys = all_keys_with_passphrase(kept, PASSPHRASE)
    for place, wanted in (("safety.trusted_contact", say("fidata")), ("legal_status.permit", "C18")):
        table, _, column = place.partition(".")
        ((value,),) = raw(register, f"SELECT {column} FROM {table}")  # noqa: S608
        assert unseal_column(kept, keys, place, value).decode() == wanted


# --- roles ----------------------------------------------------------------------------------------------------


def test_each_role_reads_what_its_keys_open_and_the_rest_says_that_it_is_reserved(
    register: Register, story: Story
) -> None:
    def service() -> str:
        with register.desk.vault.work() as session:
            return session.get_one(Referral, 1).service

    def risk() -> str:
        with register.desk.vault.work() as session:
            return session.get_one(Safety, story.guest).risk

    assert (service(), risk()) == ("IVG", "ALTO")
    with as_role(register, "SALUTE"):
        assert register.referrals.of_guest(story.guest)[1].reason == say("motivo")
        assert isinstance(risk(), Unreadable)
        with pytest.raises(errors.RoleMayNot):
            register.protections.of_guest(story.guest)
    with as_role(register, "EDUCATRICE"):
        assert register.protections.of_guest(story.guest).exploitation == ExploitationForms(("SES", "LAV"), "SES")
        assert register.documents.read(story.document).content.endswith(CANARY.encode())
        assert risk() == tr("sealed.closed")
    with as_role(register, "TURNO"):
        assert isinstance(service(), Unreadable)
        card = register.guests.card(story.guest)
        assert (card.permit, card.stays[0].needs, card.stays[0].needs_reserved) == (None, ("VESTITI",), True)
        (shown,) = register.referrals.list_rows(HOUSE)
        assert (shown.is_withheld, shown.service, shown.place, shown.appointment_at) == (
            True, "", None, NOW.replace(day=20),
        )  # fmt: skip
        today = register.todays.of(HOUSE)
        assert today.deadlines.reserved
        assert CANARY not in repr(astuple(today))


def test_the_path_is_read_with_its_key_and_what_is_legal_in_it_by_who_follows_the_law(
    register: Register, story: Story
) -> None:
    month = Month(2026, 5)
    mine = register.inclusions.path(story.guest)
    assert {step.kind: step.what for step in mine.steps} == {
        "PSIC_ETN": say("etnopsichiatria"), "LEGA_DEN": say("denuncia"),
    }  # fmt: skip
    counted = register.inclusions.figures(HOUSE, month)
    with as_role(register, "SALUTE"):
        hers = register.inclusions.path(story.guest)
        assert (hers.steps[0], hers.goals[0]) == (mine.steps[0], mine.goals[0])
        legal = hers.steps[1]
        assert (legal.kind, legal.what, legal.who, legal.area) == (tr("sealed.withheld"), None, None, "LEGA")
        assert hers.goals[1].words == tr("sealed.withheld")
        assert register.inclusions.figures(HOUSE, month) == counted
        assert [each.kind for each in register.inclusions.lessons.kinds(HOUSE)] == []
        words = {hit.excerpt for hit in register.searches.find("canarino").hits if hit.kind in ("goal", "step")}
        assert words == {say("vuole"), say("etnopsichiatria")}
        draft = StepDraft("LEGA_AUD", TODAY)
        for refused in (
            lambda: register.inclusions.steps.start(story.guest, draft),
            lambda: register.inclusions.steps.change(legal.id, StepDraft("LING_A1", TODAY)),
            lambda: register.inclusions.steps.remove(legal.id),
            lambda: register.inclusions.goals.close(hers.goals[1].id, TODAY, reached=True),
            lambda: register.inclusions.goals.add(story.guest, GoalDraft("LEGA", "asilo", TODAY)),
            lambda: register.inclusions.lessons.sheet(HOUSE, "LEGA_DEN", TODAY),
            lambda: register.inclusions.lessons.record(legal.id, {TODAY: 60}),
        ):
            with pytest.raises(errors.RoleMayNot):
                refused()
    with as_role(register, "TURNO"), register.desk.vault.work() as session:
        assert isinstance(session.get_one(InclusionStep, legal.id).kind, Unreadable)
    assert [each.kind for each in register.inclusions.lessons.kinds(HOUSE)] == ["LEGA_DEN"]


def test_the_role_in_the_store_is_a_word_and_the_keys_are_the_role(register: Register, story: Story) -> None:
    with as_role(register, "TURNO"):
        raw(register, "UPDATE operator SET role = 'COORDINAMENTO' WHERE id = 2")
        register.access.lock()
        register.access.unlock(HERS["TURNO"])
        me = register.access.operator()
        assert me is not None
        assert (me.id, me.role, me.is_unproved) == (2, "TURNO", True)
        for closed in (
            lambda: register.referrals.of_guest(story.guest),
            lambda: register.protections.safety(story.guest),
            lambda: register.documents.of_guest(story.guest),
            lambda: register.operators.change_role(OperatorId(1), "TURNO"),
            lambda: register.months.close(HOUSE, Month(2026, 5)),
        ):
            with pytest.raises(errors.RoleMayNot):
                closed()
        raw(register, "UPDATE operator SET role = 'TURNO' WHERE id = 2")
    assert ("role_unproved", 2) in raw(register, "SELECT action, subject_id FROM trail")


def test_who_takes_the_place_of_a_colleague_in_the_store_is_no_more_than_her_keys(
    register: Register, story: Story
) -> None:
    made = register.operators.add(OperatorDraft("Turno", "TURNO"), HERS["TURNO"])
    ((slot,),) = raw(register, "SELECT slot FROM operator WHERE id = ?", made)
    raw(register, "UPDATE operator SET slot = NULL WHERE id = ?", made)
    raw(register, "UPDATE operator SET slot = ? WHERE id = 1", slot)
    register.access.lock()
    register.access.unlock(HERS["TURNO"])
    me = register.access.operator()
    assert me is not None
    assert (me.id, me.role, me.is_unproved) == (1, "TURNO", True)
    with register.desk.vault.work() as session:
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        session.connection().exec_driver_sql("UPDATE operator SET id = 99 WHERE id = 1")
        # to have no row is not to have come in with the paper
        assert register.desk.role(session) == "TURNO"
        session.rollback()


def test_who_came_in_with_the_paper_reads_everything(register: Register, story: Story) -> None:
    code = register.access.propose_recovery()
    register.access.adopt_recovery(code)
    register.access.lock()
    register.access.unlock_with_recovery("-".join(code))
    with register.desk.vault.work() as session:
        assert register.desk.role(session) is None
        assert session.get_one(Safety, story.guest).avoid == say("evita")


# --- writing without the key ----------------------------------------------------------------------------------


def test_a_shift_writes_what_she_cannot_read(register: Register, story: Story) -> None:
    with as_role(register, "TURNO"):
        register.intakes.change_needs(story.stay, ("IGIENE", "DOLORE"))
        other = register.intakes.admit(
            IntakeDraft(
                StayDraft(HOUSE, TODAY),
                guest=GuestDraft("Joy"),
                needs=("GRAVID",),
                coverage="STP",
                victim_status="IDENTIFICATA",
            )
        )
        register.exits.end(
            ExitDraft(
                other.stay,
                StayEnd(TODAY, "RIN", "STRADA", say("scelta")),
                follow_up="SI",
                follow_up_on=date(2026, 9, 1),
                follow_up_text=say("chiamala"),
            )
        )
        assert register.guests.card(other.guest).stays[0].exit_reason is None
        assert register.guests.card(other.guest).stays[0].needs_reserved
    assert set(register.guests.card(story.guest).stays[0].needs) == {"IGIENE", "FARMACI", "DOLORE"}
    line = register.guests.card(other.guest).stays[0]
    assert (line.exit_reason, line.exit_note, line.needs) == ("RIN", say("scelta"), ("GRAVID",))
    status = register.protections.of_guest(other.guest).status
    assert status is not None
    assert status.status == "IDENTIFICATA"
    register.intakes.change_needs(story.stay, ("FARMACI",))
    assert register.guests.card(story.guest).stays[0].needs == ("FARMACI",)


@pytest.mark.parametrize("told", ["sealed.closed", "sealed.damaged"])
@pytest.mark.parametrize("language", ["it", "en"])
def test_what_only_says_that_it_cannot_be_read_is_never_written(
    register: Register, story: Story, told: str, language: str
) -> None:
    use_language(language)
    words = tr(told)
    use_language("it")
    with pytest.raises(errors.UnreadableWritten):
        register.deadlines.add(DeadlineDraft(story.guest, TODAY, f" {words} "))  # it came back from a field
    with pytest.raises(errors.UnreadableWritten):
        require("health_service", Unreadable(words))
    with as_role(register, "SALUTE"), pytest.raises(errors.UnreadableWritten), register.desk.vault.work() as session:
        session.get_one(Referral, 1).place = session.get_one(Safety, story.guest).risk
    assert say("dove") in {row.place for row in register.referrals.of_guest(story.guest)}


def test_a_sealed_column_is_not_compared_in_the_store() -> None:
    for comparing in (lambda: Referral.service == "IVG", lambda: Referral.service.in_(["IVG"]), Referral.reason.desc):
        with pytest.raises(TypeError, match="sealed"):
            comparing()
    assert str(Referral.reason.is_not(None)).endswith("IS NOT NULL")


# --- damage ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_value_is_a_sentence_on_every_page_and_crashes_none(
    register: Register, story: Story, damage: str
) -> None:
    damage_all(register, damage)
    rows = register.referrals.list_rows(HOUSE)
    assert rows
    assert all(says_unreadable(row.service) and says_unreadable(row.reason) for row in rows)
    assert codelist("health_service").label(rows[0].service) == str(rows[0].service)
    register.referrals.overdue(HOUSE)
    register.coverages.of_house(HOUSE)
    assert says_unreadable(register.coverages.reveal(register.coverages.of_guest(story.guest)[0].id))
    card = register.guests.card(story.guest)
    assert says_unreadable(card.permit)
    assert any(says_unreadable(need) for need in card.stays[0].needs)
    protection = register.protections.of_guest(story.guest)
    assert says_unreadable(protection.exploitation.forms[0])
    assert says_unreadable(register.protections.safety(story.guest).risk)  # type: ignore[union-attr]
    assert says_unreadable(register.documents.of_guest(story.guest)[0].kind)
    with pytest.raises(errors.DocumentUnreadable):
        register.documents.read(story.document)
    assert register.todays.of(HOUSE).deadlines.rows
    register.deadlines.of_guest(story.guest)
    register.corrections.fields(story.left)
    assert says_unreadable(register.inclusions.path(story.guest).steps[0].kind)
    register.inclusions.board(HOUSE, Month(2026, 5))
    register.inclusions.figures(HOUSE, Month(2026, 5))
    register.inclusions.lessons.kinds(HOUSE)
    register.consents.of_guest(story.guest)
    register.searches.find("rina")
    register.prints.intake_form(story.guest, second_language="en", internal=True)


def test_a_value_that_was_moved_to_another_column_is_damaged(register: Register, story: Story) -> None:
    raw(register, "UPDATE referral SET reason = place WHERE id = 1")
    found = register.referrals.get(register.referrals.list_rows(HOUSE)[-1].id)
    assert found.reason is not None
    reasons = [row.reason for row in register.referrals.of_guest(story.guest)]
    assert tr("sealed.damaged") in reasons


# --- round trip -----------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(min_size=1, max_size=300))
def test_what_is_written_comes_back_letter_by_letter(register: Register, words: str) -> None:
    with register.desk.vault.work() as session:
        row = session.get(Safety, 1)
        if row is None:
            session.add(
                Guest(id=1, code="4K7T-9", name_used="Rina", birth_quality="IGNOTA", gender="ND", created_at=NOW)
            )
            session.flush()
            row = Safety(guest_id=1, risk="ND", changed_at=NOW)
            session.add(row)
        row.avoid = words
        session.flush()
    with register.desk.vault.work() as session:
        assert session.get_one(Safety, 1).avoid == words


def test_nothing_that_was_opened_is_remembered_after_the_lock(register: Register, story: Story) -> None:
    register.referrals.list_rows(HOUSE)
    sealer = register.desk.vault._sealer
    assert sealer._opened
    register.access.lock()
    assert not sealer._opened


# --- copies of rows -------------------------------------------------------------------------------------------


def test_an_annulled_entry_comes_back_with_what_was_sealed(register: Register, story: Story) -> None:
    before = register.guests.card(GuestId(2))
    annulled = register.corrections.annul(story.left, "mai entrata")
    assert not register.guests.card(GuestId(2)).stays
    register.corrections.restore(annulled)
    assert register.guests.card(GuestId(2)).stays == before.stays
    assert register.referrals.of_guest(GuestId(2))[0].reason == say("di chi uscì")


def test_records_are_joined_and_parted_with_what_is_sealed_and_by_who_can_read_it(
    register: Register, story: Story
) -> None:
    twin, _ = register.stays.admit(GuestDraft("Rina bis"), StayDraft(HOUSE, date(2026, 4, 1)))
    register.stays.end(register.guests.card(twin).stays[0].id, date(2026, 4, 20), "AUT", "CAS_AFF")
    register.protections.set_exploitation(twin, ExploitationForms(("SES", "MAT"), "MAT"))
    register.protections.set_safety(twin, SafetyDraft("MEDIO", None, say("evita anche")))
    mine, hers = register.protections.safety(story.guest), register.protections.safety(twin)
    with as_role(register, "EDUCATRICE"):
        assert isinstance(register.merges.preview(story.guest, twin).problem, errors.MergeNeedsCoordination)
        with pytest.raises(errors.MergeNeedsCoordination):
            register.merges.merge(story.guest, twin)
    merged = register.merges.merge(story.guest, twin)
    assert CANARY not in raw(register, "SELECT content FROM guest_merge")[0][0]
    joined = register.protections.safety(story.guest)
    assert joined is not None
    assert (joined.risk, joined.avoid) == ("ALTO", f"{say('evita')}\n{say('evita anche')}")
    assert register.protections.of_guest(story.guest).exploitation == ExploitationForms(("SES", "LAV", "MAT"), "SES")
    register.merges.undo(merged)
    assert register.protections.safety(story.guest) == mine
    assert register.protections.safety(twin) == hers
    assert register.protections.of_guest(twin).exploitation == ExploitationForms(("SES", "MAT"), "MAT")


@pytest.mark.parametrize("hers_too", [False, True])
def test_a_danger_that_can_be_read_is_not_lost_beside_one_that_is_damaged(
    register: Register, story: Story, *, hers_too: bool
) -> None:
    twin, _ = register.stays.admit(GuestDraft("Rina bis"), StayDraft(HOUSE, date(2026, 4, 1)))
    register.stays.end(register.guests.card(twin).stays[0].id, date(2026, 4, 20), "AUT", "CAS_AFF")
    register.protections.set_safety(twin, SafetyDraft("MEDIO", None, say("evita anche")))
    who = (story.guest, twin) if hers_too else (story.guest, story.guest)
    raw(register, "UPDATE safety SET avoid = x'0001616263' WHERE guest_id IN (?, ?)", *who)
    left = register.merges.preview(story.guest, twin).left
    register.merges.merge(story.guest, twin)
    joined = register.protections.safety(story.guest)
    assert joined is not None
    assert (joined.avoid == say("evita anche")) is not hers_too
    assert (dict(left).get("safety", 0) > 0) is hers_too


# --- figures --------------------------------------------------------------------------------------------------


def test_the_figures_of_a_month_need_no_key(register: Register, story: Story) -> None:
    with register.desk.vault.work() as session:
        from app.services.totals import exact_figures

        mine = exact_figures(session, HOUSE, Month(2026, 5))
    with as_role(register, "TURNO"), register.desk.vault.work() as session:
        assert exact_figures(session, HOUSE, Month(2026, 5)) == mine
    assert mine.get("M11").value == 3
