"""A row of a list in a card: a lead, a bold title, a muted second line, and a chip or button at the right.

For a few rows, up to some twenty; longer lists are a `table_view`.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.kit.label import ElidedLabel, Label
from app.ui.kit.painting import box, focus_ring, hairline, ring_wanted
from app.ui.theme import paint_icon, px


class Mark(QWidget):
    """A small icon in a token's colour; decoration, so the words beside it must say the same."""

    def __init__(self, icon_name: str, colour: str = "text", side: int = 18) -> None:
        super().__init__()
        self._icon_name = icon_name
        self._colour = colour
        self._side = side

    def show_icon(self, icon_name: str, colour: str) -> None:
        """Show another icon."""
        self._icon_name, self._colour = icon_name, colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self._side), px(self._side))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        side = px(self._side)
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(self.rect()).center())
        paint_icon(QPainter(self), self._icon_name, self._colour, square)


class ListRow(QWidget):
    """One row; with `can_open` it takes the keyboard and emits `opened` on a click, Return or Space."""

    opened = Signal()

    def __init__(
        self,
        title: str,
        note: str = "",
        *,
        lead: str | QWidget | None = None,
        trail: QWidget | None = None,
        can_open: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make a row; `lead` is a short text such as a time, or a widget such as a `Mark`."""
        super().__init__(parent)
        self._can_open = can_open
        self._ring = False
        self._title = ElidedLabel(title, "strong", parent=self)
        self._note = ElidedLabel(note, "muted", parent=self)
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._note)
        words.addStretch(1)
        self._note.setVisible(bool(note))
        row = QHBoxLayout(self)
        row.setContentsMargins(px(8), px(6), px(8), px(7))
        row.setSpacing(px(16))
        if lead is not None:
            row.addWidget(Label(lead, "strong") if isinstance(lead, str) else lead)
        row.addLayout(words, 1)
        if trail is not None:
            row.addWidget(trail, 0, Qt.AlignmentFlag.AlignVCenter)
        self._name()
        if can_open:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_text(self, title: str, note: str = "") -> None:
        """Show other words."""
        self._title.setText(title)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._name()

    def _name(self) -> None:
        self.setAccessibleName(self._title.text())
        self.setAccessibleDescription(self._note.text())

    def sizeHint(self) -> QSize:
        wanted = super().sizeHint()
        return QSize(wanted.width(), max(wanted.height(), px(51)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = ring_wanted(event.reason(), before=self._ring)
        self.update()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._can_open and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.opened.emit()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if self._can_open and event.button() == Qt.MouseButton.LeftButton and inside:
            self.opened.emit()
            return
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        if self._can_open and self.underMouse():
            box(painter, self.rect().adjusted(0, 1, 0, -2), px(6), fill="surface_alt")
        if self._can_open and self._ring and self.hasFocus():
            focus_ring(painter, self.rect().adjusted(0, 1, 0, -2), px(6))
        hairline(painter, 0, self.width(), self.height() - 0.5)


class FigureRow(QWidget):
    """A label at the left and its figure, bold, at the right, over a hairline."""

    def __init__(self, label: str, figure: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(8), px(8), px(8), px(9))
        row.addWidget(Label(label, wrap=True), 1)
        row.addWidget(Label(figure, "strong"), 0, Qt.AlignmentFlag.AlignRight)
        self.setAccessibleName(f"{label}: {figure}")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        hairline(QPainter(self), 0, self.width(), self.height() - 0.5)
