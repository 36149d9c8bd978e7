"""Who is not counted in breakdowns, on the guest's card: said with its reason, written and ended by keyboard."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.reference.ids import GuestId
from app.services.counting import UncountedDraft
from app.services.register import Register
from app.services.role import COORDINATION, SHIFT
from app.ui.context import Context
from app.ui.dialogs.uncounted_dialog import RecountDialog, UncountedDialog
from app.ui.tabs.consents_tab import ConsentsTab
from tests.ui.desk import Told, admit, context_of, put_on_screen, shown


def tab_of(register: Register, context: Context, guest: GuestId, qtbot: QtBot, role: str = COORDINATION) -> ConsentsTab:
    tab = ConsentsTab(context)
    put_on_screen(tab, qtbot)
    tab.take(register.guests.card(guest), role, seen=True)
    return tab


def test_her_objection_is_written_by_keyboard_and_shown_with_its_day(register: Register, qtbot: QtBot) -> None:
    guest, _ = admit(register)
    context = context_of(register)
    tab, told = tab_of(register, context, guest, qtbot), Told(context)
    assert tab.counting.chip.text() == "Contata"
    qtbot.keyClick(tab.counting.add, Qt.Key.Key_Space)
    dialog = shown(UncountedDialog)
    qtbot.keyClick(dialog.save, Qt.Key.Key_Space)
    assert dialog._reason_field.error()
    dialog.reason.set_code("OBJECTION")
    qtbot.keyClick(dialog.save, Qt.Key.Key_Space)
    (row,) = register.countings.of_guest(guest).rows
    assert (row.kind, row.since, row.until) == ("OBJECTION", register.desk.today(), None)
    assert tab.counting.chip.text() == "Non contata"
    (entry,) = tab.counting.entries
    assert "15 giu 2026" in entry.accessibleName()
    assert told.words[-1][0] == "ok"


def test_she_is_counted_again_from_a_day_on(register: Register, qtbot: QtBot) -> None:
    guest, _ = admit(register)
    register.countings.leave_out(UncountedDraft(guest, "EMBARGO", date(2026, 5, 3)))
    tab = tab_of(register, context_of(register), guest, qtbot)
    (entry,) = tab.counting.entries
    qtbot.keyClick(entry.end, Qt.Key.Key_Space)
    dialog = shown(RecountDialog)
    dialog.day.set_day(date(2026, 5, 2))
    qtbot.keyClick(dialog.save, Qt.Key.Key_Space)
    assert dialog._field.error()
    dialog.day.set_day(date(2026, 6, 1))
    qtbot.keyClick(dialog.save, Qt.Key.Key_Space)
    (row,) = register.countings.of_guest(guest).rows
    assert (row.until, row.stands) == (date(2026, 6, 1), False)
    assert tab.counting.chip.text() == "Contata"


def test_a_line_written_by_mistake_is_ended_on_the_day_on_which_it_began(register: Register) -> None:
    guest, _ = admit(register)
    number = register.countings.leave_out(UncountedDraft(guest, "EMBARGO", date(2026, 5, 3)))
    register.countings.end(number, date(2026, 5, 3))
    sheet = register.countings.of_guest(guest)
    assert (sheet.rows, sheet.is_counted) == ((), True)


def test_a_half_filled_form_comes_back_after_a_lock(register: Register, qtbot: QtBot) -> None:
    guest, _ = admit(register)
    context = context_of(register)
    card = register.guests.card(guest)
    first = UncountedDialog(context, card)
    qtbot.addWidget(first)
    assert first.content() == {}
    first.reason.set_code("ELSEWHERE")
    first.until.set_day(date(2026, 12, 31))
    second = UncountedDialog(context, card)
    qtbot.addWidget(second)
    second.restore(first.content())
    assert (second.reason.code(), second.until.day()) == ("ELSEWHERE", date(2026, 12, 31))
    assert second.since.day() == register.desk.today()


def test_a_role_that_does_not_read_consents_is_shown_nothing_of_it(register: Register, qtbot: QtBot) -> None:
    guest, _ = admit(register)
    register.countings.leave_out(UncountedDraft(guest, "OBJECTION", date(2026, 5, 3)))
    tab = tab_of(register, context_of(register), guest, qtbot, SHIFT)
    assert not tab.counting.isVisible()
    assert tab.counting.entries == []


def test_nothing_of_her_is_left_after_the_card_is_cleared(register: Register, qtbot: QtBot) -> None:
    guest, _ = admit(register)
    register.countings.leave_out(UncountedDraft(guest, "OBJECTION", date(2026, 5, 3)))
    tab = tab_of(register, context_of(register), guest, qtbot)
    tab.clear()
    assert tab.counting.entries == []
    assert tab.counting.chip.text() == "–"
