"""The entry by keyboard: a name and Return are enough; refusals are said beside their field; a lock loses nothing."""

from __future__ import annotations

import json
from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.reference.ids import BedId, GuestId
from app.services.guest import GuestDraft
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.dialogs.entry_dialog import EntryDialog
from tests.ui.desk import HOUSE, Told, admit, context_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
TODAY = date(2026, 6, 15)


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


def open_dialog(context: Context, qtbot: QtBot, **how: object) -> EntryDialog:
    made = EntryDialog(context, None, **how)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.open()
    return made


def names(register: Register) -> list[str]:
    return [row.name_used for row in register.guests.list_rows(HOUSE)]


def test_a_name_and_return_are_enough(context: Context, register: Register, qtbot: QtBot) -> None:
    told = Told(context)
    dialog = open_dialog(context, qtbot)
    qtbot.keyClicks(dialog.person.name_used, "Rina")
    with qtbot.waitSignal(dialog.admitted, timeout=0) as admitted:
        qtbot.keyClick(dialog.person.name_used, Qt.Key.Key_Return)
    card = register.guests.card(admitted.args[0])
    assert (card.name_used, card.stays[0].entered_on, card.stays[0].phase) == ("Rina", TODAY, "PRI")
    assert told.words == [("ok", "Ingresso di Rina registrato.")]
    assert not dialog.isVisible()


def test_the_whole_sheet_by_keyboard(context: Context, register: Register, qtbot: QtBot) -> None:
    dialog = open_dialog(context, qtbot)
    person = dialog.person
    qtbot.keyClicks(person.name_used, "Awa")
    qtbot.keyClicks(person.birth, "1999")
    for picker, texts in (
        (person.citizenships, ("costa d",)),
        (person.languages, ("franc", "bamb")),
        (person.diets, ("halal",)),
    ):
        for text in texts:
            qtbot.keyClicks(picker.combo, text)
            qtbot.keyClick(picker.combo, Qt.Key.Key_Return)
    qtbot.keyClicks(dialog.hour, "1:30")
    qtbot.keyClicks(dialog.bed, "2c")
    qtbot.keyClicks(dialog.source, "sportello")
    person.birth.editingFinished.emit()
    qtbot.keyClick(person.name_used, Qt.Key.Key_Return)
    guest = register.guests.list_rows(HOUSE)[0]
    card = register.guests.card(guest.id)
    stay = card.stays[0]
    assert (card.birth_quality, card.citizenships, card.languages, card.diets) == (
        "ANNO",
        ("CIV",),
        ("fr", "bm"),
        ("HAL",),
    )
    assert (stay.bed, stay.referral_source) == ("2C", "SPO")
    assert stay.entered_at is not None
    assert f"{stay.entered_at:%d %H:%M}" == "15 23:30"


