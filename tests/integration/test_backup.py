"""A backup is whole or not there, opens elsewhere, tells nothing of anybody, and says so when a byte is not right."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from app import errors
from app.reference.ids import HouseId
from app.services.backup import Done, Place, Progress
from app.services.guest import GuestDraft
from app.services.register import Register, build_register
from app.services.stay import StayDraft
from app.vault import manifest
from app.vault.device import NoSecrets
from app.vault.place import KEYS, STORE
from app.vault.store import connect
from app.vault.transfer import STAGED
from app.vault.vault import Vault
from tests.conftest import NOW, PASSPHRASE
from tests.fakes import FakeClock
from tests.independent import open_vault

CANARY = "CANARY-Zoraide"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def admit(register: Register, name: str) -> None:
    register.stays.admit(GuestDraft(name, given_name=name, diet_note=name), StayDraft(HouseId(1), NOW.date()))


def make(register: Register, place: Path) -> Path:
    return register.backups.making(Place(place)).finish().path


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def foreign_key(made: Path, phrase: str, tmp_path: Path) -> str:
    """Return the store's key as another program than Approdo finds it, from the backup alone."""
    (tmp_path / "phrase").write_text(phrase + "\n", encoding="utf-8")
    command = [sys.executable, "-I", open_vault.__file__, made / KEYS, "--passphrase-file", tmp_path / "phrase"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"\b[0-9a-f]{64}\b", told)
    assert found, told
    return found.group()


def test_a_backup_holds_what_the_register_held_and_opens_without_approdo(
    register: Register, stick: Path, vault_folder: Path, tmp_path: Path
) -> None:
    admit(register, CANARY)
    made = make(register, stick)
    admit(register, "later")
    assert left_in(made) == ["copia.json", STORE, KEYS]
    assert not list(vault_folder.glob(f"{STAGED}*"))
    key = foreign_key(made, PASSPHRASE, tmp_path)
    link = driver.connect(f"{(made / STORE).as_uri()}?mode=ro&immutable=1", uri=True)
    link.execute(f"PRAGMA key = \"x'{key}'\"")
    assert link.execute("SELECT name_used FROM guest").fetchall() == [(CANARY,)]
    link.close()
    told = json.loads((made / manifest.NAME).read_text())
    assert set(told) == {"format", "vault", "schema", "made_at", "files", "seal"}


def test_no_byte_of_a_guest_or_a_house_is_in_a_backup_or_its_names(register: Register, stick: Path) -> None:
    admit(register, CANARY)
    made = make(register, stick)
    for path in made.rglob("*"):
        content = path.read_bytes().lower()
        for word in (CANARY, "Casa di prova", "Ente di prova", "Bianchi"):
            assert word.lower().encode() not in content
            assert word.lower().encode("utf-16-le") not in content
            assert word.lower() not in str(path.relative_to(stick)).lower()
    assert made.name == f"copia-20260615T200000Z-{register.desk.vault.label()}"


def test_people_go_on_writing_while_a_backup_is_made(register: Register, stick: Path) -> None:
    admit(register, "first")
    work = register.backups.making(Place(stick))
    names = iter(range(100))
    while not isinstance(step := work.advance(), Done):
        assert isinstance(step, Progress)
        admit(register, f"g{next(names)}")
    assert register.backups.trying(step.result).finish() == "sound"
    assert len(register.guests.list_rows(HouseId(1))) > 1


