"""Locked means gone: whatever was on the screen, whenever it happens."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QTableView, QWidget

from app.reference.ids import HouseId
from app.services.guest import GuestDraft
from app.services.register import build_register
from app.services.stay import StayDraft
from app.ui.window import MainWindow
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.fakes import FakeClock

CANARY = "Zoraide"


def unlock(window: MainWindow, passphrase: str = PASSPHRASE) -> None:
    field = window.findChild(QLineEdit, "passphraseEdit")
    assert field is not None
    field.setText(passphrase)
    QTest.keyClick(field, Qt.Key.Key_Return)
    settle()


def settle() -> None:
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()


def words(root: QWidget) -> str:
    """Return every word that a window could show: texts, fields, titles, rows of tables."""
    found = [root.windowTitle()]
    for widget in root.findChildren(QWidget):
        found += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle()]
        if isinstance(widget, QLabel | QLineEdit):
            found.append(widget.text())
        if isinstance(widget, QTableView) and widget.model() is not None:
            model = widget.model()
            found += [
                str(model.index(row, column).data())
                for row in range(model.rowCount())
                for column in range(model.columnCount())
            ]
    return " ".join(found)


@pytest.fixture
def with_guest(vault_folder: Path, clock: FakeClock) -> None:
    register = build_register(Vault(vault_folder, NoSecrets()), clock)
    register.access.unlock(PASSPHRASE)
    register.stays.admit(GuestDraft(CANARY), StayDraft(HouseId(1), date(2026, 6, 1)))
    register.access.lock()


def test_the_locked_window_names_nobody(with_guest: None, window: MainWindow) -> None:
    shown = words(window)
    assert "Casa di prova" not in shown
    assert "Bianchi" not in shown
    assert CANARY not in shown


def test_a_wrong_passphrase_shows_a_sentence_and_stays_locked(window: MainWindow) -> None:
    unlock(window, "una frase sbagliata")
    assert window.workplace is None
    assert "La frase segreta non è giusta" in words(window)


def test_unlocking_shows_today_and_every_page_can_be_reached_by_keyboard(with_guest: None, window: MainWindow) -> None:
    unlock(window)
    assert window.workplace is not None
    frame = window.workplace.frame
    seen = []
    for number in range(1, 9):
        QTest.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.AltModifier)
        settle()
        seen.append(frame.current_page())
    assert seen == ["today", "guests", "presences", "meals", "health", "report", "outbox", "settings"]


def test_f12_leaves_no_row_no_dialog_no_key_no_clipboard(with_guest: None, window: MainWindow) -> None:
    unlock(window)
    assert window.workplace is not None
    for page in ("today", "guests", "presences", "meals", "health", "report"):
        window.workplace.show_page(page)
        settle()
    assert CANARY in words(window)
    register = window.workplace.context.register
    QGuiApplication.clipboard().setText(CANARY)
    dialog = QDialog(window)
    dialog.setWindowTitle(CANARY)
    dialog.show()
    QTest.keyClick(window, Qt.Key.Key_F12)
    settle()
    assert window.workplace is None
    assert not register.access.is_open
    assert CANARY not in words(window)
    assert CANARY not in QGuiApplication.clipboard().text()
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]


def test_a_half_filled_entry_survives_the_lock_encrypted_and_comes_back(
    with_guest: None, window: MainWindow, vault_folder: Path
) -> None:
    unlock(window)
    assert window.workplace is not None
    window.workplace.show_page("guests")
    guests = window.workplace.page("guests")
    guests.open_entry()  # type: ignore[attr-defined]
    settle()
    (dialog,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
    name = dialog.person.name_used
    assert name is not None
    name.setText("Halfway")
    window.idle_lock.expired.emit()
    settle()
    assert window.workplace is None
    for path in vault_folder.iterdir():
        assert b"Halfway" not in path.read_bytes()
    unlock(window)
    assert window.workplace is not None
    assert window.workplace.frame.current_page() == "guests"
    window.workplace.page("guests").open_entry()  # type: ignore[attr-defined]
    settle()
    (dialog,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
    again = dialog.person.name_used
    assert again is not None
    assert again.text() == "Halfway"


def test_closing_the_window_locks(with_guest: None, window: MainWindow) -> None:
    unlock(window)
    assert window.workplace is not None
    register = window.workplace.context.register
    window.close()
    assert not register.access.is_open
