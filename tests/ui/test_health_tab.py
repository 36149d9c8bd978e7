"""The tab Salute of a guest's card: her coverage with its number on demand, her referrals, for the roles that may."""

from __future__ import annotations

import json
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.models.work import TrailEntry
from app.reference.ids import GuestId
from app.services.coverage import CoverageDraft
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.ui.context import Context
from app.ui.dialogs.coverage_dialog import CoverageDialog
from app.ui.pages.health_page import HealthPage
from app.ui.tabs.health_tab import HealthTab
from tests.ui.desk import ChosenPlace, Told, admit, context_of, is_shown, put_on_screen, shown

NUMBER = "STP0301234567890"


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def guest(register: Register) -> GuestId:
    made, _ = admit(register)
    register.coverages.add(made, CoverageDraft("STP", date(2026, 1, 1), date(2026, 7, 1), NUMBER))
    register.referrals.request(ReferralDraft(made, "CON", date(2026, 6, 10)))
    return made


def open_tab(context: Context, guest: GuestId, qtbot: QtBot, role: str = "COORDINAMENTO") -> HealthTab:
    tab = HealthTab(context, ChosenPlace(None))
    put_on_screen(tab, qtbot)
    tab.take(context.register.guests.card(guest), role, seen=True)
    return tab


def said(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def test_the_number_is_shown_only_on_demand_and_noted(
    register: Register, context: Context, guest: GuestId, qtbot: QtBot
) -> None:
    tab = open_tab(context, guest, qtbot)
    assert "Scade fra 16 giorni" in tab.coverage._chip.accessibleName() + said(tab)
    assert NUMBER not in said(tab)
    qtbot.keyClick(tab.coverage.reveal, Qt.Key.Key_Space)
    assert NUMBER in said(tab)
    with register.desk.vault.work() as session:
        actions = select(TrailEntry.action).where(TrailEntry.subject == "coverage")
        assert list(session.scalars(actions)) == ["add", "reveal"]
    tab.clear()
    assert NUMBER not in said(tab)
    assert "STP" not in said(tab)


def test_a_renewal_keeps_the_one_before_as_history(
    register: Register, context: Context, guest: GuestId, qtbot: QtBot
) -> None:
    tab = open_tab(context, guest, qtbot)
    qtbot.keyClick(tab.coverage.add, Qt.Key.Key_Space)
    dialog = shown(CoverageDialog)
    assert (dialog.kind.code(), dialog.until_day.day()) == ("STP", date(2026, 12, 15))
    qtbot.keyClick(dialog.save, Qt.Key.Key_Return)
    tab.refresh()
    assert [row.state for row in register.coverages.of_guest(guest)] == ["valid", "past"]
    assert tab.coverage._before.count() == 1


def test_a_wrong_coverage_is_corrected_or_taken_away(
    register: Register, context: Context, guest: GuestId, qtbot: QtBot
) -> None:
    tab = open_tab(context, guest, qtbot)
    qtbot.keyClick(tab.coverage.change, Qt.Key.Key_Space)
    dialog = shown(CoverageDialog)
    assert dialog.number.text() == ""  # what is kept is never shown in the form
    assert dialog.content() == {}
    qtbot.keyClick(dialog.drop, Qt.Key.Key_Space)
    qtbot.keyClick(dialog.save, Qt.Key.Key_Return)
    (row,) = register.coverages.of_guest(guest)
    assert not row.has_number
    tab.refresh()
    qtbot.keyClick(tab.coverage.withdraw, Qt.Key.Key_Space)
    assert register.coverages.of_guest(guest) == []


def test_a_referral_leads_to_its_page(register: Register, context: Context, guest: GuestId, qtbot: QtBot) -> None:
    told = Told(context)
    tab = open_tab(context, guest, qtbot)
    row = tab._list.itemAt(0).widget()
    qtbot.keyClick(row, Qt.Key.Key_Return)
    (referral,) = register.referrals.of_guest(guest)
    assert told.pages == [("health", referral)]


def test_a_role_that_may_not_is_told_so_and_nothing_is_asked(
    register: Register, context: Context, guest: GuestId, qtbot: QtBot
) -> None:
    tab = open_tab(context, guest, qtbot, "TURNO")
    assert tab._closed.isVisible()
    assert not tab.coverage.isVisible()
    assert "STP" not in said(tab)
    with register.desk.vault.work() as session:
        assert "view" not in list(session.scalars(select(TrailEntry.action).where(TrailEntry.subject == "health")))


def test_a_half_written_coverage_comes_back_for_that_guest_alone(
    register: Register, context: Context, guest: GuestId, qtbot: QtBot
) -> None:
    joy, _ = admit(register, "Joy")
    kept = {"guest": joy, "coverage": None, "kind": "ENI", "from_day": "2026-06-02", "number": "ENI030"}
    context.drafts = {CoverageDialog.form_id: json.dumps(kept)}
    tab = open_tab(context, guest, qtbot)
    tab.coverage.open_form()
    dialog = shown(CoverageDialog)
    assert dialog.number.text() == ""
    dialog.reject()
    page = HealthPage(context)
    put_on_screen(page, qtbot)
    page.open()
    assert page.kept.isVisible()
    page.kept.action_asked.emit()
    dialog = shown(CoverageDialog)
    assert (dialog.kind.code(), dialog.number.text(), dialog.until_day.day()) == ("ENI", "ENI030", date(2026, 12, 2))
    assert not page.kept.isVisible()
    dialog.reject()
    assert dialog.discard.isVisible()  # it was half written once, and nobody has saved it yet
    dialog.discard.throw_away.click()
    assert not is_shown(CoverageDialog)
