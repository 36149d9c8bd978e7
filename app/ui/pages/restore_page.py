"""The register comes back from a copy: which folder, which copy, what opens it; on a bare machine or a damaged one.

The copy is proved before anything is touched. It knows the way in, never the vault, and shows no house and no guest.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.errors import (
    ApprodoError,
    BackupStopped,
    BoundElsewhere,
    DeviceSecretMissing,
    WrongPassphrase,
)
from app.platform.attempt import Patience
from app.reference.texts import say_error, tr, tr_n
from app.ui.kit import Label, PrimaryButton, QuietButton, beside, centred
from app.ui.kit.list_row import Mark
from app.ui.question import Dialogs, QtDialogs
from app.ui.step_runner import StepRunner
from app.ui.theme import colour, px
from app.ui.widgets.copy_choice import CopyChoice
from app.ui.widgets.key_choice import KeyChoice
from app.ui.widgets.step_line import StepLine

if TYPE_CHECKING:
    from app.services.access import OperatorRow
    from app.services.backup import CopyRow, Progress, SteppedWork
    from app.ui.tasks import Runner

_WIDTH = 640
_SECOND_MS = 1000


class WayBack(Protocol):
    """What of the register's services the page needs; their imports are dear, so they are named here only."""

    def copies(self, folder: Path) -> list[CopyRow]:
        """Return the copies in a folder."""

    def is_register_in_the_way(self) -> bool:
        """Tell whether something lies where the register would go."""

    def restoring(
        self, row: CopyRow, *, phrase: str, code: str, cards: tuple[str, str], set_aside: bool
    ) -> SteppedWork[Any]:
        """Return the work that puts a copy in the place of the register, opened with one of the three."""

    def check_recovery_code(self, text: str) -> int | None:
        """Return the first wrong group, 0 for a wrong length, None when the code is well formed."""

    def unlock(self, passphrase: str) -> None:
        """Open the register."""

    def unlock_with_recovery(self, code: str) -> None:
        """Open the register with the printed code."""

    def unlock_with_cards(self, first: str, second: str) -> None:
        """Open the register with two recovery cards."""

    def operators(self) -> list[OperatorRow]:
        """Return the operators of the open register."""


