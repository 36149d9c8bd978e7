"""How Approdo looks: fonts, palette, style sheet, and the icons and colours that widgets paint with.

`apply_theme` may be called again at any time to change theme or size of text; no widget keeps a colour of its own.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from app.reference.resource import resource_path
from app.ui.colour import DARK, LIGHT, TONES, Tokens, Tone, tokens, use_tokens
from app.ui.icon import app_icon, icon, paint_icon, pixmap
from app.ui.qss import style_sheet

__all__ = [
    "DARK",
    "LIGHT",
    "TONES",
    "Tokens",
    "Tone",
    "app_icon",
    "apply_theme",
    "colour",
    "font",
    "icon",
    "mono_font",
    "paint_icon",
    "pixmap",
    "px",
    "tokens",
]

_FONT_FILES = (
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "Inter-Bold.otf",
    "DejaVuSansMono.ttf",
)
_FAMILIES = ["Inter", "Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans"]
_MONO_FAMILIES = ["DejaVu Sans Mono", "Consolas", "Menlo"]
_BODY_PX = 13  # 10 pt on a screen of 96 dots an inch

_scale = 1.0


def px(length: int) -> int:
    """Return a length of the sketches in the size of text in use; whole pixels."""
    return round(length * _scale)


def colour(name: str) -> QColor:
    """Return the colour of a token, or of `#rrggbb`."""
    return QColor(tokens().named(name))


def font(size: int = _BODY_PX, weight: int = 400) -> QFont:
    """Return Inter at `size` pixels (before scaling) and a weight of 400, 500, 600 or 700, digits tabular."""
    made = QFont(_FAMILIES)
    made.setPixelSize(px(size))
    made.setWeight(QFont.Weight(weight))
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def mono_font(size: int = 12) -> QFont:
    """Return the monospaced font for codes and fingerprints, `size` in pixels before scaling."""
    made = QFont(_MONO_FAMILIES)
    made.setStyleHint(QFont.StyleHint.Monospace)
    made.setPixelSize(px(size))
    return made


def apply_theme(app: QApplication, *, dark: bool = False, scale: float = 1.0) -> None:
    """Dress the application: Fusion, our palette, our fonts, our style sheet; `scale` enlarges text and controls."""
    global _scale  # noqa: PLW0603 - one process has one size of text
    _scale = min(max(scale, 0.8), 2.0)
    use_tokens(DARK if dark else LIGHT)
    _load_fonts()
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(_palette(tokens()))
    app.setFont(font())
    app.setStyleSheet(style_sheet(tokens(), px))


@cache
def _load_fonts() -> None:
    for name in _FONT_FILES:
        QFontDatabase.addApplicationFont(str(resource_path(f"fonts/{name}")))


def _palette(look: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: look.background,
        role.WindowText: look.text,
        role.Base: look.surface,
        role.AlternateBase: look.surface_alt,
        role.Text: look.text,
        role.Button: look.surface,
        role.ButtonText: look.text,
        role.BrightText: look.red,
        role.Highlight: look.primary_soft,
        role.HighlightedText: look.text,
        role.Accent: look.primary_fill,
        role.Link: look.primary,
        role.LinkVisited: look.primary,
        role.PlaceholderText: look.muted,
        role.ToolTipBase: look.text,
        role.ToolTipText: look.surface,
        role.Light: look.surface,
        role.Midlight: look.hairline,
        role.Mid: look.border,
        role.Dark: look.border_field,
        role.Shadow: look.shadow,
    }
    made = QPalette()
    for key, value in colours.items():
        made.setColor(key, QColor(value))
    for key in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, key, QColor(look.disabled))
    return made
