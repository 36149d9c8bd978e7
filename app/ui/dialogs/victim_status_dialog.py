"""The form of the victim status: which, and from which day; what it was before stays in the history.

Nothing else of the judicial path is written here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.services.protection import StatusRow
from app.ui.dialogs.guest_form import GuestForm
from app.ui.kit import CodeCombo, DayEdit, Field
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.presenters.guest import choices

if TYPE_CHECKING:
    from app.services.guest import GuestCard
    from app.ui.context import Context


class VictimStatusDialog(GuestForm):
    """Writes a status, or puts one right."""

    form_id: ClassVar[str] = "victim_status"

    def __init__(
        self, context: Context, card: GuestCard, row: StatusRow | None = None, parent: QWidget | None = None
    ) -> None:
        title = tr("protection.status_title", name=card.name_used)
        subject = row.from_day.isoformat() if row else ""
        super().__init__(context, card, parent, title, tr("protection.status_lead"), subject=subject, width=460)
        self._row = row
        today = context.register.desk.today
        self.status = CodeCombo(choices("victim_status"))
        self.from_day = DayEdit(row.from_day if row else today(), today=today, latest=today())
        self._status_field = Field(tr("protection.status_field"), self.status)
        self._day_field = Field(tr("protection.status_field_from"), self.from_day)
        self.body.addWidget(self._status_field)
        self.body.addWidget(self._day_field)
        if row is not None:
            self.status.set_code(row.status)
            self.add_danger(tr("protection.remove"), self._on_remove, "delete")
        self._begun = (self.status.code(), self.from_day.text())
        self.add_cancel()
        self.save = self.add_action(tr("protection.save"), self._on_save, "check")
        self.status.setFocus()

    def content(self) -> dict[str, object]:
        """Return what is chosen; empty while nothing was changed."""
        if (self.status.code(), self.from_day.text()) == self._begun:
            return {}
        day = self.from_day.day()
        return {"status": self.status.code(), "from": day.isoformat() if day else None}

    def restore(self, content: dict[str, object]) -> None:
        """Choose again."""
        self.status.set_code(as_text(content.get("status")) or None)
        self.from_day.set_day(day_from_text(content.get("from")))

    def _on_save(self) -> None:
        status, day = self.status.code(), self.from_day.day()
        self._status_field.set_error(self.status.problem())
        self._day_field.set_error("" if day else self.from_day.problem() or tr("protection.day_missing"))
        if status is None or day is None:
            (self._status_field if status is None else self._day_field).setFocus()
            return
        protections, guest = self.context.register.protections, self.card.id
        before = self._row.from_day if self._row else None

        def work() -> None:
            protections.set_status(guest, status, day, instead_of=before)

        self.write(work, tr("protection.saved"), changes="guests")

    def _on_remove(self) -> None:
        if self._row is not None:
            protections, guest, day = self.context.register.protections, self.card.id, self._row.from_day
            self.write(lambda: protections.remove_status(guest, day), tr("protection.removed"), changes="guests")
