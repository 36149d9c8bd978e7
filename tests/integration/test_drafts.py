"""Drafts are their owner's alone: another operator's keys open none, her own change of passphrase loses none."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app import errors
from app.models.work import Draft
from app.reference.ids import OperatorId
from app.services.operator import OperatorDraft
from app.services.register import Register
from app.vault.envelope import put_in
from app.vault.keyset import STORE_KEY
from app.vault.own import BLOCK, DRAFT
from app.vault.sealedkey import FORMAT
from tests.conftest import LIGHT, PASSPHRASE

ME = OperatorId(1)
HERS, NEW = "sette rondini sul tetto", "otto lanterne sul molo"
FORMS = {"referral_new@1": '{"reason": "CANARY-dolore"}', "diary_12@1": '{"text": "CANARY-notte"}'}


@pytest.fixture
def colleague(register: Register) -> OperatorId:
    return register.operators.add(OperatorDraft("M. Ferri", "COORDINAMENTO"), HERS)


@pytest.fixture
def half_filled(register: Register, colleague: OperatorId) -> Iterator[Register]:
    """The register with two forms half filled by S. Bianchi, locked."""
    register.drafts.keep_all(FORMS)
    register.access.lock()
    yield register
    register.access.lock()


def rows(register: Register) -> list[Draft]:
    with register.desk.vault.work() as session:
        return list(session.scalars(select(Draft).order_by(Draft.id)))


def test_they_come_back_to_their_owner_one_by_one_until_they_are_dropped(half_filled: Register) -> None:
    half_filled.access.unlock(PASSPHRASE)
    drafts = half_filled.drafts
    assert drafts.take_all() == FORMS
    assert drafts.drop_unreadable() == 0
    drafts.keep("diary_12@1", "{}")
    assert drafts.take_all() == FORMS | {"diary_12@1": "{}"}
    drafts.drop("referral_new@1")
    assert drafts.take_all() == {"diary_12@1": "{}"}


def test_a_colleague_sees_none_and_reads_none_with_the_store_open_in_another_program(half_filled: Register) -> None:
    half_filled.access.unlock(HERS)
    assert half_filled.drafts.take_all() == {}
    assert half_filled.drafts.drop_unreadable() == 0
    half_filled.drafts.drop("referral_new@1")
    kept = rows(half_filled)
    assert {row.operator_id for row in kept} == {ME}
    for row in kept:
        assert not any(word in row.content for word in (b"CANARY", b"referral", b"diary", b"12@1"))
        assert half_filled.desk.vault.own.unseal(DRAFT, row.content) is None
    assert len({len(row.content) for row in kept}) == 1, "their length tells nothing"
    with half_filled.desk.vault.work() as session:  # a row that is moved to her does not open either
        session.get_one(Draft, kept[0].id).operator_id = half_filled.desk.vault.operator or 0
    assert half_filled.drafts.take_all() == {}
    half_filled.access.lock()
    half_filled.access.unlock(PASSPHRASE)
    assert len(half_filled.drafts.take_all()) == 1


def test_her_own_new_passphrase_takes_them_along(half_filled: Register) -> None:
    half_filled.access.unlock(PASSPHRASE)
    before = [row.content for row in rows(half_filled)]
    half_filled.operators.set_passphrase(ME, NEW)
    assert half_filled.drafts.take_all() == FORMS
    assert not {row.content for row in rows(half_filled)} & set(before)
    half_filled.drafts.keep("entry@1", "{}")
    half_filled.access.lock()
    half_filled.access.unlock(NEW)
    assert half_filled.drafts.take_all() == FORMS | {"entry@1": "{}"}
    assert half_filled.drafts.drop_unreadable() == 0


def test_a_passphrase_that_a_colleague_gave_her_opens_none_and_that_is_counted_once(half_filled: Register) -> None:
    half_filled.access.unlock(HERS)
    half_filled.operators.set_passphrase(ME, NEW)
    assert len(rows(half_filled)) == 2, "the colleague is not told that there are any"
    half_filled.access.lock()
    half_filled.access.unlock(NEW)
    assert half_filled.drafts.take_all() == {}
    assert half_filled.drafts.drop_unreadable() == 2
    assert half_filled.drafts.drop_unreadable() == 0
    assert rows(half_filled) == []


def test_after_opening_from_paper_there_is_nobody_to_keep_for_until_she_has_a_passphrase(register: Register) -> None:
    register.drafts.keep_all(FORMS)
    groups = register.recoveries.propose_sheet()
    register.recoveries.adopt_sheet(groups)
    register.access.lock()
    register.access.unlock_with_recovery("".join(groups))
    assert register.drafts.keep_all({"entry@1": "{}"}) == 1
    assert register.drafts.take_all() == {}
    assert register.drafts.drop_unreadable() == 0
    register.access.set_passphrase(ME, NEW)
    assert register.drafts.drop_unreadable() == 2
    assert register.drafts.keep_all({"entry@1": "{}"}) == 0
    register.access.lock()
    register.access.unlock(NEW)
    assert register.drafts.take_all() == {"entry@1": "{}"}


def test_what_was_kept_at_a_lock_is_there_after_a_kill(half_filled: Register) -> None:
    if not (child := os.fork()):
        try:
            half_filled.access.unlock(PASSPHRASE)
            half_filled.drafts.keep("entry@1", "{}")
            half_filled.access.lock()
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    half_filled.access.unlock(PASSPHRASE)
    assert half_filled.drafts.take_all() == FORMS | {"entry@1": "{}"}


def test_who_leaves_leaves_none_behind(half_filled: Register) -> None:
    half_filled.access.unlock(HERS)
    half_filled.drafts.keep("entry@1", "{}")
    half_filled.operators.leave(ME)
    assert [row.operator_id for row in rows(half_filled)] == [half_filled.desk.vault.operator]
    assert half_filled.drafts.take_all() == {"entry@1": "{}"}


def test_a_change_of_keys_changes_nothing_of_them(half_filled: Register) -> None:
    half_filled.access.unlock(PASSPHRASE)
    half_filled.operators.ask_new_keys()
    half_filled.operators.renew_keys()
    half_filled.access.lock()
    half_filled.access.unlock(PASSPHRASE)
    assert half_filled.drafts.take_all() == FORMS


def test_who_made_the_register_has_a_key_of_her_own_at_once(register: Register, tmp_path: Path) -> None:
    made = register.desk.vault.beside(tmp_path / "new")
    made.create(PASSPHRASE, login="s", display_name="S.", role="COORDINAMENTO", cost=LIGHT)
    sealed = made.own.seal(DRAFT, b"x")
    made.lock()
    made.unlock(PASSPHRASE)
    assert made.own.unseal(DRAFT, sealed) == b"x"
    made.lock()
    with pytest.raises(errors.VaultLocked):
        made.own.unseal(DRAFT, sealed)


@pytest.mark.parametrize(
    "content", [b"", b"\x80", b"not json\x80", b"[1, 2]\x80", b"{}\x80", b"[\x80", b"\xff\x80\x00"]
)
def test_what_somebody_else_sealed_to_her_breaks_nothing(half_filled: Register, content: bytes) -> None:
    half_filled.access.unlock(HERS)
    vault = half_filled.desk.vault
    holders = vault.key_file().newest(STORE_KEY).holders
    public = next(holder.public for holder in holders if holder.slot == vault.doors.slots()[ME])
    forged = put_in(content, public, f"{FORMAT}|{vault.key_file().vault}|{DRAFT}|{ME}".encode())
    with vault.work() as session:
        session.add(Draft(operator_id=ME, content=forged, saved_at=half_filled.desk.now()))
    half_filled.access.lock()
    half_filled.access.unlock(PASSPHRASE)
    assert half_filled.drafts.take_all() == FORMS
    assert half_filled.drafts.drop_unreadable() == 1
    half_filled.drafts.keep("entry@1", json.dumps({"long": "x" * 5 * BLOCK}))
    assert half_filled.drafts.take_all().keys() == FORMS.keys() | {"entry@1"}
