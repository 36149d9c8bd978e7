"""The sheet for the day the computer is gone: whom to call is written here, the rest is counted; then it is printed.

The sheet is in memory until somebody prints it or saves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.services.loss import MOST_LINES
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.form import FormDialog
from app.ui.kit import Field
from app.ui.widgets.note_edit import NoteEdit

if TYPE_CHECKING:
    from app.ui.context import Context


class LossDialog(FormDialog):
    """Asks whom to call, keeps it, and shows the sheet."""

    form_id = "loss"

    def __init__(self, context: Context, parent: QWidget | None, contacts: str) -> None:
        super().__init__(parent, tr("backup.loss_title"), tr("backup.loss_lead"), width=560)
        self._context = context
        self._before = contacts
        self.contacts = NoteEdit(lines=6)
        self.contacts.setPlainText(contacts)
        help_text = tr("backup.loss_contacts_help", most=MOST_LINES)
        self.body.addWidget(Field(tr("backup.loss_contacts"), self.contacts, help_text=help_text))
        self.add_cancel(tr("kit.close"))
        self.print_button = self.add_action(tr("backup.loss_print"), self._go_on, "print")
        self.contacts.setFocus()

    def content(self) -> dict[str, object]:
        """Return whom to call as far as it is written, when it was changed."""
        words = self.contacts.words()
        return {} if words == self._before else {"contacts": words}

    def restore(self, content: dict[str, object]) -> None:
        """Fill the form again."""
        self.contacts.setPlainText(str(content.get("contacts", self._before)))

    def _go_on(self) -> None:
        losses, words = self._context.register.losses, self.contacts.words()

        def work() -> bytes:
            losses.write_contacts(words)
            return losses.sheet()

        self.set_error("")
        self.print_button.setEnabled(False)
        self._context.ask(self, work, self._show, self._refused)

    def _show(self, pdf: bytes) -> None:
        self.print_button.setEnabled(True)
        self._before = self.contacts.words()
        name = f"{tr('backup.loss_file')}.pdf"
        dialog = PrintPreviewDialog(self, tr("backup.loss"), pdf, files=self._context.files, file_name=name)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _refused(self, error: ApprodoError) -> None:
        self.print_button.setEnabled(True)
        self.set_error(say_error(error))
