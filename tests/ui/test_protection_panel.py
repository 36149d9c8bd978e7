"""The card's protection: what a role may see, forms by keyboard, safety on demand, and nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.models.work import Operator, TrailEntry
from app.reference.ids import GuestId
from app.services.deadline import DeadlineDraft
from app.services.protection import ExploitationForms, PermitDraft, SafetyDraft
from app.services.register import Register
from app.ui.context import Context
from app.ui.dialogs.deadline_dialog import DeadlineDialog
from app.ui.dialogs.exploitation_dialog import ExploitationDialog
from app.ui.dialogs.permit_dialog import PermitDialog
from app.ui.dialogs.safety_dialog import SafetyDialog
from app.ui.dialogs.victim_status_dialog import VictimStatusDialog
from app.ui.pages.guests_page import GuestsPage
from app.ui.tabs.protection_panel import ProtectionPanel
from tests.ui.desk import admit, context_of, is_shown, put_on_screen, shown

KEY = Qt.Key


@pytest.fixture
def guest(register: Register) -> GuestId:
    return admit(register, "Rina")[0]


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def panel(context: Context, guest: GuestId, qtbot: QtBot) -> Iterator[ProtectionPanel]:
    page = GuestsPage(context)
    put_on_screen(page, qtbot)
    page.open(guest)
    yield page.view.sheet.protection
    page.clear()


def said(widget: QWidget) -> str:
    QApplication.sendPostedEvents()  # a row just added is shown by a queued call
    return " | ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def test_a_certificate_is_written_by_keyboard_and_its_end_is_proposed(
    qtbot: QtBot, panel: ProtectionPanel, register: Register, guest: GuestId
) -> None:
    panel.permits.action.click()
    dialog = shown(PermitDialog)
    dialog.permit.set_code("REC")
    qtbot.keyClicks(dialog.from_day, "3/6/2026")
    qtbot.keyClick(dialog.from_day, KEY.Key_Tab)
    assert dialog.until_day.day() == date(2026, 7, 18)
    qtbot.keyClick(dialog.note, KEY.Key_Tab)
    dialog.save.click()
    assert register.protections.of_guest(guest).permits[0].until_day == date(2026, 7, 18)
    assert "Periodo di riflessione: giorno 12 di 45 · fino al 18 lug 2026" in said(panel)


def test_an_expiry_that_was_typed_is_not_proposed_over(
    qtbot: QtBot, panel: ProtectionPanel, register: Register, guest: GuestId
) -> None:
    panel.open_permit()
    dialog = shown(PermitDialog)
    dialog.permit.set_code("C18")
    qtbot.keyClicks(dialog.until_day, "1/2/2027")
    qtbot.keyClicks(dialog.from_day, "31/5/2026")
    assert dialog.until_day.day() == date(2027, 2, 1)
    dialog.save.click()
    assert register.protections.of_guest(guest).permits[0].until_day == date(2027, 2, 1)


def test_what_is_missing_or_refused_is_said_and_the_form_stays(
    qtbot: QtBot, panel: ProtectionPanel, register: Register, guest: GuestId
) -> None:
    panel.open_permit()
    dialog = shown(PermitDialog)
    dialog.save.click()
    assert "Scrivi il giorno." in said(dialog)
    dialog.permit.set_code("C18")
    qtbot.keyClicks(dialog.from_day, "31/5/2026")
    dialog.until_day.selectAll()
    qtbot.keyClicks(dialog.until_day, "1/2/2026")
    dialog.save.click()
    assert "viene prima dell’inizio" in said(dialog)
    assert dialog.save.isEnabled()
    assert register.protections.of_guest(guest).permits == ()
    dialog.reject()


def test_a_half_filled_permit_comes_back_for_the_same_guest_alone(
    qtbot: QtBot, panel: ProtectionPanel, context: Context, register: Register
) -> None:
    panel.open_permit()
    dialog = shown(PermitDialog)
    assert dialog.content() == {}
    dialog.permit.set_code("C18")
    qtbot.keyClicks(dialog.from_day, "31/5/2026")
    dialog.note.setPlainText("in questura")
    context.keep(dialog)
    dialog.done(0)  # without a question, as a lock closes it
    other = admit(register, "Joy")[0]
    panel.take(register.guests.card(other), "COORDINAMENTO")
    panel.open_permit()
    assert shown(PermitDialog).permit.code() is None
    shown(PermitDialog).reject()
    panel.take(register.guests.card(GuestId(1)), "COORDINAMENTO")
    panel.open_permit()
    again = shown(PermitDialog)
    assert (again.permit.code(), again.until_day.day(), again.note.words()) == ("C18", date(2027, 5, 31), "in questura")
    again.reject()


def test_status_forms_and_safety_are_written_and_shown(
    qtbot: QtBot, panel: ProtectionPanel, register: Register, guest: GuestId
) -> None:
    panel.open_status()
    status = shown(VictimStatusDialog)
    status.status.set_code("PRESUNTA")
    status.save.click()
    panel.open_exploitation()
    forms = shown(ExploitationDialog)
    for code in ("DOM", "LAV"):
        forms.forms.add(code)
    forms.prevalent.set_code("LAV")
    forms.save.click()
    panel.open_safety()
    safety = shown(SafetyDialog)
    safety.risk.set_code("ALTO")
    safety.texts["never"].setPlainText("il cugino")
    safety.save.click()
    assert register.protections.of_guest(guest).exploitation == ExploitationForms(("LAV", "DOM"), "LAV")
    assert "Sfruttamento lavorativo (prevalente), Servitù domestica" in said(panel)
    assert "Presunta" in said(panel)
    assert "il cugino" not in said(panel)
    panel.show_safety.click()
    assert "il cugino" in said(panel)
    panel.show_safety.click()
    assert "il cugino" not in said(panel)


def test_a_deadline_is_written_done_and_taken_back(
    qtbot: QtBot, panel: ProtectionPanel, register: Register, guest: GuestId
) -> None:
    panel.deadlines.section.action.click()
    dialog = shown(DeadlineDialog)
    qtbot.keyClicks(dialog.due_on, "20/6/2026")
    qtbot.keyClick(dialog.due_on, KEY.Key_Tab)
    dialog.text.setPlainText("udienza")
    dialog.save.click()
    rows = panel.deadlines.rows()
    assert [row.accessibleName() for row in rows] == ["udienza"]
    done = next(b for b in rows[0].findChildren(QWidget) if b.accessibleName() == "Segna fatta: udienza")
    qtbot.keyClick(done, KEY.Key_Space)
    assert register.deadlines.of_guest(guest).rows == ()
    assert panel.deadlines.rows()[0].accessibleDescription() == "fatta il 15 giu 2026"


def test_other_roles_are_told_for_whom_it_is_and_nothing_is_asked_for(
    qtbot: QtBot, context: Context, register: Register, guest: GuestId
) -> None:
    register.protections.add_permit(PermitDraft(guest, "REC", date(2026, 6, 1)))
    register.protections.set_safety(guest, SafetyDraft("ALTO", avoid="la stazione"))
    register.deadlines.add(DeadlineDraft(guest, date(2026, 6, 16), "udienza"))
    with register.desk.vault.work() as session:
        session.get_one(Operator, register.desk.vault.operator).role = "TURNO"
        before = session.query(TrailEntry).count()
    panel = ProtectionPanel(context)
    qtbot.addWidget(panel)
    panel.take(register.guests.card(guest), "TURNO")
    words = said(panel)
    assert "riservato a Coordinamento ed Educatrice" in words
    assert "riservato al Coordinamento" in words
    assert "2 scadenze sono riservate" in words
    assert not any(secret in words for secret in ("udienza", "Attestato", "stazione", "giorno 14"))
    assert not panel.show_safety.isVisibleTo(panel)
    with register.desk.vault.work() as session:
        assert session.query(TrailEntry).count() == before + 1  # her card alone


def test_after_clear_nothing_of_her_is_left(
    panel: ProtectionPanel, context: Context, register: Register, guest: GuestId
) -> None:
    register.protections.add_permit(PermitDraft(guest, "REC", date(2026, 6, 1), note="CANARY-A"))
    register.protections.set_safety(guest, SafetyDraft("ALTO", avoid="CANARY-B"))
    register.deadlines.add(DeadlineDraft(guest, date(2026, 6, 16), "CANARY-C"))
    register.protections.set_exploitation(guest, ExploitationForms(("LAV",)))
    panel.take(register.guests.card(guest), "COORDINAMENTO")
    panel.show_safety.click()
    assert all(word in said(panel) for word in ("CANARY-A", "CANARY-B", "CANARY-C"))
    panel.clear()
    left = " ".join(label.text() for label in panel.findChildren(QLabel))
    spoken = (each.accessibleName() + each.accessibleDescription() for each in panel.findChildren(QWidget))
    names = " ".join(spoken)
    assert "CANARY" not in left + names
    assert "lavorativo" not in left
    assert "di 45" not in left + panel.deadlines.countdown.accessibleName()
    panel.open_permit()
    assert not is_shown(PermitDialog)
