"""What is looked at or taken from the page of the report: bytes, files for coordination, the proof, the guests' sheet.

Nothing is decided here; what is saved holds totals only, and a ledger is saved by the dialog of the proof.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.reference.texts import tr
from app.ui.dialogs.package_dialog import PackageDialog
from app.ui.dialogs.proof_dialog import ProofDialog
from app.ui.presenters.guest import print_languages
from app.ui.presenters.outbox import file_name
from app.ui.saving import save_file
from app.ui.widgets.report_leaves import JSON, PDF

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.kit import Dialog
    from app.ui.presenters.report import ReportView
    from app.ui.question import Dialogs


class ReportPapers:
    """Opens dialogs over a page and saves files for it."""

    def __init__(self, context: Context, page: QWidget, dialogs: Dialogs) -> None:
        self._context = context
        self._page = page
        self._dialogs = dialogs

    def open(self, dialog: Dialog) -> None:
        """Show a dialog over the page."""
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def show_bytes(self, view: ReportView | None) -> None:
        """Show the very bytes that leave or left."""
        if view is not None and view.preview is not None:
            self.open(PackageDialog(self._page, view.preview.package, partial(self.save, view, JSON)))

    def save(self, view: ReportView | None, kind: str) -> None:
        """Save the report as pdf, xlsx or json."""
        if view is None or view.preview is None:
            return
        prints, house, month = self._context.register.prints, view.preview.house, view.month
        package = view.preview.package

        def make() -> bytes:
            if kind == JSON:
                return package
            return prints.month_report_pdf(house, month) if kind == PDF else prints.month_report_xlsx(house, month)

        save_file(
            self._context,
            self._page,
            self._dialogs,
            name=file_name(month, view.preview.revision, kind),
            pattern=tr(f"report.pattern_{kind}"),
            make=make,
        )

    def show_proof(self, view: ReportView | None) -> None:
        """Show what the audit said of the month, and let it be run again."""
        if view is not None and view.breakdowns is not None and view.preview is not None:
            house, month = view.preview.house, view.month
            self.open(
                ProofDialog(
                    self._context, house, month, view.breakdowns.proof, dialogs=self._dialogs, parent=self._page
                )
            )

    # --- the sheet for guests

    def offer_sheet(self, button: QWidget) -> None:
        """Ask in which language the sheet "who sees this about me?" is wanted."""
        prints = self._context.register.prints
        self._context.ask(self._page, prints.sharing_languages, partial(self._open_menu, button))

    def _open_menu(self, button: QWidget, languages: list[tuple[str, str]]) -> None:
        self.build_menu(languages).popup(button.mapToGlobal(button.rect().bottomLeft()))

    def build_menu(self, languages: list[tuple[str, str]]) -> QMenu:
        """Return the menu of languages of the sheet."""
        menu = QMenu(self._page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for code, name in print_languages(languages, ()):
            menu.addAction(name).setData(code)
        menu.triggered.connect(lambda action: self._print_sheet(str(action.data())))
        return menu

    def _print_sheet(self, language: str) -> None:
        prints = self._context.register.prints
        self._context.ask(self._page, lambda: prints.sharing_form(None, second_language=language), self._show_sheet)

    def _show_sheet(self, pdf: bytes) -> None:
        from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog

        self.open(PrintPreviewDialog(self._page, tr("disclosure.sheet_title"), pdf, files=self._context.files))
