"""The month of presences under keys and mouse, and what the register gets to hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.reference.ids import HouseId, StayId
from app.services.calendar import Month
from app.services.guest import GuestDraft
from app.services.presence import OUTSIDE, NightMark
from app.services.register import Register
from app.services.stay import StayDraft
from app.ui.context import Context
from app.ui.pages.presences_page import PresencesPage
from app.ui.tasks import InlineRunner
from app.ui.widgets.grid_frame import Place

HOUSE = HouseId(1)
JUNE = Month(2026, 6)
KEY = Qt.Key
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def stays(register: Register) -> list[StayId]:
    entered = {"Amina": date(2026, 6, 1), "Blessing": date(2026, 6, 5), "Elira": date(2026, 5, 20)}
    return [register.stays.admit(GuestDraft(name), StayDraft(HOUSE, day))[1] for name, day in entered.items()]


@pytest.fixture
def page(qtbot: QtBot, register: Register, stays: list[StayId]) -> Iterator[PresencesPage]:
    page = PresencesPage(Context(register, InlineRunner(), HOUSE))
    qtbot.addWidget(page)
    page.resize(1166, 716)
    page.told = []  # type: ignore[attr-defined]
    page.context.told.connect(lambda mood, text: page.told.append((mood, text)))  # type: ignore[attr-defined]
    page.open()
    page.show()
    page.grid.setFocus()
    page.grid.move_to(Place(0, 0))
    yield page
    page.clear()


def press(qtbot: QtBot, page: PresencesPage, *keys: Qt.Key, holding: Qt.KeyboardModifier | None = None) -> None:
    for key in keys:
        qtbot.keyClick(page.grid, key, holding or Qt.KeyboardModifier.NoModifier)


def cells(register: Register, row: int) -> tuple[str, ...]:
    return register.presences.grid(HOUSE, JUNE).rows[row].cells


def test_letters_space_and_delete_write_the_cell_and_the_register(
    qtbot: QtBot, page: PresencesPage, register: Register
) -> None:
    press(qtbot, page, KEY.Key_Space, KEY.Key_Right, KEY.Key_A, KEY.Key_Right, KEY.Key_O, KEY.Key_Right, KEY.Key_X)
    assert cells(register, 0)[:4] == ("P", "A", "O", "N")
    press(qtbot, page, KEY.Key_Delete)
    assert cells(register, 0)[:4] == ("P", "A", "O", "")
    assert page.saved.text() == "Salvato"


def test_a_range_is_chosen_with_shift_and_filled_with_one_key(
    qtbot: QtBot, page: PresencesPage, register: Register
) -> None:
    press(qtbot, page, KEY.Key_Right, KEY.Key_Right, KEY.Key_Down, holding=SHIFT)
    press(qtbot, page, KEY.Key_P)
    assert cells(register, 0)[:3] == ("P", "P", "P")
    assert cells(register, 1)[:3] == ("-", "-", "-")
    assert page.told == [("info", "3 caselle saltate: sono fuori dal soggiorno o devono ancora venire.")]  # type: ignore[attr-defined]


def test_return_fills_a_range_from_its_first_cell_and_else_goes_down(
    qtbot: QtBot, page: PresencesPage, register: Register
) -> None:
    page.grid.move_to(Place(0, 5))
    press(qtbot, page, KEY.Key_L)
    press(qtbot, page, KEY.Key_Down, KEY.Key_Down, KEY.Key_Right, holding=SHIFT)
    press(qtbot, page, KEY.Key_Return)
    assert [cells(register, row)[5:7] for row in range(3)] == [("L", "L")] * 3
    page.grid.move_to(Place(0, 5))
    press(qtbot, page, KEY.Key_Return)
    assert page.grid.current == Place(1, 5)


def test_undo_and_redo_write_to_the_register_too(qtbot: QtBot, page: PresencesPage, register: Register) -> None:
    press(qtbot, page, KEY.Key_P, KEY.Key_A)
    press(qtbot, page, KEY.Key_Z, holding=CONTROL)
    assert cells(register, 0)[0] == "P"
    press(qtbot, page, KEY.Key_Z, holding=CONTROL)
    assert cells(register, 0)[0] == ""
    press(qtbot, page, KEY.Key_Y, KEY.Key_Y, holding=CONTROL)
    assert cells(register, 0)[0] == "A"
    press(qtbot, page, KEY.Key_Y, holding=CONTROL)
    assert page.told[-1][0] == "warn"  # type: ignore[attr-defined]


def test_undo_outlives_a_look_at_another_month(qtbot: QtBot, page: PresencesPage, register: Register) -> None:
    press(qtbot, page, KEY.Key_P, KEY.Key_PageUp)
    assert page.grid.sheet is not None
    assert page.grid.sheet.month == Month(2026, 5)
    press(qtbot, page, KEY.Key_PageDown)
    press(qtbot, page, KEY.Key_Z, holding=CONTROL)
    assert cells(register, 0)[0] == ""


def test_copy_and_paste_go_through_a_spreadsheet(qtbot: QtBot, page: PresencesPage, register: Register) -> None:
    press(qtbot, page, KEY.Key_P, KEY.Key_Right, KEY.Key_A)
    press(qtbot, page, KEY.Key_Left, holding=SHIFT)
    press(qtbot, page, KEY.Key_C, holding=CONTROL)
    assert QApplication.clipboard().text() == "P\tA"
    page.grid.move_to(Place(1, 4))
    press(qtbot, page, KEY.Key_V, holding=CONTROL)
    assert cells(register, 1)[4:6] == ("P", "A")
    QApplication.clipboard().setText("Rossi")
    press(qtbot, page, KEY.Key_V, holding=CONTROL)
    assert page.told[-1][0] == "warn"  # type: ignore[attr-defined]
    assert "Rossi" not in page.told[-1][1]  # type: ignore[attr-defined]
    QApplication.clipboard().clear()


def test_one_state_pasted_on_a_range_fills_it(qtbot: QtBot, page: PresencesPage, register: Register) -> None:
    QApplication.clipboard().setText("O\n")
    press(qtbot, page, KEY.Key_Right, KEY.Key_Right, holding=SHIFT)
    press(qtbot, page, KEY.Key_V, holding=CONTROL)
    assert cells(register, 0)[:4] == ("O", "O", "O", "")
    QApplication.clipboard().clear()


def test_a_cell_outside_the_stay_is_refused_politely(qtbot: QtBot, page: PresencesPage, register: Register) -> None:
    page.grid.move_to(Place(1, 0))
    press(qtbot, page, KEY.Key_P)
    assert cells(register, 1)[0] == OUTSIDE
    assert page.told[-1][0] == "warn"  # type: ignore[attr-defined]
    assert page.grid.describe(Place(1, 0)) == "Blessing, lunedì 1 giugno 2026: fuori dal soggiorno"


def test_what_the_register_refuses_is_taken_back_and_said(
    qtbot: QtBot, page: PresencesPage, register: Register, stays: list[StayId]
) -> None:
    """Somebody ended the stay behind the page's back: the night is no longer hers."""
    register.stays.end(stays[0], date(2026, 6, 10), "RIN", "NON_NOTA")
    page.grid.move_to(Place(0, 12))
    press(qtbot, page, KEY.Key_P)
    assert page.grid.sheet is not None
    assert page.grid.sheet.value(0, 12) == ""
    assert page.told[-1][0] == "error"  # type: ignore[attr-defined]
    assert page.grid.sheet.is_saved


