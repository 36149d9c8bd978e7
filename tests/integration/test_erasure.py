"""An erasure reaches every table and every page; nothing else of the register changes, or nothing at all happened."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.errors import ErasureChanged, ErasureHeld, GuestIsAnonymous, MonthIsFinal, RoleMayNot
from app.models.schema import metadata
from app.reference.ids import GuestId, HouseId
from app.services.calendar import Month
from app.services.register import Register, build_register
from app.services.retention import ANONYMISE, ERASE, ErasurePlan
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import NOW, PASSPHRASE
from tests.fakes import FakeClock
from tests.pages import plain_pages
from tests.planting import Planted, close_months, plant

HOUSE = HouseId(1)
MONTHS = (Month(2019, 3), Month(2019, 4))
OWN = {"erasure", "trail", "month_close", "backup_copy", "draft", "setting"}


def dump(register: Register) -> dict[str, list[str]]:
    """Return every row of every table as the store keeps it, but what an erasure itself writes."""
    with register.desk.vault.work() as session:
        link = session.connection()
        return {
            name: sorted(str(tuple(row)) for row in link.exec_driver_sql(f"SELECT * FROM {name}"))  # noqa: S608
            for name in metadata.tables
            if name not in OWN
        }


def said(register: Register) -> str:
    """Return all that the store says, sealed values opened, in one text."""
    with register.desk.vault.work() as session:
        rows = [
            str(dict(row)) for table in metadata.tables.values() for row in session.execute(table.select()).mappings()
        ]
    return "\n".join(rows)


def found_words(register: Register, planted: Planted) -> list[str]:
    everything = said(register)
    return sorted(name for name, word in planted.words.items() if word in everything)


def indexed(register: Register, word: str) -> bool:
    with register.desk.vault.work() as session:
        query = text("SELECT count(*) FROM search WHERE search MATCH :word")
        return bool(session.execute(query, {"word": f'"{word.lower()}"*'}).scalar())


def plan_of(register: Register, planted: Planted, *, asked: bool = False) -> ErasurePlan:
    return register.retentions.plan(GuestId(planted.guest), asked=asked)


@pytest.fixture
def her(register: Register) -> Planted:
    made = plant(register, "Zqx")
    plant(register, "Wkj")
    close_months(register)
    register.drafts.keep("diary@1", '{"words": "Zqxdraft"}')
    return made


def test_every_planted_word_is_there_before(register: Register, her: Planted) -> None:
    assert set(found_words(register, her)) == set(her.words)
    assert indexed(register, her.words["diary_entry.text"])


def test_after_an_erasure_no_table_no_index_and_no_page_holds_a_word_of_hers(
    register: Register, her: Planted, vault_folder: Path
) -> None:
    copy = vault_folder / "register-before-0006.db"
    copy.write_bytes(b"an encrypted copy of before")
    assert b"Zqxdiaryentrytext" in plain_pages(register)
    done = register.retentions.erase(plan_of(register, her), ERASE)
    assert found_words(register, her) == []
    assert "Zqx" not in said(register)
    assert not any(indexed(register, word) for word in her.words.values())
    pages = plain_pages(register)
    for case in (str, str.lower):
        assert case("Zqx").encode() not in pages
    assert not copy.exists()
    assert done.erased.drafts == 1
    assert register.desk.vault.examine() == []


def test_an_erasure_changes_nothing_of_anybody_else(register: Register) -> None:
    close = plant(register, "Wkj")
    before = dump(register)
    her = plant(register, "Zqx")
    close_months(register)
    register.retentions.erase(plan_of(register, her), ERASE)
    after = dump(register)
    differing = [name for name in before if before[name] != after[name]]
    assert differing == ["project"], "until when the accounts hold was said in between"
    assert found_words(register, close) == sorted(close.words)


@pytest.mark.parametrize("kind", [ERASE, ANONYMISE])
def test_closed_months_keep_their_figures_and_stay_closed(register: Register, her: Planted, kind: str) -> None:
    before = [register.months.figures(HOUSE, month) for month in MONTHS]
    register.retentions.erase(plan_of(register, her), kind)
    assert [register.months.figures(HOUSE, month) for month in MONTHS] == before
    for month in MONTHS:
        with pytest.raises(MonthIsFinal):
            register.months.reopen(HOUSE, month, "un errore")


def test_anonymised_her_nights_and_meals_are_counted_as_before_and_nothing_says_whose(
    register: Register, her: Planted
) -> None:
    from app.services.totals import exact_figures

    def counted() -> list[Any]:
        with register.desk.vault.work() as session:
            return [exact_figures(session, HOUSE, month) for month in MONTHS]

    before = counted()
    register.retentions.erase(plan_of(register, her), ANONYMISE)
    after = counted()
    of_health = {"M11"}
    for was, now in zip(before, after, strict=True):
        assert [f for f in was.figures if f.element not in of_health] == [
            f for f in now.figures if f.element not in of_health
        ]
    assert found_words(register, her) == []
    assert b"Zqx" not in plain_pages(register)
    with register.desk.vault.work() as session:
        row = dict(session.execute(metadata.tables["guest"].select().where(text(f"id = {her.guest}"))).mappings().one())
        stay = dict(session.execute(metadata.tables["stay"].select().where(text(f"id = {her.stay}"))).mappings().one())
    kept = {"id", "code", "name_used", "birth_quality", "gender", "created_at", "anonymised_on"}
    assert {name for name, value in row.items() if value is not None} == kept
    assert row["name_used"] == row["code"]
    assert {name for name, value in stay.items() if value is not None} == {
        "id", "guest_id", "house_id", "phase", "entered_on", "exit_on",
    }  # fmt: skip
    assert register.guests.list_rows(HOUSE, present_only=False)[0].id != her.guest
    with pytest.raises(GuestIsAnonymous):
        register.guests.card(GuestId(her.guest))
    assert register.searches.find(row["code"]).hits == ()


def test_an_erasure_that_is_cut_off_did_nothing(register: Register, her: Planted) -> None:
    before = dump(register)
    plan = plan_of(register, her)

    def cut(done: int, of: int) -> None:
        if done == of:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        register.retentions.erase(plan, ERASE, cut)
    assert dump(register) == before
    assert register.retentions.view().certificates == ()


def test_what_was_shown_is_what_goes(register: Register, her: Planted) -> None:
    plan = plan_of(register, her)
    with register.desk.vault.work() as session:
        session.execute(text("DELETE FROM step_hours"))
    with pytest.raises(ErasureChanged):
        register.retentions.erase(plan, ERASE)


def test_her_code_and_her_own_names_are_struck_out_of_others_notes(register: Register, her: Planted) -> None:
    name = her.words["guest.name_used"].capitalize()
    words = f"{name} rientra tardi, chiamare {her.words['guest.code']}; Anna dorme"
    with register.desk.vault.work() as session:
        session.execute(
            text(
                "INSERT INTO night_round (house_id, night, initials, note, signed_at) "
                "VALUES (1, '2019-03-10', 'A', :words, '2019-03-10T22:00:00Z')"
            ),
            {"words": words},
        )
    plan = plan_of(register, her)
    assert plan.struck == 1
    register.retentions.erase(plan, ERASE)
    with register.desk.vault.work() as session:
        note = session.execute(text("SELECT note FROM night_round")).scalar_one()
    assert note == "[…] rientra tardi, chiamare […]; Anna dorme"


def test_a_name_that_others_bear_too_is_left_for_people_to_read_and_sealed_notes_are_looked_through(
    register: Register, her: Planted
) -> None:
    other = 3  # the second who was planted, at the same time in the same house
    guests, notes, safety = (metadata.tables[name] for name in ("guest", "diary_entry", "safety"))
    with register.desk.vault.work() as session:
        session.execute(guests.update().where(guests.c.id.in_((her.guest, other))).values(family_name="Osei"))
        session.execute(notes.update().where(notes.c.guest_id == other).values(text="La signora Osei chiama la sera"))
        code = her.words["guest.code"]
        session.execute(safety.update().where(safety.c.guest_id == other).values(avoid=f"Non dire dov’è a {code}"))
    plan = plan_of(register, her)
    assert (plan.struck, len(plan.left)) == (1, 1)
    assert (plan.left[0].table, plan.left[0].guest, plan.left[0].words) == (
        "diary_entry", other, "La signora Osei chiama la sera",
    )  # fmt: skip
    register.retentions.erase(plan, ERASE)
    everything = said(register)
    assert "Non dire dov’è a […]" in everything
    assert "La signora Osei chiama la sera" in everything


def test_she_is_struck_out_of_what_is_kept_of_others_annulled_entries_and_joinings(
    register: Register, her: Planted
) -> None:
    from app.services.copied_row import opened, sealed_again
    from app.services.sealed_copy import from_text, to_text

    name, other = her.words["guest.name_used"].capitalize(), 3  # the second who was planted
    copies = metadata.tables["annulled_stay"]
    with register.desk.vault.work() as session:
        reason = sealed_again(session, "referral", "reason", f"{name} la accompagna")
        rows = {"referral": [{"id": 1, "place": f"da {name}", "reason": reason}]}
        content = to_text({"stay": 999, "rows": rows, "links": []})
        session.execute(copies.update().where(copies.c.guest_id == other).values(content=content))
        cells = [["guest", [None, other], "diet_note", f"mangia con {name}", "poco"]]
        joins = metadata.tables["guest_merge"]
        content = to_text({"rows": {}, "facts": {}, "cells": cells, "origins": []})
        session.execute(joins.update().where(joins.c.kept_id == other).values(content=content))
    plan = plan_of(register, her)
    assert plan.struck == 2
    register.retentions.erase(plan, ERASE)
    with register.desk.vault.work() as session:
        kept = from_text(session.execute(copies.select()).mappings().one()["content"])["rows"]["referral"][0]
        assert opened(session, "referral", "reason", kept["reason"]) == "[…] la accompagna"
        assert opened(session, "referral", "place", kept["place"]) == "da […]"
        joined = from_text(session.execute(joins.select()).mappings().one()["content"])
    assert joined["cells"][0][3:] == ["mangia con […]", "poco"]


def test_what_the_night_shift_wrote_in_small_letters_goes_too_and_what_is_in_doubt_is_left_and_told(
    register: Register, her: Planted
) -> None:
    name = her.words["guest.name_used"]
    guests, notes = (metadata.tables[each] for each in ("guest", "diary_entry"))
    other = 3  # the second who was planted
    with register.desk.vault.work() as session:
        session.execute(guests.update().where(guests.c.id == her.guest).values(family_name="Rosa", given_name="Mo"))
        session.execute(notes.update().where(notes.c.guest_id == other).values(text="una maglia rosa per il freddo"))
        session.execute(
            text(
                "INSERT INTO handover (id, house_id, text, is_urgent, written_at) "
                "VALUES (90, 1, :words, 0, '2026-06-14T22:00:00Z')"
            ),
            {"words": f"parlato con {name.lower()}, dell’{name.lower()} e di Mo; mo basta"},
        )
    plan = plan_of(register, her)
    assert (plan.struck, [note.table for note in plan.left]) == (1, ["diary_entry"])
    assert plan.left[0].guest == other
    done = register.retentions.erase(plan, ERASE)
    assert (done.erased.struck, done.erased.left) == (1, 1)
    with register.desk.vault.work() as session:
        said_of = dict(session.execute(text("SELECT id, text FROM handover WHERE id = 90")).all())
    assert said_of == {90: "parlato con […], dell’[…] e di […]; mo basta"}
    assert "una maglia rosa per il freddo" in said(register)


def test_a_planned_arrival_that_came_to_nothing_loses_her_name_and_one_that_is_awaited_keeps_its_own(
    register: Register, her: Planted
) -> None:
    name = her.words["guest.name_used"].capitalize()
    add = text(
        "INSERT INTO planned_arrival (id, house_id, expected_on, name_used, persons, state, planned_at) "
        "VALUES (:id, 1, '2026-06-01', :name, 1, :state, '2026-06-01T10:00:00Z')"
    )
    with register.desk.vault.work() as session:
        session.execute(add, {"id": 90, "name": name, "state": "ANNULLATO"})
    assert plan_of(register, her).struck == 1
    with register.desk.vault.work() as session:
        session.execute(add, {"id": 91, "name": name, "state": "ATTESO"})
    plan = plan_of(register, her)
    assert (plan.struck, len(plan.left)) == (0, 2), "whoever is awaited may be somebody else of that name"


def test_whoever_was_expected_and_never_came_is_forgotten_after_three_months(
    register: Register, clock: FakeClock
) -> None:
    from app.services.arrival import ArrivalDraft

    late = register.beds.plan(ArrivalDraft(HOUSE, register.desk.today(), "Zqx", note="Zqx con un figlio"))
    clock.advance(timedelta(days=60))
    awaited = register.beds.plan(ArrivalDraft(HOUSE, register.desk.today(), "Wkj"))
    clock.advance(timedelta(days=30))
    register.retentions.settle()
    assert "Zqx" in said(register)
    clock.advance(timedelta(days=1))
    register.retentions.settle()
    assert "Zqx" not in said(register)
    assert [row.id for row in register.beds.arrivals(HOUSE)] == [awaited]
    with register.desk.vault.work() as session:
        lines = text("SELECT count(*) FROM trail WHERE subject = 'arrival' AND subject_id = :id")
        assert session.execute(lines, {"id": late}).scalar() == 0


def test_what_was_done_with_her_planned_arrival_is_of_her_trail_and_is_forgotten_with_it(
    register: Register, her: Planted
) -> None:
    with register.desk.vault.work() as session:
        register.desk.note(session, "plan", "arrival", her.numbers["planned_arrival"])
    assert ("plan", "arrival") in {(line.action, line.subject) for line in trail_of(register, her)}
    register.retentions.erase(plan_of(register, her), ERASE)
    with register.desk.vault.work() as session:
        assert session.execute(text("SELECT count(*) FROM trail WHERE subject = 'arrival'")).scalar() == 0


def trail_of(register: Register, her: Planted) -> tuple[Any, ...]:
    return register.trails.of_guest(GuestId(her.guest)).lines


def test_the_trail_still_verifies_and_names_nobody_who_is_gone(register: Register, her: Planted) -> None:
    from app.services.chain import examine

    register.retentions.erase(plan_of(register, her), ERASE)
    with register.desk.vault.work() as session:
        verdict = examine(session)
        lines = session.execute(
            text("SELECT count(*) FROM trail WHERE subject = 'guest' AND subject_id = :id"), {"id": her.guest}
        ).scalar()
    assert verdict.fault is None
    assert verdict.erased
    assert lines == 0


def test_a_case_worker_erases_nobody(register: Register, her: Planted) -> None:
    with register.desk.vault.work() as session:
        session.execute(text("UPDATE operator SET role = 'EDUCATRICE'"))
    for work in (lambda: plan_of(register, her), register.retentions.view):
        with pytest.raises(RoleMayNot):
            work()
    assert register.retentions.watch() is None


def test_nothing_is_erased_while_something_holds_it(register: Register) -> None:
    her = plant(register, "Zqx")
    plan = plan_of(register, her)
    assert {hold.kind for hold in plan.holds} == {"month", "accounts"}
    with pytest.raises(ErasureHeld):
        register.retentions.erase(plan, ERASE)
    close_months(register)
    assert plan_of(register, her).holds == ()
    assert register.retentions.watch() is not None
    assert [row.code for row in register.retentions.view().overdue] == [her.words["guest.code"]]


def test_before_the_term_only_her_own_request_opens_the_way(register: Register, her: Planted) -> None:
    from dataclasses import replace

    terms = register.settings.terms()
    register.settings.change_terms(replace(terms, retention_months=120))
    assert [(hold.kind, hold.day) for hold in plan_of(register, her).holds] == [("term", date(2029, 4, 20))]
    assert plan_of(register, her, asked=True).holds == ()
    assert register.retentions.view().overdue == ()


@given(st.permutations(("Zqx", "Wkj", "Yvb")), st.lists(st.sampled_from((ERASE, ANONYMISE)), min_size=3, max_size=3))
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_whatever_order_and_way_each_takes_only_her_own_words_along(
    vault_template: Path, tmp_path_factory: pytest.TempPathFactory, order: tuple[str, ...], ways: list[str]
) -> None:
    folder = Path(shutil.copytree(vault_template, tmp_path_factory.mktemp("each") / "vault"))
    register = build_register(Vault(folder, NoSecrets()), FakeClock(NOW))
    register.access.unlock(PASSPHRASE)
    people = {sign: plant(register, sign) for sign in sorted(order)}
    close_months(register)
    figures = [register.months.figures(HOUSE, month) for month in MONTHS]
    for sign, way in zip(order, ways, strict=True):
        her = people.pop(sign)
        register.retentions.erase(plan_of(register, her), way)
        assert found_words(register, her) == []
        assert sign.encode() not in plain_pages(register)
        for other in people.values():
            assert set(found_words(register, other)) == set(other.words)
    assert [register.months.figures(HOUSE, month) for month in MONTHS] == figures
    assert register.desk.vault.examine() == []
    register.access.lock()
