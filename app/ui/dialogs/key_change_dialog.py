"""New keys: after somebody left, after a suspected loss, or to finish a change that was cut off; with its progress.

What is taken away is taken away at once; the change of keys behind it may be cut off, and goes on at the next opening.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from app.errors import ApprodoError, RenewalStopped, WrongPassphrase
from app.reference.texts import say_error, tr
from app.ui.dialogs.operator_dialog import GuardedDialog
from app.ui.kit import Label

if TYPE_CHECKING:
    from app.services.operator import OperatorEntry
    from app.ui.context import Context


class KeyChangeDialog(GuardedDialog):
    """Asks, takes away, changes the keys; `accepted` when all of it is done."""

    progressed = Signal(int, int)

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        *,
        title: str,
        lead: str,
        action: str,
        begin: Callable[[], object],
        more: str = "",
        danger: bool = True,
    ) -> None:
        """`begin` is what is done first, at once; `more` is said under the question."""
        super().__init__(context, parent, title, lead)
        self._begin = begin
        self._began = False
        self._more = Label(more, wrap=True)
        self._words = Label(tr("operator.changing"), "strong", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("operator.changing"))
        for widget in (self._more, self.mine_field, self._words, self.bar):
            self.body.addWidget(widget)
        self._more.setVisible(bool(more))
        self._words.hide()
        self.bar.hide()
        self.progressed.connect(self._show_progress)
        self.cancel = self.add_cancel()
        add = self.add_danger if danger else self.add_action
        self.go = add(action, self._go)
        if danger:
            # Return in the line goes on, once the passphrase is there; it must not press «Annulla» behind it as well.
            for button in (self.cancel, self.go):
                button.setAutoDefault(False)
        self.mine.returnPressed.connect(self._go)
        self.mine.setFocus()

    def _go(self) -> None:
        if self._began:
            self._renew()
        elif self.go.isEnabled():
            self.guarded(self.go, self._begin, self._on_begun, self._on_refused)

    def _on_refused(self, error: ApprodoError) -> None:
        if not isinstance(error, WrongPassphrase):
            self.set_error(say_error(error))

    def _on_begun(self) -> None:
        self._began = True
        self.mine.take()
        self.mine_field.hide()
        self._more.hide()
        self._renew()

    def _renew(self) -> None:
        self.set_error("")
        self.go.setEnabled(False)
        self.cancel.setEnabled(False)
        self._words.show()
        self.bar.show()
        context, operators = self._context, self._context.register.operators

        def told(done: int, of: int) -> None:
            if context.closed:  # no lock waits for it: it goes on after the next opening
                raise RenewalStopped
            if shiboken6.isValid(self):
                self.progressed.emit(done, of)

        self._context.write(
            self, lambda: operators.renew_keys(told), lambda _none: self.accept(), changes="settings", failed=self._late
        )

    def _late(self, error: ApprodoError) -> None:
        """The access is gone all the same; the keys follow now or at the next opening."""
        self.bar.hide()
        self._words.hide()
        self.go.setText(tr("operator.finish"))
        self.go.setEnabled(True)
        self.cancel.setText(tr("operator.later"))
        self.cancel.setEnabled(True)
        self.set_error(tr("operator.renew_late"), say_error(error))

    def _show_progress(self, done: int, of: int) -> None:
        self.bar.setRange(0, max(of, 1))
        self.bar.setValue(done)


def leave_dialog(context: Context, parent: QWidget | None, entry: OperatorEntry) -> KeyChangeDialog:
    """Return the dialog by which an operator leaves."""
    operators, who = context.register.operators, entry.id
    return KeyChangeDialog(
        context,
        parent,
        title=tr("operator.leave_title", name=entry.display_name),
        lead=tr("operator.leave_lead"),
        action=tr("operator.leave_do"),
        begin=lambda: operators.leave(who),
        more=tr("operator.leave_more"),
    )


def renew_dialog(context: Context, parent: QWidget | None) -> KeyChangeDialog:
    """Return the dialog by which all keys are renewed."""
    return KeyChangeDialog(
        context,
        parent,
        title=tr("operator.renew_title"),
        lead=tr("operator.renew_lead"),
        action=tr("operator.renew_do"),
        begin=context.register.operators.ask_new_keys,
        more=tr("operator.renew_more"),
        danger=False,
    )
