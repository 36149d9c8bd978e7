"""Asks before something is taken out: what goes, what stays, and a button that says it.

Taking it out is done by whoever asked, when the dialog is accepted.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error
from app.ui.context import Context
from app.ui.kit import Dialog


class RemovalDialog(Dialog):
    """One question; Return and Esc leave everything as it is."""

    def __init__(self, parent: QWidget | None, title: str, lead: str, *, keep: str, do: str) -> None:
        super().__init__(parent, title, lead)
        cancel = self.add_cancel(keep)
        self.remove = self.add_danger(do, self._begin, "delete")
        self.remove.setAutoDefault(False)
        cancel.setDefault(True)
        cancel.setFocus()
        self._work: Callable[[], None] | None = None
        self._context: Context | None = None
        self._changes = ""

    def will(self, context: Context, work: Callable[[], None], *, changes: str) -> RemovalDialog:
        """Say what is to be done in the register; a refusal is told here, and the dialog stays."""
        self._context, self._work, self._changes = context, work, changes
        return self

    def _begin(self) -> None:
        if self._context is None or self._work is None:
            self.accept()
            return
        self.remove.setEnabled(False)
        self._context.write(self, self._work, lambda _: self.accept(), changes=self._changes, failed=self._refused)

    def _refused(self, error: ApprodoError) -> None:
        self.remove.setEnabled(True)
        self.set_error(say_error(error))
