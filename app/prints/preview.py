"""Pictures of the pages of a PDF, made in memory, for the preview on the screen.

One thread at a time: PDFium is not made for more, so whoever comes second waits. The pictures are raw pixels; turning
them into something that a window shows is the business of the window.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

from app.errors import FileBroken, PdfBusy, PdfLocked

POINTS_PER_INCH = 72
BYTES_PER_PIXEL = 4
MOST_PIXELS = 24_000_000
"""Of one page as a picture: an A3 sheet at 300 dots an inch; a page that says it is larger is shown coarser."""
_PATIENCE = 5.0
"""Seconds: a PDF made to be slow keeps its own worker, never for long the window, nor the lock behind it."""
_WRONG_PASSWORD = 4
_one = Lock()


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as RGBA pixels, 8 bits a channel, rows from the top without padding: `width * 4` bytes each."""

    width: int
    height: int
    pixels: bytes

    def __repr__(self) -> str:
        return f"PageImage({self.width} × {self.height})"


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF has; raises FileBroken, PdfLocked or PdfBusy."""
    with _opened(pdf) as document:
        return len(document)


def page_size(pdf: bytes, number: int) -> tuple[float, float]:
    """Return width and height of a page (from 0) in points, 72 to the inch; raises as `page_count`."""
    with _opened(pdf) as document:
        width, height = document.get_page_size(number)
        return max(1.0, width), max(1.0, height)


def page_images(pdf: bytes, *, dpi: int = 96, pages: range | None = None) -> list[PageImage]:
    """Return the pages of a PDF as pictures, or those in `pages` (from 0); `dpi` in dots per inch."""
    with _opened(pdf) as document:
        wanted = range(len(document)) if pages is None else pages
        return [_image(document[index], dpi / POINTS_PER_INCH) for index in wanted]


def page_picture(pdf: bytes, number: int, *, side: int) -> PageImage:
    """Return one page (from 0) as a picture whose longer side has `side` pixels; raises as `page_count`."""
    width, height = page_size(pdf, number)
    with _opened(pdf) as document:
        return _image(document[number], side / max(width, height))


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    """Give a PDF to one caller at a time."""
    import pypdfium2

    if not _one.acquire(timeout=_PATIENCE):
        raise PdfBusy
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            yield document
    except pypdfium2.PdfiumError as refused:
        raise (PdfLocked if refused.err_code == _WRONG_PASSWORD else FileBroken) from None
    finally:
        _one.release()


def _image(page: Any, scale: float) -> PageImage:
    import pypdfium2.raw

    width, height = page.get_size()
    points = max(1.0, width * height)
    bitmap = page.render(
        scale=min(scale, math.sqrt(MOST_PIXELS / points)),
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
