"""A copy comes back: proved first, nothing overwritten, and nothing leaves until somebody says that it goes on here."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver
from alembic import command
from sqlalchemy import NullPool, create_engine

from app import errors
from app.services.access import SetupDraft
from app.services.backup import CopyRow, Place
from app.services.guest import GuestDraft
from app.services.operator import OperatorDraft
from app.services.register import Register, build_register
from app.services.restore import ByPassphrase, ByRecoveryCode
from app.services.stay import StayDraft
from app.sync.outcome import Declined
from app.vault import manifest, migration
from app.vault.backup import _part_of, read_copy
from app.vault.key import VaultKey
from app.vault.place import KEYS, STORE, restored_beside
from app.vault.store import connect
from app.vault.vault import Vault
from tests.conftest import HOUSE as A_HOUSE
from tests.conftest import LIGHT, NOW, PASSPHRASE
from tests.fakes import FakeClock, FakeSecrets
from tests.ui.capofila_side import CapofilaSide
from tests.ui.desk import HOUSE, MAY, host


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def copy_of(register: Register, stick: Path) -> CopyRow:
    return register.backups.making(Place(stick)).finish()


def bare(tmp_path: Path, clock: FakeClock, secrets: FakeSecrets | None = None) -> Register:
    """Return the services of a computer on which there is no register yet."""
    return build_register(Vault(tmp_path / "new" / "registro", secrets or FakeSecrets()), clock)


def names(register: Register) -> list[str]:
    return [row.name_used for row in register.guests.list_rows(HOUSE, present_only=False)]


def admit(register: Register, name: str) -> None:
    register.stays.admit(GuestDraft(name), StayDraft(HOUSE, NOW.date()))


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_bare_machine_gets_the_register_back_and_sends_nothing_yet(
    register: Register, stick: Path, tmp_path: Path, clock: FakeClock
) -> None:
    admit(register, "Amina")
    row = copy_of(register, stick)
    before = files_of(row.path)
    register.access.lock()
    clock.advance(timedelta(days=3))
    other = bare(tmp_path, clock)
    assert other.restores.list_rows(stick.parent)[0].path == row.path  # also when the folder above is named
    done = other.restores.restoring(other.restores.newest(stick), ByPassphrase(PASSPHRASE), set_aside=False).finish()
    assert done.set_aside is None
    other.access.unlock(PASSPHRASE)
    assert names(other) == ["Amina"]
    pause = other.restores.pause()
    assert pause is not None
    assert (pause.copy_made_at, pause.restored_at) == (NOW, NOW + timedelta(days=3))
    assert other.backups.last() == NOW
    assert other.desk.vault.examine() == []
    assert files_of(row.path) == before  # the copy itself was only read
    other.restores.confirm()
    assert other.restores.pause() is None
    other.access.lock()


def test_where_the_device_secret_is_missing_the_recovery_code_opens_the_copy(
    stick: Path, tmp_path: Path, clock: FakeClock
) -> None:
    first = build_register(Vault(tmp_path / "first", FakeSecrets()), clock)
    draft = SetupDraft(PASSPHRASE, "sb", "S. B.", "COORDINAMENTO", "Ente", A_HOUSE)
    code = "".join(first.access.set_up(draft, LIGHT).recovery_groups)
    row = copy_of(first, stick)
    first.access.lock()
    other = bare(tmp_path, clock)
    with pytest.raises(errors.DeviceSecretMissing):
        other.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=False).finish()
    assert not other.desk.vault.folder.parent.exists() or not list(other.desk.vault.folder.parent.iterdir())
    other.restores.restoring(row, ByRecoveryCode(code), set_aside=False).finish()
    other.access.unlock_with_recovery(code)
    (operator,) = other.access.operators()
    other.access.set_passphrase(operator.id, "sette rondini sul tetto")
    other.access.lock()
    other.access.unlock("sette rondini sul tetto")
    other.access.lock()


def test_what_is_in_the_way_is_set_aside_only_when_somebody_says_so(
    register: Register, stick: Path, vault_folder: Path
) -> None:
    row = copy_of(register, stick)
    admit(register, "later")
    register.access.lock()
    before = files_of(vault_folder)
    with pytest.raises(errors.RegisterInTheWay):
        register.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=False).finish()
    assert files_of(vault_folder) == before
    done = register.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=True).finish()
    assert done.set_aside is not None
    assert done.set_aside.name.startswith(f"{vault_folder.name}-da-parte-")
    assert files_of(done.set_aside) == before
    register.access.unlock(PASSPHRASE)
    assert names(register) == []
    aside = build_register(Vault(done.set_aside, register.desk.vault.secrets), register.desk.clock)
    aside.access.unlock(PASSPHRASE)
    assert names(aside) == ["later"]
    aside.access.lock()


def test_a_wrong_phrase_or_a_spoilt_copy_changes_nothing(register: Register, stick: Path, vault_folder: Path) -> None:
    row = copy_of(register, stick)
    register.access.lock()
    before, around = files_of(vault_folder), sorted(vault_folder.parent.iterdir())
    with pytest.raises(errors.WrongPassphrase):
        register.restores.restoring(row, ByPassphrase("tiro a indovinare"), set_aside=True).finish()
    whole = (row.path / STORE).read_bytes()
    for spoilt in (whole[: len(whole) // 2] + b"!" + whole[len(whole) // 2 + 1 :], whole[:-4096]):
        (row.path / STORE).write_bytes(spoilt)
        with pytest.raises(errors.BackupDamaged):
            register.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=True).finish()
    told = json.loads((row.path / manifest.NAME).read_text())
    (row.path / STORE).write_bytes(whole)
    (row.path / manifest.NAME).write_text(json.dumps({**told, "made_at": "2026-06-14T00:00:00Z"}))
    with pytest.raises(errors.BackupDamaged):  # only who has the key can write a manifest
        register.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=True).finish()
    (row.path / manifest.NAME).write_text(json.dumps({**told, "schema": 999}))
    with pytest.raises(errors.VaultTooNew):
        register.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=True).finish()
    (row.path / manifest.NAME).write_text(json.dumps({**told, "format": "approdo-backup/2"}))
    with pytest.raises(errors.VaultTooNew):
        register.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=True).finish()
    outside = {**told, "files": {**told["files"], "../outside": {"size": 1, "sha256": ""}}}
    (row.path / manifest.NAME).write_text(json.dumps(outside))
    assert register.restores.list_rows(stick)[0].fault == "unreadable"
    assert files_of(vault_folder) == before
    assert sorted(vault_folder.parent.iterdir()) == around


def test_the_newest_whole_copy_is_taken_and_copies_of_two_registers_are_not_mixed_up(
    register: Register, stick: Path, tmp_path: Path, clock: FakeClock
) -> None:
    with pytest.raises(errors.BackupMissing):
        register.restores.newest(stick)
    copy_of(register, stick)
    clock.advance(timedelta(days=1))
    newest = copy_of(register, stick)
    clock.advance(timedelta(days=1))
    spoilt = copy_of(register, stick)
    (spoilt.path / STORE).unlink()
    assert register.restores.newest(stick).path == newest.path
    other = build_register(Vault(tmp_path / "other", FakeSecrets()), clock)
    other.access.set_up(SetupDraft(PASSPHRASE, "sb", "S. B.", "COORDINAMENTO", "Ente", A_HOUSE), LIGHT)
    copy_of(other, stick)
    other.access.lock()
    with pytest.raises(errors.BackupAmbiguous):
        register.restores.newest(stick)
    assert register.restores.newest(newest.path).path == newest.path


def test_a_power_cut_between_the_last_two_renames_leaves_the_restored_register_to_be_found(
    register: Register, stick: Path, vault_folder: Path
) -> None:
    admit(register, "Amina")
    row = copy_of(register, stick)
    register.access.lock()
    register.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=True).finish()
    vault_folder.rename(restored_beside(vault_folder))  # as if the last rename had never been
    assert register.access.exists
    register.access.unlock(PASSPHRASE)
    assert names(register) == ["Amina"]
    assert register.restores.pause() is not None
    assert not restored_beside(vault_folder).exists()


def test_a_restored_register_that_waits_never_takes_the_place_of_another(
    register: Register, stick: Path, vault_folder: Path
) -> None:
    row = copy_of(register, stick)
    admit(register, "later")
    register.access.lock()
    shutil.copytree(row.path, restored_beside(vault_folder))
    register.access.unlock(PASSPHRASE)
    assert names(register) == ["later"]


def test_a_damaged_store_stays_as_it_is_and_the_copy_takes_its_place(
    register: Register, stick: Path, vault_folder: Path
) -> None:
    admit(register, "Amina")
    row = copy_of(register, stick)
    register.access.lock()
    store = vault_folder / STORE
    whole = store.read_bytes()
    for spoilt in (whole[:99] + b"!" * 64 + whole[163:], whole[: len(whole) // 3], whole[:1000], b""):
        store.write_bytes(spoilt)
        with pytest.raises(errors.VaultDamaged):
            register.access.unlock(PASSPHRASE)
        done = register.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=True).finish()
        assert done.set_aside is not None
        assert (done.set_aside / STORE).read_bytes() == spoilt
        register.access.unlock(PASSPHRASE)
        assert names(register) == ["Amina"]
        register.access.lock()
        shutil.rmtree(done.set_aside)


def downgrade(store: Path, key: VaultKey, revision: str) -> None:
    """Turn a store into one of an earlier program."""
    engine = create_engine("sqlite://", module=driver, creator=lambda: connect(store, key), poolclass=NullPool)
    with engine.connect() as link:
        link.exec_driver_sql("PRAGMA foreign_keys = OFF")
        command.downgrade(migration.alembic_config(link), revision)
        link.exec_driver_sql(f"PRAGMA user_version = {int(revision)}")
        link.commit()
    engine.dispose()


def test_a_register_that_another_program_has_open_is_not_set_aside(
    register: Register, stick: Path, vault_folder: Path, clock: FakeClock
) -> None:
    row = copy_of(register, stick)
    register.access.lock()
    other = build_register(Vault(vault_folder, register.desk.vault.secrets), clock)
    other.access.unlock(PASSPHRASE)
    with pytest.raises(errors.VaultBusy):
        register.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=True).finish()
    assert other.access.is_open
    assert names(other) == []
    other.access.lock()


def test_what_cannot_be_put_in_place_leaves_all_as_it_was(
    register: Register, stick: Path, vault_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = copy_of(register, stick)
    admit(register, "later")
    register.access.lock()
    around = sorted(path.name for path in vault_folder.parent.iterdir())
    real = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self == restored_beside(vault_folder):  # the very last rename
            raise PermissionError(13, "refused")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(errors.RestoreNotPlaced):
        register.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=True).finish()
    assert sorted(path.name for path in vault_folder.parent.iterdir()) == around
    register.access.unlock(PASSPHRASE)
    assert names(register) == ["later"]


def test_an_older_copy_is_brought_to_the_schema_of_today_before_it_is_put_in_place(
    register: Register, stick: Path, vault_folder: Path
) -> None:
    admit(register, "Amina")
    row = copy_of(register, stick)
    vault = register.desk.vault
    key = VaultKey(bytes.fromhex(vault.raw_key()))
    register.access.lock()
    downgrade(row.path / STORE, key, "0001")
    parts = tuple(_part_of(name, row.path / name) for name in (STORE, KEYS))
    made = manifest.Manifest(row.label, 1, NOW, parts).sealed(key)
    (row.path / manifest.NAME).write_text(made.to_json(), encoding="ascii")
    for left in row.path.glob(f"{STORE}-*"):
        left.unlink()
    register.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=True).finish()
    assert (vault_folder / "register-before-0001.db").exists()
    register.access.unlock(PASSPHRASE)
    assert names(register) == ["Amina"]
    assert read_copy(row.path).manifest == made


# --- what the capofila may know already -----------------------------------------------------------------------


@pytest.fixture
def side() -> CapofilaSide:
    return CapofilaSide()


def released(register: Register) -> None:
    register.outbox.release(HOUSE, MAY, register.outbox.preview(HOUSE, MAY).sha256)


def restore_over(register: Register, row: CopyRow) -> None:
    register.access.lock()
    register.restores.restoring(row, ByPassphrase(PASSPHRASE), set_aside=True).finish()
    register.access.unlock(PASSPHRASE)


def test_nothing_leaves_a_restored_register_until_somebody_confirms_and_then_the_same_bytes_are_taken_again(
    register: Register, stick: Path, side: CapofilaSide
) -> None:
    host(register, 6)
    side.enrol(register, HOUSE, "https://127.0.0.1:1")
    register.months.close(HOUSE, MAY)
    released(register)
    row = copy_of(register, stick)
    (parcel,) = register.outbox.due(all_now=True)
    taken = side.take(parcel)  # after the copy the report arrived, and the copy does not know it
    restore_over(register, row)
    assert register.outbox.due(all_now=True) == []
    assert register.restores.pause().doubts == ()  # type: ignore[union-attr]
    register.restores.confirm()
    (again,) = register.outbox.due(all_now=True)
    assert (again.package, again.idempotency_key) == (parcel.package, parcel.idempotency_key)
    register.outbox.file(again.id, taken)
    assert register.outbox.list_rows()[0].state == "accepted"


def test_a_month_sent_after_the_copy_is_named_as_a_doubt_and_a_conflict_says_what_to_do(
    register: Register, stick: Path, side: CapofilaSide
) -> None:
    from app.ui.presenters.backup import pause_text
    from app.ui.presenters.outbox import problem

    host(register, 6)
    side.enrol(register, HOUSE, "https://127.0.0.1:1")
    row = copy_of(register, stick)
    register.months.close(HOUSE, MAY)
    released(register)  # this one leaves from the old computer
    restore_over(register, row)
    pause = register.restores.pause()
    assert pause is not None
    assert [(doubt.house_name, doubt.month) for doubt in pause.doubts] == [(A_HOUSE.name, MAY)]
    assert "maggio 2026 (Casa di prova)" in pause_text(pause)
    register.restores.confirm()
    register.months.close(HOUSE, MAY)
    released(register)
    (parcel,) = register.outbox.due(all_now=True)
    refused = side.refuse(parcel)
    assert isinstance(refused, Declined)
    assert refused.reason == "revision_conflict"
    register.outbox.file(parcel.id, refused)
    (shown,) = register.outbox.list_rows()
    assert "riaprilo e chiudilo di nuovo" in problem(shown)
    register.months.reopen(HOUSE, MAY, "ripristino")
    assert register.months.close(HOUSE, MAY) == 2  # a number that the capofila has not seen
    released(register)
    assert len(register.outbox.due(all_now=True)) == 1


def test_only_who_coordinates_lets_sending_go_on_after_a_restore(register: Register, stick: Path) -> None:
    register.operators.add(OperatorDraft("A. Ammi", "AMMINISTRAZIONE"), "due lampi nella valle")
    restore_over(register, copy_of(register, stick))
    register.access.lock()
    register.access.unlock("due lampi nella valle")
    pause = register.restores.pause()
    assert pause is not None
    assert not pause.may_confirm
    with pytest.raises(errors.RoleMayNot):
        register.restores.confirm()
    assert register.restores.pause() is not None
    register.access.lock()
    register.access.unlock(PASSPHRASE)
    register.restores.confirm()
    assert register.restores.pause() is None


def test_a_copy_says_what_opens_it_from_paper(register: Register, stick: Path, clock: FakeClock) -> None:
    copy_of(register, stick)
    register.recoveries.adopt_cards(register.recoveries.propose_cards())
    clock.advance(timedelta(days=1))
    newest = copy_of(register, stick)
    assert [row.paper for row in register.restores.list_rows(stick)] == ["cards", "sheet"]
    (newest.path / KEYS).write_text("{}")
    assert {row.path: row.paper for row in register.restores.list_rows(stick)}[newest.path] is None
