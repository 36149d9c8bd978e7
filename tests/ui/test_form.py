"""A form given up half filled asks once, inside itself; one that holds nothing closes at once, a lock asks nothing."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from pkgutil import iter_modules

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

import app.ui.dialogs
from app.services.bed import ArrivalDraft
from app.services.register import Register
from app.ui.context import Context
from app.ui.dialogs.annul_dialog import AnnulDialog
from app.ui.dialogs.entry_dialog import EntryDialog
from app.ui.form import FormDialog
from app.ui.kit.page import Page
from app.ui.locking import close_dialogs
from app.ui.pages.guests_page import GuestsPage
from tests.ui.desk import HOUSE, admit, context_of, is_shown, put_on_screen, shown

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Note(FormDialog):
    """A form with one line and a button to save it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "Nota")
        self.saved = 0
        self.line = QLineEdit()
        self.body.addWidget(self.line)
        self.cancel = self.add_cancel()
        self.hidden = self.add_danger("Togli", self._save)
        self.hidden.hide()
        self.save = self.add_action("Salva", self._save)
        self.line.setFocus()

    def _save(self) -> None:
        self.saved += 1

    def content(self) -> dict[str, object]:
        return {"line": self.line.text()} if self.line.text() else {}

    def restore(self, content: dict[str, object]) -> None:
        self.line.setText(str(content.get("line", "")))


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    made = Page()
    made.first = QLineEdit()  # type: ignore[attr-defined]
    made.body.addWidget(made.first)  # type: ignore[attr-defined]
    made.setFocusProxy(made.first)  # type: ignore[attr-defined]
    put_on_screen(made, qtbot)
    return made


@pytest.fixture
def note(page: Page, qtbot: QtBot) -> Iterator[Note]:
    made = Note(page)
    made.open()
    qtbot.waitExposed(made)
    yield made
    made.done(QDialog.DialogCode.Rejected)


def test_an_empty_form_closes_at_once(note: Note, qtbot: QtBot) -> None:
    qtbot.keyClick(note, Qt.Key.Key_Escape)
    assert not note.isVisible()


@pytest.mark.parametrize("way", ["escape", "cancel", "window"])
def test_a_form_with_words_in_it_asks_inside_itself(note: Note, qtbot: QtBot, way: str) -> None:
    qtbot.keyClicks(note.line, "quasi finita")
    ways = {
        "escape": lambda: qtbot.keyClick(note.line, Qt.Key.Key_Escape),
        "cancel": note.cancel.click,
        "window": note.close,
    }
    ways[way]()
    assert note.isVisible()
    assert note.discard.isVisible()
    assert not note.save.isVisible()
    assert note.focusWidget() is note.discard.go_on
    qtbot.keyClick(note.discard.go_on, Qt.Key.Key_Return)
    assert (note.isVisible(), note.discard.isVisible(), note.save.isVisible()) == (True, False, True)
    assert note.hidden.isHidden()  # what was not shown before is not shown now
    assert (note.line.text(), note.saved) == ("quasi finita", 0)


def test_a_second_escape_loses_nothing_and_throwing_away_is_said(note: Note, qtbot: QtBot) -> None:
    qtbot.keyClicks(note.line, "quasi finita")
    for asked in (True, False, True):
        qtbot.keyClick(note, Qt.Key.Key_Escape)
        assert note.discard.isVisible() is asked
    assert note.isVisible()
    qtbot.keyClick(note.discard.throw_away, Qt.Key.Key_Space)
    assert not note.isVisible()


def test_return_never_saves_while_the_question_stands(note: Note, qtbot: QtBot) -> None:
    qtbot.keyClicks(note.line, "quasi finita")
    qtbot.keyClick(note, Qt.Key.Key_Escape)
    qtbot.keyClick(note.line, Qt.Key.Key_Return)
    assert note.saved == 0


