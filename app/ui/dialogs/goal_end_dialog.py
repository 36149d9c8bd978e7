"""The form that closes a goal: reached, or let go, and when.

Its open steps stay as they are, and the form says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.reference.texts import tr, tr_n
from app.ui.dialogs.path_dialog import PathDialog, focus_wrong
from app.ui.kit import ChoiceCombo, DayEdit, Field, Label
from app.ui.presenters import path as words
from app.ui.presenters.draft import as_text, day_from_text

if TYPE_CHECKING:
    from app.services.inclusion import GoalRow, GuestPath
    from app.ui.context import Context

REACHED, LET_GO = "reached", "let_go"


class GoalEndDialog(PathDialog):
    """Closes a goal, or puts its end right."""

    form_id: ClassVar[str] = "path_goal_end"

    def __init__(self, context: Context, parent: QWidget | None, path: GuestPath, goal: GoalRow) -> None:
        lead = tr("inclusion.goal_end_lead", who=words.who(path), goal=words.quoted(goal))
        super().__init__(context, parent, path, tr("inclusion.goal_end_title"), lead, row=goal.id)
        today = context.register.desk.today()
        self._goal = goal
        self.outcome = ChoiceCombo([(REACHED, tr("inclusion.reached_yes")), (LET_GO, tr("inclusion.reached_no"))])
        self.day = DayEdit(goal.closed_on or today, today=lambda: today, earliest=goal.set_on, latest=today)
        if goal.reached is False:
            self.outcome.set_code(LET_GO)
        self._day_field = Field(tr("inclusion.field_closed_on"), self.day)
        self.body.addWidget(Field(tr("inclusion.field_reached"), self.outcome))
        self.body.addWidget(self._day_field)
        open_steps = sum(step.goal == goal.id and not step.is_over for step in path.steps)
        if open_steps:
            self.body.addWidget(Label(tr_n("inclusion.goal_end_open_steps", open_steps), "small", wrap=True))
        self.add_cancel()
        self.save = self.add_action(tr("inclusion.save_goal_end"), self._save)
        self._proposed = self._typed()
        self.outcome.setFocus()

    def _typed(self) -> dict[str, object]:
        day = self.day.day()
        return {"outcome": self.outcome.code(), "day": day.isoformat() if day else None}

    def filled(self) -> dict[str, object]:
        """Return what is filled in, empty while all is as proposed."""
        typed = self._typed()
        return typed if typed != self._proposed else {}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.outcome.set_code(as_text(content.get("outcome")))
        self.day.set_day(day_from_text(content.get("day")))

    def _save(self) -> None:
        day = self.day.day()
        self._day_field.set_error("" if day else self.day.problem() or tr("inclusion.day_missing"))
        if focus_wrong(self._day_field) or day is None:
            return
        goals, goal, reached = self._context.register.inclusions.goals, self._goal.id, self.outcome.code() == REACHED
        self.send(lambda: goals.close(goal, day, reached=reached), tr("inclusion.goal_ended"))
