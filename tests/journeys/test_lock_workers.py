"""The lock with the real workers: it comes behind what is under way, waits for no stick; no late answer fills it."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.bootstrap import RegisterSource, build_window
from app.errors import MonthIsClosed
from app.platform.machine import MachineStore
from app.platform.session import SessionWatch
from app.reference.texts import tr
from app.ui.dialogs.entry_dialog import EntryDialog
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.dialogs.round_dialog import open_round
from app.ui.pages.unlock_page import UnlockPage
from app.ui.pages.wizard_page import CODE, WizardPage
from app.ui.presenters.round_draft import RoundDraft
from app.ui.presenters.wizard import Owner, Shelter
from app.ui.saving import save_file
from app.ui.tasks import TaskRunner
from app.ui.theme import apply_theme
from app.ui.window import MainWindow
from app.vault.device import NoSecrets
from tests.conftest import LIGHT, PASSPHRASE
from tests.fakes import FakeClock
from tests.journeys.test_lock import CANARY, open_dialogs, settle, with_guest, words  # noqa: F401 - a fixture
from tests.ui.desk import ChosenPlace

LONG = 60_000
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Program:
    """The window as `open_window` builds it, with its three workers."""

    def __init__(self, folder: Path, clock: FakeClock, machine: Path, session: SessionWatch | None = None) -> None:
        self.source = RegisterSource(folder, secrets=NoSecrets(), clock=clock, cost=LIGHT)
        self.vault, self.network, self.files = TaskRunner("vault"), TaskRunner("network"), TaskRunner("files")
        self.window: MainWindow = build_window(
            self.source, self.vault, self.network, MachineStore(machine), files=self.files, session=session
        )
        self.window.show()

    def type_phrase(self) -> None:
        field = self.window.findChild(QLineEdit, "passphraseEdit")
        assert field is not None
        field.setText(PASSPHRASE)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def unlock(self, qtbot: QtBot) -> None:
        with qtbot.waitSignal(self.window.opened, timeout=LONG):
            self.type_phrase()
        qtbot.waitUntil(self.vault.is_idle, timeout=LONG)

    def lock(self) -> None:
        QTest.keyClick(self.window, Qt.Key.Key_F12)

    def is_shut(self) -> bool:
        return self.window.workplace is None and not self.source().access.is_open

    def close(self) -> None:
        self.window.close()
        self.vault.close()
        self.network.close()
        self.files.close()
        QCoreApplication.processEvents()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()


@pytest.fixture
def program(qapp: QApplication, vault_folder: Path, clock: FakeClock, tmp_path: Path) -> Iterator[Program]:
    apply_theme(qapp)
    made = Program(vault_folder, clock, tmp_path / "machine.toml")
    yield made
    made.close()


@pytest.fixture
def first_run(qapp: QApplication, clock: FakeClock, tmp_path: Path) -> Iterator[Program]:
    apply_theme(qapp)
    made = Program(tmp_path / "new", clock, tmp_path / "machine.toml")
    yield made
    made.close()


def test_a_late_answer_fills_nothing_and_the_vault_ends_locked(
    with_guest: None,  # noqa: F811 - the fixture
    program: Program,
    qtbot: QtBot,
) -> None:
    program.unlock(qtbot)
    workplace = program.window.workplace
    assert workplace is not None
    begun, go_on = threading.Event(), threading.Event()
    heard: list[object] = []
    register = workplace.context.register

    def slow() -> list[str]:
        begun.set()
        assert go_on.wait(LONG / 1000)
        return [row.name_used for row in register.guests.list_rows(workplace.context.house)]

    workplace.context.ask(program.window, slow, heard.append)
    assert begun.wait(LONG / 1000)
    program.lock()
    assert program.window.workplace is None
    assert program.window.findChild(UnlockPage) is not None
    with qtbot.waitSignal(program.window.locked, timeout=LONG):
        go_on.set()
    assert program.is_shut()
    settle()
    assert heard == []
    assert CANARY not in words(program.window)


@pytest.mark.parametrize("refused", [False, True])
def test_a_lock_while_a_form_is_being_saved_neither_loses_nor_doubles_it(
    with_guest: None,  # noqa: F811 - the fixture
    program: Program,
    qtbot: QtBot,
    refused: bool,
) -> None:
    program.unlock(qtbot)
    workplace = program.window.workplace
    assert workplace is not None
    register, house = workplace.context.register, workplace.context.house
    before = len(register.guests.list_rows(house))
    go_on = hold_up(program)
    page = workplace.page("guests")
    workplace.show_page("guests")
    page.open_entry()  # type: ignore[attr-defined]
    (dialog,) = open_dialogs()
    assert isinstance(dialog, EntryDialog)
    dialog.person.name_used.setText("Ortensia")
    if refused:
        workplace.context.write(dialog, refuse, lambda _: None, changes="guests")
    else:
        dialog._on_save()
    program.lock()
    with qtbot.waitSignal(program.window.locked, timeout=LONG):
        go_on.set()
    assert program.is_shut()
    program.unlock(qtbot)
    again = program.window.workplace
    assert again is not None
    names = [row.name_used for row in again.context.register.guests.list_rows(house)]
    assert names.count("Ortensia") == (0 if refused else 1)
    assert len(names) == before + (0 if refused else 1)
    assert list(again.context.drafts) == (["guest_entry"] if refused else [])
    assert (tr("window.saved_at_lock") in words(again.frame)) != refused


def hold_up(program: Program) -> threading.Event:
    """Keep the vault's worker busy until the event is set."""
    go_on = threading.Event()
    program.vault.run(program.window, lambda: go_on.wait(LONG / 1000), done=lambda _: None, failed=lambda _: None)
    return go_on


