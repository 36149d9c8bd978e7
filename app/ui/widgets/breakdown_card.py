"""The breakdowns that leave with a month, each a sentence with its definition behind it; or when they come.

It shows what a presenter says; what may be done about them is asked of the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Card, FigureRow, Label, QuietIconButton, beside, show_popover
from app.ui.kit.painting import hairline
from app.ui.presenters import breakdown as words
from app.ui.theme import px
from app.ui.widgets.layout import empty_layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.breakdown import BreakdownTable, DueTable, MonthBreakdowns
    from app.ui.kit.label import Role

_ACROSS = 2


class BreakdownLine(QWidget):
    """A variable and what leaves of it, with the button that says how it was counted."""

    def __init__(self, table: BreakdownTable) -> None:
        super().__init__()
        self.table = table
        said = words.sentence(table)
        self.how = QuietIconButton("help", tr("disclosure.how", variable=table.label), on_click=self._explain)
        column = QVBoxLayout()
        column.setSpacing(px(1))
        column.addWidget(Label(table.label, "small"))
        column.addWidget(Label(said, "strong", wrap=True))
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(8), px(4), 0, px(5))
        row.setSpacing(px(8))
        row.addLayout(column, 1)
        row.addWidget(self.how)
        self.setAccessibleName(f"{table.label}: {said}")

    def _explain(self) -> None:
        show_popover(self.how, words.how(self.table))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        hairline(QPainter(self), 0, self.width(), self.height() - 0.5)


class BreakdownCard(Card):
    """The card; as high as what it shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("disclosure.card"), " ", parent=parent)
        self.lines: list[BreakdownLine] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self.body.addLayout(self._column)
        self.body.addStretch(1)

    def show_month(self, found: MonthBreakdowns | None, due: Sequence[DueTable], k: int) -> None:
        """Show what leaves with a month; while nothing does, when the next ones come."""
        empty_layout(self._column)
        self.lines = []
        shown = words.populations(found) if found is not None else ()
        self.set_title(tr("disclosure.card"), tr("disclosure.card_hint", k=k))
        for population in shown:
            self._add_population(population)
        if not shown:
            self._show_none(found, due)
        for note in words.notes(found) if found is not None else ():
            self._say(note, "small", above=8)

    def _add_population(self, population: words.Population) -> None:
        head = QWidget()
        row = beside(Label(population.name, "heading"), None, Label(population.total, "muted"), spacing=8)
        row.setContentsMargins(px(8), px(14) if self.lines else 0, px(8), px(4))
        head.setLayout(row)
        self._column.addWidget(head)
        ground = QWidget()
        grid = QGridLayout(ground)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(20))
        grid.setVerticalSpacing(0)
        for place, table in enumerate(population.tables):
            line = BreakdownLine(table)
            self.lines.append(line)
            grid.addWidget(line, place // _ACROSS, place % _ACROSS)
        for across in range(_ACROSS):
            grid.setColumnStretch(across, 1)
        self._column.addWidget(ground)

    def _show_none(self, found: MonthBreakdowns | None, due: Sequence[DueTable]) -> None:
        nothing_due = found is None or found.state == words.NONE
        self._say(words.absence(found), "body")
        if nothing_due and due:
            self._say(tr("disclosure.none_next"), "muted", above=10)
            for name, state in words.schedule(due):
                self._column.addWidget(FigureRow(name, state))
            self._say(tr("disclosure.unclosed"), "small", above=8)

    def _say(self, text: str, role: Role, *, above: int = 0) -> None:
        label = Label(text, role, wrap=True)
        label.setContentsMargins(0, px(above), 0, 0)
        self._column.addWidget(label)
