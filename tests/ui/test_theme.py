"""Colours can be read, icons can be drawn, and the style sheet keeps its hands off the item views."""

from __future__ import annotations

import gc
import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFontInfo, QIcon
from PySide6.QtWidgets import QApplication

from app.reference.resource import resource_path
from app.ui.qss import style_sheet
from app.ui.theme import DARK, LIGHT, TONES, Tokens, app_icon, apply_theme, font, icon, pixmap, px, tokens

THEMES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def text_pairs(look: Tokens) -> list[tuple[str, str]]:
    grounds = ("background", "surface", "surface_alt", "primary_soft")
    pairs = [(ink, ground) for ink in ("text", "muted") for ground in grounds]
    pairs += [(tone, f"{tone}_soft") for tone in TONES]
    pairs += [(tone, ground) for tone in TONES for ground in ("surface", "background")]
    pairs += [("on_primary", "primary_fill"), ("on_primary", "primary_hover"), ("on_badge", "badge")]
    pairs += [("on_avatar", "avatar"), ("text", "green_soft"), ("text", "amber_soft"), ("text", "red_soft")]
    pairs += [(ink, "rail") for ink in ("rail_text", "rail_muted", "rail_logo")]
    return [*pairs, ("rail_text", "rail_active"), ("rail_logo", "rail_active"), ("muted", "border")]


@pytest.mark.parametrize("look", THEMES)
def test_every_text_stands_out_from_its_ground(look: Tokens) -> None:
    weak = {
        f"{ink} on {ground}": round(contrast(look.named(ink), look.named(ground)), 2)
        for ink, ground in text_pairs(look)
        if contrast(look.named(ink), look.named(ground)) < 4.5
    }
    assert not weak


@pytest.mark.parametrize("look", THEMES)
def test_the_edge_of_a_field_and_the_focus_ring_can_be_seen(look: Tokens) -> None:
    for line in ("border_field", "primary", "red"):
        assert contrast(look.named(line), look.surface) >= 3, line
    assert contrast(look.rail_logo, look.rail) >= 3


@pytest.mark.parametrize("look", THEMES)
def test_no_rule_paints_an_item_view(look: Tokens) -> None:
    sheet = style_sheet(look, round)
    selectors = [part.strip() for rule in re.findall(r"([^{}]+)\{", sheet) for part in rule.split(",")]
    forbidden = re.compile(
        r"\b(QTableView|QTreeView|QListView|QAbstractItemView|QAbstractScrollArea|QWidget)\b|^QFrame$|^\*"
    )
    assert [selector for selector in selectors if forbidden.search(selector)] == []
    assert "$" not in sheet
    assert "@" not in sheet


@pytest.mark.parametrize("look", THEMES)
def test_the_drawings_named_by_the_style_sheet_exist(look: Tokens) -> None:
    for path in re.findall(r'url\("([^"]+)"\)', style_sheet(look, round)):
        assert resource_path("icons").as_posix() in path
        assert resource_path(path.split("resources/")[1]).is_file()


def test_the_interface_is_set_in_inter_with_figures_in_columns(qapp: QApplication) -> None:
    for weight in (400, 500, 600, 700):
        assert QFontInfo(font(13, weight)).family() == "Inter"
        assert QFontInfo(font(13, weight)).weight() == weight
    assert font().featureTags()


def test_a_larger_text_makes_controls_larger_too(qapp: QApplication) -> None:
    try:
        apply_theme(qapp, scale=1.5)
        assert px(34) == 51
        assert font(13).pixelSize() == 20
    finally:
        apply_theme(qapp)
    assert px(34) == 34


def test_an_icon_follows_the_theme(qapp: QApplication) -> None:
    shown = icon("lock", "text")

    def ink() -> str:
        picture = shown.pixmap(QSize(64, 64)).toImage()
        solid = [
            picture.pixelColor(x, y).name()
            for x in range(0, 64, 2)
            for y in range(0, 64, 2)
            if picture.pixelColor(x, y).alpha() == 255
        ]
        return max(set(solid), key=solid.count)

    try:
        assert ink() == LIGHT.text.lower()
        apply_theme(qapp, dark=True)
        assert tokens() is DARK
        assert ink() == DARK.text.lower()
    finally:
        apply_theme(qapp)


def test_every_icon_of_the_set_can_be_drawn() -> None:
    for drawing in resource_path("icons").glob("*.svg"):
        picture = pixmap(drawing.stem, "text", 24).toImage()
        assert any(picture.pixelColor(x, y).alpha() > 40 for x in range(24) for y in range(24)), drawing.name


def test_an_icon_at_150_percent_has_half_as_many_pixels_again() -> None:
    assert pixmap("lock", "text", 20, ratio=1.5).width() == 30


def test_an_icon_that_is_not_in_the_set_is_a_bug_that_shows() -> None:
    with pytest.raises(FileNotFoundError):
        icon("no_such_icon")


def test_copies_of_an_icon_outlive_the_collector() -> None:
    for _ in range(50):
        copy = QIcon(icon("lock"))
        copy.setIsMask(True)
        gc.collect(0)
        assert not copy.pixmap(QSize(16, 16)).isNull()


def test_the_locked_window_wears_another_icon() -> None:
    def picture(locked: bool) -> object:
        return app_icon(locked=locked).pixmap(QSize(32, 32)).toImage()

    assert picture(locked=True) != picture(locked=False)
