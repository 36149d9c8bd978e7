"""Take a bed out of service: from a night, until another or until it is put back, and why.

A bed that is taken on those nights is closed only after it was said once more.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QLineEdit, QWidget

from app import errors
from app.reference.ids import BedId
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import DayEdit, Field, beside
from app.ui.presenters.draft import as_text, day_from_text

if TYPE_CHECKING:
    from app.ui.context import Context


class ClosureDialog(FormDialog):
    """Closes one bed, given with its label."""

    form_id: ClassVar[str] = "bed_closure"

    def __init__(self, context: Context, bed: tuple[BedId, str], night: date, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("beds.close_title", bed=bed[1]), tr("beds.close_lead"))
        self.form_id = f"{type(self).form_id}_{bed[0]}"  # type: ignore[misc]  # a form of one bed has an id of its own
        self._context = context
        self._bed, self._label = bed
        today = context.register.desk.today
        self.reason = QLineEdit()
        self.reason.setMaxLength(200)
        self.from_night = DayEdit(night, today=today, earliest=today())
        self.until = DayEdit(None, today=today, earliest=today())
        self._fields = {
            "reason": Field(tr("beds.close_reason"), self.reason, help_text=tr("beds.close_reason_help")),
            "from": Field(tr("beds.hold_from"), self.from_night),
            "until": Field(tr("beds.hold_until"), self.until, help_text=tr("beds.close_until_help"), optional=True),
        }
        self.body.addWidget(self._fields["reason"])
        self.body.addLayout(beside(self._fields["from"], self._fields["until"], stretch=(1, 1)))
        self.add_cancel()
        self._anyway = self.add_other(tr("beds.close_anyway"), self._on_anyway)
        self._anyway.hide()
        self._save = self.add_action(tr("beds.close_save"), self._on_save, "block")
        self.reason.setFocus()

    def _on_anyway(self) -> None:
        self._write(even_taken=True)

    def _on_save(self) -> None:
        self._write(even_taken=False)

    def _write(self, *, even_taken: bool) -> None:
        from app.services.bed import ClosureDraft

        self.set_error("")
        self._anyway.hide()
        start = self.from_night.day()
        missing = "" if self.reason.text().strip() else tr("beds.close_reason_help")
        self._fields["reason"].set_error(missing)
        self._fields["from"].set_error("" if start else self.from_night.problem() or tr("entry.day_missing"))
        self._fields["until"].set_error(self.until.problem())
        wrong = next((field for field in self._fields.values() if field.error()), None)
        if wrong is not None or start is None:
            (wrong or self._fields["from"]).setFocus()
            return
        draft, register = ClosureDraft(self._bed, start, self.reason.text(), self.until.day()), self._context.register
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.beds.close(draft, even_taken=even_taken),
            self._on_saved,
            changes="beds",
            failed=self._on_refused,
        )

    def _on_saved(self, _closure: object) -> None:
        self._context.told.emit("ok", tr("beds.close_saved", bed=self._label))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        if isinstance(error, errors.BedTaken):
            self.set_error(tr("beds.taken_now", bed=self._label), tr("beds.taken_now_hint"))
            self._anyway.show()
            self._anyway.setFocus()
        elif isinstance(error, errors.DaysSwapped):
            self._fields["until"].set_error(say_error(error))
        else:
            self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return what is filled in; empty while no reason is."""
        if not self.reason.text().strip():
            return {}
        start, end = self.from_night.day(), self.until.day()
        return {
            "reason": self.reason.text(),
            "from": start.isoformat() if start else None,
            "until": end.isoformat() if end else None,
        }

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.reason.setText(as_text(content.get("reason")))
        self.from_night.set_day(day_from_text(content.get("from")) or self.from_night.day())
        self.until.set_day(day_from_text(content.get("until")))