def test_a_closed_month_is_read_and_not_written(
    qtbot: QtBot, page: PresencesPage, register: Register, stays: list[StayId]
) -> None:
    may = Month(2026, 5)
    register.presences.record([NightMark(stays[2], date(2026, 5, 20) + timedelta(days=n), "P") for n in range(12)])
    register.months.close(HOUSE, may)
    page.open(may)
    assert page.closed.isVisible()
    page.grid.move_to(Place(0, 25))
    press(qtbot, page, KEY.Key_A)
    assert register.presences.grid(HOUSE, may).rows[0].cells[25] == "P"
    assert page.told[-1][0] == "warn"  # type: ignore[attr-defined]


def test_dragging_the_mouse_chooses_a_range(qtbot: QtBot, page: PresencesPage, register: Register) -> None:
    grid = page.grid
    ground = grid.viewport()
    start, end = (grid.cell_rect(place).center() for place in (Place(0, 6), Place(2, 8)))
    qtbot.mousePress(ground, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(ground, QPoint(end))
    qtbot.mouseRelease(ground, Qt.MouseButton.LeftButton, pos=end)
    press(qtbot, page, KEY.Key_G)
    assert [cells(register, row)[6:9] for row in range(3)] == [("G", "G", "G")] * 3


def test_a_whole_night_and_a_whole_guest_are_chosen_at_once(
    qtbot: QtBot, page: PresencesPage, register: Register
) -> None:
    ground = page.grid.viewport()
    head = QPoint(page.grid.cell_rect(Place(0, 7)).center().x(), 12)
    qtbot.mouseClick(ground, Qt.MouseButton.LeftButton, pos=head)
    press(qtbot, page, KEY.Key_P)
    assert [cells(register, row)[7] for row in range(3)] == ["P"] * 3
    page.grid.move_to(Place(1, 9))
    press(qtbot, page, KEY.Key_Space, holding=SHIFT)
    press(qtbot, page, KEY.Key_A)
    assert cells(register, 1)[3:16] == ("-", *["A"] * 11, "")
    qtbot.mouseClick(ground, Qt.MouseButton.LeftButton, pos=QPoint(20, page.grid.row_top(2) + 5))
    press(qtbot, page, KEY.Key_O)
    assert set(cells(register, 2)[:15]) == {"O"}


def test_the_round_is_offered_for_those_not_recorded_tonight(
    qtbot: QtBot, page: PresencesPage, register: Register
) -> None:
    assert page.confirm.text() == "&Conferma stasera (3)"
    page.grid.move_to(Place(0, 14))
    press(qtbot, page, KEY.Key_P)
    assert page.confirm.text() == "&Conferma stasera (2)"


def test_after_clear_nothing_of_anybody_is_left(page: PresencesPage) -> None:
    page.clear()
    assert page.grid.sheet is None
    assert page.grid.rows == 0
    assert page.grid.accessibleDescription() == ""
    assert not page._histories