def test_without_a_name_nothing_is_written(context: Context, register: Register, qtbot: QtBot) -> None:
    dialog = open_dialog(context, qtbot)
    qtbot.keyClick(dialog.entered_on, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.fields["name_used"].error()
    assert not names(register)


def test_a_day_to_come_is_refused_beside_the_day(context: Context, register: Register, qtbot: QtBot) -> None:
    dialog = open_dialog(context, qtbot)
    qtbot.keyClicks(dialog.person.name_used, "Rina")
    dialog.entered_on.selectAll()
    qtbot.keyClicks(dialog.entered_on, "20/6/2026")
    qtbot.keyClick(dialog.entered_on, Qt.Key.Key_Return)
    assert "deve ancora venire" in dialog.fields["entered_on"].error()
    assert not names(register)


def test_a_minor_alone_is_asked_for_a_reason(context: Context, register: Register, qtbot: QtBot) -> None:
    dialog = open_dialog(context, qtbot)
    qtbot.keyClicks(dialog.person.name_used, "Ada")
    assert not dialog.fields["minor_reason"].isVisible()
    qtbot.keyClicks(dialog.person.birth, "1/3/2012")
    qtbot.keyClick(dialog.person.birth, Qt.Key.Key_Return)
    assert dialog.fields["minor_reason"].isVisible()
    assert "È minore" in dialog.fields["minor_reason"].error()
    qtbot.keyClicks(dialog.minor_reason, "notte di emergenza, avvisato il tribunale")
    qtbot.keyClick(dialog.minor_reason, Qt.Key.Key_Return)
    assert names(register) == ["Ada"]


def test_a_child_with_her_mother_needs_no_reason(context: Context, register: Register, qtbot: QtBot) -> None:
    mother = register.stays.admit(GuestDraft("Rina", birth_date=date(1998, 1, 1)), StayDraft(HOUSE, TODAY))[0]
    dialog = open_dialog(context, qtbot)
    qtbot.keyClicks(dialog.person.name_used, "Ada")
    qtbot.keyClicks(dialog.person.birth, "1/3/2020")
    qtbot.keyClicks(dialog.person.together, "rina")
    qtbot.keyClick(dialog.person.together, Qt.Key.Key_Tab)
    qtbot.keyClick(dialog.person.birth, Qt.Key.Key_Return)
    assert [each.name_used for each in register.guests.card(mother).companions] == ["Ada"]


def test_a_bed_taken_meanwhile_is_said_beside_the_bed(context: Context, register: Register, qtbot: QtBot) -> None:
    dialog = open_dialog(context, qtbot)
    qtbot.keyClicks(dialog.person.name_used, "Joy")
    dialog.bed.set_code("1")
    register.stays.admit(GuestDraft("Rina"), StayDraft(HOUSE, TODAY, bed=BedId(1)))
    qtbot.keyClick(dialog.person.name_used, Qt.Key.Key_Return)
    assert "1A" in dialog.fields["bed"].error()
    assert names(register) == ["Rina"]


def test_beds_offered_are_those_free_on_the_day(context: Context, register: Register, qtbot: QtBot) -> None:
    _, stay = register.stays.admit(GuestDraft("Rina"), StayDraft(HOUSE, date(2026, 6, 1), bed=BedId(1)))
    register.stays.end(stay, date(2026, 6, 10), "AUT", "CAS_AFF")
    dialog = open_dialog(context, qtbot)
    assert dialog.bed.findText("1A") >= 0
    dialog.entered_on.selectAll()
    qtbot.keyClicks(dialog.entered_on, "5/6/2026")
    assert dialog.bed.findText("1A") < 0


def test_a_half_filled_form_comes_back_after_a_lock(context: Context, register: Register, qtbot: QtBot) -> None:
    mother, _ = admit(register)
    dialog = open_dialog(context, qtbot)
    assert dialog.content() == {}
    qtbot.keyClicks(dialog.person.name_used, "Ada")
    dialog.person.languages.set_codes(("bn", "en"))
    dialog.person.together.set_code(str(mother))
    dialog.bed.set_code("3")
    dialog.entered_on.set_day(date(2026, 6, 14))
    kept = json.dumps(dialog.content())
    again = open_dialog(context, qtbot)
    again.restore(json.loads(kept))
    assert again.content() == dialog.content()
    qtbot.keyClick(again.person.name_used, Qt.Key.Key_Return)
    ada = next(row for row in register.guests.list_rows(HOUSE) if row.name_used == "Ada")
    assert (ada.bed, ada.entered_on) == ("2A", date(2026, 6, 14))


def test_somebody_known_enters_again_without_being_asked_anew(
    context: Context, register: Register, qtbot: QtBot
) -> None:
    guest, stay = admit(register, "Vera")
    register.stays.end(stay, date(2026, 6, 3), "AUT", "CAS_AFF")
    dialog = open_dialog(context, qtbot, returning=register.guests.card(guest))
    qtbot.keyClick(dialog.entered_on, Qt.Key.Key_Return)
    stays = register.guests.card(GuestId(guest)).stays
    assert [line.entered_on for line in stays] == [TODAY, date(2026, 5, 1)]
