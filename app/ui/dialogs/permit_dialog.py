"""The form of a permit or another title: which, from when, until when; the expiry is proposed from the law's length.

What was proposed is only written when the operator leaves it there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.services.protection import PermitDraft, PermitRow
from app.ui.dialogs.guest_form import GuestForm
from app.ui.kit import CodeCombo, DayEdit, Field, beside
from app.ui.presenters import protection as words
from app.ui.presenters.draft import as_text, day_from_text
from app.ui.presenters.guest import choices
from app.ui.widgets.note_edit import NoteEdit

if TYPE_CHECKING:
    from app.services.guest import GuestCard
    from app.services.term import Terms
    from app.ui.context import Context


class PermitDialog(GuestForm):
    """Writes a new title, or puts one right."""

    form_id: ClassVar[str] = "permit"

    def __init__(
        self, context: Context, card: GuestCard, row: PermitRow | None = None, parent: QWidget | None = None
    ) -> None:
        title = tr("protection.permit_change_title" if row else "protection.permit_new_title", name=card.name_used)
        super().__init__(context, card, parent, title, tr("protection.permit_lead"), subject=row.id if row else "")
        self._row = row
        self._terms: Terms | None = None
        self._typed_until = row is not None and row.until_day is not None
        today = context.register.desk.today
        self.permit = CodeCombo(choices("permit"))
        self.from_day = DayEdit(today=today, latest=today())
        self.until_day = DayEdit(today=today)
        self.note = NoteEdit(lines=2)
        self._fields = {
            "permit": Field(tr("protection.permit_field"), self.permit),
            "from": Field(
                tr("protection.permit_field_from"), self.from_day, help_text=tr("protection.permit_from_help")
            ),
            "until": Field(tr("protection.permit_field_until"), self.until_day),
        }
        self.body.addWidget(self._fields["permit"])
        self.body.addLayout(beside(self._fields["from"], self._fields["until"], stretch=(1, 1)))
        self.body.addWidget(Field(tr("protection.permit_field_note"), self.note, optional=True))
        if row is not None:
            self._show(row)
            self.add_danger(tr("protection.remove"), self._on_remove, "delete")
        self._begun = self._filled()
        self.add_cancel()
        self.save = self.add_action(tr("protection.save"), self._on_save, "check")
        self.permit.code_changed.connect(self._propose)
        self.from_day.day_changed.connect(self._propose)
        self.until_day.textEdited.connect(self._on_until)
        self.permit.setFocus()
        context.ask(self, context.register.settings.terms, self._on_terms)

    def _show(self, row: PermitRow) -> None:
        self.permit.set_code(row.permit)
        self.from_day.set_day(row.from_day)
        self.until_day.set_day(row.until_day)
        self.note.setPlainText(row.note or "")

    def _on_terms(self, terms: Terms) -> None:
        self._terms = terms
        self._propose()

    def _on_until(self, _text: str) -> None:
        self._typed_until = True

    def _propose(self, _value: object = None) -> None:
        """Offer the expiry that follows from permit and day, until somebody typed another."""
        if self._terms is None:
            return
        offer = words.propose(self._terms, self.permit.code(), self.from_day.day())
        self.until_day.setEnabled(offer.expires)
        if not offer.expires:
            self.until_day.set_day(None)
        elif not self._typed_until:
            self.until_day.set_day(offer.until)
        proposed = offer.expires and offer.until is not None and self.until_day.day() == offer.until
        self._fields["until"].set_help(
            offer.help_text if proposed or not offer.expires else tr("protection.permit_until_help")
        )

    def _filled(self) -> tuple[object, ...]:
        return self.permit.code(), self.from_day.text(), self.until_day.text(), self.note.words()

    def content(self) -> dict[str, object]:
        """Return what is filled in; empty while nothing is, or while all is as the register has it."""
        if self._filled() == self._begun:
            return {}
        days = {"from": self.from_day.day(), "until": self.until_day.day()}
        texts = {name: day.isoformat() if day else None for name, day in days.items()}
        return {"permit": self.permit.code(), "note": self.note.words(), "typed": self._typed_until, **texts}

    def restore(self, content: dict[str, object]) -> None:
        """Fill it again."""
        self._typed_until = content.get("typed") is True
        self.permit.set_code(as_text(content.get("permit")) or None)
        self.from_day.set_day(day_from_text(content.get("from")))
        self.until_day.set_day(day_from_text(content.get("until")))
        self.note.setPlainText(as_text(content.get("note")))
        self._propose()

    def _on_save(self) -> None:
        permit, from_day, until = self.permit.code(), self.from_day.day(), self.until_day.day()
        self._fields["permit"].set_error(self.permit.problem())
        missing = "" if from_day else self.from_day.problem() or tr("protection.day_missing")
        self._fields["from"].set_error(missing)
        self._fields["until"].set_error(self.until_day.problem())
        wrong = next((field for field in self._fields.values() if field.error()), None)
        if wrong is not None or permit is None or from_day is None:
            (wrong or self._fields["permit"]).setFocus()
            return
        draft = PermitDraft(self.card.id, permit, from_day, until, self.note.words() or None)
        protections, row = self.context.register.protections, self._row
        if row is None:
            self.write(lambda: protections.add_permit(draft), tr("protection.saved"), changes="guests")
        else:
            number = row.id
            self.write(lambda: protections.change_permit(number, draft), tr("protection.saved"), changes="guests")

    def _on_remove(self) -> None:
        if self._row is not None:
            protections, guest, number = self.context.register.protections, self.card.id, self._row.id
            self.write(lambda: protections.remove_permit(guest, number), tr("protection.removed"), changes="guests")
