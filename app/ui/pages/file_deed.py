"""Saving something sealed for the capofila as a file: where, a warning, the bytes, the page that goes along.

The place is asked for first, and what was handed over is noted last, when the bytes lie safely in their place: what
nobody saved was not handed over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from app.errors import ApprodoError
from app.reference.texts import say_error, tr
from app.sync.file_name import random_name, sealed_name
from app.ui.answer_file import ENDING
from app.ui.dialogs.print_preview_dialog import PrintPreviewDialog
from app.ui.saving import write_file

if TYPE_CHECKING:
    from app.services.sealed_file import Kind, SealedFile
    from app.ui.context import Context
    from app.ui.question import Dialogs


class FileDeed:
    """Saves what `make` gives, which runs on the vault's worker; `note` runs there when the file lies in its place.

    What was asked for is written even if the register locks now; it is told at the next opening then, and not noted.
    """

    def __init__(self, context: Context, owner: QWidget, dialogs: Dialogs) -> None:
        self._context, self._owner, self._dialogs = context, owner, dialogs

    def begin(
        self,
        make: Callable[[], SealedFile],
        *,
        changes: str,
        note: Callable[[], None] | None = None,
        saved: Callable[[], None] | None = None,
    ) -> None:
        """Ask where, and go on; nothing happens on cancel. `saved` runs in the window when the file lies there."""
        name = sealed_name(random_name())
        chosen = self._dialogs.choose_to_save(tr("outbox.save_file_title"), name, tr("outbox.pattern_sealed"))
        if chosen is None:
            return
        path = chosen if chosen.suffix else chosen.with_suffix(ENDING)
        backups = self._context.register.backups
        self._context.ask(
            self._owner,
            lambda: backups.is_on_other_disk(path.parent),
            lambda is_other: self._go_on(_Deed(make, path, changes, note, saved), is_other=is_other),
            runner=self._context.files,
        )

    def _go_on(self, deed: _Deed, *, is_other: bool) -> None:
        if not is_other and not self._dialogs.ask(
            tr("outbox.here_title"), tr("outbox.here_text"), yes=tr("outbox.here_yes")
        ):
            return
        sealed_files = self._context.register.sealed_files

        def work() -> tuple[SealedFile, bytes]:
            made = replace(deed.make(), name=deed.path.name)
            return made, sealed_files.cover(made)

        self._context.ask(self._lasting(), work, lambda made: self._write(deed, *made), even_locked=True)

    def _lasting(self) -> QObject:
        """Return an owner that outlives the page: an answer to it comes behind a lock as well."""
        return QCoreApplication.instance() or self._owner

    def _write(self, deed: _Deed, made: SealedFile, cover: bytes) -> None:
        self._context.files.run(
            self._lasting(),
            partial(write_file, deed.path, made.content),
            done=lambda _none: self._written(deed, made.kind, cover),
            failed=partial(self._not_written, deed),
        )

    def _written(self, deed: _Deed, kind: Kind, cover: bytes) -> None:
        if self._context.closed:
            key = "file_saved_locked" if kind == "report" else "file_saved_locked_other"
            self._context.tell("warn", tr(f"outbox.{key}", name=deed.path.name))
            return
        key = "file_saved" if kind == "report" else f"file_saved_{kind}"
        self._context.told.emit("ok", tr(f"outbox.{key}", name=deed.path.name))
        if deed.saved is not None:
            deed.saved()
        if deed.note is None:
            self._context.changed.emit(deed.changes)
        else:
            self._context.write(self._owner, deed.note, lambda _none: None, changes=deed.changes)
        dialog = PrintPreviewDialog(
            self._owner,
            tr("outbox.cover_title"),
            cover,
            files=self._context.files,
            file_name=f"{deed.path.stem}.pdf",
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _not_written(self, deed: _Deed, error: Exception) -> None:
        said = say_error(error) if isinstance(error, ApprodoError) else tr("error.unexpected")
        self._context.tell("error", said)
        if not self._context.closed:
            self._context.changed.emit(deed.changes)  # a new key or a leave is kept here all the same
        if not isinstance(error, ApprodoError):
            raise error  # for the crash log


@dataclass(frozen=True, slots=True)
class _Deed:
    """One saving: what makes the bytes, where they go, who asks again, what is noted and done at the end."""

    make: Callable[[], SealedFile]
    path: Path
    changes: str
    note: Callable[[], None] | None
    saved: Callable[[], None] | None
