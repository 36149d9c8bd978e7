"""The two menus of the presences: ways to fill the month in, and sheets to print.

They only ask; what is written is decided by the grid and the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.reference.format import day_long, month_long
from app.reference.texts import tr
from app.services.calendar import Month
from app.ui.kit import SecondaryButton
from app.ui.widgets.month_grid import MonthGrid


@dataclass(frozen=True, slots=True)
class SheetWish:
    """A sheet to be printed: the month to be signed, the same blank, the nights of a week, or one night."""

    kind: Literal["month", "blank", "week", "night"]
    first: date | None = None


class _MenuButton(SecondaryButton):
    """A button that opens a menu under it, made anew each time."""

    def __init__(self, text: str, icon_name: str, parent: QWidget) -> None:
        super().__init__(text, icon_name, on_click=self._open, arrow=True, parent=parent)

    def build_menu(self) -> QMenu:
        """Return the menu."""
        raise NotImplementedError

    def _open(self) -> None:
        self.build_menu().popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _empty_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAccessibleName(self.text().replace("&", ""))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu


class FillMenu(_MenuButton):
    """Fill what is missing, from paper, a night that was forgotten; undo and redo."""

    paper_asked = Signal()
    night_asked = Signal(object)
    """The round of a night was asked for; carries its date."""

    def __init__(self, grid: MonthGrid, parent: QWidget) -> None:
        super().__init__(tr("presences.fill"), "edit_note", parent)
        self._grid = grid

    def build_menu(self) -> QMenu:
        """Return the menu; what concerns the cursor's night names it."""
        menu, grid, sheet = self._empty_menu(), self._grid, self._grid.sheet
        one = grid.anchor == grid.current
        menu.addAction(tr("presences.fill_all" if one else "presences.fill_range"), grid.fill_missing)
        menu.addAction(tr("presences.fill_paper"), self.paper_asked.emit)
        night = sheet.days[grid.current.column] if sheet is not None and sheet.rows else None
        if sheet is not None and night is not None and night <= sheet.today:
            words = tr("presences.fill_night", day=day_long(night))
            menu.addAction(words, lambda: self.night_asked.emit(night))
        menu.addSeparator()
        undo = menu.addAction(f"{tr('presences.undo')}\tCtrl+Z", grid.undo)
        redo = menu.addAction(f"{tr('presences.redo')}\tCtrl+Y", grid.redo)
        undo.setEnabled(sheet is not None and bool(sheet.history.done))
        redo.setEnabled(sheet is not None and bool(sheet.history.undone))
        return menu


class SheetMenu(_MenuButton):
    """The sheets; `asked` carries a `SheetWish`."""

    asked = Signal(object)

    def __init__(self, today: Callable[[], date], parent: QWidget) -> None:
        super().__init__(tr("presences.sheets"), "print", parent)
        self._today = today
        self._month: Month | None = None
        self._empty = True

    def show_month(self, month: Month, *, empty: bool) -> None:
        """Take the month in view; one without stays has nothing to sign."""
        self._month, self._empty = month, empty

    def build_menu(self) -> QMenu:
        """Return the menu."""
        menu, today = self._empty_menu(), self._today()
        if self._month is not None:
            named = month_long(self._month.year, self._month.number)
            self._add(menu, tr("presences.print_month", month=named), SheetWish("month"), enabled=not self._empty)
        menu.addSeparator()
        monday = today - timedelta(days=today.weekday())
        self._add(menu, tr("presences.print_night"), SheetWish("night", today))
        self._add(menu, tr("presences.print_week"), SheetWish("week", monday))
        self._add(menu, tr("presences.print_next_week"), SheetWish("week", monday + timedelta(days=7)))
        menu.addSeparator()
        self._add(menu, tr("presences.print_blank"), SheetWish("blank"))
        return menu

    def _add(self, menu: QMenu, words: str, wish: SheetWish, *, enabled: bool = True) -> None:
        action = menu.addAction(words, lambda: self.asked.emit(wish))
        action.setEnabled(enabled)
