"""A guest's health coverage on her card: the one in force, its number on demand, those before it.

It writes nothing; `app.ui.tabs.guest_coverage` opens the forms and asks for the number.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Chip, Label, ListRow, QuietButton, SecondaryButton, beside
from app.ui.presenters import coverage as words
from app.ui.theme import px
from app.ui.widgets.layout import empty_layout

if TYPE_CHECKING:
    from app.services.coverage import CoverageRow


class CoverageCard(QWidget):
    """The coverage; each signal but `add_asked` carries the row that it is about."""

    add_asked = Signal()
    change_asked = Signal(object)
    withdraw_asked = Signal(object)
    reveal_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: CoverageRow | None = None
        self._kind = Label("", "strong", wrap=True)
        self._days = Label("", "muted", wrap=True)
        self._chip = Chip("grey", "")
        self._number = Label("", "mono")
        self._noted = Label(tr("coverage.number_noted"), "small", wrap=True)
        self.add = SecondaryButton(tr("coverage.add"), "add", on_click=self.add_asked.emit)
        self.add.setObjectName("addCoverageButton")
        self.change = QuietButton(tr("coverage.change"), on_click=lambda: self.change_asked.emit(self._row))
        self.withdraw = QuietButton(tr("coverage.withdraw"), on_click=lambda: self.withdraw_asked.emit(self._row))
        self.reveal = SecondaryButton(
            tr("coverage.reveal"), "visibility", on_click=lambda: self.reveal_asked.emit(self._row)
        )
        self.reveal.setObjectName("revealNumberButton")
        self.reveal.setToolTip(tr("coverage.reveal_tip"))
        self._before = QVBoxLayout()
        self._before.setSpacing(0)
        self._before_title = Label(tr("coverage.history"), "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        column.addWidget(Label(tr("coverage.title"), "heading"))
        column.addLayout(beside(self._kind, self._chip, None, spacing=10))
        column.addWidget(self._days)
        column.addWidget(self._number)
        column.addWidget(self._noted)
        column.addLayout(beside(self.add, self.reveal, None, spacing=8))
        column.addLayout(beside(self.change, self.withdraw, None, spacing=8))
        column.addWidget(self._before_title)
        column.addLayout(self._before)
        self.clear()

    def show_rows(self, rows: Sequence[CoverageRow]) -> None:
        """Show a guest's coverages, the one in force first; its number is hidden."""
        self.clear()
        self._row = row = rows[0] if rows else None
        self._kind.setText(words.kind(row.kind) if row is not None else tr("coverage.none"))
        self._days.setText(words.days(row) if row is not None else tr("coverage.none_hint"))
        state = words.state(row)
        self._chip.show_state(state.tone, state.word, state.icon)
        self._chip.setVisible(row is not None)
        self.add.setText(tr("coverage.renew") if row is not None else tr("coverage.add"))
        self.add.setVisible(True)
        self.change.setVisible(row is not None)
        self.withdraw.setVisible(row is not None)
        self.reveal.setVisible(row is not None and row.has_number)
        self._before_title.setVisible(len(rows) > 1)
        for old in rows[1:]:
            line = ListRow(words.kind_short(old.kind), words.days(old), can_open=True)
            line.opened.connect(partial(self.change_asked.emit, old))
            self._before.addWidget(line)

    def show_number(self, number: str) -> None:
        """Show the number and say that this was noted."""
        self._number.setText(tr("coverage.number_shown", number=number))
        self._number.show()
        self._noted.show()
        self.reveal.hide()

    def number_shown(self) -> str:
        """Return the line with the number, empty while it is hidden."""
        return self._number.text()

    def clear(self) -> None:
        """Forget everything."""
        self._row = None
        for label in (self._kind, self._days, self._number):
            label.setText("")
        empty_layout(self._before)
        for widget in (self._number, self._noted, self._chip, self.add, self.change, self.withdraw, self.reveal):
            widget.hide()
        self._before_title.hide()