def refuse() -> None:
    raise MonthIsClosed(month="2026-06")


def test_what_is_left_of_a_round_after_one_night_was_signed_comes_back_alone(
    with_guest: None,  # noqa: F811 - the fixture
    program: Program,
    qtbot: QtBot,
) -> None:
    program.unlock(qtbot)
    workplace = program.window.workplace
    assert workplace is not None
    context = workplace.context
    begun = RoundDraft()
    tonight, before = date(2026, 6, 15), date(2026, 6, 14)
    for night in (tonight, before):
        begun.keep(night, {"initials": f"X{night.day}"})
    context.drafts["round"] = json.dumps(begun.content())
    dialog = open_round(context, workplace.frame, tonight)
    qtbot.waitUntil(program.vault.is_idle, timeout=LONG)
    go_on = hold_up(program)
    context.write(dialog, lambda: None, lambda _: None, changes="x", leaves=lambda: dialog._begun.without(tonight))
    program.lock()
    with qtbot.waitSignal(program.window.locked, timeout=LONG):
        go_on.set()
    program.unlock(qtbot)
    again = program.window.workplace
    assert again is not None
    assert list(json.loads(again.context.drafts["round"])["nights"]) == [before.isoformat()]


def test_a_lock_while_the_passphrase_is_tried_ends_locked(program: Program, qtbot: QtBot) -> None:
    opened: list[bool] = []
    program.window.opened.connect(lambda: opened.append(True))
    with qtbot.waitSignal(program.window.locked, timeout=LONG):
        program.type_phrase()
        program.lock()
    qtbot.waitUntil(program.vault.is_idle, timeout=LONG)
    settle()
    assert program.is_shut()
    assert not opened
    program.unlock(qtbot)  # and the page is not stuck


def test_a_lock_while_the_first_page_is_asked_for_ends_locked(program: Program, qtbot: QtBot) -> None:
    page = program.window.findChild(UnlockPage)
    assert page is not None
    with qtbot.waitSignal(page.unlocked, timeout=LONG):
        program.type_phrase()
    with qtbot.waitSignal(program.window.locked, timeout=LONG):
        program.lock()
    qtbot.waitUntil(program.vault.is_idle, timeout=LONG)
    assert program.is_shut()


def test_a_recovery_sheet_that_comes_late_is_shown_to_nobody(first_run: Program, qtbot: QtBot) -> None:
    page = first_run.window.findChild(WizardPage)
    assert page is not None
    page.go_on()
    page.shelter.show_typed(Shelter(ente="Ente", house="Casa"))
    page.go_on()
    page.owner.show_typed(Owner(name="S. B.", recovery="sheet"))
    page.owner.phrase.first.setText(PASSPHRASE)
    page.owner.phrase.second.setText(PASSPHRASE)
    page.go_on()
    qtbot.waitUntil(lambda: page.step() == CODE and page.code.face() == "code", timeout=LONG)
    with qtbot.waitSignal(first_run.window.locked, timeout=LONG):
        page.code.sheet.click()
        first_run.lock()
    qtbot.waitUntil(first_run.vault.is_idle, timeout=LONG)
    settle()
    assert not open_dialogs()
    assert first_run.is_shut()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A place that takes a file and does not answer until somebody reads it: a stick or a share that hangs."""
    if sys.platform == "win32":
        pytest.skip("a pipe that can be opened like a file")
    place = tmp_path / "stick.pdf"
    os.mkfifo(place)
    return place


def test_a_stick_that_hangs_does_not_keep_the_register_open(program: Program, qtbot: QtBot, stick: Path) -> None:
    program.unlock(qtbot)
    workplace = program.window.workplace
    assert workplace is not None
    save_file(
        workplace.context,
        program.window,
        ChosenPlace(stick),
        name="a.pdf",
        pattern="",
        make=lambda: str(workplace.context.register.desk.today()).encode(),
    )
    with qtbot.waitSignal(program.window.locked, timeout=LONG):
        program.lock()
    assert program.is_shut()
    qtbot.waitUntil(lambda: not program.files.is_idle(), timeout=LONG)
    assert stick.read_bytes() == str(date(2026, 6, 15)).encode()  # what was asked for is written all the same
    qtbot.waitUntil(program.files.is_idle, timeout=LONG)


def test_the_window_does_not_wait_for_a_print_that_is_saved_to_such_a_stick(
    program: Program, qtbot: QtBot, stick: Path
) -> None:
    program.unlock(qtbot)
    workplace = program.window.workplace
    assert workplace is not None
    pdf = workplace.context.register.prints.intake_form(None, second_language="en", internal=False)
    preview = PrintPreviewDialog(program.window, "Foglio", pdf, files=workplace.context.files)
    preview.open()
    preview.save(stick)
    with qtbot.waitSignal(program.window.locked, timeout=LONG):
        program.lock()
    assert program.is_shut()
    assert not open_dialogs()
    assert stick.read_bytes() == pdf
    qtbot.waitUntil(program.files.is_idle, timeout=LONG)
