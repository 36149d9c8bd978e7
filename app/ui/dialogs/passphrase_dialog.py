"""A new passphrase for an operator: her own, or after opening with the recovery code that of the one she says she is.

Whoever only found the register open cannot take it over: the present passphrase is asked first. Nothing of it is kept
when the register locks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError, WeakPassphrase, WrongPassphrase
from app.reference.ids import OperatorId
from app.reference.texts import say_error, tr
from app.ui.kit import ChoiceCombo, Dialog, Field, PassphraseEdit
from app.ui.presenters.unlock import who_choices
from app.ui.widgets.new_passphrase import NewPassphrase

if TYPE_CHECKING:
    from app.services.access import OperatorRow
    from app.ui.context import Context


class PassphraseDialog(Dialog):
    """Asks for the present phrase, and for the new one twice; `accepted` when the register took it."""

    def __init__(
        self, context: Context, parent: QWidget | None, operator: OperatorRow | None, operators: Sequence[OperatorRow]
    ) -> None:
        """Change the passphrase of `operator`; None asks which of `operators`, and no present phrase."""
        super().__init__(parent, tr("settings.passphrase_title"), tr("settings.passphrase_lead"), width=520)
        self._context = context
        self._asks_present = operator is not None
        self.who = ChoiceCombo(who_choices(operators))
        if operator is not None:
            self.who.set_code(str(operator.id))
        self.present = PassphraseEdit()
        self.present.textEdited.connect(self._on_edited)
        self._present_field = Field(tr("settings.passphrase_present"), self.present)
        self.phrase = NewPassphrase()
        who = Field(tr("settings.passphrase_who"), self.who)
        for widget in (who, self._present_field, self.phrase):
            self.body.addWidget(widget)
        who.setVisible(not self._asks_present)
        self._present_field.setVisible(self._asks_present)
        self.add_cancel()
        self.save = self.add_action(tr("settings.passphrase_save"), self._save)
        (self.present if self._asks_present else self.phrase).setFocus()

    def present_error(self) -> str:
        """Return what is said against the present passphrase."""
        return self._present_field.error()

    def _on_edited(self) -> None:
        self._present_field.set_error("")

    def _save(self) -> None:
        present, phrase = self.present.text(), self.phrase.first.text()
        if self._asks_present and not present:
            self._present_field.set_error(tr("settings.passphrase_present_missing"))
            self.present.setFocus()
            return
        if self.phrase.problem():
            self.phrase.show_problem()
            return
        if not self.who.code():
            self.set_error(tr("unlock.who_missing"))
            self.who.setFocus()
            return
        access, operator, asks = self._context.register.access, OperatorId(int(self.who.code())), self._asks_present
        self.save.setEnabled(False)

        def work() -> None:
            if asks and not access.is_my_passphrase(present):
                raise WrongPassphrase
            access.set_passphrase(operator, phrase)

        self._context.write(self, work, lambda _none: self.accept(), changes="settings", failed=self._refused)

    def _refused(self, error: ApprodoError) -> None:
        self.save.setEnabled(True)
        if isinstance(error, WrongPassphrase):
            self._present_field.set_error(say_error(error))
            self.present.setFocus()
            self.present.selectAll()
        elif isinstance(error, WeakPassphrase):
            self.phrase.refuse(say_error(error))
        else:
            self.set_error(say_error(error))

    def done(self, result: int) -> None:
        """Forget every phrase however the dialog is left."""
        self.present.take()
        self.phrase.clear()
        super().done(result)
