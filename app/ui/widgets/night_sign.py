"""The pictures of a night's states that the month grid puts side by side, drawn once for a size and a theme.

They say nothing of where they go; the words of a state are in `app.ui.presenters.night_state`.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from app.services.presence import OUTSIDE
from app.ui.presenters.month_sheet import MonthSheet
from app.ui.presenters.night_state import sign_of, tone_of
from app.ui.theme import colour, font, px, tokens

_FUTURE, _TONIGHT, _MISSING = "·", "?", "?!"


def blank_of(sheet: MonthSheet, column: int) -> str:
    """Return what stands for a night not recorded: a dot before it comes, a question mark on it, an amber one after."""
    day = sheet.days[column]
    return _FUTURE if day > sheet.today else _TONIGHT if day == sheet.today else _MISSING


class NightSigns:
    """The pictures, kept until they no longer fit."""

    def __init__(self) -> None:
        self._pictures: dict[str, QPixmap] = {}
        self._fit: tuple[object, ...] = ()
        self._wide = self._high = 1
        self._ratio = 1.0

    def fit(self, wide: int, high: int, ratio: float) -> None:
        """Make pictures of this size from now on, in the colours in use, for a screen of that ratio."""
        now = (wide, high, ratio, tokens().dark, px(100))
        if now != self._fit:
            self._pictures.clear()
            self._fit = now
            self._wide, self._high, self._ratio = wide, high, ratio

    def picture(self, state: str) -> QPixmap:
        """Return the picture of a state or of a blank."""
        found = self._pictures.get(state)
        if found is None:
            found = self._pictures[state] = self._draw(state)
        return found

    def _draw(self, state: str) -> QPixmap:
        made = QPixmap(round(self._wide * self._ratio), round(self._high * self._ratio))
        made.setDevicePixelRatio(self._ratio)
        made.fill(colour("surface"))
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = QRectF(0, 0, self._wide - 1, self._high - 1)
        ink, sign = self._ground(painter, cell, state)
        if sign == "●":
            side = px(9)
            dot = QRectF(0, 0, side, side)
            dot.moveCenter(cell.center())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(ink))
            painter.drawEllipse(dot)
        else:
            painter.setPen(colour(ink))
            painter.setFont(font(12, 600))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, sign)
        painter.end()
        return made

    @staticmethod
    def _ground(painter: QPainter, cell: QRectF, state: str) -> tuple[str, str]:
        """Paint the ground of a cell and return the ink and the sign that go on it."""
        if state in {_FUTURE, _TONIGHT, _MISSING}:
            painter.fillRect(QRectF(0, cell.bottom(), cell.width() + 1, 1), colour("hairline"))
            return "amber" if state == _MISSING else "muted", state[0]
        if state == OUTSIDE:
            painter.fillRect(cell, colour("surface_alt"))
            return "muted", sign_of(OUTSIDE)
        look, tone = tokens(), tone_of(state)
        painter.fillRect(cell, colour(look.ground(tone)))
        return look.ink(tone), sign_of(state)
