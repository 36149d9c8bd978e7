"""The form that opens a closed month again, for a reason that stays written.

The closed revision is kept; closing again makes the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.format import month_long
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import Field
from app.ui.widgets.note_edit import NoteEdit

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.presenters.report import ReportView


class ReopenDialog(FormDialog):
    """Asks why; `accepted` when the month is open again."""

    form_id: ClassVar[str] = "month_reopen"

    def __init__(self, context: Context, parent: QWidget | None, view: ReportView) -> None:
        month, revision = view.month, view.state.revision
        lead = tr("report.reopen_lead", n=revision, next=revision + 1)
        if view.sent is not None:
            lead = f"{lead} {tr('report.reopen_sent', n=revision)}"
        super().__init__(parent, tr("report.reopen_title", month=month_long(month.year, month.number)), lead)
        self._context = context
        self._month = month
        self.reason = NoteEdit()
        self._field = Field(tr("report.reopen_reason"), self.reason, help_text=tr("report.reopen_reason_help"))
        self.body.addWidget(self._field)
        self.add_cancel()
        self.reopen = self.add_action(tr("report.reopen_do"), self._reopen)
        self.reason.setFocus()

    def content(self) -> dict[str, object]:
        """Return the reason and the month that it is for."""
        reason = self.reason.words()
        return {"month": str(self._month), "reason": reason} if reason else {}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again, unless it was written for another month."""
        reason = content.get("reason")
        if content.get("month") == str(self._month) and isinstance(reason, str):
            self.reason.setPlainText(reason)

    def _reopen(self) -> None:
        reason = self.reason.words()
        self._field.set_error("" if reason else tr("report.reopen_missing"))
        if not reason:
            self._field.setFocus()
            return
        self.reopen.setEnabled(False)
        months, house, month = self._context.register.months, self._context.house, self._month
        self._context.write(
            self,
            lambda: months.reopen(house, month, reason),
            lambda _: self.accept(),
            changes="months",
            failed=self._refused,
        )

    def _refused(self, error: ApprodoError) -> None:
        self.reopen.setEnabled(True)
        self.set_error(say_error(error))
