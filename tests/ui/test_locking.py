"""The pieces of the lock: a broken step stops nothing, a late answer fills nothing, both clipboards are cleared."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from app.ui.kit import Dialog
from app.ui.locking import Doorstep, OwnClipboard, close_dialogs, guarded


class FakeClipboard(QObject):
    """An X11 clipboard: what was copied and what was selected; satisfies `QClipboard` as far as it is used."""

    dataChanged = Signal()  # noqa: N815 - Qt's name
    selectionChanged = Signal()  # noqa: N815 - Qt's name

    def __init__(self) -> None:
        super().__init__()
        self.owned: set[QClipboard.Mode] = set()
        self.cleared: list[QClipboard.Mode] = []

    def ownsClipboard(self) -> bool:  # noqa: N802 - Qt's name
        return QClipboard.Mode.Clipboard in self.owned

    def ownsSelection(self) -> bool:  # noqa: N802 - Qt's name
        return QClipboard.Mode.Selection in self.owned

    def supportsSelection(self) -> bool:  # noqa: N802 - Qt's name
        return True

    def clear(self, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
        self.cleared.append(mode)


class SlowRunner:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.answers: list[Callable[[], object]] = []

    def run(
        self, owner: QObject, work: Callable[[], Any], *, done: Callable[[Any], object], failed: Callable[..., object]
    ) -> None:
        self.answers.append(lambda: done(work()))


def test_a_broken_step_is_noted_by_kind_and_place_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise RuntimeError("Zoraide")

    with caplog.at_level(logging.ERROR, "approdo"):
        assert guarded(broken) is None
    assert "RuntimeError at test_locking.py" in caplog.text
    assert "Zoraide" not in caplog.text


@pytest.mark.parametrize("mode", [QClipboard.Mode.Clipboard, QClipboard.Mode.Selection])
def test_what_was_copied_or_only_selected_here_is_cleared(qapp: QApplication, mode: QClipboard.Mode) -> None:
    fake, owner = FakeClipboard(), QObject()
    own = OwnClipboard(owner, fake)  # type: ignore[arg-type]  # as far as it is used
    fake.owned.add(mode)
    own.clear_ours()
    assert fake.cleared == [mode]


def test_what_another_program_copied_stays(qapp: QApplication) -> None:
    fake, owner = FakeClipboard(), QObject()
    OwnClipboard(owner, fake).clear_ours()  # type: ignore[arg-type]  # as far as it is used
    assert fake.cleared == []


def test_answers_from_before_the_lock_reach_nobody(qapp: QApplication) -> None:
    slow = SlowRunner()
    heard: list[object] = []
    doorstep = Doorstep(slow)
    doorstep.run(qapp, lambda: "before", done=heard.append, failed=heard.append)
    doorstep.forget()
    doorstep.run(qapp, lambda: "after", done=heard.append, failed=heard.append)
    for answer in slow.answers:
        answer()
    assert heard == ["after"]


def test_a_dialog_that_breaks_while_closing_leaves_the_screen_and_the_others_close(qtbot: QtBot) -> None:
    class Broken(QDialog):
        def done(self, result: int) -> None:
            raise RuntimeError

    broken, whole = Broken(), QDialog()
    broken.show()
    whole.show()
    close_dialogs()
    assert not broken.isVisible()
    assert not whole.isVisible()


def test_the_systems_title_of_a_dialog_never_says_its_heading(qtbot: QtBot) -> None:
    dialog = Dialog(None, "Uscita di Zoraide")
    qtbot.addWidget(dialog)
    assert dialog.windowTitle() == "Registro"
    assert dialog.accessibleName() == "Uscita di Zoraide"
    assert "Uscita di Zoraide" in [label.text() for label in dialog.findChildren(QLabel)]
