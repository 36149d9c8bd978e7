"""The form of a goal: what a guest wants, in her own words.

Closing it is another form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.services.inclusion import GoalDraft
from app.ui.dialogs.path_dialog import PathDialog, focus_wrong
from app.ui.kit import CodeCombo, DayEdit, Field, beside
from app.ui.presenters import path as words
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.widgets.note_edit import NoteEdit

if TYPE_CHECKING:
    from app.services.inclusion import GoalRow, GuestPath
    from app.ui.context import Context


class GoalDialog(PathDialog):
    """Writes a goal, or puts one right."""

    form_id: ClassVar[str] = "path_goal"

    def __init__(self, context: Context, parent: QWidget | None, path: GuestPath, goal: GoalRow | None = None) -> None:
        title = tr("inclusion.goal_change_title") if goal else tr("inclusion.goal_title")
        lead = tr("inclusion.goal_lead", who=words.who(path))
        super().__init__(context, parent, path, title, lead, row=goal.id if goal else None, width=480)
        today = context.register.desk.today()
        self._goal = goal
        self.words = NoteEdit(lines=4)
        self.area = CodeCombo(words.area_choices(with_law=path.with_law))
        self.day = DayEdit(today, today=lambda: today, latest=today)
        self._words_field = Field(tr("inclusion.field_words"), self.words)
        self._area_field = Field(tr("inclusion.field_area"), self.area)
        self._day_field = Field(tr("inclusion.field_set_on"), self.day)
        self.body.addWidget(self._words_field)
        self.body.addLayout(beside(self._area_field, self._day_field, stretch=(3, 2)))
        self.add_cancel()
        self.save = self.add_action(tr("inclusion.save_goal"), self._save)
        if goal is not None:
            self.words.setPlainText(goal.words)
            self.area.set_code(goal.area)
            self.day.set_day(goal.set_on)
        self._proposed = self._typed()
        self.words.setFocus()

    def _typed(self) -> dict[str, object]:
        day = self.day.day()
        return {"words": self.words.words(), "area": self.area.code(), "day": day.isoformat() if day else None}

    def filled(self) -> dict[str, object]:
        """Return what is filled in, empty while all is as proposed."""
        typed = self._typed()
        return typed if typed != self._proposed else {}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.words.setPlainText(as_text(content.get("words")))
        self.area.set_code(as_text(content.get("area")) or None)
        self.day.set_day(day_from_text(content.get("day")))

    def _save(self) -> None:
        said, area, day = self.words.words(), self.area.code(), self.day.day()
        self._words_field.set_error("" if said else tr("inclusion.words_missing"))
        self._area_field.set_error(self.area.problem())
        self._day_field.set_error("" if day else self.day.problem() or tr("inclusion.day_missing"))
        if focus_wrong(self._words_field, self._area_field, self._day_field) or area is None or day is None:
            return
        goals, guest, goal, draft = (
            self._context.register.inclusions.goals,
            self.path.guest,
            self._goal,
            GoalDraft(area, said, day),
        )
        if goal is None:
            self.send(lambda: goals.add(guest, draft), tr("inclusion.goal_saved"))
        else:
            self.send(lambda: goals.change(goal.id, draft), tr("inclusion.goal_saved"))
