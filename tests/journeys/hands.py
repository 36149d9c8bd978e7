"""The hands of an operator at the real window: keys go to what has the keyboard; each is waited for and counted.

They know no widget by name. What they look for they find as somebody without a mouse does: with Tab, by its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.services.register import Register
from tests.conftest import PASSPHRASE
from tests.journeys.test_lock import settle
from tests.journeys.test_lock_workers import LONG, Program

Found = TypeVar("Found")
FARTHEST = 120
"""So many times Tab, and nobody finds it any more."""


class Hands:
    """Presses keys, one after another, and reads what is on the screen."""

    def __init__(self, program: Program, qtbot: QtBot) -> None:
        self._program, self._qtbot = program, qtbot
        self.window = program.window
        self.strokes = 0
        program.window.activateWindow()
        assert QTest.qWaitForWindowActive(program.window)

    # --- keys

    def press(self, *keys: Qt.Key | str) -> None:
        """Press keys: one of Qt's, or a combination such as `Alt+1`."""
        for each in keys:
            pressed = _combination(each) if isinstance(each, str) else QKeyCombination(each)
            # To the window, as a desktop gives them: from there they go to shortcuts, to what popped up, to the focus.
            QTest.keyClick(self._at().window().windowHandle(), pressed.key(), pressed.keyboardModifiers())
            self.strokes += 1
            if pressed.keyboardModifiers() & Qt.KeyboardModifier.AltModifier:
                self._qtbot.waitUntil(self._is_up, timeout=LONG)
            self.wait()

    def write(self, text: str) -> None:
        """Type a text, letter by letter."""
        for letter in text:
            QTest.keyClicks(self._at(), letter)
            self.strokes += 1
        self.wait()

    def fill(self, *texts: str | Qt.Key) -> None:
        """Fill fields that follow each other: a text or a key each, and Tab behind it; an empty text passes over."""
        for each in texts:
            if isinstance(each, str):
                self.write(each)
            else:
                self.press(each)
            self.press(Qt.Key.Key_Tab)

    def find(self, *words: str) -> QWidget:
        """Go with Tab to the control that says all these words, and return it."""
        passed = []
        for _ in range(FARTHEST):
            said = say(at := self._at())
            if all(word.casefold() in said.casefold() for word in words):
                return at
            passed.append(said)
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never comes to {words}, but to {list(dict.fromkeys(passed))}")

    def push(self, *words: str) -> None:
        """Go to a button by its words and press it."""
        self.find(*words)
        self.press(Qt.Key.Key_Space)

    def choose(self, *words: str) -> None:
        """Go down the menu that is open to an entry, and take it."""
        menu = QApplication.activePopupWidget()
        assert menu is not None, "no menu is open"
        for _ in range(FARTHEST):
            self.press(Qt.Key.Key_Down)
            chosen = menu.activeAction()  # type: ignore[attr-defined]  # what pops up at a button is a QMenu
            if chosen is not None and all(word in chosen.text().replace("&", "") for word in words):
                self.press(Qt.Key.Key_Return)
                return
        raise AssertionError(f"the menu has no {words}")

    def _is_up(self) -> bool:
        """Return whether no button is held down: one that is pressed by its letter is so for a tenth of a second."""
        window = QApplication.activeWindow() or self.window
        return not any(button.isDown() for button in window.findChildren(QAbstractButton))

    def _at(self) -> QWidget:
        """Return what has the keyboard; a list or menu that popped up is given the keys first."""
        popped = QApplication.activePopupWidget()
        if popped is not None:
            return popped
        if QApplication.activeWindow() is None:
            # Where there is no desktop nobody gives the keyboard back to the window under a dialog that was closed.
            (QApplication.activeModalWidget() or self.window).activateWindow()
            settle()
        at = QApplication.focusWidget()
        assert at is not None, f"the keyboard is nowhere in {QApplication.activeWindow()}"
        return at

    # --- waiting

    def wait(self) -> None:
        """Wait until the workers have answered everything that was asked."""
        self._qtbot.waitUntil(self._program.vault.is_idle, timeout=LONG)
        settle()
        self._qtbot.waitUntil(self._program.vault.is_idle, timeout=LONG)

    def wait_for(self, *words: str) -> None:
        """Wait until the screen says all these words: what is asked a moment after the last key."""
        self._qtbot.waitUntil(lambda: all(word in self.screen() for word in words), timeout=LONG)
        self.wait()

    # --- behind the window

    def ask(self, look: Callable[[Register], Found]) -> Found:
        """Look into the open register, on its own worker, at what was written; a story never writes here."""
        found: list[Found] = []
        broke: list[Exception] = []
        source = self._program.source
        self._program.vault.run(self.window, lambda: look(source()), done=found.append, failed=broke.append)
        self.wait()
        if broke:
            raise broke[0]
        return found[0]

    # --- the doors

    def unlock(self, phrase: str = PASSPHRASE) -> None:
        """Type the passphrase, and wait for the first page."""
        self.write(phrase)
        with self.opening():
            self.press(Qt.Key.Key_Return)

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Wait, behind what is done inside, until the register shows its first page."""
        with self._qtbot.waitSignal(self.window.opened, timeout=LONG):
            yield
        self.wait()

    def lock(self) -> None:
        """Lock, from wherever the keyboard is."""
        with self._qtbot.waitSignal(self.window.locked, timeout=LONG):
            self.press(Qt.Key.Key_F12)
        self.wait()
        assert self._program.is_shut()

    # --- what is seen

    def screen(self) -> str:
        """Return all words that can be seen: those of the dialog on top, or else of the window."""
        top = QApplication.activeModalWidget() or self.window
        return " ".join(
            part for widget in (top, *top.findChildren(QWidget)) if widget.isVisible() for part in _text(widget)
        )

    def says(self, *words: str) -> None:
        """Demand that the screen says all these words, capitals aside."""
        seen = self.screen()
        missing = [each for each in words if each.casefold() not in seen.casefold()]
        assert not missing, f"not on the screen: {missing}, but: {seen}"

    def page(self) -> str:
        """Return the id of the page shown."""
        assert self.window.workplace is not None
        return self.window.workplace.frame.current_page()


def _combination(keys: str) -> QKeyCombination:
    pressed = QKeySequence.fromString(keys)
    assert pressed.count() == 1, f"no key is called {keys}"
    return QKeyCombination(pressed[0])  # type: ignore[index]  # Qt's stub does not know that a sequence has places


def say(widget: QWidget) -> str:
    """Return what a control says of itself, as its words and as a screen reader hears it."""
    heard = (widget.accessibleName(), widget.accessibleDescription(), widget.toolTip())
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return " · ".join(filter(None, (text.replace("&", ""), *heard)))


def _text(widget: QWidget) -> list[str]:
    """Return every word in a widget itself."""
    found = [widget.windowTitle(), widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
    if isinstance(widget, QLabel | QLineEdit | QAbstractButton):
        found.append(widget.text())
    elif isinstance(widget, QPlainTextEdit):
        found.append(widget.toPlainText())
    elif isinstance(widget, QComboBox):
        found += [widget.currentText(), *(widget.itemText(at) for at in range(widget.count()))]
    elif isinstance(widget, QTabWidget):
        found += [widget.tabText(at) for at in range(widget.count())]
    elif isinstance(widget, QTableView) and (model := widget.model()) is not None:
        cells = (model.index(r, c) for r in range(model.rowCount()) for c in range(model.columnCount()))
        found += [str(cell.data()) for cell in cells]
    return [each for each in found if each]


# --- what may be left behind


def assert_gone(*words: str) -> None:
    """Look for words in every widget that there is, seen or not: after a lock nothing may hold them."""
    left = {
        (type(w).__name__, word)
        for w in QApplication.allWidgets()
        for text in _text(w)
        for word in words
        if word in text
    }
    assert not left


def assert_not_on_disk(folder: Path, *words: str) -> None:
    """Look for words, in the ways a program may write them, in every file under a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        held = path.read_bytes()
        for word in words:
            for form in (word, word.lower(), word.upper()):
                for code in ("utf-8", "utf-16-le", "utf-16-be"):
                    assert form.encode(code) not in held, f"{path.name} holds a word in {code}"
