"""The smallest things that stand in a cell: wrapped text, boxes to tick, room to write by hand.

Each knows its height for a width and draws itself; where it stands is decided in `app.prints.piece`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Protocol
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus.paragraph import Paragraph

from app.prints import font
from app.prints.document import Option, Words
from app.prints.sheet import INK, MUTED, PRIMARY, Sheet, width_of

VALUE_SIZE = 10.0
OPTION_SIZE = 8.2
BOX = 8.0

Ink = tuple[float, float, float]


class Bit(Protocol):
    """Something that takes a width, tells its height and draws itself below a point."""

    def height(self, width: float) -> float:
        """Return the height in points that it needs at this width."""
        ...

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        """Draw it with its upper left corner at (x, top)."""
        ...


@cache
def _style(size: float, ink: Ink, align: str, leading: float) -> ParagraphStyle:
    font.register()
    return ParagraphStyle(
        f"{size}-{align}-{leading}",
        fontName=font.REGULAR,
        fontSize=size,
        leading=size * leading,
        textColor=Color(*ink),
        alignment={"left": 0, "centre": 1, "right": 2}[align],
        splitLongWords=1,
    )


def marked_up(text: str) -> str:
    """Return a text that names no markup: special signs escaped, line ends kept."""
    return escape(font.forced(text)).replace("\n", "<br/>")


def coloured(markup: str, ink: Ink) -> str:
    """Return markup in a colour."""
    code = "".join(f"{round(part * 255):02x}" for part in ink)
    return f'<font color="#{code}">{markup}</font>'


def both(words: Words, *, bold: bool = True, joint: str = "<br/>") -> str:
    """Return markup with Italian first and the second language, muted, after `joint`."""
    italian = f"<b>{marked_up(words.it)}</b>" if bold else marked_up(words.it)
    if words.other in ("", words.it):
        return italian
    return f"{italian}{joint}{coloured(marked_up(words.other), MUTED)}"


def numbered(number: str, markup: str) -> str:
    """Return markup led by a number in the form's colour."""
    return f"{coloured(f'<b>{marked_up(number)}</b>', PRIMARY)}&nbsp;&nbsp;{markup}" if number else markup


@dataclass(frozen=True)
class TextBit:
    """A paragraph of markup that wraps."""

    markup: str
    size: float = VALUE_SIZE
    ink: Ink = INK
    align: str = "left"
    leading: float = 1.22
    _made: list[Paragraph] = field(default_factory=list, repr=False, compare=False)
    _heights: dict[float, float] = field(default_factory=dict, repr=False, compare=False)

    def _paragraph(self) -> Paragraph:
        if not self._made:
            self._made.append(Paragraph(self.markup, _style(self.size, self.ink, self.align, self.leading)))
        return self._made[0]

    def height(self, width: float) -> float:
        """Return the height of the wrapped text."""
        if width not in self._heights:
            self._heights[width] = float(self._paragraph().wrap(width, 1e6)[1])
        return self._heights[width]

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        """Draw the wrapped text."""
        paragraph = self._paragraph()
        _, height = paragraph.wrap(width, 1e6)
        paragraph.drawOn(sheet.canvas, x, top - height)

    def split(self, width: float, available: float) -> tuple[TextBit, TextBit] | None:
        """Return what fits into `available` and the rest, or None when not even a line does."""
        parts = self._paragraph().split(width, available)
        if len(parts) != 2:
            return None
        first, rest = (TextBit(self.markup, self.size, self.ink, self.align, self.leading, [part]) for part in parts)
        return first, rest


@dataclass(frozen=True, slots=True)
class SpaceBit:
    """Empty room, to write by hand."""

    points: float

    def height(self, width: float) -> float:  # noqa: ARG002 - the room does not depend on the width
        """Return the room."""
        return self.points

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        """Leave the paper as it is."""


@dataclass(frozen=True, slots=True)
class LineBit:
    """Room to write on a dotted line."""

    points: float

    def height(self, width: float) -> float:  # noqa: ARG002 - the room does not depend on the width
        """Return the room above and below the line."""
        return self.points

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        """Draw the line at the foot of the room."""
        sheet.canvas.setDash(0.6, 1.8)
        sheet.line(x, top - self.points + 3, x + width, top - self.points + 3, width=0.6, ink=MUTED)
        sheet.canvas.setDash()


@dataclass(frozen=True)
class OptionsBit:
    """Boxes to tick that flow from left to right, each with its words in both languages."""

    options: tuple[Option, ...]
    size: float = OPTION_SIZE
    _texts: dict[Option, TextBit] = field(default_factory=dict, repr=False, compare=False)

    def _text(self, option: Option) -> TextBit:
        if option not in self._texts:
            markup = both(option.words, bold=option.ticked, joint=" · ")
            self._texts[option] = TextBit(markup, self.size)
        return self._texts[option]

    def _width(self, option: Option) -> float:
        return width_of(font.forced(option.words.in_one_line()), self.size, bold=option.ticked) + 1.5

    def _lines(self, width: float) -> list[list[tuple[Option, float]]]:
        lines: list[list[tuple[Option, float]]] = [[]]
        used = 0.0
        for option in self.options:
            room = min(self._width(option), width - BOX - 4)
            needed = BOX + 4 + room + 10
            if lines[-1] and used + needed - 10 > width:
                lines.append([])
                used = 0.0
            lines[-1].append((option, room))
            used += needed
        return lines

    def _line_height(self, line: list[tuple[Option, float]]) -> float:
        tallest = max((self._text(option).height(room) for option, room in line), default=0.0)
        return max(tallest, BOX) + 2.8

    def height(self, width: float) -> float:
        """Return the height of all lines of boxes."""
        return sum(self._line_height(line) for line in self._lines(width))

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        """Draw the boxes; a ticked one holds an X, which stays text for whoever searches or copies."""
        for line in self._lines(width):
            at = x
            for option, room in line:
                sheet.box(at, top - 1.6 - BOX, BOX, BOX, stroke=INK, line_width=0.8)
                if option.ticked:
                    sheet.text(at + BOX / 2, top - 0.4 - BOX, "X", size=9, bold=True, align="centre")
                self._text(option).draw(sheet, at + BOX + 4, top, room)
                at += BOX + 4 + room + 10
            top -= self._line_height(line)


class BitStore:
    """The bits of one document, each made once: a layout that is tried again measures nothing anew."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, float, Ink, str], TextBit] = {}
        self._options: dict[tuple[tuple[Option, ...], float], OptionsBit] = {}

    def text(self, markup: str, size: float = VALUE_SIZE, ink: Ink = INK, *, align: str = "left") -> TextBit:
        """Return the paragraph of this markup."""
        key = (markup, size, ink, align)
        return self._texts.setdefault(key, TextBit(markup, size, ink, align))

    def options(self, options: tuple[Option, ...], size: float = OPTION_SIZE) -> OptionsBit:
        """Return the boxes of these options."""
        return self._options.setdefault((options, size), OptionsBit(options, size))
