"""An absence with the place kept, written for nights that are over and tonight in one go.

The nights to come cannot be recorded: the evening's roll-call confirms them one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QDialog, QWidget

from app import errors
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import ChoiceCombo, DayEdit, Field, beside
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.presenters.stay import absence_codes, absence_help, nights_between

if TYPE_CHECKING:
    from app.services.stretch import StayHistory
    from app.ui.context import Context


class AbsenceDialog(FormDialog):
    """Writes the nights of an absence; `name` is the guest's."""

    form_id: ClassVar[str] = "stay_absence"

    def __init__(self, context: Context, name: str, stay: StayHistory, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("stays.absence_title", name=name), tr("stays.absence_lead"))
        self.form_id = f"{type(self).form_id}_{stay.id}"  # type: ignore[misc]  # a form of one stay has an id of its own
        self._context = context
        self._name = name
        self._stay = stay
        today = context.register.desk.today
        self.kind = ChoiceCombo(absence_codes())
        self.first = DayEdit(today(), today=today, earliest=stay.entered_on, latest=today())
        self.last = DayEdit(today(), today=today, earliest=stay.entered_on)
        self._fields = {
            "kind": Field(tr("stays.absence_kind"), self.kind),
            "first": Field(tr("stays.absence_first"), self.first),
            "last": Field(tr("stays.absence_last"), self.last),
        }
        self.body.addWidget(self._fields["kind"])
        self.body.addLayout(beside(self._fields["first"], self._fields["last"], stretch=(1, 1)))
        for line in (self.first, self.last):
            line.day_changed.connect(self._show_help)
        self.add_cancel()
        self.add_other(tr("stays.absence_grid"), self._on_grid, "event_available")
        self._save = self.add_action(tr("stays.absence_save"), self._on_save, "check")
        self._show_help()
        self.kind.setFocus()

    def _show_help(self) -> None:
        today = self._context.register.desk.today()
        self._fields["last"].set_help(absence_help(self.first.day(), self.last.day(), today))

    def _on_grid(self) -> None:
        night = self.first.day()
        self.done(QDialog.DialogCode.Rejected)
        self._context.page_asked.emit("presences", night)

    def _on_save(self) -> None:
        from app.services.presence import NightMark

        self.set_error("")
        first, last = self.first.day(), self.last.day()
        self._fields["first"].set_error("" if first else self.first.problem() or tr("entry.day_missing"))
        self._fields["last"].set_error("" if last else self.last.problem() or tr("entry.day_missing"))
        if first is not None and last is not None and last < first:
            self._fields["last"].set_error(tr("stays.absence_order"))
        wrong = next((field for field in self._fields.values() if field.error()), None)
        if wrong is not None or first is None or last is None:
            (wrong or self._fields["first"]).setFocus()
            return
        register, state, stay = self._context.register, self.kind.code(), self._stay.id
        nights = nights_between(first, min(last, register.desk.today()))
        marks = [NightMark(stay, night, state) for night in nights]
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.presences.record(marks),
            self._on_saved,
            changes="presences",
            failed=self._on_refused,
        )

    def _on_saved(self, _nothing: object) -> None:
        self._context.told.emit("ok", tr("stays.absence_saved", name=self._name))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        if isinstance(error, errors.OutsideStay | errors.DayInFuture | errors.MonthIsClosed):
            self._fields["first"].set_error(say_error(error))
        else:
            self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return the nights; empty while they are those that were proposed."""
        first, last, today = self.first.day(), self.last.day(), self._context.register.desk.today()
        if first == last == today:
            return {}
        return {
            "kind": self.kind.code(),
            "first": first.isoformat() if first else None,
            "last": last.isoformat() if last else None,
        }

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.kind.set_code(as_text(content.get("kind")))
        self.first.set_day(day_from_text(content.get("first")))
        self.last.set_day(day_from_text(content.get("last")))
        self._show_help()
