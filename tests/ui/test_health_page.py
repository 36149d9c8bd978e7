"""Salute: an operator asks, books and closes a referral with the keyboard, and a lock takes nothing away."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.services.referral import ReferralDraft
from app.services.register import Register
from app.ui.context import Context
from app.ui.dialogs.booking_dialog import BookingDialog
from app.ui.dialogs.outcome_dialog import OutcomeDialog
from app.ui.dialogs.referral_dialog import ReferralDialog
from app.ui.pages.health_page import HealthPage
from tests.ui.desk import HOUSE, Told, admit, context_of, is_shown, put_on_screen, shown

# Popups of the completers make the offscreen plugin talk.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CONTROL = Qt.KeyboardModifier.ControlModifier
PAST = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def page(context: Context, qtbot: QtBot) -> HealthPage:
    return open_page(context, qtbot)


def open_page(context: Context, qtbot: QtBot) -> HealthPage:
    made = HealthPage(context)
    put_on_screen(made, qtbot)
    made.open()
    return made


def press(qtbot: QtBot, widget: QWidget | None, key: Qt.Key) -> None:
    assert widget is not None
    qtbot.keyClick(widget, key)


def test_a_referral_is_asked_for_by_keyboard_alone(register: Register, page: HealthPage, qtbot: QtBot) -> None:
    guest, _ = admit(register)
    admit(register, "Joy")
    qtbot.keyClick(page, Qt.Key.Key_N, CONTROL)
    dialog = shown(ReferralDialog)
    qtbot.keyClicks(dialog.guest.lineEdit(), "rin")
    press(qtbot, dialog.guest.lineEdit(), Qt.Key.Key_Tab)
    qtbot.keyClicks(dialog.service.lineEdit(), "consult")
    press(qtbot, dialog.service.lineEdit(), Qt.Key.Key_Tab)
    qtbot.keyClicks(dialog.reason, "mal di testa")
    press(qtbot, dialog.save, Qt.Key.Key_Return)
    assert not is_shown(ReferralDialog)
    (row,) = register.referrals.list_rows(HOUSE)
    assert (row.guest, row.service, row.reason, row.requested_on) == (guest, "CON", "mal di testa", date(2026, 6, 15))
    assert page.table.current_row() == row


def test_what_is_missing_is_said_at_its_field_and_nothing_is_written(
    register: Register, page: HealthPage, qtbot: QtBot
) -> None:
    admit(register)
    page.new.click()
    dialog = shown(ReferralDialog)
    qtbot.keyClicks(dialog.guest.lineEdit(), "nessuna")
    press(qtbot, dialog.save, Qt.Key.Key_Return)
    assert dialog.guest.property("bad")
    assert dialog.service.property("bad")
    assert register.referrals.list_rows(HOUSE) == []
    press(qtbot, dialog, Qt.Key.Key_Escape)
    assert not is_shown(ReferralDialog)


def test_return_on_a_referral_books_it_at_the_hour_of_the_house(
    register: Register, context: Context, qtbot: QtBot
) -> None:
    guest, _ = admit(register)
    register.referrals.request(ReferralDraft(guest, "CON", date(2026, 6, 10)))
    page = open_page(context, qtbot)
    press(qtbot, page.table, Qt.Key.Key_Return)
    dialog = shown(BookingDialog)
    qtbot.keyClicks(dialog.day, "1706")
    qtbot.keyClicks(dialog.hour, "mattina")
    press(qtbot, dialog.save, Qt.Key.Key_Return)
    assert dialog.hour.property("bad")
    dialog.hour.clear()
    qtbot.keyClicks(dialog.hour, "930")
    qtbot.keyClicks(dialog.escort, "S. Bianchi")
    press(qtbot, dialog.escort, Qt.Key.Key_Return)
    (row,) = register.referrals.list_rows(HOUSE)
    assert row.appointment_at == datetime(2026, 6, 17, 7, 30, tzinfo=UTC)
    assert row.accompanied_by == "S. Bianchi"
    assert row.outcome == "PRENOTATO"


def test_a_visit_that_is_over_asks_for_its_outcome(register: Register, context: Context, qtbot: QtBot) -> None:
    guest, _ = admit(register)
    referral = register.referrals.request(ReferralDraft(guest, "CON", date(2026, 6, 10)))
    register.referrals.book(referral, PAST)
    page = open_page(context, qtbot)
    assert page.table.model().index(0, 4).data() == "Manca l’esito"
    assert len(page.agenda.list.rows()) == 1
    press(qtbot, page.table, Qt.Key.Key_Return)
    dialog = shown(OutcomeDialog)
    assert dialog.day.day() == date(2026, 6, 15)
    press(qtbot, dialog.save, Qt.Key.Key_Return)
    assert page.model.rows() == []  # nothing is open any more
    page.filter.setCurrentIndex(1)
    (row,) = page.model.rows()
    assert (row.outcome, row.outcome_on) == ("SVOLTO", date(2026, 6, 15))


def test_what_the_register_refuses_is_said_in_the_form(register: Register, context: Context, qtbot: QtBot) -> None:
    admit(register, entered=date(2026, 6, 10))
    page = open_page(context, qtbot)
    page.new.click()
    dialog = shown(ReferralDialog)
    dialog.guest.set_code("1")
    dialog.service.set_code("CON")
    dialog.requested_on.set_day(date(2026, 6, 1))
    dialog.save.click()
    assert dialog.isVisible()
    assert dialog.save.isEnabled()
    assert register.referrals.list_rows(HOUSE) == []
    dialog.reject()


def test_opened_with_a_guest_it_begins_a_referral_for_her(register: Register, page: HealthPage) -> None:
    admit(register, "Joy")
    guest, _ = admit(register)
    page.open(guest)
    dialog = shown(ReferralDialog)
    assert dialog.guest.code() == str(guest)
    dialog.reject()


def test_a_half_filled_form_comes_back_after_the_lock(register: Register, context: Context, qtbot: QtBot) -> None:
    guest, _ = admit(register)
    page = open_page(context, qtbot)
    page.new.click()
    dialog = shown(ReferralDialog)
    dialog.guest.set_code(str(guest))
    dialog.reason.setPlainText("chiede di parlare")
    kept = json.dumps(dialog.content())
    dialog.reject()
    again = context_of(register)
    again.drafts = {dialog.form_id: kept}
    page = open_page(again, qtbot)
    assert page.kept.isVisible()
    page.kept.action_asked.emit()
    dialog = shown(ReferralDialog)
    assert (dialog.guest.code(), dialog.reason.words()) == (str(guest), "chiede di parlare")
    assert again.drafts == {}
    assert not page.kept.isVisible()
    dialog.reject()


def test_a_form_of_one_referral_is_never_filled_with_what_was_written_for_another(
    register: Register, context: Context, qtbot: QtBot
) -> None:
    guest, _ = admit(register)
    other = register.referrals.request(ReferralDraft(guest, "CON", date(2026, 6, 10)))
    register.referrals.request(ReferralDraft(guest, "MMG", date(2026, 6, 12)))
    context.drafts = {"referral_booking": json.dumps({"referral": other, "hour": "11:00"})}
    page = open_page(context, qtbot)
    page.card.book.click()  # of the newest
    dialog = shown(BookingDialog)
    assert dialog.hour.text() == ""
    dialog.reject()
    page.kept.action_asked.emit()
    dialog = shown(BookingDialog)
    assert dialog.hour.text() == "11:00"
    dialog.reject()


def test_a_form_with_nothing_in_it_leaves_no_draft(register: Register, page: HealthPage) -> None:
    page.new.click()
    dialog = shown(ReferralDialog)
    assert dialog.content() == {}
    dialog.reject()


def test_nothing_of_a_guest_is_left_after_clear(register: Register, context: Context, qtbot: QtBot) -> None:
    guest, _ = admit(register)
    referral = register.referrals.request(ReferralDraft(guest, "CON", date(2026, 6, 10), reason="mal di testa"))
    register.referrals.book(referral, PAST)
    page = open_page(context, qtbot)
    page.clear()
    from PySide6.QtWidgets import QLabel

    said = " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))
    assert page.model.rows() == []
    assert "Rina" not in said
    assert "mal di testa" not in said


def test_the_card_leads_to_the_guest(register: Register, context: Context, qtbot: QtBot) -> None:
    guest, _ = admit(register)
    register.referrals.request(ReferralDraft(guest, "CON", date(2026, 6, 10)))
    told = Told(context)
    page = open_page(context, qtbot)
    page.card.guest.click()
    assert told.pages == [("guests", guest)]