def test_a_sound_backup_is_proved_and_any_flipped_byte_is_found(register: Register, stick: Path) -> None:
    made = make(register, stick)
    row = register.backups.list_rows(stick)[0]
    assert register.backups.trying(row).finish() == "sound"
    size = (made / STORE).stat().st_size
    places = [(STORE, at) for at in range(7, size, size // 12)] + [(KEYS, 40), (KEYS, 700)]
    for name, at in places:
        kept = (made / name).read_bytes()
        spoilt = bytearray(kept)
        spoilt[at] ^= 1
        (made / name).write_bytes(spoilt)
        with pytest.raises(errors.BackupDamaged):
            register.backups.trying(row).finish()
        (made / name).write_bytes(kept)
    assert register.backups.trying(row).finish() == "sound"


def test_a_page_of_an_older_backup_slipped_in_is_found_although_its_hash_was_corrected(
    register: Register, stick: Path, clock: FakeClock
) -> None:
    older = make(register, stick)
    admit(register, "later")
    clock.advance(timedelta(days=1))
    newer = make(register, stick)
    shutil.copyfile(older / STORE, newer / STORE)  # sound pages under the right key, and yet not this backup
    told, old = (json.loads((path / manifest.NAME).read_text()) for path in (newer, older))
    told["files"][STORE] = old["files"][STORE]
    (newer / manifest.NAME).write_text(json.dumps(told))
    row = next(row for row in register.backups.list_rows(stick) if row.path == newer)
    assert not row.fault
    with pytest.raises(errors.BackupDamaged):
        register.backups.trying(row).finish()


def test_a_damaged_store_is_told_and_gives_no_backup(register: Register, stick: Path, vault_folder: Path) -> None:
    admit(register, "somebody")
    good = make(register, stick)
    store = vault_folder / STORE
    register.access.lock()
    pages = store.stat().st_size // 4096
    for page in (pages // 3, pages // 2, pages - 1):
        whole = store.read_bytes()
        spoilt = bytearray(whole)
        spoilt[4096 * page + 99] ^= 1
        store.write_bytes(spoilt)
        try:
            register.access.unlock(PASSPHRASE)
        except errors.VaultDamaged:
            store.write_bytes(whole)
            continue
        with pytest.raises(errors.VaultDamaged):
            make(register, stick)
        register.access.lock()
        for wal in vault_folder.glob(f"{STORE}-*"):
            wal.unlink()
        store.write_bytes(whole)
    assert left_in(stick) == [good.name]
    register.access.unlock(PASSPHRASE)


@pytest.mark.parametrize("steps", range(1, 6))
def test_a_backup_that_is_stopped_leaves_nothing(
    register: Register, stick: Path, vault_folder: Path, steps: int
) -> None:
    work = register.backups.making(Place(stick))
    for _ in range(steps):
        if isinstance(work.advance(), Done):
            return
    work.stop()
    with pytest.raises(errors.BackupStopped):
        work.advance()
    assert left_in(stick) == []
    assert not list(vault_folder.glob(f"{STAGED}*"))


def test_a_lock_in_the_middle_ends_a_backup_and_nothing_looks_whole(
    register: Register, stick: Path, vault_folder: Path
) -> None:
    work = register.backups.making(Place(stick))
    work.advance()
    register.access.lock()
    with pytest.raises(errors.VaultLocked):
        work.finish()
    assert left_in(stick) == []
    assert not list(vault_folder.glob(f"{STAGED}*"))


def test_a_lock_calls_back_the_key_that_a_copy_holds_on_another_thread(register: Register) -> None:
    vault = register.desk.vault
    holds, ended = threading.Event(), threading.Event()

    def borrow() -> None:
        with vault.lent_key() as loan, loan.holding(connect(vault.store_path, loan.key)) as link:
            holds.set()
            try:
                link.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n")
            except driver.OperationalError:
                ended.set()

    worker = threading.Thread(target=borrow)
    worker.start()
    assert holds.wait(5)
    vault.lock()
    assert ended.is_set()  # the lock came back only after the borrower let go
    worker.join(5)
    with pytest.raises(errors.VaultLocked), vault.lent_key():
        pass


def test_the_folder_of_the_register_is_no_place_for_its_copies(register: Register, vault_folder: Path) -> None:
    (vault_folder / "copie").mkdir()
    for place in (vault_folder, vault_folder / "copie"):
        with pytest.raises(errors.BackupInRegister):
            make(register, place)
    (vault_folder / "copie").rmdir()


def test_the_empty_place_of_a_stick_that_is_out_is_not_taken_for_it(register: Register, stick: Path) -> None:
    with pytest.raises(errors.BackupPlaceMissing):
        register.backups.making(Place(stick / "gone")).finish()
    with pytest.raises(errors.BackupPlaceMissing):  # it was on another disk when it was chosen, and is not now
        register.backups.making(Place(stick, other_disk=True)).finish()
    assert left_in(stick) == []


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Return a function that mounts a real small file system; skipped where nobody may."""
    places: list[Path] = []

    def mount(options: str) -> Path:
        place = tmp_path / f"mounted{len(places)}"
        place.mkdir()
        if os.system(f"mount -t tmpfs -o {options} tmpfs {place} 2>/dev/null") != 0:  # noqa: S605 - our own words
            pytest.skip("may not mount a file system here")
        places.append(place)
        return place

    yield mount
    for place in places:
        os.system(f"umount {place}")  # noqa: S605


def test_a_folder_that_cannot_be_written_is_told(register: Register, mounted: Callable[[str], Path]) -> None:
    place = mounted("ro,size=16m")
    with pytest.raises(errors.BackupNotWritten):
        make(register, place)
    assert left_in(place) == []


def test_a_stick_without_room_is_told_and_keeps_what_it_has(register: Register, mounted: Callable[[str], Path]) -> None:
    small_stick = mounted("size=1m")
    with pytest.raises(errors.BackupPlaceFull):
        make(register, small_stick)
    assert left_in(small_stick) == []


def test_a_stick_that_fills_up_while_it_is_written_keeps_nothing_half(
    register: Register, mounted: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.vault import backup

    small_stick = mounted("size=1m")
    monkeypatch.setattr(backup, "SPARE", -(1 << 30))  # as if there had been room a moment ago
    (small_stick / "other").write_bytes(bytes(700_000))
    with pytest.raises(errors.BackupPlaceFull):
        make(register, small_stick)
    assert left_in(small_stick) == ["other"]


def test_a_stick_pulled_out_while_it_is_written_is_told(register: Register, stick: Path) -> None:
    work = register.backups.making(Place(stick))
    while not (isinstance(step := work.advance(), Progress) and step.phase == "write"):
        pass
    stick.rename(stick.with_name("pulled"))
    with pytest.raises(errors.BackupPlaceMissing):
        work.finish()


def test_a_full_disk_of_this_computer_is_told_and_nothing_stays(
    register: Register, stick: Path, mounted: Callable[[str], Path], clock: FakeClock
) -> None:
    here = mounted("size=2m") / "vault"
    shutil.copytree(register.access.folder, here)
    register.access.lock()
    small = build_register(Vault(here, NoSecrets()), clock)
    small.access.unlock(PASSPHRASE)
    made = make(small, stick)
    (here.parent / "other").write_bytes(bytes(shutil.disk_usage(here).free - 200_000))
    for work in (small.backups.making(Place(stick)), small.backups.trying(small.backups.list_rows(stick)[0])):
        with pytest.raises(errors.BackupNoRoomHere):
            work.finish()
    assert left_in(stick) == [made.name]
    assert not list(here.glob(f"{STAGED}*"))
    admit(small, "work goes on")
    small.access.lock()


def test_a_key_file_that_changes_while_the_store_is_copied_is_read_again(
    register: Register, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, told = register.desk.vault, iter([b"before", b"after"])
    real = vault.key_file_bytes
    monkeypatch.setattr(vault, "key_file_bytes", lambda: next(told, None) or real())
    made = make(register, stick)
    assert json.loads((made / KEYS).read_text())["vault"].upper().startswith(vault.label())


def test_what_a_power_cut_left_goes_with_the_next_backup(register: Register, stick: Path, vault_folder: Path) -> None:
    label = register.desk.vault.label()
    half = stick / f".copia-20260101T000000Z-{label}.part"
    half.mkdir()
    (half / STORE).write_bytes(b"half")
    other = stick / ".copia-20260101T000000Z-ANOTHER1.part"
    other.mkdir()
    (vault_folder / f"{STAGED}1-abcd.db").write_bytes(b"half")
    assert register.backups.list_rows(stick) == []
    made = make(register, stick)
    assert left_in(stick) == [other.name, made.name]
    assert not list(vault_folder.glob(f"{STAGED}*"))


def test_older_backups_are_thinned_and_those_of_others_and_broken_ones_are_not_touched(
    register: Register, stick: Path, clock: FakeClock
) -> None:
    foreign = stick / "copia-20260101T000000Z-ANOTHER1"
    foreign.mkdir()
    broken = stick / "copia-20260102T000000Z-BROKEN"
    made = []
    for n in range(3):
        clock.advance(timedelta(minutes=5))
        made.append(make(register, stick))
        if n == 0:
            shutil.copytree(made[0], broken)
            (broken / STORE).write_bytes(b"short")
    assert left_in(stick) == [foreign.name, broken.name, made[-1].name]
    rows = register.backups.list_rows(stick)
    assert [row.fault for row in rows] == ["", "incomplete", "incomplete"]


def test_a_backup_is_due_once_a_day_for_each_stick_and_the_register_remembers_the_last(
    register: Register, stick: Path, tmp_path: Path, clock: FakeClock
) -> None:
    second = tmp_path / "second"
    second.mkdir()
    backups = register.backups
    assert backups.reminder() is None  # nobody watches over copies here
    backups.watch(Place(stick))
    assert backups.reminder().days is None
    assert backups.look(Place(stick)).is_due
    made = backups.making(Place(stick)).finish()
    assert backups.remember(made.made_at, made_now=True)
    assert not backups.look(Place(stick)).is_due
    assert backups.look(Place(second)).is_due
    clock.advance(timedelta(days=12))
    assert backups.look(Place(stick)).is_due
    assert (backups.reminder().days, backups.reminder().is_late) == (12, True)
    clock.advance(timedelta(days=-30))  # the clock was set back: nobody can tell how old the copy is, and it says so
    assert (backups.reminder().days, backups.reminder().is_late) == (None, True)
    assert backups.look(Place(stick)).newest is None
    assert backups.look(Place(stick)).is_due
    again = backups.making(Place(stick)).finish()
    assert {row.path for row in backups.list_rows(stick)} == {made.path, again.path}


def test_a_backup_after_a_passphrase_changed_fits_its_own_key_file(
    register: Register, stick: Path, tmp_path: Path
) -> None:
    vault: Vault = register.desk.vault
    operator = register.access.operator()
    assert operator is not None
    register.access.set_passphrase(operator.id, "sette rondini sul tetto")
    made = make(register, stick)
    assert foreign_key(made, "sette rondini sul tetto", tmp_path) == vault.raw_key()


def test_a_backup_under_an_earlier_key_is_told_apart_from_a_damaged_one_and_still_opens(
    register: Register, stick: Path, clock: FakeClock, tmp_path: Path
) -> None:
    from app.services.restore import ByPassphrase

    admit(register, "Amina")
    older = make(register, stick)
    vault = register.desk.vault
    before = vault.raw_key()
    vault.doors.ask_new_store_key(lambda _role: frozenset())
    vault.change_store_key()
    assert vault.raw_key() != before
    clock.advance(timedelta(days=1))
    newer = make(register, stick)
    rows = {row.path: row for row in register.backups.list_rows(stick)}
    assert register.backups.trying(rows[newer]).finish() == "sound"
    assert register.backups.trying(rows[older]).finish() == "other_key"
    register.access.lock()
    other = build_register(Vault(tmp_path / "other", vault.secrets), clock)
    other.restores.restoring(rows[older], ByPassphrase(PASSPHRASE), set_aside=False).finish()
    other.access.unlock(PASSPHRASE)
    assert [row.name_used for row in other.guests.list_rows(HouseId(1))] == ["Amina"]
    other.access.lock()
