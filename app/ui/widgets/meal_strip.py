"""A guest's meals of the last days: a column a day, a row a kind, a tick where one was recorded.

It counts nothing; a day without a tick is a day on which nothing was recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.reference.codelist import codelist
from app.reference.format import day_short, weekday_letter
from app.reference.texts import tr
from app.ui.kit.painting import box, hairline
from app.ui.theme import colour, font, paint_icon, px

if TYPE_CHECKING:
    from app.services.guest import MealDay

_ROW = 28
_HEAD = 34


class MealStrip(QWidget):
    """The strip; the newest day stands at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: tuple[MealDay, ...] = ()
        self._kinds: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_days(self, days: Sequence[MealDay]) -> None:
        """Show these days; only kinds that occur have a row."""
        self._days = tuple(days)
        eaten = {kind for day in days for kind in day.kinds}
        self._kinds = tuple(kind for kind in codelist("meal_kind").codes() if kind in eaten)
        said = [
            f"{day_short(day.day)}: {', '.join(codelist('meal_kind').label(kind) for kind in day.kinds)}"
            for day in days
            if day.kinds
        ]
        self.setAccessibleName(tr("guest.meals_of_late"))
        self.setAccessibleDescription("; ".join(said) or tr("guest.no_meals"))
        self.updateGeometry()
        self.update()

    def is_empty(self) -> bool:
        """Return whether there is no meal to show."""
        return not self._kinds

    def _label_width(self) -> int:
        measure = QFontMetrics(font(12))
        return max((measure.horizontalAdvance(_short(kind)) for kind in self._kinds), default=0) + px(12)

    def sizeHint(self) -> QSize:
        return QSize(self._label_width() + len(self._days) * px(26), px(_HEAD) + len(self._kinds) * px(_ROW) + 1)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if not self._kinds:
            return
        painter = QPainter(self)
        left = self._label_width()
        pitch = min((self.width() - left) / len(self._days), px(42))
        for at, day in enumerate(self._days):
            cell = QRect(round(left + at * pitch), 0, round(pitch), px(_HEAD))
            self._paint_head(painter, cell, day, last=at == len(self._days) - 1)
        for row, kind in enumerate(self._kinds):
            top = px(_HEAD) + row * px(_ROW)
            painter.setFont(font(12))
            painter.setPen(colour("muted"))
            painter.drawText(QRect(0, top, left, px(_ROW)), Qt.AlignmentFlag.AlignVCenter, _short(kind))
            for at, day in enumerate(self._days):
                if kind in day.kinds:
                    side = px(15)
                    x = left + at * pitch + (pitch - side) / 2
                    paint_icon(painter, "check", "green", QRectF(x, top + (px(_ROW) - side) / 2, side, side))
            hairline(painter, 0, left + pitch * len(self._days), top + px(_ROW) - 0.5)

    @staticmethod
    def _paint_head(painter: QPainter, cell: QRect, day: MealDay, *, last: bool) -> None:
        if last:
            box(painter, cell.adjusted(2, 0, -2, -2), px(5), fill="primary_soft")
        painter.setPen(colour("primary" if last else "muted"))
        painter.setFont(font(10))
        upper = QRect(cell.left(), cell.top() + px(2), cell.width(), px(13))
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, weekday_letter(day.day))
        painter.setFont(font(12, 600 if last else 400))
        lower = QRect(cell.left(), cell.top() + px(14), cell.width(), px(16))
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, str(day.day.day))


def _short(kind: str) -> str:
    return codelist("meal_kind").label(kind).split(" (")[0].split(" / ")[0]
