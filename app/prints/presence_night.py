"""The sheet of some nights to be filled in by hand without electricity: guests by room, the codes as on screen.

It names nobody, no house and no ente, and explains the letters in words that say nothing about anybody who finds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.prints.print_text import PrintText, short_date
from app.prints.sheet import HAIRLINE, INK, MM, MUTED, PRIMARY, TINT, Sheet
from app.reference.codelist import codelist

OUTSIDE = "-"
MARGIN = 10 * MM
HEAD = 21 * MM
FOOT = 19 * MM
HEADER_ROW = 10.5 * MM
ROW_MOST, ROW_LEAST = 8.2 * MM, 5.8 * MM
ROOM_SHARE = 0.75
"""How high a room's heading is beside a guest's line."""
NOTES_MOST, NOTES_LEAST = 36 * MM, 12 * MM
NOTE_LINE = 7 * MM


@dataclass(frozen=True, slots=True)
class NightRow:
    """A guest's line: her code and initials, room and bed; `outside` tells of each night whether she is not here."""

    code: str
    initials: str = ""
    room: str = ""
    bed: str = ""
    outside: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class NightPaper:
    """Nights in a row with the kinds of meal that the house proposes; `house_code` is a code, never a name."""

    nights: tuple[date, ...]
    rows: tuple[NightRow, ...] = ()
    meals: tuple[str, ...] = ()
    house_code: str = ""
    blank_rows: int = 3


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the paper: a room's heading, a guest with her number, or one left blank."""

    number: int = 0
    room: str | None = None
    row: NightRow | None = None

    @property
    def share(self) -> float:
        """Its height beside a guest's line."""
        return 1 if self.room is None else ROOM_SHARE


def night_sheet(paper: NightPaper) -> bytes:
    """Return the sheet as a PDF: one night upright, several in landscape, on as many pages as it needs."""
    return _NightPages(paper, PrintText(english=False)).pdf()


