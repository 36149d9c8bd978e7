"""Pictures in memory: opened with care, freed of what they tell in secret, made smaller, turned back into bytes.

Everything here may run on a worker: it touches no widget and no file.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageReader, QImageWriter, QPainter

from app.errors import FileBroken, PictureTooLarge

MOST_POINTS = 50_000_000
"""Four bytes each: 200 MB while it is open, which an old laptop bears."""
LONGEST_SIDE = 2480
"""An A4 page at 210 dots an inch; small print stays legible."""
_MEMORY_MB = 256
_SMALL_QUALITY, _WHOLE_QUALITY = 85, 92

Format = Literal["jpeg", "png", "webp"]


def open_picture(content: bytes, kind: Format) -> QImage:
    """Return a picture, turned as the camera says; its size is asked before its points are unpacked.

    Raises FileBroken or PictureTooLarge.
    """
    if not is_whole(content, kind):
        raise FileBroken
    QImageReader.setAllocationLimit(_MEMORY_MB)
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(kind.encode()))
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        raise FileBroken
    if size.width() * size.height() > MOST_POINTS:
        raise PictureTooLarge(width=size.width(), height=size.height())
    image = reader.read()
    if image.isNull():
        raise FileBroken
    return image


def is_whole(content: bytes, kind: Format) -> bool:
    """Tell whether a file has its end: Qt opens a picture that was cut short and leaves the rest grey."""
    if kind == "png":
        return b"IEND" in content[-64:] or b"IEND\xaeB`\x82" in content
    if kind == "webp":
        return len(content) >= 8 + int.from_bytes(content[4:8], "little")
    scan = _first_scan(content)
    return scan > 0 and content.find(b"\xff\xd9", scan) > 0


def _first_scan(content: bytes) -> int:
    """Return where the points of a JPEG begin, behind headers that may hold a small picture too; 0: nowhere."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xDA:
            return at
        if marker == 0xFF:  # padding
            at += 1
            continue
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return 0


def bare(image: QImage) -> QImage:
    """Return a copy with the points alone: no place, day, camera or words, the colours those of a common screen."""
    plain = image
    if image.colorSpace().isValid() and image.colorSpace() != QColorSpace(QColorSpace.NamedColorSpace.SRgb):
        plain = image.convertedToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    wanted = QImage.Format.Format_ARGB32 if plain.hasAlphaChannel() else QImage.Format.Format_RGB32
    plain = plain.convertToFormat(wanted)
    shared = QImage(plain.constBits(), plain.width(), plain.height(), plain.bytesPerLine(), plain.format())
    return shared.copy()


def is_large(image: QImage) -> bool:
    """Tell whether a picture has more points than a page needs to be read."""
    return max(image.width(), image.height()) > LONGEST_SIDE


def smaller(image: QImage) -> QImage:
    """Return a picture whose longer side is that of a page."""
    return scaled(image, LONGEST_SIDE)


def scaled(image: QImage, side: int) -> QImage:
    """Return a picture that fits in a square of `side` points."""
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(side, side, keep, smooth)


def as_jpeg(image: QImage, *, small: bool = False) -> bytes:
    """Return a picture as JPEG; what was see-through becomes white paper."""
    if image.hasAlphaChannel():
        flat = QImage(image.size(), QImage.Format.Format_RGB32)
        flat.fill(Qt.GlobalColor.white)
        painter = QPainter(flat)
        painter.drawImage(0, 0, image)
        painter.end()
        image = flat
    return _written(image, b"jpeg", _SMALL_QUALITY if small else _WHOLE_QUALITY)


def as_png(image: QImage) -> bytes:
    """Return a picture as PNG, without loss."""
    return _written(image, b"png", -1)


def _written(image: QImage, kind: bytes, quality: int) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(kind))
    if quality >= 0:
        writer.setQuality(quality)
        writer.setOptimizedWrite(True)
    if not writer.write(image):
        raise FileBroken
    return bytes(buffer.data().data())
