"""The pieces that a page is made of, one under the other: headings, rows of cells, statements, signatures.

A piece knows its height and draws itself; `app.prints.setter` decides on which page it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Protocol

from app.prints.bit import Bit, LineBit, SpaceBit, TextBit
from app.prints.sheet import HAIRLINE, MUTED, PRIMARY, TINT, Sheet

PAD_X = 4.5
PAD_TOP = 2.6
PAD_BOTTOM = 3.4


class Piece(Protocol):
    """What stands on a page: `keep` holds it to the next piece, `repeated` heads it again on a new page."""

    @property
    def keep(self) -> bool:
        """Tell whether it must not be the last on its page."""
        ...

    @property
    def repeated(self) -> CellRow | None:
        """Return the row that heads it again when it begins a page."""
        ...

    @property
    def height(self) -> float:
        """Return its height in points."""
        ...

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Draw it with its upper left corner at (x, top)."""
        ...


@dataclass(frozen=True)
class CellRow:
    """Cells side by side under a common border, as tall as the tallest of them.

    `repeated` is the row that heads its table on the next page; `keep` holds it to the piece that follows.
    """

    cells: tuple[tuple[Bit, ...], ...]
    widths: tuple[float, ...]
    fill: tuple[float, float, float] | None = None
    bordered: bool = True
    keep: bool = False
    least: float = 0.0
    repeated: CellRow | None = None
    continued: str = ""

    def _cell_height(self, cell: tuple[Bit, ...], width: float) -> float:
        return sum(bit.height(width - 2 * PAD_X) for bit in cell) + PAD_TOP + PAD_BOTTOM

    @cached_property
    def height(self) -> float:
        """Return the height of the tallest cell in points."""
        tallest = max(self._cell_height(cell, width) for cell, width in zip(self.cells, self.widths, strict=True))
        return max(tallest, self.least)

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Draw borders, then the cells from left to right."""
        height = self.height
        lefts = [x, *(x + part for part in accumulate(self.widths))]
        for left, width, cell in zip(lefts, self.widths, self.cells, strict=False):
            if self.fill or self.bordered:
                sheet.box(left, top - height, width, height, fill=self.fill, stroke=HAIRLINE if self.bordered else None)
            at = top - PAD_TOP
            for bit in cell:
                bit.draw(sheet, left + PAD_X, at, width - 2 * PAD_X)
                at -= bit.height(width - 2 * PAD_X)

    def split(self, available: float) -> tuple[CellRow, CellRow] | None:
        """Return the row cut at `available` points, for texts that no page holds; None when it cannot be cut."""
        firsts: list[tuple[Bit, ...]] = []
        rests: list[tuple[Bit, ...]] = []
        for cell, width in zip(self.cells, self.widths, strict=True):
            first, rest = _cut(cell, width - 2 * PAD_X, available - PAD_TOP - PAD_BOTTOM)
            firsts.append(first)
            rests.append(rest)
        if not any(rests) or not any(firsts):
            return None
        mark = TextBit(self.continued, 7, MUTED)
        tails = tuple((mark, *rest) if rest else (SpaceBit(0),) for rest in rests)
        heads = tuple(first or (SpaceBit(0),) for first in firsts)
        return (
            CellRow(heads, self.widths, self.fill, self.bordered, continued=self.continued),
            CellRow(tails, self.widths, self.fill, self.bordered, continued=self.continued, repeated=self.repeated),
        )


def _cut(cell: tuple[Bit, ...], width: float, available: float) -> tuple[tuple[Bit, ...], tuple[Bit, ...]]:
    first: list[Bit] = []
    for index, bit in enumerate(cell):
        needed = bit.height(width)
        if needed <= available:
            first.append(bit)
            available -= needed
            continue
        parts = bit.split(width, available) if isinstance(bit, TextBit) else None
        if parts:
            return (*first, parts[0]), (parts[1], *cell[index + 1 :])
        return tuple(first), cell[index:]
    return tuple(first), ()


@dataclass(frozen=True)
class Heading:
    """The heading of a section, on a light band."""

    markup: str
    width: float
    keep: bool = True
    repeated: CellRow | None = None

    @cached_property
    def _bit(self) -> TextBit:
        return TextBit(self.markup, 9.2, PRIMARY)

    @property
    def height(self) -> float:
        """Return the height with the space above the band."""
        return self._bit.height(self.width - 2 * PAD_X) + 9.5

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Draw the band and the words."""
        inner = self._bit.height(self.width - 2 * PAD_X)
        sheet.box(x, top - 5.5 - inner - 4, self.width, inner + 4, fill=TINT, stroke=None)
        sheet.box(x, top - 5.5 - inner - 4, 2.4, inner + 4, fill=PRIMARY, stroke=None)
        self._bit.draw(sheet, x + PAD_X + 2, top - 6.9, self.width - 2 * PAD_X)


@dataclass(frozen=True)
class Gap:
    """Empty room between pieces."""

    height: float
    keep: bool = False
    repeated: CellRow | None = None

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Leave the paper as it is."""


@dataclass(frozen=True)
class SignatureRow:
    """Places to sign side by side: who, room for hand or mark, a dotted line for date and hour."""

    places: tuple[tuple[str, str], ...]
    date: str
    width: float
    room: float = 36.0
    keep: bool = False
    repeated: CellRow | None = None

    @cached_property
    def _row(self) -> CellRow:
        count = len(self.places)
        cells = tuple(
            (
                TextBit(markup, 7.8),
                TextBit(name or "&nbsp;", 8.6),
                SpaceBit(self.room),
                TextBit(self.date, 6.6, MUTED),
                LineBit(15),
            )
            for markup, name in self.places
        )
        return CellRow(cells, (self.width / count,) * count)

    @property
    def height(self) -> float:
        """Return the height of the places."""
        return self._row.height

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Draw the places."""
        self._row.draw(sheet, x, top)
