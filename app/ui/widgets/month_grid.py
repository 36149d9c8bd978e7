"""The month of presences on one page, written as a spreadsheet is: a row a guest, a column a night, sums at the edges.

It paints a `MonthSheet` and turns keys and mouse into edits of it; what is written and what is told is the page's
business.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.errors import RuleBroken
from app.reference.format import day_long
from app.reference.ids import GuestId
from app.reference.texts import tr
from app.services.presence import NOT_RECORDED, OUTSIDE
from app.ui.presenters.block_text import read_block, write_block
from app.ui.presenters.grid_line import say_cell, say_range
from app.ui.presenters.month_sheet import Edit, MonthSheet
from app.ui.presenters.night_state import say_state, state_codes, state_of_key
from app.ui.widgets.grid_frame import Place
from app.ui.widgets.month_face import MonthFace


class MonthGrid(MonthFace):
    """The grid; `edited` carries the `Edit` that a key or the mouse made, perhaps a refused one."""

    edited = Signal(object)
    month_asked = Signal(int)
    """The month before (-1) or after (1) was asked for with PgUp or PgDn."""
    paste_refused = Signal(object)
    """What was pasted could not be read; carries the error."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("monthGrid")
        self.setAccessibleName(tr("presences.grid_name"))

    def show_sheet(self, sheet: MonthSheet | None) -> None:
        """Show a month, or nothing; the cursor goes to today the first time a month is shown."""
        new = sheet is not None and (self.sheet is None or self.sheet.month != sheet.month)
        self.sheet = sheet
        self.set_shape(len(sheet.rows) if sheet else 0, len(sheet.days) if sheet else 0)
        if sheet is None:
            self.forget()
            self.tell_current()
        elif new:
            column = (sheet.today - sheet.month.first).days
            self.move_to(Place(0, column if 0 <= column < self.columns else 0))

    def move_to_day(self, night: date) -> None:
        """Put the cursor on a night, at the first guest whose record is missing."""
        sheet = self.sheet
        if sheet is None or night not in sheet.days or not self.rows:
            return
        column = sheet.days.index(night)
        missing = (row for row in range(self.rows) if sheet.value(row, column) == NOT_RECORDED)
        self.move_to(Place(next(missing, 0), column))

    def move_to_night(self, guest: GuestId, night: date) -> None:
        """Put the cursor on a night of a guest, in the stay it belongs to; without one, as `move_to_day`."""
        sheet = self.sheet
        column = sheet.days.index(night) if sheet is not None and night in sheet.days else 0
        hers = [row for row in range(self.rows) if sheet is not None and sheet.rows[row].guest == guest]
        if sheet is None or night not in sheet.days or not hers:
            self.move_to_day(night)
            return
        inside = (row for row in hers if sheet.value(row, column) != OUTSIDE)
        self.move_to(Place(next(inside, hers[0]), column))

    def tell_edit(self) -> None:
        """Paint again after the sheet has changed."""
        self.viewport().update()
        self.tell_current()

    def describe(self, place: Place) -> str:
        """Return a cell in words."""
        return say_cell(self.sheet, *place) if self.sheet is not None else ""

    def describe_range(self, rows: range, columns: range) -> str:
        """Return a range in words."""
        return say_range(self.sheet, rows, columns) if self.sheet is not None else ""

    def describe_head(self, column: int) -> str:
        """Return a day with how many sleep here."""
        sheet = self.sheet
        if sheet is None:
            return ""
        day = sheet.days[column]
        return tr("presences.head", day=day_long(day), n=sheet.present(column), missing=sheet.missing(day))

    # --- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.sheet is None or not self.rows or not (self._press_command(event) or self._press_state(event)):
            super().keyPressEvent(event)

    def _press_command(self, event: QKeyEvent) -> bool:
        wanted = {
            QKeySequence.StandardKey.Copy: self.copy,
            QKeySequence.StandardKey.Cut: self.cut,
            QKeySequence.StandardKey.Paste: self.paste,
            QKeySequence.StandardKey.Undo: self.undo,
            QKeySequence.StandardKey.Redo: self.redo,
            QKeySequence.StandardKey.SelectAll: self.choose_all,
        }
        for keys, act in wanted.items():
            if event.matches(keys):
                act()
                return True
        if event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.choose_column(self.current.column)
            return True
        if event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self.choose_row(self.current.row)
            return True
        if event.key() == Qt.Key.Key_Y and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.redo()
            return True
        step = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self.month_asked.emit(step)
        return step is not None

    def _press_state(self, event: QKeyEvent) -> bool:
        strong = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if event.modifiers() & strong:
            return False
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._press_return(up=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return True
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.write(NOT_RECORDED)
            return True
        state = state_of_key(event.text())
        if state is not None:
            self.write(state)
        return state is not None

    def _press_return(self, *, up: bool) -> None:
        """Fill a range; on a single cell go to the guest below, or above with Shift."""
        if self.sheet is not None and self.anchor != self.current:
            self.edited.emit(self.sheet.fill(*self.selected()))
        else:
            self.move_to(Place(self.current.row + (-1 if up else 1), self.current.column))

    def write(self, state: str) -> None:
        """Write a state in the range."""
        if self.sheet is not None and self.rows:
            self.edited.emit(self.sheet.write(self.places(), state))

    def undo(self) -> None:
        """Take back the last edit."""
        if self.sheet is not None:
            self.edited.emit(self.sheet.undo())

    def redo(self) -> None:
        """Do again what was taken back."""
        if self.sheet is not None:
            self.edited.emit(self.sheet.redo())

    def copy(self) -> None:
        """Put the codes of the range on the clipboard, for a spreadsheet; no name goes with them."""
        if self.sheet is not None:
            QApplication.clipboard().setText(write_block(self.sheet.block(*self.selected())))

    def cut(self) -> None:
        """Copy the codes of the range and take their records away; a closed month gives nothing up."""
        if self.sheet is not None and self.rows:
            if not self.sheet.closed:
                self.copy()
            self.write(NOT_RECORDED)

    def fill_missing(self) -> None:
        """Write present where nothing is recorded up to yesterday: in the range, or everywhere from a single cell."""
        if self.sheet is not None and self.rows:
            one = self.anchor == self.current
            rows, columns = (range(self.rows), range(self.columns)) if one else self.selected()
            self.edited.emit(self.sheet.fill_missing(rows, columns))

    def paste(self) -> None:
        """Write the codes of the clipboard from the first cell of the range on."""
        if self.sheet is None:
            return
        try:
            block = read_block(QApplication.clipboard().text())
        except RuleBroken as error:  # any rule of what can be pasted: nothing is written, and its sentence is told
            self.paste_refused.emit(error)
            return
        any_states = any(state is not None for line in block.states for state in line)
        self.edited.emit(self.sheet.put_block(*self.selected(), block) if any_states else Edit(refusal="clipboard"))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.place_at(event.position().toPoint()) is not None:
            self._offer(event.globalPosition().toPoint())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        by_keys = event.reason() == QContextMenuEvent.Reason.Keyboard
        if by_keys:
            self._offer(self.viewport().mapToGlobal(self.cell_rect(self.current).bottomLeft()))
        elif self.place_at(event.pos()) is not None:
            self._offer(event.globalPos())

    def _offer(self, at: QPoint) -> None:
        """Open the menu of the states, for those who work with the mouse."""
        if self.sheet is None or self.sheet.closed:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for code in state_codes():
            self._add_action(menu, say_state(code).capitalize(), code)
        menu.addSeparator()
        self._add_action(menu, tr("presences.take_away"), NOT_RECORDED)
        menu.triggered.connect(self._on_chosen)
        menu.popup(at)

    @staticmethod
    def _add_action(menu: QMenu, words: str, state: str) -> None:
        action = menu.addAction(f"{words}\t{state or tr('presences.delete_key')}")
        action.setData(state)

    def _on_chosen(self, action: QAction) -> None:
        self.write(str(action.data()))
