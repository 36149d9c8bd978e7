"""Pictures for docs/disclosure-attacks.md, as SVG written by hand: no drawing library, no font but the reader's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path

from bench.disclosure.shelter import FIRST, LAST, Shelter

INK, SOFT, LINE, PAPER = "#1d2b2a", "#5b6b69", "#c9d3d1", "#ffffff"
BAD, WARN, GOOD, PALE = "#b3402e", "#d99a3c", "#2f7d6b", "#e7eeec"


@dataclass(slots=True)
class Sheet:
    """A drawing of some width and height."""

    width: int
    height: int
    title: str
    parts: list[str] = field(default_factory=list)

    def box(self, x: float, y: float, w: float, h: float, fill: str, *, edge: str = "none") -> None:
        """Draw a rectangle."""
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="2" fill="{fill}" stroke="{edge}"/>'
        )

    def dot(self, x: float, y: float, r: float, fill: str, *, edge: str = "none") -> None:
        """Draw a disc."""
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{fill}" stroke="{edge}"/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, ink: str = LINE, *, dash: str = "") -> None:
        """Draw a line."""
        style = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{ink}" stroke-width="1"{style}/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        ink: str = INK,
        size: int = 13,
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        """Write words."""
        weight = ' font-weight="600"' if bold else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" fill="{ink}" font-size="{size}" text-anchor="{anchor}"{weight}>'
            f"{escape(words)}</text>"
        )

    def save(self, path: Path) -> None:
        """Write the file."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" width="{self.width}" '
            f'height="{self.height}" role="img" font-family="system-ui, sans-serif"><title>{escape(self.title)}</title>'
        )
        paper = f'<rect width="{self.width}" height="{self.height}" fill="{PAPER}"/>'
        path.write_text("\n".join([head, paper, *self.parts, "</svg>"]) + "\n", encoding="utf-8")


def subtraction(path: Path) -> None:
    """Draw how two monthly tables give a newcomer away."""
    sheet = Sheet(760, 268, "Two monthly tables, subtracted")
    tables = [
        ("31 March", [("Nigeria", "6"), ("Morocco", "<5"), ("Pakistan", "0"), ("all", "9")], 30),
        ("30 April", [("Nigeria", "6"), ("Morocco", "<5"), ("Pakistan", "<5"), ("all", "10")], 270),
    ]
    for name, rows, x in tables:
        sheet.text(x, 36, name, bold=True)
        for number, (item, count) in enumerate(rows):
            y = 50 + 32 * number
            changed = name == "30 April" and item == "Pakistan"
            sheet.box(x, y, 200, 28, "#f7e3df" if changed else PALE)
            sheet.text(x + 10, y + 19, item)
            sheet.text(x + 190, y + 19, count, anchor="end", ink=BAD if changed else INK, bold=changed)
    sheet.text(245, 112, "→", size=20, ink=SOFT)
    sheet.text(510, 36, "The neighbour knows", bold=True)
    for number, words in enumerate(("one woman came on 14 April;", "nobody left.")):
        sheet.text(510, 68 + 20 * number, words)
    sheet.text(510, 130, "So she is from Pakistan.", ink=BAD, bold=True)
    sheet.text(510, 152, "No cell of either table was", ink=SOFT)
    sheet.text(510, 170, "printed under five.", ink=SOFT)
    sheet.line(30, 200, 730, 200)
    sheet.text(
        30,
        226,
        "A zero that becomes “<5” is one person. A total that is printed makes the other side of every split known.",
        ink=SOFT,
    )
    sheet.text(
        30,
        248,
        "Suppressing a second cell in each month does not help: the tables of overlapping months still subtract.",
        ink=SOFT,
    )
    sheet.save(path)


