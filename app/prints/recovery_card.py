"""Recovery cards: a page a card, twenty numbered words, the same as a QR code, and where the card belongs.

A card that is found tells nothing: no house, no ente, no name, not even what it is for. Nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.prints.bit import TextBit, both
from app.prints.code_piece import QUIET, scan_matrix
from app.prints.document import Words
from app.prints.print_text import PrintText
from app.prints.sheet import A4, HAIRLINE, INK, MM, MUTED, TINT, Sheet

MARGIN = 18 * MM
COLUMNS, ROWS = 4, 5
GAP = 2.4 * MM
CELL_HEIGHT = 13 * MM
SCAN = 46 * MM
_ABOUT = ("two", "order", "keep", "never", "lost")
_BODY = A4[0] - 2 * MARGIN


@dataclass(frozen=True, slots=True)
class CardSheet:
    """What stands on one card."""

    number: int
    total: int
    set_label: str
    words: tuple[str, ...]

    def __repr__(self) -> str:
        return f"CardSheet({self.number} of {self.total})"


def recovery_cards(cards: Sequence[CardSheet]) -> bytes:
    """Return the PDF of the cards, a page each, in Italian and English."""
    text = PrintText()
    sheet = Sheet(text.say("card_title").it, "it")
    sheet.canvas.setProducer("")  # a saved card tells as little as a printed one
    for card in cards:
        _draw(sheet, card, text)
        sheet.next_page()
    return sheet.finish()


def _draw(sheet: Sheet, card: CardSheet, text: PrintText) -> None:
    top = A4[1] - MARGIN
    title = text.say("card_of", number=card.number, total=card.total)
    sheet.text(MARGIN, top - 20, title.it, size=24, bold=True)
    sheet.text(MARGIN, top - 36, title.other, size=11, ink=MUTED)
    _draw_set(sheet, card, text, top)
    top = _draw_words(sheet, card, top - 20 * MM)
    _draw_scan(sheet, card, text.say("card_scan"), top - 6 * MM)
    _draw_about(sheet, text, top - 8 * MM)


def _draw_set(sheet: Sheet, card: CardSheet, text: PrintText, top: float) -> None:
    right = A4[0] - MARGIN
    label = text.say("card_set")
    sheet.text(right, top - 4, label.in_one_line(), size=8, ink=MUTED, align="right")
    sheet.text(right, top - 22, card.set_label, size=17, bold=True, align="right")


def _draw_words(sheet: Sheet, card: CardSheet, top: float) -> float:
    """Draw the words column by column, as they are read, and return where they end."""
    width = (_BODY - (COLUMNS - 1) * GAP) / COLUMNS
    for place, word in enumerate(card.words):
        column, row = divmod(place, ROWS)
        x, lower = MARGIN + column * (width + GAP), top - row * (CELL_HEIGHT + GAP) - CELL_HEIGHT
        sheet.box(x, lower, width, CELL_HEIGHT, stroke=HAIRLINE, line_width=0.8, radius=4)
        sheet.box(x, lower, 8 * MM, CELL_HEIGHT, fill=TINT, stroke=None, radius=4)
        sheet.text(x + 4 * MM, lower + CELL_HEIGHT / 2 - 4, str(place + 1), size=11, bold=True, align="centre")
        sheet.fitted_text(x + 10 * MM, lower + CELL_HEIGHT / 2 - 5, word, width - 12 * MM, size=15, least=10, bold=True)
    return top - ROWS * (CELL_HEIGHT + GAP)


def _draw_scan(sheet: Sheet, card: CardSheet, words: Words, top: float) -> None:
    matrix = scan_matrix(" ".join(card.words))
    module = SCAN / (len(matrix) + 2 * QUIET)
    left = A4[0] - MARGIN - SCAN
    sheet.canvas.setFillColorRGB(*INK)
    for row, line in enumerate(matrix):
        for column, dark in enumerate(line):
            if dark:
                x, y = left + (column + QUIET) * module, top - (row + QUIET + 1) * module
                sheet.canvas.rect(x, y, module, module, stroke=0, fill=1)
    TextBit(both(words, bold=False), 7.4, MUTED, align="centre").draw(sheet, left, top - SCAN, SCAN)


def _draw_about(sheet: Sheet, text: PrintText, top: float) -> None:
    width = _BODY - SCAN - 8 * MM
    for name in _ABOUT:
        bit = TextBit(both(text.say(f"card_{name}"), bold=False), 9.6)
        bit.draw(sheet, MARGIN, top, width)
        top -= bit.height(width) + 3.2 * MM
    for name in ("given", "checked"):
        words = text.say(f"card_{name}")
        top -= 9 * MM
        sheet.text(MARGIN, top, words.in_one_line(), size=8, ink=MUTED)
        sheet.line(MARGIN + 58 * MM, top - 1, MARGIN + width, top - 1)
