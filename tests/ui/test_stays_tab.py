"""Soggiorni: phases, transfers, absences, a wrong entry put right and an annulled one put back, through the windows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.reference.ids import BedId, GuestId, HouseId, StayId
from app.services.guest import GuestDraft
from app.services.house import HouseDraft, RoomDraft
from app.services.presence import NightMark
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.dialogs.absence_dialog import AbsenceDialog
from app.ui.dialogs.annul_dialog import AnnulDialog, AnnulledDialog
from app.ui.dialogs.correction_dialog import CorrectionDialog
from app.ui.dialogs.phase_dialog import PhaseDialog
from app.ui.dialogs.transfer_dialog import TransferDialog
from app.ui.kit import Dialog
from app.ui.pages.guests_page import ANNULLED, GuestsPage
from app.ui.tabs.stays_tab import StaysTab
from tests.sealed_story import as_role
from tests.ui.desk import HOUSE, Told, context_of, is_shown, shown

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
TODAY = date(2026, 6, 15)
ENTERED = date(2026, 6, 5)
DAY = timedelta(days=1)


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def told(context: Context) -> Told:
    return Told(context)


@pytest.fixture
def rina(register: Register) -> tuple[GuestId, StayId]:
    return register.stays.admit(GuestDraft("Rina"), StayDraft(HOUSE, ENTERED, phase="PRO", bed=BedId(1)))


@pytest.fixture
def other(register: Register) -> HouseId:
    rooms = (RoomDraft("1", ("A", "B")),)
    return register.houses.add(HouseDraft("Casa Tiglio", "DONNE", "PASTI", "SEM", rooms=rooms))


@pytest.fixture
def page(context: Context, rina: tuple[GuestId, StayId], qtbot: QtBot) -> Iterator[GuestsPage]:
    made = GuestsPage(context)
    qtbot.addWidget(made)
    made.resize(1166, 716)
    made.show()
    made.open(rina[0])
    made.view.tabs.show_tab("stays")
    yield made
    for dialog in made.findChildren(QDialog):
        dialog.close()


@pytest.fixture
def tab(page: GuestsPage) -> StaysTab:
    return page.view.stays


def words_on(widget: QWidget) -> str:
    QApplication.sendPostedEvents()
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def test_a_phase_is_changed_and_taken_back(tab: StaysTab, told: Told, qtbot: QtBot) -> None:
    tab.change_phase.click()
    dialog = shown(PhaseDialog)
    qtbot.keyClicks(dialog.phase, "seconda")
    qtbot.keyClick(dialog.phase, Qt.Key.Key_Return)
    assert told.words == [("ok", "Rina: Seconda accoglienza dal 15 giu 2026.")]
    assert "Pronta accoglienza · 0 notti · poi Seconda accoglienza" in words_on(tab)
    tab.change_phase.click()
    undo = next(b for b in shown(PhaseDialog).findChildren(QPushButton) if b.text() == "Togli")
    undo.click()
    assert "poi Seconda" not in words_on(tab)


def test_a_transfer_shows_both_houses(tab: StaysTab, other: HouseId, told: Told, qtbot: QtBot) -> None:
    tab.transfer.click()
    dialog = shown(TransferDialog)
    assert dialog.house.currentText() == "Casa Tiglio"
    qtbot.keyClicks(dialog.bed, "1b")
    qtbot.keyClick(dialog.bed, Qt.Key.Key_Return)
    assert told.words == [("ok", "Rina passa a Casa Tiglio.")]
    said = words_on(tab)
    assert "dal 15 giu 2026 · Casa Tiglio · Stanza 1 · letto B" in said
    assert "Passaggio a Casa Tiglio" in said


@pytest.mark.parametrize("role", ["TURNO", "SALUTE"])
def test_who_may_not_correct_is_told_who_may_and_gets_no_form(
    register: Register, tab: StaysTab, page: GuestsPage, rina: tuple[GuestId, StayId], role: str
) -> None:
    assert not tab.correct.isHidden()
    assert tab.reserved.isHidden()
    with as_role(register, role):
        page.refresh()
        assert tab.correct.isHidden()
        assert tab.annul.isHidden()
        assert not tab.reserved.isHidden()
        assert "Coordinamento ed Educatrice" in words_on(tab)
        tab.open_correction()
        tab.open_annul()
        assert not is_shown(CorrectionDialog)
        assert not is_shown(AnnulDialog)


def test_annulled_entries_are_read_by_a_shift_and_put_back_by_others(
    register: Register, page: GuestsPage, rina: tuple[GuestId, StayId]
) -> None:
    register.corrections.annul(rina[1], "prova")
    for role, offered in (("TURNO", False), ("EDUCATRICE", True)):
        with as_role(register, role):
            page.open_annulled()
            dialog = shown(AnnulledDialog)
            assert "Rina" in words_on(dialog)
            assert any(b.text() == "Rimetti" for b in dialog.findChildren(QPushButton)) == offered
            assert ("riservato" in words_on(dialog)) != offered
            dialog.done(0)
            dialog.deleteLater()
            QApplication.sendPostedEvents(None, 52)


def test_a_transfer_with_one_house_alone_says_what_to_do_instead(tab: StaysTab, qtbot: QtBot) -> None:
    tab.open_transfer()
    dialog = shown(TransferDialog)
    assert "una struttura sola" in words_on(dialog)
    assert not dialog._save.isEnabled()


def test_an_absence_writes_the_nights_that_are_over(
    tab: StaysTab, register: Register, rina: tuple[GuestId, StayId], qtbot: QtBot
) -> None:
    tab.absence.click()
    dialog = shown(AbsenceDialog)
    dialog.first.set_day(TODAY - 2 * DAY)
    dialog.last.set_day(TODAY + 3 * DAY)
    dialog._save.click()
    (history,) = register.stays.history(rina[0])
    assert history.stretches[0].authorised == 3


def test_a_wrong_day_of_entry_is_put_right_and_records_go_only_after_a_question(
    tab: StaysTab, register: Register, rina: tuple[GuestId, StayId], told: Told, qtbot: QtBot
) -> None:
    register.presences.record([NightMark(rina[1], ENTERED + n * DAY, "P") for n in range(3)])
    tab.correct.click()
    dialog = shown(CorrectionDialog)
    dialog._save.click()
    assert "Non hai cambiato nulla." in words_on(dialog)
    dialog.entered_on.set_day(ENTERED + 2 * DAY)
    dialog._save.click()
    assert "2 presenze prima dell’ingresso corretto (5 giu – 6 giu)" in words_on(dialog)
    dialog._drop.click()
    question = next(d for d in dialog.findChildren(Dialog) if d.isVisible())
    next(b for b in question.findChildren(QPushButton) if b.text().startswith("Togli")).click()
    assert not is_shown(CorrectionDialog)
    (history,) = register.stays.history(rina[0])
    assert (history.entered_on, history.stretches[0].here) == (ENTERED + 2 * DAY, 1)
    assert told.words == [("ok", "Soggiorno di Rina corretto.")]


def test_a_correction_that_leaves_a_child_alone_asks_why_or_takes_her_along(
    tab: StaysTab, register: Register, rina: tuple[GuestId, StayId], qtbot: QtBot
) -> None:
    child = GuestDraft("Piccola", birth_date=date(2020, 1, 1), birth_quality="CERTA", together_with=rina[0])
    _, small = register.stays.admit(child, StayDraft(HOUSE, ENTERED))
    tab.correct.click()
    dialog = shown(CorrectionDialog)
    dialog.entered_on.set_day(ENTERED + DAY)
    dialog._save.click()
    assert "Non è stato scritto nulla" in words_on(dialog)
    assert dialog.focusWidget() is dialog.alone
    qtbot.keyClicks(dialog.alone, "arrivata prima con la zia")
    qtbot.keyClick(dialog.alone, Qt.Key.Key_Return)
    assert not is_shown(CorrectionDialog)
    assert register.corrections.fields(rina[1]).entered_on == ENTERED + DAY
    assert register.corrections.fields(small).entered_on == ENTERED


def test_a_wrong_house_is_put_right_and_nights_go_along_with_one_key(
    page: GuestsPage, register: Register, other: HouseId, rina: tuple[GuestId, StayId], qtbot: QtBot
) -> None:
    register.stays.admit(GuestDraft("Joy"), StayDraft(HOUSE, ENTERED, bed=BedId(2)))
    page.refresh()
    register.presences.record([NightMark(rina[1], ENTERED + n * DAY, "P") for n in range(3)])
    page.view.stays.correct.click()
    dialog = shown(CorrectionDialog)
    dialog.house.set_code(str(other))
    dialog._save.click()
    assert "cambia la data" not in words_on(dialog)
    question = next(d for d in dialog.findChildren(Dialog) if d.isVisible())
    assert "3 presenze" in words_on(question)
    qtbot.keyClick(question, Qt.Key.Key_Return)
    assert not is_shown(CorrectionDialog)
    (history,) = register.stays.history(rina[0])
    assert (history.house, history.stretches[0].here) == (other, 3)
    assert page._right.currentWidget() is page._none_chosen  # Joy is not shown under the same buttons
    page.refresh()
    assert page._right.currentWidget() is page._none_chosen
    page.open()
    assert page._right.currentWidget() is page.view


def test_an_annulled_transfer_offers_to_reopen_the_stay_before(
    tab: StaysTab, register: Register, other: HouseId, rina: tuple[GuestId, StayId], qtbot: QtBot
) -> None:
    register.stays.transfer(rina[1], other, TODAY)
    tab.refresh()
    tab.annul.click()
    dialog = shown(AnnulDialog)
    assert "È un trasferimento da Casa di prova" in words_on(dialog)
    assert dialog.reopen.isChecked()
    qtbot.keyClicks(dialog.why, "mai partita")
    dialog._save.click()
    (history,) = register.stays.history(rina[0])
    assert (history.id, history.exit_on, history.stretches[0].bed) == (rina[1], None, "A")


def test_a_correction_survives_a_lock_as_a_draft(tab: StaysTab, context: Context, qtbot: QtBot) -> None:
    tab.correct.click()
    dialog = shown(CorrectionDialog)
    assert dialog.content() == {}
    dialog.phase.set_code("SEC")
    kept = dialog.content()
    dialog.reject()
    QApplication.sendPostedEvents()
    context.drafts[dialog.form_id] = json.dumps(kept)
    tab.correct.click()
    again = [d for d in tab.findChildren(CorrectionDialog) if d.isVisible()][-1]
    assert again.phase.code() == "SEC"


def test_an_entry_that_never_was_is_annulled_and_put_back(
    page: GuestsPage, register: Register, rina: tuple[GuestId, StayId], told: Told, qtbot: QtBot
) -> None:
    page.view.stays.annul.click()
    dialog = shown(AnnulDialog)
    dialog._save.click()
    assert is_shown(AnnulDialog)
    qtbot.keyClicks(dialog.why, "scritta due volte")
    dialog._save.click()
    assert register.guests.list_rows(HOUSE, present_only=False) == []
    page.which.setCurrentIndex(page.which.findData(ANNULLED))
    found = shown(AnnulledDialog)
    assert "scritta due volte" in words_on(found)
    next(b for b in found.findChildren(QPushButton) if b.text() == "Rimetti").click()
    assert [row.id for row in register.guests.list_rows(HOUSE)] == [rina[0]]
    assert told.words[-1] == ("ok", "L’ingresso di Rina è di nuovo nel registro.")


def test_an_older_stay_has_its_own_correction(
    tab: StaysTab, register: Register, other: HouseId, rina: tuple[GuestId, StayId], qtbot: QtBot
) -> None:
    register.stays.transfer(rina[1], other, TODAY)
    tab.refresh()
    tab.findChild(QPushButton, "correctOlderButton").click()
    dialog = shown(CorrectionDialog)
    assert dialog.exit_on.isVisibleTo(dialog)
    assert "Continua in Casa Tiglio" in words_on(dialog)
    dialog.close()
    tab.clear()
    assert "Rina" not in words_on(tab)
