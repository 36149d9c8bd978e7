"""The evening round: few keys, nothing written before the end, all of it signed, and nothing lost by a lock."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app.reference.ids import HouseId, StayId
from app.services.calendar import Month
from app.services.guest import GuestDraft
from app.services.house import HouseDraft, RoomDraft
from app.services.intake import CompanionDraft, IntakeDraft
from app.services.presence import NightMark
from app.services.register import Register
from app.services.round import RoundDraft
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.dialogs.round_dialog import RoundDialog, open_round
from app.ui.tasks import InlineRunner
from app.ui.theme import apply_theme

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
    """Presses keys where the keyboard is, and counts them."""

    def __init__(self, qtbot: QtBot, dialog: RoundDialog) -> None:
        self.qtbot, self.dialog, self.strokes = qtbot, dialog, 0

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.qtbot.keyClick(self.dialog.focusWidget() or self.dialog, key)
            self.strokes += 1

    def sign(self) -> None:
        self.press(KEY.Key_S, KEY.Key_B, KEY.Key_Return)


def lines(dialog: RoundDialog) -> list[tuple[str, bool]]:
    assert dialog.sheet is not None
    return [(line.state, line.confirmed) for line in dialog.sheet.lines]


def chosen(dialog: RoundDialog) -> int:
    assert dialog.list is not None
    return dialog.list.chosen()


def recorded(register: Register, night: date = TODAY) -> list[str | None]:
    return [row.recorded for row in register.presences.round(HOUSE, night)]


def test_fourteen_guests_with_two_exceptions_meals_and_initials_take_at_most_45_keys(
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
            typist.press(KEY.Key_O, KEY.Key_1)  # she had breakfast before the ambulance came
        if place == 11:
            typist.press(KEY.Key_S)  # a packed lunch
        if place == 12:
            typist.press(KEY.Key_3)  # no dinner
        typist.press(KEY.Key_Return)
    assert recorded(register) == [None] * 14
    typist.sign()
    assert typist.strokes == 22
    expected = ["P"] * 14
    expected[4], expected[9] = "A", "O"
    assert recorded(register) == expected
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert told == ["Notte salvata e firmata SB: presenti 12, fuori 2."]
    sheet = register.meals.sheet(HOUSE, TODAY)
    assert sheet.confirmed
    assert [sheet.rows[place].kinds for place in (4, 9, 11, 12)] == [
        (),
        ("COL",),
        ("CEN", "COL", "SAC"),
        ("COL", "PRA"),
    ]
    signed = register.presences.signed(HOUSE, TODAY)
    assert signed is not None
    assert (signed.initials, signed.by) == ("SB", "S. Bianchi")


def test_yesterday_is_proposed_but_not_taken_for_granted(qtbot: QtBot, context: Context, register: Register) -> None:
    here, away = admit(register, 2)
    register.presences.record([NightMark(here, YESTERDAY, "P"), NightMark(away, YESTERDAY, "O")])
    dialog = opened(qtbot, context)
    assert lines(dialog) == [("P", False), ("O", False)]
    dialog.reject()
    assert recorded(register) == [None, None]


def test_the_round_begins_at_the_first_guest_who_is_not_recorded(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    stays = admit(register, 3)
    register.presences.record([NightMark(stays[0], TODAY, "A")])
    dialog = opened(qtbot, context)
    assert chosen(dialog) == 1
    typist = Typist(qtbot, dialog)
    typist.press(KEY.Key_Return, KEY.Key_Return)
    typist.sign()
    assert recorded(register) == ["A", "P", "P"]


def test_a_guest_passed_over_with_the_arrows_is_come_back_to(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    admit(register, 3)
    dialog = opened(qtbot, context)
    typist = Typist(qtbot, dialog)
    typist.press(KEY.Key_Down, KEY.Key_Return, KEY.Key_Return)
    assert chosen(dialog) == 0
    assert dialog.sheet is not None
    assert not dialog.sheet.is_complete
    assert recorded(register) == [None] * 3


def test_the_button_confirms_the_rest_as_shown(qtbot: QtBot, context: Context, register: Register) -> None:
    admit(register, 3)
    dialog = opened(qtbot, context)
    Typist(qtbot, dialog).press(KEY.Key_Down, KEY.Key_N)
    assert dialog.save.text() == "&Conferma il resto e firma"
    dialog.initials.clear()
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert recorded(register) == [None] * 3
    assert dialog.signature.error() == "Scrivi la tua sigla."
    Typist(qtbot, dialog).sign()
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


def test_the_arrows_pass_over_the_headings_of_the_rooms(qtbot: QtBot, context: Context, register: Register) -> None:
    beds = register.houses.free_beds(HOUSE, TODAY)
    for bed in (beds[0], beds[2]):
        register.stays.admit(GuestDraft(bed.label), StayDraft(HOUSE, TODAY, bed=bed.id))
    dialog = opened(qtbot, context)
    assert dialog.list is not None
    assert [dialog.list.model.say(at).split("  ")[0].strip() for at in (0, 2)] == ["Stanza 1", "Stanza 2"]
    typist = Typist(qtbot, dialog)
    typist.press(KEY.Key_Down)
    assert chosen(dialog) == 1
    typist.press(KEY.Key_Up, KEY.Key_Up)
    assert chosen(dialog) == 0


def test_a_note_is_written_with_the_night_and_read_with_the_signature(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    admit(register, 1)
    dialog = opened(qtbot, context)
    dialog.note.setText("La caldaia è ferma")
    typist = Typist(qtbot, dialog)
    typist.press(KEY.Key_Return)
    typist.sign()
    signed = register.presences.signed(HOUSE, TODAY)
    assert signed is not None
    assert signed.note == "La caldaia è ferma"
    again = opened(qtbot, context)
    assert again._lead.text().startswith("Già firmata SB (S. Bianchi)")
    assert again.note.text() == "La caldaia è ferma"


def test_a_round_signed_already_and_unchanged_writes_nothing(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    (stay,) = admit(register, 1)
    register.rounds.sign(HOUSE, TODAY, RoundDraft({stay: "P"}, "SB", {stay: ("PRA",)}))
    changed: list[str] = []
    context.changed.connect(changed.append)
    dialog = opened(qtbot, context)
    Typist(qtbot, dialog).press(KEY.Key_Return, KEY.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert not changed


def test_what_was_done_before_a_lock_is_there_again(qtbot: QtBot, context: Context, register: Register) -> None:
    admit(register, 3)
    dialog = opened(qtbot, context)
    assert dialog.content() == {}
    Typist(qtbot, dialog).press(KEY.Key_A, KEY.Key_Return, KEY.Key_2)
    kept = json.dumps(dialog.content())
    dialog.done(QDialog.DialogCode.Rejected)
    assert context.drafts == {}
    context.drafts = {RoundDialog.form_id: kept}
    parent = opened(qtbot, context)
    again = open_round(context, parent)
    assert lines(again) == [("A", True), ("P", False), ("P", False)]
    assert again.sheet is not None
    assert again.sheet.lines[1].kinds == ("COL", "CEN")
    assert chosen(again) == 1
    assert context.drafts == {}
    again.done(0)


def test_a_round_of_another_night_left_half_done_is_offered_and_not_lost(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    (stay,) = admit(register, 1)
    context.drafts = {RoundDialog.form_id: json.dumps({"nights": {"2026-06-14": {"states": {str(stay): "A"}}}})}
    parent = opened(qtbot, context)
    tonight = open_round(context, parent)
    assert lines(tonight) == [("P", False)]
    assert tonight.half.isVisible()
    typist = Typist(qtbot, tonight)
    typist.press(KEY.Key_Return)
    typist.sign()
    assert recorded(register) == ["P"]
    again = open_round(context, parent)
    again.half.action_asked.emit()
    assert again.night.day() == YESTERDAY
    assert lines(again) == [("A", True)]
    assert not again.half.isVisible()
    again.done(0)
    assert context.drafts == {}


def test_another_night_is_chosen_in_the_round_itself(qtbot: QtBot, context: Context, register: Register) -> None:
    admit(register, 2)
    dialog = opened(qtbot, context)
    typist = Typist(qtbot, dialog)
    typist.press(KEY.Key_L)
    dialog.night.setFocus()
    typist.press(KEY.Key_Down)
    assert lines(dialog) == [("P", False), ("P", False)]
    dialog.night.setFocus()
    typist.press(KEY.Key_Up)
    assert lines(dialog) == [("L", True), ("P", False)]


def test_a_refused_night_is_said_and_nothing_of_it_is_written(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    """One of the guests left while the round was being made."""
    stays = admit(register, 2)
    dialog = opened(qtbot, context)
    register.stays.end(stays[1], TODAY, "RIN", "NON_NOTA")
    typist = Typist(qtbot, dialog)
    typist.press(KEY.Key_Return, KEY.Key_Return)
    typist.sign()
    assert dialog.isVisible()
    assert dialog._wrong.isVisible()
    assert dialog.save.isEnabled()
    assert register.presences.grid(HOUSE, Month(2026, 6)).rows[0].cells[14] == ""
    assert register.presences.signed(HOUSE, TODAY) is None


def test_last_night_can_be_made_up_for(qtbot: QtBot, context: Context, register: Register) -> None:
    admit(register, 1)
    dialog = opened(qtbot, context, YESTERDAY)
    assert dialog.accessibleName() == "Presenze della notte di domenica 14 giugno 2026"
    typist = Typist(qtbot, dialog)
    typist.press(KEY.Key_Return)
    typist.sign()
    assert recorded(register, YESTERDAY) == ["P"]
    assert recorded(register) == [None]


def test_a_night_of_a_closed_month_is_shown_and_cannot_be_signed(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    last = date(2026, 5, 31)
    (_, stay) = register.stays.admit(GuestDraft("Amina"), StayDraft(HOUSE, last))
    register.presences.record([NightMark(stay, last, "P")])
    register.months.close(HOUSE, Month(2026, 5))
    dialog = opened(qtbot, context, last)
    assert dialog._wrong.isVisible()
    assert not dialog.save.isEnabled()


def test_a_house_without_guests_says_so(qtbot: QtBot, context: Context) -> None:
    dialog = opened(qtbot, context)
    assert dialog.none.isVisible()
    assert not dialog.save.isEnabled()


@pytest.fixture
def large_letters(qapp: QApplication) -> Iterator[None]:
    apply_theme(qapp, scale=1.5)
    yield
    apply_theme(qapp)


@pytest.mark.usefixtures("large_letters")
def test_with_letters_half_as_large_again_eight_guests_are_in_view_on_the_old_laptop(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    for n in range(14):
        beds = register.houses.free_beds(HOUSE, TODAY)
        register.stays.admit(GuestDraft(f"Ospite {n:02d}"), StayDraft(HOUSE, TODAY, bed=beds[0].id if beds else None))
    dialog = opened(qtbot, context)
    dialog.resize(1350, 720)
    QApplication.sendPostedEvents()
    assert dialog.list is not None
    view = dialog.list.view
    assert (dialog.width(), dialog.height()) == (1350, 720)
    whole = [at for at in range(14) if view.visualRect(view.proxy.index(at, 0)).bottom() < view.viewport().height()]
    assert len(whole) >= 8
    assert dialog.hints.isVisible()
    assert not dialog.meal_keys.isVisible()


def test_children_who_remain_without_their_mother_are_named_and_the_night_can_be_signed(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    children = (CompanionDraft("Tobi", date(2019, 1, 1)), CompanionDraft("Ada", date(2021, 1, 1)))
    mother = GuestDraft("Rina", birth_date=date(1995, 1, 1))
    register.intakes.admit(IntakeDraft(StayDraft(HOUSE, TODAY), guest=mother, companions=children))
    dialog = opened(qtbot, context)
    assert not dialog.alone.isVisible()
    assert dialog.sheet is not None
    at = next(at for at, line in enumerate(dialog.sheet.lines) if line.row.name_used == "Rina")
    assert dialog.list is not None
    dialog.list.choose(at)
    typist = Typist(qtbot, dialog)
    typist.press(KEY.Key_O)
    assert dialog.alone.isVisible()
    assert dialog.alone.text() == "Restano senza un adulto del nucleo: Ada, Tobi."
    typist.press(KEY.Key_P)
    assert not dialog.alone.isVisible()
    typist.press(KEY.Key_O)
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert sorted(filter(None, recorded(register))) == ["O", "P", "P"]


def test_the_initials_of_who_is_at_the_desk_are_proposed_and_others_take_their_place(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    admit(register, 1)
    dialog = opened(qtbot, context)
    assert dialog.initials.text() == "SB"
    assert dialog.content() == {}
    typist = Typist(qtbot, dialog)
    typist.press(KEY.Key_Return, KEY.Key_M, KEY.Key_F, KEY.Key_Return)
    signed = register.presences.signed(HOUSE, TODAY)
    assert signed is not None
    assert (signed.initials, signed.by) == ("MF", "S. Bianchi")
    assert not opened(qtbot, context).initials.text()
