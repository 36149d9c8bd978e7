"""A new recovery sheet in place of a lost one: first it is on paper and proved to be, then the old one stops.

The code is shown here and on the sheet, and nowhere kept. Whoever only found the register open gets no sheet of it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError, WrongPassphrase
from app.reference.texts import say_error, tr
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.kit import Dialog, Field, PassphraseEdit
from app.ui.widgets.code_groups import CodeGroups
from app.ui.widgets.code_proof import CodeProof

if TYPE_CHECKING:
    from app.services.access import OperatorRow
    from app.ui.context import Context


class RecoveryDialog(Dialog):
    """Shows a new code, then asks two of its groups; `accepted` when it has taken the place of the old one."""

    def __init__(self, context: Context, parent: QWidget | None, operator: OperatorRow | None) -> None:
        """Make a new sheet; `operator` proves herself by her passphrase, None opened by the old code and has none."""
        super().__init__(parent, tr("settings.recovery_title"), tr("settings.recovery_lead"), width=560)
        self._context = context
        self._groups = context.register.access.propose_recovery()
        self.code = CodeGroups()
        self.code.show_groups(self._groups)
        self.proof = CodeProof()
        self.proof.again_asked.connect(self._show_code)
        self._asking = False
        self.present = PassphraseEdit()
        self._present_field = Field(tr("settings.passphrase_present"), self.present)
        self._asks_phrase = operator is not None
        # Not a stack: that is as high as its first face, and the lines of the second would be cut.
        for widget in (self.code, self.proof, self._present_field):
            self.body.addWidget(widget)
        self.add_cancel()
        self._print_button = self.add_other(tr("settings.recovery_print"), self._print, "print")
        self.adopt = self.add_action(tr("settings.recovery_adopt"), self._go_on)
        self._show_code()

    # --- two faces

    def is_asking(self) -> bool:
        """Return whether the groups are asked, and the code is hidden."""
        return self._asking

    def _show_code(self) -> None:
        self._show_face(asking=False)
        self.adopt.setText(tr("settings.recovery_adopt"))
        self.set_error("")

    def _show_face(self, *, asking: bool) -> None:
        self._asking = asking
        self.code.setVisible(not asking)
        self._print_button.setVisible(not asking)
        self.proof.setVisible(asking)
        self._present_field.setVisible(asking and self._asks_phrase)
        self.adjustSize()

    def _go_on(self) -> None:
        if self.is_asking():
            self._adopt()
            return
        self.proof.ask()
        self._show_face(asking=True)
        self.adopt.setText(tr("settings.recovery_prove"))
        self.proof.start()

    def done(self, result: int) -> None:
        """Forget the code and the passphrase however the dialog is left."""
        self._groups = ()
        self.code.clear()
        self.proof.forget()
        self.present.take()
        super().done(result)

    # --- printing

    def _print(self) -> None:
        prints, groups = self._context.register.prints, self._groups
        self._context.ask(self, partial(prints.recovery_sheet, groups), self._show)

    def _show(self, pdf: bytes) -> None:
        if not self._groups:
            return  # left while the sheet was being made
        dialog = PrintPreviewDialog(self, tr("settings.recovery_title"), pdf, files=self._context.files)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # --- taking the place of the old one

    def _adopt(self) -> None:
        if not self.proof.is_proved(self._groups):
            return
        phrase = self.present.text()
        if self._asks_phrase and not phrase:
            self._present_field.set_error(tr("settings.passphrase_present_missing"))
            self.present.setFocus()
            return
        self.adopt.setEnabled(False)
        access, groups, asks = self._context.register.access, self._groups, self._asks_phrase

        def work() -> None:
            if asks and not access.is_my_passphrase(phrase):
                raise WrongPassphrase
            access.adopt_recovery(groups)

        self._context.write(self, work, lambda _none: self.accept(), changes="settings", failed=self._refused)

    def _refused(self, error: ApprodoError) -> None:
        self.adopt.setEnabled(True)
        if isinstance(error, WrongPassphrase):
            self._present_field.set_error(say_error(error))
            self.present.setFocus()
            self.present.selectAll()
        else:
            self.set_error(say_error(error))