class RestorePage(QWidget):
    """The page; `restored` when the register is open, `recovered` (operators) when a new phrase is still to be set."""

    restored = Signal()
    recovered = Signal(object)
    left = Signal()
    trying = Signal()
    """The register may be open from now on."""
    refused = Signal()
    """It is not, or it could not be opened."""

    def __init__(
        self,
        access: WayBack,
        runner: Runner,
        files: Runner,
        folder: Path | None = None,
        *,
        patience: Patience | None = None,
        dialogs: Dialogs | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Take the way in, its worker, the worker of files, and where this computer keeps its copies.

        `patience` is that of this computer; `dialogs` are others in tests.
        """
        super().__init__(parent)
        self._access, self._runner, self._files = access, runner, files
        self._dialogs = dialogs or QtDialogs(self)
        self._patience = patience or Patience()
        self._seconds = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND_MS)
        self._timer.timeout.connect(self.tick)
        self._steps = StepRunner(files, self)
        self.choice = CopyChoice()
        self.key = KeyChoice(access.check_recovery_code)
        self.line = StepLine(self)
        self.wrong = Label("", "error", wrap=True)
        self.go = PrimaryButton(tr("restore.go"), on_click=self._on_go)
        self.back = QuietButton(tr("restore.back"), "arrow_back", on_click=self._on_back)
        self._build()
        self.choice.folder_asked.connect(self._ask_folder)
        self.choice.changed.connect(self._on_choice)
        self.key.changed.connect(self._show_button)
        self.key.entered.connect(self._on_go)
        self.line.stop_asked.connect(self._steps.cancel)
        self._steps.progressed.connect(self._on_progress)
        self._say("")
        self._wait(self._patience.wait())
        self._show_button()
        self.setFocusProxy(self.choice)
        if folder is not None:
            self.show_folder(folder)

    def _build(self) -> None:
        card = QFrame()
        card.setObjectName("card")
        card.setFixedWidth(px(_WIDTH))
        column = QVBoxLayout(card)
        column.setContentsMargins(px(32), px(24), px(32), px(24))
        column.setSpacing(px(12))
        column.addLayout(beside(Mark("history", "primary", 26), Label(tr("restore.title"), "title"), None, spacing=12))
        column.addWidget(Label(tr("restore.lead"), "muted", wrap=True))
        for each in (self.choice, self.key, self.wrong, self.line):
            column.addWidget(each)
        column.addLayout(beside(self.back, None, self.go))
        centred(self, card)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        QPainter(self).fillRect(self.rect(), colour("rail"))

    # --- which copy

    def show_folder(self, folder: Path) -> None:
        """Show the copies in a folder; the stick may take its time."""
        self.choice.show_folder(folder)
        self._say("")
        access = self._access

        def found(rows: list[CopyRow]) -> None:
            if folder == self.choice.folder():
                self.choice.show_rows(rows)
                self._show_button()

        self._files.run(self, lambda: access.copies(folder), done=found, failed=self._on_unseen)

    def _on_unseen(self, error: Exception) -> None:
        self.choice.show_rows([])
        self._fail(error)

    def _on_choice(self) -> None:
        row = self.choice.row()
        self.key.offer_paper(row.paper if row is not None else None)
        self._show_button()

    def _ask_folder(self) -> None:
        folder = self._dialogs.choose_folder(tr("restore.folder_title"))
        if folder is not None:
            self.show_folder(folder)

    # --- restoring

    def _on_go(self) -> None:
        row = self.choice.row()
        if row is None or not self.key.is_typed() or self._steps.is_busy or self._seconds:
            return
        self._say("")
        access = self._access
        self._files.run(self, access.is_register_in_the_way, done=partial(self._on_looked, row), failed=self._fail)

    def _on_looked(self, row: CopyRow, in_the_way: bool) -> None:  # noqa: FBT001 - what the worker answers
        if in_the_way and not self._dialogs.ask(
            tr("restore.aside_title"), tr("restore.aside_text"), yes=tr("restore.aside_yes"), danger=True
        ):
            return
        if self._steps.is_busy:
            return
        key = self.key
        work = self._access.restoring(
            row, phrase=key.phrase(), code=key.code(), cards=key.cards(), set_aside=in_the_way
        )
        self.trying.emit()
        self._steps.run(work, done=self._on_placed, failed=self._on_refused)
        self._show_busy()

    def _on_progress(self, progress: Progress) -> None:
        self.line.show_progress(progress, is_busy=True)

    def _on_placed(self, _restored: object) -> None:
        self._patience.forget()
        access, phrase, code, cards = self._access, self.key.phrase(), self.key.code(), self.key.cards()

        def unlock() -> list[OperatorRow] | None:
            if phrase:
                access.unlock(phrase)
                return None
            if code:
                access.unlock_with_recovery(code)
            else:
                access.unlock_with_cards(*cards)
            return access.operators()

        self._runner.run(self, unlock, done=self._on_open, failed=self._on_shut)

    def _on_open(self, operators: list[OperatorRow] | None) -> None:
        self.forget()
        if operators is None:
            self.restored.emit()
        else:
            self.recovered.emit(operators)

    def _on_shut(self, _error: Exception) -> None:
        """The register is in its place and did not open at once: the unlock page says why at the next try."""
        self.refused.emit()
        self.forget()
        self.left.emit()

    def _on_refused(self, error: Exception) -> None:
        self.refused.emit()
        self._show_busy()
        if isinstance(error, WrongPassphrase):  # what is on paper was drawn at random and cannot be guessed
            self._wait(self._patience.fail())
        if isinstance(error, DeviceSecretMissing | BoundElsewhere):
            self.key.show_paper()
        self._fail(error)

    # --- leaving

    def stop(self) -> None:
        """Give up what is under way; nothing of it stays, and what was there before is untouched."""
        self._steps.stop()
        self._timer.stop()
        self.forget()

    def forget(self) -> None:
        """Forget what was typed."""
        self.key.forget()

    def _on_back(self) -> None:
        self.stop()
        self.left.emit()

    # --- inside

    def _wait(self, seconds: int) -> None:
        self._seconds = seconds
        if seconds:
            self._timer.start()

    def tick(self) -> None:
        """Let one second pass of the wait after a wrong phrase."""
        self._seconds = max(0, self._seconds - 1)
        if not self._seconds:
            self._timer.stop()
        self._show_button()

    def _fail(self, error: Exception) -> None:
        known = isinstance(error, ApprodoError)
        self._say(say_error(error) if isinstance(error, ApprodoError) else tr("error.unexpected"))
        if isinstance(error, BackupStopped):
            self._say(tr("restore.stopped"))
        self._show_button()
        if not known:
            raise error

    def _say(self, sentence: str) -> None:
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))

    def _show_busy(self) -> None:
        self.line.show_progress(None, is_busy=self._steps.is_busy)
        self._show_button()

    def _show_button(self) -> None:
        busy = self._steps.is_busy
        self.go.setText(tr_n("unlock.wait", self._seconds) if self._seconds else tr("restore.go"))
        may = self.choice.row() is not None and self.key.is_typed()
        self.go.setEnabled(may and not busy and not self._seconds)
        for each in (self.choice, self.key):
            each.setEnabled(not busy)
