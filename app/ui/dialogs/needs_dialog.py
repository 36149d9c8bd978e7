"""Put right what a guest needed at her entry; health needs only for the roles that may read them.

Her diet is among her data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.ui.form import FormDialog
from app.ui.kit import Field
from app.ui.presenters.draft import as_texts
from app.ui.presenters.guest_sheet import needs_offered
from app.ui.widgets.check_grid import CheckGrid

if TYPE_CHECKING:
    from app.services.guest import StayLine
    from app.ui.context import Context


class NeedsDialog(FormDialog):
    """Changes the needs of a stay."""

    form_id: ClassVar[str] = "needs_change"

    def __init__(self, context: Context, stay: StayLine, role: str | None, parent: QWidget | None = None) -> None:
        offered = needs_offered(role)
        lead = tr("guest.needs_lead_reserved") if stay.needs_reserved else tr("guest.needs_lead")
        super().__init__(parent, tr("guest.needs_title"), lead)
        # A draft belongs to one stay: it must not fill the form of another.
        self.form_id = f"{type(self).form_id}_{stay.id}"  # type: ignore[misc]  # a form of one stay has an id of its own
        self._context = context
        self._stay = stay
        self.needs = CheckGrid(offered)
        self.needs.set_codes(stay.needs)
        self.body.addWidget(Field(tr("entry.needs"), self.needs))
        self.add_cancel()
        self._save = self.add_action(tr("guest.change_save"), self._on_save, "check")
        self.needs.setFocus()

    def _on_save(self) -> None:
        register, stay, needs = self._context.register, self._stay.id, self.needs.codes()
        self._save.setEnabled(False)
        self._context.write(
            self,
            lambda: register.intakes.change_needs(stay, needs),
            self._on_saved,
            changes="guests",
            failed=self._on_refused,
        )

    def _on_saved(self, _nothing: None) -> None:
        self._context.told.emit("ok", tr("guest.changed"))
        self.accept()

    def _on_refused(self, error: ApprodoError) -> None:
        self._save.setEnabled(True)
        self.set_error(say_error(error))

    def content(self) -> dict[str, object]:
        """Return what is ticked; empty when it is what the register holds."""
        ticked = self.needs.codes()
        return {"needs": list(ticked)} if set(ticked) != set(self._stay.needs) else {}

    def restore(self, content: dict[str, object]) -> None:
        """Tick again."""
        self.needs.set_codes(as_texts(content.get("needs")))
