"""All copies in the folder: when each was made, how large it is, whether it is whole, and a trial of one.

Nothing is removed here; thinning is the copyist's.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from app.errors import ApprodoError, BackupDamaged, BackupStopped
from app.reference.texts import say_error, tr
from app.ui.kit import Banner, Dialog, EmptyState, table_view
from app.ui.presenters import backup
from app.ui.tables.copy_table import copy_model
from app.ui.theme import px
from app.ui.widgets.step_line import StepLine

if TYPE_CHECKING:
    from app.services.backup import CopyRow, Progress, TrialState
    from app.ui.copyist import Copyist
    from app.ui.presenters.state import State


class BackupDialog(Dialog):
    """The list."""

    def __init__(self, parent: QWidget | None, copyist: Copyist) -> None:
        super().__init__(parent, tr("backup.list_title"), tr("backup.list_lead"), width=640)
        self._copyist = copyist
        self._tried: dict[Path, TrialState] = {}
        self._damaged: set[Path] = set()
        self._is_trying = False
        self.model = copy_model(self._state)
        self.table = table_view(self.model, stretch=0, name=tr("backup.list_title"))
        self.table.setMinimumHeight(px(260))
        self.pile = QStackedWidget()
        self.pile.addWidget(self.table)
        self.pile.addWidget(EmptyState("archive", tr("backup.list_none"), tr("backup.list_none_hint")))
        self.line = StepLine(self)
        self.line.stop_asked.connect(copyist.cancel)
        self.banner = Banner()
        self.banner.hide()
        self.body.addWidget(self.pile, 1)
        self.body.addWidget(self.line)
        self.body.addWidget(self.banner)
        self.try_button = self.add_other(tr("backup.try"), self.try_chosen, "verified_user")
        self.close_button = self.add_action(tr("kit.close"))
        self.table.row_chosen.connect(self._show_buttons)
        self.table.row_opened.connect(lambda _row: self.try_chosen())
        copyist.state_changed.connect(self._show)
        copyist.progressed.connect(self._on_progress)
        self._show()
        self.table.choose(0)
        self.table.setFocus()

    def try_chosen(self) -> None:
        """Prove the copy that is chosen."""
        row: CopyRow | None = self.table.current_row()
        if row is None or not self.try_button.isEnabled():
            return
        self.banner.hide()
        self._is_trying = True
        self._copyist.try_copy(row, done=partial(self._on_tried, row), failed=partial(self._on_failed, row))

    def done(self, result: int) -> None:
        """Stop a trial that nobody waits for any more; a copy that is being made goes on."""
        self._copyist.state_changed.disconnect(self._show)
        self._copyist.progressed.disconnect(self._on_progress)
        if self._is_trying:
            self._copyist.cancel()
        super().done(result)

    # --- inside

    def _state(self, row: CopyRow) -> State:
        return backup.copy_state(row, self._tried.get(row.path), is_damaged=row.path in self._damaged)

    def _on_progress(self, progress: Progress) -> None:
        self.line.show_progress(progress, is_busy=True)

    def _show(self) -> None:
        found, chosen = self._copyist.found, self.table.current_row()
        rows = list(found.rows) if found is not None else []
        self.model.show_rows(rows)
        if chosen in rows:
            self.table.choose_row(chosen)
        self.pile.setCurrentIndex(0 if rows else 1)
        self.line.show_progress(self._copyist.progress, is_busy=self._copyist.is_busy)
        self._show_buttons()

    def _show_buttons(self, _row: object = None) -> None:
        row: CopyRow | None = self.table.current_row()
        may = row is not None and row.is_ours and not row.fault
        self.try_button.setEnabled(may and not self._copyist.is_busy)

    def _on_tried(self, row: CopyRow, state: TrialState) -> None:
        self._tried[row.path] = state
        self._damaged.discard(row.path)
        self._tell("warn" if state == "ahead" else "ok", tr(f"backup.tried_{state}"))

    def _on_failed(self, row: CopyRow, error: Exception) -> None:
        if isinstance(error, BackupDamaged):
            self._damaged.add(row.path)
        known = isinstance(error, ApprodoError)
        said = say_error(error) if isinstance(error, ApprodoError) else tr("error.unexpected")
        self._tell("info" if isinstance(error, BackupStopped) else "error", said)
        if not known:
            raise error

    def _tell(self, mood: str, said: str) -> None:
        self._is_trying = False
        self.banner.tell(mood, said)  # type: ignore[arg-type]  # one of the moods, from the lines above
        self.banner.show()
        self._show()