def test_a_lock_asks_nothing_whether_the_question_stands_or_not(note: Note, qtbot: QtBot) -> None:
    qtbot.keyClicks(note.line, "quasi finita")
    assert note.content() == {"line": "quasi finita"}
    qtbot.keyClick(note, Qt.Key.Key_Escape)
    close_dialogs()
    assert not note.isVisible()


def test_the_keyboard_goes_back_to_the_page(page: Page, note: Note) -> None:
    note.done(QDialog.DialogCode.Accepted)
    assert page.window().focusWidget() is page.first  # type: ignore[attr-defined]


def test_no_form_has_another_way_to_be_given_up() -> None:
    for module in iter_modules(app.ui.dialogs.__path__):
        found = import_module(f"app.ui.dialogs.{module.name}")
        for _, form in inspect.getmembers(found, inspect.isclass):
            if issubclass(form, FormDialog):
                assert form.reject is FormDialog.reject, form


def test_after_an_annulled_entry_the_keyboard_stays_on_the_page(register: Register, qtbot: QtBot) -> None:
    context: Context = context_of(register)
    admit(register, "Joy")
    guest, _ = admit(register)
    made, window = GuestsPage(context), Page()
    for part in (QLineEdit(), made, QLineEdit()):  # what else could take the keyboard
        window.body.addWidget(part)
    put_on_screen(window, qtbot)
    made.open(guest)
    made.view.tabs.show_tab("stays")
    made.view.stays.annul.setFocus()
    made.view.stays.annul.click()
    dialog = shown(AnnulDialog)
    qtbot.keyClicks(dialog.why, "mai entrata")
    dialog._save.click()
    assert not is_shown(AnnulDialog)
    at = made.window().focusWidget()
    assert at is not None
    assert made.isAncestorOf(at)
    assert at.isVisible()


def test_a_changed_day_alone_is_asked_about_too(register: Register, qtbot: QtBot) -> None:
    from app.ui.dialogs.correction_dialog import CorrectionDialog

    context = context_of(register)
    guest, stay = admit(register)
    made = GuestsPage(context)
    put_on_screen(made, qtbot)
    made.open(guest)
    made.view.tabs.show_tab("stays")
    made.view.stays.correct.click()
    dialog = shown(CorrectionDialog)
    before = dialog.entered_on.day()
    dialog.entered_on.set_day(date(2026, 5, 3))
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.discard.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    dialog.entered_on.set_day(before)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not is_shown(CorrectionDialog)
    assert register.corrections.fields(stay).entered_on == before


def test_an_entry_with_nothing_but_what_was_proposed_closes_at_once(register: Register, qtbot: QtBot) -> None:
    context, today = context_of(register), register.desk.today()
    arrival = register.beds.plan(ArrivalDraft(HOUSE, today, "Ifeoma"))
    guest, stay = admit(register)
    register.stays.end(stay, today, "AUT", "CAS_AFF")
    for dialog in (
        EntryDialog(context),
        EntryDialog(context, arrival=arrival),
        EntryDialog(context, returning=register.guests.card(guest)),
    ):
        put_on_screen(dialog, qtbot)
        dialog.reject()
        assert not dialog.isVisible()
    dialog = EntryDialog(context, arrival=arrival)
    put_on_screen(dialog, qtbot)
    dialog.stay.entered_on.set_day(today - timedelta(days=1))  # the day alone is something written
    dialog.reject()
    assert dialog.discard.isVisible()
    dialog.done(QDialog.DialogCode.Rejected)


def test_what_was_proposed_is_not_asked_about_and_a_draft_is(page: Page, qtbot: QtBot) -> None:
    proposed = Note(page)
    proposed.line.setText("proposta")
    proposed.open()
    proposed.reject()
    assert not proposed.isVisible()
    draft = Note(page)
    draft.restore({"line": "di ieri"})
    draft.is_draft = True
    draft.open()
    draft.reject()
    assert draft.discard.isVisible()
    draft.done(QDialog.DialogCode.Rejected)
