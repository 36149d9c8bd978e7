"""New recovery cards in place of lost ones, or of a sheet: first they are on paper and proved to be, then they count.

The words are shown here and on the paper, and nowhere kept. Whoever only found the register open gets no cards of it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError, WrongPassphrase
from app.reference.texts import say_error, tr
from app.ui.dialogs.operator_dialog import GuardedDialog
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.widgets.card_faces import CardFaces
from app.ui.widgets.card_proof import CardProof

if TYPE_CHECKING:
    from app.services.recovery import PrintedCard
    from app.ui.context import Context


class CardsDialog(GuardedDialog):
    """Shows new cards, then asks some words of each; `accepted` when they have taken the place of what was before."""

    def __init__(self, context: Context, parent: QWidget | None, *, asks_phrase: bool) -> None:
        """Make new cards; who opened the register from paper has no passphrase to be asked for."""
        super().__init__(context, parent, tr("recovery.cards_title"), tr("recovery.cards_lead"), width=640)
        self._asks_phrase = asks_phrase
        self._cards: tuple[PrintedCard, ...] = context.register.recoveries.propose_cards()
        self.faces, self.proof = CardFaces(), CardProof()
        self.faces.show_cards(self._cards, self._cards[0].set_label)
        self.proof.again_asked.connect(self._show_cards)
        self._asking = False
        for widget in (self.faces, self.proof, self.mine_field):
            self.body.addWidget(widget)
        self.add_cancel()
        self.print_button = self.add_other(tr("recovery.cards_print"), self._print, "print")
        self.adopt = self.add_action(tr("recovery.cards_have"), self._go_on)
        self._show_cards()

    def cards(self) -> tuple[PrintedCard, ...]:
        """Return the cards shown."""
        return self._cards

    def is_asking(self) -> bool:
        """Return whether words are asked, and the cards are hidden."""
        return self._asking

    def _show_cards(self) -> None:
        self._show_face(asking=False)
        self.set_error("")

    def _show_face(self, *, asking: bool) -> None:
        self._asking = asking
        self.set_lead("" if asking else tr("recovery.cards_lead"))  # the proof says itself what it asks
        self.faces.setVisible(not asking)
        self.print_button.setVisible(not asking)
        self.proof.setVisible(asking)
        self.mine_field.setVisible(asking and self._asks_phrase)
        self.adopt.setText(tr("recovery.cards_prove" if asking else "recovery.cards_have"))
        self.adjustSize()

    def _go_on(self) -> None:
        if not self._asking:
            self.proof.ask()
            self._show_face(asking=True)
            self.proof.start()
        elif self.proof.is_proved(self._cards):
            self._adopt()

    def _adopt(self) -> None:
        recoveries, cards = self._context.register.recoveries, self._cards
        if self._asks_phrase:
            self.guarded(self.adopt, lambda: recoveries.adopt_cards(cards), self.accept, self._refused)
            return
        self.adopt.setEnabled(False)
        work = partial(recoveries.adopt_cards, cards)
        self._context.write(self, work, lambda _none: self.accept(), changes="settings", failed=self._refused)

    def _refused(self, error: ApprodoError) -> None:
        self.adopt.setEnabled(True)
        if not isinstance(error, WrongPassphrase):
            self.set_error(say_error(error))

    def _print(self) -> None:
        prints, cards = self._context.register.prints, self._cards
        self._context.ask(self, partial(prints.recovery_cards, cards), self._show)

    def _show(self, pdf: bytes) -> None:
        if not self._cards:
            return  # left while the pages were being made
        dialog = PrintPreviewDialog(self, tr("recovery.cards_title"), pdf, files=self._context.files)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def done(self, result: int) -> None:
        """Forget the cards and the passphrase however the dialog is left."""
        self._cards = ()
        self.faces.clear()
        self.proof.forget()
        super().done(result)
