"""The hours of a month by area, with how they are counted.

It is given rows of words and adds nothing up.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.ui.kit import Card, FigureRow, Label, QuietIconButton, show_popover
from app.ui.widgets.row_list import RowList


class AreaHoursCard(Card):
    """A row an area, the sum in the last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", parent=parent)
        self._explanation = ""
        self.how = QuietIconButton("info", tr("kit.how_counted"), on_click=self._on_how)
        self.how.setObjectName("howButton")
        self.head.addWidget(self.how)
        self._none = Label(tr("inclusion.hours_none"), "muted", wrap=True)
        self.list = RowList()
        self.body.addWidget(self._none)
        self.body.addWidget(self.list, 100)
        self.body.addStretch(1)

    def show_hours(self, title: str, rows: list[tuple[str, str]], how: str) -> None:
        """Show the hours of a month."""
        self.set_title(title)
        self._explanation = how
        self._none.setVisible(not rows)
        self.list.setVisible(bool(rows))
        self.list.show_rows([FigureRow(name, hours) for name, hours in rows])

    def clear(self) -> None:
        """Show nothing."""
        self.set_title(" ")
        self._explanation = ""
        self.list.clear()

    def _on_how(self) -> None:
        if self._explanation:
            show_popover(self.how, self._explanation)
