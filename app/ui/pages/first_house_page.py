"""The page of a register that has no house yet: one made on the command line, before anything was imported.

It asks what the wizard's second step asks, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.ui.kit import Banner, PrimaryButton, beside
from app.ui.pages.wizard_step import ShelterStep
from app.ui.presenters.wizard import Shelter, house_draft, project_draft
from app.ui.tasks import Runner
from app.ui.theme import px

if TYPE_CHECKING:
    from app.services.register import Register


class FirstHousePage(QWidget):
    """The page; `finished` carries the new house's id."""

    finished = Signal(int)

    def __init__(self, register: Register, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._register = register
        self._runner = runner
        self.shelter = ShelterStep()
        self.shelter.show_typed(Shelter(ente=""))
        self.wrong = Banner("error", parent=self)
        self.wrong.hide()
        self.make = PrimaryButton(tr("wizard.make_house"), "check", on_click=self.go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(48), px(32), px(48), px(32))
        column.addWidget(self.shelter, 1)
        column.addWidget(self.wrong)
        column.addLayout(beside(None, self.make))
        self.setFocusProxy(self.shelter)

    def go_on(self) -> None:
        """Make the house, if nothing in the fields is wrong."""
        if not self.shelter.check():
            return
        typed, register = self.shelter.typed(), self._register

        def work() -> int:
            return register.access.add_first_house(typed.ente, house_draft(typed), project_draft(typed))

        self._runner.run(self, work, done=self.finished.emit, failed=self._on_refused)

    def _on_refused(self, error: Exception) -> None:
        self.wrong.tell("error", say_error(error) if isinstance(error, ApprodoError) else tr("error.unexpected"))
        self.wrong.show()
        if not isinstance(error, ApprodoError):
            raise error