def proof(path: Path) -> None:
    """Draw why a group of up to four can be anything under rule R2."""
    sheet = Sheet(760, 300, "Why four guests can be anything")
    sheet.text(30, 32, "What was published", bold=True)
    sheet.text(400, 32, "Another house with the same report", bold=True)
    for x, group in ((30, ("A", "A", "B", "A")), (400, ("C", "B", "A", "C"))):
        sheet.box(x, 48, 330, 120, PALE)
        sheet.text(x + 12, 70, "block “A, B, C”: 9 persons", ink=SOFT)
        others = ("A", "B", "A", "A", "C") if x == 30 else ("A",) * 5
        for number, item in enumerate((*group, *others)):
            mine = number < 4
            cx = x + 30 + 34 * number
            sheet.dot(cx, 112, 14, WARN if mine else PAPER, edge=INK)
            sheet.text(cx, 117, item, anchor="middle", bold=mine)
        sheet.text(
            x + 12, 154, "W: any four guests" if x == 30 else "W as you please, all others in one item", ink=SOFT
        )
    for number, words in enumerate(
        (
            "1. Take any group W of at most k − 1 = 4 guests (filled) and wish them any items.",
            "2. In every published block put all others (white) into one item. The block's count is the same.",
            "3. Would the program now split the block? One side of any split has members of W only: at most 4.",
            "4. It needs k = 5 on both sides, so it does not split: the report is the same, word for word.",
        )
    ):
        sheet.text(30, 200 + 24 * number, words)
    sheet.save(path)


def bars(path: Path, rows: Sequence[tuple[str, Sequence[float]]], names: Sequence[str], note: str) -> None:
    """Draw the shares of guests recovered, method by method."""
    height = 96 + 52 * len(rows)
    sheet = Sheet(760, height, "Guests whose characteristic is recovered exactly")
    inks = (BAD, WARN, GOOD)
    for number, name in enumerate(names):
        sheet.box(270 + 150 * number, 18, 12, 12, inks[number])
        sheet.text(288 + 150 * number, 29, name, ink=SOFT)
    for number, (name, shares) in enumerate(rows):
        y = 48 + 52 * number
        sheet.text(256, y + 25, name, anchor="end", bold=name.startswith("Approdo"))
        for n, share in enumerate(shares):
            sheet.box(270, y + 13 * n, max(1.0, 4.2 * share), 11, inks[n])
            sheet.text(276 + 4.2 * share, y + 10 + 13 * n, f"{share:.0f} %", size=11, ink=SOFT)
    sheet.text(20, height - 18, note, ink=SOFT, size=12)
    sheet.save(path)


def calendar(path: Path, shelter: Shelter, days: Sequence[tuple[str, date]]) -> None:
    """Draw the stays of an invented house as a neighbour sees them, and the days whose tables go out."""
    tokens = list(dict.fromkeys(stay.token for stay in sorted(shelter.stays, key=lambda s: s.entered)))
    left, row = 30, 9
    height = 70 + row * len(tokens) + 40
    sheet = Sheet(760, height, "What the neighbour sees")
    span = (LAST - FIRST).days

    def x_of(day: date) -> float:
        return left + 700 * max(0, min(span, (day - FIRST).days)) / span

    sheet.text(left, 24, f"{len(tokens)} guests in two years, {shelter.beds} beds: a line is a stay", bold=True)
    for stay in shelter.stays:
        x, y = x_of(stay.entered), 54 + row * tokens.index(stay.token)
        sheet.box(x, y, max(2.0, x_of(stay.left or LAST) - x), row - 3, GOOD)
    for name, day in days:
        sheet.line(x_of(day), 47, x_of(day), height - 34, BAD, dash="4 3")
        anchor = "end" if x_of(day) > 700 else "middle"
        sheet.text(x_of(day), 42, name, anchor=anchor, size=11, ink=BAD)
    note = "Whoever is in one release and not in another must be nobody, or at least k: the calendar alone decides it."
    sheet.text(left, height - 14, note, ink=SOFT, size=12)
    sheet.save(path)
