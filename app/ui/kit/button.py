"""Buttons: one primary a page, secondary for the rest, quiet for what is seldom wanted, danger for what undoes.

They are painted here, not by the style sheet, to give the keyboard a ring that is seen on every ground. Return and
Space both press them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.kit.painting import box, focus_ring, ring_wanted
from app.ui.theme import colour, font, paint_icon, px

_HEIGHT = 34
_PAD = 14
_ICON = 17
_GAP = 8
_RADIUS = 7


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of button is coloured, by names of tokens; None leaves the ground as it is."""

    ink: str
    fill: str | None = None
    hover: str | None = None
    line: str | None = None
    filled: bool = False
    ring: str = "primary"


class Button(QPushButton):
    """The ground of the four kinds; use one of those."""

    look: ClassVar[Look] = Look("text", "surface", "surface_alt", "border_button")
    pad: ClassVar[int] = _PAD

    def __init__(
        self,
        text: str,
        icon_name: str = "",
        *,
        on_click: Callable[[], object] | None = None,
        arrow: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make a button; `&` in the text marks its key, `arrow` says that it opens a menu."""
        super().__init__(text, parent)
        self._icon_name = icon_name
        self._arrow = arrow
        self._ring = False
        self._on_click = on_click
        self.setAutoDefault(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if on_click is not None:
            self.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        # `clicked` carries a flag that the callers do not want.
        if self._on_click is not None:
            self._on_click()

    def set_icon(self, icon_name: str) -> None:
        """Show another icon; an empty name shows none."""
        self._icon_name = icon_name
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(font(13, 500)).size(Qt.TextFlag.TextShowMnemonic, self.text()).width()
        mark = px(_ICON) + (px(_GAP) if self.text() else 0) if self._icon_name else 0
        arrow = px(_ICON) + 2 if self._arrow else 0
        return QSize(words + mark + arrow + 2 * px(self.pad), px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = ring_wanted(event.reason(), before=self._ring)
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        look, enabled = self.look, self.isEnabled()
        lit = enabled and (self.underMouse() or self.isDown() or self.isChecked())
        fill = look.hover if lit else look.fill
        if look.filled and not enabled:
            fill = "grey_soft"
        box(painter, self.rect(), px(_RADIUS), fill=fill, line=look.line)
        if self.hasFocus() and self._ring:
            focus_ring(painter, self.rect(), px(_RADIUS), on_fill=look.filled, name=look.ring)
        self._paint_words(painter, look.ink if enabled else "disabled")

    def _paint_words(self, painter: QPainter, ink: str) -> None:
        content = self.sizeHint().width() - 2 * px(self.pad)
        left = max((self.width() - content) // 2, px(self.pad) // 2)
        middle = self.height() / 2
        side = px(_ICON)
        painter.setFont(font(13, 500))
        if self._icon_name:
            paint_icon(painter, self._icon_name, ink, QRectF(left, middle - side / 2, side, side))
            left += side + px(_GAP)
        painter.setPen(colour(ink))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(
            QRect(left, 0, self.width() - left, self.height()), flags | Qt.TextFlag.TextShowMnemonic, self.text()
        )
        if self._arrow:
            words = QFontMetrics(painter.font()).size(Qt.TextFlag.TextShowMnemonic, self.text()).width()
            at = left + words + 2
            paint_icon(painter, "keyboard_arrow_down", ink, QRectF(at, middle - side / 2, side, side))


class PrimaryButton(Button):
    """The one main action of a page."""

    look = Look("on_primary", "primary_fill", "primary_hover", filled=True)


class SecondaryButton(Button):
    """Every other action."""


class QuietButton(Button):
    """An action without a frame: cancel, details, a link."""

    look = Look("primary", None, "primary_soft")
    pad = 8


class DangerButton(Button):
    """An action that takes something away; always behind a question."""

    look = Look("red", "surface", "red_soft", "red")


class IconButton(Button):
    """A square button with an icon alone; `name` is its tooltip and what a screen reader says."""

    look = Look("text", "surface", "surface_alt", "border_button")
    icon_side: ClassVar[int] = _ICON + 2

    def __init__(
        self,
        icon_name: str,
        name: str,
        *,
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", icon_name, on_click=on_click, parent=parent)
        self.show_name(name)

    def show_name(self, name: str) -> None:
        """Say the name in another language, or another name."""
        self.setToolTip(name)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        return QSize(px(_HEIGHT) + 2, px(_HEIGHT))

    def _paint_words(self, painter: QPainter, ink: str) -> None:
        side = px(self.icon_side)
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(self.rect()).center())
        paint_icon(painter, self._icon_name, ink, square)


class QuietIconButton(IconButton):
    """An icon without a frame: close, more, how it was counted."""

    look = Look("muted", None, "grey_soft")

    def sizeHint(self) -> QSize:
        return QSize(px(28), px(28))
