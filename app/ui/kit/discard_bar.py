"""The question in the foot of a form that is given up half filled: throw away, or go on.

It takes the place of the form's own buttons, so that nothing is saved by a Return that was meant for the answer.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.reference.texts import tr
from app.ui.kit.button import DangerButton, SecondaryButton
from app.ui.kit.label import Label
from app.ui.kit.page import beside


class DiscardBar(QWidget):
    """The sentence and its two answers; going on is the one that the keyboard stands on."""

    gone_on = Signal()
    thrown_away = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        asked = tr("kit.discard_ask")
        self.throw_away = DangerButton(tr("kit.discard"), on_click=self.thrown_away.emit)
        self.throw_away.setObjectName("discardButton")
        self.go_on = SecondaryButton(tr("kit.discard_not"), on_click=self.gone_on.emit)
        self.go_on.setObjectName("goOnButton")
        row = beside(Label(asked, "strong", wrap=True), self.throw_away, self.go_on, stretch=(1, 0, 0), spacing=8)
        row.setContentsMargins(0, 0, 0, 0)
        self.setLayout(row)
        self.setAccessibleName(asked)
        self.go_on.setAccessibleDescription(asked)

    def ask(self) -> None:
        """Show the question."""
        self.show()
        self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)
