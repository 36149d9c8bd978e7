"""The quiet word beside an entry: it comes, it goes, it stops nothing, and it tells no declared name."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.reference.ids import GuestId
from app.services.guest import GuestDraft
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.widgets.likeness_card import LikenessCard
from tests.ui.desk import HOUSE, context_of

RINA = GuestDraft("Rina", "Shirin", "Begum", date(2002, 2, 2), "CERTA", "F", ("BGD",))


@pytest.fixture
def rina(register: Register) -> GuestId:
    return register.stays.admit(RINA, StayDraft(HOUSE, date(2026, 5, 1)))[0]


@pytest.fixture
def card(register: Register, qtbot: QtBot) -> LikenessCard:
    made = LikenessCard(context_of(register))
    qtbot.addWidget(made)
    made.resize(700, 120)
    return made


def words(card: LikenessCard) -> str:
    return " ".join(label.text() for label in card.findChildren(QLabel))


def leave(register: Register, guest: GuestId) -> None:
    register.stays.end(register.guests.card(guest).stays[0].id, date(2026, 6, 1), "AUT", "CAS_AFF")


def test_somebody_who_left_is_told_and_taken_with_one_key(
    card: LikenessCard, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    leave(register, rina)
    card.look(RINA)
    qtbot.waitUntil(card.isVisible, timeout=2000)
    assert "Rina" in words(card)
    assert "Begum" not in words(card)
    assert "Shirin" not in words(card)
    with qtbot.waitSignal(card.known_chosen) as chosen:
        qtbot.keyClick(card.buttons[0], Qt.Key.Key_Space)
    assert chosen.args == [rina]
    assert not card.isVisible()
    assert "Rina" not in words(card)


def test_somebody_who_is_here_is_told_without_a_new_stay(
    card: LikenessCard, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    card.look(RINA)
    qtbot.waitUntil(card.isVisible, timeout=2000)
    assert card.buttons == []
    assert "È già presente" in words(card)


def test_nobody_alike_shows_nothing(card: LikenessCard, rina: GuestId, qtbot: QtBot) -> None:
    card.look(RINA)
    qtbot.waitUntil(card.isVisible, timeout=2000)
    card.look(GuestDraft("Joy", "Joy", "Edosa"))
    qtbot.waitUntil(card.isHidden, timeout=2000)


def test_not_her_is_not_told_again(card: LikenessCard, rina: GuestId, qtbot: QtBot) -> None:
    card.look(RINA)
    qtbot.waitUntil(card.isVisible, timeout=2000)
    qtbot.keyClick(card.dismiss, Qt.Key.Key_Space)
    card.look(GuestDraft("Rina", "Shirin", "Begum", date(2002, 2, 2), "CERTA"))
    card._ask()
    assert card.isHidden()


def test_clear_leaves_no_word(card: LikenessCard, rina: GuestId, qtbot: QtBot) -> None:
    card.look(RINA)
    qtbot.waitUntil(card.isVisible, timeout=2000)
    card.clear()
    assert card.isHidden()
    assert "Rina" not in words(card)
