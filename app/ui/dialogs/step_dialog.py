"""The form of a step: what, with whom, by when, for which goal, and how far it is.

Only the kind of step is needed. A step that is over already is written with its end in one go; the end of one that
exists is written in another form.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.reference.ids import GoalId
from app.reference.texts import tr
from app.services.calendar import HOUSE_ZONE
from app.services.inclusion import StepDraft, StepEnd
from app.services.path import STARTED, is_final
from app.ui.dialogs.path_dialog import PathDialog, focus_wrong
from app.ui.dialogs.two_columns import ScrollGround
from app.ui.kit import ChoiceCombo, CodeCombo, DayEdit, Field, beside
from app.ui.presenters import path as words
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.presenters.visit import HourSkipped, HourUnreadable, appointment, read_hour
from app.ui.theme import px
from app.ui.widgets.note_edit import NoteEdit

if TYPE_CHECKING:
    from app.services.inclusion import GuestPath, StepRow
    from app.ui.context import Context

_DAYS = ("started", "due", "appointment", "ended")


class StepDialog(PathDialog):
    """Writes a step, or puts one right; `goal` is proposed for a new one."""

    form_id: ClassVar[str] = "path_step"

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        path: GuestPath,
        step: StepRow | None = None,
        *,
        goal: GoalId | None = None,
    ) -> None:
        title = tr("inclusion.step_change_title") if step else tr("inclusion.step_title")
        lead = tr("inclusion.step_lead", who=words.who(path))
        super().__init__(context, parent, path, title, lead, row=step.id if step else None, width=560)
        self._step = step
        self._today = context.register.desk.today()
        self._build(goal)
        self._connect()
        if step is not None:
            self._show_step(step)
        self._on_state(self.state.code())
        self.add_cancel()
        self.save = self.add_action(tr("inclusion.save_change" if step else "inclusion.save_step"), self._save)
        self._proposed = self._typed()
        self.kind.setFocus()

    def _build(self, goal: GoalId | None) -> None:
        self.kind = CodeCombo(words.kind_choices(with_law=self.path.with_law))
        self.what, self.who, self.hour = QLineEdit(), QLineEdit(), QLineEdit()
        self.hour.setPlaceholderText("9:30")
        chosen = self._step.goal if self._step is not None else goal
        self.goal = ChoiceCombo(words.goal_choices(self.path, chosen))
        self.goal.set_code(str(chosen) if chosen is not None else words.NONE)
        self.goal.setMinimumContentsLength(20)
        self.goal.setSizeAdjustPolicy(ChoiceCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        today = self._today
        self.started = DayEdit(today, today=lambda: today, latest=today)
        self.due, self.appointment = DayEdit(today=lambda: today), DayEdit(today=lambda: today)
        self.ended = DayEdit(today, today=lambda: today, latest=today)
        is_new = self._step is None
        self.state = ChoiceCombo(words.state_choices() if is_new else words.open_states())
        self.note = NoteEdit(lines=2)
        self._kind_field = Field(tr("inclusion.field_kind"), self.kind)
        self._started_field = Field(tr("inclusion.field_started"), self.started)
        self._due_field = Field(tr("inclusion.field_due"), self.due, optional=True)
        self._day_field = Field(tr("inclusion.field_appointment"), self.appointment, optional=True)
        self._hour_field = Field(tr("inclusion.field_hour"), self.hour)
        self._state_field = Field(tr("inclusion.field_state"), self.state)
        self._ended_field = Field(tr("inclusion.field_ended"), self.ended)
        self._note_field = Field(tr("inclusion.field_outcome"), self.note, optional=True)
        self.body.addWidget(ScrollGround(self._ground()))

    def _ground(self) -> QWidget:
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(2, 0, px(8), 0)
        column.setSpacing(px(14))
        what = Field(tr("inclusion.field_what"), self.what, help_text=tr("inclusion.what_help"), optional=True)
        column.addWidget(self._kind_field)
        column.addLayout(beside(what, Field(tr("inclusion.field_who"), self.who, optional=True), stretch=(3, 2)))
        column.addWidget(Field(tr("inclusion.field_goal"), self.goal))
        column.addLayout(beside(self._started_field, self._due_field, stretch=(1, 1)))
        column.addLayout(beside(self._day_field, self._hour_field, stretch=(1, 1)))
        column.addLayout(beside(self._state_field, self._ended_field, stretch=(1, 1)))
        column.addWidget(self._note_field)
        return ground

    def _connect(self) -> None:
        self.state.code_changed.connect(self._on_state)
        self.started.day_changed.connect(self._on_started)

    def _show_step(self, step: StepRow) -> None:
        self.kind.set_code(step.kind)
        self.what.setText(step.what or "")
        self.who.setText(step.who or "")
        self.started.set_day(step.started_on)
        self.due.set_day(step.due_on)
        if step.appointment_at is not None:
            at = step.appointment_at.astimezone(HOUSE_ZONE)
            self.appointment.set_day(at.date())
            self.hour.setText(f"{at:%H:%M}")
        self.state.set_code(step.state)
        self._state_field.setVisible(not step.is_over)
        self._on_started(step.started_on)

    def _on_state(self, code: str) -> None:
        over = self._step is None and is_final(code)
        self._ended_field.setVisible(over)
        self._note_field.setVisible(over)

    def _on_started(self, day: object) -> None:
        if isinstance(day, date):
            for later in (self.due, self.appointment):
                later.set_bounds(day, None)
            self.ended.set_bounds(day, self._today)

    # --- draft

    def _typed(self) -> dict[str, object]:
        days = {name: getattr(self, name).day() for name in _DAYS}
        return {
            "kind": self.kind.code(),
            "what": self.what.text().strip(),
            "who": self.who.text().strip(),
            "goal": self.goal.code(),
            "hour": self.hour.text().strip(),
            "state": self.state.code(),
            "note": self.note.words(),
            **{name: day.isoformat() if day else None for name, day in days.items()},
        }

    def filled(self) -> dict[str, object]:
        """Return what is filled in, empty while all is as proposed."""
        typed = self._typed()
        return typed if typed != self._proposed else {}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.kind.set_code(as_text(content.get("kind")) or None)
        for line, name in ((self.what, "what"), (self.who, "who"), (self.hour, "hour")):
            line.setText(as_text(content.get(name)))
        self.goal.set_code(as_text(content.get("goal")))
        self.state.set_code(as_text(content.get("state")))
        self.note.setPlainText(as_text(content.get("note")))
        for name in _DAYS:
            getattr(self, name).set_day(day_from_text(content.get(name)))
        self._on_state(self.state.code())

    # --- saving

    def _save(self) -> None:
        kind, started = self.kind.code(), self.started.day()
        self._kind_field.set_error(self.kind.problem())
        self._started_field.set_error("" if started else self.started.problem() or tr("inclusion.day_missing"))
        self._due_field.set_error(self.due.problem())
        over = not self._ended_field.isHidden()
        ended = self.ended.day()
        missing = over and ended is None
        self._ended_field.set_error(self.ended.problem() or tr("inclusion.day_missing") if missing else "")
        at = self._read_appointment()
        wrong = (
            self._kind_field,
            self._started_field,
            self._due_field,
            self._day_field,
            self._hour_field,
            self._ended_field,
        )
        if focus_wrong(*wrong) or kind is None or started is None:
            return
        goal = self.goal.code()
        draft = StepDraft(
            kind,
            started,
            self.what.text().strip() or None,
            self.who.text().strip() or None,
            GoalId(int(goal)) if goal else None,
            self.due.day(),
            at,
            STARTED if over else self.state.code(),
        )
        end = StepEnd(self.state.code(), ended, self.note.words() or None) if over and ended is not None else None
        self._write(draft, end)

    def _write(self, draft: StepDraft, end: StepEnd | None) -> None:
        steps, guest, step = self._context.register.inclusions.steps, self.path.guest, self._step
        if step is None:
            self.send(lambda: steps.start(guest, draft, end), tr("inclusion.step_saved"))
        else:
            self.send(lambda: steps.change(step.id, draft), tr("inclusion.step_saved"))

    def _read_appointment(self) -> datetime | None:
        """Return the appointment, None when there is none or after saying at its field what is wrong."""
        day, text = self.appointment.day(), self.hour.text().strip()
        self._day_field.set_error(self.appointment.problem())
        self._hour_field.set_error("")
        if not text:
            self._hour_field.set_error(tr("inclusion.hour_missing") if day else "")
            return None
        at: time | None = None
        try:
            at = read_hour(text)
        except HourUnreadable:
            self._hour_field.set_error(tr("health.hour_unreadable"))
        if day is None and not self._day_field.error():
            self._day_field.set_error(tr("inclusion.hour_alone"))
        if day is None or at is None:
            return None
        try:
            return appointment(day, at)
        except HourSkipped:
            self._hour_field.set_error(tr("health.hour_skipped"))
            return None
