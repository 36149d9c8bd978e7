"""The colours of Approdo, light and dark, each with the name of what it is for.

Numbers only: how Qt is told about them is the business of `app.ui.theme`, and contrast is checked by a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Tone = Literal["green", "amber", "red", "violet", "grey", "primary"]
"""What a state feels like: done, needs attention, wrong or missing, protected, neutral, in course."""

TONES: tuple[Tone, ...] = get_args(Tone)


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme; every value is `#rrggbb`. A `…_soft` ground goes under text of the same name."""

    dark: bool
    rail: str
    rail_active: str
    rail_line: str
    rail_text: str
    rail_muted: str
    rail_logo: str
    background: str
    surface: str
    surface_alt: str
    border: str
    border_button: str
    border_field: str
    hairline: str
    text: str
    muted: str
    disabled: str
    primary: str
    primary_fill: str
    primary_hover: str
    primary_soft: str
    primary_line: str
    on_primary: str
    bar_soft: str
    green: str
    green_soft: str
    amber: str
    amber_soft: str
    red: str
    red_soft: str
    violet: str
    violet_soft: str
    grey: str
    grey_soft: str
    badge: str
    on_badge: str
    avatar: str
    on_avatar: str
    shadow: str

    def ink(self, tone: Tone) -> str:
        """Return the colour of text and icons of a tone."""
        return str(getattr(self, tone))

    def ground(self, tone: Tone) -> str:
        """Return the soft ground that carries text of a tone."""
        return str(getattr(self, f"{tone}_soft"))

    def named(self, name: str) -> str:
        """Return the value of the token `name`, or `name` itself when it is a colour already."""
        return name if name.startswith("#") else str(getattr(self, name))


LIGHT = Tokens(
    dark=False,
    rail="#0E2A33",
    rail_active="#16414D",
    rail_line="#1E434E",
    rail_text="#D3E0E5",
    rail_muted="#8AA3AC",
    rail_logo="#66CBDA",
    background="#F4F6F8",
    surface="#FFFFFF",
    surface_alt="#F4F6F8",
    border="#DEE4EA",
    border_button="#D3DBE2",
    border_field="#8794A2",
    hairline="#EDF0F3",
    text="#16212B",
    muted="#586675",
    disabled="#8794A2",
    primary="#0B5C6B",
    primary_fill="#0B5C6B",
    primary_hover="#094C59",
    primary_soft="#E2F0F2",
    primary_line="#B9DDE2",
    on_primary="#FFFFFF",
    bar_soft="#6FB7C2",
    green="#23724A",
    green_soft="#E3F3EA",
    amber="#A65700",
    amber_soft="#FFF2DF",
    red="#B3261E",
    red_soft="#FCE8E6",
    violet="#5B4BB7",
    violet_soft="#ECE9FA",
    grey="#586675",
    grey_soft="#EDF0F3",
    badge="#B25E00",
    on_badge="#FFFFFF",
    avatar="#2B6674",
    on_avatar="#FFFFFF",
    shadow="#16212B",
)

DARK = Tokens(
    dark=True,
    rail="#0A1D24",
    rail_active="#15404C",
    rail_line="#1B3A44",
    rail_text="#CFDDE2",
    rail_muted="#86A0AA",
    rail_logo="#66CBDA",
    background="#10181D",
    surface="#18232A",
    surface_alt="#1F2C34",
    border="#2D3C46",
    border_button="#3A4B56",
    border_field="#6A7F8C",
    hairline="#25333C",
    text="#E4EBEF",
    muted="#9FB0BB",
    disabled="#6A7F8C",
    primary="#6CCBD9",
    primary_fill="#58BFCF",
    primary_hover="#7AD3E0",
    primary_soft="#123A43",
    primary_line="#22606C",
    on_primary="#06252B",
    bar_soft="#2C6B77",
    green="#74CF9E",
    green_soft="#15382A",
    amber="#F2B35F",
    amber_soft="#3D2A10",
    red="#FF9A90",
    red_soft="#451F1E",
    violet="#B9AEF6",
    violet_soft="#2D2750",
    grey="#AEBCC6",
    grey_soft="#27343D",
    badge="#F2B35F",
    on_badge="#2A1A02",
    avatar="#2B6674",
    on_avatar="#FFFFFF",
    shadow="#000000",
)

_current = LIGHT


def tokens() -> Tokens:
    """Return the colours in use; ask when painting, never keep them."""
    return _current


def use_tokens(wanted: Tokens) -> None:
    """Make `wanted` the colours in use; `app.ui.theme.apply_theme` does it together with the palette."""
    global _current  # noqa: PLW0603 - one process wears one theme, as with the language
    _current = wanted
