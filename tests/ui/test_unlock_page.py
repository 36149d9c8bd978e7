"""The locked screen: one phrase opens, wrong ones cost time, the recovery sheet leads to a new phrase."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.platform.attempt import Patience
from app.services.access import SetupDraft
from app.services.operator import OperatorDraft
from app.services.register import Register, build_register
from app.ui.pages.unlock_page import UnlockPage
from app.ui.tasks import InlineRunner
from app.vault.card import CardSet
from app.vault.device import NoSecrets
from app.vault.vault import Vault
from tests.conftest import HOUSE, LIGHT, NOW, PASSPHRASE
from tests.fakes import FakeClock

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
NEW_PHRASE = "un altro mare calmo"
PROBE = CardSet.new().cards[0]


@pytest.fixture
def locked(vault_folder: Path) -> Iterator[Register]:
    register = build_register(Vault(vault_folder, NoSecrets()), FakeClock(NOW))
    yield register
    register.access.lock()


@pytest.fixture
def page(locked: Register, qtbot: QtBot) -> UnlockPage:
    return open_page(locked, qtbot)


def open_page(register: Register, qtbot: QtBot) -> UnlockPage:
    made = UnlockPage(register.access, InlineRunner())
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.setFocus()
    return made


def type_phrase(page: UnlockPage, qtbot: QtBot, phrase: str) -> None:
    qtbot.keyClicks(page.phrase.edit, phrase)
    qtbot.keyClick(page.phrase.edit, Qt.Key.Key_Return)


def test_the_right_phrase_opens_and_is_forgotten(page: UnlockPage, locked: Register, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.unlocked, timeout=0):
        type_phrase(page, qtbot, PASSPHRASE)
    assert locked.access.is_open
    assert not page.phrase.edit.text()


def test_the_screen_names_neither_house_nor_operator(page: UnlockPage) -> None:
    shown = " ".join(label.text() for label in page.findChildren(QLabel))
    shown += " ".join(line.text() + line.placeholderText() for line in page.findChildren(QLineEdit))
    assert "Casa di prova" not in shown
    assert "Bianchi" not in shown
    assert "Ente di prova" not in shown


def test_a_wrong_phrase_is_selected_said_and_costs_time(page: UnlockPage, locked: Register, qtbot: QtBot) -> None:
    type_phrase(page, qtbot, "frase sbagliata")
    assert not locked.access.is_open
    assert "non è giusta" in page.phrase.field.error()
    assert page.phrase.edit.selectedText()
    assert not page.phrase.button.isEnabled()
    assert "1 secondo" in page.phrase.button.text()
    page.tick()
    type_phrase(page, qtbot, "ancora sbagliata")
    assert "2 secondi" in page.phrase.button.text()


def test_while_waiting_return_does_not_try(page: UnlockPage, locked: Register, qtbot: QtBot) -> None:
    type_phrase(page, qtbot, "frase sbagliata")
    type_phrase(page, qtbot, PASSPHRASE)
    assert not locked.access.is_open
    page.tick()
    qtbot.keyClick(page.phrase.edit, Qt.Key.Key_Return)
    assert locked.access.is_open


def test_an_empty_phrase_is_no_failure(page: UnlockPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.phrase.edit, Qt.Key.Key_Return)
    assert page.phrase.field.error()
    assert page.phrase.button.isEnabled()


def test_the_sheet_opens_and_leads_to_a_new_phrase(tmp_path: Path, qtbot: QtBot) -> None:
    register = build_register(Vault(tmp_path / "vault", NoSecrets()), FakeClock(NOW))
    draft = SetupDraft(PASSPHRASE, "sbianchi", "S. Bianchi", "COORDINAMENTO", "Ente", HOUSE)
    groups = register.access.set_up(draft, cost=LIGHT).recovery_groups
    register.access.lock()
    page = open_page(register, qtbot)
    qtbot.keyClick(page.phrase.link, Qt.Key.Key_Return)
    assert page.panel() == "recovery"
    qtbot.keyClicks(page.recovery.edit, " ".join(groups))
    qtbot.keyClick(page.recovery.edit, Qt.Key.Key_Return)
    assert page.panel() == "new"
    assert page.renewal.who.currentText() == "S. Bianchi · Coordinamento"
    assert not page.recovery.edit.text()
    qtbot.keyClicks(page.renewal.phrase.first, NEW_PHRASE)
    qtbot.keyClicks(page.renewal.phrase.second, "qualcosa di diverso")
    qtbot.keyClick(page.renewal.phrase.second, Qt.Key.Key_Return)
    assert page.panel() == "new"
    page.renewal.phrase.second.setText(NEW_PHRASE)
    with qtbot.waitSignal(page.unlocked, timeout=0):
        qtbot.keyClick(page.renewal.phrase.second, Qt.Key.Key_Return)
    register.access.lock()
    register.access.unlock(NEW_PHRASE)
    operator = register.access.operator()
    register.access.lock()
    assert operator is not None
    assert operator.login == "sbianchi"


def test_who_came_in_from_paper_says_herself_who_she_is(page: UnlockPage, locked: Register, qtbot: QtBot) -> None:
    locked.access.unlock(PASSPHRASE)
    locked.operators.add(OperatorDraft("A. Ammi", "AMMINISTRAZIONE"), "due lampi nella valle")
    page.offer_new_phrase(
        [replace(row, opens_here=row.role != "COORDINAMENTO") for row in locked.access.operators()]  # a new computer
    )
    who = page.renewal.who
    offered = [who.itemText(each) for each in range(who.count())]
    assert offered[1:] == ["A. Ammi · Amministrazione", "S. Bianchi · Coordinamento"]
    assert page.renewal.operator() is None
    assert who.hasFocus()
    page.renewal.phrase.first.setText(NEW_PHRASE)
    page.renewal.phrase.second.setText(NEW_PHRASE)
    qtbot.keyClick(page.renewal.phrase.second, Qt.Key.Key_Return)
    assert "Scegli chi sei" in page.renewal.who_field.error()
    assert page.renewal.phrase.first.text() == NEW_PHRASE
    assert not page.renewal.warning.isVisible()
    qtbot.keyClick(who, Qt.Key.Key_Down)
    assert page.renewal.warning.isVisible()  # nobody who coordinates would open here
    qtbot.keyClick(who, Qt.Key.Key_Down)
    assert not page.renewal.warning.isVisible()
    with qtbot.waitSignal(page.unlocked, timeout=0):
        qtbot.keyClick(page.renewal.phrase.second, Qt.Key.Key_Return)


def test_an_open_register_that_nobody_takes_is_locked_again(page: UnlockPage, locked: Register) -> None:
    locked.access.unlock(PASSPHRASE)
    page.renewal.offer(locked.access.operators())
    page.show_panel("new")
    page.unattended.timeout.emit()
    assert not locked.access.is_open
    assert page.panel() == "phrase"
    assert not page.renewal.who.count()


def test_a_wrong_group_is_named_and_does_not_try(page: UnlockPage, qtbot: QtBot) -> None:
    page.show_panel("recovery")
    qtbot.keyClicks(page.recovery.edit, "0000G0000GABCDE")
    assert "gruppo 3" in page.recovery.field.error()
    assert not page.recovery.button.isEnabled()
    qtbot.keyClick(page.recovery.edit, Qt.Key.Key_Return)
    assert page.panel() == "recovery"


def test_a_sheet_of_another_register_is_told_as_such(page: UnlockPage, locked: Register, qtbot: QtBot) -> None:
    page.show_panel("recovery")
    qtbot.keyClicks(page.recovery.edit, "0000G" * 8)
    qtbot.keyClick(page.recovery.edit, Qt.Key.Key_Return)
    assert not locked.access.is_open
    assert "non è di questo registro" in page.recovery.field.error()
    assert page.recovery.button.isEnabled()  # a code drawn at random cannot be guessed: no reason to wait


def test_two_cards_open_one_after_the_other_and_lead_to_a_new_phrase(tmp_path: Path, qtbot: QtBot) -> None:
    register = build_register(Vault(tmp_path / "vault", NoSecrets()), FakeClock(NOW))
    draft = SetupDraft(PASSPHRASE, "sbianchi", "S. Bianchi", "COORDINAMENTO", "Ente", HOUSE, recovery="cards")
    cards = register.access.set_up(draft, cost=LIGHT).cards
    register.access.lock()
    page = open_page(register, qtbot)
    qtbot.keyClick(page.phrase.link, Qt.Key.Key_Return)
    assert page.panel() == "cards"
    qtbot.keyClicks(page.cards.card.edit, " ".join(word[:4] for word in cards[2].words[:-1]))
    assert not page.cards.button.isEnabled()
    page.cards.card.edit.setPlainText(" ".join(word[:4] for word in cards[2].words))
    qtbot.keyClick(page.cards.card.edit, Qt.Key.Key_Return)
    assert page.cards.step() == 2
    assert not page.cards.card.text()
    page.cards.card.edit.setPlainText(" ".join(cards[2].words))
    qtbot.keyClick(page.cards.card.edit, Qt.Key.Key_Return)
    assert "due volte la stessa" in page.cards.card.field.error()
    page.cards.card.edit.setPlainText(" ".join(cards[0].words))
    qtbot.keyClick(page.cards.card.edit, Qt.Key.Key_Return)
    assert page.panel() == "new"
    assert not page.cards.card.text()
    page.renewal.phrase.first.setText(NEW_PHRASE)
    page.renewal.phrase.second.setText(NEW_PHRASE)
    with qtbot.waitSignal(page.unlocked, timeout=0):
        qtbot.keyClick(page.renewal.phrase.second, Qt.Key.Key_Return)
    register.access.lock()
    register.access.unlock(NEW_PHRASE)
    register.access.lock()


def test_a_wrong_word_is_located_and_mended_with_a_key(page: UnlockPage, qtbot: QtBot) -> None:
    page.show_panel("cards")
    words = list(PROBE.words)
    words[6] = "rinbow"
    page.cards.card.edit.setPlainText(" ".join(words))
    assert "parola 7" in page.cards.card.field.error()
    assert not page.cards.button.isEnabled()
    qtbot.keyClick(page.cards.card.mend, Qt.Key.Key_Space)
    assert not page.cards.card.field.error()
    assert page.cards.card.is_right()
    page.cards.forget()
    assert not page.cards.card.text()
    assert not any(page.cards.card.cells.words())


def test_words_complete_while_they_are_typed(page: UnlockPage, locked: Register, qtbot: QtBot) -> None:
    page.show_panel("cards")
    page.cards.offer(locked.access.card_words())
    qtbot.keyClicks(page.cards.card.edit, "acad")
    qtbot.keyClick(page.cards.card.edit, Qt.Key.Key_Return)
    assert page.cards.card.text() == "academic "
    qtbot.keyClicks(page.cards.card.edit, "aci")
    qtbot.keyClick(page.cards.card.edit, Qt.Key.Key_Tab)
    assert page.cards.card.text() == "academic acid "
    assert page.cards.card.edit.hasFocus()
    qtbot.keyClick(page.cards.card.edit, Qt.Key.Key_Tab)  # nothing to complete: on to the next control
    assert not page.cards.card.edit.hasFocus()


def test_the_wait_goes_on_after_the_program_was_started_again(locked: Register, qtbot: QtBot, tmp_path: Path) -> None:
    patience = Patience(tmp_path / "attempts.toml", clock=lambda: 1000.0)
    for _ in range(4):
        patience.fail()
    again = UnlockPage(
        locked.access, InlineRunner(), patience=Patience(tmp_path / "attempts.toml", clock=lambda: 1000.0)
    )
    qtbot.addWidget(again)
    again.show()
    assert "8 secondi" in again.phrase.button.text()
    assert not again.phrase.button.isEnabled()
    again.show_panel("recovery")  # the ways in from paper stay open
    assert "secondi" not in again.recovery.button.text()
    for _ in range(8):
        again.tick()
    assert again.phrase.button.isEnabled()


def test_going_back_forgets_what_was_typed(page: UnlockPage, qtbot: QtBot) -> None:
    page.show_panel("recovery")
    qtbot.keyClicks(page.recovery.edit, "0000G")
    page.reset()
    assert page.panel() == "phrase"
    assert not page.recovery.edit.text()
