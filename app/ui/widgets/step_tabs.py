"""The steps of a longer task as tabs: each says how far it is, and can be gone to with a click or the arrow keys.

What belongs to a step is shown by the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from app.reference.texts import tr
from app.ui.kit.painting import box, focus_ring
from app.ui.presenters.report import StepState
from app.ui.theme import colour, font, paint_icon, px

_DISC = 22
_GAP = 8
_PAD = 6


_DISCS: dict[StepState, tuple[str, str]] = {
    "done": ("green", "check"),
    "warned": ("amber", "warning"),
    "wrong": ("red", "close"),
}


class _StepTab(QAbstractButton):
    """One step."""

    def __init__(self, number: int, total: int, name: str) -> None:
        super().__init__()
        self._number, self._total = number, total
        self._state: StepState = "open"
        self._ring = False
        self.setText(name)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_state(self, state: StepState) -> None:
        """Say how far the step is."""
        self._state = state
        said = tr("kit.step", number=self._number, total=self._total, name=self.text())
        self.setAccessibleName(f"{said}, {tr(f'report.state_{state}')}")
        self.setToolTip(f"{self.text()}: {tr(f'report.state_{state}')}")
        self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(font(13, 600)).horizontalAdvance(self.text())
        return QSize(px(_DISC + _GAP + 2 * _PAD) + words, px(_DISC + 10))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(_DISC + 2 * _PAD), px(_DISC + 10))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            event.ignore()  # the row of steps moves; Qt would only pass the focus on
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() != Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        if self.underMouse():
            box(painter, self.rect(), px(7), fill="surface")
        if self.hasFocus() and self._ring:
            focus_ring(painter, self.rect(), px(7))
        disc = QRectF(px(_PAD), (self.height() - px(_DISC)) / 2, px(_DISC), px(_DISC))
        self._paint_disc(painter, disc)
        now = self.isChecked()
        painter.setFont(font(13, 600 if now else 400))
        painter.setPen(colour("text" if now else "muted"))
        words = QRectF(disc.right() + px(_GAP), 0, self.width() - disc.right() - px(_GAP + _PAD) + 2, self.height())
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_disc(self, painter: QPainter, disc: QRectF) -> None:
        now = self.isChecked()
        fill, mark = _DISCS.get(self._state, ("border", ""))
        if not mark and now:
            fill = "primary_fill"
        box(painter, disc, disc.height() / 2, fill=fill)
        if mark:
            paint_icon(painter, mark, "surface", disc.adjusted(4, 4, -4, -4))
            return
        painter.setFont(font(12, 600))
        painter.setPen(colour("on_primary" if now else "muted"))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self._number))


class StepTabs(QWidget):
    """The row of steps; `step_asked` carries the number, from 0, of the one that was pressed."""

    step_asked = Signal(int)

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.tabs = [_StepTab(place + 1, len(names), name) for place, name in enumerate(names)]
        for place, tab in enumerate(self.tabs):
            tab.clicked.connect(partial(self._ask, place))
            self._row.addWidget(tab)
            if place < len(self.tabs) - 1:
                self._row.addStretch(1)

    def show_steps(self, states: Sequence[StepState], current: int) -> None:
        """Say how far each step is and which one is shown."""
        for place, (tab, state) in enumerate(zip(self.tabs, states, strict=True)):
            tab.show_state(state)
            tab.setChecked(place == current)

    def current(self) -> int:
        """Return the number of the step shown, from 0."""
        return next((place for place, tab in enumerate(self.tabs) if tab.isChecked()), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        at = next((place for place, tab in enumerate(self.tabs) if tab.hasFocus()), -1)
        if not step or at < 0 or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
            return
        wanted = (at + step) % len(self.tabs)
        self.tabs[wanted].setFocus(Qt.FocusReason.TabFocusReason)
        self.step_asked.emit(wanted)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setPen(QPen(colour("border"), 1))
        middle = self.height() / 2
        for tab, following in zip(self.tabs, self.tabs[1:], strict=False):
            start, end = tab.geometry().right() + px(8), following.geometry().left() - px(8)
            if end > start:
                painter.drawLine(QPointF(start, middle), QPointF(end, middle))

    def _ask(self, place: int) -> None:
        self.step_asked.emit(place)
