"""The end of keeping through the window: seen on Oggi, done with the keyboard, proved on paper, copies cleared."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from app.platform.machine import MachineSettings, MachineStore
from app.reference.ids import GuestId
from app.services.diary import DiaryDraft
from app.services.operator import OperatorDraft
from app.services.register import Register
from app.ui.context import Context
from app.ui.copyist import Copyist
from app.ui.dialogs.accounts_dialog import AccountsDialog
from app.ui.dialogs.erasure_dialog import ErasureDialog
from app.ui.dialogs.held_dialog import HeldDialog
from app.ui.dialogs.left_notes_dialog import LeftNotesDialog
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.pages.guests_page import GuestsPage
from app.ui.pages.settings_page import SettingsPage
from app.ui.pages.today_page import TodayPage
from app.ui.presenters.place import GuestPlace
from app.ui.presenters.retention import RETENTION_TAB
from app.ui.tasks import InlineRunner
from app.ui.widgets.card_menu import CardMenu
from tests.conftest import PASSPHRASE
from tests.fakes import FakeClock
from tests.planting import Planted, close_months, plant
from tests.ui.desk import ChosenPlace, Told, admit, context_of, is_shown, put_on_screen, shown


@pytest.fixture
def her(register: Register) -> Planted:
    return plant(register, "Zqx")


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def machine(tmp_path: Path) -> MachineStore:
    stick = tmp_path / "stick"
    stick.mkdir()
    store = MachineStore(tmp_path / "machine.toml")
    store.write(MachineSettings(backup_folder=str(stick)))
    return store


def settings(context: Context, machine: MachineStore, qtbot: QtBot) -> SettingsPage:
    copyist = Copyist(context, machine)
    page = SettingsPage(context, InlineRunner(), machine, copyist=copyist, dialogs=ChosenPlace(None))
    copyist.setParent(page)
    put_on_screen(page, qtbot)
    page.open(RETENTION_TAB)
    return page


def said(widget: object) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())  # type: ignore[attr-defined]


def test_from_oggi_to_the_certificate_by_keyboard(  # noqa: PLR0917 - fixtures
    register: Register, context: Context, her: Planted, machine: MachineStore, clock: FakeClock, qtbot: QtBot
) -> None:
    close_months(register)
    admit(register)
    told = Told(context)
    today = TodayPage(context)
    put_on_screen(today, qtbot)
    today.open()
    row = next(row for row in today.attention.rows() if "oltre il termine" in row.accessibleName())
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert told.pages == [("settings", RETENTION_TAB)]

    page = settings(context, machine, qtbot)
    page._copyist.make_now()
    (old,) = (path for path in Path(machine.read().backup_folder).iterdir())
    (line,) = page.retention.overdue.rows()
    assert line.accessibleName() == her.words["guest.code"]
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Return)
    dialog = shown(ErasureDialog)
    assert dialog.focusWidget() is dialog.mine
    assert ("Notti", 1) in dialog.stays.lines()
    qtbot.keyClick(dialog.mine, Qt.Key.Key_Return)
    assert dialog.mine_field.error()
    qtbot.keyClicks(dialog.mine, "non questa frase")
    qtbot.keyClick(dialog.mine, Qt.Key.Key_Return)
    assert dialog.mine_field.error()
    assert not register.retentions.view().certificates
    dialog.mine.setText(PASSPHRASE)
    clock.advance(timedelta(minutes=1))
    qtbot.keyClick(dialog.mine, Qt.Key.Key_Return)
    (made,) = register.retentions.view().certificates
    assert made.kind == "ANONYMISE"
    assert made.number in said(dialog)
    assert not old.exists(), "a new copy was made, then the old one went"
    assert dialog.result_page.copies_text() == "Copie di sicurezza: nessuna copia conosciuta la contiene ancora."
    assert dialog.focusWidget() is dialog.paper
    if not is_shown(PrintPreviewDialog):  # done at once, as here, the same Return has opened it already
        qtbot.keyClick(dialog.paper, Qt.Key.Key_Return)
    shown(PrintPreviewDialog).reject()
    dialog.reject()
    assert page.retention.overdue.rows() == []
    assert len(page.retention.certificates.rows()) == 1


def test_the_notes_left_in_doubt_are_listed_and_opened_before_and_after(  # noqa: PLR0917 - fixtures
    register: Register, context: Context, her: Planted, machine: MachineStore, clock: FakeClock, qtbot: QtBot
) -> None:
    close_months(register)
    rina, _ = admit(register)
    register.diaries.write(DiaryDraft(rina, register.desk.today(), "COLLOQUIO", "una maglia rosa"))
    with register.desk.vault.work() as session:
        session.execute(text("UPDATE guest SET family_name = 'Rosa' WHERE id = :id"), {"id": her.guest})
    told = Told(context)
    page = settings(context, machine, qtbot)
    (line,) = page.retention.overdue.rows()
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Return)
    dialog = shown(ErasureDialog)
    assert dialog.read.isVisible()
    dialog.mine.setText(PASSPHRASE)
    clock.advance(timedelta(minutes=1))
    qtbot.keyClick(dialog.mine, Qt.Key.Key_Return)
    if is_shown(PrintPreviewDialog):
        shown(PrintPreviewDialog).reject()
    assert register.retentions.view().certificates[0].erased.left == 1
    dialog.read.click()
    notes = shown(LeftNotesDialog)
    (row,) = notes.rows.rows()
    assert "Rina" in row.accessibleName()
    assert "maglia rosa" in row.accessibleDescription()
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert told.pages == [("guests", GuestPlace(rina, "diary"))]
    assert not is_shown(ErasureDialog)
    assert notes.rows.rows() == []


def test_what_holds_her_is_said_and_the_button_rests(
    register: Register, context: Context, her: Planted, machine: MachineStore, qtbot: QtBot
) -> None:
    page = settings(context, machine, qtbot)
    (line,) = page.retention.overdue.rows()
    qtbot.keyClick(line, Qt.Key.Key_Return)
    dialog = shown(ErasureDialog)
    assert dialog.held.isVisible()
    assert "non sono chiusi" in said(dialog)
    assert not dialog.go.isEnabled()
    assert not dialog.mine_field.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not is_shown(ErasureDialog)


def test_until_when_accounts_hold_is_one_day_typed(
    register: Register, context: Context, her: Planted, machine: MachineStore, qtbot: QtBot
) -> None:
    page = settings(context, machine, qtbot)
    page.retention._open_accounts(register.retentions.view().projects[0])
    dialog = shown(AccountsDialog)
    qtbot.keyClicks(dialog.day, "31/12/2023")
    qtbot.keyClick(dialog.day, Qt.Key.Key_Return)
    assert str(register.retentions.view().projects[0].hold_until) == "2023-12-31"
    assert "chiusa dal 31 dic 2023" in page.retention.projects.rows()[0].accessibleDescription()


def test_another_role_is_told_that_it_is_reserved(
    register: Register, context: Context, machine: MachineStore, qtbot: QtBot
) -> None:
    register.operators.add(OperatorDraft("M. Ferri", "EDUCATRICE"), "sette rondini sul tetto")
    register.access.lock()
    register.access.unlock("sette rondini sul tetto")
    page = settings(context, machine, qtbot)
    assert page.retention.reserved.isVisible()
    menu = CardMenu()
    qtbot.addWidget(menu)
    menu.show_role("EDUCATRICE")
    entries = {action.text(): action.isEnabled() for action in menu.build_menu().actions() if action.text()}
    assert entries["Tutto ciò che si conserva di lei…"]
    assert not entries["Cancella o rendi anonima…"]


def test_her_copy_is_made_from_her_card_and_says_what_a_file_means(
    register: Register, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    guest, _ = admit(register)
    page = GuestsPage(context)
    put_on_screen(page, qtbot)
    page.open(guest)
    page.view.menu.held_asked.emit()
    dialog = shown(HeldDialog)
    dialog.json.click()
    assert "in chiaro" in said(dialog)
    place = tmp_path / "dati.json"
    dialog.save(place)
    assert json.loads(place.read_text())["tables"]["guest"][0]["name_used"] == "Rina"
    assert "è salvato ed è in chiaro" in said(dialog)
    dialog.pdf.click()
    assert is_shown(PrintPreviewDialog)
    shown(PrintPreviewDialog).reject()
    dialog.reject()


def test_a_guest_who_asks_earlier_is_made_anonymous_from_her_card(
    register: Register, context: Context, qtbot: QtBot
) -> None:
    her = plant(register, "Zqx")
    close_months(register)
    dialog = ErasureDialog(context, GuestId(her.guest), None)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.asked.setChecked(True)
    dialog.mine.setText(PASSPHRASE)
    dialog.go.click()
    assert register.retentions.view().certificates[0].reason == "REQUEST"
