"""The vault on disk: really encrypted, opened only by its keys, never half made, gone when locked."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from app import errors
from app.reference.ids import HouseId, OperatorId
from app.services.access import SetupDraft
from app.services.guest import GuestDraft
from app.services.register import Register, build_register
from app.services.stay import StayDraft
from app.vault.device import NoSecrets
from app.vault.key import RecoveryCode
from app.vault.place import KEYS, STORE
from app.vault.vault import Vault
from tests.conftest import HOUSE, LIGHT, NOW, PASSPHRASE
from tests.fakes import FakeClock, FakeSecrets

CANARY = "CANARY-Zoraide"


def make(folder: Path, secrets: FakeSecrets | NoSecrets) -> tuple[Vault, str]:
    vault = Vault(folder, secrets)
    code = vault.create(PASSPHRASE, login="s", display_name="S.", role="COORDINAMENTO", cost=LIGHT)
    vault.lock()
    return vault, code.text()


def test_no_byte_of_a_guest_is_on_the_disk_in_clear(register: Register, vault_folder: Path) -> None:
    draft = GuestDraft(CANARY, given_name=CANARY, family_name=CANARY, diet_note=CANARY)
    guest, _ = register.stays.admit(draft, StayDraft(HouseId(1), NOW.date()))
    register.drafts.keep("entry", CANARY)
    register.guests.change(guest, GuestDraft(CANARY.lower()))
    for locked in (False, True):
        if locked:
            register.access.lock()
        files = [path for path in vault_folder.rglob("*") if path.is_file()]
        assert len(files) >= 2
        for path in files:
            content = path.read_bytes().lower()
            assert CANARY.lower().encode() not in content, path.name
            assert CANARY.lower().encode("utf-16-le") not in content, path.name


def test_the_pragmas_that_the_promises_need_are_really_on(register: Register) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "temp_store": 2,
        "cipher_memory_security": "1",
        "cache_size": -65536,
    }
    with register.desk.vault.work() as session:
        found = {name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    assert found == wanted


def test_files_belong_to_their_owner_alone(vault_folder: Path) -> None:
    assert stat.S_IMODE((vault_folder / KEYS).stat().st_mode) == 0o600


def test_a_wrong_passphrase_opens_nothing_and_changes_nothing(vault_folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in vault_folder.iterdir()}
    vault = Vault(vault_folder, NoSecrets())
    with pytest.raises(errors.WrongPassphrase):
        vault.unlock("una barca arriva forte")
    assert not vault.is_open
    assert {path.name: path.read_bytes() for path in vault_folder.iterdir()} == before


def test_locked_means_no_key_no_connection_no_work(register: Register) -> None:
    vault = register.desk.vault
    vault.lock()
    assert not vault.is_open
    assert vault.operator is None
    with pytest.raises(errors.VaultLocked), vault.work():
        pass
    with pytest.raises(errors.VaultLocked):
        vault.raw_key()
    vault.lock()  # twice is no error


def test_a_copied_register_does_not_open_with_the_passphrase_alone(tmp_path: Path) -> None:
    _, code = make(tmp_path / "here", FakeSecrets())
    shutil.copytree(tmp_path / "here", tmp_path / "elsewhere")
    stolen = Vault(tmp_path / "elsewhere", NoSecrets())
    with pytest.raises(errors.DeviceSecretMissing):
        stolen.unlock(PASSPHRASE)
    stolen.unlock_with_recovery(code)
    assert stolen.is_open
    stolen.lock()


def test_after_recovery_a_new_passphrase_opens_here_and_the_old_one_nowhere(tmp_path: Path) -> None:
    _, code = make(tmp_path / "v", FakeSecrets())
    vault = Vault(tmp_path / "v", FakeSecrets())  # a new computer with a keyring of its own
    vault.unlock_with_recovery(code)
    vault.doors.set_passphrase(OperatorId(1), "la nuova frase di domani")
    vault.lock()
    vault.unlock("la nuova frase di domani")
    assert vault.operator == OperatorId(1)
    vault.lock()
    with pytest.raises(errors.WrongPassphrase):
        vault.unlock(PASSPHRASE)


def test_a_new_recovery_sheet_stops_the_old_one(tmp_path: Path) -> None:
    vault, old = make(tmp_path / "v", NoSecrets())
    vault.unlock(PASSPHRASE)
    new = RecoveryCode.new()
    vault.doors.adopt(new, NOW)
    vault.lock()
    with pytest.raises(errors.WrongRecoveryCode):
        vault.unlock_with_recovery(old)
    vault.unlock_with_recovery(new.text())
    vault.lock()


def test_a_register_is_never_made_over_another(vault_folder: Path) -> None:
    with pytest.raises(errors.VaultExists):
        Vault(vault_folder, NoSecrets()).create(PASSPHRASE, login="x", display_name="X", role="TURNO", cost=LIGHT)


def test_a_set_up_cut_off_before_its_end_leaves_no_register_and_can_be_done_again(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    make(folder, NoSecrets())
    (folder / KEYS).unlink()  # the power went before the last write
    vault, _ = make(folder, NoSecrets())
    vault.unlock(PASSPHRASE)
    vault.lock()


def test_a_plain_database_is_refused(vault_folder: Path) -> None:
    (vault_folder / STORE).unlink()
    plain = driver.connect(str(vault_folder / STORE))
    plain.execute("CREATE TABLE guest (name)")
    plain.commit()
    plain.close()
    with pytest.raises(errors.NotEncrypted):
        Vault(vault_folder, NoSecrets()).unlock(PASSPHRASE)


def test_a_missing_store_is_said_and_no_new_one_is_made(vault_folder: Path) -> None:
    (vault_folder / STORE).unlink()
    with pytest.raises(errors.VaultDamaged):
        Vault(vault_folder, NoSecrets()).unlock(PASSPHRASE)
    assert not (vault_folder / STORE).exists()


@pytest.mark.parametrize("where", [0, 100, 4096 + 50])
def test_a_flipped_bit_is_found(vault_folder: Path, where: int) -> None:
    content = bytearray((vault_folder / STORE).read_bytes())
    content[where] ^= 0x40
    (vault_folder / STORE).write_bytes(content)
    vault = Vault(vault_folder, NoSecrets())
    try:
        vault.unlock(PASSPHRASE)
        assert vault.examine()
    except errors.VaultDamaged:
        pass
    finally:
        vault.lock()


def test_a_truncated_store_is_found(vault_folder: Path) -> None:
    content = (vault_folder / STORE).read_bytes()
    (vault_folder / STORE).write_bytes(content[: len(content) // 2])
    vault = Vault(vault_folder, NoSecrets())
    with pytest.raises(errors.VaultDamaged):
        vault.unlock(PASSPHRASE)


@pytest.mark.parametrize("content", [b"", b"\0" * 4096])
def test_an_emptied_store_is_not_taken_for_a_new_one(vault_folder: Path, content: bytes) -> None:
    (vault_folder / STORE).write_bytes(content)
    with pytest.raises(errors.VaultDamaged):
        Vault(vault_folder, NoSecrets()).unlock(PASSPHRASE)
    assert (vault_folder / STORE).read_bytes() == content


def test_a_store_of_a_newer_program_is_not_touched(register: Register, vault_folder: Path) -> None:
    with register.desk.vault.work() as session:
        session.connection().exec_driver_sql("PRAGMA user_version = 99")
    register.access.lock()
    before = (vault_folder / STORE).read_bytes()
    with pytest.raises(errors.VaultTooNew):
        Vault(vault_folder, NoSecrets()).unlock(PASSPHRASE)
    assert (vault_folder / STORE).read_bytes() == before


def test_a_full_disk_is_told_and_what_was_saved_stays(register: Register) -> None:
    register.stays.admit(GuestDraft("Rina"), StayDraft(HouseId(1), NOW.date()))
    with register.desk.vault.work() as session:
        link = session.connection()
        pages = link.exec_driver_sql("PRAGMA page_count").scalar_one()
        link.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(errors.DiskFull):
        register.stays.admit(GuestDraft("Joy", diet_note="x" * 50_000), StayDraft(HouseId(1), NOW.date()))
    with register.desk.vault.work() as session:
        session.connection().exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert "Rina" in [row.name_used for row in register.guests.list_rows(HouseId(1))]
    assert register.desk.vault.examine() == []


def test_the_older_format_opens_under_the_same_key_and_only_under_it(register: Register, tmp_path: Path) -> None:
    register.access.write_sqlcipher3_copy(tmp_path / "copy.db")
    for key, opens in ((register.access.raw_key(), True), ("00" * 32, False)):
        link = driver.connect(str(tmp_path / "copy.db"))
        link.execute("PRAGMA cipher_log_level = NONE")
        link.execute(f"PRAGMA key = \"x'{key}'\"")
        link.execute("PRAGMA cipher_compatibility = 3")
        try:
            assert link.execute("SELECT count(*) FROM house").fetchone() == (1,)
            assert opens
        except driver.DatabaseError:
            assert not opens
        link.close()


def test_errors_of_the_store_carry_no_values(register: Register) -> None:
    from sqlalchemy import text

    with pytest.raises(errors.VaultError) as told, register.desk.vault.work() as session:
        session.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": CANARY})
    chain: BaseException | None = told.value
    while chain is not None:
        assert CANARY not in str(chain)
        chain = chain.__cause__


def test_a_store_whose_key_file_is_lost_is_set_aside_and_never_removed(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    vault, _ = make(folder, NoSecrets())
    keys = (folder / KEYS).read_bytes()
    store = (folder / STORE).read_bytes()
    (folder / KEYS).unlink()
    make(folder, NoSecrets())
    (aside,) = [path for path in folder.iterdir() if path.name.startswith("orphan-") and path.suffix == ".db"]
    assert aside.read_bytes() == store
    aside.rename(folder / STORE)
    (folder / KEYS).write_bytes(keys)  # the keys came back from a copy
    vault.unlock(PASSPHRASE)
    vault.lock()


def test_a_set_up_that_fails_leaves_no_register_and_none_open(tmp_path: Path, clock: FakeClock) -> None:
    from dataclasses import replace

    vault = Vault(tmp_path / "v", NoSecrets())
    register = build_register(vault, clock)
    draft = SetupDraft(PASSPHRASE, "s", "S.", "COORDINAMENTO", "E", replace(HOUSE, kind="NOWHERE"))
    with pytest.raises(errors.UnknownCode):
        register.access.set_up(draft, LIGHT)
    assert not vault.exists
    assert not vault.is_open
    assert list((tmp_path / "v").iterdir()) == []
    register.access.set_up(replace(draft, house=HOUSE), LIGHT)
    assert vault.is_open
    vault.lock()


def test_an_opening_that_cannot_be_noted_is_none(vault_folder: Path, clock: FakeClock) -> None:
    holder = Vault(vault_folder, NoSecrets())
    holder.unlock(PASSPHRASE)
    with holder.work() as session:
        session.connection().exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON trail BEGIN SELECT RAISE(ABORT, 'x'); END"
        )
    holder.lock()
    register = build_register(Vault(vault_folder, NoSecrets()), clock)
    with pytest.raises(errors.VaultError):
        register.access.unlock(PASSPHRASE)
    assert not register.access.is_open


def test_a_passphrase_tells_who_she_is_so_two_operators_never_share_one(vault_folder: Path) -> None:
    from app.models.work import Operator

    vault = Vault(vault_folder, NoSecrets())
    vault.unlock(PASSPHRASE)
    with vault.work() as session:
        session.add(Operator(login="mferri", display_name="M. Ferri", role="TURNO"))
    with pytest.raises(errors.PassphraseTaken):
        vault.doors.set_passphrase(OperatorId(2), PASSPHRASE)
    vault.doors.set_passphrase(OperatorId(2), "un'altra barca arriva")
    assert vault.operator == OperatorId(1)  # whoever gives another one a phrase does not become her
    assert vault.is_my_passphrase(PASSPHRASE)
    assert not vault.is_my_passphrase("un'altra barca arriva")
    vault.lock()
    for phrase, who in ((PASSPHRASE, OperatorId(1)), ("un'altra barca arriva", OperatorId(2))):
        vault.unlock(phrase)
        assert vault.operator == who
        vault.lock()


def test_a_slot_that_a_crash_left_behind_goes_with_the_next_change(vault_folder: Path) -> None:
    from app.vault.keyslot import KeyFile

    vault = Vault(vault_folder, NoSecrets())
    vault.unlock(PASSPHRASE)
    keys = KeyFile.read(vault_folder / KEYS)
    keys.with_passphrase(vault.held(), "una frase rimasta indietro", None)[0].write(vault_folder / KEYS)
    vault.lock()
    with pytest.raises(errors.WrongPassphrase):  # it opens nothing even while it is there
        vault.unlock("una frase rimasta indietro")
    assert not vault.is_open
    vault.unlock(PASSPHRASE)
    vault.doors.set_passphrase(OperatorId(1), "la nuova frase di domani")
    vault.lock()
    assert len(KeyFile.read(vault_folder / KEYS).slots) == 2
    for gone in (PASSPHRASE, "una frase rimasta indietro"):
        with pytest.raises(errors.WrongPassphrase):
            vault.unlock(gone)


def test_a_silent_keyring_does_not_lose_the_secret_that_others_need(tmp_path: Path) -> None:
    secrets = FakeSecrets()
    vault, _ = make(tmp_path / "v", secrets)
    vault.unlock(PASSPHRASE)
    kept, secrets.kept = secrets.kept, {}
    with pytest.raises(errors.DeviceSecretMissing):
        vault.doors.set_passphrase(OperatorId(1), "la nuova frase di domani")
    vault.lock()
    secrets.kept = kept
    vault.unlock(PASSPHRASE)
    vault.lock()


def test_the_encryption_is_proved_anew_at_every_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault, _ = make(tmp_path / "first", NoSecrets())
    vault.unlock(PASSPHRASE)
    assert vault.cipher_version
    vault.lock()
    assert not vault.cipher_version
    vault.folder = tmp_path / "second"
    vault.create(PASSPHRASE, login="s", display_name="S.", role="COORDINAMENTO", cost=LIGHT)
    assert vault.cipher_version  # a new store is proved too, not taken on the word of the one before
    vault.lock()


@pytest.mark.parametrize(("number", "fact"), [(errno.ENOSPC, errors.DiskFull), (errno.EACCES, errors.VaultReadOnly)])
def test_a_key_file_that_cannot_be_written_leaves_nothing_half_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, fact: type[errors.VaultError]
) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    vault = Vault(tmp_path / "v", NoSecrets())
    monkeypatch.setattr("app.vault.keyslot.os.fsync", refuse)
    with pytest.raises(fact):
        vault.create(PASSPHRASE, login="s", display_name="S.", role="COORDINAMENTO", cost=LIGHT)
    assert not vault.exists
    assert not vault.is_open
    monkeypatch.undo()
    vault.create(PASSPHRASE, login="s", display_name="S.", role="COORDINAMENTO", cost=LIGHT)
    vault.lock()
