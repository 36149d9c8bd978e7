"""How far a copy, a trial or a restore is: a word, a thin bar, and a button that stops it.

It stops nothing itself: the button asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.reference.texts import tr
from app.ui.kit import Label, SecondaryButton
from app.ui.presenters import backup
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.backup import Progress


class StepLine(QWidget):
    """The line; hidden until something is under way."""

    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Label("", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("backup.bar"))
        self.stop = SecondaryButton(tr("backup.stop"), "close", on_click=self._on_stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        column = QVBoxLayout()
        column.setSpacing(px(4))
        column.addWidget(self._words)
        column.addWidget(self._bar)
        row.addLayout(column, 1)
        row.addWidget(self.stop)
        self.hide()

    def show_progress(self, progress: Progress | None, *, is_busy: bool) -> None:
        """Show how far the work is; nothing is shown of none."""
        if is_busy == self.isHidden():
            self.setVisible(is_busy)
            self.stop.setEnabled(True)
        self._words.setText(backup.going(progress))
        share = backup.share(progress)
        self._bar.setRange(0, 0 if share is None else 100)
        self._bar.setValue(share or 0)

    def _on_stop(self) -> None:
        self.stop.setEnabled(False)
        self.stop_asked.emit()
