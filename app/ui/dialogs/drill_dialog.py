"""Trying one recovery card: its words are typed, and it is said whether it belongs to the set in use; nothing opens.

So it is known that a card is where it should be before it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.ui.kit import Dialog
from app.ui.widgets.card_edit import CardEdit

if TYPE_CHECKING:
    from app.services.recovery import CardProof
    from app.ui.context import Context


class DrillDialog(Dialog):
    """Asks for one card; `accepted` when it belongs to the set in use."""

    def __init__(self, context: Context, parent: QWidget | None, number: int | None) -> None:
        """Ask for card `number`, or for any; another card of the set is as welcome."""
        from app.services.recovery import all_words, read_card

        lead = tr("recovery.drill_lead_of", number=number) if number else tr("recovery.drill_lead")
        super().__init__(parent, tr("recovery.drill_title"), lead, width=600)
        self._context = context
        self.proved: CardProof | None = None
        self.card = CardEdit(read_card)
        self.card.offer(all_words())
        self.card.entered.connect(self._try)
        self.body.addWidget(self.card)
        self.add_cancel()
        self.go = self.add_action(tr("recovery.drill_do"), self._try)
        self.card.changed.connect(self._on_changed)
        self._on_changed()
        self.card.edit.setFocus()

    def _on_changed(self) -> None:
        self.go.setEnabled(self.card.is_right())
        self.set_error("")

    def _try(self) -> None:
        if not self.card.is_right():
            return
        recoveries, text = self._context.register.recoveries, self.card.text()
        self.go.setEnabled(False)
        self._context.write(
            self, lambda: recoveries.prove_card(text), self._on_tried, changes="settings", failed=self._refused
        )

    def _on_tried(self, proof: CardProof) -> None:
        self.proved = proof
        if proof.is_ours:
            self.accept()
            return
        foreign = tr("recovery.drill_foreign", label=proof.set_label)
        self.card.fail(f"{foreign} {tr('recovery.drill_foreign_more')}")
        self.go.setEnabled(True)

    def _refused(self, error: ApprodoError) -> None:
        self.go.setEnabled(True)
        self.set_error(say_error(error))

    def done(self, result: int) -> None:
        """Forget the words however the dialog is left."""
        self.card.take()
        super().done(result)
