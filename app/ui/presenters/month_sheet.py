"""The month of presences as it is being written: what is shown before it is stored, undo and redo, fills, sums.

It writes nothing: each edit gives a `Batch` that the page sends to the register and then accepts or refuses here.
What is shown is always what the register holds with the batches on their way laid over it, so that a refusal takes
back just what was refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Literal, NamedTuple

from app.reference.ids import StayId
from app.services.presence import NOT_RECORDED, OUTSIDE, MonthGrid, states_here
from app.ui.presenters.night_state import HERE

if TYPE_CHECKING:
    from app.ui.presenters.block_text import Block


class Cell(NamedTuple):
    """A night of a stay: the same cell wherever its row happens to stand."""

    stay: StayId
    night: date


@dataclass(frozen=True, slots=True)
class Change:
    """What a cell held before an edit and after it."""

    before: str
    after: str


Step = dict[Cell, Change]
Refusal = Literal["", "closed", "outside", "future", "empty", "full", "elsewhere", "clipboard", "nothing", "changed"]


@dataclass(slots=True)
class History:
    """The edits of a month in this session, to be undone and done again; it outlives a look at another month."""

    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Batch:
    """Cells on their way to the register; `way` says what in the history goes back if they are refused."""

    number: int
    values: Mapping[Cell, str]
    step: Step
    way: Literal["edit", "undo", "redo"]


@dataclass(frozen=True, slots=True)
class Edit:
    """What became of an edit: a batch to be written, or why there is none; and how many cells it passed over.

    `left_alone` are cells of an undo or redo that hold something else by now, or belong to no stay any more.
    """

    batch: Batch | None = None
    refusal: Refusal = ""
    passed_over: int = 0
    left_alone: int = 0


class MonthSheet:
    """A month under the hands of the operator; rows and columns count from 0."""

    def __init__(self, grid: MonthGrid, history: History | None = None) -> None:
        self.history = history if history is not None else History()
        self._numbers = count(1)
        self._pending: list[Batch] = []
        self._here = states_here()
        self._stored: dict[Cell, str] = {}
        self._shown: dict[Cell, str] = {}
        self._table: list[list[str]] = []
        self._spots: dict[Cell, tuple[int, int]] = {}
        self.load(grid)

    def load(self, grid: MonthGrid) -> None:
        """Take what the register holds now; what is still on its way stays laid over it."""
        self.month, self.today, self.closed = grid.month, grid.today, grid.closed
        self.days = grid.month.days
        self.rows = grid.rows
        self._spots = {
            Cell(row.stay, day): (down, right)
            for down, row in enumerate(grid.rows)
            for right, day in enumerate(self.days)
            if row.cells[right] != OUTSIDE
        }
        self._stored = {cell: grid.rows[down].cells[right] for cell, (down, right) in self._spots.items()}
        self._lay_over()

    # --- what is shown

    def value(self, row: int, column: int) -> str:
        """Return a state, NOT_RECORDED or OUTSIDE."""
        return self._table[row][column]

    def states(self, row: int) -> list[str]:
        """Return what a row holds, day by day; to be read only."""
        return self._table[row]

    def is_future(self, column: int) -> bool:
        """Tell whether a day has not come yet."""
        return self.days[column] > self.today

    def nights(self, row: int) -> int:
        """Return how many nights of a row count."""
        return sum(state in self._here for state in self._table[row])

    def present(self, column: int) -> int:
        """Return how many guests sleep here on a night."""
        return sum(states[column] in self._here for states in self._table)

    def is_recorded(self, column: int) -> bool:
        """Tell whether anything was recorded of a night."""
        return any(states[column] not in {OUTSIDE, NOT_RECORDED} for states in self._table)

    def total(self) -> int:
        """Return how many nights of the month count."""
        return sum(state in self._here for state in self._shown.values())

    def missing(self, day: date) -> int:
        """Return how many guests of a night have no record."""
        return sum(state == NOT_RECORDED for cell, state in self._shown.items() if cell.night == day)

    @property
    def is_saved(self) -> bool:
        """Whether everything shown is in the register."""
        return not self._pending

    # --- edits

    def write(self, places: Iterable[tuple[int, int]], state: str) -> Edit:
        """Write a state in cells, NOT_RECORDED to empty them."""
        return self._edit(dict.fromkeys(places, state))

    def fill(self, rows: range, columns: range) -> Edit:
        """Write in the whole range the first state found in it, row by row."""
        states = (self.value(row, column) for row in rows for column in columns)
        first = next((state for state in states if state not in {OUTSIDE, NOT_RECORDED}), None)
        if first is None:
            return Edit(refusal="empty")
        return self._edit({(row, column): first for row in rows for column in columns})

    def fill_missing(self, rows: range, columns: range) -> Edit:
        """Write present in every cell of the range that has no record, up to yesterday: tonight has its round."""
        if self.closed:
            return Edit(refusal="closed")
        missing = [
            (row, column)
            for row in rows
            for column in columns
            if self.days[column] < self.today and self.value(row, column) == NOT_RECORDED
        ]
        return self._edit(dict.fromkeys(missing, HERE)) if missing else Edit(refusal="full")

    def put_block(self, rows: range, columns: range, block: Block) -> Edit:
        """Write a block of states from the first cell of the range on; what has no state is left.

        A block that goes into the range a whole number of times is repeated in it, as spreadsheets do. One whose
        head names other days than those it would be written on is refused.
        """
        if any(day not in (None, self._day_of(columns.start + right)) for right, day in enumerate(block.days)):
            return Edit(refusal="elsewhere")
        high, wide = len(block.states), block.width
        down_times = len(rows) // high if high and len(rows) % high == 0 else 1
        right_times = len(columns) // wide if wide and len(columns) % wide == 0 else 1
        wanted = {
            (rows.start + high * again + down, columns.start + wide * once_more + right): state
            for again in range(down_times)
            for once_more in range(right_times)
            for down, line in enumerate(block.states)
            for right, state in enumerate(line)
            if state is not None
        }
        inside = {
            place: state for place, state in wanted.items() if place[0] < len(self.rows) and place[1] < len(self.days)
        }
        edit = self._edit(inside)
        return replace(edit, passed_over=edit.passed_over + len(wanted) - len(inside))

    def _day_of(self, column: int) -> int | None:
        return self.days[column].day if column < len(self.days) else None

    def block(self, rows: range, columns: range) -> list[list[str]]:
        """Return the states of a range."""
        return [[self.value(row, column) for column in columns] for row in rows]

    def undo(self) -> Edit:
        """Take back the last edit, in the cells that still hold what it wrote."""
        return self._walk(self.history.done, self.history.undone, "undo")

    def redo(self) -> Edit:
        """Do again what was taken back last."""
        return self._walk(self.history.undone, self.history.done, "redo")

    def accept(self, batch: Batch) -> None:
        """The register has written a batch."""
        self._drop(batch)
        self._stored.update((cell, state) for cell, state in batch.values.items() if cell in self._stored)
        self._lay_over()

    def refuse(self, batch: Batch) -> None:
        """The register has refused a batch: show again what was there, and forget it in the history."""
        self._drop(batch)
        done, undone = self.history.done, self.history.undone
        if batch.way == "edit":
            self._forget(batch.step)
        else:
            source, target = (undone, done) if batch.way == "undo" else (done, undone)
            if any(step is batch.step for step in source):
                source[:] = [step for step in source if step is not batch.step]
                target.append(batch.step)
        self._lay_over()

    def refusal(self, row: int, column: int) -> Refusal:
        """Return why a cell cannot be written, or an empty text."""
        if self.closed:
            return "closed"
        if self._cell(row, column) not in self._shown:
            return "outside"
        return "future" if self.is_future(column) else ""

    # --- within

    def _cell(self, row: int, column: int) -> Cell:
        return Cell(self.rows[row].stay, self.days[column])

    def _edit(self, wanted: Mapping[tuple[int, int], str]) -> Edit:
        refusals = {place: self.refusal(*place) for place in wanted}
        passed_over = sum(bool(why) for why in refusals.values())
        if wanted and passed_over == len(wanted):
            return Edit(refusal=next(iter(refusals.values())), passed_over=passed_over)
        step: Step = {}
        for place, state in wanted.items():
            cell = self._cell(*place)
            if not refusals[place] and self._shown[cell] != state:
                step[cell] = Change(self._shown[cell], state)
        if not step:
            return Edit(passed_over=passed_over)
        self.history.done.append(step)
        self.history.undone.clear()
        values = {cell: change.after for cell, change in step.items()}
        return Edit(self._send(values, step, "edit"), passed_over=passed_over)

    def _walk(self, source: list[Step], target: list[Step], way: Literal["undo", "redo"]) -> Edit:
        if self.closed:
            return Edit(refusal="closed")
        while source:
            step = source.pop()
            values, left_alone = {}, 0
            for cell, change in step.items():
                now, then = (change.after, change.before) if way == "undo" else (change.before, change.after)
                if now == then:
                    continue
                # A cell that somebody wrote since, or that is no longer of a stay, is left alone.
                if self._shown.get(cell) == now:
                    values[cell] = then
                else:
                    left_alone += 1
            if left_alone and not values:
                return Edit(refusal="changed", left_alone=left_alone)
            target.append(step)
            if values:
                return Edit(self._send(values, step, way), left_alone=left_alone)
        return Edit(refusal="nothing")

    def _send(self, values: Mapping[Cell, str], step: Step, way: Literal["edit", "undo", "redo"]) -> Batch:
        batch = Batch(next(self._numbers), values, step, way)
        self._pending.append(batch)
        self._show(values)
        return batch

    def _show(self, values: Mapping[Cell, str]) -> None:
        for cell, state in values.items():
            # A cell on its way may have left the stay in the meantime: the register will refuse it.
            if cell in self._spots:
                down, right = self._spots[cell]
                self._shown[cell] = self._table[down][right] = state

    def _drop(self, batch: Batch) -> None:
        self._pending = [other for other in self._pending if other.number != batch.number]

    def _lay_over(self) -> None:
        self._shown = dict(self._stored)
        self._table = [[OUTSIDE] * len(self.days) for _ in self.rows]
        for cell, (down, right) in self._spots.items():
            self._table[down][right] = self._stored[cell]
        for batch in self._pending:
            self._show(batch.values)

    def _forget(self, gone: Step) -> None:
        """An edit never took place: the next edit of its cells began from what was there before it."""
        in_time = [*self.history.done, *reversed(self.history.undone)]
        at = next((place for place, step in enumerate(in_time) if step is gone), len(in_time))
        for cell, change in gone.items():
            later = next((step for step in in_time[at + 1 :] if cell in step), None)
            if later is not None:
                later[cell] = replace(later[cell], before=change.before)
        for steps in (self.history.done, self.history.undone):
            steps[:] = [step for step in steps if step is not gone]
