"""The right of access: everything held about a guest, as a sheet to read and as a complete file, with what that means.

The sheet and the file are in memory until somebody prints or saves them.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from app.errors import ApprodoError
from app.reference.ids import GuestId
from app.reference.texts import say_error, tr
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.kit import Banner, Dialog
from app.ui.saving import write_file

if TYPE_CHECKING:
    from app.ui.context import Context


class HeldDialog(Dialog):
    """Makes both, one at a time; each is noted in the trail."""

    def __init__(self, context: Context, guest: GuestId, name: str, code: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("retention.held_title", name=name), tr("retention.held_lead"), width=620)
        self._context, self._guest, self._code = context, guest, code
        self.body.addWidget(Banner("warn", tr("retention.held_warning"), tr("retention.held_warning_text")))
        self.said = Banner("info")
        self.said.hide()
        self.said.action_asked.connect(self._ask_place)
        self.body.addWidget(self.said)
        self.add_cancel(tr("kit.close"))
        self.json = self.add_other(tr("retention.held_json"), self._warn, "download")
        self.pdf = self.add_action(tr("retention.held_pdf"), self._make_pdf, "print")
        self.pdf.setFocus()

    # --- the sheet

    def _make_pdf(self) -> None:
        holdings, guest = self._context.register.holdings, self._guest
        self.set_error("")
        self.pdf.setEnabled(False)
        self._context.ask(self, lambda: holdings.as_pdf(guest), self._show_pdf, self._refused)

    def _show_pdf(self, pdf: bytes) -> None:
        self.pdf.setEnabled(True)
        title = tr("retention.held_pdf_title", code=self._code)
        dialog = PrintPreviewDialog(self, title, pdf, files=self._context.files)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _refused(self, error: ApprodoError) -> None:
        self.pdf.setEnabled(True)
        self.json.setEnabled(True)
        self.set_error(say_error(error))

    # --- the file

    def _warn(self) -> None:
        """Say first what a saved file means; only then the system asks where."""
        self._tell("warn", tr("retention.held_json_warning"), tr("retention.held_json_warning_text"), choose=True)

    def _ask_place(self) -> None:
        files = QFileDialog(self, tr("retention.held_json_title"))
        files.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        files.setNameFilter(tr("retention.held_json_pattern"))
        files.setDefaultSuffix("json")
        files.selectFile(f"{tr('retention.held_json_name')}.json")
        files.fileSelected.connect(self._on_file)
        files.finished.connect(files.deleteLater)
        files.open()

    def _on_file(self, name: str) -> None:
        self.save(Path(name))

    def save(self, place: Path) -> None:
        """Make the file and write it where the operator wants it; the window does not wait for it."""
        holdings, guest = self._context.register.holdings, self._guest
        self.json.setEnabled(False)
        self._tell("info", tr("retention.held_saving", name=place.name))

        def made(content: bytes) -> None:
            self._context.files.run(
                self, partial(write_file, place, content), done=partial(self._saved, place.name), failed=self._not_saved
            )

        self._context.ask(self, lambda: holdings.as_json(guest), made, self._refused)

    def _saved(self, name: str, _: None) -> None:
        self.json.setEnabled(True)
        self._tell("warn", tr("retention.held_saved", name=name), tr("retention.held_saved_text"))

    def _not_saved(self, error: Exception) -> None:
        self.json.setEnabled(True)
        self._tell("error", tr("retention.held_not_saved"))
        if not isinstance(error, ApprodoError):
            raise error  # for the crash log

    def _tell(self, mood: str, title: str, text: str = "", *, choose: bool = False) -> None:
        action = tr("retention.held_json_choose") if choose else ""
        self.said.tell(mood, title, text, action=action)  # type: ignore[arg-type]  # one of the moods, from above
        self.said.show()
