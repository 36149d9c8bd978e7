"""The forms that leave a guest out of the breakdowns still to leave, and count her again.

What has left is not touched; totals count everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.codelist import codelist
from app.reference.texts import say_error, tr
from app.services.counting import UncountedDraft
from app.ui.form import FormDialog
from app.ui.kit import CodeCombo, DayEdit, Field
from app.ui.presenters.counting import LIST
from app.ui.presenters.draft import as_text, day_from_text

if TYPE_CHECKING:
    from datetime import date

    from app.services.guest import GuestCard
    from app.ui.context import Context
    from app.ui.presenters.counting import UncountedLine


class UncountedDialog(FormDialog):
    """Asks why and from when; `accepted` when the register took it."""

    form_id: ClassVar[str] = "uncounted"

    def __init__(self, context: Context, card: GuestCard, *, parent: QWidget | None = None) -> None:
        title = tr("disclosure.uncounted_title", name=card.name_used)
        super().__init__(parent, title, tr("disclosure.uncounted_lead"), width=500)
        self.form_id = f"uncounted_{card.id}"  # type: ignore[misc]  # one draft a guest
        self._context, self._guest = context, card.id
        self._today = context.register.desk.today()
        self.reason = CodeCombo([(entry.code, entry.label()) for entry in codelist(LIST)], may_be_empty=True)
        self.since = DayEdit(self._today, today=lambda: self._today)
        self.until = DayEdit(None, today=lambda: self._today)
        self._reason_field = Field(tr("disclosure.uncounted_reason"), self.reason)
        self._since_field = Field(tr("disclosure.uncounted_from"), self.since)
        self._until_field = Field(
            tr("disclosure.uncounted_until"), self.until, help_text=tr("disclosure.uncounted_until_help"), optional=True
        )
        for field in (self._reason_field, self._since_field, self._until_field):
            self.body.addWidget(field)
        self.add_cancel()
        self.save = self.add_action(tr("disclosure.uncounted_save"), self._save)
        self.reason.setFocus()

    def content(self) -> dict[str, object]:
        """Return what is filled in; empty while it is as proposed."""
        filled = {"reason": self.reason.code(), "since": self.since.text(), "until": self.until.text()}
        untouched = self.since.day() == self._today and not filled["reason"] and not filled["until"]
        return {} if untouched else {**filled, "since": _iso(self.since), "until": _iso(self.until)}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.reason.set_code(as_text(content.get("reason")) or None)
        self.since.set_day(day_from_text(content.get("since")))
        self.until.set_day(day_from_text(content.get("until")))

    def _draft(self) -> UncountedDraft | None:
        """Return what is to be written; None when something is missing, which is said beside it."""
        kind, since, until = self.reason.code(), self.since.day(), self.until.day()
        self._reason_field.set_error("" if kind else tr("disclosure.uncounted_reason_missing"))
        self._since_field.set_error("" if since else self.since.problem() or tr("disclosure.uncounted_from_missing"))
        wrong = self.until.problem() if self.until.text().strip() else ""
        if not wrong and since is not None and until is not None and until <= since:
            wrong = tr("disclosure.uncounted_until_early")
        self._until_field.set_error(wrong)
        for field in (self._reason_field, self._since_field, self._until_field):
            if field.error():
                field.setFocus()
                return None
        if kind is None or since is None:
            return None
        return UncountedDraft(self._guest, kind, since, until)

    def _save(self) -> None:
        draft = self._draft()
        if draft is None:
            return
        countings = self._context.register.countings
        self.save.setEnabled(False)
        self._context.write(
            self,
            lambda: countings.leave_out(draft),
            lambda _: self.accept(),
            changes="countings",
            failed=self._refused,
        )

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))


class RecountDialog(FormDialog):
    """Asks from which day she is counted again; `accepted` when the register took it."""

    form_id: ClassVar[str] = "recount"

    def __init__(
        self, context: Context, card: GuestCard, line: UncountedLine, *, parent: QWidget | None = None
    ) -> None:
        lead = tr("disclosure.uncounted_end_lead", reason=line.reason)
        super().__init__(parent, tr("disclosure.uncounted_end_title", name=card.name_used), lead)
        self.form_id = f"recount_{line.id}"  # type: ignore[misc]  # one draft a line
        self._context, self._line = context, line
        self._today = context.register.desk.today()
        self.day = DayEdit(self._today, today=lambda: self._today)
        self._field = Field(tr("disclosure.uncounted_end_day"), self.day, help_text=tr("disclosure.uncounted_end_help"))
        self.body.addWidget(self._field)
        self.add_cancel()
        self.save = self.add_action(tr("disclosure.uncounted_end_save"), self._save)
        self.day.setFocus()

    def content(self) -> dict[str, object]:
        """Return the day, once it is another than today."""
        day = self.day.day()
        return {"day": day.isoformat()} if day is not None and day != self._today else {}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.day.set_day(day_from_text(content.get("day")))

    def _save(self) -> None:
        day = self.day.day()
        early = day is not None and day < self._line.since
        problem = tr("disclosure.uncounted_end_early") if early else self.day.problem()
        self._field.set_error("" if day and not early else problem or tr("disclosure.uncounted_from_missing"))
        if day is None or early:
            self._field.setFocus()
            return
        countings, number = self._context.register.countings, self._line.id
        self.save.setEnabled(False)
        self._context.write(
            self,
            lambda: countings.end(number, day),
            lambda _: self.accept(),
            changes="countings",
            failed=self._refused,
        )

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))


def _iso(edit: DayEdit) -> str:
    day: date | None = edit.day()
    return day.isoformat() if day is not None else ""
