"""The few strokes that several widgets of the kit share: rounded boxes, the focus ring, chips.

Free functions on a painter; which widget looks how is said in the widget's own file.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetrics, QPainter, QPen

from app.ui.theme import Tone, colour, font, paint_icon, px, tokens

CHIP_HEIGHT = 22
_CHIP_PAD = 10
_CHIP_ICON = 14
_CHIP_GAP = 6


def box(
    painter: QPainter,
    rect: QRect | QRectF,
    radius: float,
    *,
    fill: str | None = None,
    line: str | None = None,
    width: float = 1.0,
) -> None:
    """Paint a rounded rectangle whose line lies wholly inside `rect`; colours are tokens or `#rrggbb`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = width / 2 if line else 0.0
    painter.setPen(QPen(colour(line), width) if line else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(colour(fill) if fill else QBrush(Qt.BrushStyle.NoBrush))
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius, radius)


def focus_ring(
    painter: QPainter, rect: QRect | QRectF, radius: float, *, on_fill: bool = False, name: str = "primary"
) -> None:
    """Mark the widget that has the keyboard; on a filled button the ring is doubled so that it is seen."""
    box(painter, rect, radius, line="text" if on_fill else name, width=2)
    if on_fill:
        box(painter, QRectF(rect).adjusted(2, 2, -2, -2), radius - 2, line="on_primary", width=1.5)


def ring_wanted(reason: Qt.FocusReason, *, before: bool) -> bool:
    """Return whether the keyboard's ring is to be shown: not after a click; coming back to the window, as it was."""
    if reason in {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}:
        return before
    return reason != Qt.FocusReason.MouseFocusReason


def hairline(painter: QPainter, left: float, right: float, y: float, name: str = "hairline") -> None:
    """Paint a horizontal line one pixel high."""
    painter.setPen(QPen(colour(name), 1))
    painter.drawLine(QPointF(left, y), QPointF(right, y))


def chip_width(text: str, icon_name: str = "") -> int:
    """Return how wide a chip is."""
    words = QFontMetrics(font(12, 500)).horizontalAdvance(text) if text else 0
    mark = px(_CHIP_ICON) if icon_name else 0
    gap = px(_CHIP_GAP) if text and icon_name else 0
    return words + mark + gap + 2 * px(_CHIP_PAD)


def paint_chip(
    painter: QPainter, rect: QRect | QRectF, tone: Tone, text: str, icon_name: str = "", *, outlined: bool = False
) -> None:
    """Paint a chip in `rect`: soft ground, then icon and word in the tone's ink; `outlined` on a ground like it."""
    rect = QRectF(rect)
    look = tokens()
    line = f"#59{look.ink(tone)[1:]}" if outlined else None
    box(painter, rect, rect.height() / 2, fill=look.ground(tone), line=line)
    left = rect.left() + px(_CHIP_PAD)
    if icon_name:
        side = px(_CHIP_ICON)
        paint_icon(painter, icon_name, look.ink(tone), QRectF(left, rect.center().y() - side / 2, side, side))
        left += side + px(_CHIP_GAP)
    painter.setPen(colour(look.ink(tone)))
    painter.setFont(font(12, 500))
    words = QRectF(left, rect.top(), rect.right() - left - px(_CHIP_PAD) + 2, rect.height())
    shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, int(words.width()) + 1)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
