"""The levels of Italian as a line of stops: those assessed are filled, with their day; the present one is bold.

It only paints what `app.ui.presenters.path` says.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.reference.texts import tr
from app.ui.kit.painting import box
from app.ui.theme import colour, font, px

_DOT = 12
_HEIGHT = 56


class LevelLine(QWidget):
    """Stops from the lowest level to the highest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stops: list[tuple[str, str, bool]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("inclusion.level_track"))

    def show_stops(self, stops: list[tuple[str, str, bool]]) -> None:
        """Show these: name, day of the last assessment or nothing, whether it is the present one."""
        self._stops = stops
        said = [tr("inclusion.level_stop", level=name, day=day) for name, day, _ in stops if day]
        self.setAccessibleDescription(", ".join(said))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(420), px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(260), px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if not self._stops:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pitch, middle = self.width() / len(self._stops), px(27)
        now = next((at for at, stop in enumerate(self._stops) if stop[2]), -1)
        for at in range(1, len(self._stops)):
            painter.setPen(QPen(colour("primary" if at <= now else "border"), 2))
            painter.drawLine(int((at - 0.5) * pitch), middle, int((at + 0.5) * pitch), middle)
        for at, stop in enumerate(self._stops):
            self._paint_stop(painter, QRectF(at * pitch, 0, pitch, self.height()), stop, passed=at < now)

    @staticmethod
    def _paint_stop(painter: QPainter, rect: QRectF, stop: tuple[str, str, bool], *, passed: bool) -> None:
        name, day, is_now = stop
        side = px(_DOT)
        dot = QRectF(rect.center().x() - side / 2, px(27) - side / 2, side, side)
        if is_now or day:
            box(painter, dot, side / 2, fill="primary_fill")
        else:
            box(painter, dot, side / 2, fill="surface", line="primary" if passed else "border_field", width=2)
        painter.setFont(font(12, 600 if is_now else 400))
        painter.setPen(colour("text" if is_now else "muted"))
        top = QRectF(rect.left(), 0, rect.width(), px(18))
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, name)
        painter.setFont(font(11))
        painter.setPen(colour("muted"))
        below = QRectF(rect.left() - px(10), px(38), rect.width() + px(20), px(16))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, day)
