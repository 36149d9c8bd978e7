"""The kit: small widgets that every page is made of, and nothing of the domain.

Import from here (`from app.ui.kit import Card, Chip`); the files inside may move.
"""

from app.ui.kit.avatar import Avatar
from app.ui.kit.banner import Banner
from app.ui.kit.bar_chart import BarChart
from app.ui.kit.button import (
    Button,
    DangerButton,
    IconButton,
    PrimaryButton,
    QuietButton,
    QuietIconButton,
    SecondaryButton,
)
from app.ui.kit.card import Card, FigureCard, Strip
from app.ui.kit.cell_delegate import ROW_HEIGHT, TWO_LINES, CellDelegate
from app.ui.kit.chip import Chip
from app.ui.kit.code_combo import ChoiceCombo, CodeCombo, fold
from app.ui.kit.count_edit import CountEdit
from app.ui.kit.day_edit import DayEdit
from app.ui.kit.dialog import Dialog
from app.ui.kit.empty_state import EmptyState
from app.ui.kit.field import Field, mark_bad
from app.ui.kit.label import ElidedLabel, Label
from app.ui.kit.list_row import FigureRow, ListRow, Mark
from app.ui.kit.page import Page, beside, centred, stacked
from app.ui.kit.passphrase_edit import PassphraseEdit
from app.ui.kit.popover import show_popover
from app.ui.kit.row_model import CellRole, Column, RowModel
from app.ui.kit.search_box import SearchBox
from app.ui.kit.step_bar import StepBar
from app.ui.kit.table import TableView, table_view
from app.ui.kit.tabs import Tabs
from app.ui.kit.toast import Toast

__all__ = [
    "ROW_HEIGHT",
    "TWO_LINES",
    "Avatar",
    "Banner",
    "BarChart",
    "Button",
    "Card",
    "CellDelegate",
    "CellRole",
    "Chip",
    "ChoiceCombo",
    "CodeCombo",
    "Column",
    "CountEdit",
    "DangerButton",
    "DayEdit",
    "Dialog",
    "ElidedLabel",
    "EmptyState",
    "Field",
    "FigureCard",
    "FigureRow",
    "IconButton",
    "Label",
    "ListRow",
    "Mark",
    "Page",
    "PassphraseEdit",
    "PrimaryButton",
    "QuietButton",
    "QuietIconButton",
    "RowModel",
    "SearchBox",
    "SecondaryButton",
    "StepBar",
    "Strip",
    "TableView",
    "Tabs",
    "Toast",
    "beside",
    "centred",
    "fold",
    "mark_bad",
    "show_popover",
    "stacked",
    "table_view",
]
