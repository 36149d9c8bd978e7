"""One guest's coverage with all that can be done with it: written, renewed, put right, taken away, its number shown.

It is on her card and on the page Salute; whether the role may see it is judged before it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.reference.ids import GuestId
from app.reference.texts import tr
from app.ui.context import Context
from app.ui.dialogs.coverage_dialog import CoverageDialog
from app.ui.question import Dialogs, QtDialogs
from app.ui.widgets.coverage_card import CoverageCard

if TYPE_CHECKING:
    from app.services.coverage import CoverageRow


class GuestCoverage(CoverageCard):
    """The coverage of the guest whom `show_guest` named."""

    form_opened = Signal(object)
    """A dialog was opened."""

    def __init__(self, context: Context, dialogs: Dialogs | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._dialogs = dialogs or QtDialogs(self)
        self._guest: GuestId | None = None
        self._name = ""
        self._rows: tuple[CoverageRow, ...] = ()
        self.add_asked.connect(self.open_form)
        self.change_asked.connect(self.open_form)
        self.withdraw_asked.connect(self._withdraw)
        self.reveal_asked.connect(self._reveal)

    def ask(self, guest: GuestId, name: str, then: Callable[[], None] | None = None) -> None:
        """Ask for the coverages of a guest and show them; `then` is called after that."""
        coverages = self._context.register.coverages
        self._guest = guest

        def done(rows: list[CoverageRow]) -> None:
            if self._guest == guest:
                self.show_guest(guest, name, rows)
                if then is not None:
                    then()

        self._context.ask(self, lambda: coverages.of_guest(guest), done)

    def half_filled(self) -> GuestId | None:
        """Return whose form was half filled when the register locked, or None."""
        guest = json.loads(self._context.drafts.get(CoverageDialog.form_id, "{}")).get("guest")
        return GuestId(guest) if isinstance(guest, int) else None

    def resume(self, guest: GuestId, name: str) -> None:
        """Open the form of a guest that was half filled; one of a coverage that is gone loses its draft."""

        def open_it() -> None:
            number = json.loads(self._context.drafts.get(CoverageDialog.form_id, "{}")).get("coverage")
            row = next((row for row in self._rows if row.id == number), None)
            if number is not None and row is None:
                self._context.drafts.pop(CoverageDialog.form_id, None)
            else:
                self.open_form(row)

        self.ask(guest, name, open_it)

    def show_guest(self, guest: GuestId, name: str, rows: list[CoverageRow]) -> None:
        """Show a guest's coverages, the newest first."""
        self.show_rows(rows)
        self._guest, self._name, self._rows = guest, name, tuple(rows)

    def open_form(self, row: CoverageRow | None = None) -> None:
        """Open the form: that of `row` to put it right, else of a new one."""
        if self._guest is None:
            return
        today = self._context.register.desk.today()
        renews = self._rows[0] if self._rows else None
        dialog = CoverageDialog(self._context, self.window(), (self._guest, self._name), today, row=row, renews=renews)
        kept = json.loads(self._context.drafts.get(dialog.form_id, "{}"))
        # What was half written for one guest or coverage never fills the form of another.
        if kept.get("guest") == self._guest and kept.get("coverage") == (row.id if row is not None else None):
            self._context.give_back(dialog)
        dialog.accepted.connect(partial(self._context.told.emit, "ok", tr("coverage.saved")))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self.form_opened.emit(dialog)

    def _withdraw(self, row: CoverageRow) -> None:
        sure = self._dialogs.ask(
            tr("coverage.withdraw_ask"), tr("coverage.withdraw_ask_hint"), yes=tr("coverage.withdraw_yes"), danger=True
        )
        if sure:
            coverages = self._context.register.coverages
            told = partial(self._context.told.emit, "ok", tr("coverage.withdrawn"))
            self._context.write(self, lambda: coverages.withdraw(row.id), lambda _: told(), changes="guests")

    def _reveal(self, row: CoverageRow) -> None:
        guest, coverages = self._guest, self._context.register.coverages

        def done(number: str) -> None:
            if self._guest == guest:
                self.show_number(number)

        self._context.ask(self, lambda: coverages.reveal(row.id), done)

    def clear(self) -> None:
        """Forget the guest."""
        super().clear()
        self._guest, self._name, self._rows = None, "", ()
