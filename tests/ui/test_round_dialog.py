"""The evening round: few keys, nothing written before the end, and nothing lost by a lock."""

from __future__ import annotations

import json
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.reference.ids import HouseId, StayId
from app.services.calendar import Month
from app.services.guest import GuestDraft
from app.services.house import HouseDraft, RoomDraft
from app.services.presence import NightMark
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.dialogs.round_dialog import RoundDialog, open_round
from app.ui.tasks import InlineRunner

HOUSE = HouseId(1)
TODAY, YESTERDAY = date(2026, 6, 15), date(2026, 6, 14)
KEY = Qt.Key


@pytest.fixture
def context(register: Register) -> Context:
    return Context(register, InlineRunner(), HOUSE)


def admit(register: Register, count: int) -> list[StayId]:
    entered = StayDraft(HOUSE, date(2026, 6, 1))
    return [register.stays.admit(GuestDraft(f"Ospite {n:02d}"), entered)[1] for n in range(count)]


def opened(qtbot: QtBot, context: Context, night: date | None = None) -> RoundDialog:
    dialog = RoundDialog(context, None, night)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


class Typist:
    """Presses keys on the list and counts them."""

    def __init__(self, qtbot: QtBot, dialog: RoundDialog) -> None:
        self.qtbot, self.dialog, self.strokes = qtbot, dialog, 0

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.qtbot.keyClick(self.dialog.table, key)
            self.strokes += 1


def recorded(register: Register, night: date = TODAY) -> list[str | None]:
    return [row.recorded for row in register.presences.round(HOUSE, night)]


