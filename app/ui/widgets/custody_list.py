"""What a guest handed over: a row each, with what can be done with it.

Which row can be given back is decided by the register; this asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Chip, Label, ListRow, QuietButton
from app.ui.presenters.guest_sheet import custody_hint, custody_words
from app.ui.theme import px
from app.ui.widgets.layout import empty_layout

if TYPE_CHECKING:
    from app.services.custody import CustodyRow


class CustodyList(QWidget):
    """The rows; `give_back_asked` and `undo_asked` carry the CustodyRow."""

    give_back_asked = Signal(object)
    undo_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = Label("", "muted", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        column.addWidget(self._hint)
        column.addLayout(self._rows)

    def show_rows(self, rows: Sequence[CustodyRow]) -> None:
        """Show these things."""
        empty_layout(self._rows)
        self._hint.setText(custody_hint(rows) if rows else tr("guest.no_custody"))
        for row in rows:
            words = custody_words(row)
            trail = QWidget()
            line = QHBoxLayout(trail)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(px(8))
            if words.action:
                line.addWidget(self._button(words.action, words.title, partial(self.give_back_asked.emit, row)))
            elif words.is_back:
                undo = tr("guest.undo_give_back")
                line.addWidget(self._button(undo, words.title, partial(self.undo_asked.emit, row)))
            line.addWidget(Chip(words.tone, words.chip))
            self._rows.addWidget(ListRow(words.title, words.note, trail=trail))

    def come_after(self, before: QWidget) -> None:
        """Take the place after a widget in the order of Tab: rows made late would come last of all."""
        for at in range(self._rows.count()):
            item = self._rows.itemAt(at)
            row = item.widget() if item is not None else None
            for button in row.findChildren(QuietButton) if row is not None else ():
                QWidget.setTabOrder(before, button)
                before = button

    def clear(self) -> None:
        """Show nothing and keep nothing."""
        empty_layout(self._rows)
        self._hint.setText("")

    @staticmethod
    def _button(text: str, about: str, on_click: partial[None]) -> QuietButton:
        button = QuietButton(text, on_click=on_click)
        button.setAccessibleName(f"{text.rstrip('…')}: {about}")
        return button
