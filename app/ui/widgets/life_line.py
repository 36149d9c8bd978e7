"""The life of something in a few steps, one under the other: a dot, what happened, when.

It paints what it is given; what a step means is said by the presenter.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.ui.kit import Label
from app.ui.kit.painting import box
from app.ui.presenters.state import Step
from app.ui.theme import colour, px, tokens

_DOT = 10
_LEFT = 26


class _StepRow(QWidget):
    """One step; the line to the next is painted under its dot."""

    def __init__(self, step: Step, *, is_last: bool) -> None:
        super().__init__()
        self._step = step
        self._is_last = is_last
        self.setAccessibleName(f"{step.title}: {step.note}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = QVBoxLayout(self)
        words.setContentsMargins(px(_LEFT), 0, 0, px(4 if is_last else 12))
        words.setSpacing(px(2))
        words.addWidget(Label(step.title, "strong"))
        words.addWidget(Label(step.note, "error" if step.tone == "red" else "muted", wrap=True))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        side = px(_DOT)
        dot = QRectF(px(4), px(4), side, side)
        middle = dot.center().x()
        if not self._is_last:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            style = Qt.PenStyle.SolidLine if self._step.done else Qt.PenStyle.DotLine
            painter.setPen(QPen(colour("border"), 2, style))
            painter.drawLine(QPointF(middle, dot.bottom() + 3), QPointF(middle, self.height() + px(2)))
        ink = tokens().ink(self._step.tone)
        if self._step.done:
            box(painter, dot, side / 2, fill=ink)
        else:
            box(painter, dot, side / 2, line=ink, width=2)


class LifeLine(QWidget):
    """Steps from the first to the last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._rows: list[_StepRow] = []

    def show_steps(self, steps: tuple[Step, ...]) -> None:
        """Show these steps in place of those before."""
        for row in self._rows:
            row.hide()
            self._column.removeWidget(row)
            row.deleteLater()
        self._rows = [_StepRow(step, is_last=step is steps[-1]) for step in steps]
        for row in self._rows:
            self._column.addWidget(row)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(180), super().minimumSizeHint().height())
