"""A store, a key file, a disk, a clock that break: one sentence, nothing written over, and work goes on afterwards.

What a kill does is in `test_kills`, what a backup does on a bad stick in `test_backup`; docs/faults.md has them all.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import errors
from app.reference.texts import say_error
from app.services.backup import Place
from app.services.register import Register, build_register
from app.services.restore import ByPassphrase
from app.vault.device import NoSecrets
from app.vault.key import VaultKey
from app.vault.manifest import NAME
from app.vault.migration import SCHEMA
from app.vault.place import KEYS, STORE, lacks_keys
from app.vault.store import connect, examine_store, explained, refused, require_whole
from app.vault.vault import Vault
from tests.conftest import HOUSE, LIGHT, NOW, PASSPHRASE
from tests.fakes import FakeClock
from tests.spoiling import PAGE, admit, files, fill, flip, names, open_register, small_disk

FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


# --- bytes that changed ---------------------------------------------------------------------------------------


@pytest.fixture
def with_guests(vault_folder: Path) -> Path:
    register = open_register(vault_folder)
    for name in ("Rina", "Joy", "Awa"):
        admit(register, name)
    register.access.lock()
    return vault_folder


def test_a_flipped_byte_in_any_page_is_found_before_anything_is_written(with_guests: Path) -> None:
    register = open_register(with_guests)
    key = VaultKey(bytes.fromhex(register.desk.vault.raw_key()))
    register.access.lock()
    store = with_guests / STORE
    whole = store.read_bytes()
    pages = len(whole) // PAGE
    for page in {0, 1, 2, pages - 1, *range(3, pages, 4)}:
        at = page * PAGE + (page * 2741) % PAGE
        flip(store, at, 1 << page % 8)
        with pytest.raises(errors.VaultDamaged):
            require_whole(store, key)
        with store.open("r+b") as file:
            file.seek(at)
            file.write(whole[at : at + 1])
    require_whole(store, key)
    assert store.read_bytes() == whole


@FEW
@given(st.data())
def test_a_spoilt_store_does_not_open_and_is_left_as_it_is(with_guests: Path, data: st.DataObject) -> None:
    store = with_guests / STORE
    whole = store.read_bytes()
    size = len(whole)
    spoil = data.draw(st.sampled_from(("flip", "cut", "page", "empty", "other")))
    if spoil == "flip":
        flip(store, data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, 255)))
    elif spoil == "cut":
        store.write_bytes(whole[: data.draw(st.integers(0, size - 1))])
    elif spoil == "page":  # one page lies where another belongs
        here, there = data.draw(st.lists(st.integers(0, size // PAGE - 1), min_size=2, max_size=2, unique=True))
        mixed = bytearray(whole)
        mixed[here * PAGE : (here + 1) * PAGE] = whole[there * PAGE : (there + 1) * PAGE]
        store.write_bytes(mixed)
    else:
        store.write_bytes(b"" if spoil == "empty" else data.draw(st.binary(min_size=size, max_size=size)) or b"\x01")
    before = files(with_guests)
    try:
        with pytest.raises((errors.VaultDamaged, errors.NotEncrypted)) as told:
            open_register(with_guests)
        assert "ripristina" in say_error(told.value)
        assert files(with_guests) == before
    finally:
        store.write_bytes(whole)
        for log in with_guests.glob(f"{STORE}-*"):
            log.unlink()


def test_what_the_checks_find_is_listed_and_does_not_stop_them(with_guests: Path) -> None:
    register = open_register(with_guests)
    assert register.desk.vault.examine() == []
    for page in (20, 40, 60):
        flip(with_guests / STORE, page * PAGE + 99)
        assert register.desk.vault.examine()
        flip(with_guests / STORE, page * PAGE + 99)
    register.access.lock()


def test_a_store_is_not_migrated_over_its_faults(with_guests: Path) -> None:
    register = open_register(with_guests)
    key = VaultKey(bytes.fromhex(register.desk.vault.raw_key()))
    with register.desk.vault.work() as session:
        session.connection().exec_driver_sql(f"PRAGMA user_version = {SCHEMA - 1}")
    register.access.lock()
    link = connect(with_guests / STORE, key)
    link.execute("PRAGMA foreign_keys = OFF")
    link.execute("UPDATE stay SET house_id = 99")
    link.close()
    assert examine_store(with_guests / STORE, key)
    before = files(with_guests)
    with pytest.raises(errors.VaultDamaged):
        open_register(with_guests)
    assert files(with_guests) == before  # and no copy that hides the fault


@FEW
@given(st.integers(0, 10_000), st.integers(0, 7))
def test_a_spoilt_key_file_opens_as_before_or_says_so(vault_folder: Path, at: int, bit: int) -> None:
    keys = vault_folder / KEYS
    whole = keys.read_bytes()
    flip(keys, at, 1 << bit)
    before = files(vault_folder)
    try:
        open_register(vault_folder).access.lock()
    except (errors.VaultDamaged, errors.WrongPassphrase, errors.VaultTooNew, errors.NotEnoughMemory):
        assert files(vault_folder) == before
    finally:
        keys.write_bytes(whole)


def test_a_store_without_its_key_file_is_told_apart_from_no_register(vault_folder: Path, tmp_path: Path) -> None:
    (vault_folder / KEYS).rename(tmp_path / KEYS)
    assert lacks_keys(vault_folder)
    assert not lacks_keys(tmp_path / "nowhere")
    with pytest.raises(errors.KeysMissing):
        open_register(vault_folder)
    (tmp_path / KEYS).rename(vault_folder / KEYS)
    assert not lacks_keys(vault_folder)
    open_register(vault_folder).access.lock()


@pytest.mark.parametrize("name", [STORE, KEYS, NAME])
def test_a_spoilt_file_of_a_backup_is_found_and_the_one_before_still_restores(
    with_guests: Path, tmp_path: Path, name: str
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    first = open_register(with_guests, NOW)
    good = first.backups.making(Place(stick)).finish()
    first.access.lock()
    register = open_register(with_guests, NOW + timedelta(days=1))
    spoilt = register.backups.making(Place(stick)).finish()
    flip(spoilt.path / name, (spoilt.path / name).stat().st_size // 2, 0x01)
    before = files(with_guests)
    with pytest.raises(errors.BackupError):
        register.backups.trying(spoilt).finish()
    register.access.lock()
    with pytest.raises(errors.BackupError):
        register.restores.restoring(spoilt, ByPassphrase(PASSPHRASE), set_aside=True).finish()
    assert {STORE, KEYS} <= files(with_guests).keys()
    assert files(with_guests)[KEYS] == before[KEYS]
    register.restores.restoring(good, ByPassphrase(PASSPHRASE), set_aside=True).finish()
    assert names(open_register(with_guests)) == {"Rina", "Joy", "Awa"}


def test_a_register_that_was_swapped_for_an_older_one_is_noticed_by_its_own_copy(
    with_guests: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    older = (with_guests / STORE).read_bytes()
    register = open_register(with_guests)
    admit(register, "Grace")
    made = register.backups.making(Place(stick)).finish()
    assert register.backups.trying(made).finish() == "sound"
    register.access.lock()
    (with_guests / STORE).write_bytes(older)  # whole, sealed with the same key, only of yesterday
    register = open_register(with_guests)
    assert register.desk.vault.examine() == []
    assert register.backups.trying(made).finish() == "ahead"
    register.access.lock()


@pytest.mark.parametrize("schema", [SCHEMA + 1, SCHEMA + 7, 99])
def test_a_newer_store_is_told_and_left_as_it_is(register: Register, vault_folder: Path, schema: int) -> None:
    with register.desk.vault.work() as session:
        session.connection().exec_driver_sql(f"PRAGMA user_version = {schema}")
    register.access.lock()
    before = files(vault_folder)
    with pytest.raises(errors.VaultTooNew):
        open_register(vault_folder)
    assert files(vault_folder) == before


# --- disks ----------------------------------------------------------------------------------------------------


def test_a_full_disk_takes_no_more_and_loses_nothing(vault_folder: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4000) as disk:
        folder = Path(shutil.copytree(vault_folder, disk / "registro"))
        register = open_register(folder)
        kept: set[str] = set()

        def go_on() -> None:
            for number in range(2000):
                admit(register, f"g{number}")
                kept.add(f"g{number}")

        with pytest.raises(errors.DiskFull):
            go_on()
        assert kept
        register.access.lock()
        subprocess.check_call(["mount", "-o", "remount,size=8000k", str(disk)])
        register = open_register(folder)
        assert names(register) == kept
        assert register.desk.vault.examine() == []
        register.access.lock()


def test_on_a_disk_without_room_for_a_log_the_register_says_so_and_waits(vault_folder: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 2000) as disk:
        folder = Path(shutil.copytree(vault_folder, disk / "registro"))
        ballast, before = fill(disk), files(folder)
        with pytest.raises(errors.DiskFull) as told:  # not even read: SQLite needs its log for that
            open_register(folder)
        assert "disco è pieno" in say_error(told.value)
        assert files(folder).items() >= before.items()
        ballast.unlink()
        open_register(folder).access.lock()


def test_a_full_disk_makes_no_half_register(tmp_path: Path) -> None:
    from app.services.access import SetupDraft

    draft = SetupDraft(PASSPHRASE, "s", "S.", "COORDINAMENTO", "E", HOUSE)
    with small_disk(tmp_path / "disk", 200) as disk:
        register = build_register(Vault(disk / "v", NoSecrets()), FakeClock(NOW))
        with pytest.raises(errors.DiskFull):
            register.access.set_up(draft, LIGHT)
        assert not register.access.exists
        assert not list((disk / "v").iterdir())


def test_a_folder_that_cannot_be_written_is_told_and_left_as_it_is(vault_folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "mounted"
    place.mkdir()
    if sys.platform != "linux" or subprocess.call(["mount", "--bind", str(vault_folder), str(place)]):
        pytest.skip("needs to mount a folder")
    try:
        subprocess.check_call(["mount", "-o", "remount,ro,bind", str(place)])
        before = files(place)
        with pytest.raises(errors.VaultReadOnly):
            open_register(place)
        assert files(place) == before
    finally:
        subprocess.call(["umount", "-l", str(place)])


@pytest.mark.parametrize(
    ("number", "fact"),
    [
        ("ENOSPC", errors.DiskFull),
        ("EDQUOT", errors.DiskFull),
        ("EROFS", errors.VaultReadOnly),
        ("EIO", errors.DiskFailing),
        ("ESTALE", errors.DiskFailing),
    ],
)
def test_what_the_system_says_is_told_in_our_words(number: str, fact: type[errors.VaultError]) -> None:
    import errno

    assert type(refused(OSError(getattr(errno, number), "x"))) is fact


def test_an_error_of_the_disk_is_not_called_damage(tmp_path: Path) -> None:
    import sqlcipher3.dbapi2 as driver

    assert isinstance(explained(driver.OperationalError("disk I/O error")), errors.DiskFailing)
    assert isinstance(explained(driver.OperationalError("disk I/O error"), tmp_path / STORE), errors.DiskFailing)
    assert isinstance(explained(driver.DatabaseError("file is not a database")), errors.VaultDamaged)


# --- places, and two at once ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["con spazi e più", "日本語 ☃ 'q\" %41?x#y&z;", "n" * 200])
def test_any_name_of_a_folder_does(vault_folder: Path, tmp_path: Path, name: str) -> None:
    folder = vault_folder.rename(tmp_path / name)
    stick = tmp_path / f"{name[:99]} chiavetta"
    stick.mkdir()
    register = open_register(folder)
    admit(register, "Rina")
    row = register.backups.making(Place(stick)).finish()
    assert register.backups.trying(row).finish() == "sound"
    register.access.lock()
    register.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=True).finish()
    register = open_register(folder)
    assert names(register) == {"Rina"}
    register.access.lock()


def test_two_programs_at_once_see_each_others_writes(vault_folder: Path) -> None:
    one, other = open_register(vault_folder), open_register(vault_folder)
    for number in range(5):
        admit(one, f"a{number}")
        admit(other, f"b{number}")
    assert names(one) == names(other) == {f"{who}{number}" for who in "ab" for number in range(5)}
    one.access.lock()
    admit(other, "after")
    other.access.lock()
    register = open_register(vault_folder)
    assert "after" in names(register)
    assert register.desk.vault.examine() == []
    register.access.lock()
