"""The bad day at the window: a computer without a register, a damaged one, a stick that hangs, a lock in the middle."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bootstrap import RegisterSource, build_window
from app.platform.machine import MachineSettings, MachineStore
from app.services.access import SetupDraft
from app.services.backup import Place
from app.services.register import Register, build_register
from app.ui.pages.outbox_page import OutboxPage
from app.ui.pages.restore_page import RestorePage
from app.ui.pages.unlock_page import UnlockPage
from app.ui.pages.wizard_page import WizardPage
from app.ui.tasks import InlineRunner
from app.ui.theme import apply_theme
from app.ui.window import MainWindow
from app.vault.card import CardSet
from app.vault.place import STORE
from app.vault.vault import Vault
from tests.conftest import HOUSE, LIGHT, NOW, PASSPHRASE
from tests.fakes import FakeClock, FakeSecrets
from tests.journeys.test_lock import CANARY, settle, unlock, with_guest, words  # noqa: F401 - a fixture
from tests.journeys.test_lock_workers import LONG, Program, program  # noqa: F401 - a fixture
from tests.ui.desk import ChosenPlace, admit

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


@pytest.fixture
def copy(register: Register, stick: Path) -> Path:
    """A copy of a register with a guest, whose computer is gone."""
    admit(register, CANARY)
    made = register.backups.making(Place(stick)).finish().path
    register.access.lock()
    return made


def shown_restore(window: MainWindow) -> RestorePage:
    page = window._stack.currentWidget()
    assert isinstance(page, RestorePage)
    return page


def names(window: MainWindow) -> list[str]:
    assert window.workplace is not None
    context = window.workplace.context
    return [row.name_used for row in context.register.guests.list_rows(context.house, present_only=False)]


def test_on_a_bare_machine_the_register_comes_back_from_the_first_page_by_keyboard(
    copy: Path, stick: Path, open_program: Callable[[Path], MainWindow], tmp_path: Path
) -> None:
    window = open_program(tmp_path / "bare" / "registro")
    wizard = window.findChild(WizardPage)
    assert wizard is not None
    QTest.keyClick(wizard.welcome.restore, Qt.Key.Key_Space)
    page = shown_restore(window)
    page._dialogs = ChosenPlace(stick)
    QTest.keyClick(page.choice.choose, Qt.Key.Key_Space)
    assert page.choice.row() is not None
    assert CANARY not in words(window)
    page.key.phrase_edit.setText("tiro a indovinare")
    QTest.keyClick(page.key.phrase_edit, Qt.Key.Key_Return)
    assert "La frase segreta non è giusta" in page.wrong.text()
    assert not page.go.isEnabled()
    assert not (tmp_path / "bare").exists() or not list((tmp_path / "bare").iterdir())
    page.tick()
    page.key.phrase_edit.setText(PASSPHRASE)
    QTest.keyClick(page.key.phrase_edit, Qt.Key.Key_Return)
    settle()
    assert names(window) == [CANARY]
    assert "Invii in pausa dopo il ripristino" in words(window)
    assert window.workplace is not None
    window.workplace.show_page("outbox")
    outbox = window.workplace.page("outbox")
    assert isinstance(outbox, OutboxPage)
    assert outbox.restored.isVisible()
    outbox._dialogs = ChosenPlace(None)
    outbox.restored.action_asked.emit()
    assert not outbox.restored.isVisible()
    assert window.workplace.context.register.restores.pause() is None


def test_a_damaged_register_leads_to_the_copies_and_is_set_aside(
    copy: Path, stick: Path, vault_folder: Path, open_program: Callable[[Path], MainWindow], tmp_path: Path
) -> None:
    MachineStore(tmp_path / "machine.toml").write(MachineSettings(backup_folder=str(stick)))
    spoilt = (vault_folder / STORE).read_bytes()[:2000]
    (vault_folder / STORE).write_bytes(spoilt)
    window = open_program(vault_folder)
    unlock(window)
    page = window.findChild(UnlockPage)
    assert page is not None
    assert page.phrase.damage.isVisible()
    assert (vault_folder / STORE).read_bytes() == spoilt
    QTest.keyClick(page.phrase.copies, Qt.Key.Key_Space)
    restore = shown_restore(window)
    assert restore.choice.row() is not None  # the folder of this computer's settings is looked into by itself
    restore._dialogs = Refuses()
    restore.key.phrase_edit.setText(PASSPHRASE)
    QTest.keyClick(restore.go, Qt.Key.Key_Space)
    assert (vault_folder / STORE).read_bytes() == spoilt  # nobody said that it may be set aside
    restore._dialogs = ChosenPlace(None)
    QTest.keyClick(restore.go, Qt.Key.Key_Space)
    settle()
    assert names(window) == [CANARY]
    (aside,) = vault_folder.parent.glob(f"{vault_folder.name}-da-parte-*")
    assert (aside / STORE).read_bytes() == spoilt


class Refuses(ChosenPlace):
    """Says no to everything."""

    def __init__(self) -> None:
        super().__init__(None)

    def ask(self, title: str, text: str, *, yes: str, no: str = "", danger: bool = False) -> bool:
        return False


def test_going_back_leads_where_one_came_from(
    copy: Path, vault_folder: Path, open_program: Callable[[Path], MainWindow], tmp_path: Path
) -> None:
    window = open_program(vault_folder)
    unlock_page = window.findChild(UnlockPage)
    assert unlock_page is not None
    unlock_page.phrase.restore.click()
    page = shown_restore(window)
    page.key.phrase_edit.setText(PASSPHRASE)
    page.back.click()
    assert isinstance(window._stack.currentWidget(), UnlockPage)
    unlock(window)
    assert names(window) == [CANARY]


@pytest.fixture
def new_computer(qapp: QApplication, clock: FakeClock, tmp_path: Path) -> Iterator[tuple[MainWindow, str, Path]]:
    """A computer with a keyring of its own, the recovery code and the stick of another that is gone."""
    apply_theme(qapp)
    first = build_register(Vault(tmp_path / "first", FakeSecrets()), clock)
    done = first.access.set_up(SetupDraft(PASSPHRASE, "sb", "S. Bianchi", "COORDINAMENTO", "Ente", HOUSE), LIGHT)
    admit(first, CANARY)
    (tmp_path / "stick").mkdir()
    first.backups.making(Place(tmp_path / "stick")).finish()
    first.access.lock()
    source = RegisterSource(tmp_path / "new" / "registro", secrets=FakeSecrets(), clock=clock, cost=LIGHT)
    window = build_window(source, InlineRunner(), InlineRunner(), MachineStore(tmp_path / "machine.toml"))
    window.show()
    yield window, "".join(done.recovery_groups), tmp_path / "stick"
    window.close()
    window.deleteLater()
    settle()


def test_on_a_new_computer_the_recovery_code_opens_the_copy_and_a_new_phrase_is_chosen(
    new_computer: tuple[MainWindow, str, Path],
) -> None:
    window, code, stick = new_computer
    window._show_restore()
    page = shown_restore(window)
    page.show_folder(stick)
    page.key.phrase_edit.setText(PASSPHRASE)
    page.go.click()
    assert "segreto del dispositivo" in page.wrong.text()
    assert page.key.by_code.isChecked()  # the next thing to try is shown by itself
    page.key.code_edit.setText(code)
    page.go.click()
    unlock_page = window._stack.currentWidget()
    assert isinstance(unlock_page, UnlockPage)
    assert unlock_page.panel() == "new"
    assert window.workplace is None
    unlock_page.renewal.phrase.first.setText("sette rondini sul tetto")
    unlock_page.renewal.phrase.second.setText("sette rondini sul tetto")
    unlock_page.renewal.button.click()
    settle()
    assert names(window) == [CANARY]
    window.lock()
    settle()
    unlock(window, "sette rondini sul tetto")
    assert names(window) == [CANARY]


def test_two_recovery_cards_open_a_copy_as_well(
    register: Register, stick: Path, open_program: Callable[[Path], MainWindow], tmp_path: Path
) -> None:
    admit(register, CANARY)
    cards = CardSet.new()
    register.desk.vault.doors.adopt(cards, NOW)
    register.backups.making(Place(stick)).finish()
    register.access.lock()
    window = open_program(tmp_path / "bare" / "registro")
    window._show_restore()
    page = shown_restore(window)
    page.show_folder(stick)
    page.key.by_cards.setChecked(True)
    first, second = page.key.card_edits
    first.setPlainText(cards.cards[0].text())
    second.setPlainText(cards.cards[0].text())
    page.go.click()
    assert "due volte la stessa scheda" in page.wrong.text()
    page.tick()
    second.setPlainText(cards.cards[2].text())
    page.go.click()
    unlock_page = window._stack.currentWidget()
    assert isinstance(unlock_page, UnlockPage)
    assert unlock_page.panel() == "new"


# --- with the real workers ------------------------------------------------------------------------------------


@dataclass
class Hanging:
    """A disk that does not answer until it is let go."""

    reached: threading.Event
    go_on: threading.Event


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hanging]:
    made = Hanging(threading.Event(), threading.Event())
    real = os.fsync

    def hang(handle: int) -> None:
        if threading.current_thread().name.startswith("approdo-files"):
            made.reached.set()
            assert made.go_on.wait(LONG / 1000)
        real(handle)

    monkeypatch.setattr(os, "fsync", hang)
    yield made
    made.go_on.set()


def test_a_stick_that_hangs_in_the_middle_of_a_copy_holds_up_neither_the_window_nor_the_lock(
    with_guest: None,  # noqa: F811 - the fixture
    program: Program,  # noqa: F811 - the fixture
    qtbot: QtBot,
    stick: Path,
    hanging: Hanging,
) -> None:
    program.unlock(qtbot)
    workplace = program.window.workplace
    assert workplace is not None
    workplace.copyist.choose(stick)
    qtbot.waitUntil(hanging.reached.is_set, timeout=LONG)
    workplace.show_page("guests")  # the register answers all the same
    qtbot.waitUntil(lambda: CANARY in words(program.window), timeout=LONG)
    with qtbot.waitSignal(program.window.locked, timeout=LONG):
        program.lock()
    assert program.is_shut()
    assert not program.source().desk.vault._loans._out  # nobody holds the key, not even the copy that hangs
    assert [path.name.endswith(".part") for path in stick.iterdir()] == [True]
    hanging.go_on.set()
    qtbot.waitUntil(program.files.is_idle, timeout=LONG)
    assert list(stick.iterdir()) == []


def test_a_lock_in_the_middle_of_a_restore_leaves_the_register_that_was_there(
    copy: Path,
    program: Program,  # noqa: F811 - the fixture
    qtbot: QtBot,
    stick: Path,
    hanging: Hanging,
) -> None:
    vault_folder = program.source.folder
    program.window._show_restore()
    page = shown_restore(program.window)
    page._dialogs = ChosenPlace(None)
    page.show_folder(stick)
    qtbot.waitUntil(lambda: page.choice.row() is not None, timeout=LONG)
    page.key.phrase_edit.setText(PASSPHRASE)
    page.go.click()
    qtbot.waitUntil(hanging.reached.is_set, timeout=LONG)
    with qtbot.waitSignal(program.window.locked, timeout=LONG):
        program.lock()
    assert program.is_shut()
    hanging.go_on.set()
    qtbot.waitUntil(program.files.is_idle, timeout=LONG)
    qtbot.waitUntil(program.vault.is_idle, timeout=LONG)
    assert sorted(path.name for path in vault_folder.parent.glob(f"{vault_folder.name}*")) == [vault_folder.name]
    assert isinstance(program.window._stack.currentWidget(), UnlockPage)
    program.unlock(qtbot)
    assert names(program.window) == [CANARY]


def test_a_copy_of_a_register_with_cards_asks_for_the_cards(
    stick: Path, open_program: Callable[[Path], MainWindow], tmp_path: Path, clock: FakeClock
) -> None:
    """On a bare machine, where no phrase opens it: the code that this register never had is not even offered."""
    first = build_register(Vault(tmp_path / "first", FakeSecrets()), clock)
    draft = SetupDraft(PASSPHRASE, "sb", "S. B.", "COORDINAMENTO", "Ente", HOUSE, recovery="cards")
    cards = first.access.set_up(draft, LIGHT).cards
    first.backups.making(Place(stick)).finish()
    first.access.lock()
    window = open_program(tmp_path / "bare" / "registro")
    wizard = window.findChild(WizardPage)
    assert wizard is not None
    QTest.keyClick(wizard.welcome.restore, Qt.Key.Key_Space)
    page = shown_restore(window)
    page._dialogs = ChosenPlace(stick)
    QTest.keyClick(page.choice.choose, Qt.Key.Key_Space)
    assert (page.key.by_code.isVisible(), page.key.by_cards.isVisible()) == (False, True)
    page.key.phrase_edit.setText(PASSPHRASE)
    QTest.keyClick(page.key.phrase_edit, Qt.Key.Key_Return)
    assert page.key.by_cards.isChecked()
    assert page.key.card_edits[0].isVisible()
    for edit, card in zip(page.key.card_edits, cards[1:], strict=True):
        edit.setPlainText(" ".join(card.words))
    QTest.keyClick(page.go, Qt.Key.Key_Space)
    settle()
    unlock_page = window.findChild(UnlockPage)
    assert unlock_page is not None
    assert unlock_page.panel() == "new"
