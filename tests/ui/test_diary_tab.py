"""Diario: written in few keys, corrected without losing a word, searched, half-written kept for its guest alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.reference.ids import GuestId
from app.services.diary import PAGE, DiaryDraft
from app.services.register import Register
from app.ui.context import Context
from app.ui.dialogs.diary_dialog import DiaryDialog
from app.ui.tabs.diary_tab import DiaryTab
from app.ui.widgets.diary_line import DiaryLine
from tests.ui.desk import admit, context_of, is_shown, put_on_screen, shown

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
TODAY = date(2026, 6, 15)


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def rina(register: Register) -> GuestId:
    return admit(register)[0]


@pytest.fixture
def tab(context: Context, rina: GuestId, qtbot: QtBot) -> Iterator[DiaryTab]:
    made = DiaryTab(context)
    put_on_screen(made, qtbot)
    made.take(context.register.guests.card(rina), "EDUCATRICE", seen=True)
    yield made
    for dialog in made.findChildren(QDialog):
        dialog.close()


def said(widget: QWidget) -> str:
    QApplication.sendPostedEvents()
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def lines(tab: DiaryTab) -> list[DiaryLine]:
    QApplication.sendPostedEvents()
    return [line for line in tab.findChildren(DiaryLine) if line.isVisibleTo(tab)]


def write(register: Register, guest: GuestId, text: str, day: date = TODAY) -> None:
    register.diaries.write(DiaryDraft(guest, day, "COLLOQUIO", text))


def test_a_note_takes_two_strokes_besides_its_words(
    tab: DiaryTab, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    assert "ancora vuoto" in said(tab)
    qtbot.keyClick(tab, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: is_shown(DiaryDialog), timeout=2000)  # a button shows that it was pressed
    dialog = shown(DiaryDialog)
    qtbot.waitUntil(dialog.isActiveWindow, timeout=2000)
    assert dialog.focusWidget() is dialog.text
    qtbot.keyClicks(dialog.text, "Ha dormito bene")
    qtbot.keyClick(dialog.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not is_shown(DiaryDialog)
    (note,) = register.diaries.of_guest(rina).notes
    assert (note.text, note.day, note.kind) == ("Ha dormito bene", TODAY, "OSSERVA")
    assert "Ha dormito bene" in said(tab)
    assert "Oggi, 15 giu" in said(tab)


def test_an_empty_note_or_one_of_tomorrow_is_refused_beside_the_field(
    tab: DiaryTab, register: Register, rina: GuestId
) -> None:
    tab.new.click()
    dialog = shown(DiaryDialog)
    dialog.save.click()
    assert "La nota è vuota" in said(dialog)
    dialog.text.setPlainText("domani")
    dialog.day.setText("16/6/2026")
    dialog.save.click()
    assert "troppo avanti" in said(dialog)
    assert register.diaries.of_guest(rina).notes == ()


def test_a_correction_shows_what_it_was_struck_through_on_demand(
    tab: DiaryTab, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    write(register, rina, "chiede del fratello")
    tab.refresh()
    lines(tab)[0].correct.click()
    dialog = shown(DiaryDialog)
    assert dialog.text.words() == "chiede del fratello"
    assert dialog.content() == {}
    dialog.text.setPlainText("chiede della sorella")
    dialog.save.click()
    assert "chiede della sorella" in said(tab)
    assert "fratello" not in said(tab)
    (line,) = lines(tab)
    assert line.show_before is not None
    line.show_before.click()
    assert "chiede del fratello" in said(tab)
    struck = [label for label in line.findChildren(QLabel) if label.font().strikeOut()]
    assert [label.text() for label in struck] == ["chiede del fratello"]


def test_the_search_keeps_the_notes_with_the_words_and_esc_brings_all_back(
    tab: DiaryTab, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    write(register, rina, "la tosse è passata")
    write(register, rina, "scuola di italiano")
    tab.refresh()
    qtbot.keyClicks(tab.search, "TOSSE")
    qtbot.keyClick(tab.search, Qt.Key.Key_Return)
    assert len(lines(tab)) == 1
    qtbot.keyClicks(tab.search, "xx")
    qtbot.keyClick(tab.search, Qt.Key.Key_Return)
    assert "Nessuna nota con queste parole" in said(tab)
    qtbot.keyClick(tab.search, Qt.Key.Key_Escape)
    assert len(lines(tab)) == 2


def test_a_long_diary_comes_in_pages(tab: DiaryTab, register: Register, rina: GuestId) -> None:
    for number in range(PAGE + 3):
        write(register, rina, f"nota {number}")
    tab.refresh()
    assert len(lines(tab)) == PAGE
    tab.older.click()
    assert len(lines(tab)) == PAGE + 3
    assert tab.older.isHidden()


def test_a_half_written_note_waits_for_its_guest_and_fills_no_other_card(
    tab: DiaryTab, register: Register, rina: GuestId, context: Context
) -> None:
    joy, _ = admit(register, "Joy")
    tab.open_new()
    dialog = shown(DiaryDialog)
    dialog.text.setPlainText("A metà")
    context.keep(dialog)  # what a lock does
    dialog.done(0)  # without a question, as a lock closes it
    tab.take(register.guests.card(joy), "EDUCATRICE", seen=True)
    assert "rimasta a metà" not in said(tab)
    tab.open_new()
    assert shown(DiaryDialog).text.words() == ""
    shown(DiaryDialog).reject()
    tab.take(register.guests.card(rina), "EDUCATRICE", seen=True)
    assert "C’è una nota rimasta a metà" in said(tab)
    tab._half.action_asked.emit()
    assert shown(DiaryDialog).text.words() == "A metà"


def test_administration_is_told_that_it_is_reserved(tab: DiaryTab, register: Register, rina: GuestId) -> None:
    tab.clear()
    tab.take(register.guests.card(rina), "AMMINISTRAZIONE", seen=True)
    assert "riservato" in said(tab)
    assert tab.new.isHidden()


def test_a_lock_leaves_no_word_not_even_those_searched_for(tab: DiaryTab, register: Register, rina: GuestId) -> None:
    write(register, rina, "Zoraide")
    tab.search.setText("Zoraide")
    tab.refresh()
    tab.clear()
    left = " ".join(label.text() for label in tab.findChildren(QLabel))
    left += " ".join(line.text() for line in tab.findChildren(QLineEdit))
    left += " ".join(widget.accessibleName() + widget.accessibleDescription() for widget in tab.findChildren(QWidget))
    assert "Zoraide" not in left
