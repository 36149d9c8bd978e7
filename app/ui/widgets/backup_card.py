"""The card of the copies in the settings: how old the last one is, where they go, one now, all of them, the sheet.

The copyist does the work; the card shows what it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.ui.kit import Card, Chip, ElidedLabel, Label, SecondaryButton, beside
from app.ui.presenters import backup
from app.ui.theme import px
from app.ui.widgets.step_line import StepLine

if TYPE_CHECKING:
    from app.services.backup import Progress, Reminder
    from app.ui.copyist import Copyist


class BackupCard(Card):
    """Shows the state of the copies."""

    place_asked = Signal()
    list_asked = Signal()
    loss_asked = Signal()

    def __init__(self, copyist: Copyist, parent: QWidget | None = None) -> None:
        super().__init__(tr("backup.card"), parent=parent)
        self._copyist = copyist
        self.chip = Chip("grey", "–")
        self._last = Label("", "muted", wrap=True)
        self._folder = ElidedLabel("", "strong")
        self.note = Label("", "muted", wrap=True)
        self.choose = SecondaryButton(tr("backup.choose"), "folder_open", on_click=self.place_asked.emit)
        self.make = SecondaryButton(tr("backup.make"), "save", on_click=copyist.make_now)
        self.all = SecondaryButton(tr("backup.all"), "history", on_click=self.list_asked.emit)
        self.line = StepLine(self)
        self.line.stop_asked.connect(copyist.cancel)
        self.loss = SecondaryButton(tr("backup.loss_open"), "print", on_click=self.loss_asked.emit)
        self._lay_out()
        copyist.state_changed.connect(self._show_copyist)
        copyist.progressed.connect(self._on_progress)
        self._show_copyist()

    def _lay_out(self) -> None:
        self.body.setSpacing(px(8))
        self.body.addLayout(beside(self.chip, self._last, stretch=(0, 1), spacing=10))
        self.body.addLayout(beside(self._folder, self.choose, stretch=(1, 0), spacing=12))
        self.body.addWidget(self.note)
        self.body.addLayout(beside(self.make, self.all, None, spacing=8))
        self.body.addWidget(self.line)
        self.body.addSpacing(px(4))
        about = Label(f"{tr('backup.loss')}. {tr('backup.loss_about')}", "muted", wrap=True)
        self.body.addLayout(beside(about, self.loss, stretch=(1, 0), spacing=12))

    def show_reminder(self, reminder: Reminder | None) -> None:
        """Show how old the last copy is."""
        if reminder is None:
            return
        shown = backup.state(reminder)
        self.chip.show_state(shown.tone, shown.word, shown.icon)
        self._last.setText(backup.last_line(reminder))

    def clear(self) -> None:
        """Forget the folder and the last copy."""
        self.chip.show_state("grey", "–")
        for label in (self._last, self._folder, self.note):
            label.setText("")

    def _on_progress(self, progress: Progress) -> None:
        self.line.show_progress(progress, is_busy=True)

    def _show_copyist(self) -> None:
        copyist = self._copyist
        place, busy = copyist.place, copyist.is_busy
        self._folder.setText(str(place.folder) if place is not None else "")
        self._folder.setToolTip(str(place.folder) if place is not None else "")
        self._folder.setVisible(place is not None)
        self.note.setText(backup.place_line(place, copyist.found))
        self.make.setEnabled(place is not None and not busy)
        self.all.setEnabled(copyist.found is not None)
        self.choose.setEnabled(not busy)
        self.line.show_progress(copyist.progress, is_busy=busy)
