"""The style of the board: the program's own colours, readable in both themes, and no file from elsewhere."""

from __future__ import annotations

import re

import pytest

from app.capofila.board.render import STATIC
from app.reference.resource import read_bytes
from app.ui.colour import DARK, LIGHT, Tokens

STYLE = read_bytes("board/board.css").decode("utf-8")
ROOTS = re.findall(r":root\s*\{([^}]*)\}", STYLE)
NEVER_OWN = {"head", "on-head"}

PAIRS = (
    *(("text", ground) for ground in ("background", "surface", "surface-alt")),
    *(("muted", ground) for ground in ("background", "surface", "surface-alt")),
    *(("primary", ground) for ground in ("background", "surface", "primary-soft")),
    *((tone, f"{tone}-soft") for tone in ("green", "amber", "red", "grey")),
    ("red", "surface"),
    ("red", "surface-alt"),
    ("text", "primary-soft"),
    ("on-primary", "primary-fill"),
    ("on-primary", "primary-hover"),
    ("on-head", "head"),
)
"""Every ink with every ground that it stands on in board.css."""


def variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9A-Fa-f]{6});", block))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_is_readable_on_its_ground(theme: int, ink: str, ground: str) -> None:
    colours = variables(ROOTS[theme])
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_fields_and_the_mark_of_the_focus_can_be_seen(theme: int) -> None:
    colours = variables(ROOTS[theme])
    assert contrast(colours["border-field"], colours["surface"]) >= 3, "fields stand on cards"
    for ground in ("surface", "background", "surface-alt"):
        assert contrast(colours["primary"], colours[ground]) >= 3, ground


@pytest.mark.parametrize(("theme", "tokens"), [(0, LIGHT), (1, DARK)], ids=["light", "dark"])
def test_the_colours_are_those_of_the_window(theme: int, tokens: Tokens) -> None:
    for name, colour in variables(ROOTS[theme]).items():
        if name not in NEVER_OWN:
            assert colour == tokens.named(name.replace("-", "_")), name


def test_no_colour_stands_outside_the_themes_and_no_variable_is_missing() -> None:
    rest = re.sub(r":root\s*\{[^}]*\}", "", STYLE)
    assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b|rgba?\(|hsla?\(", rest)
    used = set(re.findall(r"var\(--([a-z-]+)\)", STYLE))
    for block in ROOTS:
        assert used <= set(variables(block))
        assert variables(block).keys() == variables(ROOTS[0]).keys()


def test_only_files_of_ours_are_used() -> None:
    assert "@import" not in STYLE
    for target in re.findall(r"url\(\"?([^\")]+)\"?\)", STYLE):
        assert target in STATIC
    for resource, _ in STATIC.values():
        assert read_bytes(resource)
    assert b"<script" not in read_bytes(STATIC["icon.svg"][0])


def test_what_moves_nothing_and_hides_no_focus() -> None:
    assert "animation" not in STYLE
    assert "transition" not in STYLE
    assert not re.search(r"(?<!main:focus \{ )outline: none", STYLE)
