"""The typeface of the prints, read from the resources into memory, and which characters it can print.

Shaping and right-to-left scripts are not handled: a text that the font cannot print is left to be written by hand.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from io import BytesIO

from app.reference.resource import read_bytes

REGULAR = "ApprodoPrint"
BOLD = "ApprodoPrint-Bold"

_FILES = {REGULAR: "fonts/print/NotoSans-Regular.ttf", BOLD: "fonts/print/NotoSans-Bold.ttf"}
_KEPT_CONTROLS = "\n"


@cache
def register() -> frozenset[int]:
    """Make the fonts known to reportlab, once per process; return the code points that all of them hold."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    held: list[frozenset[int]] = []
    for name, file in _FILES.items():
        font = TTFont(name, BytesIO(read_bytes(file)))
        pdfmetrics.registerFont(font)
        held.append(frozenset(font.face.charToGlyph))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return frozenset.intersection(*held)


def missing(text: str) -> set[str]:
    """Return the characters of `text` that the fonts cannot print."""
    held = register()
    return {c for c in text if ord(c) not in held and c not in _KEPT_CONTROLS}


def cleaned(text: str) -> str:
    """Return `text` composed (NFC), without invisible format signs, other control characters turned into spaces."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return "".join(_visible(c) for c in composed).strip()


def _visible(character: str) -> str:
    if character in _KEPT_CONTROLS:
        return character
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category in ("Cc", "Zl", "Zp") else character


def printable(text: str) -> str | None:
    """Return `text` as it can be printed, or None when a character is not in the fonts."""
    ready = cleaned(text)
    return None if missing(ready) else ready


def forced(text: str) -> str:
    """Return `text` with `?` for each character that cannot be printed; for texts that name no person."""
    ready = cleaned(text)
    lacking = missing(ready)
    return "".join("?" if c in lacking else c for c in ready)
