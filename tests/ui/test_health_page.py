"""Salute: an operator asks, books and closes a referral with the keyboard, and a lock takes nothing away."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.models.work import Operator
from app.services.calendar import Month
from app.services.coverage import CoverageDraft
from app.services.referral import FollowUpDraft, ReferralDraft, Visit
from app.services.register import Register
from app.ui.context import Context
from app.ui.dialogs.accompaniment_dialog import AccompanimentDialog
from app.ui.dialogs.booking_dialog import BookingDialog, FollowUpDialog
from app.ui.dialogs.coverage_dialog import CoverageDialog
from app.ui.dialogs.outcome_dialog import OutcomeDialog
from app.ui.dialogs.referral_dialog import ReferralDialog
from app.ui.pages.health_page import HealthPage
from tests.fakes import FakeClock
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
    page.list.new.click()
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
    assert len(page.day.list.rows()) == 1
    press(qtbot, page.table, Qt.Key.Key_Return)
    dialog = shown(OutcomeDialog)
    assert dialog.day.day() == date(2026, 6, 15)
    press(qtbot, dialog.save, Qt.Key.Key_Return)
    assert page.model.rows() == []  # nothing is open any more
    page.list.filter.set_code("all")
    (row,) = page.model.rows()
    assert (row.outcome, row.outcome_on) == ("SVOLTO", date(2026, 6, 15))


def test_what_the_register_refuses_is_said_in_the_form(register: Register, context: Context, qtbot: QtBot) -> None:
    admit(register, entered=date(2026, 6, 10))
    page = open_page(context, qtbot)
    page.list.new.click()
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
    page.list.new.click()
    dialog = shown(ReferralDialog)
    dialog.guest.set_code(str(guest))
    dialog.reason.setPlainText("chiede di parlare")
    kept = json.dumps(dialog.content())
    dialog.done(0)  # without a question, as a lock closes it
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
    page.list.new.click()
    dialog = shown(ReferralDialog)
    assert dialog.content() == {}
    dialog.reject()


def test_nothing_of_a_guest_is_left_after_clear(register: Register, context: Context, qtbot: QtBot) -> None:
    guest, _ = admit(register)
    referral = register.referrals.request(ReferralDraft(guest, "CON", date(2026, 6, 10), reason="mal di testa"))
    register.referrals.book(referral, PAST)
    page = open_page(context, qtbot)
    page.clear()
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


# --- the whole life by keyboard


def asked(register: Register, on: date = date(2026, 6, 10), at: datetime | None = None) -> tuple[int, int]:
    guest, _ = admit(register)
    return guest, register.referrals.request(ReferralDraft(guest, "CON", on, at=at, accompanied_by="S. Bianchi"))


def test_a_missed_visit_is_booked_anew_in_one_go(register: Register, context: Context, qtbot: QtBot) -> None:
    asked(register, at=PAST)
    page = open_page(context, qtbot)
    press(qtbot, page.table, Qt.Key.Key_Return)
    outcome = shown(OutcomeDialog)
    press(qtbot, outcome.outcome, Qt.Key.Key_Down)  # did not attend
    assert outcome.again.isVisible()
    press(qtbot, outcome.again, Qt.Key.Key_Space)
    press(qtbot, outcome.save, Qt.Key.Key_Return)
    again = shown(FollowUpDialog)
    qtbot.keyClicks(again.day, "2206")
    press(qtbot, again.save, Qt.Key.Key_Return)
    assert again.form.hour_field.error()  # a day without its hour is asked for
    qtbot.keyClicks(again.hour, "11")
    press(qtbot, again.hour, Qt.Key.Key_Return)
    first, second = sorted(register.referrals.list_rows(HOUSE), key=lambda row: row.id)
    assert (first.outcome, first.followed_by) == ("NON_PRESENTATA", second.id)
    assert (second.outcome, second.appointment_at) == ("PRENOTATO", datetime(2026, 6, 22, 9, 0, tzinfo=UTC))
    assert page.model.rows() == [second]  # the missed one is over


def test_a_visit_is_told_with_its_time_and_the_next_check(register: Register, context: Context, qtbot: QtBot) -> None:
    asked(register, at=PAST)
    page = open_page(context, qtbot)
    press(qtbot, page.table, Qt.Key.Key_Return)
    dialog = shown(OutcomeDialog)
    qtbot.keyClicks(dialog.escort.time, "quasi due ore")
    press(qtbot, dialog.save, Qt.Key.Key_Return)
    assert dialog.escort.time.property("bad")
    dialog.escort.time.clear()
    qtbot.keyClicks(dialog.escort.time, "1.30")
    qtbot.keyClicks(dialog.follow_up, "1506")  # today: it is due at once
    press(qtbot, dialog.escort.time, Qt.Key.Key_Return)
    (row,) = page.model.rows()  # a check that waits keeps it open
    assert (row.outcome, row.accompanied_minutes, row.follow_up_on) == ("SVOLTO", 90, date(2026, 6, 15))
    assert page.hours.figure.text() == "1 h 30"
    press(qtbot, page.table, Qt.Key.Key_Return)
    check = shown(FollowUpDialog)
    assert check.day.day() == date(2026, 6, 15)
    check.day.clear()
    press(qtbot, check.save, Qt.Key.Key_Return)  # not booked yet
    (new,) = page.model.rows()
    assert (new.follow_up_of, new.outcome) == (row.id, "IN_ATTESA")
    assert page.card._chain.count() == 1  # the card shows what it came of


def test_what_clashes_is_said_and_can_be_written_all_the_same(
    register: Register, context: Context, qtbot: QtBot
) -> None:
    asked(register, at=datetime(2026, 6, 17, 7, 30, tzinfo=UTC))
    joy, _ = admit(register, "Joy")
    register.referrals.request(ReferralDraft(joy, "VAC", date(2026, 6, 12)))
    page = open_page(context, qtbot)
    page.table.choose(1)
    press(qtbot, page.table, Qt.Key.Key_Return)
    dialog = shown(BookingDialog)
    qtbot.keyClicks(dialog.day, "1706")
    qtbot.keyClicks(dialog.hour, "10")
    qtbot.keyClicks(dialog.escort, "s. bianchi")
    assert "Rina" in dialog.form.clash.text()
    press(qtbot, dialog.save, Qt.Key.Key_Return)
    assert {row.outcome for row in register.referrals.list_rows(HOUSE)} == {"PRENOTATO"}


def test_a_free_slot_of_the_week_takes_a_request_that_waits(register: Register, context: Context, qtbot: QtBot) -> None:
    asked(register)
    page = open_page(context, qtbot)
    page.tabs.show_tab("week")
    grid = page.week.grid
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        press(qtbot, grid, key)
    assert "mercoledì 17 giugno 2026, 09:00, libero" in grid.accessibleDescription()
    press(qtbot, grid, Qt.Key.Key_Return)
    menu = page.slot_menu.menu
    assert menu is not None
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Un invio nuovo…",
        "Rina · Consultorio familiare",
    ]
    menu.actions()[-1].trigger()
    menu.close()
    dialog = shown(BookingDialog)
    press(qtbot, dialog.save, Qt.Key.Key_Return)
    (row,) = register.referrals.list_rows(HOUSE)
    assert row.appointment_at == datetime(2026, 6, 17, 7, 0, tzinfo=UTC)
    assert grid.row() == row  # the slot that was free now holds it
    assert page.card.guest.isVisible()


def test_the_edge_of_a_week_leads_to_the_next(register: Register, page: HealthPage, qtbot: QtBot) -> None:
    page.tabs.show_tab("week")
    grid = page.week.grid
    assert page.week.first == date(2026, 6, 15)
    press(qtbot, grid, Qt.Key.Key_Left)
    assert (page.week.first, grid.current.column) == (date(2026, 6, 8), 6)
    press(qtbot, grid, Qt.Key.Key_Right)
    assert (page.week.first, grid.current.column) == (date(2026, 6, 15), 0)


def test_the_arrows_go_through_the_days_of_the_agenda(register: Register, context: Context, qtbot: QtBot) -> None:
    asked(register, at=datetime(2026, 6, 16, 7, 0, tzinfo=UTC))
    page = open_page(context, qtbot)
    page.table.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_G, Qt.KeyboardModifier.AltModifier)
    assert page.day.add.hasFocus()
    press(qtbot, page.day.add, Qt.Key.Key_Right)
    (row,) = page.day.list.rows()
    row.setFocus()
    press(qtbot, row, Qt.Key.Key_Return)
    assert is_shown(BookingDialog)
    shown(BookingDialog).reject()
    press(qtbot, page.day.add, Qt.Key.Key_Home)
    assert page.day.day == date(2026, 6, 15)


# --- what is seldom done


def test_a_wrong_request_is_put_right_and_a_mistake_withdrawn_and_brought_back(
    register: Register, context: Context, qtbot: QtBot
) -> None:
    asked(register)
    joy, _ = admit(register, "Joy")
    page = open_page(context, qtbot)
    page.card.more_asked.emit("amend")
    dialog = shown(ReferralDialog)
    assert not dialog.form.isVisible()
    dialog.guest.set_code(str(joy))
    press(qtbot, dialog.save, Qt.Key.Key_Return)
    assert [row.name_used for row in page.model.rows()] == ["Joy"]
    page.card.more_asked.emit("withdraw")
    outcome = shown(OutcomeDialog)
    qtbot.keyClicks(outcome.note, "era doppio")
    press(qtbot, outcome.save, Qt.Key.Key_Return)
    assert page.model.rows() == []
    page.list.filter.set_code("all")
    page.card.more_asked.emit("reopen")
    (row,) = page.model.rows()
    assert (row.outcome, row.outcome_note) == ("IN_ATTESA", "era doppio")


def test_time_can_be_written_later_and_months_looked_back(register: Register, context: Context, qtbot: QtBot) -> None:
    _, referral = asked(register, date(2026, 5, 20))
    register.referrals.close(referral, "SVOLTO", date(2026, 5, 30))  # type: ignore[arg-type]
    page = open_page(context, qtbot)
    page.list.filter.set_code("all")
    page.card.more_asked.emit("accompany")
    dialog = shown(AccompanimentDialog)
    qtbot.keyClicks(dialog.form.time, "45")
    press(qtbot, dialog.save, Qt.Key.Key_Return)
    press(qtbot, page.hours.before, Qt.Key.Key_Space)
    assert page.hours.figure.text() == "45 min"
    assert "S. Bianchi" in page.hours.note.text()
    assert page._month == Month(2026, 5)


def test_the_menu_of_a_card_offers_only_what_can_be_done(register: Register, context: Context, qtbot: QtBot) -> None:
    _, referral = asked(register, at=PAST)
    page = open_page(context, qtbot)

    def offered() -> int:
        menu = page.card.build_menu()
        assert menu is not None
        return len([action for action in menu.actions() if action.text()])

    assert offered() == 4  # amend, unbook, withdraw, hers
    register.referrals.close(referral, "SVOLTO", date(2026, 6, 15), None, Visit("S. Bianchi", 60))  # type: ignore[arg-type]
    page.list.filter.set_code("all")
    page.refresh()
    assert offered() == 5  # amend, accompany, reopen, withdraw, hers
    register.referrals.follow_up(referral, FollowUpDraft(date(2026, 6, 15)))  # type: ignore[arg-type]
    page.refresh()
    page.table.choose(1)
    assert offered() == 4  # no longer reopened


# --- coverage


def test_a_coverage_is_written_from_the_list_and_a_wrong_number_is_told_at_its_field(
    register: Register, context: Context, qtbot: QtBot
) -> None:
    guest, _ = admit(register)
    page = open_page(context, qtbot)
    assert page.tabs.bar.tabText(3) == "&Coperture (1)"
    page.tabs.show_tab("coverages")
    press(qtbot, page.coverages.table, Qt.Key.Key_Return)
    dialog = shown(CoverageDialog)
    assert dialog.until_day.day() == date(2026, 12, 15)  # six months, proposed
    qtbot.keyClicks(dialog.number, "STP 030 12")
    press(qtbot, dialog.number, Qt.Key.Key_Return)
    assert dialog.number.property("bad")
    assert register.coverages.of_guest(guest) == []
    dialog.number.clear()
    qtbot.keyClicks(dialog.number, "stp 030 1234567890")
    press(qtbot, dialog.number, Qt.Key.Key_Return)
    assert not is_shown(CoverageDialog)
    (row,) = register.coverages.of_guest(guest)
    assert (row.kind, row.until_day, row.has_number) == ("STP", date(2026, 12, 15), True)
    assert page.covered.coverage.number_shown() == ""
    press(qtbot, page.covered.coverage.reveal, Qt.Key.Key_Space)
    assert "STP0301234567890" in page.covered.coverage.number_shown()
    page.clear()
    assert "STP0301234567890" not in words_in(page)


def test_an_expiry_that_somebody_wrote_is_not_proposed_away(register: Register, page: HealthPage, qtbot: QtBot) -> None:
    admit(register)
    page.refresh()
    page.tabs.show_tab("coverages")
    press(qtbot, page.coverages.table, Qt.Key.Key_Return)
    dialog = shown(CoverageDialog)
    dialog.until_day.clear()
    qtbot.keyClicks(dialog.until_day, "01/09/2026")
    dialog.from_day.clear()
    qtbot.keyClicks(dialog.from_day, "01/06/2026")
    assert dialog.until_day.day() == date(2026, 9, 1)
    dialog.kind.set_code("NESSUNA")
    assert not dialog.number.isVisible()
    assert dialog.content()["kind"] == "NESSUNA"
    dialog.reject()


# --- roles


def words_in(page: QWidget) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel))


@pytest.mark.parametrize("role", ["TURNO", "AMMINISTRAZIONE"])
def test_a_role_that_may_not_see_health_is_told_so_kindly_and_sees_nothing(
    register: Register, context: Context, qtbot: QtBot, role: str
) -> None:
    guest, _ = asked(register, at=PAST)
    register.coverages.add(guest, CoverageDraft("STP", date(2026, 6, 1)))  # type: ignore[arg-type]
    (row,) = register.referrals.list_rows(HOUSE)
    with register.desk.vault.work() as session:
        session.scalars(select(Operator)).one().role = role
    told = Told(context)
    page = open_page(context, qtbot)
    for value in (None, guest, row):
        page.open(value)
        assert page.reserved.isVisible()
    assert not is_shown(ReferralDialog)
    qtbot.keyClick(page, Qt.Key.Key_N, CONTROL)
    assert not is_shown(ReferralDialog)
    assert "Rina" not in words_in(page)
    assert page.model.rows() == []
    page.reserved.action_asked.emit()
    assert told.pages == [("today", None)]
    assert told.words == []  # no error: it was not even asked for


def ids(page: HealthPage) -> set[int]:
    return {page.model.row(at).id for at in range(page.model.rowCount())}


def test_what_is_long_over_is_shown_when_it_is_asked_for(
    register: Register, context: Context, clock: FakeClock, qtbot: QtBot
) -> None:
    guest, _ = admit(register)
    old = register.referrals.request(ReferralDraft(guest, "CON", date(2026, 6, 1), at=PAST))
    register.referrals.close(old, "SVOLTO", date(2026, 6, 15))
    clock.advance(timedelta(days=200))
    empty = open_page(context, qtbot)
    empty.list.filter.set_code("all")
    assert empty.list.more.isVisible()
    assert empty.list.none_yet.isHidden()  # there was one
    new = register.referrals.request(ReferralDraft(guest, "CON", register.desk.today()))
    page = open_page(context, qtbot)
    page.list.filter.set_code("all")
    page.refresh()
    assert ids(page) == {new}
    assert page.list.more.isVisible()
    page.list.more.click()
    assert ids(page) == {new, old}
    assert not page.list.more.isVisible()
    page.clear()
    page.open()
    page.tabs.show_tab("week")
    while page.week.first != date(2026, 6, 15):  # the weeks of the past bring their referrals along
        page.week.grid.week_asked.emit(-1)
    assert page.week.grid.week is not None
    assert page.week.grid.week.find(old) is not None
    page.clear()
    page.open(register.referrals.get(old))
    assert page.table.current_row().id == old
