"""Answers of the capofila that come as files: read on the worker of files, proved and written on the vault's.

They may be chosen, or dropped anywhere on the window, one or many. What they were is said in one sentence; where one
proves nothing, nothing of it is written, and it holds up no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.errors import AnswerInvalid, ApprodoError, FileNotRead
from app.reference.texts import say_error
from app.ui.presenters import outbox

if TYPE_CHECKING:
    from app.services.answer import Taken
    from app.ui.context import Context

ENDING = ".approdo"
_DRAGS = (QEvent.Type.DragEnter, QEvent.Type.DragMove)


def read_answer_file(path: Path) -> bytes:
    """Read a file that somebody brought; raises FileNotRead, or AnswerInvalid when it is far too large to be one."""
    from app.sync.file_answer import LARGEST_ANSWER

    try:
        with path.open("rb") as file:
            found = file.read(LARGEST_ANSWER + 1)
    except OSError:
        raise FileNotRead from None
    if len(found) > LARGEST_ANSWER:
        raise AnswerInvalid(reason="size")
    return found


def take_answers(context: Context, owner: QObject, paths: Sequence[Path]) -> None:
    """Take files as answers, one after the other, and say what they were."""
    _Taking(context, owner, paths).go_on()


class _Taking:
    """A row of files that are being taken."""

    def __init__(self, context: Context, owner: QObject, paths: Sequence[Path]) -> None:
        self._context, self._owner = context, owner
        self._left = list(paths)
        self._said: list[tuple[str, str, str]] = []
        self._name = ""

    def go_on(self) -> None:
        """Take the next; when none is left say what they all were."""
        if self._left:
            path, context = self._left.pop(0), self._context
            self._name = path.name
            context.ask(self._owner, lambda: read_answer_file(path), self._take, self._refused, runner=context.files)
        elif self._said:
            self._context.told.emit(*outbox.taken_all(self._said))
            self._context.changed.emit("settings")

    def _take(self, data: bytes) -> None:
        sealed_files = self._context.register.sealed_files
        self._context.write(
            self._owner, lambda: sealed_files.take(data), self._taken, changes="outbox", failed=self._refused
        )

    def _taken(self, taken: Taken) -> None:
        self._said.append((*outbox.taken(taken), self._name))
        self.go_on()

    def _refused(self, error: ApprodoError) -> None:
        self._said.append(("error", say_error(error), self._name))
        self.go_on()


def answers_of(carried: QMimeData) -> list[Path]:
    """Return the files that are being dragged when a `.approdo` is among them: what the others are is told too."""
    files = [Path(url.toLocalFile()) for url in carried.urls() if url.isLocalFile()]
    return files if any(file.suffix.lower() == ENDING for file in files) else []


class AnswerDrop(QObject):
    """Lets answers be dropped anywhere on a window, also over a field that would take them for a text."""

    dropped = Signal(object)
    """The paths of the files, as a list."""

    def __init__(self, ground: QWidget) -> None:
        """Watch the windows of the program for as long as `ground` is there."""
        super().__init__(ground)
        self._ground = ground
        ground.setAcceptDrops(True)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_drop = event.type() == QEvent.Type.Drop
        if not (is_drop or event.type() in _DRAGS) or not isinstance(watched, QWidget):
            return False
        if watched.window() is not self._ground.window() or not isinstance(event, QDropEvent):
            return False
        paths = answers_of(event.mimeData())
        if not paths:
            return False
        event.acceptProposedAction()
        if is_drop:
            self.dropped.emit(paths)
        return True
