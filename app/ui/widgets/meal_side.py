"""The sums of a day's meals: how many of each kind, for the kitchen how many keep each diet, and the staff's apart.

Counts and never names: this is what may be read out in the kitchen.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.format import number
from app.reference.texts import tr
from app.services.meal import MealSheet
from app.ui.kit import Card, Label, QuietButton, beside
from app.ui.presenters.meal_board import count_of, kitchen_lines, staff_line, total_lines
from app.ui.theme import px
from app.ui.widgets.figure_lines import FigureLines


class MealSide(QWidget):
    """Three cards, one under the other."""

    staff_asked = Signal()
    sheet_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kitchen, self.totals = FigureLines(), FigureLines()
        self.totals_card = Card(tr("meals.totals"), " ")
        self.totals_card.body.addWidget(self.totals)
        self.kitchen_card = Card(tr("meals.kitchen"), tr("meals.kitchen_hint"))
        self.kitchen_card.body.addWidget(self.kitchen)
        self.print_sheet = QuietButton(tr("meals.kitchen_print"), "print", on_click=self.sheet_asked.emit)
        self.kitchen_card.body.addLayout(beside(self.print_sheet, None))
        self.staff_card = Card(tr("meals.staff"))
        self.staff = Label("", "muted", wrap=True)
        self.staff_card.body.addWidget(self.staff)
        self.change_staff = QuietButton(tr("meals.staff_open"), "edit", on_click=self.staff_asked.emit)
        self.staff_card.body.addLayout(beside(self.change_staff, None))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(14))
        column.addWidget(self.totals_card)
        column.addWidget(self.kitchen_card)
        column.addWidget(self.staff_card)
        column.addStretch(1)

    def show_sheet(self, sheet: MealSheet | None) -> None:
        """Show the sums of a day, or none."""
        self.kitchen.show_lines(kitchen_lines(sheet) if sheet else [])
        self.totals.show_lines(total_lines(sheet) if sheet else [])
        self.kitchen_card.setVisible(sheet is not None and bool(sheet.kitchen()))
        self.staff_card.setVisible(sheet is not None and bool(sheet.offered))
        self.staff.setText((staff_line(sheet) if sheet else "") or tr("meals.staff_none"))
        self.change_staff.setEnabled(sheet is not None and not sheet.closed)
        n, in_days = count_of(sheet) if sheet else (0, True)
        hint = "" if in_days else tr("meals.totals_hint", n=number(n))
        self.totals_card.set_title(tr("meals.totals"), hint)
