"""How the presence register looks: a landscape grid, its header repeated on each page, sums and signatures at the end.

The numbers come counted from `app.prints.presence`.
"""

from __future__ import annotations

from datetime import date

from app.prints.bit import TextBit, marked_up
from app.prints.presence_sheet import OUTSIDE, Plan, PlannedLine, PresenceSheet
from app.prints.print_text import PrintText, short_date
from app.prints.sheet import HAIRLINE, INK, MM, MUTED, PRIMARY, TINT, Sheet
from app.reference.codelist import codelist

MARGIN = 10 * MM
HEAD = 20 * MM
FOOT = 12 * MM
HEADER_ROW = 9 * MM
ROW = 6.2 * MM
INITIALS_ROW = 8 * MM
CLOSING = 33 * MM
WEEKEND = (0.945, 0.953, 0.961)
FIRST_WEEKEND_DAY = 5


class PresencePages:
    """The register being drawn."""

    def __init__(self, sheet: PresenceSheet, plan: Plan, text: PrintText) -> None:
        self._sheet = sheet
        self._plan = plan
        self._text = text
        self._paper = Sheet(self._say("presence_title"), "it", landscape=True)
        self._left = [6 * MM, 32 * MM, 12 * MM]
        self._right = [12 * MM, 11 * MM] + ([24 * MM] if sheet.has_guest_signature else [])
        grid = self._paper.width - 2 * MARGIN
        self._day = (grid - sum(self._left) - sum(self._right)) / sheet.days
        self._weekends = self._weekend_days()

    def _say(self, name: str, /, **values: object) -> str:
        return self._text.say(name, **values).it

    def _weekend_days(self) -> frozenset[int]:
        if self._sheet.year is None or self._sheet.month is None:
            return frozenset()
        first = date(self._sheet.year, self._sheet.month, 1).weekday()
        return frozenset(d for d in range(self._sheet.days) if (first + d) % 7 >= FIRST_WEEKEND_DAY)

    def pdf(self) -> bytes:
        """Return the finished register."""
        rows: list[PlannedLine | None] = [*self._plan.lines, *[None] * self._sheet.blank_lines]
        pages = self._split(rows)
        start = 0
        for index, page in enumerate(pages):
            self._draw_head()
            top = self._paper.height - HEAD
            top = self._draw_header(top)
            for row, planned in enumerate(page, start=start + 1):
                top = self._draw_line(top, row, planned)
            start += len(page)
            top = self._draw_initials(top)
            if index == len(pages) - 1:
                self._draw_closing(self._draw_totals(top))
            self._draw_foot(index + 1, len(pages))
            self._paper.next_page()
        return self._paper.finish()

    def _split(self, rows: list[PlannedLine | None]) -> list[list[PlannedLine | None]]:
        """Spread the rows over the fewest pages, evenly, leaving room for sums and signatures on the last."""
        room = self._paper.height - HEAD - FOOT - HEADER_ROW - INITIALS_ROW
        full, last = int(room / ROW), int((room - ROW - CLOSING) / ROW)
        count = 1
        while (count - 1) * full + last < len(rows):
            count += 1
        pages, rest = [], list(rows)
        for left in range(count, 1, -1):
            most_later = (left - 2) * full + last
            take = min(full, max(-(-len(rest) // left), len(rest) - most_later))
            pages.append(rest[:take])
            rest = rest[take:]
        return [*pages, rest]

    def _draw_head(self) -> None:
        sheet, paper = self._sheet, self._paper
        right = paper.width - MARGIN
        top = paper.height - 10 * MM
        month = self._say("presence_month_blank")
        if sheet.year is not None and sheet.month is not None:
            month = self._text.month(sheet.year, sheet.month).it
        paper.fitted_text(MARGIN, top, sheet.ente, 95 * MM, size=10, bold=True)
        paper.fitted_text(MARGIN, top - 10, sheet.project, 95 * MM, size=7.6, ink=MUTED)
        paper.text(
            paper.width / 2, top - 1, self._say("presence_title"), size=14, bold=True, ink=PRIMARY, align="centre"
        )
        paper.text(paper.width / 2, top - 13, month, size=10, align="centre")
        house = sheet.house_code or "__________"
        places = "____" if sheet.capacity is None else str(sheet.capacity)
        named = f"{self._say('presence_house')}: {house}"
        paper.fitted_text(right, top, named, 80 * MM, size=9, bold=True, align="right")
        paper.text(right, top - 11, f"{self._say('presence_capacity')}: {places}", size=9, align="right")
        paper.line(MARGIN, top - 18, right, top - 18, width=1.2, ink=PRIMARY)

    def _columns(self) -> list[tuple[float, float]]:
        """Return left edge and width of every column."""
        at, columns = MARGIN, []
        for width in (*self._left, *[self._day] * self._sheet.days, *self._right):
            columns.append((at, width))
            at += width
        return columns

    def _boxes(self, top: float, height: float, *, fill: tuple[float, float, float] | None = None) -> None:
        first_day = len(self._left)
        for index, (left, width) in enumerate(self._columns()):
            is_weekend = index - first_day in self._weekends
            self._paper.box(left, top - height, width, height, fill=WEEKEND if is_weekend and not fill else fill)

    def _draw_header(self, top: float) -> float:
        self._boxes(top, HEADER_ROW, fill=TINT)
        columns = self._columns()
        names = ["presence_number", "presence_guest", "presence_room"]
        tail = ["presence_nights", "presence_away", "presence_guest_signature"][: len(self._right)]
        for (left, width), name in zip([*columns[:3], *columns[-len(tail) :]], [*names, *tail], strict=True):
            text = self._say(name)
            centre, base = left + width / 2, top - HEADER_ROW / 2 - 2.6
            self._paper.fitted_text(centre, base, text, width - 3, size=7.4, bold=True, align="centre")
        letters = self._text.weekday_letters()
        first = None if self._sheet.year is None else date(self._sheet.year, self._sheet.month or 1, 1).weekday()
        for day in range(self._sheet.days):
            left, width = columns[3 + day]
            ink = PRIMARY if day in self._weekends else INK
            if first is not None:
                letter = letters[(first + day) % 7]
                self._paper.text(left + width / 2, top - 9.5, letter, size=6.6, ink=MUTED, align="centre")
            self._paper.text(left + width / 2, top - 20, str(day + 1), size=8, bold=True, ink=ink, align="centre")
        return top - HEADER_ROW

    def _draw_line(self, top: float, number: int, planned: PlannedLine | None) -> float:
        self._boxes(top, ROW)
        columns = self._columns()
        base = top - ROW / 2 - 2.8
        self._paper.text(columns[0][0] + columns[0][1] / 2, base, str(number), size=7, ink=MUTED, align="centre")
        if planned is None:
            return top - ROW
        line = planned.line
        left, width = columns[1]
        self._paper.fitted_text(left + 3, base, line.code, width * 0.62, size=8, bold=True)
        self._paper.fitted_text(left + width - 3, base, line.initials, width * 0.3, size=8, align="right")
        room_left, room_width = columns[2]
        centre = room_left + room_width / 2
        self._paper.fitted_text(centre, base, line.room, room_width - 4, size=7.4, least=4, align="centre")
        for (cell_left, cell_width), cell in zip(columns[3:], line.cells, strict=False):
            self._draw_cell(cell_left + cell_width / 2, base, cell)
        if line.cells:
            sums = columns[3 + self._sheet.days :]
            for (sum_left, sum_width), value in zip(sums, (planned.nights, planned.absences), strict=False):
                self._paper.text(sum_left + sum_width - 5, base, str(value), size=8, bold=True, align="right")
        return top - ROW

    def _draw_cell(self, centre: float, base: float, cell: str) -> None:
        if cell == OUTSIDE:
            self._paper.text(centre, base, "–", size=7, ink=HAIRLINE, align="centre")
        elif cell:
            is_here = cell in self._plan.here
            self._paper.text(centre, base, cell, size=7.6, bold=not is_here, align="centre")

    def _wide_row(self, top: float, height: float, label: str) -> None:
        """Draw a row whose first three columns are one, named `label`."""
        paper, columns = self._paper, self._columns()
        paper.box(MARGIN, top - height, sum(self._left), height)
        for left, width in columns[3:]:
            paper.box(left, top - height, width, height)
        paper.text(MARGIN + 3, top - height / 2 - 2.6, label, size=7.4, bold=True)

    def _draw_initials(self, top: float) -> float:
        self._wide_row(top, INITIALS_ROW, self._say("presence_initials"))
        return top - INITIALS_ROW

    def _draw_totals(self, top: float) -> float:
        self._wide_row(top, ROW, self._say("presence_total"))
        columns = self._columns()
        base = top - ROW / 2 - 2.8
        for (left, width), total in zip(columns[3:], self._plan.totals, strict=False):
            if total is not None:
                self._paper.text(left + width / 2, base, str(total), size=7.4, align="centre")
        if self._plan.lines:
            sums = (sum(p.nights for p in self._plan.lines), sum(p.absences for p in self._plan.lines))
            for (left, width), value in zip(columns[3 + self._sheet.days :], sums, strict=False):
                self._paper.text(left + width - 5, base, str(value), size=8, bold=True, align="right")
        return top - ROW

    def _draw_closing(self, top: float) -> None:
        paper = self._paper
        width = paper.width - 2 * MARGIN
        counted = self._say("presence_counted", here=", ".join(self._plan.here), away=", ".join(self._plan.away))
        bit = TextBit(marked_up(counted), 7, MUTED)
        bit.draw(paper, MARGIN, top - 4, width)
        top -= bit.height(width) + 8
        closed = self._say("presence_closed")
        if self._sheet.closed_on is not None:
            closed += f" {short_date(self._sheet.closed_on)}"
        names = (self._say("presence_operator"), self._say("presence_coordinator"), closed)
        shares = (0.38, 0.38, 0.24)
        left = MARGIN
        for name, share in zip(names, shares, strict=True):
            room = width * share - 6 * MM
            paper.text(left, top - 8, name, size=7.4, bold=True)
            paper.line(left, top - 16 * MM, left + room, top - 16 * MM, width=0.6, ink=MUTED)
            left += width * share

    def _draw_foot(self, page: int, pages: int) -> None:
        paper = self._paper
        legend = " · ".join(f"{code.code} {code.label_it.lower()}" for code in codelist("presence"))
        paper.fitted_text(MARGIN, FOOT - 12, legend, (paper.width - 2 * MARGIN) * 0.86, size=7)
        counter = self._say("page", page=page, pages=pages)
        paper.text(paper.width - MARGIN, FOOT - 12, counter, size=7, ink=MUTED, align="right")
