"""A register that is spoilt, lost in part, too new, or on a full disk: what the window and the commands say of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.cli.main import run
from app.cli.terminal import Exit
from app.services.register import build_register
from app.ui.pages.restore_page import RestorePage
from app.ui.pages.unlock_page import UnlockPage
from app.ui.pages.wizard_page import WizardPage
from app.ui.window import MainWindow
from app.vault.device import NoSecrets
from app.vault.place import KEYS, STORE
from app.vault.vault import Vault
from tests.conftest import NOW, PASSPHRASE
from tests.fakes import FakeClock
from tests.journeys.test_lock import CANARY, unlock, with_guest, words  # noqa: F401 - a fixture
from tests.spoiling import PAGE, files, fill, flip, small_disk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("APPRODO_HOME", str(tmp_path / "home"))


def plain(folder: Path) -> None:
    (folder / STORE).write_bytes(b"SQLite format 3\x00" + b"\x00" * 2 * PAGE)


def newer(folder: Path) -> None:
    register = build_register(Vault(folder, NoSecrets()), FakeClock(NOW))
    register.access.unlock(PASSPHRASE)
    with register.desk.vault.work() as session:
        session.connection().exec_driver_sql("PRAGMA user_version = 99")
    register.access.lock()


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "a flipped byte": (lambda folder: flip(folder / STORE, 40 * PAGE + 99), "danneggiato"),
    "a lost end": (lambda folder: (folder / STORE).write_bytes((folder / STORE).read_bytes()[:-PAGE]), "danneggiato"),
    "no store": (lambda folder: (folder / STORE).unlink(), "danneggiato"),
    "half a key file": (lambda folder: (folder / KEYS).write_bytes((folder / KEYS).read_bytes()[:99]), "danneggiato"),
    "no key file": (lambda folder: (folder / KEYS).unlink(), "manca il file delle chiavi"),
    "not encrypted": (plain, "non risulta cifrato"),
    "too new": (newer, "versione più nuova"),
}


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("command", ["doctor", "backup", "key"])
def test_every_command_says_one_sentence_and_touches_nothing(
    vault_folder: Path,
    tmp_path: Path,
    how: str,
    command: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "pass").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    (tmp_path / "stick").mkdir()
    spoil, said = SPOILT[how]
    spoil(vault_folder)
    before = files(vault_folder)
    options = ["--vault", str(vault_folder), "--passphrase-file", str(tmp_path / "pass")]
    to = ["--to", str(tmp_path / "stick")] if command == "backup" else []
    assert run([command, *options, *to]) == Exit.NOT_OPENED
    told = capsys.readouterr().err.strip()
    assert said in told
    assert "\n" not in told
    assert files(vault_folder) == before
    assert not list((tmp_path / "stick").iterdir())


@pytest.mark.parametrize("how", ["a flipped byte", "a lost end", "no store", "half a key file", "not encrypted"])
def test_the_window_offers_the_copies_and_touches_nothing(
    with_guest: None,  # noqa: F811 - the fixture
    vault_folder: Path,
    open_program: Callable[[Path], MainWindow],
    how: str,
) -> None:
    SPOILT[how][0](vault_folder)
    before = files(vault_folder)
    window = open_program(vault_folder)
    unlock(window)
    page = window.findChild(UnlockPage)
    assert page is not None
    assert window.workplace is None
    assert page.phrase.damage.isVisible()
    assert CANARY not in words(window)
    assert files(vault_folder) == before
    QTest.keyClick(page.phrase.copies, Qt.Key.Key_Space)
    assert isinstance(window._stack.currentWidget(), RestorePage)


def test_a_store_whose_key_file_is_gone_is_no_first_run(
    vault_folder: Path, tmp_path: Path, open_program: Callable[[Path], MainWindow]
) -> None:
    (vault_folder / KEYS).unlink()
    before = files(vault_folder)
    wizard = open_program(vault_folder).findChild(WizardPage)
    assert wizard is not None
    assert wizard.welcome.store_alone.isVisible()
    assert files(vault_folder) == before
    fresh = open_program(tmp_path / "nowhere").findChild(WizardPage)
    assert fresh is not None
    assert not fresh.welcome.store_alone.isVisible()


def test_on_a_full_disk_the_window_says_so_and_opens_when_there_is_room(
    vault_folder: Path, tmp_path: Path, open_program: Callable[[Path], MainWindow]
) -> None:
    with small_disk(tmp_path / "disk", 2000) as disk:
        folder = Path(shutil.copytree(vault_folder, disk / "registro"))
        ballast = fill(disk)
        window = open_program(folder)
        unlock(window)
        assert window.workplace is None
        assert "Il disco è pieno" in words(window)
        ballast.unlink()
        unlock(window)
        assert window.workplace is not None
        window.lock()


def test_a_clock_ten_years_behind_is_told_on_the_first_page(
    with_guest: None,  # noqa: F811 - the fixture
    clock: FakeClock,
    vault_folder: Path,
    open_program: Callable[[Path], MainWindow],
) -> None:
    clock.moment = datetime(2016, 6, 15, 20, tzinfo=UTC)
    window = open_program(vault_folder)
    unlock(window)
    assert "Controlla data e ora del computer" in words(window)
    assert "regola data e ora prima di scrivere" in words(window)
