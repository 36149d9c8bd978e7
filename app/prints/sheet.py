"""A reportlab canvas that writes into memory: fonts embedded, metadata empty of people, the same bytes each time.

What is drawn on it is the caller's business.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from app.prints import font

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)

# Inks that stay readable from a worn black-and-white printer.
INK = (0.086, 0.129, 0.169)
MUTED = (0.30, 0.36, 0.42)
PRIMARY = (0.043, 0.361, 0.420)
TINT = (0.906, 0.949, 0.957)
HAIRLINE = (0.62, 0.68, 0.73)
AMBER = (0.698, 0.369, 0.0)


class Sheet:
    """A PDF in the making; `finish()` ends it."""

    def __init__(self, title: str, language: str, *, landscape: bool = False) -> None:
        from reportlab.pdfgen.canvas import Canvas

        font.register()
        self.width, self.height = (A4[1], A4[0]) if landscape else A4
        self._buffer = BytesIO()
        self.canvas: Canvas = Canvas(
            self._buffer,
            pagesize=(self.width, self.height),
            pageCompression=1,
            invariant=1,
            lang=language,
            initialFontName=font.REGULAR,
            initialFontSize=9,
        )
        self.canvas.setTitle(title)
        self.canvas.setAuthor("")
        self.canvas.setSubject("")
        self.canvas.setCreator("")
        self.canvas.setProducer("Approdo")
        self.canvas.setKeywords("")
        self.canvas.setViewerPreference("DisplayDocTitle", "true")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 9,
        bold: bool = False,
        ink: tuple[float, float, float] = INK,
        align: str = "left",
    ) -> None:
        """Draw one line of text; `align` says which side of it lies at `x` (points from the page's left, bottom)."""
        self.canvas.setFillColorRGB(*ink)
        self.canvas.setFont(font.BOLD if bold else font.REGULAR, size)
        draw = {
            "left": self.canvas.drawString,
            "right": self.canvas.drawRightString,
            "centre": self.canvas.drawCentredString,
        }[align]
        draw(x, y, font.forced(text))

    def fitted_text(
        self,
        x: float,
        y: float,
        text: str,
        room: float,
        *,
        size: float = 9,
        least: float = 5.5,
        bold: bool = False,
        ink: tuple[float, float, float] = INK,
        align: str = "left",
    ) -> None:
        """Draw one line of text that takes no more than `room` points."""
        shown, shown_size = fitted(text, room, size, bold=bold, least=least)
        self.text(x, y, shown, size=shown_size, bold=bold, ink=ink, align=align)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        width: float = 0.5,
        ink: tuple[float, float, float] = HAIRLINE,
    ) -> None:
        """Draw a line."""
        self.canvas.setStrokeColorRGB(*ink)
        self.canvas.setLineWidth(width)
        self.canvas.line(x1, y1, x2, y2)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: tuple[float, float, float] | None = None,
        stroke: tuple[float, float, float] | None = HAIRLINE,
        line_width: float = 0.5,
        radius: float = 0,
    ) -> None:
        """Draw a rectangle whose lower left corner is (x, y)."""
        if fill:
            self.canvas.setFillColorRGB(*fill)
        if stroke:
            self.canvas.setStrokeColorRGB(*stroke)
            self.canvas.setLineWidth(line_width)
        painted = {"stroke": int(stroke is not None), "fill": int(fill is not None)}
        if radius:
            self.canvas.roundRect(x, y, width, height, radius, **painted)
        else:
            self.canvas.rect(x, y, width, height, **painted)

    def next_page(self) -> None:
        """End the page and begin the next one."""
        self.canvas.showPage()

    def finish(self) -> bytes:
        """Return the finished PDF; the last page must have been ended or hold something."""
        self.canvas.save()
        return self._buffer.getvalue()


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a line of text in points."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    font.register()
    return float(stringWidth(text, font.BOLD if bold else font.REGULAR, size))


def fitted(text: str, width: float, size: float, *, bold: bool = False, least: float = 5.5) -> tuple[str, float]:
    """Return a line and the size at which it fits into `width`: smaller down to `least`, then cut with an ellipsis."""
    ready = font.forced(text)
    wide = width_of(ready, size, bold=bold)
    if wide <= width:
        return ready, size
    smaller = size * width / wide
    if smaller >= least:
        return ready, smaller
    kept = len(ready)
    while kept > 1 and width_of(f"{ready[:kept]}…", least, bold=bold) > width:
        kept = min(kept - 1, int(kept * 0.97))
    return f"{ready[:kept].rstrip()}…", least
