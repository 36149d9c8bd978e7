"""Pieces of the lock: steps that cannot stop it, answers that come too late, the clipboard, the key that asks for it.

When the register locks, and in what order, is decided in `app.ui.window`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QClipboard, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog

from app.platform.process import place_of
from app.ui.tasks import Runner

T = TypeVar("T")
log = logging.getLogger("approdo")
_POPPED_UP = frozenset({Qt.WindowType.Popup, Qt.WindowType.ToolTip})


def guarded(step: Callable[[], T]) -> T | None:
    """Do one step of the lock; if it breaks, note its kind and place (never its message) and return None."""
    try:
        return step()
    except Exception as error:  # noqa: BLE001 - one broken form or page must not keep the others open
        log.error("while locking: %s", place_of(error))
        return None


def close_dialogs() -> None:
    """Close every dialog without a question, and every menu, list and hint that popped up over the window.

    A dialog that breaks is deleted all the same. A hint would stay for a moment longer, so it is deleted too.
    """
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog):
            guarded(partial(widget.done, QDialog.DialogCode.Rejected))
            guarded(widget.hide)
            widget.deleteLater()
        elif widget.windowType() in _POPPED_UP:
            guarded(widget.close)
            if widget.windowType() == Qt.WindowType.ToolTip:
                widget.deleteLater()


class Doorstep:
    """A runner for the pages before the register, which forgets what is under way when the window locks.

    The work itself goes on; its answer is given to nobody. So no late answer opens the register or a recovery sheet.
    """

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._round = 0

    def forget(self) -> None:
        """Give the answers to what was asked so far to nobody."""
        self._round += 1

    def run(
        self,
        owner: QObject,
        work: Callable[[], T],
        *,
        done: Callable[[T], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Do the work as the runner behind it; see `Runner.run`."""
        asked = self._round

        def answered(result: T) -> None:
            if asked == self._round:
                done(result)

        def refused(error: Exception) -> None:
            if asked == self._round:
                failed(error)

        self._runner.run(owner, work, done=answered, failed=refused)


class OwnClipboard(QObject):
    """Remembers whether what lies in the clipboard was put there from here, so that locking takes it away.

    X11 has two of them: what was copied, and what was only selected with the mouse.
    """

    def __init__(self, parent: QObject, clipboard: QClipboard | None = None) -> None:
        """Watch the clipboard of this computer; another one in tests."""
        super().__init__(parent)
        self._clipboard = clipboard or QGuiApplication.clipboard()
        self._ours = self._selection_ours = False
        self._clipboard.dataChanged.connect(self._on_changed)
        self._clipboard.selectionChanged.connect(self._on_selection)

    def _on_changed(self) -> None:
        self._ours = self._clipboard.ownsClipboard() or _in_front()

    def _on_selection(self) -> None:
        self._selection_ours = self._clipboard.ownsSelection() or _in_front()

    def clear_ours(self) -> None:
        """Empty what was copied or selected here; what others copied is theirs."""
        if self._ours or self._clipboard.ownsClipboard():
            self._clipboard.clear()
        if self._clipboard.supportsSelection() and (self._selection_ours or self._clipboard.ownsSelection()):
            self._clipboard.clear(QClipboard.Mode.Selection)
        self._ours = self._selection_ours = False


def _in_front() -> bool:
    # Some platforms do not say who owns the clipboard; what changes while we are in front came from us.
    return QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive


class LockKey(QObject):
    """Hears F12 anywhere in the program: a shortcut would not reach over an open dialog, and a lock must."""

    pressed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_F12:
            return False
        self.pressed.emit()
        return True
