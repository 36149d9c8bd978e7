"""The form of hours: a step, a duration, and a month of days to mark; several days and months are saved together.

Which days may hold hours is said by `app.ui.presenters.hour_month`; the register has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.reference.format import month_long
from app.reference.ids import StepId
from app.reference.texts import tr, tr_n
from app.services.calendar import Month
from app.ui.dialogs.path_dialog import PathDialog, focus_wrong
from app.ui.kit import ChoiceCombo, Field, IconButton, Label, beside
from app.ui.presenters import path as words
from app.ui.presenters.draft import as_number, as_text
from app.ui.presenters.hour_month import HourMonth
from app.ui.presenters.lesson import DEFAULT_MINUTES
from app.ui.presenters.visit import say_minutes
from app.ui.widgets.duration_edit import DurationEdit
from app.ui.widgets.hour_calendar import HourCalendar

if TYPE_CHECKING:
    from app.services.inclusion import GuestPath, StepRow
    from app.ui.context import Context


class HoursDialog(PathDialog):
    """Writes the hours of one step, the first open one unless another is given."""

    form_id: ClassVar[str] = "path_hours"

    def __init__(self, context: Context, parent: QWidget | None, path: GuestPath, step: StepRow | None = None) -> None:
        lead = tr("inclusion.hours_lead", who=words.who(path))
        super().__init__(context, parent, path, tr("inclusion.hours_title"), lead, width=540)
        self._today = context.register.desk.today()
        self._month = Month.of(self._today)
        self._steps = {str(each.id): each for each in _offered(path, step)}
        self.step = ChoiceCombo([(code, words.step_name(each)) for code, each in self._steps.items()])
        self.step.setMinimumContentsLength(24)
        self.step.setSizeAdjustPolicy(ChoiceCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.duration = DurationEdit()
        self.calendar = HourCalendar()
        self.sheet: HourMonth | None = None
        self._build()
        self._connect()
        self.add_cancel()
        self.save = self.add_action(tr("inclusion.save_hours"), self._save)
        if step is not None:
            self.step.set_code(str(step.id))
        self._on_step(self.step.code())
        self.calendar.setFocus()

    def _build(self) -> None:
        self._duration_field = Field(tr("inclusion.field_duration"), self.duration)
        self.before = IconButton("chevron_left", tr("inclusion.before"), on_click=partial(self._step_month, -1))
        self.after = IconButton("chevron_right", tr("inclusion.after"), on_click=partial(self._step_month, 1))
        for button in (self.before, self.after):
            button.setAutoDefault(False)
        self._month_name = Label("", "heading")
        self._total, self._unsaved = Label("", "muted"), Label("", "strong")
        self.body.addLayout(beside(Field(tr("inclusion.field_step"), self.step), self._duration_field, stretch=(3, 2)))
        self.body.addLayout(
            beside(self.before, self._month_name, self.after, None, self._unsaved, self._total, spacing=8)
        )
        self.body.addWidget(self.calendar)

    def _connect(self) -> None:
        self.step.code_changed.connect(self._on_step)
        self.duration.minutes_changed.connect(self._on_duration)
        self.calendar.changed.connect(self._show_sums)
        self.calendar.month_asked.connect(self._step_month)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self._save)

    # --- showing

    def _on_step(self, code: str) -> None:
        step = self._steps.get(code)
        if step is None:
            return
        self.row = step.id
        self.sheet = HourMonth.of(self.path, step, self._today)
        self.duration.set_minutes(self.sheet.usual() or DEFAULT_MINUTES)
        self.calendar.duration = self.duration.minutes() or 0
        if step.ended_on is not None:
            self._month = Month.of(step.ended_on)
        self.calendar.day = min(self._month.last, self._today)
        self._show_month()

    def _on_duration(self, minutes: int) -> None:
        self.calendar.duration = minutes

    def _step_month(self, months: int) -> None:
        wanted = self._month.next() if months > 0 else self._month.previous()
        if wanted > Month.of(self._today):
            if self.calendar.day is not None:
                self.calendar.day = min(self.calendar.day, self._month.last)
                self.calendar.update()
            return
        self._month = wanted
        self._show_month()

    def _show_month(self) -> None:
        self.calendar.show_month(self.sheet, self._month, self.calendar.day)
        self._month_name.setText(month_long(self._month.year, self._month.number).capitalize())
        self.after.setEnabled(self._month < Month.of(self._today))
        self._show_sums()

    def _show_sums(self) -> None:
        if self.sheet is None:
            return
        named = month_long(self._month.year, self._month.number)
        self._total.setText(tr("inclusion.hours_total", month=named, time=say_minutes(self.sheet.total(self._month))))
        unsaved = len(self.sheet.changes)
        self._unsaved.setText(tr_n("inclusion.hours_unsaved", unsaved) if unsaved else "")
        self.step.setEnabled(not unsaved)

    # --- draft

    def filled(self) -> dict[str, object]:
        """Return the days that were changed."""
        if self.sheet is None or not self.sheet.changes:
            return {}
        return {"days": self.sheet.content(), "duration": self.duration.text()}

    def is_about(self, content: dict[str, object]) -> bool:
        """Tell whether a draft is of the same guest; the step is chosen by it."""
        return content.get("guest") == self.path.guest and str(content.get("row")) in self._steps

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.step.set_code(str(as_number(content.get("row")) or ""))
        self._on_step(self.step.code())
        self.duration.setText(as_text(content.get("duration")))
        self.calendar.duration = self.duration.minutes() or 0
        days = content.get("days")
        if self.sheet is not None and isinstance(days, dict):
            self.sheet.restore(days)
        self._show_sums()

    # --- saving

    def _save(self) -> None:
        self._duration_field.set_error(self.duration.problem())
        if self.sheet is None or focus_wrong(self._duration_field):
            return
        if not self.sheet.changes:
            self.accept()
            return
        lessons, step, days = self._context.register.inclusions.lessons, StepId(self.sheet.step.id), self.sheet.changes
        self.send(lambda: lessons.record(step, dict(days)), tr("inclusion.hours_saved"))


def _offered(path: GuestPath, step: StepRow | None) -> Iterable[StepRow]:
    """Return the steps to write hours on: those with hours of late first, then the other open ones, then one given."""
    open_steps = [each for each in path.steps if not each.is_over]
    open_steps.sort(key=lambda each: -(each.last_hours_on or each.started_on.min).toordinal())
    given = [step] if step is not None and step.is_over else []
    return [*open_steps, *given]
