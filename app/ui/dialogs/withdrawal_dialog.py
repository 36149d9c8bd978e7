"""The form that withdraws a consent from a day on; the yes stays in the history."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import DayEdit, Field
from app.ui.presenters.draft import day_from_text

if TYPE_CHECKING:
    from app.reference.ids import ConsentId
    from app.ui.context import Context


class WithdrawalDialog(FormDialog):
    """Asks from which day; `accepted` when the register took it."""

    form_id: ClassVar[str] = "consent_withdraw"

    def __init__(
        self, context: Context, consent: ConsentId, purpose: str, given_on: date, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, tr("consents.withdraw_title"), tr("consents.withdraw_lead", purpose=purpose))
        self.form_id = f"consent_withdraw_{consent}"  # type: ignore[misc]  # one draft a consent
        self._context, self._consent = context, consent
        self._today = context.register.desk.today()
        self.day = DayEdit(self._today, today=lambda: self._today, earliest=given_on, latest=self._today)
        self._field = Field(tr("consents.withdraw_day"), self.day)
        self.body.addWidget(self._field)
        self.add_cancel()
        self.save = self.add_action(tr("consents.withdraw_do"), self._save)
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
        self._field.set_error("" if day else self.day.problem() or tr("consents.day_missing"))
        if day is None:
            self._field.setFocus()
            return
        consents, number = self._context.register.consents, self._consent
        self.save.setEnabled(False)
        self._context.write(
            self,
            lambda: consents.withdraw(number, day),
            lambda _: self.accept(),
            changes="consents",
            failed=self._refused,
        )

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        self.set_error(say_error(error))
