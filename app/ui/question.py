"""Questions that the program waits for: yes or no, something to know, which file.

The only place where a nested event loop is allowed; tests pass a fake with the same `Dialogs` protocol. Forms are
not here: they open without blocking.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import shiboken6
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from app.reference.texts import tr
from app.ui.kit.dialog import Dialog


class Dialogs(Protocol):
    """What the program may ask the operator while it waits."""

    def ask(self, title: str, text: str, *, yes: str, no: str = "", danger: bool = False) -> bool:
        """Return whether the operator chose `yes`; `danger` marks an answer that takes something away."""

    def say(self, title: str, text: str) -> None:
        """Tell something that must be read."""

    def choose_to_open(self, title: str, pattern: str = "") -> Path | None:
        """Return a file to read, or None; `pattern` as in `Excel (*.xlsx)`."""

    def choose_to_save(self, title: str, name: str, pattern: str = "") -> Path | None:
        """Return where to write, or None; `name` is proposed."""

    def choose_folder(self, title: str) -> Path | None:
        """Return a folder, or None."""


class QtDialogs:
    """The real ones, over a window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window

    def ask(self, title: str, text: str, *, yes: str, no: str = "", danger: bool = False) -> bool:
        """Ask and wait; Esc means no, and so does locking, which closes the dialog."""
        dialog = Dialog(self._window, title, text)
        cancel = dialog.add_cancel(no)
        if danger:
            dialog.add_danger(yes)
            cancel.setDefault(True)
            cancel.setFocus()
        else:
            dialog.add_action(yes).setFocus()
        return _answer(dialog) == QDialog.DialogCode.Accepted

    def say(self, title: str, text: str) -> None:
        """Tell and wait until it is read."""
        dialog = Dialog(self._window, title, text)
        dialog.add_action(tr("kit.understood"))
        _answer(dialog)

    def choose_to_open(self, title: str, pattern: str = "") -> Path | None:
        """Ask the system's own dialog for a file to read."""
        name, _ = QFileDialog.getOpenFileName(self._window, title, "", pattern)
        return Path(name) if name else None

    def choose_to_save(self, title: str, name: str, pattern: str = "") -> Path | None:
        """Ask the system's own dialog where to write."""
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, name, pattern)
        return Path(chosen) if chosen else None

    def choose_folder(self, title: str) -> Path | None:
        """Ask the system's own dialog for a folder."""
        chosen = QFileDialog.getExistingDirectory(self._window, title)
        return Path(chosen) if chosen else None


def _answer(dialog: Dialog) -> int:
    """Wait for an answer; a lock in between takes the page away, and with it the dialog: that is a no."""
    answer = dialog.exec()
    if not shiboken6.isValid(dialog):
        return int(QDialog.DialogCode.Rejected)
    dialog.deleteLater()
    return answer
