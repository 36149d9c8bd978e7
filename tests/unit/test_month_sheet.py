"""The sheet of a month against a plain model, with and without a register that refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.ids import GuestId, HouseId, StayId
from app.services.calendar import Month
from app.services.presence import OUTSIDE, GridRow, MonthGrid, states_here
from app.ui.presenters.block_text import Block
from app.ui.presenters.month_sheet import Batch, Edit, MonthSheet

HOUSE = HouseId(1)
JUNE = Month(2026, 6)
TODAY = date(2026, 6, 15)


def plain_grid(*, closed: bool = False) -> MonthGrid:
    """Three guests: one all month, one from the 5th, one until the 10th."""
    cells = ([""] * 30, ["-"] * 4 + [""] * 26, [""] * 10 + ["-"] * 20)
    rows = tuple(
        GridRow(StayId(n), GuestId(n), f"C-{n}", f"Ospite {n}", tuple(line)) for n, line in enumerate(cells, start=1)
    )
    return MonthGrid(HOUSE, JUNE, TODAY, closed, rows)


def shown(sheet: MonthSheet) -> list[list[str]]:
    return [list(sheet.states(row)) for row in range(len(sheet.rows))]


# --- the sheet against a plain model -------------------------------------------------------------------------

PLACES = st.tuples(st.integers(0, 2), st.integers(0, 29))
STATES = st.sampled_from(["P", "A", "O", "N", ""])
WRITES = st.tuples(st.just("write"), st.lists(PLACES, min_size=1, max_size=6), STATES)
STEPS = st.lists(st.one_of(WRITES, st.tuples(st.just("undo")), st.tuples(st.just("redo"))), max_size=40)


class PlainModel:
    """The month as a table and a list of whole tables: slow, and too simple to be wrong."""

    def __init__(self) -> None:
        self.tables = [[list(row.cells) for row in plain_grid().rows]]
        self.at = 0

    @property
    def table(self) -> list[list[str]]:
        return self.tables[self.at]

    def write(self, places: list[tuple[int, int]], state: str) -> None:
        table = [list(line) for line in self.table]
        for row, column in places:
            if table[row][column] != OUTSIDE and column <= 14:
                table[row][column] = state
        if table != self.table:
            self.tables = [*self.tables[: self.at + 1], table]
            self.at += 1


@given(STEPS)
def test_edits_undo_and_redo_agree_with_a_plain_model_and_the_sums_are_always_right(steps: list[tuple]) -> None:
    sheet, model = MonthSheet(plain_grid()), PlainModel()
    for step in steps:
        if step[0] == "write":
            edit = sheet.write(step[1], step[2])
            model.write(step[1], step[2])
        elif step[0] == "undo":
            edit = sheet.undo()
            model.at = max(0, model.at - 1)
        else:
            edit = sheet.redo()
            model.at = min(len(model.tables) - 1, model.at + 1)
        if edit.batch is not None:
            sheet.accept(edit.batch)
        assert shown(sheet) == model.table
        here = states_here()
        nights = [sum(state in here for state in line) for line in model.table]
        present = [sum(line[column] in here for line in model.table) for column in range(30)]
        assert [sheet.nights(row) for row in range(3)] == nights
        assert [sheet.present(column) for column in range(30)] == present
        assert sheet.total() == sum(nights) == sum(present)


@given(STEPS, st.lists(st.tuples(st.booleans(), st.booleans()), min_size=80, max_size=80))
def test_what_is_refused_is_taken_back_and_nothing_else(steps: list[tuple], answers: list[tuple[bool, bool]]) -> None:
    """A register that answers late and refuses at random; when all is answered, the sheet shows what it holds."""
    sheet = MonthSheet(plain_grid())
    register = {(row.stay, day): row.cells[n] for row in plain_grid().rows for n, day in enumerate(JUNE.days)}
    waiting: list[Batch] = []
    turns = iter(answers)

    def answer() -> None:
        batch = waiting.pop(0)
        if next(turns, (True, True))[0]:
            register.update(batch.values)
            sheet.accept(batch)
        else:
            sheet.refuse(batch)

    for step in steps:
        edit = (
            sheet.write(step[1], step[2]) if step[0] == "write" else sheet.undo() if step[0] == "undo" else sheet.redo()
        )
        if edit.batch is not None:
            waiting.append(edit.batch)
        if waiting and next(turns, (True, True))[1]:
            answer()
    while waiting:
        answer()
    assert sheet.is_saved
    assert shown(sheet) == [[register[row.stay, day] for day in JUNE.days] for row in sheet.rows]


def test_an_edit_that_was_refused_is_forgotten_by_undo() -> None:
    sheet = MonthSheet(plain_grid())
    first = sheet.write([(0, 0)], "P")
    second = sheet.write([(0, 0)], "A")
    assert first.batch is not None
    assert second.batch is not None
    sheet.refuse(first.batch)
    sheet.accept(second.batch)
    undone = sheet.undo()
    assert undone.batch is not None
    assert list(undone.batch.values.values()) == [""]
    assert sheet.undo().refusal == "nothing"


def test_undo_leaves_alone_what_somebody_wrote_since() -> None:
    sheet = MonthSheet(plain_grid())
    edit = sheet.write([(0, 0), (0, 1)], "P")
    assert edit.batch is not None
    sheet.accept(edit.batch)
    cells = ("P", "O", *([""] * 28))
    sheet.load(MonthGrid(HOUSE, JUNE, TODAY, False, (GridRow(StayId(1), GuestId(1), "C-1", "Ospite 1", cells),)))
    undone = sheet.undo()
    assert undone.batch is not None
    assert len(undone.batch.values) == 1
    assert shown(sheet)[0][:2] == ["", "O"]


@pytest.mark.parametrize(
    ("place", "refusal"), [((1, 0), "outside"), ((2, 10), "outside"), ((0, 15), "future"), ((2, 15), "outside")]
)
def test_cells_that_cannot_be_written_say_why(place: tuple[int, int], refusal: str) -> None:
    sheet = MonthSheet(plain_grid())
    assert sheet.write([place], "P") == Edit(refusal=refusal, passed_over=1)  # type: ignore[arg-type]
    assert shown(sheet) == PlainModel().table


def test_a_closed_month_refuses_everything_even_undo() -> None:
    sheet = MonthSheet(plain_grid())
    sheet.write([(0, 0)], "P")
    sheet.load(plain_grid(closed=True))
    assert sheet.write([(0, 1)], "P").refusal == "closed"
    assert sheet.undo().refusal == "closed"


def test_a_fill_repeats_the_first_state_and_passes_over_what_is_outside() -> None:
    sheet = MonthSheet(plain_grid())
    assert sheet.fill(range(3), range(4)).refusal == "empty"
    sheet.write([(0, 1)], "A")
    edit = sheet.fill(range(3), range(5))
    assert edit.passed_over == 4
    assert [line[:5] for line in shown(sheet)] == [["A"] * 5, ["-"] * 4 + ["A"], ["A"] * 5]


def test_undo_of_cells_that_all_changed_says_so_and_the_step_before_can_still_be_undone() -> None:
    sheet = MonthSheet(plain_grid())
    for place, state in (((0, 0), "P"), ((0, 1), "A")):
        edit = sheet.write([place], state)
        assert edit.batch is not None
        sheet.accept(edit.batch)
    cells = ("P", "O", *([""] * 28))
    sheet.load(MonthGrid(HOUSE, JUNE, TODAY, False, (GridRow(StayId(1), GuestId(1), "C-1", "Ospite 1", cells),)))
    assert sheet.undo() == Edit(refusal="changed", left_alone=1)
    undone = sheet.undo()
    assert undone.batch is not None
    assert shown(sheet)[0][:2] == ["", "O"]
    assert sheet.undo().refusal == "nothing"


def test_what_undo_leaves_alone_is_counted() -> None:
    sheet = MonthSheet(plain_grid())
    edit = sheet.write([(0, 0), (0, 1)], "P")
    assert edit.batch is not None
    sheet.accept(edit.batch)
    again = plain_grid().rows
    shorter = (replace(again[0], cells=("P", "-", *([""] * 28))), *again[1:])
    sheet.load(MonthGrid(HOUSE, JUNE, TODAY, False, shorter))
    assert sheet.undo().left_alone == 1


def test_missing_nights_are_filled_with_present_up_to_yesterday_and_nothing_else_is_touched() -> None:
    sheet = MonthSheet(plain_grid())
    sheet.write([(0, 3)], "A")
    edit = sheet.fill_missing(range(3), range(30))
    assert edit.batch is not None
    lines = shown(sheet)
    assert lines[0] == ["P", "P", "P", "A", *["P"] * 10, *[""] * 16]
    assert lines[1][:15] == ["-"] * 4 + ["P"] * 10 + [""]
    assert lines[2] == ["P"] * 10 + ["-"] * 20
    assert sheet.fill_missing(range(3), range(30)).refusal == "full"
    sheet.load(plain_grid(closed=True))
    assert sheet.fill_missing(range(3), range(30)).refusal == "closed"


def test_a_block_is_repeated_in_a_range_that_holds_it_a_whole_number_of_times() -> None:
    sheet = MonthSheet(plain_grid())
    sheet.put_block(range(1), range(6), Block([["P", "A"]]))
    assert shown(sheet)[0][:7] == ["P", "A", "P", "A", "P", "A", ""]
    sheet.put_block(range(1), range(8, 11), Block([["O", "O"]]))
    assert shown(sheet)[0][8:11] == ["O", "O", ""]


def test_what_hangs_over_the_edge_of_the_month_is_counted_and_not_written() -> None:
    sheet = MonthSheet(plain_grid())
    edit = sheet.put_block(range(2, 3), range(9, 10), Block([["P", None], ["A", "A"]]))
    assert edit.passed_over == 2
    assert shown(sheet)[2][9] == "P"


def test_a_block_whose_head_names_other_days_is_refused_whole() -> None:
    sheet = MonthSheet(plain_grid())
    block = Block([["P", "P"]], days=(3, 4))
    assert sheet.put_block(range(1), range(1), block).refusal == "elsewhere"
    assert shown(sheet) == PlainModel().table
    assert sheet.put_block(range(1), range(2, 3), block).batch is not None
    assert shown(sheet)[0][2:4] == ["P", "P"]
