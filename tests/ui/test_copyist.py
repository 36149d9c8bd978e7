"""The copyist: a copy after unlocking and once a day, quiet about a stick that is out, gone at once with the lock."""

from __future__ import annotations

import io
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.platform.machine import MachineSettings, MachineStore
from app.services.register import Register
from app.ui.context import Context
from app.ui.copyist import Copyist
from app.ui.dialogs.backup_dialog import BackupDialog
from app.ui.dialogs.loss_dialog import LossDialog
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.pages.settings_page import SettingsPage
from app.ui.pages.today_page import TodayPage
from app.ui.presenters.backup import COPIES
from app.ui.tasks import InlineRunner
from app.vault.place import STORE
from tests.fakes import FakeClock
from tests.ui.capofila_side import CapofilaSide
from tests.ui.desk import ChosenPlace, Told, admit, context_of, put_on_screen, shown


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


@pytest.fixture
def machine(tmp_path: Path, stick: Path) -> MachineStore:
    store = MachineStore(tmp_path / "machine.toml")
    store.write(MachineSettings(backup_folder=str(stick)))
    return store


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def copyist(context: Context, machine: MachineStore) -> Copyist:
    return Copyist(context, machine, context)


def copies(stick: Path) -> list[str]:
    return sorted(path.name for path in stick.iterdir())


def test_one_copy_a_day_is_made_without_a_word(
    copyist: Copyist, context: Context, register: Register, stick: Path, clock: FakeClock
) -> None:
    told = Told(context)
    for day in range(2):
        for _ in range(3):
            copyist.wake()
        assert len(copies(stick)) == day + 1
        assert register.backups.reminder().days == 0  # type: ignore[union-attr]
        clock.advance(timedelta(days=1))
    assert told.words == []
    assert not copyist.is_busy


def test_of_a_stick_that_is_out_nothing_is_said_until_somebody_asks(
    copyist: Copyist, context: Context, stick: Path
) -> None:
    told = Told(context)
    stick.rename(stick.with_name("pulled"))
    copyist.wake()
    assert copyist.found is None
    assert told.words == []
    copyist.make_now()
    assert [mood for mood, _ in told.words] == ["error"]
    assert "inserisci la chiavetta" in told.words[0][1]
    stick.with_name("pulled").rename(stick)
    copyist.wake()
    assert len(copies(stick)) == 1


def test_what_goes_wrong_by_itself_is_said_once(
    copyist: Copyist, context: Context, register: Register, stick: Path, vault_folder: Path
) -> None:
    told = Told(context)
    copyist.place = type(copyist.place)(vault_folder)  # type: ignore[misc]
    for _ in range(3):
        copyist.wake()
    assert len(told.words) == 1


class StepByStep(InlineRunner):
    """Does nothing until it is told to, then one work at a time; satisfies `Runner`."""

    def __init__(self) -> None:
        self.waiting: list[tuple] = []

    def run(self, owner, work, *, done, failed) -> None:  # type: ignore[no-untyped-def]
        self.waiting.append((owner, work, done, failed))

    def step(self) -> bool:
        if not self.waiting:
            return False
        owner, work, done, failed = self.waiting.pop(0)
        super().run(owner, work, done=done, failed=failed)
        return True


@pytest.mark.parametrize("steps", [2, 3, 4, 5])
def test_a_lock_in_the_middle_leaves_nothing_on_the_stick_and_tells_nobody(
    register: Register, machine: MachineStore, stick: Path, qtbot: QtBot, steps: int
) -> None:
    files = StepByStep()
    context = Context(register, InlineRunner(), context_of(register).house, files=files)
    copyist, told = Copyist(context, machine, context), Told(context)
    copyist.wake()
    for _ in range(steps):
        files.step()
    assert copyist.is_busy
    context.close()
    copyist.stop()
    register.access.lock()
    while files.step():
        pass
    assert copies(stick) == []
    assert not list(register.access.folder.glob("register-copying*"))
    assert told.words == []


