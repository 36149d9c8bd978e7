"""Print pictures of pages that are in memory; nothing is written to a file of ours on the way.

What the system's print queue keeps while it prints is beyond the program: SECURITY.md says so.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPainter

from app.prints.preview import BYTES_PER_PIXEL, PageImage, page_count, page_images

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

MOST_DPI = 300
_MEMORY_FOLDERS = ("/dev/shm",)  # noqa: S108 - a folder in memory is what is wanted here


def as_image(page: PageImage) -> QImage:
    """Return a page as a picture of Qt that owns its pixels."""
    row = page.width * BYTES_PER_PIXEL
    return QImage(page.pixels, page.width, page.height, row, QImage.Format.Format_RGBA8888).copy()


def print_pdf(printer: QPrinter, pdf: bytes) -> bool:
    """Paint the pages of a PDF on a printer, as pictures of at most 300 dots an inch; return whether it began.

    Pages are made one at a time, so that a long document does not fill the memory.
    """
    with _spool_in_memory():
        painter = QPainter()
        if not painter.begin(printer):
            return False
        dpi = min(printer.resolution(), MOST_DPI)
        wanted = range(page_count(pdf))
        if printer.fromPage():
            wanted = wanted[printer.fromPage() - 1 : printer.toPage() or None]
        for place, number in enumerate(wanted):
            if place:
                printer.newPage()
            for page in page_images(pdf, dpi=dpi, pages=range(number, number + 1)):
                _paint(painter, printer, as_image(page))
        return painter.end()


def print_picture(printer: QPrinter, image: QImage) -> bool:
    """Paint one picture on a sheet, as large as it fits, the sheet turned the way it lies; return whether it began."""
    lies = image.width() > image.height()
    printer.setPageOrientation(QPageLayout.Orientation.Landscape if lies else QPageLayout.Orientation.Portrait)
    with _spool_in_memory():
        painter = QPainter()
        if not painter.begin(printer):
            return False
        _paint(painter, printer, image)
        return painter.end()


def _paint(painter: QPainter, printer: QPrinter, image: QImage) -> None:
    paper = QRectF(printer.pageRect(printer.Unit.DevicePixel))
    size = QSizeF(image.size()).scaled(paper.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF((paper.width() - size.width()) / 2, (paper.height() - size.height()) / 2, *size.toTuple())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, image)


@contextmanager
def _spool_in_memory() -> Iterator[None]:
    """Let the print system make its temporary file in memory.

    On Linux Qt hands CUPS a file from `cupsTempFd`, which goes to TMPDIR: on a disk it would leave a page in clear.
    """
    folder = next((path for path in (os.environ.get("XDG_RUNTIME_DIR", ""), *_MEMORY_FOLDERS) if _writable(path)), "")
    if not sys.platform.startswith("linux") or not folder:
        yield
        return
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = folder
    try:
        yield
    finally:
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before


def _writable(path: str) -> bool:
    return bool(path) and Path(path).is_dir() and os.access(path, os.W_OK)
