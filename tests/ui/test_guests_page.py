"""Ospiti: the list and the card, a move of bed, an exit and its undoing, and nothing left after a lock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.models.work import TrailEntry
from app.reference.ids import BedId, GuestId
from app.services.guest import GuestDraft
from app.services.referral import ReferralDraft
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.dialogs.bed_dialog import BedDialog
from app.ui.dialogs.exit_dialog import ExitDialog
from app.ui.dialogs.guest_dialog import GuestDialog
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.dialogs.undo_exit_dialog import UndoExitDialog
from app.ui.pages.guest_view import PrintWish
from app.ui.pages.guests_page import GuestsPage
from app.ui.presenters.place import GuestPlace
from tests.ui.desk import HOUSE, Told, admit, context_of, is_shown, shown

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
TODAY = date(2026, 6, 15)


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def told(context: Context) -> Told:
    return Told(context)


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
def rina(register: Register) -> GuestId:
    draft = GuestDraft("Rina", "Rina", "Begum", date(1998, 1, 1), "CERTA", "F", ("BGD",), ("bn",), ("HAL",))
    stay = StayDraft(HOUSE, date(2026, 5, 1), phase="PRI", bed=BedId(1), referral_source="UDS")
    return register.stays.admit(draft, stay)[0]


def words_on(widget: QWidget) -> str:
    QApplication.sendPostedEvents()  # Qt shows what was added to a layout with the next event
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def trail(register: Register) -> list[str]:
    with register.desk.vault.work() as session:
        return list(session.scalars(select(TrailEntry.action).order_by(TrailEntry.id)))


def test_an_empty_house_says_what_to_do(page: GuestsPage) -> None:
    page.open()
    assert "Non c’è ancora nessun soggiorno." in words_on(page)


def test_the_first_guest_is_shown_with_her_card(page: GuestsPage, register: Register, rina: GuestId) -> None:
    admit(register, "Zoe")
    page.open()
    shown_words = words_on(page.view)
    for word in ("Rina", "28 anni · Bangladesh", "Unità di strada / indoor", "bengalese", "Halal", "1A"):
        assert word in shown_words
    assert "Begum" not in shown_words


def test_arrows_move_through_the_list_and_the_card_follows(
    page: GuestsPage, register: Register, rina: GuestId, qtbot: QtBot
) -> None:
    admit(register, "Zoe")
    page.open()
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert "Zoe" in words_on(page.view)


def test_the_filter_keeps_who_matches(page: GuestsPage, register: Register, rina: GuestId, qtbot: QtBot) -> None:
    admit(register, "Joy")
    page.open()
    qtbot.keyClicks(page.filter, "joy")
    assert page.table.proxy.rowCount() == 1
    assert "Joy" in words_on(page.view)
    qtbot.keyClicks(page.filter, "xx")
    assert "Nessun risultato" in words_on(page)
    qtbot.keyClick(page.filter, Qt.Key.Key_Escape)
    assert page.table.proxy.rowCount() == 2


def test_a_place_shows_the_card_of_who_has_left_at_its_tab(page: GuestsPage, register: Register, rina: GuestId) -> None:
    guest, stay = admit(register, "Vera")
    register.stays.end(stay, date(2026, 6, 3), "AUT", "CAS_AFF")
    page.open(GuestPlace(guest, "stays"))
    assert page.view.tabs.current() == "stays"
    assert page._card is not None
    assert page._card.id == guest


def test_the_full_name_is_shown_on_demand_and_noted(page: GuestsPage, register: Register, rina: GuestId) -> None:
    page.open(rina)
    assert "reveal" not in trail(register)
    page.view.sheet.reveal.click()
    assert page.view.sheet.name_shown() == "Nome completo: Rina Begum"
    assert trail(register)[-1] == "reveal"
    page.open(admit(register, "Joy")[0])
    assert not page.view.sheet.name_shown()


def test_a_guest_moves_to_another_bed(page: GuestsPage, rina: GuestId, told: Told, qtbot: QtBot) -> None:
    page.open(rina)
    page.view.tabs.show_tab("stays")
    page.view.stays.change_bed.click()
    dialog = shown(BedDialog)
    assert "1A" not in [dialog.bed.itemText(at) for at in range(dialog.bed.count())]
    qtbot.keyClicks(dialog.bed, "2b")
    qtbot.keyClick(dialog.bed, Qt.Key.Key_Return)
    assert told.words == [("ok", "Rina passa al letto 2B.")]
    said = words_on(page.view.stays)
    assert "dal 15 giu 2026 · Stanza 2 · letto B" in said
    assert "1 mag 2026 – 15 giu 2026 · Stanza 1 · letto A" in said
    assert "poi letto 2B" in said


def test_a_move_before_her_entry_is_refused_beside_the_night(page: GuestsPage, rina: GuestId, qtbot: QtBot) -> None:
    page.open(rina)
    page.view.tabs.show_tab("stays")
    page.view.stays.change_bed.click()
    dialog = shown(BedDialog)
    dialog.from_night.selectAll()
    qtbot.keyClicks(dialog.from_night, "1/4/2026")
    qtbot.keyClick(dialog.from_night, Qt.Key.Key_Return)
    assert is_shown(BedDialog)


def leave(page: GuestsPage, qtbot: QtBot, day: str) -> ExitDialog:
    page.view.exit_button.click()
    dialog = shown(ExitDialog)
    dialog.day.selectAll()
    qtbot.keyClicks(dialog.day, day)
    dialog.reason.set_code("AUT")
    dialog.destination.set_code("CAS_AFF")
    qtbot.keyClick(dialog.day, Qt.Key.Key_Return)
    return dialog


def test_an_exit_is_written_and_taken_back(page: GuestsPage, rina: GuestId, register: Register, qtbot: QtBot) -> None:
    page.open(rina)
    leave(page, qtbot, "10/6/2026")
    assert not is_shown(ExitDialog)
    assert not page.model.rowCount()
    assert page.view.exit_button.isHidden()
    page.view.tabs.show_tab("stays")
    page.view.stays.findChild(QPushButton, "undoExitButton").click()
    qtbot.keyClick(shown(UndoExitDialog), Qt.Key.Key_Return)
    assert register.guests.card(rina).current is not None
    assert page.model.rowCount() == 1


def test_an_exit_is_taken_back_without_the_bed_that_another_guest_has_and_says_so(
    page: GuestsPage, context: Context, rina: GuestId, register: Register, qtbot: QtBot
) -> None:
    told = Told(context)
    page.open(rina)
    leave(page, qtbot, "10/6/2026")
    register.stays.admit(GuestDraft("Joy"), StayDraft(HOUSE, date(2026, 6, 10), bed=BedId(1)))
    page.view.stays.open_undo()
    dialog = shown(UndoExitDialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert "senza letto" in told.words[-1][1]
    current = register.guests.card(rina).current
    assert current is not None
    assert current.bed == ""


def test_an_exit_before_recorded_nights_is_refused_beside_the_day(
    page: GuestsPage, rina: GuestId, register: Register, qtbot: QtBot
) -> None:
    from app.services.presence import NightMark

    stay = register.guests.card(rina).stays[0].id
    register.presences.record([NightMark(stay, date(2026, 6, 12), "P")])
    page.open(rina)
    dialog = leave(page, qtbot, "10/6/2026")
    assert is_shown(ExitDialog)
    assert "risultano ancora presenze" in words_on(dialog)
    assert register.guests.card(rina).current is not None


def test_reason_and_destination_are_two_questions(page: GuestsPage, rina: GuestId, qtbot: QtBot) -> None:
    page.open(rina)
    page.open_exit()
    dialog = shown(ExitDialog)
    dialog.reason.set_code("AUT")
    qtbot.keyClick(dialog.day, Qt.Key.Key_Return)
    assert is_shown(ExitDialog)
    assert "Scegli una voce" in words_on(dialog)


def test_data_are_put_right_without_losing_the_rest(
    page: GuestsPage, rina: GuestId, register: Register, qtbot: QtBot
) -> None:
    page.open(rina)
    page.view.sheet.change.click()
    dialog = shown(GuestDialog)
    assert dialog.person.family_name.text() == "Begum"
    qtbot.keyClicks(dialog.person.languages.combo, "ingl")
    qtbot.keyClick(dialog.person.languages.combo, Qt.Key.Key_Return)
    qtbot.keyClick(dialog.person.name_used, Qt.Key.Key_Return)
    assert not is_shown(GuestDialog)
    draft = register.guests.draft(rina)
    assert draft.languages == ("bn", "en")
    assert (draft.family_name, draft.diets, draft.birth_date) == ("Begum", ("HAL",), date(1998, 1, 1))


def test_the_health_tab_shows_referrals_and_leads_to_a_new_one(
    page: GuestsPage, rina: GuestId, register: Register, told: Told
) -> None:
    register.referrals.request(ReferralDraft(rina, "CON", date(2026, 6, 10)))
    page.open(rina)
    page.view.tabs.show_tab("health")
    assert "Consultorio familiare" in words_on(page.view.health)
    page.view.health.new_referral.click()
    assert told.pages == [("health", rina)]


def test_a_print_is_made_in_memory_shown_and_saved_only_where_asked(
    page: GuestsPage, rina: GuestId, tmp_path: Path, qtbot: QtBot
) -> None:
    page.open(rina)
    wishes = [
        action.data() for under in page.view.build_menu().actions() if under.menu() for action in under.menu().actions()
    ]
    assert PrintWish(filled=True, internal=False, language="en") in wishes
    page.view.print_asked.emit(PrintWish(filled=True, internal=False, language="en"))
    preview = shown(PrintPreviewDialog)
    qtbot.waitUntil(preview.is_drawn, timeout=5000)
    before = preview.zoom()
    preview.zoom_in()
    assert preview.zoom() > before
    preview.save(tmp_path / "scheda.pdf")
    assert (tmp_path / "scheda.pdf").read_bytes().startswith(b"%PDF")
    assert "cancellalo" in words_on(preview)
    preview.save(tmp_path / "nowhere" / "scheda.pdf")
    assert "Non è stato salvato nulla" in words_on(preview)


def test_a_lock_leaves_no_word_about_anybody(page: GuestsPage, rina: GuestId) -> None:
    page.open(rina)
    page.view.sheet.reveal.click()
    page.clear()
    left = " ".join(label.text() + label.toolTip() for label in page.findChildren(QLabel))
    for word in ("Rina", "Begum", "Bangladesh", "1A"):
        assert word not in left
    assert not page.model.rowCount()
