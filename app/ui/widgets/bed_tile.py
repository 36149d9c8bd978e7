"""A tile of the bed board: a bed, or a guest without one; a real button, so that keyboard and screen reader find it.

It paints its words and says what was asked with keys or mouse; what a key means is decided by `bed_carry`.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from app.ui.kit.painting import box, focus_ring, ring_wanted
from app.ui.presenters.bed_board import Carried, TileWords
from app.ui.theme import colour, font, mono_font, paint_icon, px, tokens

WIDE, HIGH = 122, 86
_PAD = 7
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class BedTile(QAbstractButton):
    """One tile; `subject` is what it stands for, `carried` the guest that can be picked up from it, if any."""

    step_asked = Signal(int, int)
    carry_asked = Signal()
    cancel_asked = Signal()
    dragged = Signal(QPoint)
    dropped = Signal(QPoint)
    focused = Signal()

    def __init__(
        self, words: TileWords, subject: object, carried: Carried | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.subject = subject
        self.carried = carried
        self._words = words
        self._ring = False
        self._lifted = self._aimed = False
        self._pressed_at: QPoint | None = None
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(px(WIDE), px(HIGH))
        self.setAccessibleName(words.spoken)
        self.setToolTip(words.spoken)

    def words(self) -> TileWords:
        """Return what the tile says."""
        return self._words

    def mark(self, *, lifted: bool = False, aimed: bool = False) -> None:
        """Show that the guest was picked up from here, or that she would be dropped here."""
        if (lifted, aimed) != (self._lifted, self._aimed):
            self._lifted, self._aimed = lifted, aimed
            self.update()

    def forget(self) -> None:
        """Drop every word."""
        self._words = TileWords("", "", "", "", "grey", "", "", "", "")
        self.subject = self.carried = None
        self.setAccessibleName("")
        self.setToolTip("")

    def sizeHint(self) -> QSize:
        return QSize(px(WIDE), px(HIGH))

    # --- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _STEPS:
            self.step_asked.emit(*_STEPS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif key == Qt.Key.Key_M and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.carry_asked.emit()
        elif key == Qt.Key.Key_Escape:
            self.cancel_asked.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = ring_wanted(event.reason(), before=self._ring)
        self.focused.emit()
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at, self._dragging = event.position().toPoint(), False
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is not None and self.carried is not None:
            moved = (event.position().toPoint() - self._pressed_at).manhattanLength()
            if self._dragging or moved >= QApplication.startDragDistance():
                self._dragging = True
                self.setDown(False)
                self.dragged.emit(event.globalPosition().toPoint())
                return
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None
        if self._dragging:
            self._dragging = False
            self.setDown(False)
            self.dropped.emit(event.globalPosition().toPoint())
            return
        super().mouseReleaseEvent(event)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        words, radius = self._words, px(8)
        quiet = words.tone == "primary"
        fill = "surface" if quiet else f"{words.tone}_soft"
        if self.underMouse() and quiet:
            fill = "surface_alt"
        box(painter, self.rect(), radius, fill=fill, line="border_button" if quiet else None)
        if self._lifted:
            painter.setOpacity(0.4)
        self._paint_words(painter)
        painter.setOpacity(1.0)
        if self._lifted:
            painter.setPen(QPen(colour("primary"), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
        if self._aimed or (self.hasFocus() and self._ring):
            focus_ring(painter, self.rect(), radius)

    def _paint_words(self, painter: QPainter) -> None:
        words, pad = self._words, px(_PAD)
        ink = "text" if words.tone == "primary" else tokens().ink(words.tone)
        wide = self.width() - 2 * pad
        side = px(14)
        top = px(7)
        painter.setFont(font(12, 600))
        painter.setPen(colour("text"))
        if words.label:
            painter.drawText(QRectF(pad, top, wide, px(16)), Qt.AlignmentFlag.AlignVCenter, words.label)
        if words.code:
            painter.setFont(mono_font(11))
            painter.setPen(colour("muted"))
            left = Qt.AlignmentFlag.AlignLeft if not words.label else Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(pad, top, wide, px(16)), Qt.AlignmentFlag.AlignVCenter | left, words.code)
        elif words.icon:
            paint_icon(painter, words.icon, ink, QRectF(self.width() - pad - side, top + 1, side, side))
        self._line(painter, words.title, px(26), font_size=13, weight=600, ink=ink)
        self._line(painter, words.note, px(44), font_size=11, weight=400, ink="muted" if ink == "text" else ink)
        if words.then:
            mark = px(13)
            paint_icon(painter, words.then_icon, "amber", QRectF(pad, px(62) + (px(18) - mark) / 2, mark, mark))
            self._line(painter, words.then, px(62), font_size=11, weight=500, ink="amber", left=mark + px(3))

    def _line(
        self, painter: QPainter, text: str, top: int, *, font_size: int, weight: int, ink: str, left: int = 0
    ) -> None:
        if not text:
            return
        painter.setFont(font(font_size, weight))
        painter.setPen(colour(ink))
        pad = px(_PAD)
        room = QRectF(pad + left, top, self.width() - 2 * pad - left, px(18))
        shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
