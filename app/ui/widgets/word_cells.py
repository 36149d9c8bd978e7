"""Twenty numbered cells, column by column as on the printed card, with the state of each word as it is typed.

It shows; the words are typed elsewhere and judged by `app.ui.presenters.card`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.reference.texts import tr
from app.ui.kit.painting import box
from app.ui.presenters.card import WORDS, WordState
from app.ui.theme import colour, font, px

COLUMNS, ROWS = 4, 5
_EMPTY: tuple[WordState, ...] = tuple("empty" for _ in range(WORDS))
_LINES: dict[WordState, str] = {"empty": "border", "typing": "primary", "right": "green", "wrong": "red"}


class WordCells(QWidget):
    """The cells; `large` for words to be copied from the screen."""

    def __init__(self, *, large: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._large = large
        self._words: tuple[str, ...] = ()
        self._states: tuple[WordState, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clear()

    def show_words(self, words: Sequence[str], states: Sequence[WordState] | None = None) -> None:
        """Show twenty words, some of which may be empty."""
        self._words = tuple(words)
        self._states = tuple(states) if states is not None else _EMPTY
        spoken = [
            tr(f"card.cell_{state if state != 'empty' else 'right'}", number=number, word=word)
            for number, (word, state) in enumerate(zip(self._words, self._states, strict=True), start=1)
            if word
        ]
        self.setAccessibleName(", ".join(spoken) or tr("card.cells"))
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self.show_words(("",) * WORDS)

    def words(self) -> tuple[str, ...]:
        """Return the words shown."""
        return self._words

    def _cell_height(self) -> int:
        return px(36 if self._large else 27)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(font(14 if self._large else 12, 600)).horizontalAdvance("mmmmmmmm") + px(34)
        gap = px(6)
        return QSize(COLUMNS * (width + gap), ROWS * (self._cell_height() + gap) - gap)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(420), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        gap = px(6)
        width = (self.width() - gap * (COLUMNS - 1)) / COLUMNS
        for place, (word, state) in enumerate(zip(self._words, self._states, strict=True)):
            column, row = divmod(place, ROWS)
            top = row * (self._cell_height() + gap)
            cell = QRect(round(column * (width + gap)), top, round(width), self._cell_height())
            self._paint_cell(painter, cell, place + 1, word, state)

    def _paint_cell(self, painter: QPainter, cell: QRect, number: int, word: str, state: WordState) -> None:
        box(painter, cell, px(6), fill="surface_alt", line=_LINES[state], width=1.5 if state != "empty" else 1)
        painter.setFont(font(10))
        painter.setPen(colour("muted"))
        lead = px(24)
        painter.drawText(QRect(cell.left(), cell.top(), lead, cell.height()), Qt.AlignmentFlag.AlignCenter, str(number))
        painter.setFont(font(14 if self._large else 12, 600))
        painter.setPen(colour("red" if state == "wrong" else "text"))
        room = cell.adjusted(lead, 0, -px(4), 0)
        shown = painter.fontMetrics().elidedText(word, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
