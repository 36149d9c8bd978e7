"""Operatrici: who works with the register, in which role, and whether her passphrase opens here.

It changes nothing: a row or a button asks the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Banner, Card, Chip, Label, ListRow, SecondaryButton, beside
from app.ui.presenters import operator as words
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.operator import OperatorEntry


class OperatorsCard(Card):
    """The card; `opened` carries the operator whose row was opened."""

    add_asked = Signal()
    opened = Signal(object)
    renew_asked = Signal()
    """New keys are wanted, after a suspected loss."""
    finish_asked = Signal()
    """A change of keys that was cut off is to be finished."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("operator.card"), " ", parent=parent)
        self.add = SecondaryButton(tr("operator.add"), "person_add", on_click=self.add_asked.emit)
        self.renew = SecondaryButton(tr("operator.renew"), "sync", on_click=self.renew_asked.emit)
        self.waits = Banner("warn", tr("operator.waits"), tr("operator.waits_text"), action=tr("operator.finish"))
        self.waits.action_asked.connect(self.finish_asked)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("operator.changing"))
        self.fault = Banner("error", tr("operator.faults"))
        self._only = Label(tr("operator.only_coordination"), "muted", wrap=True)
        self._ground = QWidget()
        self._column = QVBoxLayout(self._ground)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._rows: list[ListRow] = []
        self.body.setSpacing(px(8))
        self.body.addWidget(self.fault)
        self.body.addWidget(self.waits)
        self.body.addWidget(self.bar)
        self.body.addWidget(self._ground)
        self.body.addWidget(self._only)
        self.body.addLayout(beside(self.add, self.renew, None, spacing=8))
        self.setFocusProxy(self.add)
        self.waits.hide()
        self.fault.hide()
        self.bar.hide()

    def show_operators(self, entries: Sequence[OperatorEntry], *, may_manage: bool, keys_wait: bool) -> None:
        """Show all operators; only who coordinates can do anything about them."""
        self.clear()
        self.set_title(tr("operator.card"), words.summary(entries))
        for entry in entries:
            shown = words.state(entry)
            can_open = words.can_open(entry, may_manage=may_manage)
            row = ListRow(
                entry.display_name,
                words.note(entry),
                trail=Chip(shown.tone, shown.word, shown.icon),
                can_open=can_open,
            )
            if can_open:
                row.opened.connect(partial(self.opened.emit, entry))
            self._rows.append(row)
            self._column.addWidget(row)
        self.add.setVisible(may_manage)
        self.renew.setVisible(may_manage)
        self._only.setVisible(not may_manage)
        self.waits.setVisible(keys_wait)

    def tell_fault(self, sentence: str) -> None:
        """Say what stops every change of keys; empty for nothing."""
        self.fault.tell("error", tr("operator.faults"), sentence)
        self.fault.setVisible(bool(sentence))

    def show_finishing(self, pages: tuple[int, int] | None) -> None:
        """Show how many pages are done, of how many (0 while nobody knows); None when nothing is under way."""
        is_busy = pages is not None
        text, action = ("changing", "") if is_busy else ("waits_text", tr("operator.finish"))
        self.waits.tell("warn", tr("operator.waits"), tr(f"operator.{text}"), action=action)
        self.bar.setVisible(is_busy)
        for button in (self.add, self.renew):
            button.setEnabled(not is_busy)
        if pages is not None:
            self.bar.setRange(0, pages[1])
            self.bar.setValue(pages[0])

    def rows(self) -> list[ListRow]:
        """Return the rows."""
        return list(self._rows)

    def clear(self) -> None:
        """Drop every name."""
        for row in self._rows:
            row.hide()
            self._column.removeWidget(row)
            row.deleteLater()
        self._rows = []
        self.set_title(tr("operator.card"), "")