def test_fourteen_guests_with_two_exceptions_take_at_most_45_keys(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    stays = admit(register, 14)
    register.presences.record([NightMark(stay, YESTERDAY, "P") for stay in stays])
    told: list[str] = []
    context.told.connect(lambda _mood, text: told.append(text))
    dialog = opened(qtbot, context)
    typist = Typist(qtbot, dialog)
    for place in range(14):
        if place == 4:
            typist.press(KEY.Key_A)
        if place == 9:
            typist.press(KEY.Key_O)
        typist.press(KEY.Key_Return)
    assert recorded(register) == [None] * 14
    typist.press(KEY.Key_Return)
    expected = ["P"] * 14
    expected[4], expected[9] = "A", "O"
    assert recorded(register) == expected
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert told == ["Notte salvata: presenti 12, fuori 2."]
    assert typist.strokes <= 45


def test_yesterday_is_proposed_but_not_taken_for_granted(qtbot: QtBot, context: Context, register: Register) -> None:
    here, away = admit(register, 2)
    register.presences.record([NightMark(here, YESTERDAY, "P"), NightMark(away, YESTERDAY, "O")])
    dialog = opened(qtbot, context)
    assert [(line.state, line.confirmed) for line in dialog.sheet.lines] == [("P", False), ("O", False)]
    dialog.reject()
    assert recorded(register) == [None, None]


def test_the_round_begins_at_the_first_guest_who_is_not_recorded(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    stays = admit(register, 3)
    register.presences.record([NightMark(stays[0], TODAY, "A")])
    dialog = opened(qtbot, context)
    assert dialog.table.currentIndex().row() == 1
    Typist(qtbot, dialog).press(KEY.Key_Return, KEY.Key_Return, KEY.Key_Return)
    assert recorded(register) == ["A", "P", "P"]


def test_a_guest_passed_over_with_the_arrows_is_come_back_to(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    admit(register, 3)
    dialog = opened(qtbot, context)
    typist = Typist(qtbot, dialog)
    typist.press(KEY.Key_Down, KEY.Key_Return, KEY.Key_Return)
    assert dialog.table.currentIndex().row() == 0
    assert not dialog.sheet.is_complete
    assert recorded(register) == [None] * 3


def test_the_button_confirms_the_rest_as_shown(qtbot: QtBot, context: Context, register: Register) -> None:
    admit(register, 3)
    dialog = opened(qtbot, context)
    Typist(qtbot, dialog).press(KEY.Key_Down, KEY.Key_N)
    assert dialog.save.text() == "&Conferma il resto come mostrato"
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert recorded(register) == ["P", "N", "P"]


def test_guests_are_in_the_order_of_beds_as_people_count_them(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    rooms = tuple(RoomDraft(name, ("A", "B")) for name in ("10", "2", "Blu"))
    house = register.houses.add(HouseDraft("Grande", "DONNE", "PASTI", "PRI", rooms=rooms))
    beds = {bed.label: bed.id for bed in register.houses.free_beds(house, TODAY)}
    for label in ("10B", "BluA", "2A", "10A"):
        register.stays.admit(GuestDraft(label), StayDraft(house, TODAY, bed=beds[label]))
    register.stays.admit(GuestDraft("senza"), StayDraft(house, TODAY))
    assert [row.bed for row in register.presences.round(house)] == ["2A", "10A", "10B", "BluA", ""]


def test_a_round_with_nothing_new_writes_nothing(qtbot: QtBot, context: Context, register: Register) -> None:
    stays = admit(register, 2)
    register.presences.confirm(HOUSE, TODAY, dict.fromkeys(stays, "P"))
    changed: list[str] = []
    context.changed.connect(changed.append)
    dialog = opened(qtbot, context)
    Typist(qtbot, dialog).press(KEY.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert not changed


def test_what_was_done_before_a_lock_is_there_again(qtbot: QtBot, context: Context, register: Register) -> None:
    admit(register, 3)
    dialog = opened(qtbot, context)
    assert dialog.content() == {}
    Typist(qtbot, dialog).press(KEY.Key_A, KEY.Key_Return)
    kept = json.dumps(dialog.content())
    dialog.done(QDialog.DialogCode.Rejected)
    context.drafts = {RoundDialog.form_id: kept}
    parent = opened(qtbot, context)
    again = open_round(context, parent)
    assert [(line.state, line.confirmed) for line in again.sheet.lines] == [("A", True), ("P", False), ("P", False)]
    assert again.table.currentIndex().row() == 1
    assert context.drafts == {}
    again.close()


def test_the_draft_of_another_night_is_left_alone(qtbot: QtBot, context: Context, register: Register) -> None:
    stays = admit(register, 1)
    dialog = opened(qtbot, context)
    dialog.restore({"night": "2026-06-14", "states": {str(stays[0]): "A"}})
    assert dialog.content() == {}


def test_a_refused_night_is_said_and_nothing_of_it_is_written(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    """One of the guests left while the round was being made."""
    stays = admit(register, 2)
    dialog = opened(qtbot, context)
    register.stays.end(stays[1], TODAY, "RIN", "NON_NOTA")
    typist = Typist(qtbot, dialog)
    typist.press(KEY.Key_Return, KEY.Key_Return, KEY.Key_Return)
    assert dialog.isVisible()
    assert dialog._wrong.isVisible()
    assert dialog.save.isEnabled()
    assert register.presences.grid(HOUSE, Month(2026, 6)).rows[0].cells[14] == ""


def test_last_night_can_be_made_up_for(qtbot: QtBot, context: Context, register: Register) -> None:
    admit(register, 1)
    dialog = opened(qtbot, context, YESTERDAY)
    assert dialog.accessibleName() == "Presenze della notte di domenica 14 giugno 2026"
    Typist(qtbot, dialog).press(KEY.Key_Return, KEY.Key_Return)
    assert recorded(register, YESTERDAY) == ["P"]
    assert recorded(register) == [None]


def test_a_house_without_guests_says_so(qtbot: QtBot, context: Context) -> None:
    dialog = opened(qtbot, context)
    assert dialog.none.isVisible()
    assert not dialog.save.isEnabled()
