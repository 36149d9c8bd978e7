"""The form of what keeps a guest safe; opening it reads what is written, and that is noted.

Only for the coordination; the service refuses everybody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.reference.codelist import codelist
from app.reference.texts import tr
from app.services.protection import SafetyDraft, SafetyRow
from app.ui.dialogs.guest_form import GuestForm
from app.ui.kit import ChoiceCombo, Field, beside
from app.ui.presenters import protection as words
from app.ui.presenters.draft import as_text
from app.ui.widgets.note_edit import NoteEdit

if TYPE_CHECKING:
    from app.services.guest import GuestCard
    from app.ui.context import Context

_TEXTS = ("never", "avoid", "trusted")


class SafetyDialog(GuestForm):
    """Writes a guest's safety."""

    form_id: ClassVar[str] = "safety"

    def __init__(self, context: Context, card: GuestCard, parent: QWidget | None = None) -> None:
        title = tr("protection.safety_title", name=card.name_used)
        super().__init__(context, card, parent, title, tr("protection.safety_lead"))
        self.risk = ChoiceCombo([(code.code, code.label()) for code in codelist("risk")])
        self.phone = ChoiceCombo([(code, tr(key)) for code, key in words.PHONE])
        self.texts = {name: NoteEdit(lines=2) for name in _TEXTS}
        risk = Field(tr("protection.safety_field_risk"), self.risk)
        phone = Field(tr("protection.safety_field_phone"), self.phone)
        self.body.addLayout(beside(risk, phone, stretch=(1, 1)))
        for name, edit in self.texts.items():
            self.body.addWidget(Field(tr(f"protection.safety_field_{name}"), edit, optional=True))
        self._begun: tuple[str, ...] | None = None
        self._restored: dict[str, object] | None = None
        self.add_cancel()
        self.save = self.add_action(tr("protection.save"), self._on_save, "check")
        self.save.setEnabled(False)
        self.risk.setFocus()
        protections, guest = context.register.protections, card.id
        context.ask(self, lambda: protections.safety(guest), self._on_loaded, self.refused)

    def _on_loaded(self, row: SafetyRow | None) -> None:
        found = row or SafetyRow()
        phone = {None: "", True: "yes", False: "no"}[found.phone_checked]
        self._show(found.risk, phone, (found.never_contact, found.avoid, found.trusted_contact))
        self._begun = self._filled()
        if self._restored is not None:
            self._fill(self._restored)
        self.save.setEnabled(True)

    def _show(self, risk: str, phone: str, texts: tuple[str | None, ...]) -> None:
        self.risk.set_code(risk)
        self.phone.set_code(phone)
        for edit, text in zip(self.texts.values(), texts, strict=True):
            edit.setPlainText(text or "")

    def _filled(self) -> tuple[str, ...]:
        return self.risk.code(), self.phone.code(), *(edit.words() for edit in self.texts.values())

    def content(self) -> dict[str, object]:
        """Return what is filled in; empty while nothing was changed or the register has not answered."""
        if self._begun is None or self._filled() == self._begun:
            return {}
        texts = {name: edit.words() for name, edit in self.texts.items()}
        return {"risk": self.risk.code(), "phone": self.phone.code(), **texts}

    def restore(self, content: dict[str, object]) -> None:
        """Fill it again, in the place of what the register holds."""
        self._restored = content
        self._fill(content)

    def _fill(self, content: dict[str, object]) -> None:
        texts = tuple(as_text(content.get(name)) for name in _TEXTS)
        self._show(as_text(content.get("risk")), as_text(content.get("phone")), texts)

    def _on_save(self) -> None:
        phone = {"yes": True, "no": False}.get(self.phone.code())
        never, avoid, trusted = (edit.words() or None for edit in self.texts.values())
        draft = SafetyDraft(self.risk.code(), phone, avoid, never, trusted)
        protections, guest = self.context.register.protections, self.card.id
        self.write(lambda: protections.set_safety(guest, draft), tr("protection.saved"), changes="guests")
