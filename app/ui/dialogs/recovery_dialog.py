"""A new recovery sheet in place of a lost one: first it is printed, then the old one stops.

The code is shown here and on the sheet, and nowhere kept.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.kit import Dialog
from app.ui.widgets.code_groups import CodeGroups

if TYPE_CHECKING:
    from app.ui.context import Context


class RecoveryDialog(Dialog):
    """Shows a new code; `accepted` when it has taken the place of the old one."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent, tr("settings.recovery_title"), tr("settings.recovery_lead"), width=560)
        self._context = context
        self._groups = context.register.access.propose_recovery()
        self.code = CodeGroups()
        self.code.show_groups(self._groups)
        self.body.addWidget(self.code)
        self.add_cancel()
        self.add_other(tr("settings.recovery_print"), self._print, "print")
        self.adopt = self.add_action(tr("settings.recovery_adopt"), self._adopt)

    def _print(self) -> None:
        prints, groups = self._context.register.prints, self._groups
        self._context.ask(self, partial(prints.recovery_sheet, groups), self._show)

    def _show(self, pdf: bytes) -> None:
        dialog = PrintPreviewDialog(self, tr("settings.recovery_title"), pdf)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _adopt(self) -> None:
        self.adopt.setEnabled(False)
        access, groups = self._context.register.access, self._groups
        self._context.write(
            self,
            lambda: access.adopt_recovery(groups),
            lambda _none: self.accept(),
            changes="settings",
            failed=self._refused,
        )

    def _refused(self, error: ApprodoError) -> None:
        self.adopt.setEnabled(True)
        self.set_error(say_error(error))
