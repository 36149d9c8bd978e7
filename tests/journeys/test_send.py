"""A report under way when somebody locks or goes home: neither waits for a line that hangs; and a month by stick."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.capofila.key import open_identity
from app.services.outbox import ACCEPTED
from app.services.register import Register, build_register
from app.ui.pages.outbox_page import OutboxPage
from app.ui.theme import apply_theme
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.bad_server import Place, capofila_that
from tests.conftest import NOW, PASSPHRASE
from tests.fakes import FakeClock
from tests.file_side import hand_over
from tests.journeys.test_lock_workers import LONG, Program
from tests.ui.desk import HOUSE, MAY, host
from tests.ui.file_side import FileSide, file_side

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
SOON = 5.0
"""Far less than the twenty seconds that a push may take, and enough for a busy machine."""


@pytest.fixture(autouse=True)
def _themed(qapp: QApplication) -> None:
    apply_theme(qapp)


@pytest.fixture
def side(tmp_path: Path) -> Iterator[FileSide]:
    with file_side(tmp_path / "capofila") as made:
        yield made


def release(folder: Path, clock: FakeClock, side: FileSide, place: Place | None = None) -> Register:
    register = build_register(Vault(folder, NoSecrets()), clock)
    register.access.unlock(PASSPHRASE)
    host(register, 6)
    side.enrol(register)
    register.months.close(HOUSE, MAY)
    register.outbox.release(HOUSE, MAY, register.outbox.preview(HOUSE, MAY).sha256)
    if place is not None:
        from sqlalchemy import update

        from app.models.work import OutboxItem

        with register.desk.vault.work() as session:
            session.execute(update(OutboxItem).values(url=place.url, tls_pem=place.pem))
    return register


@pytest.mark.parametrize("goes_home", [False, True])
def test_neither_a_lock_nor_going_home_waits_for_a_push_that_hangs(
    goes_home: bool, vault_folder: Path, side: FileSide, qtbot: QtBot, tmp_path: Path
) -> None:
    clock = FakeClock(NOW)
    asked = threading.Event()

    def hangs(connection: socket.socket, stop: threading.Event) -> None:
        asked.set()
        stop.wait(30)

    with capofila_that(hangs, open_identity(tmp_path / "capofila")) as place:
        release(vault_folder, clock, side, place).access.lock()
        program = Program(vault_folder, clock, tmp_path / "machine.toml")
        program.unlock(qtbot)
        qtbot.waitUntil(asked.is_set, timeout=LONG)
        before = time.monotonic()
        if goes_home:
            program.close()
        else:
            with qtbot.waitSignal(program.window.locked, timeout=LONG):
                program.lock()
            assert program.is_shut()
            qtbot.waitUntil(program.network.is_idle, timeout=LONG)  # the worker is free for the next who unlocks
        assert time.monotonic() - before < SOON
        if not goes_home:
            program.close()


def test_a_month_without_a_line_goes_by_stick_and_comes_back_green(
    vault_folder: Path, clock: FakeClock, side: FileSide, qtbot: QtBot, tmp_path: Path
) -> None:
    register = release(vault_folder, clock, side)
    row = register.outbox.list_rows()[0]
    file = hand_over(register, row.id)
    register.sendings.pause()
    register.access.lock()
    stick = tmp_path / file.name
    stick.write_bytes(file.content)
    answer = side.answer(stick)
    program = Program(vault_folder, clock, tmp_path / "machine.toml")
    program.unlock(qtbot)
    workplace = program.window.workplace
    assert workplace is not None
    workplace._drop.dropped.emit([answer])
    qtbot.waitUntil(lambda: program.vault.is_idle() and program.files.is_idle(), timeout=LONG)
    workplace.show_page("outbox")
    qtbot.waitUntil(program.vault.is_idle, timeout=LONG)
    page = workplace.page("outbox")
    assert isinstance(page, OutboxPage)
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: [each.state for each in page.model.rows()] == [ACCEPTED], timeout=LONG)
    assert page.card.chip.tone() == "green"
    program.close()
