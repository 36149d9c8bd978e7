"""The sum of a month's accompaniments, how it was counted, and the way to the months around it.

It asks nobody: the page gives it a month's sum and is told which month is wanted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.ui.kit import Card, ElidedLabel, Label, QuietIconButton, beside, show_popover
from app.ui.presenters import visit
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.accompaniment import AccompanimentSum


class HoursCard(Card):
    """The card; `month_asked` carries the month wanted."""

    month_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._found: AccompanimentSum | None = None
        self._name = ElidedLabel("", "small")
        self.figure = Label("–", "heading")
        self.note = Label("", "small", wrap=True)
        self.how = QuietIconButton("info", tr("kit.how_counted"), on_click=self._on_how)
        self.before = QuietIconButton("chevron_left", tr("health.hours_before"), on_click=lambda: self._step(-1))
        self.after = QuietIconButton("chevron_right", tr("health.hours_after"), on_click=lambda: self._step(1))
        self.body.setSpacing(px(2))
        self.body.addLayout(beside(self._name, self.how, self.before, self.after, stretch=(1, 0, 0, 0), spacing=2))
        self.body.addWidget(self.figure)
        self.body.addWidget(self.note)

    def show_sum(self, found: AccompanimentSum) -> None:
        """Show a month."""
        self._found = found
        self._name.setText(visit.hours_title(found))
        self.figure.setText(visit.say_minutes(found.minutes))
        self.note.setText(visit.hours_note(found))
        self.setAccessibleName(self._name.text())
        self.setAccessibleDescription(f"{self.figure.text()}. {self.note.text()}")

    def clear(self) -> None:
        """Show nothing; the note names operators."""
        self._found = None
        for label in (self._name, self.note):
            label.setText("")
        self.figure.setText("–")
        self.setAccessibleDescription("")

    def _step(self, months: int) -> None:
        if self._found is not None:
            month = self._found.month
            self.month_asked.emit(month.next() if months > 0 else month.previous())

    def _on_how(self) -> None:
        show_popover(self.how, tr("health.hours_how"))
