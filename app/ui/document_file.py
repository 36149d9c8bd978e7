"""A file or picture that somebody brings: read into memory, known by its content, made ready to be kept.

It runs on the worker for files. Nothing is written, and no other program opens what was brought.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from app.errors import FileBroken, FileKindUnknown, FileNotRead, FileTooLarge, PhonePictureUnknown
from app.prints.preview import page_count, page_picture
from app.reference.format import file_size
from app.services.document import JPEG, MOST_BYTES, PDF, PNG
from app.ui.paper import as_image
from app.ui.picture import as_jpeg, as_png, bare, is_large, open_picture, scaled, smaller

if TYPE_CHECKING:
    from app.ui.picture import Format

THUMBNAIL = 320
_PICTURES: dict[bytes, Format] = {b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png"}
_PHONE_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
_PNG_MOST = 3_000_000
"""A PNG larger than this is a photograph saved as a drawing: as JPEG it takes a tenth."""


@dataclass(frozen=True, slots=True)
class Form:
    """Bytes that can be kept, and what they are."""

    content: bytes = field(repr=False)
    media_type: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """What was brought, ready to be kept: whole, and for a large picture smaller as well."""

    name: str
    """The file's own name, for the reminder; empty for a pasted picture."""
    whole: Form
    thumbnail: QImage
    pages: int = 0
    """How many pages a PDF has; 0 for a picture."""
    smaller: Form | None = None

    @property
    def is_picture(self) -> bool:
        """Whether it was a picture, which was written anew without what it told in secret."""
        return not self.pages


def read_document(path: Path) -> ReadyFile:
    """Read a file, which may take as long as its stick likes.

    Raises FileNotRead, FileTooLarge, FileKindUnknown, PhonePictureUnknown, FileBroken, PictureTooLarge or PdfLocked.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
            size = path.stat().st_size
    except OSError:
        raise FileNotRead from None
    if len(content) > MOST_BYTES:
        raise FileTooLarge(size=file_size(size), most=file_size(MOST_BYTES))
    return ready(content, path.name)


def ready(content: bytes, name: str = "") -> ReadyFile:
    """Return what some bytes are, whatever their name says; raises as `read_document`, but for reading."""
    if b"%PDF-" in content[:1024]:
        return _ready_pdf(content, name)
    kind = _picture_kind(content)
    return ready_picture(open_picture(content, kind), name, drawing=kind == "png")


def ready_picture(image: QImage, name: str = "", *, drawing: bool = True) -> ReadyFile:
    """Return a picture ready to be kept; a `drawing` (a screen, a scan as PNG) keeps every point if it is small."""
    image = bare(image)
    less = None
    if is_large(image):
        little = smaller(image)
        less = Form(as_jpeg(little, small=True), JPEG, little.width(), little.height())
    lossless = as_png(image) if drawing else b""
    if lossless and len(lossless) <= _PNG_MOST:
        whole = Form(lossless, PNG, image.width(), image.height())
    else:
        whole = Form(as_jpeg(image), JPEG, image.width(), image.height())
    if less is not None and len(less.content) >= len(whole.content):
        less = None
    return ReadyFile(name, whole, scaled(image, THUMBNAIL), smaller=less)


def _ready_pdf(content: bytes, name: str) -> ReadyFile:
    pages = page_count(content)
    if not pages:
        raise FileBroken
    first = as_image(page_picture(content, 0, side=THUMBNAIL))
    return ReadyFile(name, Form(content, PDF), first, pages=pages)


def _picture_kind(content: bytes) -> Format:
    for beginning, kind in _PICTURES.items():
        if content.startswith(beginning):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp" and any(brand in content[8:64] for brand in _PHONE_BRANDS):
        raise PhonePictureUnknown
    raise FileKindUnknown
