"""Backups made before an erasure go once a newer one is there; those out of reach are remembered until they are."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from app.reference.ids import GuestId
from app.services.backup import Place
from app.services.register import Register
from app.services.retention import ERASE, Certificate
from app.vault.store import connect
from tests.fakes import FakeClock
from tests.planting import close_months, plant


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def copy(register: Register, clock: FakeClock, folder: Path) -> Path:
    """Make a backup, a day later, and let the register see what is there."""
    clock.advance(timedelta(days=1))
    made = register.backups.making(Place(folder)).finish()
    look(register, folder)
    return made.path


def look(register: Register, folder: Path) -> list[str]:
    """Look a folder over as the copyist does, and return what was removed."""
    found = register.backups.look(Place(folder))
    seen = register.old_copies.see(folder, found.rows)
    if not seen.has_new:
        return []
    gone = register.old_copies.discard(Place(folder), seen.old)
    register.old_copies.removed(gone)
    return gone


def erase_somebody(register: Register, clock: FakeClock) -> Certificate:
    her = plant(register, "Zqx")
    close_months(register)
    clock.advance(timedelta(hours=1))
    return register.retentions.erase(register.retentions.plan(GuestId(her.guest), asked=False), ERASE)


def certificate_text(register: Register, made: Certificate) -> str:
    pdf = PdfReader(io.BytesIO(register.retentions.certificate_pdf(made.id)))
    return " ".join(" ".join(page.extract_text().split()) for page in pdf.pages)


def test_the_old_copies_go_only_after_a_new_one_is_there(
    register: Register, clock: FakeClock, stick: Path, tmp_path: Path
) -> None:
    before = [copy(register, clock, stick), copy(register, clock, stick)]
    (stick / f".{before[0].name}.part").mkdir()
    made = erase_somebody(register, clock)
    assert {old.name for old in register.old_copies.pending()} == {path.name for path in before}
    assert look(register, stick) == [], "no copy made since: the old ones are all there is"
    fresh = copy(register, clock, stick)
    assert sorted(path.name for path in stick.iterdir()) == [fresh.name]
    assert register.old_copies.pending() == ()
    assert register.retentions.certificate(made.id).copies_removed == 2
    assert "Copie fatte prima e cancellate: 2." in certificate_text(register, made)
    assert register.backups.trying(register.backups.list_rows(stick)[0]).finish() == "sound"


def test_a_copy_on_a_stick_that_is_out_is_named_until_it_is_found_again(
    register: Register, clock: FakeClock, stick: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    far = copy(register, clock, other)
    other.rename(tmp_path / "away")
    made = erase_somebody(register, clock)
    copy(register, clock, stick)
    watch = register.retentions.watch()
    assert watch is not None
    assert watch.copies == 1
    said = certificate_text(register, made)
    assert "ancora da distruggere" in said
    assert far.name in said.replace(" ", "")
    (tmp_path / "away").rename(other)
    copy(register, clock, other)
    assert not far.exists()
    assert register.old_copies.pending() == ()


def test_somebody_s_word_is_taken_and_taken_back_when_the_copy_turns_up(
    register: Register, clock: FakeClock, stick: Path
) -> None:
    old = copy(register, clock, stick)
    erase_somebody(register, clock)
    register.old_copies.confirm([old.name])
    assert register.old_copies.pending() == ()
    copy(register, clock, stick)
    assert not old.exists()


def test_an_old_copy_that_the_register_never_saw_goes_as_well(
    register: Register, clock: FakeClock, stick: Path, tmp_path: Path
) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    clock.advance(timedelta(hours=1))
    unknown = register.backups.making(Place(hidden)).finish().path
    erase_somebody(register, clock)
    copy(register, clock, hidden)
    assert not unknown.exists()


def test_the_certificate_names_nobody(register: Register, clock: FakeClock) -> None:
    made = erase_somebody(register, clock)
    said = certificate_text(register, made)
    assert made.number in said
    assert "S.B." in said
    for word in ("Zqx", "Bianchi"):
        assert word not in said
    assert "Non risultano altre copie" in said


def test_two_sticks_that_come_to_the_same_path_are_not_taken_for_one(
    register: Register, clock: FakeClock, stick: Path, tmp_path: Path
) -> None:
    far = copy(register, clock, stick)
    stick.rename(tmp_path / "first")
    stick.mkdir()
    copy(register, clock, stick)
    erase_somebody(register, clock)
    copy(register, clock, stick)
    assert [old.name for old in register.old_copies.pending()] == [far.name]
    stick.rename(tmp_path / "second")
    (tmp_path / "first").rename(stick)
    copy(register, clock, stick)
    assert not far.exists()
    assert register.old_copies.pending() == ()


def test_what_was_thinned_needs_no_destroying(register: Register, clock: FakeClock, stick: Path) -> None:
    for _ in range(9):
        register.backups.remember(made_at(copy(register, clock, stick)), made_now=True)
    kept = {path.name for path in stick.iterdir()}
    assert len(kept) < 9
    erase_somebody(register, clock)
    assert {old.name for old in register.old_copies.pending()} == kept


def made_at(path: Path) -> datetime:
    return datetime.strptime(path.name.split("-")[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def test_a_copy_of_the_second_of_an_erasure_is_an_old_one_and_one_begun_after_is_not(
    register: Register, clock: FakeClock, stick: Path
) -> None:
    her = plant(register, "Zqx")
    close_months(register)
    clock.advance(timedelta(hours=1))
    old = register.backups.making(Place(stick)).finish().path
    register.retentions.erase(register.retentions.plan(GuestId(her.guest), asked=False), ERASE)
    fresh = register.backups.making(Place(stick)).finish().path
    look(register, stick)
    assert (old.exists(), fresh.exists()) == (False, True)


def test_registers_set_aside_on_this_computer_are_named_until_they_are_gone(
    register: Register, clock: FakeClock, vault_folder: Path
) -> None:
    aside = vault_folder.with_name(f"{vault_folder.name}-da-parte-20190101T101010Z")
    aside.mkdir()
    orphan = vault_folder / "orphan-20190101T101010-register.db"
    copying, following = vault_folder / "register-copying-1-abcd.db", vault_folder / "register-next.db"
    for path in (orphan, copying, following):
        path.write_bytes(b"encrypted, and hers")
    made = erase_somebody(register, clock)
    assert not copying.exists()
    assert not following.exists()
    assert {old.name for old in register.old_copies.pending()} == {aside.name, orphan.name}
    assert aside.name in certificate_text(register, made).replace(" ", "")
    aside.rmdir()
    orphan.unlink()
    assert register.old_copies.pending() == ()


def test_while_somebody_reads_the_store_the_log_is_not_said_to_be_empty(
    register: Register, clock: FakeClock, stick: Path
) -> None:
    def waits() -> bool:
        with register.desk.vault.work() as session:
            return session.execute(text("SELECT tidied_at FROM erasure")).scalar_one() is None

    vault = register.desk.vault
    with vault.lent_key() as loan:
        reader = connect(vault.store_path, loan.key)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM guest").fetchone()
    erase_somebody(register, clock)
    assert waits()
    reader.close()
    copy(register, clock, stick)
    assert not waits()


def test_copies_from_before_health_and_law_were_sealed_go_with_the_next_backup(
    register: Register, clock: FakeClock, stick: Path, vault_folder: Path
) -> None:
    elder, younger = vault_folder / "register-before-0003.db", vault_folder / "register-before-0005.db"
    for path in (elder, younger):
        path.write_bytes(b"encrypted")
    clock.advance(timedelta(days=1))
    old = register.backups.making(Place(stick)).finish()
    rows = [replace(row, schema=3) for row in register.backups.look(Place(stick)).rows]
    seen = register.old_copies.see(stick, rows)
    assert (seen.old, seen.has_new) == ((old.path.name,), False)
    assert register.old_copies.count_clear() == 1, "until a newer backup is there, what there is stays"
    copy(register, clock, stick)
    assert not old.path.exists()
    assert not elder.exists()
    assert younger.exists()
    assert register.old_copies.pending() == ()
