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
from app.ui.presenters.place import NightPlace
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
    assert page.told == [("info", "3 caselle saltate: fuori dal soggiorno o dal mese, o ancora da venire.")]  # type: ignore[attr-defined]


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


def test_cut_takes_away_and_one_step_brings_it_back(qtbot: QtBot, page: PresencesPage, register: Register) -> None:
    press(qtbot, page, KEY.Key_P, KEY.Key_Right, KEY.Key_A)
    press(qtbot, page, KEY.Key_Left, holding=SHIFT)
    press(qtbot, page, KEY.Key_X, holding=CONTROL)
    assert QApplication.clipboard().text() == "P\tA"
    assert cells(register, 0)[:2] == ("", "")
    press(qtbot, page, KEY.Key_Z, holding=CONTROL)
    assert cells(register, 0)[:2] == ("P", "A")
    QApplication.clipboard().clear()


@pytest.mark.parametrize("text", ["Ospite\t1\t2\nAwa\tP\tP", "P\tP\t2", "1\t2", "P\tAwa"])
def test_a_block_with_names_or_sums_is_refused_in_words_and_writes_nothing(
    qtbot: QtBot, page: PresencesPage, register: Register, text: str
) -> None:
    before = [cells(register, row) for row in range(3)]
    QApplication.clipboard().setText(text)
    press(qtbot, page, KEY.Key_V, holding=CONTROL)
    ((mood, said),) = page.told  # type: ignore[attr-defined]
    assert mood == "warn"
    assert "Non è stato scritto nulla" in said
    assert "Awa" not in said
    assert [cells(register, row) for row in range(3)] == before
    QApplication.clipboard().clear()


def test_a_night_of_a_guest_is_shown_under_the_cursor_and_written_with_one_key(
    qtbot: QtBot, page: PresencesPage, register: Register
) -> None:
    row = register.presences.grid(HOUSE, JUNE).rows[1]
    page.open(Month(2026, 5))
    page.open(NightPlace(row.guest, date(2026, 6, 9)))
    assert page.grid.current == Place(1, 8)
    press(qtbot, page, KEY.Key_A)
    assert cells(register, 1)[8] == "A"


def test_of_a_guest_with_two_stays_the_one_with_the_night_is_shown(page: PresencesPage, register: Register) -> None:
    row = register.presences.grid(HOUSE, JUNE).rows[0]
    register.stays.end(row.stay, date(2026, 6, 4), "AUT", "CAS_AFF")
    register.stays.begin(row.guest, StayDraft(HOUSE, date(2026, 6, 10)))
    page.open(NightPlace(row.guest, date(2026, 6, 12)))
    assert page.grid.sheet is not None
    shown = page.grid.sheet.rows[page.grid.current.row]
    assert (shown.guest, page.grid.current.column) == (row.guest, 11)
    assert shown.cells[11] != OUTSIDE


@pytest.mark.parametrize("text", ["", "\t\n", "-\t-"])
def test_a_clipboard_without_presences_says_so(
    qtbot: QtBot, page: PresencesPage, register: Register, text: str
) -> None:
    QApplication.clipboard().setText(text)
    press(qtbot, page, KEY.Key_V, holding=CONTROL)
    assert page.told[-1] == ("warn", "Negli appunti non c’è nessuna presenza da incollare.")  # type: ignore[attr-defined]
    QApplication.clipboard().clear()


def test_missing_nights_are_filled_from_the_menu_and_taken_back_with_one_key(
    qtbot: QtBot, page: PresencesPage, register: Register
) -> None:
    press(qtbot, page, KEY.Key_O)
    page.grid.fill_missing()
    assert cells(register, 0)[:16] == ("O", *["P"] * 13, "", "")
    assert cells(register, 1)[:16] == (*["-"] * 4, *["P"] * 10, "", "")
    press(qtbot, page, KEY.Key_Z, holding=CONTROL)
    assert set(cells(register, 1)[4:]) == {""}
    page.grid.choose_row(2)
    page.grid.fill_missing()
    assert cells(register, 2)[:14] == ("P",) * 14
    assert set(cells(register, 1)[4:]) == {""}
    page.grid.fill_missing()
    assert page.told[-1][1].startswith("Fino a ieri")  # type: ignore[attr-defined]


def test_the_menus_offer_the_night_of_the_cursor_and_the_sheets(
    qtbot: QtBot, page: PresencesPage, register: Register
) -> None:
    page.grid.move_to(Place(0, 9))
    words = [action.text().replace("&", "") for action in page.fill.build_menu().actions()]
    assert "Appello di mercoledì 10 giugno 2026…" in words
    page.grid.move_to(Place(0, 20))
    assert not [action for action in page.fill.build_menu().actions() if "Appello" in action.text()]
    asked: list[object] = []
    page.sheets.asked.disconnect()
    page.sheets.asked.connect(asked.append)
    for action in page.sheets.build_menu().actions():
        action.trigger()
    assert [wish.kind for wish in asked] == ["month", "night", "week", "week", "blank"]  # type: ignore[attr-defined]
    assert [wish.first for wish in asked][1:4] == [date(2026, 6, 15), date(2026, 6, 15), date(2026, 6, 22)]  # type: ignore[attr-defined]


