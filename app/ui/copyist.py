"""The copyist at work while the register is open: a copy after unlocking, then one a day, and one when asked.

Each step is a work of its own on the worker of files, so that saving goes in between and the lock waits for none of
it. What a copy is and when one is due is decided in `app.services.backup`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.errors import ApprodoError, BackupPlaceMissing, BackupStopped, VaultLocked
from app.reference.texts import say_error, tr
from app.services.backup import CopyRow, Look, Place, Progress, TrialState
from app.ui.copy_clearing import CopyClearing
from app.ui.step_runner import StepRunner

if TYPE_CHECKING:
    from app.platform.machine import MachineStore
    from app.ui.context import Context

FIRST_AFTER_MS = 10_000  # the first page comes first
WAKES_EVERY_MS = 20 * 60_000
BACKUPS, ERASED = "backups", "erased"


class Copyist(QObject):
    """Makes copies in the background, from `start` until `stop`; then make a new one."""

    state_changed = Signal()
    """Where the copies go, what is there, or whether one is being made, changed."""
    progressed = Signal(object)
    """How far the copy or the trial under way is (`Progress`)."""

    def __init__(self, context: Context, machine: MachineStore, parent: QObject | None = None) -> None:
        """Take the open register and this computer's settings."""
        super().__init__(parent)
        self._context: Context | None = context
        self._machine = machine
        settings = machine.read()
        self.place = Place.named(settings.backup_folder, other_disk=settings.backup_other_disk)
        self.found: Look | None = None
        """What was last seen in the folder; None while it is not there."""
        self.progress: Progress | None = None
        self._told: set[str] = set()
        self._is_stale = False
        """Whether somebody was erased since the copy under way was begun."""
        self._clearing = CopyClearing(
            self, changed=lambda: context.changed.emit(BACKUPS), make=lambda: self._on_changed(ERASED)
        )
        self._steps = StepRunner(context.files, self)
        self._steps.progressed.connect(self._on_progress)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.wake)
        context.register.backups.watch(self.place)
        context.changed.connect(self._on_changed)

    @property
    def is_busy(self) -> bool:
        """Whether a copy is being made or tried."""
        return self._steps.is_busy

    def start(self) -> None:
        """Begin to wake: soon, and then every so often."""
        self._timer.start(FIRST_AFTER_MS)
        if self._context is not None:  # what a crash may have kept from being taken away after an erasure
            retentions = self._context.register.retentions
            self._context.ask(self, retentions.settle, lambda _none: None, lambda _later: None)

    def stop(self) -> None:
        """Stop at once and let go of the register: it is being locked, and the unfinished copy goes."""
        self._timer.stop()
        self._context = None
        self._steps.stop()

    # --- by itself

    def wake(self) -> None:
        """Look whether the folder is there and a copy due; make it if so. Nothing is said of a stick that is out."""
        self._timer.setInterval(WAKES_EVERY_MS)
        self._look(then=self._make_due)

    def _on_changed(self, subject: str) -> None:
        """Make a new copy once somebody was erased: only then may those go that still hold her."""
        if subject != ERASED or self.place is None:
            return
        if self._steps.is_busy:
            self._is_stale = True
        else:
            self._make(self.place, by_hand=False)

    def _make_due(self, found: Look) -> None:
        if found.is_due and not self.is_busy and self.place is not None:
            self._make(self.place, by_hand=False)

    # --- when asked

    def look(self) -> None:
        """See again what is in the folder."""
        self._look(then=lambda _found: None)

    def make_now(self) -> None:
        """Make a copy now."""
        if self.place is not None and not self.is_busy:
            self._make(self.place, by_hand=True)

    def try_copy(
        self, row: CopyRow, *, done: Callable[[TrialState], object], failed: Callable[[Exception], object]
    ) -> None:
        """Prove a copy; `failed` is called with BackupStopped when it was cancelled."""
        if self._context is None or self.is_busy:
            return
        work = self._context.register.backups.trying(row)
        self._steps.run(work, done=self._then_show(done), failed=self._then_show(failed))
        self.state_changed.emit()

    def cancel(self) -> None:
        """Stop the copy or the trial under way; nothing half done is left."""
        self._steps.cancel()

    def choose(self, folder: Path) -> None:
        """Let the copies go to another folder from now on; the old ones stay where they are."""
        if self._context is None:
            return
        backups, machine = self._context.register.backups, self._machine

        def settle() -> Place:
            place = Place(folder, backups.is_on_other_disk(folder))
            machine.write(replace(machine.read(), backup_folder=str(folder), backup_other_disk=place.other_disk))
            return place

        self._context.files.run(self, settle, done=self._chosen, failed=self._broke)

    def _chosen(self, place: Place) -> None:
        if self._context is None:
            return
        self.place, self.found = place, None
        self._context.register.backups.watch(place)
        self.wake()
        self._context.changed.emit(BACKUPS)

    # --- looking

    def _look(self, then: Callable[[Look], object]) -> None:
        context, place = self._context, self.place
        if context is None or place is None:
            self.state_changed.emit()
            return

        def seen(found: Look) -> None:
            if self._context is None or place != self.place:
                return
            self.found = found
            if found.newest is not None:
                self._remember(found.newest, made_now=False)
            self.state_changed.emit()
            self._clearing.look_over(context, place, found)
            then(found)

        def unseen(error: Exception) -> None:
            if place == self.place:
                self.found = None
                self.state_changed.emit()
            if not isinstance(error, ApprodoError):
                raise error

        context.files.run(self, lambda: context.register.backups.look(place), done=seen, failed=unseen)

    # --- making

    def _make(self, place: Place, *, by_hand: bool) -> None:
        if self._context is None:
            return

        def made(row: CopyRow) -> None:
            self._on_made(row, by_hand=by_hand)

        def failed(error: Exception) -> None:
            self._on_failed(error, by_hand=by_hand)

        work = self._context.register.backups.making(place)
        self._steps.run(work, done=self._then_show(made), failed=self._then_show(failed))
        self.state_changed.emit()

    def _on_made(self, row: CopyRow, *, by_hand: bool) -> None:
        if self._context is None or row.made_at is None:
            return
        self._told.clear()
        self._remember(row.made_at, made_now=True)
        if by_hand:
            self._context.told.emit("ok", tr("backup.made"))
        self.look()

    def _on_failed(self, error: Exception, *, by_hand: bool) -> None:
        if self._context is None:
            return
        quiet = isinstance(error, (BackupStopped, BackupPlaceMissing, VaultLocked)) and not by_hand
        said = say_error(error) if isinstance(error, ApprodoError) else tr("error.unexpected")
        if by_hand or not (quiet or said in self._told):  # by itself it says the same thing once
            self._told.add(said)
            self._context.told.emit("info" if isinstance(error, BackupStopped) else "error", said)
        self.look()
        if not isinstance(error, ApprodoError):
            raise error  # for the crash log

    def _remember(self, made_at: datetime, *, made_now: bool) -> None:
        context = self._context
        if context is None:
            return

        def remembered(is_news: bool) -> None:  # noqa: FBT001 - what the register answers
            if is_news:
                context.changed.emit(BACKUPS)

        context.ask(self, lambda: context.register.backups.remember(made_at, made_now=made_now), remembered)

    # --- inside

    def _then_show(self, tell: Callable[..., object]) -> Callable[..., None]:
        def told(value: object) -> None:
            self.progress = None
            self.state_changed.emit()
            tell(value)
            if self._is_stale and self.place is not None and self._context is not None:
                self._is_stale = False
                self._make(self.place, by_hand=False)

        return told

    def _on_progress(self, progress: Progress) -> None:
        self.progress = progress
        self.progressed.emit(progress)

    def _broke(self, error: Exception) -> None:
        raise error  # a folder that cannot even be looked at is no deliberate error; for the crash log
