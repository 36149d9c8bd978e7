"""Join a guest to another's household, or take her out of hers; each has her own stay all the same.

The register decides whether a minor would be without an adult; then the reason is asked here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QLineEdit, QWidget

from app import errors
from app.reference.ids import GuestId
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import CodeCombo, Dialog, Field
from app.ui.widgets.half_typed import give_choice, keep_choice

if TYPE_CHECKING:
    from app.services.guest import GuestCard, GuestRow
    from app.ui.context import Context


class JoinHouseholdDialog(FormDialog):
    """Puts a guest, with whoever is hers already, into the household of another."""

    form_id: ClassVar[str] = "household_join"

    def __init__(self, context: Context, card: GuestCard, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("guest.join_title", name=card.name_used), tr("guest.join_lead"))
        # A draft belongs to one guest: it must not fill the form of another.
        self.form_id = f"{type(self).form_id}_{card.id}"  # type: ignore[misc]  # a form of one guest has an id of its own
        self._context = context
        self._card = card
        self.other = CodeCombo()
        self._field = Field(tr("guest.join_with"), self.other)
        self.body.addWidget(self._field)
        self.add_cancel()
        self._save = self.add_action(tr("guest.join_save"), self._on_save, "check")
        register, house = context.register, context.house
        context.ask(self, lambda: register.guests.list_rows(house), self._on_rows)
        self.other.setFocus()

    def _on_rows(self, rows: list[GuestRow]) -> None:
        hers = {self._card.id, *(companion.id for companion in self._card.companions)}
        typed = keep_choice(self.other)
        offered = [(str(row.id), f"{row.name_used} · {row.code}") for row in rows if row.id not in hers]
        self.other.set_choices(offered)
        give_choice(self.other, typed)
        self._field.set_help("" if offered else tr("guest.join_nobody"))

    def _on_save(self) -> None:
        code = self.other.code()
        self._field.set_error("" if code else self.other.problem())
        if code is None:
            self.other.setFocus()
            return
        register, guest, other = self._context.register, self._card.id, GuestId(int(code))
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.households.join(guest, other),
            self._on_saved,
            changes="guests",
            failed=self._on_refused,
        )

    def _on_saved(self, _nothing: None) -> None:
        self._context.told.emit("ok", tr("guest.joined"))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return who is chosen; empty while nobody is."""
        chosen = keep_choice(self.other)
        return {"other": chosen} if chosen else {}

    def restore(self, content: dict[str, object]) -> None:
        """Choose again."""
        give_choice(self.other, content.get("other"))


class LeaveHouseholdDialog(Dialog):
    """Takes a guest out of her household."""

    def __init__(self, context: Context, card: GuestCard, parent: QWidget | None = None) -> None:
        lead = tr("guest.leave_lead", names=", ".join(each.name_used for each in card.companions))
        super().__init__(parent, tr("guest.leave_title", name=card.name_used), lead, width=520)
        self._context = context
        self._card = card
        self.reason = QLineEdit()
        self._field = Field(tr("guest.leave_reason"), self.reason, help_text=tr("guest.leave_reason_help"))
        self.body.addWidget(self._field)
        self._field.setVisible(card.is_minor or any(each.is_minor for each in card.companions))
        self.add_cancel()
        self._save = self.add_action(tr("guest.leave_save"), self._on_save, "check")

    def _on_save(self) -> None:
        register, guest, reason = self._context.register, self._card.id, self.reason.text()
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.households.leave(guest, reason),
            self._on_saved,
            changes="guests",
            failed=self._on_refused,
        )

    def _on_saved(self, _nothing: None) -> None:
        self._context.told.emit("ok", tr("guest.left", name=self._card.name_used))
        self.accept()

    def _on_refused(self, error: errors.ApprodoError) -> None:
        self._save.setEnabled(True)
        if isinstance(error, errors.MinorLeftAlone):
            self._field.show()
            self._field.set_error(tr("guest.exit_alone_reason_help"))
            self.reason.setFocus()
        else:
            self.set_error(say_error(error))