class _NightPages:
    """The sheet being drawn."""

    def __init__(self, paper: NightPaper, text: PrintText) -> None:
        self._paper = paper
        self._text = text
        self._alone = len(paper.nights) == 1
        self._sheet = Sheet(self._say("paper_title"), "it", landscape=not self._alone)
        self._left = (7 * MM, 15 * MM, 21 * MM, 13 * MM)
        self._note = 46 * MM if self._alone else 0.0
        room = self._sheet.width - 2 * MARGIN - sum(self._left) - self._note
        self._night = room / len(paper.nights)
        meals = len(paper.meals)
        self._meal = min(self._night * 0.62 / meals, 17 * MM) if meals else 0.0
        self._state = self._night - self._meal * meals
        self._row = ROW_MOST

    def _say(self, name: str, /, **values: object) -> str:
        return self._text.say(name, **values).it

    def _lines(self) -> list[_Line]:
        lines, before = [], None
        rooms = any(row.room for row in self._paper.rows)
        for number, row in enumerate(self._paper.rows, start=1):
            if rooms and row.room != before:
                lines.append(_Line(room=row.room))
                before = row.room
            lines.append(_Line(number, row=row))
        count = len(self._paper.rows)
        if rooms and self._paper.blank_rows:
            lines.append(_Line(room=self._say("paper_new")))
        return [*lines, *(_Line(count + at) for at in range(1, self._paper.blank_rows + 1))]

    def pdf(self) -> bytes:
        """Return the finished sheet."""
        pages = self._split(self._lines())
        for index, lines in enumerate(pages):
            self._draw_head()
            top = self._draw_header(self._sheet.height - HEAD)
            for line in lines:
                top = self._draw_line(top, line)
            top = self._draw_signs(top)
            if index == len(pages) - 1:
                self._draw_notes(top)
            self._draw_foot(index + 1, len(pages))
            self._sheet.next_page()
        return self._sheet.finish()

    def _split(self, lines: list[_Line]) -> list[list[_Line]]:
        """Put all on one page if lines of some height fit, with room for notes; else fill page after page."""
        room = self._sheet.height - HEAD - FOOT - HEADER_ROW
        shares = sum(line.share for line in lines) + 1
        for notes in (NOTES_MOST, NOTES_LEAST, 0):
            self._row = min(ROW_MOST, (room - notes) / shares)
            if self._row >= ROW_LEAST:
                return [lines]
        self._row = (ROW_MOST + ROW_LEAST) / 2
        return self._pages(lines, room / self._row - 1)

    @staticmethod
    def _pages(lines: list[_Line], room: float) -> list[list[_Line]]:
        """Fill pages that have room for so many lines; a room's heading never stands alone at the foot of one."""
        pages: list[list[_Line]] = [[]]
        used = 0.0
        for at, line in enumerate(lines):
            needs = line.share + (lines[at + 1].share if line.room is not None and at + 1 < len(lines) else 0)
            if used + needs > room:
                pages.append([])
                used = 0.0
            pages[-1].append(line)
            used += line.share
        return pages

    def _draw_head(self) -> None:
        sheet, nights = self._sheet, self._paper.nights
        top, right = sheet.height - 10 * MM, sheet.width - MARGIN
        sheet.text(MARGIN, top - 3, self._say("paper_title"), size=14, bold=True, ink=PRIMARY)
        span = (
            self._say("paper_night", day=short_date(nights[0]))
            if self._alone
            else self._say("paper_nights", first=short_date(nights[0]), last=short_date(nights[-1]))
        )
        sheet.text(MARGIN, top - 16, span, size=10, bold=True)
        if self._paper.house_code:
            sheet.text(right, top - 3, self._paper.house_code, size=11, bold=True, align="right")
        sheet.fitted_text(right, top - 16, self._say("paper_how"), sheet.width * 0.56, size=8, ink=MUTED, align="right")
        sheet.line(MARGIN, top - 23, right, top - 23, width=1.2, ink=PRIMARY)

    def _edges(self) -> list[float]:
        """Return where the four columns at the left begin, and where the nights do."""
        edges = [MARGIN]
        for width in self._left:
            edges.append(edges[-1] + width)
        return edges

    def _draw_header(self, top: float) -> float:
        sheet, edges = self._sheet, self._edges()
        names = ("presence_number", "paper_bed", "paper_code", "paper_initials")
        for left, width, name in zip(edges, self._left, names, strict=False):
            sheet.box(left, top - HEADER_ROW, width, HEADER_ROW, fill=TINT)
            room, base = width - 3, top - HEADER_ROW / 2 - 2.6
            sheet.fitted_text(left + width / 2, base, self._say(name), room, size=7.4, bold=True, align="centre")
        letters = self._text.weekday_letters()
        half = HEADER_ROW / 2
        for night, left in zip(self._paper.nights, self._night_lefts(), strict=True):
            sheet.box(left, top - half, self._night, half, fill=TINT, stroke=INK, line_width=0.8)
            named = f"{letters[night.weekday()]} {night.day}/{night.month}"
            sheet.text(left + self._night / 2, top - half + 4.4, named, size=9, bold=True, align="centre")
            self._draw_boxes(left, top - half, half, fill=True)
            middle = top - HEADER_ROW + 4.6
            state = self._say("paper_state")
            sheet.fitted_text(left + self._state / 2, middle, state, self._state - 2, size=7, bold=True, align="centre")
            for at, kind in enumerate(self._paper.meals):
                word, centre = self._say(f"paper_meal_{kind}"), left + self._state + self._meal * (at + 0.5)
                sheet.fitted_text(centre, middle, word, self._meal - 2, size=7, least=4, align="centre")
        if self._note:
            left = edges[-1] + self._night
            sheet.box(left, top - HEADER_ROW, self._note, HEADER_ROW, fill=TINT)
            sheet.text(left + 4, top - half - 2.6, self._say("paper_note"), size=7.4, bold=True)
        return top - HEADER_ROW

    def _night_lefts(self) -> list[float]:
        first = self._edges()[-1]
        return [first + self._night * at for at in range(len(self._paper.nights))]

    def _draw_boxes(self, left: float, top: float, height: float, *, fill: bool = False) -> None:
        """Draw a night's boxes: the wide one of the state with a strong edge, then the meals."""
        ground = TINT if fill else None
        for at in range(len(self._paper.meals)):
            self._sheet.box(left + self._state + self._meal * at, top - height, self._meal, height, fill=ground)
        self._sheet.box(left, top - height, self._state, height, fill=ground, stroke=INK, line_width=0.8)

    def _draw_line(self, top: float, line: _Line) -> float:
        sheet, edges = self._sheet, self._edges()
        right = edges[-1] + self._night * len(self._paper.nights) + self._note
        high = self._row * line.share
        if line.room is not None:
            sheet.box(MARGIN, top - high, right - MARGIN, high, fill=(0.945, 0.953, 0.961))
            named = line.room if line.room == self._say("paper_new") else self._say("paper_room", room=line.room)
            words = named if line.room else self._say("paper_no_room")
            sheet.text(MARGIN + 3, top - high / 2 - 2.8, words, size=8, bold=True)
            return top - high
        for left, width in zip(edges, self._left, strict=False):
            sheet.box(left, top - self._row, width, self._row)
        base = top - self._row / 2 - 2.8
        sheet.text(edges[0] + self._left[0] / 2, base, str(line.number), size=7.4, ink=MUTED, align="centre")
        outside = line.row.outside if line.row is not None else ()
        if line.row is not None:
            sheet.fitted_text(edges[1] + 3, base, line.row.bed, self._left[1] - 6, size=8, least=5)
            sheet.fitted_text(edges[2] + 3, base, line.row.code, self._left[2] - 5, size=8.6, bold=True)
            sheet.fitted_text(edges[3] + 3, base, line.row.initials, self._left[3] - 5, size=8.6)
        for at, left in enumerate(self._night_lefts()):
            self._draw_boxes(left, top, self._row)
            if at < len(outside) and outside[at]:
                sheet.text(left + self._state / 2, base, "–", size=9, ink=HAIRLINE, align="centre")
        if self._note:
            sheet.box(right - self._note, top - self._row, self._note, self._row)
        return top - self._row

    def _draw_signs(self, top: float) -> float:
        """Draw where each night is signed."""
        sheet, first = self._sheet, self._edges()[-1]
        sheet.box(MARGIN, top - self._row, first - MARGIN, self._row, fill=TINT)
        sheet.text(MARGIN + 3, top - self._row / 2 - 2.6, self._say("paper_sign"), size=7.6, bold=True)
        for left in self._night_lefts():
            sheet.box(left, top - self._row, self._night, self._row, stroke=INK, line_width=0.8)
        return top - self._row

    def _draw_notes(self, top: float) -> None:
        """Draw lines to write on, as many as there is room for."""
        sheet, right = self._sheet, self._sheet.width - MARGIN
        count = int((min(top - FOOT, NOTES_MOST) - 4 * MM) / NOTE_LINE)
        if count > 0:
            sheet.text(MARGIN, top - 5 * MM, self._say("paper_notes"), size=7.6, bold=True)
        for at in range(1, count + 1):
            sheet.line(MARGIN, top - 4 * MM - at * NOTE_LINE, right, top - 4 * MM - at * NOTE_LINE)

    def _draw_foot(self, page: int, pages: int) -> None:
        sheet, width = self._sheet, self._sheet.width - 2 * MARGIN
        letters = "   ".join(f"{code} {self._say(f'paper_word_{code}')}" for code in codelist("presence").codes())
        sheet.fitted_text(MARGIN, FOOT - 12, letters, width, size=9, bold=True)
        if self._paper.meals:
            sheet.fitted_text(MARGIN, FOOT - 23, self._say("paper_meals"), width, size=8)
        sheet.fitted_text(MARGIN, FOOT - 34, self._say("paper_after"), width * 0.86, size=8, ink=MUTED)
        counter = self._say("page", page=page, pages=pages)
        sheet.text(sheet.width - MARGIN, FOOT - 34, counter, size=8, ink=MUTED, align="right")
