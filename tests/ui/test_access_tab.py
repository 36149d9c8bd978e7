"""Accessi: coordination reads who did what, in words and by filters; the others learn that it is reserved."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.models.work import Operator
from app.reference.ids import GuestId
from app.services.chain import append
from app.services.register import Register
from app.services.trail import PAGE
from app.ui.tabs.access_tab import AccessTab
from tests.ui.desk import admit, context_of, put_on_screen

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def rina(register: Register) -> GuestId:
    return admit(register)[0]


@pytest.fixture
def ferri(register: Register, rina: GuestId) -> int:
    """Another operator, who saw the full name and printed the form."""
    with register.desk.vault.work() as session:
        session.add(Operator(login="mf", display_name="M. Ferri", role="TURNO", slot=None))
        session.flush()
        for action in ("read", "reveal", "print"):
            append(session, action, "guest", rina, at=register.desk.now(), operator=2)
    return 2


@pytest.fixture
def tab(register: Register, qtbot: QtBot) -> AccessTab:
    made = AccessTab(context_of(register))
    put_on_screen(made, qtbot)
    return made


def said(widget: QWidget) -> str:
    QApplication.sendPostedEvents()
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def told(tab: AccessTab) -> list[tuple[str, str]]:
    return [(line.who, line.what) for line in tab.model.rows()]


def test_coordination_reads_who_did_what_in_words(
    tab: AccessTab, register: Register, rina: GuestId, ferri: int
) -> None:
    tab.take(register.guests.card(rina), "COORDINAMENTO", seen=True)
    assert ("M. Ferri", "ha visto il nome completo") in told(tab)
    assert ("S. Bianchi", "ha registrato un ingresso") in told(tab)
    tab.kind.set_code("reveal")
    assert told(tab) == [("M. Ferri", "ha visto il nome completo")]
    tab.kind.set_code("")
    tab.person.set_code(str(ferri))
    assert {who for who, _ in told(tab)} == {"M. Ferri"}
    tab.kind.set_code("remove")
    assert "Nessun accesso con questi filtri" in said(tab)


def test_older_lines_are_added_on_demand(tab: AccessTab, register: Register, rina: GuestId) -> None:
    with register.desk.vault.work() as session:
        for number in range(PAGE + 10):
            action = "read" if number % 2 else "print"
            append(session, action, "guest", rina, at=register.desk.now(), operator=1)
    tab.take(register.guests.card(rina), "COORDINAMENTO", seen=True)
    assert sum(line.times for line in tab.model.rows()) == PAGE
    tab.older.click()
    assert sum(line.times for line in tab.model.rows()) > PAGE
    assert tab.older.isHidden()


def test_the_others_learn_that_it_is_reserved_and_who_opened_the_card_last(
    tab: AccessTab, register: Register, rina: GuestId, ferri: int
) -> None:
    tab.take(register.guests.card(rina), "EDUCATRICE", seen=True)
    assert "riservato" in said(tab)
    assert "M. Ferri" in said(tab)
    assert not tab.model.rowCount()
    assert tab.kind.isHidden()


def test_a_lock_leaves_no_name(tab: AccessTab, register: Register, rina: GuestId, ferri: int) -> None:
    tab.take(register.guests.card(rina), "COORDINAMENTO", seen=True)
    tab.person.set_code(str(ferri))
    tab.clear()
    assert not tab.model.rowCount()
    assert [tab.person.itemText(at) for at in range(tab.person.count())] == ["Tutte le persone"]
    assert "M. Ferri" not in " ".join(label.text() for label in tab.findChildren(QLabel))
