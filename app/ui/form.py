"""A dialog whose half-filled content survives a lock, and is given up only after a question: once, in the form itself.

Where the words are kept (an encrypted draft in the register) is the window's business; a lock asks nothing.
"""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from app.ui.kit.dialog import Dialog
from app.ui.kit.discard_bar import DiscardBar


class FormDialog(Dialog):
    """A form; `form_id` names its draft, one for each operator."""

    form_id: ClassVar[str] = ""

    def __init__(self, parent: QWidget | None, title: str, lead: str = "", *, width: int = 460) -> None:
        super().__init__(parent, title, lead, width=width)
        self.is_draft = False
        """Whether the form was filled again with what it held at a lock."""
        self._as_opened: dict[str, object] = {}
        self._at_work: QWidget | None = None
        self.discard = DiscardBar(self)
        self.discard.hide()
        self.discard.gone_on.connect(self._go_on)
        self.discard.thrown_away.connect(lambda: self.done(QDialog.DialogCode.Rejected))
        self.add_foot(self.discard)

    def content(self) -> dict[str, object]:
        """Return what is filled in, as values that JSON can hold; empty when nothing is."""
        raise NotImplementedError

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again from what `content` gave; unknown or missing names are passed over."""
        raise NotImplementedError

    def open(self) -> None:
        """Show the form; what is in it now was proposed, unless it is a draft."""
        self._as_opened = {} if self.is_draft else self.content()
        super().open()

    def reject(self) -> None:
        """Give the form up, as Esc and *Annulla* do: at once while nothing was written, else after a question.

        Esc at the question goes on with the form: nothing is lost by pressing it once more. The lock and a form that
        has done its work close with `done`.
        """
        if self.discard.isVisible():
            self._go_on()
        elif self.content() not in ({}, self._as_opened):
            self._at_work = self.focusWidget()
            self.show_buttons(visible=False)
            self.discard.ask()
        else:
            super().reject()

    def done(self, result: int) -> None:
        """Close, and give the keyboard back to who had it: what it stood on may be gone, and Qt would take any."""
        super().done(result)
        page = self.parentWidget()
        if not isinstance(page, QWidget) or page.isWindow() or not page.isVisible():
            return
        before: object = page.window().focusWidget()
        if not isinstance(before, QWidget) or not page.isAncestorOf(before) or not before.isVisible():
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_on(self) -> None:
        self.discard.hide()
        self.show_buttons(visible=True)
        if self._at_work is not None and self._at_work.isVisible():
            self._at_work.setFocus(Qt.FocusReason.OtherFocusReason)
        self._at_work = None
