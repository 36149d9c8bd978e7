"""The answer under the search of the bar: it comes while somebody types, arrows and Return open, Esc closes.

It lies inside the window, so that whatever hides the window hides it too; the keyboard stays in the search line.
"""

from __future__ import annotations

from collections.abc import Mapping

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from app.reference.ids import HouseId
from app.reference.texts import tr
from app.services.search import Found
from app.ui.context import Context
from app.ui.kit.label import Label
from app.ui.kit.painting import box
from app.ui.kit.search_box import SearchBox
from app.ui.presenters.search import FoundLine, footer, found_lines, nothing
from app.ui.tables.found_list import FoundList
from app.ui.theme import px

PAUSE_MS = 60
"""So long must the keyboard be quiet before the register is asked."""
SLOW_MS = 300
"""After so long it is said that what is sealed is still being read."""
_WIDTH = 560
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}


class SearchPalette(QFrame):
    """The answer; `opened` carries the FoundLine that somebody wants to see."""

    opened = Signal(object)

    def __init__(self, context: Context, line: SearchBox, houses: Mapping[HouseId, str], window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._line = line
        self._houses = houses
        self._window = window
        self._asked = 0
        self._awaited = False
        self._opens_first = False
        self._noted = False
        self._found = Found()
        self._is_slow = False
        self._came_from: QWidget | None = None
        self.list = FoundList(tr("search.results"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.none = Label("", "body", wrap=True)
        self.foot = Label("", "small", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(8), px(6), px(10))
        column.setSpacing(px(6))
        column.addWidget(self.list, 1)
        for label in (self.none, self.foot):
            label.setContentsMargins(px(10), 0, px(10), 0)
            column.addWidget(label)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(SLOW_MS)
        self._patience.timeout.connect(self._say_slow)
        self.list.line_chosen.connect(self._open)
        line.textEdited.connect(self._on_edited)
        line.installEventFilter(self)
        window.installEventFilter(self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)
        self.hide()

    def forget(self) -> None:
        """Close and drop every word, also the one that is being asked for: the register is being locked."""
        self._pause.stop()
        self._patience.stop()
        self._asked += 1
        self._awaited = self._opens_first = self._noted = self._is_slow = False
        self._found = Found()
        self._came_from = None
        self.list.show_lines(())
        self.none.setText("")
        self.foot.setText("")
        self._line.setText("")
        self.hide()

    # --- asking

    def _on_edited(self) -> None:
        self._awaited = True
        self._opens_first = False
        if self._line.text().strip():
            self._pause.start()
        else:
            self._say_how()

    def _ask(self) -> None:
        self._pause.stop()
        self._asked += 1
        asked, typed, searches = self._asked, self._line.text(), self._context.register.searches
        is_first, self._noted = not self._noted, True

        def done(found: Found) -> None:
            # A slow answer must not take the place of a later one, nor open a palette that was closed.
            if asked == self._asked:
                self._show(found)
                if found.is_reading:
                    self._read_on(asked, typed)

        self._context.ask(self, lambda: searches.find(typed, is_first=is_first), done)

    def _read_on(self, asked: int, typed: str) -> None:
        """Let the register read on in what is sealed, a moment at a time, and ask again at the end."""
        searches = self._context.register.searches
        if not self._is_slow and not self._patience.isActive():
            self._patience.start()

        def done(is_read: bool) -> None:  # noqa: FBT001 - an answer
            if asked != self._asked:
                return
            if is_read:
                self._patience.stop()
                self._is_slow = False
                self._context.ask(self, lambda: searches.find(typed), complete)
            else:
                self._read_on(asked, typed)

        def complete(found: Found) -> None:
            if asked == self._asked:
                self._show(found, goes_on=True)

        self._context.ask(self, searches.read_on, done)

    def _say_slow(self) -> None:
        self._is_slow = True
        if self._found.is_reading:
            self._tell()
            self._appear()

    def _show(self, found: Found, *, goes_on: bool = False) -> None:
        """Show an answer; one that goes on with the same question leaves chosen what was chosen."""
        self._awaited = False
        self._found = found
        chosen, lines = self.list.current_line(), found_lines(found, self._houses)
        self.list.show_lines(lines)
        if goes_on and chosen in lines:
            self.list.move_to(lines.index(chosen))
        self.list.setVisible(bool(lines))
        self._tell()
        if self._opens_first and (lines or not found.is_reading):
            self._opens_first = False
            self.list.open_current()
            return
        if not (lines or self.none.text() or self.foot.text()):
            self.hide()  # nothing yet, and it may still come
            return
        self._appear()
        self._speak(lines[0].spoken if lines else self.none.text())

    def _tell(self) -> None:
        for label, said in ((self.none, nothing(self._found)), (self.foot, footer(self._found, is_slow=self._is_slow))):
            label.setText(said)
            label.setVisible(bool(said))

    def _say_how(self) -> None:
        self._pause.stop()
        self._asked += 1
        self._awaited = False
        self._found = Found()
        self.list.show_lines(())
        self.list.hide()
        self.none.setText(tr("search.how"))
        self.none.show()
        self.foot.hide()
        self._appear()

    # --- opening and closing

    def _open(self, line: FoundLine) -> None:
        self._close()
        self.opened.emit(line)

    def _close(self) -> None:
        came_from = self._came_from
        self.forget()
        self._came_from = came_from

    def _give_keyboard_back(self) -> None:
        came_from, self._came_from = self._came_from, None
        if came_from is not None and shiboken6.isValid(came_from) and came_from.isVisible():
            came_from.setFocus(Qt.FocusReason.OtherFocusReason)

    def _appear(self) -> None:
        if self._line.hasFocus() or self.isVisible():
            self._place()
            self.show()
            self.raise_()

    def _place(self) -> None:
        """Hang under the search, its right edge under that of the line, inside the window."""
        margin = px(12)
        corner = self._line.mapTo(self._window, self._line.rect().bottomRight())
        width = min(max(px(_WIDTH), self._line.width()), self._window.width() - 2 * margin)
        left = max(margin, min(corner.x() + 1 - width, self._window.width() - width - margin))
        top = corner.y() + px(6)
        inner = width - px(12) - px(20)
        words = sum(label.heightForWidth(inner) + px(6) for label in (self.none, self.foot) if not label.isHidden())
        rows = 0 if self.list.isHidden() else self.list.content_height() + px(6)
        height = min(rows + words + px(20), self._window.height() - top - margin)
        self.setGeometry(left, top, width, height)

    def _speak(self, text: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._line, text))

    # --- keys and focus

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not hasattr(self, "_window"):
            return False  # the window goes, and Python was quicker to clear this object than Qt is to let go of it
        if watched is self._line:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._on_key(event)
            if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
                self.hide()
            elif event.type() == QEvent.Type.FocusIn and not self._line.text():
                self._say_how()
            elif event.type() == QEvent.Type.FocusIn:
                self._pause.start()
        elif watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self._close()
            self._give_keyboard_back()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_return()
            return True
        if key in _MOVES and self.isVisible():
            self._move(_MOVES[key])
            return True
        return False

    def _move(self, steps: int) -> None:
        if abs(steps) == 1:
            self.list.move_by(steps)
        else:
            self.list.move_to(self.list.currentIndex().row() + steps)
        line = self.list.current_line()
        if line is not None:
            self._speak(line.spoken)

    def _on_return(self) -> None:
        if not self._line.text().strip():
            return
        if self._awaited or not self.isVisible():  # typed faster than it is answered: open what comes
            self._opens_first = True
            self._ask()
        else:
            self.list.open_current()

    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        if hasattr(self, "_window") and new is self._line and old is not None and old is not self._line:
            self._came_from = old

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        box(painter, self.rect(), px(9), fill="surface", line="border_field")
