"""The kitchen sheet: how many of each meal and of each diet on one day. No name, no code, no illness.

What may be on it is decided by who fills the sheet; here it is only set on paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.prints.document import Words
from app.prints.print_text import PrintText, short_date
from app.prints.sheet import INK, MM, MUTED, TINT, Sheet

MARGIN = 18 * MM
LINE = 9 * MM
HEAD = 12 * MM


@dataclass(frozen=True, slots=True)
class KitchenLine:
    """One kind of meal: for how many guests, how many of those keep each diet, and how many of the staff eat."""

    kind: Words
    total: int
    diets: tuple[tuple[Words, int], ...] = ()
    staff: int = 0


@dataclass(frozen=True, slots=True)
class KitchenSheet:
    """A day's kitchen sheet; `avoided` is what must not be on a plate, with for how many."""

    day: date
    confirmed: bool
    lines: tuple[KitchenLine, ...]
    avoided: tuple[tuple[str, int], ...] = ()


def kitchen_sheet(sheet: KitchenSheet) -> bytes:
    """Return the sheet as a PDF, in Italian: large letters, to hang on a kitchen wall."""
    text = PrintText(english=False)
    title = text.say("kitchen_title").it
    paper = Sheet(title, "it")
    top = _head(paper, text, sheet)
    for line in sheet.lines:
        needed = HEAD + (len(line.diets) + bool(line.staff)) * LINE
        if top - needed < MARGIN + 2 * LINE:
            paper.next_page()
            top = _head(paper, text, sheet)
        top = _meal(paper, text, line, top)
    _avoided(paper, text, sheet, top)
    return paper.finish()


def _head(paper: Sheet, text: PrintText, sheet: KitchenSheet) -> float:
    top = paper.height - MARGIN
    paper.text(MARGIN, top - 18, text.say("kitchen_title").it, size=22, bold=True)
    right = paper.width - MARGIN
    paper.text(right, top - 18, short_date(sheet.day), size=22, bold=True, align="right")
    state = text.say("kitchen_confirmed" if sheet.confirmed else "kitchen_proposed").it
    paper.text(MARGIN, top - 36, state, size=10, ink=MUTED)
    return top - 18 * MM


def _meal(paper: Sheet, text: PrintText, line: KitchenLine, top: float) -> float:
    left, right = MARGIN, paper.width - MARGIN
    paper.box(left, top - HEAD, right - left, HEAD, fill=TINT, stroke=None)
    paper.text(left + 8, top - HEAD + 11, line.kind.it, size=16, bold=True)
    paper.text(right - 8, top - HEAD + 11, str(line.total), size=20, bold=True, align="right")
    top -= HEAD
    rows = [(words.it, n) for words, n in line.diets]
    if line.staff:
        rows.append((text.say("kitchen_staff").it, line.staff))
    for words, n in rows:
        paper.fitted_text(left + 20, top - LINE + 8, words, right - left - 80, size=13, ink=INK)
        paper.text(right - 8, top - LINE + 8, str(n), size=14, bold=True, align="right")
        paper.line(left, top - LINE, right, top - LINE)
        top -= LINE
    return top - 4 * MM


def _avoided(paper: Sheet, text: PrintText, sheet: KitchenSheet, top: float) -> None:
    left, room = MARGIN, paper.width - 2 * MARGIN
    if sheet.avoided:
        if top - HEAD - len(sheet.avoided) * LINE < MARGIN:
            paper.next_page()
            top = _head(paper, text, sheet)
        paper.text(left, top - 14, text.say("kitchen_avoid").it, size=14, bold=True)
        top -= HEAD
        for note, n in sheet.avoided:
            paper.fitted_text(left + 20, top - LINE + 8, note, room - 80, size=13)
            paper.text(left + room - 8, top - LINE + 8, str(n), size=14, bold=True, align="right")
            paper.line(left, top - LINE, left + room, top - LINE)
            top -= LINE
    paper.text(left, MARGIN - 6, text.say("kitchen_foot").it, size=8, ink=MUTED)
