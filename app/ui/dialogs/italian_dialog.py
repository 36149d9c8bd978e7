"""The form of the level of Italian: a level, the day it was assessed, and the assessments before it.

An assessment written by mistake is taken out here, one at a time.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.format import day as say_day
from app.reference.texts import tr
from app.ui.dialogs.path_dialog import PathDialog, focus_wrong
from app.ui.kit import ChoiceCombo, DayEdit, Field, Label, QuietIconButton, beside
from app.ui.presenters import path as words
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.inclusion import GuestPath, LevelRow
    from app.ui.context import Context


class ItalianDialog(PathDialog):
    """Writes a level, or takes one out."""

    form_id: ClassVar[str] = "path_italian"

    def __init__(self, context: Context, parent: QWidget | None, path: GuestPath) -> None:
        lead = tr("inclusion.italian_lead", who=words.who(path))
        super().__init__(context, parent, path, tr("inclusion.italian_title"), lead)
        today = context.register.desk.today()
        self.level = ChoiceCombo(words.level_choices())
        if path.levels:
            self.level.set_code(path.levels[-1].level)
        self.day = DayEdit(today, today=lambda: today, latest=today)
        self._day_field = Field(tr("inclusion.field_assessed"), self.day)
        self.body.addLayout(beside(Field(tr("inclusion.field_level"), self.level), self._day_field, stretch=(1, 1)))
        self.body.addWidget(Label(tr("inclusion.italian_history"), "heading"))
        self.body.addLayout(self._build_history())
        self.add_cancel()
        self.save = self.add_action(tr("inclusion.save_level"), self._save)
        self._proposed = self._typed()
        self.level.setFocus()

    def _build_history(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(px(2))
        self.removals: list[QuietIconButton] = []
        for row in reversed(self.path.levels):
            named = tr("inclusion.italian_remove", level=words.level_short(row.level), day=say_day(row.assessed_on))
            button = QuietIconButton("delete", named, on_click=partial(self._remove, row))
            button.setAutoDefault(False)
            self.removals.append(button)
            day = Label(say_day(row.assessed_on), "muted")
            column.addLayout(beside(Label(words.level(row.level), "strong"), day, None, button, spacing=8))
        if not self.path.levels:
            column.addWidget(Label(tr("inclusion.italian_none"), "muted"))
        return column

    def _typed(self) -> dict[str, object]:
        day = self.day.day()
        return {"level": self.level.code(), "day": day.isoformat() if day else None}

    def filled(self) -> dict[str, object]:
        """Return what is filled in, empty while all is as proposed."""
        typed = self._typed()
        return typed if typed != self._proposed else {}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.level.set_code(as_text(content.get("level")))
        self.day.set_day(day_from_text(content.get("day")))

    def _save(self) -> None:
        day = self.day.day()
        self._day_field.set_error("" if day else self.day.problem() or tr("inclusion.day_missing"))
        if focus_wrong(self._day_field) or day is None:
            return
        levels, guest, level = self._context.register.inclusions.levels, self.path.guest, self.level.code()
        self.send(lambda: levels.assess(guest, level, day), tr("inclusion.level_saved"))

    def _remove(self, row: LevelRow) -> None:
        levels, guest = self._context.register.inclusions.levels, self.path.guest
        self.send(lambda: levels.remove(guest, row.assessed_on), tr("inclusion.level_removed"))
