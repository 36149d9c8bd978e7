"""Posti letto: guests carried by keys and mouse, holds, closures, arrivals, the house; nothing left after a lock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.models.work import Operator
from app.reference.ids import BedId, GuestId, StayId
from app.services.bed import ArrivalDraft, ClosureDraft, HoldDraft
from app.services.guest import GuestDraft
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.dialogs.arrival_dialog import ArrivalDialog, NotComingDialog
from app.ui.dialogs.closure_dialog import ClosureDialog
from app.ui.dialogs.entry_dialog import EntryDialog
from app.ui.dialogs.hold_dialog import HoldDialog
from app.ui.dialogs.house_dialog import HouseDialog
from app.ui.dialogs.new_house_dialog import NewHouseDialog
from app.ui.kit import Dialog
from app.ui.pages.beds_page import BedsPage
from app.ui.widgets.bed_tile import BedTile
from tests.ui.desk import HOUSE, Told, context_of, is_shown, put_on_screen, shown

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
TODAY = date(2026, 6, 15)
DAY = timedelta(days=1)


@pytest.fixture
def context(register: Register, qtbot: QtBot) -> Context:
    return context_of(register)


@pytest.fixture
def told(context: Context) -> Told:
    return Told(context)


def admit(register: Register, name: str, bed: int | None) -> tuple[GuestId, StayId]:
    draft = StayDraft(HOUSE, date(2026, 6, 1), bed=BedId(bed) if bed else None)
    return register.stays.admit(GuestDraft(name), draft)


@pytest.fixture
def page(context: Context, register: Register, qtbot: QtBot) -> Iterator[BedsPage]:
    """The page with Rina in 1A, Joy in 1B, Amina without a bed."""
    admit(register, "Rina", 1)
    admit(register, "Joy", 2)
    admit(register, "Amina", None)
    made = BedsPage(context)
    put_on_screen(made, qtbot)
    made.open()
    QApplication.sendPostedEvents()
    yield made
    for dialog in made.findChildren(QDialog):
        dialog.close()


def tile(page: BedsPage, bed: int) -> BedTile:
    found = page.view.tile(BedId(bed))
    assert found is not None
    return found


def beds(register: Register) -> dict[str, str]:
    return {bed.label: bed.use.name_used for bed in register.beds.board(HOUSE).beds if bed.state == "taken" and bed.use}


def words_on(widget: QWidget) -> str:
    QApplication.sendPostedEvents()
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def test_a_guest_is_moved_by_four_keys(page: BedsPage, register: Register, told: Told, qtbot: QtBot) -> None:
    tile(page, 2).setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(tile(page, 2), Qt.Key.Key_M)
    assert page.carrying.isVisible()
    qtbot.keyClick(tile(page, 2), Qt.Key.Key_Right)
    target = QApplication.focusWidget()
    assert isinstance(target, BedTile)
    assert target.words().label == "2A"
    qtbot.keyClick(target, Qt.Key.Key_Return)
    assert beds(register) == {"1A": "Rina", "2A": "Joy"}
    assert told.words == [("ok", "Joy passa al letto 2A.")]
    assert not page.carrying.isVisible()


def test_escape_puts_her_back(page: BedsPage, register: Register, qtbot: QtBot) -> None:
    tile(page, 2).setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(tile(page, 2), Qt.Key.Key_M)
    qtbot.keyClick(tile(page, 2), Qt.Key.Key_Escape)
    assert page.carry.carried is None
    assert beds(register)["1B"] == "Joy"


def test_a_guest_is_dragged_to_a_bed_with_the_mouse(page: BedsPage, register: Register, qtbot: QtBot) -> None:
    start, end = page.side.bedless_tiles()[0], tile(page, 5)
    far = start.mapFromGlobal(end.mapToGlobal(end.rect().center()))
    qtbot.mousePress(start, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    qtbot.mouseMove(start, QPoint(60, 60))
    qtbot.mouseMove(start, far)
    qtbot.mouseRelease(start, Qt.MouseButton.LeftButton, pos=far)
    assert beds(register)["2C"] == "Amina"
    assert page.side.bedless_tiles() == []


def test_two_guests_change_beds_after_a_question(page: BedsPage, register: Register, qtbot: QtBot) -> None:
    qtbot.keyClick(tile(page, 1), Qt.Key.Key_M)
    qtbot.keyClick(tile(page, 2), Qt.Key.Key_Return)
    question = shown(Dialog)
    assert "Rina va nel letto 1B e Joy nel letto 1A" in words_on(question)
    qtbot.keyClick(question.focusWidget() or question, Qt.Key.Key_Return)
    assert beds(register) == {"1A": "Joy", "1B": "Rina"}


def test_a_held_bed_refuses_and_says_for_whom(page: BedsPage, register: Register, told: Told, qtbot: QtBot) -> None:
    register.beds.plan(ArrivalDraft(HOUSE, TODAY, "Ifeoma"), bed=BedId(3))
    page.refresh()
    qtbot.keyClick(tile(page, 1), Qt.Key.Key_M)
    qtbot.keyClick(tile(page, 3), Qt.Key.Key_Return)
    assert told.words[-1][0] == "error"
    assert "Ifeoma" in told.words[-1][1]
    assert beds(register)["1A"] == "Rina"


def test_every_tile_tells_a_screen_reader_what_it_is(page: BedsPage, register: Register) -> None:
    register.beds.close(ClosureDraft(BedId(8), TODAY, "rete rotta"))
    page.refresh()
    names = [each.accessibleName() for each in page.view.tiles()]
    assert len(names) == 8
    assert names[0].startswith("letto 1A, Occupato, Rina")
    assert names[7] == "letto 3C, Fuori servizio, rete rotta"


def test_a_bed_is_held_and_released_from_its_menu(page: BedsPage, register: Register, qtbot: QtBot) -> None:
    assert page.board is not None
    menu = page.build_menu(page.board.beds[2])
    menu.actions()[0].trigger()
    dialog = shown(HoldDialog)
    dialog.findChildren(QPushButton)[-1].click()
    assert register.beds.places(HOUSE).emergency == 1
    assert "Per emergenze 1" in words_on(page)
    page.build_menu(page.board.beds[2]).actions()[0].trigger()
    assert register.beds.places(HOUSE).emergency == 0


def test_holding_a_taken_bed_asks_once_more(page: BedsPage, register: Register, qtbot: QtBot) -> None:
    assert page.board is not None
    page.do("hold", page.board.beds[0])
    dialog = shown(HoldDialog)
    dialog.from_night.set_day(TODAY + 3 * DAY)
    dialog._on_save()
    assert "risulta occupato" in words_on(dialog)
    dialog._anyway.click()
    bed = register.beds.board(HOUSE).beds[0]
    assert bed.state == "taken"
    assert bed.then is not None
    assert tile(page, 1).words().then == "18 giu: Emergenze"


def test_a_bed_goes_out_of_service_and_comes_back(page: BedsPage, register: Register, qtbot: QtBot) -> None:
    assert page.board is not None
    page.do("close", page.board.beds[2])
    dialog = shown(ClosureDialog)
    dialog._on_save()
    assert is_shown(ClosureDialog)
    qtbot.keyClicks(dialog.reason, "rete rotta")
    qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
    assert register.beds.places(HOUSE).closed == 1
    page.do("put_back", page.board.beds[2])
    assert register.beds.places(HOUSE).closed == 0


def test_an_arrival_is_written_shown_and_cancelled(
    page: BedsPage, register: Register, told: Told, qtbot: QtBot
) -> None:
    page.plan.click()
    dialog = shown(ArrivalDialog)
    qtbot.keyClicks(dialog.name, "Ifeoma")
    qtbot.keyClicks(dialog.bed, "3a")
    qtbot.keyClick(dialog.bed, Qt.Key.Key_Return)
    assert not is_shown(ArrivalDialog)
    assert "Ifeoma attesa oggi · letto 3A" in words_on(page.side)
    (entry,) = page.side.rows.rows()
    page.build_arrival_menu(entry).actions()[3].trigger()  # type: ignore[arg-type]  # the row of an arrival
    closing = shown(NotComingDialog)
    closing.why.set_code("NOPOSTO")
    closing._save.click()
    assert "Ifeoma" not in words_on(page.side)
    assert register.beds.places(HOUSE).held == 0


def test_she_has_arrived_opens_the_guided_entry_with_her_arrival(page: BedsPage, register: Register) -> None:
    arrival = register.beds.plan(ArrivalDraft(HOUSE, TODAY, "Ifeoma"), bed=BedId(6))
    page.refresh()
    assert page.board is not None
    page.do("arrived", page.board.beds[5])
    dialog = shown(EntryDialog)
    assert str(arrival) in dialog.form_id
    dialog.close()


def test_the_night_goes_forward_and_back_but_never_before_tonight(page: BedsPage, register: Register) -> None:
    register.beds.plan(ArrivalDraft(HOUSE, TODAY + DAY, "Ifeoma"), bed=BedId(3))
    page.later.click()
    assert page.title.text() == "Notte di martedì 16 giugno 2026"
    assert tile(page, 3).words().title == "Ifeoma"
    page.earlier.click()
    assert page.title.text().startswith("Stanotte")
    assert not page.earlier.isEnabled()


def test_persons_expected_without_a_bed_are_mentioned(page: BedsPage, register: Register) -> None:
    register.beds.plan(ArrivalDraft(HOUSE, TODAY, "Tetiana", persons=3))
    page.refresh()
    assert "3 persone attese per questa notte non hanno un letto tenuto" in words_on(page)


def test_the_house_is_changed_by_the_coordination_alone(
    page: BedsPage, register: Register, told: Told, qtbot: QtBot
) -> None:
    page.build_house_menu().actions()[0].trigger()
    dialog = shown(HouseDialog)
    dialog.capacity.set_count(9)
    dialog.rooms.add_room.click()
    dialog._save.click()
    assert register.houses.get(HOUSE).capacity == 9
    assert register.beds.board(HOUSE).beds[-1].label == "4A"
    with register.desk.vault.work() as session:
        session.scalars(select(Operator)).one().role = "TURNO"
    page.refresh()
    page.house.click()
    assert not is_shown(HouseDialog)
    assert told.words[-1][0] == "info"


def test_one_more_house_is_made_by_the_coordination_and_known_to_transfers(
    page: BedsPage, register: Register, told: Told, qtbot: QtBot
) -> None:
    page.build_house_menu().actions()[1].trigger()
    dialog = shown(NewHouseDialog)
    dialog._save.click()
    assert "Dai un nome alla struttura" in words_on(dialog)
    qtbot.keyClicks(dialog.name, "Casa Tiglio")
    dialog.rooms.count.set_count(2)
    dialog.rooms.prepare.click()
    kept = dialog.content()
    again = NewHouseDialog(page.context)
    qtbot.addWidget(again)
    assert again.content() == {}
    again.restore(kept)
    assert again.typed() == dialog.typed()
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    found = register.houses.find("Casa Tiglio")
    assert found is not None
    assert found.capacity == 4
    assert told.words[-1][0] == "ok"
    stay = next(bed.use.stay for bed in register.beds.board(HOUSE).beds if bed.use is not None and bed.use.stay)
    register.stays.transfer(stay, found.id, TODAY)
    assert register.beds.places(found.id).guests == 1


def test_a_phase_is_read_whole_on_a_tile(page: BedsPage, register: Register) -> None:
    assert {tile(page, bed).words().note for bed in (1, 2)} == {"Prima acc."}


def test_a_half_filled_house_comes_back_with_its_new_bed(
    page: BedsPage, register: Register, context: Context, qtbot: QtBot
) -> None:
    dialog = HouseDialog(context, register.houses.plan(HOUSE))
    qtbot.addWidget(dialog)
    dialog.rooms.add_room.click()
    kept = dialog.content()
    again = HouseDialog(context, register.houses.plan(HOUSE))
    qtbot.addWidget(again)
    assert again.content() == {}
    again.restore(kept)
    assert again.plan() == dialog.plan()


def test_a_lock_leaves_no_word_on_the_page(page: BedsPage, register: Register, qtbot: QtBot) -> None:
    register.beds.plan(ArrivalDraft(HOUSE, TODAY, "Ifeoma"), bed=BedId(3))
    register.beds.hold(HoldDraft(BedId(4), TODAY, reason="per Halima"))
    page.refresh()
    qtbot.keyClick(tile(page, 1), Qt.Key.Key_M)
    page.clear()
    for widget in page.findChildren(QWidget):
        said = f"{widget.accessibleName()} {widget.toolTip()}"
        if isinstance(widget, QLabel):
            said += widget.text()
        if isinstance(widget, BedTile):
            said += repr(widget.words())
        for name in ("Rina", "Joy", "Amina", "Ifeoma", "Halima"):
            assert name not in said
