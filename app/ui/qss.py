"""The style sheet: only what Fusion and the palette cannot say.

No rule may match an item view or its ancestors by background or radius: Qt then repaints the whole grid at each
scroll step instead of moving the pixels it has (6 ms against 50 ms, measured). A test guards it.
"""

from __future__ import annotations

from collections.abc import Callable

from app.reference.resource import resource_path
from app.ui.colour import Tokens

_SHEET = """
QToolTip { background: $text; color: $surface; border: 0; padding: 5px 8px; font-size: @12px; }

QLabel { background: transparent; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: @12px; }
QLabel[role="title"] { font-size: @17px; font-weight: 600; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="figure"] { font-size: @26px; font-weight: 600; }
QLabel[role="error"] { color: $red; font-size: @12px; }
QLabel[role="field"] { font-weight: 500; }

QLineEdit, QComboBox, QPlainTextEdit, QTextEdit {
    background: $surface; color: $text; border: 1px solid $border_field; border-radius: @7px; padding: @6px @10px;
    selection-background-color: $primary_fill; selection-color: $on_primary; min-height: @20px;
    placeholder-text-color: $muted; lineedit-password-character: 8226;
}
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border: 2px solid $primary; padding: @5px @9px;
}
QLineEdit[bad="true"], QComboBox[bad="true"], QPlainTextEdit[bad="true"] {
    border: 2px solid $red; padding: @5px @9px;
}
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled, QLineEdit:read-only {
    background: $surface_alt; color: $muted; border-color: $border;
}
QLineEdit[search="true"] { background: $surface_alt; border-color: $border; }
QLineEdit[search="true"]:focus { background: $surface; border-color: $primary; }
QComboBox QLineEdit, QComboBox QLineEdit:focus {
    border: 0; padding: 0; border-radius: 0; background: transparent;
}
QComboBox::drop-down { border: 0; width: @28px; subcontrol-position: center right; }
QComboBox::down-arrow { image: url("$arrow"); width: @18px; height: @18px; }

ChoiceCombo { border-color: $border_button; font-weight: 500; }

QCheckBox, QRadioButton { spacing: @8px; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator {
    width: @16px; height: @16px; border: 1px solid $border_field; border-radius: 4px; background: $surface;
}
QCheckBox::indicator:checked { background: $primary_fill; border-color: $primary_fill; image: url("$tick"); }
QRadioButton::indicator { border-radius: @8px; }
QRadioButton::indicator:checked {
    width: @8px; height: @8px; border: @5px solid $primary_fill; border-radius: @9px; background: $on_primary;
}
QCheckBox:focus, QRadioButton:focus { color: $primary; text-decoration: underline; }
QCheckBox::indicator:focus { border: 2px solid $primary; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $surface_alt; border-color: $border; }

QTabBar QToolButton { background: $surface; border: 1px solid $border_button; border-radius: 4px; width: 20px; }
QCheckBox, QRadioButton { spacing: @8px; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator {
    width: @16px; height: @16px; border: 1px solid $border_field; border-radius: 4px; background: $surface;
}
QCheckBox::indicator:checked { background: $primary_fill; border-color: $primary_fill; image: url("$tick"); }
QRadioButton::indicator { border-radius: @8px; }
QRadioButton::indicator:checked {
    width: @8px; height: @8px; border: @5px solid $primary_fill; border-radius: @9px; background: $on_primary;
}
QCheckBox:focus, QRadioButton:focus { color: $primary; text-decoration: underline; }
QCheckBox::indicator:focus { border: 2px solid $primary; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $surface_alt; border-color: $border; }

QTabBar QToolButton::left-arrow { image: url("$left"); }
QCheckBox, QRadioButton { spacing: @8px; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator {
    width: @16px; height: @16px; border: 1px solid $border_field; border-radius: 4px; background: $surface;
}
QCheckBox::indicator:checked { background: $primary_fill; border-color: $primary_fill; image: url("$tick"); }
QRadioButton::indicator { border-radius: @8px; }
QRadioButton::indicator:checked {
    width: @8px; height: @8px; border: @5px solid $primary_fill; border-radius: @9px; background: $on_primary;
}
QCheckBox:focus, QRadioButton:focus { color: $primary; text-decoration: underline; }
QCheckBox::indicator:focus { border: 2px solid $primary; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $surface_alt; border-color: $border; }

QTabBar QToolButton::right-arrow { image: url("$right"); }

QMenu { background: $surface; color: $text; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: @7px @24px @7px @12px; border-radius: 5px; }
QMenu::item:selected { background: $primary_soft; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $hairline; margin: 4px 6px; }
QMenu::icon { padding-left: 8px; }

QHeaderView { border: 0; }
QHeaderView::section {
    background: $surface; color: $muted; border: 0; border-bottom: 1px solid $border; padding: @7px @8px;
    font-size: @12px;
}

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $handle; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 36px; }
QScrollBar::handle:horizontal { min-width: 36px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: $grey_soft; border: 0; border-radius: 3px; max-height: 6px; color: transparent; }
QProgressBar::chunk { background: $primary_fill; border-radius: 3px; }

QFrame#card { background: $surface; border: 1px solid $border; border-radius: @8px; }
QFrame#strip { background: $surface_alt; border: 0; border-radius: @8px; }
QDialog { background: $surface; }
"""


def style_sheet(tokens: Tokens, px: Callable[[int], int]) -> str:
    """Return the sheet with `$token` replaced by colours and `@12` by lengths through `px`."""
    names = {name: str(getattr(tokens, name)) for name in tokens.__slots__}
    names["handle"] = "#4A5C67" if tokens.dark else "#C3CCD5"
    for arrow in ("arrow", "left", "right", "tick"):
        drawing = resource_path(f"icons/app/{arrow}-{'dark' if tokens.dark else 'light'}.svg")
        names[arrow] = drawing.as_posix()
    sheet = _SHEET
    for name in sorted(names, key=len, reverse=True):
        sheet = sheet.replace(f"${name}", names[name])
    pieces = sheet.split("@")
    grown = [pieces[0]]
    for piece in pieces[1:]:
        digits = piece[: len(piece) - len(piece.lstrip("0123456789"))]
        grown.append(f"{px(int(digits))}{piece[len(digits) :]}")
    return "".join(grown)
