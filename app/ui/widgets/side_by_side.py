"""A wide part and a narrow one beside it, or one under the other where the text is large and the screen small.

It only places them; the page inside scrolls when even that is too much.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.ui.theme import px

_ANY_WIDTH = 16_777_215  # QWIDGETSIZE_MAX, which PySide does not pass on
_GAP = 14


class SideBySide(QWidget):
    """Puts `side`, `side_width` pixels of the sketches wide, at the right of `main` when there is room for both."""

    def __init__(
        self,
        main: QWidget,
        side: QWidget,
        *,
        side_width: int = 368,
        breaks_at: int = 940,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._main, self._side = main, side
        self._side_width, self._breaks_at = side_width, breaks_at
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(px(_GAP))
        self._row.addWidget(main, 1)
        self._row.addWidget(side)
        # Until it is placed the first time its width means nothing.
        self._arrange(narrow=False)

    def is_narrow(self) -> bool:
        """Return whether the side stands under the main part."""
        return self._row.direction() == QBoxLayout.Direction.TopToBottom

    def set_side_width(self, width: int) -> None:
        """Give the side another width of the sketches."""
        self._side_width = width
        self._arrange(narrow=self.is_narrow())

    def minimumSizeHint(self) -> QSize:
        # The width is that of the wider part alone: a page that asked for both beside each other would be given
        # them, with a scroll bar, and never be narrow.
        main, side = self._main.minimumSizeHint(), self._side.minimumSizeHint()
        wide = max(main.width(), self._main.minimumWidth(), side.width())
        high = main.height() + side.height() + px(_GAP) if self.is_narrow() else max(main.height(), side.height())
        return QSize(wide, high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(narrow=self.width() < px(self._breaks_at))
        super().resizeEvent(event)

    def _arrange(self, *, narrow: bool) -> None:
        self._side.setMinimumWidth(0 if narrow else px(self._side_width))
        self._side.setMaximumWidth(_ANY_WIDTH if narrow else px(self._side_width))
        wanted = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if wanted != self._row.direction():
            self._row.setDirection(wanted)
            self.updateGeometry()
