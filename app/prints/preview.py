"""Pictures of the pages of a PDF, made in memory, for the preview on the screen.

One thread at a time: PDFium is not made for more. The pictures are raw pixels; turning them into something that
a window shows is the business of the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

POINTS_PER_INCH = 72
BYTES_PER_PIXEL = 4


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as RGBA pixels, 8 bits a channel, rows from the top without padding: `width * 4` bytes each."""

    width: int
    height: int
    pixels: bytes

    def __repr__(self) -> str:
        return f"PageImage({self.width} × {self.height})"


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def page_images(pdf: bytes, *, dpi: int = 96, pages: range | None = None) -> list[PageImage]:
    """Return the pages of a PDF as pictures, or those in `pages` (from 0); `dpi` in dots per inch."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        wanted = range(len(document)) if pages is None else pages
        return [_image(document[index], dpi) for index in wanted]


def _image(page: Any, dpi: int) -> PageImage:
    import pypdfium2.raw

    bitmap = page.render(
        scale=dpi / POINTS_PER_INCH,
        rev_byteorder=True,
        force_bitmap_format=pypdfium2.raw.FPDFBitmap_BGRA,
        fill_color=(255, 255, 255, 255),
    )
    try:
        row = bitmap.width * BYTES_PER_PIXEL
        raw = memoryview(bitmap.buffer).cast("B")
        lines = (bytes(raw[i * bitmap.stride : i * bitmap.stride + row]) for i in range(bitmap.height))
        return PageImage(bitmap.width, bitmap.height, b"".join(lines))
    finally:
        bitmap.close()
        page.close()
