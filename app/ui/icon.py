"""Icons from `resources/icons/`, tinted with a colour of the theme and sharp at every scale.

An icon remembers the *name* of its colour and is painted when it is shown, so it follows a change of theme by
itself. No text goes with it here: an icon alone never tells a state.
"""

from __future__ import annotations

from functools import cache

import shiboken6
from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from app.reference.resource import read_bytes, resource_path
from app.ui.colour import tokens


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    """Parse the drawing once for a colour; QtSvg has no `currentColor`, so the root element is given a fill."""
    drawing = read_bytes(f"icons/{name}.svg").replace(b"<svg ", f'<svg fill="{colour}" '.encode(), 1)
    return QSvgRenderer(QByteArray(drawing))


def paint_icon(painter: QPainter, name: str, colour: str, rect: QRect | QRectF) -> None:
    """Paint the icon `name` in a token's or `#rrggbb` colour, filling `rect`."""
    _renderer(name, tokens().named(colour)).render(painter, QRectF(rect))


class _TintedEngine(QIconEngine):
    """Paints one drawing in the colour that a token has at that moment."""

    def __init__(self, name: str, colour: str) -> None:
        super().__init__()
        self._name = name
        self._colour = colour

    def clone(self) -> QIconEngine:
        # Qt owns the copy, but PySide would free the Python half at once and Qt then calls into nothing
        # (a segmentation fault with 6.11.3): we hold it for as long as Qt has not deleted it.
        copy = _TintedEngine(self._name, self._colour)
        _held[:] = [engine for engine in _held if shiboken6.isValid(engine)]
        _held.append(copy)
        return copy

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        paint_icon(painter, self._name, self._shade(mode), square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(  # noqa: N802
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        shade = tokens().named(self._shade(mode))
        key = f"approdo:{self._name}:{shade}:{size.width()}x{size.height()}@{scale}"
        found = QPixmap()
        if QPixmapCache.find(key, found):
            return found
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        QPixmapCache.insert(key, made)
        return made

    def _shade(self, mode: QIcon.Mode) -> str:
        return "disabled" if mode == QIcon.Mode.Disabled else self._colour


_held: list[_TintedEngine] = []


def icon(name: str, colour: str = "text") -> QIcon:
    """Return the icon `name` tinted with the token `colour` (or `#rrggbb`); it follows the theme.

    Raises FileNotFoundError when the set has no such icon: a missing drawing is a bug that a test must see.
    """
    if not resource_path(f"icons/{name}.svg").is_file():
        raise FileNotFoundError(f"icons/{name}.svg")
    return QIcon(_TintedEngine(name, colour))


def pixmap(name: str, colour: str = "text", side: int = 20, *, ratio: float = 1.0) -> QPixmap:
    """Return the icon as a picture `side` logical pixels wide, for a screen with `ratio` device pixels each."""
    made = QPixmap(round(side * ratio), round(side * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(QColor(0, 0, 0, 0))
    painter = QPainter(made)
    paint_icon(painter, name, colour, QRectF(0, 0, side, side))
    painter.end()
    return made


def app_icon(*, locked: bool = False) -> QIcon:
    """Return the icon of the window: the lighthouse, or while locked a padlock that names nothing."""
    stem = "locked" if locked else "approdo"
    made = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        made.addFile(str(resource_path(f"icons/app/{stem}-{side}.png")), QSize(side, side))
    return made
