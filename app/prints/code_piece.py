"""A secret code on paper: numbered groups in large signs, and beside them the same as a QR code.

What the code opens is not known here, and it is kept nowhere but in the bytes that are returned.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from reportlab.graphics.barcode import qrencoder

from app.prints.bit import TextBit, both
from app.prints.document import Code
from app.prints.piece import CellRow
from app.prints.sheet import HAIRLINE, INK, MM, MUTED, PRIMARY, TINT, Sheet

COLUMNS = 2
BOX_HEIGHT = 13.5 * MM
BOX_GAP = 2.5 * MM
SCAN = 48 * MM
QUIET = 4  # modules of white that the standard asks for around a QR code (ISO/IEC 18004)


def scan_matrix(text: str) -> list[list[bool]]:
    """Return the dark modules of a QR code with medium error correction, row by row."""
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    return [[bool(module) for module in row] for row in code.modules]


@dataclass(frozen=True)
class CodePiece:
    """The groups in boxes of the same width, the QR code to their right."""

    code: Code
    width: float
    keep: bool = False
    repeated: CellRow | None = None

    @property
    def _left_width(self) -> float:
        return self.width - SCAN - 6 * MM

    @cached_property
    def _order(self) -> TextBit:
        return TextBit(both(self.code.order, bold=False), 8, MUTED)

    @property
    def height(self) -> float:
        """Return the height of the boxes and the words around them."""
        rows = -(-len(self.code.groups) // COLUMNS)
        boxes = 12 + rows * (BOX_HEIGHT + BOX_GAP) + self._order.height(self._left_width)
        return max(boxes, SCAN + 26) + 8

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Draw the words, the boxes in reading order, then the QR code."""
        TextBit(both(self.code.words, joint=" · "), 8).draw(sheet, x, top, self._left_width)
        width = (self._left_width - (COLUMNS - 1) * BOX_GAP) / COLUMNS
        upper = top - 14
        for index, group in enumerate(self.code.groups):
            row, column = divmod(index, COLUMNS)
            left = x + column * (width + BOX_GAP)
            _draw_group(sheet, (left, upper - row * (BOX_HEIGHT + BOX_GAP)), width, index + 1, group)
        rows = -(-len(self.code.groups) // COLUMNS)
        self._order.draw(sheet, x, upper - rows * (BOX_HEIGHT + BOX_GAP), self._left_width)
        self._draw_scan(sheet, x + self.width - SCAN, top)

    def _draw_scan(self, sheet: Sheet, x: float, top: float) -> None:
        matrix = scan_matrix("-".join(self.code.groups))
        module = SCAN / (len(matrix) + 2 * QUIET)
        sheet.canvas.setFillColorRGB(*INK)
        for row, line in enumerate(matrix):
            for column, dark in enumerate(line):
                if dark:
                    left, lower = x + (column + QUIET) * module, top - (row + QUIET + 1) * module
                    sheet.canvas.rect(left, lower, module, module, stroke=0, fill=1)
        words = TextBit(both(self.code.scan_words), 7, MUTED, align="centre")
        words.draw(sheet, x, top - SCAN + QUIET * module / 2, SCAN)


def _draw_group(sheet: Sheet, place: tuple[float, float], width: float, number: int, group: str) -> None:
    x, top = place
    lower = top - BOX_HEIGHT
    sheet.box(x, lower, width, BOX_HEIGHT, stroke=HAIRLINE, line_width=0.8, radius=4)
    sheet.box(x, lower, 8 * MM, BOX_HEIGHT, fill=TINT, stroke=None, radius=4)
    sheet.text(x + 4 * MM, lower + BOX_HEIGHT / 2 - 4, str(number), size=11, bold=True, ink=PRIMARY, align="centre")
    room = width - 14 * MM
    for index, sign in enumerate(group):
        # Each sign has its own place, so that narrow and wide ones are counted alike.
        at = x + 11 * MM + room * (index + 0.5) / len(group)
        sheet.text(at, lower + BOX_HEIGHT / 2 - 8, sign, size=22, bold=True, align="centre")