def test_a_copy_that_is_cancelled_leaves_nothing_and_says_so(
    register: Register, machine: MachineStore, stick: Path, qtbot: QtBot
) -> None:
    files = StepByStep()
    context = Context(register, InlineRunner(), context_of(register).house, files=files)
    page = SettingsPage(context, InlineRunner(), machine, CapofilaSide().answer)
    told = Told(context)
    put_on_screen(page, qtbot)
    page.open(COPIES)
    while files.step():
        pass
    qtbot.keyClick(page.backup.make, Qt.Key.Key_Space)
    for _ in range(3):
        files.step()
    assert page.backup.line.isVisible()
    assert not page.backup.make.isEnabled()
    qtbot.keyClick(page.backup.line.stop, Qt.Key.Key_Space)
    while files.step():
        pass
    assert copies(stick) == []
    assert told.words[-1][0] == "info"
    assert not page.backup.line.isVisible()
    assert page.backup.make.isEnabled()


def test_a_folder_is_chosen_and_the_first_copy_is_there(
    register: Register, context: Context, tmp_path: Path, stick: Path, qtbot: QtBot
) -> None:
    machine = MachineStore(tmp_path / "bare.toml")
    page = SettingsPage(context, InlineRunner(), machine, CapofilaSide().answer, dialogs=ChosenPlace(stick))
    put_on_screen(page, qtbot)
    page.open(COPIES)
    assert page.backup.chip.text() == "Nessuna copia ancora"
    assert not page.backup.make.isEnabled()
    qtbot.keyClick(page.backup.choose, Qt.Key.Key_Space)
    assert machine.read().backup_folder == str(stick)
    assert len(copies(stick)) == 1
    assert page.backup.chip.text() == "Ultima copia: oggi"
    assert "sul disco del registro" in page.backup.note.text()  # a folder of this very computer
    page.clear()
    assert page.backup.note.text() == ""


def test_a_copy_is_tried_from_the_list_and_a_spoilt_one_is_told(
    context: Context, copyist: Copyist, stick: Path, clock: FakeClock, qtbot: QtBot
) -> None:
    copyist.make_now()
    clock.advance(timedelta(days=1))
    copyist.make_now()
    dialog = BackupDialog(None, copyist)
    qtbot.addWidget(dialog)
    dialog.open()
    assert dialog.model.rowCount() == 2
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    assert dialog.model.index(0, 2).data() == "Provata: si apre"
    spoilt = stick / copies(stick)[0] / STORE
    content = bytearray(spoilt.read_bytes())
    content[9000] ^= 1
    spoilt.write_bytes(content)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    assert dialog.model.index(1, 2).data() == "Danneggiata"
    assert "usa una copia precedente" in dialog.banner.accessibleName()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    copyist.look()  # the list is gone, and nothing asks it any more


def test_oggi_and_the_settings_say_how_old_the_last_copy_is(
    context: Context, copyist: Copyist, stick: Path, clock: FakeClock, qtbot: QtBot
) -> None:
    admit(context.register, "Rina", clock.now().date())
    copyist.make_now()
    page = TodayPage(context)
    qtbot.addWidget(page)
    page.show()
    page.open()
    assert "Copia di sicurezza in ritardo" not in [row.accessibleName() for row in page.attention.rows()]
    clock.advance(timedelta(days=12))
    shutil.rmtree(stick)
    copyist.wake()
    page.open()
    asked = Told(context)
    (row,) = [row for row in page.attention.rows() if row.accessibleName() == "Copia di sicurezza in ritardo"]
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert asked.pages == [("settings", COPIES)]
    page.clear()


def test_the_lost_computer_sheet_is_prepared_and_never_names_a_guest(
    register: Register, context: Context, machine: MachineStore, qtbot: QtBot, clock: FakeClock
) -> None:
    admit(register, "Zoraide", clock.now().date())
    page = SettingsPage(context, InlineRunner(), machine, CapofilaSide().answer)
    put_on_screen(page, qtbot)
    page.open(COPIES)
    qtbot.keyClick(page.backup.loss, Qt.Key.Key_Space)
    dialog = shown(LossDialog)
    dialog.contacts.setPlainText("Coordinamento: 000 111\n\n  Assistenza: 000 222  ")
    assert dialog.content() == {"contacts": "Coordinamento: 000 111\n\n  Assistenza: 000 222"}
    qtbot.keyClick(dialog.print_button, Qt.Key.Key_Return)
    preview = shown(PrintPreviewDialog)
    text = "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(preview._pdf)).pages)
    assert "Assistenza: 000 222" in text
    assert register.desk.vault.label() in text
    assert "Zoraide" not in text
    assert register.losses.contacts() == "Coordinamento: 000 111\nAssistenza: 000 222"
    assert dialog.content() == {}
    preview.reject()
    dialog.reject()
