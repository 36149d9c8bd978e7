"""The eight groups of a recovery code in numbered cells, with the state of each as it is typed.

It shows; the code is typed elsewhere and judged by `app.ui.presenters.unlock`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.reference.texts import tr
from app.ui.kit.painting import box
from app.ui.presenters.unlock import GROUPS, GroupState, TypedCode
from app.ui.theme import colour, font, mono_font, paint_icon, px

_COLUMNS = 4
_EMPTY: tuple[GroupState, ...] = tuple("empty" for _ in range(GROUPS))
_LINES: dict[GroupState, str] = {"empty": "border", "typing": "primary", "right": "green", "wrong": "red"}
_ICONS: dict[GroupState, str] = {"right": "check_circle", "wrong": "error"}


class CodeGroups(QWidget):
    """Four cells in each of two rows; `large` for a code to be copied from the screen."""

    def __init__(self, *, large: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._large = large
        self._groups: tuple[str, ...] = ("",) * GROUPS
        self._states = _EMPTY
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_groups(self, groups: Sequence[str]) -> None:
        """Show a whole code."""
        self._show(tuple(groups), _EMPTY)

    def show_typed(self, typed: TypedCode) -> None:
        """Show what was typed so far and which groups are right or wrong."""
        self._show(typed.groups, typed.states)

    def clear(self) -> None:
        """Show nothing."""
        self._show(("",) * GROUPS, _EMPTY)

    def groups(self) -> tuple[str, ...]:
        """Return the groups shown."""
        return self._groups

    def _show(self, groups: tuple[str, ...], states: tuple[GroupState, ...]) -> None:
        self._groups, self._states = groups, states
        spoken = [
            tr(f"unlock.group_{state}", number=number, group=group)
            for number, (group, state) in enumerate(zip(groups, states, strict=True), start=1)
            if group
        ]
        self.setAccessibleName(", ".join(spoken))
        self.update()

    def _row_height(self) -> int:
        return px(58 if self._large else 44)

    def sizeHint(self) -> QSize:
        rows = -(-GROUPS // _COLUMNS)
        width = QFontMetrics(self._font()).horizontalAdvance("M" * 5) + px(34)
        return QSize(_COLUMNS * (width + px(8)), rows * (self._row_height() + px(8)) - px(8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _font(self) -> QFont:
        return mono_font(19 if self._large else 13)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        gap = px(8)
        width = (self.width() - gap * (_COLUMNS - 1)) / _COLUMNS
        for at, (group, state) in enumerate(zip(self._groups, self._states, strict=True)):
            row, column = divmod(at, _COLUMNS)
            cell = QRect(
                round(column * (width + gap)), row * (self._row_height() + gap), round(width), self._row_height()
            )
            self._paint_cell(painter, cell, at + 1, group, state)

    def _paint_cell(self, painter: QPainter, cell: QRect, number: int, group: str, state: GroupState) -> None:
        busy = state != "empty"
        box(painter, cell, px(7), fill="surface_alt", line=_LINES[state], width=1.5 if busy else 1)
        painter.setFont(font(10))
        painter.setPen(colour("muted"))
        painter.drawText(cell.adjusted(px(8), px(4), 0, 0), Qt.AlignmentFlag.AlignTop, str(number))
        painter.setFont(self._font())
        painter.setPen(colour("red" if state == "wrong" else "text"))
        lower = cell.adjusted(0, px(8), 0, 0)
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, group)
        if state in _ICONS:
            side = px(13)
            mark = QRectF(cell.right() - side - px(5), cell.top() + px(5), side, side)
            paint_icon(painter, _ICONS[state], _LINES[state], mark)