def test_what_is_chosen_and_why_it_cannot_be_written_is_said_under_the_grid(
    qtbot: QtBot, page: PresencesPage, register: Register
) -> None:
    press(qtbot, page, KEY.Key_A)
    assert page.choice.text() == "Amina, lunedì 1 giugno 2026: assente autorizzata"
    assert page.why.text() == ""
    page.grid.move_to(Place(1, 0))
    assert page.why.text() == "Qui non si scrive: l’ospite non aveva un soggiorno."
    page.grid.choose_row(0)
    assert page.choice.text() == "30 caselle: presenti 0, fuori 1, da registrare 14"
    assert page.grid.accessibleDescription() == page.choice.text()


def test_an_undo_that_a_closed_month_refuses_says_so_and_the_grid_shows_what_the_register_holds(
    qtbot: QtBot, page: PresencesPage, register: Register, stays: list[StayId]
) -> None:
    """The month is closed elsewhere after the page was read."""
    may = Month(2026, 5)
    register.presences.record([NightMark(stays[2], date(2026, 5, 20) + timedelta(days=n), "P") for n in range(12)])
    page.open(may)
    page.grid.move_to(Place(0, 25))
    press(qtbot, page, KEY.Key_L)
    register.months.close(HOUSE, may)
    press(qtbot, page, KEY.Key_Z, holding=CONTROL)
    assert page.told[-1][0] == "error"  # type: ignore[attr-defined]
    assert page.grid.sheet is not None
    assert page.grid.sheet.value(0, 25) == "L"
    page.refresh()
    press(qtbot, page, KEY.Key_Z, holding=CONTROL)
    assert page.told[-1] == ("warn", "Il mese è chiuso: le presenze non si modificano più. Non è cambiato nulla.")  # type: ignore[attr-defined]
    assert register.presences.grid(HOUSE, may).rows[0].cells[25] == "L"


def test_an_undo_of_a_night_that_left_the_stay_says_so(
    qtbot: QtBot, page: PresencesPage, register: Register, stays: list[StayId]
) -> None:
    page.grid.move_to(Place(0, 10))
    press(qtbot, page, KEY.Key_P)
    register.presences.record([NightMark(stays[0], date(2026, 6, 11), None)])
    register.stays.end(stays[0], date(2026, 6, 10), "RIN", "NON_NOTA")
    page.refresh()
    press(qtbot, page, KEY.Key_Z, holding=CONTROL)
    assert page.told[-1][1].startswith("Questo passo non si può più annullare")  # type: ignore[attr-defined]
    press(qtbot, page, KEY.Key_Z, holding=CONTROL)
    assert page.told[-1][1].startswith("Non c’è altro da annullare")  # type: ignore[attr-defined]


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


def test_heads_are_dragged_and_the_corner_chooses_everything(
    qtbot: QtBot, page: PresencesPage, register: Register
) -> None:
    ground, grid = page.grid.viewport(), page.grid
    first, last = (QPoint(grid.cell_rect(Place(0, column)).center().x(), 12) for column in (7, 9))
    qtbot.mousePress(ground, Qt.MouseButton.LeftButton, pos=first)
    qtbot.mouseMove(ground, last)
    qtbot.mouseRelease(ground, Qt.MouseButton.LeftButton, pos=last)
    assert grid.selected() == (range(3), range(7, 10))
    before = QPoint(grid.cell_rect(Place(0, 4)).center().x(), 12)
    qtbot.mouseClick(ground, Qt.MouseButton.LeftButton, SHIFT, pos=before)
    assert grid.selected() == (range(3), range(4, 8))
    name = QPoint(20, grid.row_top(1) + 5)
    qtbot.mouseClick(ground, Qt.MouseButton.LeftButton, pos=QPoint(20, grid.row_top(0) + 5))
    qtbot.mouseClick(ground, Qt.MouseButton.LeftButton, SHIFT, pos=name)
    assert grid.selected() == (range(2), range(30))
    qtbot.mouseClick(ground, Qt.MouseButton.LeftButton, pos=QPoint(20, 12))
    assert grid.selected() == (range(3), range(30))


def test_who_signed_tonight_is_shown(
    qtbot: QtBot, page: PresencesPage, register: Register, stays: list[StayId]
) -> None:
    assert not page.signed.isVisible()
    register.presences.confirm(HOUSE, date(2026, 6, 15), dict.fromkeys(stays, "P"), initials="SB")
    page.refresh()
    assert page.signed.text() == "Stasera firmata SB, 22:00"
    assert page.signed.toolTip() == "Firmata da: S. Bianchi"


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
    assert page.choice.text() == page.choice.toolTip() == ""
