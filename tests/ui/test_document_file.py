"""What somebody brings: known by its content, freed of the camera's secrets, made smaller, refused with a reason."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from app.errors import (
    FileBroken,
    FileKindUnknown,
    FileNotRead,
    FileTooLarge,
    PdfBusy,
    PdfLocked,
    PhonePictureUnknown,
    PictureTooLarge,
)
from app.prints import preview
from app.services.document import JPEG, MOST_BYTES, PDF, PNG
from app.ui.document_file import read_document, ready, ready_picture
from app.ui.picture import LONGEST_SIDE, as_jpeg, open_picture

SECRET = b"CANARY-45.4642N-9.1900E"


def image(width: int = 60, height: int = 40, colour: str = "#336699") -> QImage:
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(QColor(colour))
    return made


def written(picture: QImage, kind: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert picture.save(buffer, kind)  # type: ignore[call-overload]  # Qt takes a device as well
    return bytes(buffer.data().data())


def with_exif(jpeg: bytes, *, orientation: int = 6) -> bytes:
    """Put an EXIF block with an orientation and a secret description behind the start of a JPEG."""
    words = SECRET + b"\x00"
    entries = struct.pack("<HHII", 0x010E, 2, len(words), 38) + struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", 2) + entries + b"\x00\x00\x00\x00" + words
    block = b"Exif\x00\x00" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]


def pdf(pages: int = 1, *, password: str = "", width: float = 200) -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width, 300)
    if password:
        writer.encrypt(password)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_photo_loses_what_the_camera_wrote_and_stands_upright() -> None:
    photo = with_exif(written(image(60, 40), "jpg"))
    assert SECRET in photo
    brought = ready(photo, "IMG_1.jpg")
    assert SECRET not in brought.whole.content
    assert b"Exif" not in brought.whole.content
    assert brought.whole.media_type == JPEG
    assert (brought.whole.width, brought.whole.height) == (40, 60), "the camera lay on its side"
    assert brought.is_picture


def test_a_drawing_loses_its_hidden_words_too_and_keeps_every_point() -> None:
    drawing = image()
    drawing.setText("Author", SECRET.decode())
    drawing.setPixelColor(3, 5, QColor("#ff0000"))
    content = written(drawing, "png")
    assert SECRET in content
    brought = ready(content)
    assert SECRET not in brought.whole.content
    assert brought.whole.media_type == PNG
    assert open_picture(brought.whole.content, "png").pixelColor(3, 5) == QColor("#ff0000")


def test_a_large_photo_is_offered_smaller_and_a_small_one_is_not() -> None:
    large = ready_picture(image(4000, 3000), drawing=False)
    assert large.smaller is not None
    assert max(large.smaller.width, large.smaller.height) == LONGEST_SIDE
    assert len(large.smaller.content) < len(large.whole.content)
    assert ready_picture(image(LONGEST_SIDE, 300), drawing=False).smaller is None


def test_what_a_file_is_comes_from_its_content_not_from_its_name() -> None:
    assert ready(pdf(3), "photo.jpg").pages == 3
    assert ready(pdf(), "photo.jpg").whole.media_type == PDF
    assert ready(written(image(), "png"), "contract.pdf").is_picture
    assert ready(written(image(), "webp"), "x").whole.media_type == JPEG


def test_a_pdf_is_kept_byte_for_byte() -> None:
    content = pdf(2)
    assert ready(content).whole.content == content


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        pytest.param(b"", FileKindUnknown, id="empty"),
        pytest.param(b"MZ\x90\x00 this program cannot", FileKindUnknown, id="program"),
        pytest.param(b"PK\x03\x04 word/document.xml", FileKindUnknown, id="word"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", FileKindUnknown, id="svg"),
        pytest.param(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", PhonePictureUnknown, id="iphone"),
        pytest.param(b"%PDF-1.7\n%%EOF", FileBroken, id="hollow pdf"),
        pytest.param(pdf()[: len(pdf()) // 2], FileBroken, id="half a pdf"),
        pytest.param(pdf(password="x"), PdfLocked, id="pdf with a password"),
        pytest.param(b"\xff\xd8\xff\xe0" + b"\x00" * 400, FileBroken, id="hollow jpeg"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\x00" * 400, FileBroken, id="hollow png"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_own_reason(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        ready(content, "x")


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_picture_cut_short_is_never_kept_half_grey(kind: str, share: float) -> None:
    whole = image(300, 200)
    for x in range(0, 300, 3):
        whole.setPixelColor(x, x % 200, QColor(x % 255, 9, 99))
    content = written(whole, kind)
    with pytest.raises(FileBroken):
        ready(content[: int(len(content) * share)])


def test_a_small_picture_inside_the_header_is_not_taken_for_the_end() -> None:
    inner = written(image(16, 16), "jpg")
    outer = written(image(300, 300), "jpg")
    block = b"Exif\x00\x00" + inner
    content = outer[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + outer[2:-2]
    with pytest.raises(FileBroken):
        ready(content)


def test_a_picture_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\x00" * 100_000)) + chunk(b"IEND", b"")
    assert len(bomb) < 1000
    with pytest.raises(PictureTooLarge):
        ready(bomb)


def test_a_page_that_says_it_is_a_field_is_shown_coarser() -> None:
    brought = ready(pdf(width=14_000))
    assert max(brought.thumbnail.width(), brought.thumbnail.height()) <= 321


def test_a_file_that_is_too_large_is_refused_without_reading_all_of_it(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES * 50)
    with pytest.raises(FileTooLarge) as told:
        read_document(path)
    assert told.value.params == {"size": "1.000 MB", "most": "20 MB"}


def test_a_file_that_is_gone_or_a_folder_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.pdf", tmp_path):
        with pytest.raises(FileNotRead):
            read_document(path)


def test_a_picture_with_holes_lies_on_white_paper() -> None:
    holed = QImage(4, 4, QImage.Format.Format_ARGB32)
    holed.fill(QColor(0, 0, 0, 0))
    assert open_picture(as_jpeg(holed), "jpeg").pixelColor(1, 1).lightness() > 250


def test_a_pdf_made_to_be_slow_keeps_the_others_waiting_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "_PATIENCE", 0.01)
    with preview._opened(pdf()), pytest.raises(PdfBusy):
        ready(pdf())
    assert ready(pdf()).pages == 1
