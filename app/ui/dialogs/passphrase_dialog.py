"""A new passphrase for an operator: her own, or after opening with the recovery code that of the one she says she is.

Nothing of it is kept when the register locks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError, WeakPassphrase
from app.reference.ids import OperatorId
from app.reference.texts import say_error, tr
from app.ui.kit import ChoiceCombo, Dialog, Field
from app.ui.widgets.new_passphrase import NewPassphrase

if TYPE_CHECKING:
    from app.services.access import OperatorRow
    from app.ui.context import Context


class PassphraseDialog(Dialog):
    """Asks for the phrase twice; `accepted` when the register took it."""

    def __init__(
        self, context: Context, parent: QWidget | None, operator: OperatorRow | None, operators: Sequence[OperatorRow]
    ) -> None:
        """Change the passphrase of `operator`; None asks which of `operators`."""
        super().__init__(parent, tr("settings.passphrase_title"), tr("settings.passphrase_lead"), width=520)
        self._context = context
        self.who = ChoiceCombo([(str(row.id), row.display_name) for row in operators])
        if operator is not None:
            self.who.set_code(str(operator.id))
        self.phrase = NewPassphrase()
        who = Field(tr("settings.passphrase_who"), self.who)
        self.body.addWidget(who)
        if operator is not None:
            who.hide()
        self.body.addWidget(self.phrase)
        self.add_cancel()
        self.save = self.add_action(tr("settings.passphrase_save"), self._save)
        self.phrase.setFocus()

    def _save(self) -> None:
        if self.phrase.problem():
            self.phrase.show_problem()
            return
        access, operator, phrase = self._context.register.access, OperatorId(int(self.who.code())), self.phrase.take()
        self.save.setEnabled(False)
        self._context.write(
            self,
            lambda: access.set_passphrase(operator, phrase),
            lambda _: self.accept(),
            changes="settings",
            failed=self._refused,
        )

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        if isinstance(error, WeakPassphrase):
            self.phrase.refuse(say_error(error))
        else:
            self.set_error(say_error(error))
