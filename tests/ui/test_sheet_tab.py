"""The tab Scheda: custody, household, needs and entry are put right from it, and nothing stays after a lock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.models.work import Operator
from app.reference.ids import BedId, OperatorId
from app.services.chain import append
from app.services.custody import CustodyDraft
from app.services.guest import GuestDraft
from app.services.intake import Admission, CompanionDraft, IntakeDraft
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.dialogs.entry_change_dialog import EntryChangeDialog
from app.ui.dialogs.give_back_dialog import GiveBackDialog
from app.ui.dialogs.guest_dialog import GuestDialog
from app.ui.dialogs.hand_over_dialog import HandOverDialog
from app.ui.dialogs.household_dialog import JoinHouseholdDialog, LeaveHouseholdDialog
from app.ui.dialogs.needs_dialog import NeedsDialog
from app.ui.pages.guests_page import GuestsPage
from tests.ui.desk import HOUSE, Told, admit, context_of, is_shown, shown

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
TODAY = date(2026, 6, 15)
RETURN = Qt.Key.Key_Return


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def page(context: Context, qtbot: QtBot) -> Iterator[GuestsPage]:
    made = GuestsPage(context)
    qtbot.addWidget(made)
    made.resize(1166, 716)
    made.show()
    yield made
    for dialog in made.findChildren(QDialog):
        dialog.close()


@pytest.fixture
def rina(register: Register) -> Admission:
    return register.intakes.admit(
        IntakeDraft(
            StayDraft(HOUSE, date(2026, 6, 1), bed=BedId(1), referral_source="UDS", referrer_name="Anna"),
            guest=GuestDraft("Rina", "Rina", "Begum", date(1998, 1, 1), case_worker=OperatorId(1)),
            companions=(CompanionDraft("Ada", date(2020, 1, 1)),),
            needs=("VESTITI", "FARMACI"),
            things=(CustodyDraft("PASSAP", "AB123456"),),
        )
    )


def words_on(widget: QWidget) -> str:
    QApplication.sendPostedEvents()  # Qt shows what was added to a layout with the next event
    labels = " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))
    named = (each.accessibleName() for each in widget.findChildren(QWidget) if each.isVisibleTo(widget))
    return f"{labels} {' '.join(named)}"


def test_all_groups_of_sheet_a_are_told(page: GuestsPage, rina: Admission) -> None:
    page.open(rina.guest)
    said = words_on(page.view.sheet)
    for word in ("1 gen 1998", "S. Bianchi", "Ada, 6 anni, minore", "Unità di strada", "Anna", "Vestiti", "Passaporto"):
        assert word in said
    assert "Begum" not in said


def test_a_thing_is_given_back_and_the_return_taken_back(
    page: GuestsPage, rina: Admission, register: Register, qtbot: QtBot
) -> None:
    page.open(rina.guest)
    give = next(b for b in page.view.sheet.custody.findChildren(QPushButton) if b.text() == "Restituisci…")
    assert give.accessibleName() == "Restituisci: Passaporto · AB123456"
    give.click()
    qtbot.keyClick(shown(GiveBackDialog).day, RETURN)
    assert register.custodies.of_guest(rina.guest)[0].returned_on == TODAY
    assert "restituito il 15 giu 2026, S. Bianchi" in words_on(page.view.sheet)
    undo = [b for b in page.view.sheet.custody.findChildren(QPushButton) if b.isVisibleTo(page.view)]
    undo[0].click()
    assert register.custodies.of_guest(rina.guest)[0].comes_back


def test_things_are_handed_over_later_by_keyboard(
    page: GuestsPage, rina: Admission, register: Register, qtbot: QtBot
) -> None:
    page.open(rina.guest)
    page.view.sheet.hand_over.click()
    dialog = shown(HandOverDialog)
    qtbot.keyClick(dialog.day, RETURN)
    assert is_shown(HandOverDialog)
    row = dialog.things.rows()[0]
    row.kind.set_code("DENARO")
    qtbot.keyClicks(row.description, "120")
    dialog.day.setText("1/5/2026")
    qtbot.keyClick(dialog.day, RETURN)
    assert is_shown(HandOverDialog)
    dialog.day.setText("2/6/2026")
    qtbot.keyClick(dialog.day, RETURN)
    assert not is_shown(HandOverDialog)
    assert [(row.kind, row.handed_on) for row in register.custodies.of_guest(rina.guest)] == [
        ("DENARO", date(2026, 6, 2)),
        ("PASSAP", date(2026, 6, 1)),
    ]


def test_a_household_is_joined_and_left_from_the_card(
    page: GuestsPage, rina: Admission, register: Register, qtbot: QtBot, context: Context
) -> None:
    joy, _ = admit(register, "Joy")
    page.open(joy)
    page.view.sheet.join.click()
    dialog = shown(JoinHouseholdDialog)
    qtbot.keyClicks(dialog.other, "rina")
    qtbot.keyClick(dialog.other, RETURN)
    assert {each.name_used for each in register.guests.card(joy).companions} == {"Rina", "Ada"}
    page.view.sheet.leave.click()
    qtbot.keyClick(shown(LeaveHouseholdDialog), RETURN)
    assert not register.guests.card(joy).companions
    told = Told(context)
    page.open(rina.guest)
    row = page.view.sheet._people.itemAt(0).widget()
    qtbot.keyClick(row, RETURN)
    assert told.pages == [("guests", rina.companions[0][0])]


def test_a_child_is_not_taken_out_without_a_reason_and_the_card_warns(
    page: GuestsPage, rina: Admission, register: Register, qtbot: QtBot
) -> None:
    ada = rina.companions[0][0]
    page.open(ada)
    assert not page.view.sheet._alone.isVisibleTo(page.view)
    page.view.sheet.leave.click()
    dialog = shown(LeaveHouseholdDialog)
    qtbot.keyClick(dialog.reason, RETURN)
    assert is_shown(LeaveHouseholdDialog)
    qtbot.keyClicks(dialog.reason, "affidata alla zia")
    qtbot.keyClick(dialog.reason, RETURN)
    assert not is_shown(LeaveHouseholdDialog)
    assert page.view.sheet._alone.isVisibleTo(page.view)
    assert "affidata alla zia" in words_on(page.view.sheet)


def test_entry_and_needs_are_put_right(page: GuestsPage, rina: Admission, register: Register, qtbot: QtBot) -> None:
    page.open(rina.guest)
    page.view.sheet.change_arrival.click()
    dialog = shown(EntryChangeDialog)
    dialog.hour.setText("99")
    qtbot.keyClick(dialog.phone, RETURN)
    assert is_shown(EntryChangeDialog)
    dialog.hour.setText("22:15")
    qtbot.keyClicks(dialog.phone, "02 1234")
    qtbot.keyClick(dialog.phone, RETURN)
    assert "Anna · 02 1234" in words_on(page.view.sheet)
    page.view.sheet.change_needs.click()
    needs = shown(NeedsDialog)
    needs.needs.box("CIBO").click()
    qtbot.keyClick(needs.needs.box("CIBO"), RETURN)
    stay = register.guests.card(rina.guest).stays[0]
    assert (stay.needs, stay.referrer_phone) == (("CIBO", "VESTITI", "FARMACI"), "02 1234")


def test_health_needs_are_said_to_be_reserved_to_a_role_that_may_not_read_them(
    page: GuestsPage, rina: Admission, register: Register
) -> None:
    with register.desk.vault.work() as session:
        session.get_one(Operator, 1).role = "TURNO"
    page.open(rina.guest)
    said = words_on(page.view.sheet)
    assert "Farmaci" not in said
    assert "altri, riservati" in said
    page.view.sheet.change_needs.click()
    assert "FARMACI" not in list(shown(NeedsDialog).needs._boxes)


def test_a_changed_form_is_a_draft_and_an_unchanged_one_is_none(
    page: GuestsPage, rina: Admission, context: Context
) -> None:
    page.open(rina.guest)
    page.view.sheet.change.click()
    dialog = shown(GuestDialog)
    assert dialog.content() == {}
    dialog.person.given_name.setText("Rinata")
    kept = dialog.content()
    dialog.close()
    again = GuestDialog(context, rina.guest)
    again.restore(kept)
    assert again.content() == kept
    assert again.person.case_worker.code() == "1"
    again.deleteLater()


def test_the_footer_tells_who_else_opened_the_card(page: GuestsPage, rina: Admission, register: Register) -> None:
    with register.desk.vault.work() as session:
        session.add(Operator(id=2, login="mferri", display_name="M. Ferri", role="TURNO"))
        session.flush()
        append(session, "read", "guest", rina.guest, at=register.desk.now(), operator=2)
    page.open(rina.guest)
    assert "Ultimo accesso alla scheda: M. Ferri, oggi 22:00" in words_on(page.view)


def test_a_very_long_name_leaves_the_code_in_sight(page: GuestsPage, register: Register) -> None:
    guest, _ = admit(register, "Maria Antonietta Guadalupe della Misericordia Immacolata Concezione")
    page.open(guest)
    QApplication.sendPostedEvents()
    view = page.view
    assert view._code.width() >= view._code.sizeHint().width()
    assert view._code.mapTo(view, view._code.rect().topRight()).x() < view.print_button.x()


def test_a_lock_leaves_no_word_in_any_group(page: GuestsPage, rina: Admission) -> None:
    page.open(rina.guest)
    page.view.sheet.reveal.click()
    page.clear()
    left = " ".join(label.text() + label.toolTip() for label in page.findChildren(QLabel))
    named = " ".join(each.accessibleName() + each.accessibleDescription() for each in page.findChildren(QWidget))
    for word in ("Rina", "Begum", "Ada", "AB123456", "Anna", "S. Bianchi"):
        assert word not in left
        assert word not in named
