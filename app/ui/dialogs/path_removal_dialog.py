"""Asks before a goal or a step that was written by mistake is taken out.

It opens without blocking, and the harmless answer is the one that Return gives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.ui.kit import Dialog, Label
from app.ui.presenters import path as words
from app.ui.presenters.visit import say_minutes

if TYPE_CHECKING:
    from app.services.inclusion import GoalRow, StepRow
    from app.ui.context import Context


class PathRemovalDialog(Dialog):
    """Takes out what it names, after a yes."""

    def __init__(
        self, context: Context, parent: QWidget | None, title: str, text: str, *, work: Callable[[], object], said: str
    ) -> None:
        super().__init__(parent, title)
        self._context = context
        self._work = work
        self._said = said
        self.body.addWidget(Label(text, wrap=True))
        self.keep = self.add_cancel(tr("inclusion.remove_keep"))
        self.take_out = self.add_danger(tr("inclusion.remove_do"), self._on_remove)
        self.keep.setDefault(True)
        self.keep.setFocus()

    def _on_remove(self) -> None:
        self.take_out.setEnabled(False)

        def done(_: object) -> None:
            self._context.told.emit("ok", self._said)
            self.accept()

        self._context.write(self, self._work, done, changes="paths", failed=self._refused)

    def _refused(self, error: ApprodoError) -> None:
        self.take_out.setEnabled(True)
        self.set_error(say_error(error))


def goal_removal(context: Context, parent: QWidget | None, goal: GoalRow) -> PathRemovalDialog:
    """Return the question about a goal."""
    goals = context.register.inclusions.goals
    return PathRemovalDialog(
        context,
        parent,
        tr("inclusion.remove_goal_title"),
        tr("inclusion.remove_goal_text", goal=words.quoted(goal)),
        work=lambda: goals.remove(goal.id),
        said=tr("inclusion.goal_removed"),
    )


def step_removal(context: Context, parent: QWidget | None, step: StepRow) -> PathRemovalDialog:
    """Return the question about a step; it says how many hours go with it."""
    steps = context.register.inclusions.steps
    text = tr("inclusion.remove_step_text", step=words.step_name(step))
    if step.minutes:
        text += "\n" + tr("inclusion.remove_step_hours", time=say_minutes(step.minutes))
    return PathRemovalDialog(
        context,
        parent,
        tr("inclusion.remove_step_title"),
        text,
        work=lambda: steps.remove(step.id),
        said=tr("inclusion.step_removed"),
    )
