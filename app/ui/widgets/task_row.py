"""A task of the shift: its icon and state in words, and the button that does it.

The row stays while its words change, so that the keyboard is not lost when something was done.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.kit import ListRow, Mark, SecondaryButton
from app.ui.presenters.today import Task

_DONE = ("check_circle_fill", "green")
_OPEN = ("edit_note", "amber")
_RESERVED = ("lock", "muted")


class TaskRow(ListRow):
    """The row; `asked` carries the value of the task when its button is pressed."""

    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.button = SecondaryButton("", on_click=self.ask)
        self._mark = Mark(*_OPEN, side=20)
        super().__init__("", lead=self._mark, trail=self.button, parent=parent)
        self.task: Task | None = None
        self.hide()

    def show_task(self, task: Task | None) -> None:
        """Show a task, or hide the row."""
        self.task = task
        self.setVisible(task is not None)
        if task is None:
            self.show_text("")
            return
        self.show_text(task.title, task.note)
        self._mark.show_icon(*(_RESERVED if task.is_reserved else _DONE if task.done else _OPEN))
        self.button.setVisible(not task.is_reserved)
        self.button.setText(task.action)
        self.button.setAccessibleName(f"{task.action}: {task.title}")
        self.button.setAccessibleDescription(task.note)

    def ask(self) -> None:
        """Do the task."""
        if self.task is not None:
            self.asked.emit(self.task.value)
