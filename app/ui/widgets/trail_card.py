"""Whether the trail of accesses is as it was written: walked along when somebody asks.

It shows no line of the trail; those about a guest are on her card.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.ui.kit import Card, Chip, Label, SecondaryButton, beside
from app.ui.presenters.chain import chain_words
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.trail import TrailState
    from app.ui.context import Context


class TrailCard(Card):
    """What the trail is, a button that has it checked, and what was found."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("chain.title"), parent=parent)
        self._context = context
        self.chip = Chip("grey", "")
        self.found = Label("", wrap=True)
        self.check = SecondaryButton(tr("chain.check"), "policy", on_click=self._ask)
        self.body.setSpacing(px(8))
        about = Label(tr("chain.about"), "muted", wrap=True)
        self.body.addLayout(beside(about, self.check, stretch=(1, 0), spacing=12))
        self.body.addLayout(beside(self.chip, None))
        self.body.addWidget(self.found)
        self.clear()

    def clear(self) -> None:
        """Show nothing of an earlier check."""
        self.chip.hide()
        self.found.clear()
        self.found.hide()
        self.check.setEnabled(True)

    def _ask(self) -> None:
        self.clear()
        self.check.setEnabled(False)
        self.found.setText(tr("chain.checking"))
        self.found.show()
        self._context.ask(self, self._context.register.trails.examine, self._show, self._failed)

    def _show(self, state: TrailState) -> None:
        words = chain_words(state)
        self.chip.show_state(words.tone, words.word, words.icon)
        self.chip.show()
        self.found.setText(words.more)
        self.check.setEnabled(True)

    def _failed(self, error: ApprodoError) -> None:
        self.found.setText(say_error(error))
        self.check.setEnabled(True)
