"""Joining two records from the card and parting them: by keys, with the word in passing, refused when it must be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.models.work import Operator
from app.reference.ids import GuestId
from app.services.guest import GuestDraft
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.dialogs.merge_dialog import MergeDialog
from app.ui.dialogs.part_dialog import PartDialog
from app.ui.pages.guests_page import GuestsPage
from tests.ui.desk import HOUSE, context_of, is_shown, shown

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Offers:
    """Keeps what was offered to be taken back."""

    def __init__(self, context: Context) -> None:
        self.made: list[tuple[str, str, Callable[[], object]]] = []
        context.offered.connect(lambda *offer: self.made.append(offer))


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


def admit(register: Register, draft: GuestDraft, first: date, last: date | None = None) -> GuestId:
    guest, stay = register.stays.admit(draft, StayDraft(HOUSE, first))
    if last is not None:
        register.stays.end(stay, last, "AUT", "CAS_AFF")
    return guest


@pytest.fixture
def rina(register: Register) -> GuestId:
    draft = GuestDraft("Rina", "Shirin", "Begum", date(2002, 2, 2), "CERTA", "F", ("BGD",))
    return admit(register, draft, date(2026, 5, 1))


@pytest.fixture
def reena(register: Register) -> GuestId:
    draft = GuestDraft("Reena", "Shireen", "Begam", date(2002, 1, 1), "ANNO", "F", ("BGD",), diets=("HAL",))
    return admit(register, draft, date(2026, 1, 10), date(2026, 2, 20))


@pytest.fixture
def page(context: Context, qtbot: QtBot, rina: GuestId, reena: GuestId) -> Iterator[GuestsPage]:
    made = GuestsPage(context)
    qtbot.addWidget(made)
    made.resize(1166, 716)
    made.show()
    made.open(rina)
    yield made
    for dialog in made.findChildren(QDialog):
        dialog.close()


def words_on(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def choose_first(dialog: MergeDialog, qtbot: QtBot) -> None:
    qtbot.keyClick(dialog.search, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)


def test_two_records_are_joined_by_keys_and_taken_back_with_one(
    page: GuestsPage, register: Register, rina: GuestId, reena: GuestId, qtbot: QtBot
) -> None:
    offers = Offers(page.context)
    page.view.menu.merge_asked.emit()
    dialog = shown(MergeDialog)
    assert [dialog.list.current_line().hit.guest] == [reena]  # type: ignore[union-attr]  # she is proposed
    choose_first(dialog, qtbot)
    assert "Passano a" in words_on(dialog)
    assert "Begum" not in words_on(dialog)
    assert "Begam" not in words_on(dialog)
    dialog.do.setFocus()  # their declared names differ, so it has not the keyboard by itself
    qtbot.keyClick(dialog.do, Qt.Key.Key_Return)
    assert not is_shown(MergeDialog)
    assert page._card is not None
    assert (page._card.id, len(page._card.stays)) == (rina, 2)
    (sentence, word, undo) = offers.made[0]
    assert (sentence, word) == ("Le schede di Rina sono unite.", "Annulla")
    undo()
    assert len(register.guests.card(rina).stays) == 1
    assert register.guests.card(reena).id == reena


def test_return_in_the_search_chooses_and_joins_nothing_yet(
    page: GuestsPage, register: Register, reena: GuestId, qtbot: QtBot
) -> None:
    page.view.menu.merge_asked.emit()
    dialog = shown(MergeDialog)
    qtbot.keyClicks(dialog.search, "riina")  # before the answer is there, and as it sounds
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert not dialog.swap.isVisible()
    qtbot.waitUntil(dialog.swap.isVisible, timeout=2000)
    assert register.guests.card(reena).id == reena


def test_the_other_record_can_be_the_one_that_stays(
    page: GuestsPage, register: Register, rina: GuestId, reena: GuestId, qtbot: QtBot
) -> None:
    page.view.menu.merge_asked.emit()
    dialog = shown(MergeDialog)
    choose_first(dialog, qtbot)
    dialog.swap.click()
    dialog.do.click()
    assert page._card is not None
    assert page._card.id == reena
    assert register.guests.card(rina).id == reena


def test_records_with_stays_on_the_same_nights_are_not_joined_and_it_is_said_why(
    page: GuestsPage, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    admit(register, GuestDraft("Shirin", "Shirin", "Begum", date(2002, 2, 2), "CERTA"), date(2026, 6, 1))
    page.view.menu.merge_asked.emit()
    dialog = shown(MergeDialog)
    qtbot.keyClicks(dialog.search, "shirin")
    dialog._ask()
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert "annulla prima l’ingresso registrato due volte" in words_on(dialog)
    assert not dialog.do.isEnabled()
    dialog.again.click()
    assert "annulla prima" not in words_on(dialog)
    assert dialog.search.hasFocus() or dialog.search.isVisible()


def test_joined_records_are_parted_from_the_card(
    page: GuestsPage, register: Register, rina: GuestId, reena: GuestId, qtbot: QtBot
) -> None:
    register.merges.merge(rina, reena)
    page.view.menu.part_asked.emit()
    dialog = shown(PartDialog)
    assert "Reena" in words_on(dialog)
    qtbot.keyClick(dialog.buttons[0], Qt.Key.Key_Space)
    assert not is_shown(PartDialog)
    assert register.guests.card(reena).id == reena


def test_where_nothing_is_joined_it_is_said(page: GuestsPage) -> None:
    page.view.menu.part_asked.emit()
    dialog = shown(PartDialog)
    assert "nessun’altra" in words_on(dialog)
    assert dialog.buttons == []


def test_a_role_that_may_not_is_told_so_kindly(page: GuestsPage, register: Register) -> None:
    with register.desk.vault.work() as session:
        session.get_one(Operator, 1).role = "TURNO"
    page.refresh()
    entries = page.view.menu.build_menu().actions()
    assert not any(entry.isEnabled() for entry in entries if not entry.isSeparator())
    assert "Riservato a Coordinamento ed Educatrice" in [entry.text() for entry in entries]
