"""Oggi: real figures, what is to be done, and the keys that lead there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStackedWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from app.models.shift import Handover
from app.models.work import Operator
from app.reference.ids import GuestId, HouseId, StayId
from app.reference.texts import tr
from app.services.calendar import Month
from app.services.guest import GuestDraft
from app.services.presence import NightMark
from app.services.protection import PermitDraft
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.dialogs.handover_dialog import HandoverDialog
from app.ui.dialogs.round_dialog import RoundDialog
from app.ui.pages.meals_page import MealsPage
from app.ui.pages.today_page import TodayPage
from app.ui.tasks import InlineRunner
from app.ui.widgets.handover_note import HandoverNote
from tests.ui.desk import Told, shown

HOUSE = HouseId(1)
TODAY = date(2026, 6, 15)
KEY = Qt.Key


@pytest.fixture
def guests(register: Register) -> list[tuple[GuestId, StayId]]:
    entered = StayDraft(HOUSE, date(2026, 5, 25))
    return [register.stays.admit(GuestDraft(name), entered) for name in ("Amina", "Blessing", "Elira")]


@pytest.fixture
def page(qtbot: QtBot, register: Register) -> Iterator[TodayPage]:
    made = TodayPage(Context(register, InlineRunner(), HOUSE))
    qtbot.addWidget(made)
    made.resize(1166, 716)
    made.show()
    yield made
    made.clear()


def record_all_but_tonight(register: Register, guests: list[tuple[GuestId, StayId]]) -> None:
    nights = [date(2026, 5, 25) + timedelta(days=n) for n in range(21)]
    register.presences.record([NightMark(stay, night, "P") for _, stay in guests for night in nights])


def shown_tasks(page: TodayPage) -> dict[str, bool]:
    return {name: row.task.done for name, row in page.rows.items() if row.task is not None}


def round_over(page: TodayPage) -> RoundDialog:
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, RoundDialog) and w.isVisible())
    assert dialog.parent() is page.window()
    return dialog


def test_the_evening_is_done_from_this_page_with_the_keyboard(
    qtbot: QtBot, page: TodayPage, register: Register, guests: list[tuple[GuestId, StayId]]
) -> None:
    record_all_but_tonight(register, guests)
    asked: list[tuple[str, object]] = []
    page.context.page_asked.connect(lambda name, value: asked.append((name, value)))
    page.open()
    assert shown_tasks(page) == {"tonight": False, "meals": False, "handovers": True}
    qtbot.keyClick(page, KEY.Key_P)
    dialog = round_over(page)
    for key in (*[KEY.Key_Return] * 3, KEY.Key_S, KEY.Key_B, KEY.Key_Return):
        qtbot.keyClick(dialog.focusWidget(), key)
    assert shown_tasks(page)["tonight"]
    assert page.rows["tonight"].accessibleDescription() == "confermate alle 22:00 da S. Bianchi"
    qtbot.keyClick(page, KEY.Key_M)
    assert asked == [("meals", TODAY)]


def test_last_night_is_asked_for_when_it_was_forgotten(
    qtbot: QtBot, page: TodayPage, register: Register, guests: list[tuple[GuestId, StayId]]
) -> None:
    page.open()
    assert shown_tasks(page)["last_night"] is False
    assert page.focusProxy() is page.rows["last_night"].button
    qtbot.keyClick(page.rows["last_night"].button, KEY.Key_Return)
    dialog = round_over(page)
    assert dialog.accessibleName() == "Presenze della notte di domenica 14 giugno 2026"
    dialog.reject()


def test_overdue_referrals_and_months_lead_to_their_pages(
    qtbot: QtBot, page: TodayPage, register: Register, guests: list[tuple[GuestId, StayId]]
) -> None:
    record_all_but_tonight(register, guests)
    referral = register.referrals.request(ReferralDraft(guests[0][0], "CON", date(2026, 6, 10)))
    register.referrals.book(referral, datetime(2026, 6, 12, 8, 0, tzinfo=UTC))
    asked: list[tuple[str, object]] = []
    page.context.page_asked.connect(lambda name, value: asked.append((name, value)))
    page.open()
    for row in page.attention.rows():
        qtbot.keyClick(row, KEY.Key_Return)
    rows = register.referrals.overdue(HOUSE)
    assert asked == [("health", rows[0]), ("report", Month(2026, 5))]


def test_the_agenda_has_today_and_the_next_days(
    page: TodayPage, register: Register, guests: list[tuple[GuestId, StayId]]
) -> None:
    for at in (datetime(2026, 6, 15, 21, 0, tzinfo=UTC), datetime(2026, 6, 18, 9, 0, tzinfo=UTC)):
        referral = register.referrals.request(ReferralDraft(guests[0][0], "CON", TODAY))
        register.referrals.book(referral, at, "M. Ferri")
    page.open()
    assert [row.accessibleName() for row in page.agenda.rows()] == ["Amina", "Amina"]
    assert not page.agenda_none.isVisible()


def test_who_may_not_read_the_agenda_and_the_notes_is_told_so_and_not_that_there_is_nothing(
    page: TodayPage, register: Register, guests: list[tuple[GuestId, StayId]], qtbot: QtBot
) -> None:
    referral = register.referrals.request(ReferralDraft(guests[0][0], "CON", TODAY))
    register.referrals.book(referral, datetime(2026, 6, 15, 21, 0, tzinfo=UTC), "M. Ferri")
    with register.desk.vault.work() as session:
        session.execute(text("UPDATE operator SET role = 'AMMINISTRAZIONE'"))
    told = Told(page.context)
    page.open()
    assert [row.accessibleName() for row in page.agenda.rows()] == ["1 impegno riservato"]
    assert not page.agenda_none.isVisible()
    row = page.rows["handovers"]
    assert row.isVisible()
    assert not row.button.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_C)
    assert told.words == [("info", tr("today.handovers_told_reserved"))]


def test_a_deadline_leads_to_its_guest(
    qtbot: QtBot, page: TodayPage, register: Register, guests: list[tuple[GuestId, StayId]]
) -> None:
    record_all_but_tonight(register, guests)
    guest = guests[1][0]
    register.protections.add_permit(PermitDraft(guest, "C18", date(2025, 6, 20), date(2026, 6, 20)))
    asked: list[tuple[str, object]] = []
    page.context.page_asked.connect(lambda name, value: asked.append((name, value)))
    page.open()
    assert page.figures["deadlines"].accessibleDescription() == "1. 1 permesso"
    row = page.attention.rows()[0]
    assert row.accessibleDescription() == "Blessing · 20 giu, fra 5 giorni"
    qtbot.keyClick(row, KEY.Key_Return)
    assert asked == [("guests", guest)]


def test_the_notes_of_the_other_shift_are_read_in_three_keys(
    qtbot: QtBot, page: TodayPage, register: Register, guests: list[tuple[GuestId, StayId]]
) -> None:
    with register.desk.vault.work() as session:
        session.add(Operator(id=7, login="mferri", display_name="M. Ferri", role="TURNO"))
        session.flush()
        for text in ("la caldaia", "il citofono"):
            session.add(
                Handover(
                    house_id=HOUSE,
                    text=text,
                    is_urgent=False,
                    written_by=7,
                    written_at=datetime(2026, 6, 15, 18, tzinfo=UTC),
                )
            )
    page.open()
    assert page.rows["handovers"].accessibleDescription() == "2 note da leggere"
    qtbot.keyClick(page, KEY.Key_C)
    dialog = shown(HandoverDialog)
    for _ in range(2):
        qtbot.keyClick(dialog.focusWidget(), KEY.Key_L)
    assert page.rows["handovers"].accessibleDescription() == "nessuna da leggere"
    assert [note.line.read_by for note in dialog.list.rows() if isinstance(note, HandoverNote)] == [
        "letta da S. Bianchi alle 22:00"
    ] * 2
    qtbot.keyClick(dialog, KEY.Key_Escape)


def test_a_note_is_written_from_here_and_survives_a_lock_half_written(
    qtbot: QtBot, page: TodayPage, register: Register, guests: list[tuple[GuestId, StayId]]
) -> None:
    page.open()
    qtbot.keyClick(page, KEY.Key_N)
    dialog = shown(HandoverDialog)
    assert dialog.content() == {}
    qtbot.keyClicks(dialog.text, "la caldaia fa rumore")
    page.context.keep(dialog)
    dialog.done(0)  # without a question, as a lock closes it
    qtbot.keyClick(page, KEY.Key_N)
    again = shown(HandoverDialog)
    assert again.text.words() == "la caldaia fa rumore"
    again.urgent.setChecked(True)
    qtbot.keyClick(again.text, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rows = register.handovers.list_rows(HOUSE).rows
    assert [(row.text, row.is_urgent, row.guest) for row in rows] == [("la caldaia fa rumore", True, None)]
    assert again.content() == {}
    qtbot.keyClick(again.text, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(register.handovers.list_rows(HOUSE).rows) == 1
    again.reject()


def test_the_page_fits_large_letters_without_a_scroll_sideways(
    page: TodayPage, register: Register, guests: list[tuple[GuestId, StayId]]
) -> None:
    page.open()
    assert page.minimumSizeHint().width() <= 700
    page.resize(760, 900)
    page.band.resize(720, 300)
    assert page.figures["present"].y() < page.figures["meals"].y()


def test_a_new_register_says_what_to_do_first(qtbot: QtBot, page: TodayPage) -> None:
    page.open()
    assert page.none.isVisible()
    qtbot.keyClick(page, KEY.Key_P)
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, RoundDialog) and w.isVisible()]


def test_after_clear_nothing_of_anybody_is_left(
    page: TodayPage, register: Register, guests: list[tuple[GuestId, StayId]]
) -> None:
    page.open()
    page.clear()
    assert page._shown is None
    assert not page.agenda.rows()
    assert not page.attention.rows()
    assert all(row.task is None for row in page.rows.values())


def test_meals_changed_and_not_confirmed_are_still_to_be_done(
    qtbot: QtBot, register: Register, guests: list[tuple[GuestId, StayId]]
) -> None:
    stay = guests[0][1]
    register.meals.confirm(HOUSE, TODAY, {each: ("PRA",) for _, each in guests})
    context = Context(register, InlineRunner(), HOUSE)
    pile, page, meals = QStackedWidget(), TodayPage(context), MealsPage(context)
    qtbot.addWidget(pile)
    pile.addWidget(page)
    pile.addWidget(meals)
    page.open()
    assert shown_tasks(page)["meals"]
    half = {TODAY.isoformat(): {str(stay): ["CEN"]}}
    context.drafts["meals"] = json.dumps(half)
    page.open()
    task = page.rows["meals"].task
    assert task is not None
    assert (task.done, task.note) == (False, "ci sono modifiche non confermate")
    context.give_back(meals)
    assert not context.drafts
    page.open()
    assert not shown_tasks(page)["meals"]
    pile.setCurrentWidget(meals)
    pile.show()
    meals._confirm()
    page.open()
    assert shown_tasks(page)["meals"]
