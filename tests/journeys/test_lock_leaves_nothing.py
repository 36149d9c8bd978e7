"""Locked means gone, wherever the operator was: nothing on the screen, in a widget, a model or any object.

F12 is pressed where the keyboard is: in a field, a list, a menu, a question, a window for choosing a file.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QToolTip, QWidget

from app.reference.ids import GuestId, HouseId
from app.services.diary import DiaryDraft
from app.services.guest import GuestDraft
from app.services.handover import HandoverDraft
from app.services.operator import OperatorDraft
from app.services.register import Register, build_register
from app.services.stay import StayDraft
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.pages.guests_page import GuestsPage
from app.ui.question import QtDialogs
from app.ui.whereabouts import FIRST_PAGE
from app.ui.window import MainWindow
from app.ui.workplace import PAGES, Workplace
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.fakes import FakeClock
from tests.journeys.test_lock import open_dialogs, opened, settle, unlock
from tests.traces import traces

BACKWARDS = "edairoz"
"""The word that is planted, the other way round: this module must not be found to hold it."""
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
ANOTHER = "ancora una barca piano"


@pytest.fixture
def planted(vault_folder: Path, clock: FakeClock) -> GuestId:
    """A guest whose names and notes all hold one word."""
    name = word()
    register = build_register(Vault(vault_folder, NoSecrets()), clock)
    register.access.unlock(PASSPHRASE)
    guest, _ = register.stays.admit(
        GuestDraft(name, given_name=f"{name} g", family_name=f"{name} f", diet_note=f"{name} d"),
        StayDraft(HouseId(1), date(2026, 6, 1)),
    )
    register.diaries.write(DiaryDraft(guest, date(2026, 6, 14), "COLLOQUIO", f"{name} n"))
    register.handovers.write(HandoverDraft(HouseId(1), f"{name} h", guest=guest))
    register.access.lock()
    return guest


def see_everything(workplace: Workplace) -> None:
    for entry in PAGES:
        workplace.show_page(entry.id)
        settle()
    guests = workplace.page("guests")
    assert isinstance(guests, GuestsPage)
    workplace.show_page("guests")
    for tab in guests.view.tabs.names():
        guests.view.show_tab(tab)
        settle()


def word() -> str:
    return BACKWARDS[::-1]


def assert_gone(window: MainWindow, *, deep: bool = False) -> None:
    settle()
    assert window.workplace is None
    assert not window.may_be_open
    shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not window]
    assert not shown, f"still on the screen: {shown}"
    assert traces(word(), deep=deep) == []


def test_after_everything_was_seen_a_lock_leaves_no_trace_and_is_quick(planted: GuestId, window: MainWindow) -> None:
    workplace = opened(window)
    see_everything(workplace)
    assert traces(word()), "nothing was shown at all"
    page = workplace.page("guests")
    page.open_entry()  # type: ignore[attr-defined]
    settle()
    (dialog,) = open_dialogs()
    dialog.person.name_used.setText(word())  # type: ignore[attr-defined]
    del workplace, page, dialog
    before = time.process_time()  # of this process alone: the computer may be busy with others
    window.lock()
    took = time.process_time() - before
    assert_gone(window, deep=True)
    assert took < 0.5, f"{took:.3f} s with everything open"


# --- wherever the keyboard is


def in_a_line(workplace: Workplace) -> None:
    workplace.frame.bar.search.setFocus()
    QTest.keyClicks(workplace.frame.bar.search, word())


def in_a_menu(workplace: Workplace) -> None:
    menu = QMenu(workplace.frame)
    menu.addAction(word())
    menu.popup(QCursor.pos())


def in_a_list(workplace: Workplace) -> None:
    workplace.frame.bar.house.showPopup()


def in_a_form(workplace: Workplace) -> None:
    workplace.page("guests").open_entry()  # type: ignore[attr-defined]
    settle()
    (dialog,) = open_dialogs()
    dialog.person.name_used.setText(word())  # type: ignore[attr-defined]


def in_a_preview(workplace: Workplace) -> None:
    pdf = workplace.context.register.prints.intake_form(None, second_language="en", internal=False)
    PrintPreviewDialog(workplace.frame, word(), pdf, files=workplace.context.files).open()


def under_a_hint(workplace: Workplace) -> None:
    QToolTip.showText(QCursor.pos(), word(), workplace.frame)


def choosing_a_file(workplace: Workplace) -> None:
    files = QFileDialog(workplace.frame, word())
    files.setOption(QFileDialog.Option.DontUseNativeDialog)
    files.open()


PLACES: tuple[Callable[[Workplace], None], ...] = (
    in_a_line, in_a_menu, in_a_list, in_a_form, in_a_preview, under_a_hint, choosing_a_file,
)  # fmt: skip


@pytest.mark.parametrize("go", PLACES, ids=lambda go: go.__name__)
def test_f12_locks_there_too(planted: GuestId, window: MainWindow, go: Callable[[Workplace], None]) -> None:
    workplace = opened(window)
    workplace.show_page("guests")
    settle()
    go(workplace)
    settle()
    del workplace
    QTest.keyClick(_at(window), Qt.Key.Key_F12)
    assert_gone(window)


@pytest.mark.parametrize("ask", ["ask", "say", "choose_folder", "choose_to_save"])
def test_a_question_that_is_waited_for_is_locked_away_and_means_no(
    planted: GuestId, window: MainWindow, ask: str
) -> None:
    workplace = opened(window)
    workplace.show_page("guests")
    settle()
    dialogs = QtDialogs(workplace.frame)
    del workplace
    calls: dict[str, Callable[[], object]] = {
        "ask": lambda: dialogs.ask(word(), word(), yes="Sì"),
        "say": lambda: dialogs.say(word(), word()),
        "choose_folder": lambda: dialogs.choose_folder(word()),
        "choose_to_save": lambda: dialogs.choose_to_save(word(), word()),
    }
    QTimer.singleShot(0, lambda: QTest.keyClick(_at(window), Qt.Key.Key_F12))
    assert not calls[ask]()
    assert_gone(window)


def _at(window: MainWindow) -> QWidget:
    return QApplication.activePopupWidget() or QApplication.activeModalWidget() or window


# --- who comes after


def add_operator(register: Register) -> None:
    register.operators.add(OperatorDraft("Altra", "EDUCATRICE"), ANOTHER)


def test_another_operator_gets_the_first_page_and_no_hint_of_where_the_last_one_was(
    planted: GuestId, window: MainWindow
) -> None:
    workplace = opened(window)
    add_operator(workplace.context.register)
    workplace.show_page("beds")
    settle()
    window.lock()
    settle()
    unlock(window, ANOTHER)
    assert window.workplace is not None
    assert window.workplace.frame.current_page() == FIRST_PAGE
    window.workplace.show_page("meals")
    settle()
    window.lock()
    settle()
    assert opened(window).frame.current_page() == "beds", "each comes back to her own place"


def test_what_was_typed_on_the_unlock_page_and_not_tried_goes_too(window: MainWindow) -> None:
    from PySide6.QtWidgets import QLineEdit

    field = window.findChild(QLineEdit, "passphraseEdit")
    assert field is not None
    field.setText("mezza frase")
    QTest.keyClick(window, Qt.Key.Key_F12)
    assert field.text() == ""
