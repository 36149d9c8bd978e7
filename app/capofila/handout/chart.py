"""A bar chart on paper: a bar a month with its number above, so that it is read without colours and without a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.prints.page import BODY_WIDTH
from app.prints.piece import CellRow
from app.prints.sheet import HAIRLINE, INK, MUTED, PRIMARY, Sheet
from app.reference.format import number

HEIGHT = 150.0
_HEAD, _FOOT = 24.0, 16.0


@dataclass(frozen=True)
class BarChart:
    """Values under a title; where there is none a word stands in its place (or nothing), never a bar of no height."""

    title: str
    labels: Sequence[str]
    values: Sequence[int | str]
    keep: bool = False
    repeated: CellRow | None = None

    @property
    def height(self) -> float:
        """Return the height in points."""
        return HEIGHT

    def bars(self) -> tuple[float, ...]:
        """Return the heights of the bars as parts of the tallest; the axis begins at zero."""
        most = max((value for value in self.values if isinstance(value, int)), default=0) or 1
        return tuple(value / most if isinstance(value, int) else 0.0 for value in self.values)

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Draw title, axis and bars."""
        sheet.text(x + 4, top - 13, self.title, size=9, bold=True)
        base, room = top - HEIGHT + _FOOT, HEIGHT - _HEAD - _FOOT - 12
        step = BODY_WIDTH / max(len(self.values), 1)
        for index, (label, value, part) in enumerate(zip(self.labels, self.values, self.bars(), strict=True)):
            middle = x + step * (index + 0.5)
            said, ink = (number(value), INK) if isinstance(value, int) else (value, MUTED)
            if part:
                sheet.box(middle - step * 0.3, base, step * 0.6, room * part, fill=PRIMARY, stroke=None)
            sheet.text(middle, base + room * part + 3, said, size=7.4, ink=ink, align="centre")
            sheet.text(middle, base - 11, label, size=7.4, ink=MUTED, align="centre")
        sheet.line(x, base, x + BODY_WIDTH, base, width=0.8, ink=HAIRLINE)
