"""The whole window over a real register, with an inline worker; nothing of it is left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from app.bootstrap import RegisterSource, build_window
from app.platform.machine import MachineStore
from app.ui.tasks import InlineRunner
from app.ui.theme import apply_theme
from app.ui.window import MainWindow
from app.vault.device import NoSecrets
from tests.conftest import LIGHT
from tests.fakes import FakeClock
from tests.journeys.hands import Hands
from tests.journeys.test_lock_workers import Program


class _StrayWindows(QObject):
    """Notes every widget that is shown as a window of its own without being meant as one."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            meant = isinstance(watched, QMainWindow | QDialog) or watched.windowType() != Qt.WindowType.Window
            if not meant:
                self.found.append(f"{type(watched).__name__} {watched.objectName()} {watched.accessibleName()}")
        return False


@pytest.fixture(autouse=True)
def _no_stray_windows(qapp: QApplication) -> Iterator[None]:
    spy = _StrayWindows()
    qapp.installEventFilter(spy)
    yield
    qapp.removeEventFilter(spy)
    assert not spy.found, f"shown before they had a place in a window: {spy.found}"


@pytest.fixture
def open_program(qapp: QApplication, clock: FakeClock, tmp_path: Path) -> Iterator[Callable[[Path], MainWindow]]:
    """Return a function that starts the program on a folder, as its user would."""
    apply_theme(qapp)
    windows: list[MainWindow] = []

    def start(folder: Path) -> MainWindow:
        source = RegisterSource(folder, secrets=NoSecrets(), clock=clock, cost=LIGHT)
        window = build_window(source, InlineRunner(), InlineRunner(), MachineStore(tmp_path / "machine.toml"))
        window.show()
        window.activateWindow()
        assert QTest.qWaitForWindowActive(window)
        windows.append(window)
        return window

    yield start
    for window in windows:
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()


@pytest.fixture
def window(open_program: Callable[[Path], MainWindow], vault_folder: Path) -> MainWindow:
    """The program over a register that is still locked."""
    return open_program(vault_folder)


@pytest.fixture
def sit_down(qapp: QApplication, qtbot: QtBot, clock: FakeClock, tmp_path: Path) -> Iterator[Callable[[Path], Hands]]:
    """Return a function that starts the program with its real workers on a folder, and sits down at its keyboard."""
    apply_theme(qapp)
    programs: list[Program] = []

    def start(folder: Path) -> Hands:
        programs.append(Program(folder, clock, tmp_path / "machine.toml"))
        return Hands(programs[-1], qtbot)

    yield start
    for program in programs:
        program.close()
