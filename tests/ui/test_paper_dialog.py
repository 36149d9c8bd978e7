"""Nights kept on paper, typed line after line: few keys, errors in their place, all of it written or nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.reference.ids import StayId
from app.services.guest import GuestDraft
from app.services.presence import NightMark
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.dialogs.paper_dialog import PaperDialog, open_paper
from tests.ui.desk import HOUSE, context_of

MONDAY = date(2026, 6, 8)
KEY = Qt.Key


@pytest.fixture
def context(register: Register) -> Context:
    return context_of(register)


def admit(register: Register, count: int, entered: date = date(2026, 6, 1)) -> list[StayId]:
    draft = StayDraft(HOUSE, entered)
    return [register.stays.admit(GuestDraft(f"Ospite {n:02d}"), draft)[1] for n in range(count)]


def opened(qtbot: QtBot, context: Context) -> PaperDialog:
    dialog = PaperDialog(context, None)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def type_line(qtbot: QtBot, dialog: PaperDialog, letters: str) -> int:
    """Type a line where the keyboard is, with Return; return how many keys it took."""
    qtbot.keyClicks(dialog.focusWidget(), letters)
    qtbot.keyClick(dialog.focusWidget(), KEY.Key_Return)
    return len(letters) + 1


def cells(register: Register, at: int) -> str:
    return "".join(register.presences.nights(HOUSE, MONDAY, 7).lines[at].row.cells)


def test_a_week_of_fourteen_guests_takes_a_key_a_night_and_return(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    admit(register, 14)
    told: list[str] = []
    context.told.connect(lambda _mood, text: told.append(text))
    dialog = opened(qtbot, context)
    assert (dialog.first.day(), dialog.count.count()) == (MONDAY, 7)
    week = ["papppop", *["PPPPPPP"] * 12, "PPPPPPN"]
    keys = sum(type_line(qtbot, dialog, letters) for letters in week)
    assert dialog.focusWidget() is dialog.save
    qtbot.keyClick(dialog.save, KEY.Key_Return)
    assert keys + 1 == 113
    assert [cells(register, at) for at in range(14)] == [letters.upper() for letters in week]
    assert told == ["98 notti scritte dal foglio. Pasti e sigla: Compila, Appello della notte."]
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_a_plus_makes_it_fewer_than_fifty_keys(qtbot: QtBot, context: Context, register: Register) -> None:
    admit(register, 14)
    dialog = opened(qtbot, context)
    keys = sum(type_line(qtbot, dialog, letters) for letters in ["PAP+", *["P+"] * 13])
    qtbot.keyClick(dialog.save, KEY.Key_Return)
    assert keys + 1 <= 50
    assert cells(register, 0) == "PAPPPPP"


def test_a_line_that_cannot_be_read_says_so_in_its_place_and_keeps_the_keyboard(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    admit(register, 2)
    dialog = opened(qtbot, context)
    qtbot.keyClicks(dialog.edits[0], "PPP")
    assert dialog._said[0].text() == ""
    qtbot.keyClick(dialog.edits[0], KEY.Key_Return)
    assert dialog.focusWidget() is dialog.edits[0]
    assert dialog._said[0].text() == "Mancano 4 notti: 3 lettere su 7."
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    assert cells(register, 0) == ""
    # what is typed now takes the place of the whole line
    type_line(qtbot, dialog, "PPPPPPP")
    assert dialog.focusWidget() is dialog.edits[1]
    type_line(qtbot, dialog, "")
    qtbot.keyClick(dialog.save, KEY.Key_Return)
    assert (cells(register, 0), cells(register, 1)) == ("PPPPPPP", "")


def test_what_the_register_refuses_is_said_and_nothing_of_the_sheet_is_written(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    stays = admit(register, 2)
    dialog = opened(qtbot, context)
    register.stays.end(stays[1], date(2026, 6, 10), "RIN", "NON_NOTA")
    type_line(qtbot, dialog, "P+")
    type_line(qtbot, dialog, "P+")
    qtbot.keyClick(dialog.save, KEY.Key_Return)
    assert dialog.isVisible()
    assert dialog._wrong.isVisible()
    assert cells(register, 0) == ""


def test_what_is_recorded_is_shown_and_an_empty_sheet_writes_nothing(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    (stay,) = admit(register, 1, MONDAY + timedelta(days=1))
    register.presences.record([NightMark(stay, MONDAY + timedelta(days=2), "O")])
    changed: list[str] = []
    context.changed.connect(changed.append)
    dialog = opened(qtbot, context)
    assert dialog.edits[0].placeholderText() == "-.O...."
    type_line(qtbot, dialog, "")
    qtbot.keyClick(dialog.save, KEY.Key_Return)
    assert not changed


def test_other_nights_can_be_chosen_and_what_was_typed_survives_a_lock(
    qtbot: QtBot, context: Context, register: Register
) -> None:
    admit(register, 2)
    dialog = opened(qtbot, context)
    assert dialog.content() == {}
    dialog.first.setFocus()
    qtbot.keyClick(dialog.first, KEY.Key_Up)
    dialog.count.setFocus()
    qtbot.keyClick(dialog.count, KEY.Key_Down)
    dialog.edits[1].setFocus()
    qtbot.keyClicks(dialog.edits[1], "PPA")
    kept = json.dumps(dialog.content())
    dialog.done(QDialog.DialogCode.Rejected)
    context.drafts = {PaperDialog.form_id: kept}
    again = open_paper(context, opened(qtbot, context))
    assert (again.first.day(), again.count.count()) == (MONDAY + timedelta(days=1), 6)
    assert [edit.text() for edit in again.edits] == ["", "PPA"]
    again.done(0)


def test_nights_without_guests_say_so(qtbot: QtBot, context: Context) -> None:
    dialog = opened(qtbot, context)
    assert dialog.none.isVisible()
    assert not dialog.save.isEnabled()
