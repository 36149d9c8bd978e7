"""Underlined tabs over a stack of pages, reachable by keyboard: arrows on the bar, Ctrl+Tab anywhere inside.

A tab that somebody may not see is not added; there are no greyed tabs.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.ui.kit.painting import box, focus_ring, hairline, ring_wanted
from app.ui.theme import colour, font, px

_PAD = 9


class _UnderlinedBar(QTabBar):
    """The row of words."""

    def __init__(self) -> None:
        super().__init__()
        self._ring = False
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def tabSizeHint(self, index: int) -> QSize:  # noqa: N802
        words = QFontMetrics(font(13, 500)).size(Qt.TextFlag.TextShowMnemonic, self.tabText(index))
        return QSize(words.width() + 2 * px(_PAD), px(38))

    def minimumTabSizeHint(self, index: int) -> QSize:  # noqa: N802
        return self.tabSizeHint(index)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = ring_wanted(event.reason(), before=self._ring)
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        hairline(painter, 0, self.width(), self.height() - 0.5, "border")
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic
        for index in range(self.count()):
            rect = self.tabRect(index)
            now = index == self.currentIndex()
            painter.setFont(font(13, 600 if now else 400))
            painter.setPen(colour("primary" if now else "muted"))
            painter.drawText(rect, flags, self.tabText(index))
            if now:
                underline = QRect(rect.left() + px(_PAD) - 3, rect.bottom() - 1, rect.width() - 2 * px(_PAD) + 6, 2)
                box(painter, underline, 1, fill="primary")
                if self.hasFocus() and self._ring:
                    focus_ring(painter, rect.adjusted(1, 4, -1, -5), px(6))


class Tabs(QWidget):
    """Named tabs over their pages; `changed` carries the name of the tab now shown."""

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: dict[str, QWidget] = {}
        self.bar = _UnderlinedBar()
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        self.bar.currentChanged.connect(self._on_changed)
        for keys, step in (("Ctrl+Tab", 1), ("Ctrl+Shift+Tab", -1), ("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._next if step > 0 else self._previous)

    def add(self, name: str, text: str, page: QWidget) -> None:
        """Add a tab at the right; `name` is how the program calls it."""
        self._pages[name] = page
        self._stack.addWidget(page)
        self.bar.addTab(text)

    def clear(self) -> None:
        """Take all tabs away and delete their pages."""
        with QSignalBlocker(self.bar):
            while self.bar.count():
                self.bar.removeTab(0)
        for page in self._pages.values():
            self._stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()

    def show_tab(self, name: str) -> None:
        """Show the tab `name`; raises ValueError when there is none."""
        self.bar.setCurrentIndex(self.names().index(name))

    def current(self) -> str:
        """Return the name of the tab shown, or an empty text when there is none."""
        at = self.bar.currentIndex()
        return self.names()[at] if 0 <= at < len(self._pages) else ""

    def names(self) -> list[str]:
        """Return the names of the tabs, from the left."""
        return list(self._pages)

    def page(self, name: str) -> QWidget:
        """Return the page under a tab; raises KeyError when there is none."""
        return self._pages[name]

    def _next(self) -> None:
        self.bar.setCurrentIndex((self.bar.currentIndex() + 1) % self.bar.count())

    def _previous(self) -> None:
        self.bar.setCurrentIndex((self.bar.currentIndex() - 1) % self.bar.count())

    def _on_changed(self, index: int) -> None:
        if 0 <= index < len(self._pages):
            self._stack.setCurrentIndex(index)
            self.changed.emit(self.names()[index])
