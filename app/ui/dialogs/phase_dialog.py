"""Another phase from a day on; the phases before stay in the history, and a change written by mistake is taken away.

The phase of the entry itself is put right in `correction_dialog`.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app import errors
from app.reference.format import day
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import CodeCombo, DayEdit, Field, Label, ListRow, QuietButton
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.presenters.guest import phase_choices, phase_short
from app.ui.presenters.stay import phase_changes

if TYPE_CHECKING:
    from app.services.stretch import StayHistory
    from app.ui.context import Context


class PhaseDialog(FormDialog):
    """Changes the phase of a stay; `name` is the guest's."""

    form_id: ClassVar[str] = "stay_phase"

    def __init__(self, context: Context, name: str, stay: StayHistory, parent: QWidget | None = None) -> None:
        now = stay.stretches[0].phase
        lead = tr("stays.phase_lead", phase=phase_short(now))
        super().__init__(parent, tr("stays.phase_title", name=name), lead)
        self.form_id = f"{type(self).form_id}_{stay.id}"  # type: ignore[misc]  # a form of one stay has an id of its own
        self._context = context
        self._name = name
        self._stay = stay
        today = context.register.desk.today
        last = min(today(), stay.exit_on or today())
        self.phase = CodeCombo([pair for pair in phase_choices() if pair[0] != now])
        self.day = DayEdit(last, today=today, earliest=stay.entered_on, latest=last)
        self._fields = {
            "phase": Field(tr("stays.phase_new"), self.phase),
            "day": Field(tr("stays.phase_day"), self.day, help_text=tr("stays.phase_day_help")),
        }
        for field in self._fields.values():
            self.body.addWidget(field)
        changes = phase_changes(stay)
        if changes:
            self.body.addWidget(Label(tr("stays.phase_history"), "field"))
        for on, said in changes:
            undo = QuietButton(tr("stays.phase_undo"), "undo", on_click=partial(self._on_undo, on))
            undo.setAutoDefault(False)
            undo.setAccessibleName(f"{tr('stays.phase_undo')}: {said}")
            self.body.addWidget(ListRow(said, trail=undo))
        self.add_cancel()
        self._save = self.add_action(tr("stays.phase_save"), self._on_save, "sync_alt")
        self.phase.setFocus()

    def _on_save(self) -> None:
        self.set_error("")
        phase, on = self.phase.code(), self.day.day()
        self._fields["phase"].set_error(self.phase.problem())
        self._fields["day"].set_error("" if on else self.day.problem() or tr("entry.day_missing"))
        if phase is None or on is None:
            next(field for field in self._fields.values() if field.error()).setFocus()
            return
        register, stay = self._context.register, self._stay.id
        told = tr("stays.phase_saved", name=self._name, phase=phase_short(phase), day=day(on))
        self._write(lambda: register.stays.change_phase(stay, phase, on), told)

    def _on_undo(self, on: date) -> None:
        register, stay = self._context.register, self._stay.id
        self._write(lambda: register.stays.undo_phase(stay, on), tr("stays.phase_undone"))

    def _write(self, work: object, told: str) -> None:
        def done(_nothing: None) -> None:
            self._context.told.emit("ok", told)
            self.accept()

        self._save.setEnabled(False)
        self._context.write(self, work, done, changes="guests", failed=self._on_refused)  # type: ignore[arg-type]  # no result

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        if isinstance(error, errors.ExitBeforeEntry | errors.StayAlreadyEnded):
            self._fields["day"].set_error(tr("stays.outside_stay"))
        elif isinstance(error, errors.DayInFuture | errors.MonthIsClosed):
            self._fields["day"].set_error(say_error(error))
        else:
            self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return what is chosen; empty while no phase is."""
        if self.phase.code() is None:
            return {}
        on = self.day.day()
        return {"phase": self.phase.code(), "day": on.isoformat() if on else None}

    def restore(self, content: dict[str, object]) -> None:
        """Choose again."""
        self.phase.set_code(as_text(content.get("phase")) or None)
        self.day.set_day(day_from_text(content.get("day")) or self.day.day())
