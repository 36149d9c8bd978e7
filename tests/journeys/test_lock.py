"""Locked means gone: whatever was on the screen, whenever it happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QTableView, QWidget

from app.bootstrap import RegisterSource
from app.errors import DiskFull
from app.reference.ids import HouseId
from app.reference.texts import tr
from app.services.access import OwnerDraft
from app.services.guest import GuestDraft
from app.services.house import HouseDraft
from app.services.register import build_register
from app.services.stay import StayDraft
from app.ui.dialogs.entry_dialog import EntryDialog
from app.ui.pages.first_house_page import FirstHousePage
from app.ui.pages.guests_page import GuestsPage
from app.ui.pages.meals_page import MealsPage
from app.ui.pages.settings_page import SettingsPage
from app.ui.pages.wizard_page import WizardPage
from app.ui.presenters.wizard import Owner, Shelter
from app.ui.window import WIDTH, MainWindow
from app.ui.workplace import Workplace
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import LIGHT, PASSPHRASE
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
def source(window: MainWindow) -> RegisterSource:
    """The register behind the window."""
    found = window._around.register
    assert isinstance(found, RegisterSource)
    return found


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
    for number in (*range(1, 10), 0):
        QTest.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.AltModifier)
        settle()
        seen.append(frame.current_page())
    registers = ["presences", "beds", "meals", "health", "inclusion"]
    assert seen == ["today", "guests", *registers, "report", "outbox", "settings"]


def test_f12_leaves_no_row_no_dialog_no_key_no_clipboard(with_guest: None, window: MainWindow) -> None:
    unlock(window)
    assert window.workplace is not None
    for page in ("today", "guests", "presences", "beds", "meals", "health", "inclusion", "report"):
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


# --- the lock is not refused ---------------------------------------------------------------------------------


def opened(window: MainWindow) -> Workplace:
    unlock(window)
    assert window.workplace is not None
    return window.workplace


def open_dialogs() -> list[QDialog]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]


def press_f9(window: MainWindow) -> None:
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    QTest.keyClick(window, Qt.Key.Key_F9)


def press_f12(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F12)
    settle()


def test_a_page_that_breaks_cannot_keep_the_register_open(
    with_guest: None, window: MainWindow, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError(CANARY)

    workplace = opened(window)
    register = workplace.context.register
    for name in ("today", "guests", "meals"):
        workplace.show_page(name)
    workplace.page("guests").open_entry()  # type: ignore[attr-defined]
    settle()
    (dialog,) = open_dialogs()
    dialog.person.name_used.setText("Halfway")  # type: ignore[attr-defined]
    monkeypatch.setattr(workplace.page("meals"), "content", broken)
    monkeypatch.setattr(workplace.page("guests"), "clear", broken)
    monkeypatch.setattr(workplace.frame, "forget", broken)
    press_f12(window)
    assert window.workplace is None
    assert not register.access.is_open
    assert CANARY not in words(window)
    assert not open_dialogs()
    assert "RuntimeError at test_lock.py" in caplog.text
    assert CANARY not in caplog.text
    guests = opened(window).page("guests")
    guests.open_entry()  # type: ignore[attr-defined]
    settle()
    (dialog,) = open_dialogs()
    assert dialog.person.name_used.text() == "Halfway"  # type: ignore[attr-defined]


def test_a_form_whose_content_is_no_json_costs_only_its_own_draft(
    with_guest: None, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    workplace = opened(window)
    register = workplace.context.register
    monkeypatch.setattr(workplace.page("meals"), "content", lambda: {"day": date(2026, 6, 1)})
    press_f12(window)
    assert not register.access.is_open


def test_the_unlock_page_says_why_the_first_page_did_not_come_and_the_key_is_gone(
    window: MainWindow, source: RegisterSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise DiskFull

    monkeypatch.setattr(source().houses, "list_rows", full)
    unlock(window)
    assert window.workplace is None
    assert not source().access.is_open
    assert "Il disco è pieno" in words(window)


def test_an_opening_that_fails_half_way_is_locked_again(
    window: MainWindow, source: RegisterSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = source().access
    whole = access.unlock

    def half(passphrase: str) -> None:
        whole(passphrase)
        raise DiskFull

    monkeypatch.setattr(access, "unlock", half)
    unlock(window)
    assert not access.is_open
    assert "Il disco è pieno" in words(window)


@pytest.mark.parametrize("way", ["f12", "idle"])
def test_a_register_without_a_house_is_locked_too(
    open_program: Callable[[Path], MainWindow], tmp_path: Path, clock: FakeClock, way: str
) -> None:
    folder = tmp_path / "without"
    register = build_register(Vault(folder, NoSecrets()), clock)
    register.access.make_empty(OwnerDraft(PASSPHRASE, "sb", "S. B.", "COORDINAMENTO", "Ente"), LIGHT)
    register.access.lock()
    window = open_program(folder)
    unlock(window)
    assert window.findChild(FirstHousePage) is not None
    source = window.findChild(FirstHousePage)._register
    assert source.access.is_open
    if way == "f12":
        press_f12(window)
    else:
        window.idle_lock.set_after(timedelta(0))
        assert window.idle_lock.check(), "the idle lock sleeps on this page"
        settle()
    assert not source.access.is_open
    assert window.findChild(QLineEdit, "passphraseEdit") is not None


@pytest.mark.parametrize("way", ["f12", "idle"])
def test_the_wizard_locks_the_register_it_has_made(
    open_program: Callable[[Path], MainWindow], tmp_path: Path, way: str
) -> None:
    window = open_program(tmp_path / "new")
    page = window.findChild(WizardPage)
    assert page is not None
    page.go_on()
    press_f12(window)
    assert window.findChild(WizardPage) is page, "nothing is made yet: what was typed stays"
    page.shelter.show_typed(Shelter(ente="Ente", house="Casa"))
    page.go_on()
    page.owner.show_typed(Owner(name="S. B.", recovery="sheet"))
    page.owner.phrase.first.setText(PASSPHRASE)
    page.owner.phrase.second.setText(PASSPHRASE)
    page.go_on()
    groups = page.code.groups()
    page.code.sheet.click()
    settle()
    assert open_dialogs()
    if way == "f12":
        press_f12(window)
    else:
        window.idle_lock.set_after(timedelta(0))
        assert window.idle_lock.check(), "the idle lock sleeps in the wizard"
        window.idle_lock.set_after(timedelta(minutes=5))
        settle()
    assert not open_dialogs()
    shown = words(window)
    assert "prima della verifica" in shown
    assert not any(group in shown for group in groups)
    opened(window)


# --- what comes back after it --------------------------------------------------------------------------------


@pytest.fixture
def zeta(with_guest: None, vault_folder: Path, clock: FakeClock) -> HouseId:
    """A second house, with a guest."""
    register = build_register(Vault(vault_folder, NoSecrets()), clock)
    register.access.unlock(PASSPHRASE)
    house = register.houses.add(HouseDraft("Zeta", "DONNE", "PASTI", "PRI", capacity=4))
    register.stays.admit(GuestDraft("Joy"), StayDraft(house, date(2026, 6, 1)))
    register.access.lock()
    return house


def entry_of(window: MainWindow) -> EntryDialog:
    assert window.workplace is not None
    window.workplace.show_page("guests")
    window.workplace.page("guests").open_entry()  # type: ignore[attr-defined]
    settle()
    (dialog,) = open_dialogs()
    assert isinstance(dialog, EntryDialog)
    return dialog


def typed(dialog: EntryDialog) -> str:
    assert dialog.person.name_used is not None
    return dialog.person.name_used.text()


def test_the_house_is_remembered_and_a_draft_fills_nothing_in_another(zeta: HouseId, window: MainWindow) -> None:
    workplace = opened(window)
    workplace.frame.bar.house.set_code(str(zeta))
    dialog = entry_of(window)
    assert dialog.person.name_used is not None
    dialog.person.name_used.setText("Halfway")
    press_f12(window)
    workplace = opened(window)
    assert workplace.context.house == zeta
    assert workplace.frame.bar.house.code() == str(zeta)
    workplace.frame.bar.house.set_code("1")
    dialog = entry_of(window)
    assert typed(dialog) == ""
    dialog.reject()
    workplace.frame.bar.house.set_code(str(zeta))
    assert typed(entry_of(window)) == "Halfway"


def change_a_meal(workplace: Workplace) -> dict[str, object]:
    workplace.show_page("meals")
    settle()
    page = workplace.page("meals")
    assert isinstance(page, MealsPage)
    QTest.keyClick(page.grid, Qt.Key.Key_Space)
    assert page.content()
    return page.content()


def test_changed_meals_of_two_houses_survive_one_lock(zeta: HouseId, window: MainWindow) -> None:
    workplace = opened(window)
    here = change_a_meal(workplace)
    workplace.frame.bar.house.set_code(str(zeta))
    there = change_a_meal(workplace)
    assert here != there
    press_f12(window)
    workplace = opened(window)
    meals = workplace.page("meals")
    assert isinstance(meals, MealsPage)
    assert meals.content() == there
    workplace.frame.bar.house.set_code("1")
    assert meals.content() == here


def test_settings_of_this_computer_keep_house_page_work_and_the_idle_lock(zeta: HouseId, window: MainWindow) -> None:
    workplace = opened(window)
    workplace.frame.bar.house.set_code(str(zeta))
    changed = change_a_meal(workplace)
    workplace.show_page("settings")
    settings = workplace.page("settings")
    assert isinstance(settings, SettingsPage)
    settings.minutes.set_count(7)
    settings.apply.click()
    settle()
    assert window.workplace is workplace, "nothing looks different: nothing is built anew"
    settings.language.set_code("en")
    settings.apply.click()
    settle()
    assert window.workplace is not None
    assert window.workplace is not workplace
    assert window.workplace.context.house == zeta
    assert window.workplace.frame.current_page() == "settings"
    window.workplace.show_page("meals")
    assert window.workplace.page("meals").content() == changed  # type: ignore[attr-defined]
    window.idle_lock.set_after(timedelta(0))
    assert window.idle_lock.check()
    assert window.workplace is None


def test_no_dialog_tells_the_system_a_guests_name(with_guest: None, window: MainWindow) -> None:
    workplace = opened(window)
    workplace.show_page("guests")
    settle()
    page = workplace.page("guests")
    assert isinstance(page, GuestsPage)
    card = page.view
    forms = (page.open_entry, card.sheet.open_change, card.stays.open_bed, page.open_exit, card.stays.open_entry_again)
    for open_form in forms:
        open_form()
        settle()
        for dialog in open_dialogs():
            assert dialog.windowTitle() == "Registro"
            dialog.done(QDialog.DialogCode.Rejected)
        settle()


def test_the_window_takes_all_of_a_screen_that_is_smaller_than_it(window: MainWindow) -> None:
    free = window.screen().availableGeometry()
    assert free.width() < WIDTH  # the screen that is not there has 800 × 800
    window.fit_screen()
    settle()
    assert window.isMaximized()
    assert window.width() <= free.width()


def test_unlocking_brings_back_the_same_guest_and_tab_and_tells_of_a_form_left_half_filled(
    with_guest: None, window: MainWindow
) -> None:
    unlock(window)
    assert window.workplace is not None
    window.workplace.show_page("guests")
    settle()
    page = window.workplace.page("guests")
    assert isinstance(page, GuestsPage)
    page.view.show_tab("diary")
    settle()
    before = page.where()
    page.open_entry()
    settle()
    (dialog,) = window.findChildren(EntryDialog)
    dialog.person.name_used.setText("Mercy")
    window.lock()
    settle()
    unlock(window)
    workplace = window.workplace
    assert isinstance(workplace, Workplace)
    again = workplace.page("guests")
    assert isinstance(again, GuestsPage)
    assert again.where() == before
    assert tr("window.draft_waits", form=f"«{tr('entry.title')}»") in words(window)
    press_f9(window)
    settle()
    (dialog,) = window.findChildren(EntryDialog)
    assert dialog.person.name_used.text() == "Mercy"
    dialog.done(QDialog.DialogCode.Rejected)
