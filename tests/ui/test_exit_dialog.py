"""The guided exit by keyboard: household, things given back, follow-up; a lock loses nothing, a wrong day is told."""

from __future__ import annotations

import json
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.models.dossier import Consent
from app.models.protection import Deadline
from app.reference.ids import BedId
from app.services.custody import CustodyDraft
from app.services.exit import ExitDraft
from app.services.guest import GuestDraft
from app.services.intake import Admission, CompanionDraft, IntakeDraft
from app.services.presence import NightMark
from app.services.register import Register
from app.services.stay import StayDraft, StayEnd
from app.ui.context import Context
from app.ui.dialogs.exit_dialog import ExitDialog
from app.ui.dialogs.undo_exit_dialog import UndoExitDialog
from tests.ui.desk import HOUSE, Told, context_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
TODAY = date(2026, 6, 15)
TAB, RETURN, SPACE, DOWN = Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Down


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def mother(register: Register) -> Admission:
    return register.intakes.admit(
        IntakeDraft(
            StayDraft(HOUSE, date(2026, 5, 1), bed=BedId(1)),
            guest=GuestDraft("Rina", birth_date=date(1998, 1, 1)),
            companions=(CompanionDraft("Ada", date(2020, 1, 1)),),
            things=(CustodyDraft("PASSAP", "AB1"), CustodyDraft("CHIAVI", None, "OSPITE")),
        )
    )


def open_dialog(context: Context, qtbot: QtBot, mother: Admission) -> ExitDialog:
    card = context.register.guests.card(mother.guest)
    assert card.current is not None
    made = ExitDialog(context, card, card.current)
    qtbot.addWidget(made)
    with qtbot.waitActive(made, timeout=2000):
        made.open()
        made.activateWindow()
    return made


def press(qtbot: QtBot, *what: str | Qt.Key) -> int:
    """Type where the keyboard is, and return how many keys it took."""
    keys = 0
    for each in what:
        at = QApplication.activePopupWidget() or QApplication.focusWidget()
        if isinstance(each, str):
            qtbot.keyClicks(at, each)
        else:
            qtbot.keyClick(at, each)
        keys += len(each) if isinstance(each, str) else 1
    return keys


def test_mother_and_child_leave_with_their_things_by_keyboard_alone(
    context: Context, register: Register, qtbot: QtBot, mother: Admission
) -> None:
    told = Told(context)
    dialog = open_dialog(context, qtbot, mother)
    assert "lunedì 15 giugno 2026" in dialog.day.accessibleDescription()
    keys = press(qtbot, TAB, "autonomia", TAB, "affitto", TAB, TAB)
    keys += press(qtbot, SPACE, DOWN, SPACE, TAB, TAB, DOWN, TAB, TAB, "sera, chiedi di Lucia", RETURN)
    assert not dialog.isVisible()
    assert told.words[0][1].startswith("Uscita di Rina e di un’altra persona registrata.")
    assert not register.guests.list_rows(HOUSE)
    assert not any(row.comes_back for row in register.custodies.of_guest(mother.guest))
    with register.desk.vault.work() as session:
        assert [(row.kind, row.answer) for row in session.scalars(select(Consent))] == [("C5", "SI")]
        (deadline,) = session.scalars(select(Deadline)).all()
    assert (deadline.due_on, "chiedi di Lucia" in deadline.text) == (date(2026, 9, 15), True)
    assert keys < 60


def test_what_is_not_given_back_is_said_and_allowed(
    context: Context, register: Register, qtbot: QtBot, mother: Admission
) -> None:
    dialog = open_dialog(context, qtbot, mother)
    assert dialog._staying.text() == "Resta da restituire: Passaporto, Chiavi della casa."
    dialog.items.box(dialog_item(dialog, 0)).click()
    assert dialog._staying.text() == "Resta da restituire: Chiavi della casa."


def dialog_item(dialog: ExitDialog, at: int) -> str:
    assert dialog._view is not None
    return str(dialog._view.items[at].id)


def test_a_child_who_stays_alone_must_be_answered_for(
    context: Context, register: Register, qtbot: QtBot, mother: Admission
) -> None:
    dialog = open_dialog(context, qtbot, mother)
    dialog.reason.set_code("AUT")
    dialog.destination.set_code("CAS_AFF")
    assert not dialog._fields["alone_reason"].isVisible()
    dialog.together.box(str(mother.companions[0][1])).click()
    assert dialog._fields["alone_reason"].isVisible()
    assert "Ada" in dialog._alone.text()
    qtbot.keyClick(dialog.day, RETURN)
    assert dialog.isVisible()
    assert dialog._fields["alone_reason"].error()
    press(qtbot, "resta con la tutrice", RETURN)
    assert not dialog.isVisible()
    assert [row.name_used for row in register.guests.list_rows(HOUSE)] == ["Ada"]


def test_the_childs_nights_after_the_day_are_told_beside_the_day(
    context: Context, register: Register, qtbot: QtBot, mother: Admission
) -> None:
    register.presences.record([NightMark(mother.companions[0][1], date(2026, 6, 12), "P")])
    dialog = open_dialog(context, qtbot, mother)
    dialog.reason.set_code("AUT")
    dialog.destination.set_code("CAS_AFF")
    dialog.day.selectAll()
    press(qtbot, "10/6/2026", RETURN)
    assert "Per Ada risultano" in dialog._fields["day"].error()
    assert len(register.guests.list_rows(HOUSE)) == 2


@pytest.mark.parametrize("typed", ["1/1/2020", "30/6/2026", "x"])
def test_an_impossible_day_is_told_beside_the_day(
    context: Context, register: Register, qtbot: QtBot, mother: Admission, typed: str
) -> None:
    dialog = open_dialog(context, qtbot, mother)
    dialog.reason.set_code("AUT")
    dialog.destination.set_code("CAS_AFF")
    dialog.day.selectAll()
    press(qtbot, typed, RETURN)
    assert dialog.isVisible()
    assert dialog._fields["day"].error()
    assert len(register.guests.list_rows(HOUSE)) == 2


def test_a_lock_in_the_middle_loses_nothing(
    context: Context, register: Register, qtbot: QtBot, mother: Admission
) -> None:
    dialog = open_dialog(context, qtbot, mother)
    assert dialog.content() == {}
    dialog.items.box(dialog_item(dialog, 1)).click()
    dialog.together.box(str(mother.companions[0][1])).click()
    dialog.reason.setEditText("perco")
    dialog.alone_reason.setText("resta")
    dialog.note.setText("nota")
    dialog.follow_up.setCurrentIndex(dialog.follow_up.findData("SI"))
    dialog.contact.setText("sera")
    dialog.day.setText("1")
    kept = json.loads(json.dumps(dialog.content()))
    again = open_dialog(context, qtbot, mother)
    again.restore(kept)
    assert json.loads(json.dumps(again.content())) == kept
    assert again._fields["alone_reason"].isVisible()
    assert again._fields["contact"].isVisible()


def test_taking_an_exit_back_says_who_of_the_household_remains_out(
    context: Context, register: Register, qtbot: QtBot, mother: Admission
) -> None:
    end = StayEnd(date(2026, 6, 10), "AUT", "CAS_AFF")
    register.exits.end(ExitDraft(mother.stay, end, together=(mother.companions[0][1],)))
    card = register.guests.card(mother.guest)
    dialog = UndoExitDialog(context, card, card.stays[0])
    qtbot.addWidget(dialog)
    assert "resta fuori: Ada" in dialog._lead.text()
