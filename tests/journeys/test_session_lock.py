"""The lock that the system asks for: signals of logind and of a screen saver over a real bus, a real window, workers.

The bus is a private one; where there is no `dbus-daemon`, these tests are passed over.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.platform.session import Recognised
from app.ui.theme import apply_theme
from tests.fakes import FakeClock
from tests.journeys.test_lock_workers import LONG, Program

pytest.importorskip("jeepney")
from app.platform.login_session import SAVERS, LoginSession
from tests.fake_login import FakeLogin, PrivateBus

pytestmark = [
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="no dbus-daemon on this computer"),
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
]


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    """One bus that stands for the system's and the desktop's."""
    made = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", made.address)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made.address)
    monkeypatch.delenv("XDG_SESSION_ID", raising=False)
    yield made
    made.close()


@pytest.fixture
def login(bus: PrivateBus) -> Iterator[FakeLogin]:
    made = FakeLogin(bus.address)
    yield made
    made.close()


@pytest.fixture
def watch(qtbot: QtBot, login: FakeLogin) -> Iterator[LoginSession]:
    made = LoginSession()
    made.start()
    qtbot.waitUntil(lambda: made.recognised() == Recognised(sleep=True, screen=True), timeout=LONG)
    yield made
    made.stop()
    QCoreApplication.processEvents()


@pytest.fixture
def program(
    qapp: QApplication, vault_folder: Path, clock: FakeClock, tmp_path: Path, watch: LoginSession
) -> Iterator[Program]:
    apply_theme(qapp)
    made = Program(vault_folder, clock, tmp_path / "machine.toml", watch)
    yield made
    made.close()


TELLS: dict[str, Callable[[FakeLogin], None]] = {
    "suspend": lambda login: login.prepare_for_sleep(begins=True),
    "woken": lambda login: login.prepare_for_sleep(begins=False),
    "lock of the session": lambda login: login.lock_session(),
    "another user in front": lambda login: login.change(Active=False),
    "hint of a locked screen": lambda login: login.change(LockedHint=True),
    **{f"screen saver {name}": lambda login, name=name: login.lock_screen(saver=name) for name in SAVERS},  # type: ignore[misc]
}
TELLS_NOTHING: dict[str, Callable[[FakeLogin], None]] = {
    "screen unlocked": lambda login: login.lock_screen(active=False),
    "another session locked": lambda login: login.lock_session(path="/org/freedesktop/login1/session/_39"),
    "this user in front": lambda login: login.change(Active=True, LockedHint=False),
}


def test_everything_that_says_nobody_is_here_is_heard_and_nothing_else(
    watch: LoginSession, login: FakeLogin, qtbot: QtBot
) -> None:
    for name, tell in TELLS.items():
        with qtbot.waitSignal(watch.away, timeout=LONG) as heard:
            tell(login)
        assert heard.signal_triggered, name
        login.properties |= {"Active": True, "LockedHint": False}
    times: list[str] = []
    watch.away.connect(lambda: times.append("heard"))
    for tell in TELLS_NOTHING.values():
        tell(login)
    with qtbot.waitSignal(watch.away, timeout=LONG):
        login.lock_session()  # what was told before it has arrived before it
    assert len(times) == 1


def test_a_suspend_locks_and_the_machine_sleeps_only_once_the_key_is_gone(
    program: Program, login: FakeLogin, qtbot: QtBot
) -> None:
    program.unlock(qtbot)
    workplace = program.window.workplace
    assert workplace is not None
    assert login.holds == 1
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        assert go_on.wait(LONG / 1000)

    workplace.context.ask(program.window, slow, lambda _: None)
    assert begun.wait(LONG / 1000)
    login.prepare_for_sleep(begins=True)
    qtbot.waitUntil(lambda: program.window.workplace is None, timeout=LONG)
    assert login.is_held(), "the key is still there"
    gone: list[float] = []
    program.window.locked.connect(lambda: gone.append(time.monotonic()))
    go_on.set()
    qtbot.waitUntil(lambda: not login.is_held(), timeout=LONG)
    assert program.is_shut()
    assert gone[0] < login.released_at[0]
    login.prepare_for_sleep(begins=False)
    qtbot.waitUntil(lambda: login.holds == 2, timeout=LONG)
    program.unlock(qtbot)
    program.lock()
    qtbot.waitUntil(program.is_shut, timeout=LONG)
    assert login.is_held(), "the next sleep is held too, whatever was locked before"


def test_a_suspend_while_nothing_is_open_is_not_held_up(program: Program, login: FakeLogin, qtbot: QtBot) -> None:
    assert login.holds == 1
    login.prepare_for_sleep(begins=True)
    qtbot.waitUntil(lambda: not login.is_held(), timeout=LONG)


@pytest.mark.parametrize("tell", ["lock of the session", "another user in front", "screen saver org.gnome.ScreenSaver"])
def test_the_system_locks_the_register_within_the_second(
    program: Program, login: FakeLogin, qtbot: QtBot, tell: str
) -> None:
    program.unlock(qtbot)
    before = time.monotonic()
    with qtbot.waitSignal(program.window.locked, timeout=LONG):
        TELLS[tell](login)
    took = time.monotonic() - before
    assert program.is_shut()
    assert took < 1, f"{took:.3f} s from the signal to the dropped key"


def test_what_this_computer_told_is_not_said_of_it_any_more_when_nobody_listens(watch: LoginSession) -> None:
    watch.stop()
    assert watch.recognised() == Recognised()


def test_a_bus_that_is_not_there_or_hangs_breaks_nothing_and_holds_nothing_up(
    qapp: QApplication, bus: PrivateBus, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    silent = LoginSession()
    silent.start()  # a bus without logind or screen saver
    silent.settle()
    assert silent.recognised() == Recognised()
    silent.stop()
    bus.pause()
    before = time.monotonic()
    silent.start()
    assert time.monotonic() - before < 5
    assert silent.recognised() == Recognised()
    for address in (f"unix:path={tmp_path / 'nowhere'}", "tcp:host=localhost,port=1", "nonsense", ""):
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        silent.start()
        silent.let_sleep()
        silent.settle()
        assert silent.recognised() == Recognised()
    silent.stop()


def test_a_bus_that_dies_leaves_the_register_to_its_own_clock(
    program: Program, login: FakeLogin, bus: PrivateBus, qtbot: QtBot
) -> None:
    program.unlock(qtbot)
    bus.close()
    program.lock()
    qtbot.waitUntil(program.is_shut, timeout=LONG)
