"""What can be done with a path, each thing with its form: opened from the card and from the page in the same way.

It decides nothing: which verbs a row offers is said by `app.ui.presenters.path`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from app.reference.ids import GoalId, GuestId
from app.reference.texts import tr
from app.ui.dialogs.goal_dialog import GoalDialog
from app.ui.dialogs.goal_end_dialog import GoalEndDialog
from app.ui.dialogs.hours_dialog import HoursDialog
from app.ui.dialogs.italian_dialog import ItalianDialog
from app.ui.dialogs.lesson_dialog import LessonDialog
from app.ui.dialogs.path_dialog import GUEST, ROW, PathDialog
from app.ui.dialogs.path_removal_dialog import goal_removal, step_removal
from app.ui.dialogs.step_dialog import StepDialog
from app.ui.dialogs.step_outcome_dialog import StepOutcomeDialog
from app.ui.presenters.path import who

if TYPE_CHECKING:
    from app.services.inclusion import GoalRow, GuestPath, StepRow
    from app.ui.context import Context

_FORMS = (GoalDialog, GoalEndDialog, StepDialog, StepOutcomeDialog, HoursDialog, ItalianDialog)


class PathForms(QObject):
    """Opens the forms over a page; `opened` carries each dialog."""

    opened = Signal(object)

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._page = parent

    def new_goal(self, path: GuestPath) -> None:
        """Open the form of a new goal."""
        self._show(GoalDialog(self._context, self._page, path))

    def new_step(self, path: GuestPath, goal: GoalId | None = None) -> None:
        """Open the form of a new step, for a goal perhaps."""
        self._show(StepDialog(self._context, self._page, path, goal=goal))

    def hours(self, path: GuestPath, step: StepRow | None = None) -> None:
        """Open the form of hours."""
        self._show(HoursDialog(self._context, self._page, path, step))

    def italian(self, path: GuestPath) -> None:
        """Open the form of the level of Italian."""
        self._show(ItalianDialog(self._context, self._page, path))

    def lesson(self) -> None:
        """Open the register of a lesson."""
        dialog = LessonDialog(self._context, self._page)
        self._context.give_back(dialog)
        self._open(dialog)

    def do_with_step(self, path: GuestPath, step: StepRow, verb: str) -> None:
        """Do what was chosen in the menu of a step."""
        steps = self._context.register.inclusions.steps
        match verb:
            case "outcome":
                self._show(StepOutcomeDialog(self._context, self._page, path, step))
            case "hours":
                self.hours(path, step)
            case "change":
                self._show(StepDialog(self._context, self._page, path, step))
            case "remove":
                self._open(step_removal(self._context, self._page, step))
            case "go_on":
                self._write(lambda: steps.go_on(step.id), tr("inclusion.step_goes_on"))
            case "reopen":
                self._write(lambda: steps.reopen(step.id), tr("inclusion.step_reopened"))

    def do_with_goal(self, path: GuestPath, goal: GoalRow, verb: str) -> None:
        """Do what was chosen in the menu of a goal."""
        goals = self._context.register.inclusions.goals
        match verb:
            case "step_for":
                self.new_step(path, goal.id)
            case "close_goal":
                self._show(GoalEndDialog(self._context, self._page, path, goal))
            case "change":
                self._show(GoalDialog(self._context, self._page, path, goal))
            case "remove":
                self._open(goal_removal(self._context, self._page, goal))
            case "reopen":
                self._write(lambda: goals.reopen(goal.id), tr("inclusion.goal_reopened"))

    # --- what was half filled when the register locked

    def kept(self) -> str | None:
        """Return the form that has a draft in this house, if there is one."""
        names = [form.form_id for form in _FORMS] + [LessonDialog.form_id]
        return next((name for name in names if name in self._context.drafts), None)

    def resume(self) -> None:
        """Open the form that has a draft, filled; if what it was about is gone, the draft is dropped."""
        name = self.kept()
        if name == LessonDialog.form_id:
            self.lesson()
        elif name is not None:
            content = json.loads(self._context.drafts[name])
            guest, register = GuestId(int(content.get(GUEST, 0))), self._context.register
            self._context.ask(
                self,
                lambda: register.inclusions.path(guest),
                lambda path: self._resume(name, path, content.get(ROW)),
                lambda _: self._drop(name),
            )

    def _resume(self, name: str, path: GuestPath, row: object) -> None:
        step = next((each for each in path.steps if each.id == row), None)
        goal = next((each for each in path.goals if each.id == row), None)
        over = self._context, self._page, path
        made: PathDialog | None = None
        if name == GoalDialog.form_id and (goal or row is None):
            made = GoalDialog(*over, goal)
        elif name == GoalEndDialog.form_id and goal:
            made = GoalEndDialog(*over, goal)
        elif name == StepDialog.form_id and (step or row is None):
            made = StepDialog(*over, step)
        elif name == StepOutcomeDialog.form_id and step:
            made = StepOutcomeDialog(*over, step)
        elif name == HoursDialog.form_id and step:
            made = HoursDialog(*over, step)
        elif name == ItalianDialog.form_id:
            made = ItalianDialog(*over)
        if made is None:
            self._drop(name)
        else:
            self._show(made)

    def _drop(self, name: str) -> None:
        self._context.drafts.pop(name, None)

    # --- inside

    def _show(self, dialog: PathDialog) -> None:
        """Open a form, filled again if its draft was written about the same guest and row."""
        kept = self._context.drafts.get(dialog.form_id)
        if kept is not None and dialog.is_about(json.loads(kept)):
            self._context.give_back(dialog)
            dialog.set_lead(f"{who(dialog.path)}. {tr('window.draft_back')}")
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        self.opened.emit(dialog)

    def _write(self, work: Callable[[], object], said: str) -> None:
        self._context.write(self, work, lambda _: self._context.told.emit("ok", said), changes="paths")
