"""QR codes: an invitation as a drawing in the page, dark on white in both themes; a second factor as signs."""

from __future__ import annotations

from io import BytesIO, StringIO

import segno
from markupsafe import Markup, escape

_WHITE_ON_BLACK, _AS_BEFORE = "\033[97;40m", "\033[0m"


def qr_svg(text: str, label: str) -> Markup:
    """Return the drawing; `label` says to those who do not see it what it is."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn,
        kind="svg",
        border=4,
        dark="#000000",
        light="#ffffff",
        xmldecl=False,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        nl=False,
    )
    drawing = drawn.getvalue().decode("utf-8")
    named = f'<svg role="img" aria-label="{escape(label)}" '
    return Markup(drawing.replace("<svg ", named, 1))  # noqa: S704 - made here of squares; the label is escaped


def qr_signs(text: str) -> str:
    """Return it as half blocks for a terminal, dark on white whatever its own colours."""
    drawn = StringIO()
    segno.make(text, error="l", micro=False).terminal(out=drawn, border=4, compact=True)
    return "\n".join(f"{_WHITE_ON_BLACK}{line}{_AS_BEFORE}" for line in drawn.getvalue().splitlines())
