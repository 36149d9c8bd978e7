"""A picture or page to look at closely: fitted or zoomed, turned, moved by mouse and arrows.

It keeps nothing but the picture it was last given; where that comes from, and which page is next, is said outside.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

STEPS = (10, 15, 25, 33, 50, 67, 80, 100, 125, 150, 200, 300, 400)
_STRAIGHT, _QUARTER, _FULL = 0, 90, 360


class _Sheet(QWidget):
    """Paints the picture in the size it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = QPixmap()
        self._ready = QPixmap()

    def show_picture(self, picture: QPixmap, size: QSize) -> None:
        """Show a picture in a size, in pixels of the window."""
        self.picture = picture
        self._ready = QPixmap()
        self.setFixedSize(size)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.picture.isNull() or self.size().isEmpty():
            return
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        device = self.size() * ratio
        if device.width() < self.picture.width():
            # Made smaller once and kept: done while painting, small letters would crumble at every scroll step.
            if self._ready.size() != device:
                mode = Qt.TransformationMode.SmoothTransformation
                self._ready = self.picture.scaled(device, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
                self._ready.setDevicePixelRatio(ratio)
            painter.drawPixmap(0, 0, self._ready)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipRect(event.rect())
        painter.drawPixmap(QRectF(self.rect()), self.picture, QRectF(self.picture.rect()))


class PictureArea(QScrollArea):
    """The picture; `zoom_changed` when it is shown larger or smaller, `page_wanted` (1 or -1) past its ends."""

    zoom_changed = Signal()
    page_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._natural = QSize()
        self._zoom: int | None = None
        self._turn = _STRAIGHT
        self._held: QPoint | None = None
        self._sheet = _Sheet()
        self.setWidget(self._sheet)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFrameShape(QFrame.Shape.StyledPanel)

    def show_picture(self, image: QImage, natural: QSize) -> None:
        """Show a picture whose size at 100 % is `natural`; zoom and turn stay as they are."""
        self._image, self._natural = image, natural
        self._draw()

    def drop(self) -> None:
        """Forget the picture."""
        self._image = QImage()
        self._sheet.show_picture(QPixmap(), QSize(0, 0))

    def is_empty(self) -> bool:
        """Return whether there is nothing to see."""
        return self._image.isNull()

    # --- looking

    def zoom(self) -> int:
        """Return the zoom in per cent, whether chosen or what fits."""
        return self._zoom if self._zoom is not None else self._fitting()

    def is_fitted(self) -> bool:
        """Return whether the whole picture is kept in view."""
        return self._zoom is None

    def turn(self) -> int:
        """Return by how many degrees the picture is turned to the right."""
        return self._turn

    def fit(self) -> None:
        """Show all of it."""
        self._zoom = None
        self._draw()

    def zoom_in(self) -> None:
        """Show it one step larger."""
        self._set_zoom(next((step for step in STEPS if step > self.zoom()), STEPS[-1]))

    def zoom_out(self) -> None:
        """Show it one step smaller."""
        self._set_zoom(next((step for step in reversed(STEPS) if step < self.zoom()), STEPS[0]))

    def turn_right(self) -> None:
        """Turn it by a quarter; only what is seen turns, never what is kept."""
        self._turn = (self._turn + _QUARTER) % _FULL
        self._draw()

    def _set_zoom(self, zoom: int) -> None:
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        middle = (_share(across.value(), across.maximum()), _share(down.value(), down.maximum()))
        self._zoom = zoom
        self._draw()
        across.setValue(round(middle[0] * across.maximum()))
        down.setValue(round(middle[1] * down.maximum()))

    def _lying(self) -> QSize:
        return self._natural.transposed() if self._turn % 180 else self._natural

    def _fitting(self) -> int:
        room, size = self.maximumViewportSize(), self._lying()
        if size.isEmpty():
            return 100
        return max(1, min(100, room.width() * 100 // size.width(), room.height() * 100 // size.height()))

    def _draw(self) -> None:
        if self._image.isNull():
            return
        turned = self._image.transformed(QTransform().rotate(self._turn)) if self._turn else self._image
        size = self._lying() * (self.zoom() / 100)
        self._sheet.show_picture(QPixmap.fromImage(turned), size.expandedTo(QSize(1, 1)))
        self.zoom_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._zoom is None:
            self._draw()

    # --- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(Qt.Key(event.key()), 0)
        bar = self.verticalScrollBar()
        if step and bar.value() == (bar.maximum() if step > 0 else bar.minimum()):
            self.page_wanted.emit(step)
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        elif event.angleDelta().y() > 0:
            self.zoom_in()
        else:
            self.zoom_out()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = event.position().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            return
        moved = event.position().toPoint() - self._held
        self._held = event.position().toPoint()
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        self._held = None
        self.unsetCursor()


def _share(value: int, most: int) -> float:
    return value / most if most else 0.5
