"""The card beside the board: the guest chosen, what moved, her open steps with what can be done, her Italian.

It writes nothing: its rows and buttons ask the page.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Card, Chip, EmptyState, Label, QuietButton, SecondaryButton, beside
from app.ui.presenters import inclusion
from app.ui.presenters import path as words
from app.ui.theme import px
from app.ui.widgets.path_row import PathRow
from app.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from app.services.inclusion import StepRow
    from app.ui.presenters.inclusion import PathLine


class PathCard(Card):
    """Shows a line of the board; `step_asked` carries a step and the verb chosen in its menu."""

    step_asked = Signal(object, str)
    hours_asked = Signal()
    guest_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._pile = QStackedLayout()
        self.body.addLayout(self._pile)
        self._pile.addWidget(EmptyState("school", tr("inclusion.card_none"), tr("inclusion.card_none_hint")))
        self._pile.addWidget(self._build())

    def _build(self) -> QWidget:
        self._name, self._code = Label("", "title"), Label("", "mono")
        self._level = Chip("grey", "", "translate")
        self._moved = Label("", wrap=True)
        self._none = Label(tr("inclusion.card_no_steps"), "muted")
        self.steps = RowList()
        self.hours = SecondaryButton(tr("inclusion.write_hours"), "schedule", on_click=self.hours_asked.emit)
        self.guest = QuietButton(tr("inclusion.open_card"), on_click=self.guest_asked.emit)
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        column.addLayout(beside(self._name, self._code, None, self._level, spacing=8))
        column.addWidget(self._moved)
        column.addWidget(self._none)
        column.addWidget(self.steps, 1)
        column.addLayout(beside(self.hours, None, self.guest, spacing=8))
        return ground

    def show_line(self, line: PathLine | None, area: str = "") -> None:
        """Show a guest, her open steps of one area when one is chosen; None shows none."""
        self._pile.setCurrentIndex(0 if line is None else 1)
        if line is None:
            self.clear()
            return
        self._name.setText(line.name_used)
        self._code.setText(line.path.code)
        self._level.show_state("grey", words.level_short(line.level), "translate")
        said = inclusion.moves_said(line)
        self._moved.setText(said[:1].upper() + said[1:] + ".")
        found = words.open_steps(line.path, line.today, of_area=area or None)
        self._none.setVisible(not found)
        self._drop_rows()
        self.steps.show_rows([self._row(step, line) for step in found])
        self.hours.setVisible(any(not step.is_over for step in line.path.steps))

    def _row(self, step: StepRow, line: PathLine) -> PathRow:
        row = PathRow(words.step_brief(step, line.today), words.step_actions(step), brief=True)
        row.done.connect(partial(self.step_asked.emit, step))
        return row

    def _drop_rows(self) -> None:
        """Let the rows go, their words at once: they live on until the next event."""
        for row in self.steps.rows():
            for words_of in row.findChildren(QLabel):
                words_of.clear()
            row.setAccessibleName("")
            row.setAccessibleDescription("")
        self.steps.clear()

    def clear(self) -> None:
        """Drop every word about a guest."""
        self._pile.setCurrentIndex(0)
        for label in (self._name, self._code, self._moved):
            label.clear()
        self._level.show_state("grey", "", "translate")
        self._drop_rows()
