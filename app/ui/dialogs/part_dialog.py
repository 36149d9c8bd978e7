"""Parts records that were joined: the last joining first, each row back where it was.

Whether they may be parted is decided by the register.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import ApprodoError
from app.reference.ids import GuestId, MergeId
from app.reference.texts import say_error, tr
from app.ui.kit import Dialog, Label, ListRow, SecondaryButton
from app.ui.presenters import merge as words
from app.ui.theme import px
from app.ui.widgets.layout import empty_layout

if TYPE_CHECKING:
    from app.services.merge import MergeLine
    from app.ui.context import Context


class PartDialog(Dialog):
    """The records joined into a guest's, each with a button that parts it."""

    def __init__(self, context: Context, guest: GuestId, name: str, code: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("merge.part_title"), tr("merge.part_lead", name=name, code=code), width=640)
        self._context = context
        self._guest = guest
        self.buttons: list[SecondaryButton] = []
        self._none = Label(tr("merge.nothing_joined"), "muted", wrap=True)
        self._none.hide()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(px(4))
        self.body.addWidget(self._none)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)
        self.add_cancel(tr("kit.close"))
        self._ask()

    def _ask(self) -> None:
        merges, guest = self._context.register.merges, self._guest
        self._context.ask(self, lambda: merges.of_guest(guest), self._show, self._on_refused)

    def _show(self, lines: tuple[MergeLine, ...]) -> None:
        empty_layout(self._rows)
        self.buttons = []
        self._none.setVisible(not lines)
        for line in lines:
            title, note = words.line_words(line)
            button = SecondaryButton(tr("merge.part"), "undo", on_click=partial(self._part, line.id))
            button.setEnabled(line.is_last)
            button.setAccessibleName(tr("merge.part_name", name=line.name_used, code=line.code))
            button.setToolTip("" if line.is_last else tr("merge.part_last_first"))
            self.buttons.append(button)
            row = ListRow(title, note, trail=button)
            self._rows.addWidget(row)
            row.show()  # made behind the dialog it is not seen yet, and what is not seen is given no keyboard
        if self.buttons:
            self.buttons[0].setFocus()

    def _part(self, merge: MergeId) -> None:
        self.set_error("")
        for button in self.buttons:
            button.setEnabled(False)
        merges = self._context.register.merges

        def done(_: None) -> None:
            self._context.told.emit("ok", tr("merge.parted"))
            self.accept()

        self._context.write(self, lambda: merges.undo(merge), done, changes="guests", failed=self._on_refused)

    def _on_refused(self, error: ApprodoError) -> None:
        self.set_error(say_error(error))
        for button in self.buttons:
            button.setEnabled(True)
