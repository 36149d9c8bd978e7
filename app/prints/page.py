"""The frame of an upright page: margins, who issues the form, draft and copy marks, page x/y.

What stands between head and foot is laid out by `app.prints.setter`.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.prints.bit import TextBit, coloured, marked_up
from app.prints.document import Document, Head, Words
from app.prints.piece import CellRow
from app.prints.sheet import A4, AMBER, MM, MUTED, PRIMARY, Sheet, fitted, width_of

MARGIN = 14 * MM
BODY_WIDTH = A4[0] - 2 * MARGIN
HEAD_LINE = A4[1] - 16.5 * MM
FOOT = 13 * MM
BODY_FOOT = FOOT + 2 * MM


def body_top(head: Head) -> float:
    """Return where the body begins: under the marks, where the form has any."""
    has_marks = head.draft is not None or head.destination is not None
    return HEAD_LINE - (7.6 if has_marks else 3.2) * MM


@dataclass(frozen=True)
class Title:
    """The title of a form, the second language smaller behind it."""

    words: Words
    keep: bool = False
    repeated: CellRow | None = None

    @property
    def _bit(self) -> TextBit:
        markup = f"<b>{marked_up(self.words.it)}</b>"
        if self.words.other not in ("", self.words.it):
            markup += f'&nbsp; <font size="12">{coloured(marked_up(self.words.other), MUTED)}</font>'
        return TextBit(markup, 17, PRIMARY)

    @property
    def height(self) -> float:
        """Return the height of the words and the space beneath."""
        return self._bit.height(BODY_WIDTH) + 4

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Draw the words."""
        self._bit.draw(sheet, x, top, BODY_WIDTH)


def title_piece(document: Document) -> Title:
    """Return the piece that opens the first page."""
    return Title(document.head.words)


def draw_frame(sheet: Sheet, document: Document, *, page: int, pages: int) -> None:
    """Draw head, marks and foot of one page."""
    head = document.head
    _draw_head(sheet, head, first=page == 1)
    _draw_marks(sheet, head)
    _draw_foot(sheet, head, page=page, pages=pages)


def _draw_head(sheet: Sheet, head: Head, *, first: bool) -> None:
    right = sheet.width - MARGIN
    room = BODY_WIDTH * 0.62
    rest = BODY_WIDTH - room - 8
    sheet.fitted_text(MARGIN, HEAD_LINE + 13, head.issuer, room, size=10.5, bold=True, least=6.5)
    sheet.fitted_text(MARGIN, HEAD_LINE + 4, head.project, BODY_WIDTH * 0.4, size=7.6, ink=MUTED)
    sheet.fitted_text(right, HEAD_LINE + 13, head.form.in_one_line(), rest, size=7.6, ink=MUTED, align="right")
    if not first:
        title = head.words.it if not head.subject else f"{head.words.it} · {head.subject}"
        sheet.fitted_text(right, HEAD_LINE + 4, title, BODY_WIDTH * 0.58, size=8.4, bold=True, align="right")
    sheet.line(MARGIN, HEAD_LINE, right, HEAD_LINE, width=1.2, ink=PRIMARY)


def _draw_marks(sheet: Sheet, head: Head) -> None:
    room = BODY_WIDTH
    if head.destination is not None:
        room -= _draw_mark(sheet, head.destination, MUTED, room=BODY_WIDTH / 2, at_right=True) + 8
    if head.draft is not None:
        _draw_mark(sheet, head.draft, AMBER, room=room, at_right=False)


def _draw_mark(sheet: Sheet, words: Words, ink: tuple[float, float, float], *, room: float, at_right: bool) -> float:
    """Draw a mark under the line of the head; return its width."""
    text, size = fitted(words.in_one_line(), room - 12, 7.4, bold=True)
    width = width_of(text, size, bold=True) + 12
    left = sheet.width - MARGIN - width if at_right else MARGIN
    base = HEAD_LINE - 5.4 * MM
    sheet.box(left, base, width, 12.2, stroke=ink, line_width=0.9, radius=3)
    sheet.text(left + 6, base + 3.5, text, size=size, bold=True, ink=ink)
    return width


def _draw_foot(sheet: Sheet, head: Head, *, page: int, pages: int) -> None:
    right = sheet.width - MARGIN
    sheet.line(MARGIN, FOOT, right, FOOT)
    if head.copy_mark is not None:
        copy = head.copy_mark.in_one_line(" ")
        sheet.fitted_text(MARGIN, FOOT - 10.5, copy, BODY_WIDTH * 0.72, size=7.6, ink=MUTED)
    counter = Words(
        head.page.it.format(page=page, pages=pages), head.page.other.format(page=page, pages=pages)
    ).in_one_line()
    sheet.fitted_text(right, FOOT - 10.5, counter, BODY_WIDTH * 0.26, size=7.6, ink=MUTED, align="right")
