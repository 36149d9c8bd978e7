"""A table model for a list of frozen rows: columns say how a row is shown, sorted and coloured.

It holds what it is given and asks nobody; filtering and sorting are done by the view's proxy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, Literal, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.ui.theme import Tone

Kind = Literal["text", "strong", "muted", "mono", "number", "chip"]
Row = TypeVar("Row")
_Index = QModelIndex | QPersistentModelIndex


class CellRole(IntEnum):
    """What a cell can be asked for beyond its text."""

    SORT = Qt.ItemDataRole.UserRole.value + 1
    TONE = SORT + 1
    ICON = SORT + 2
    NOTE = SORT + 3
    KIND = SORT + 4
    ROW = SORT + 5


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: its head and, for each row, its text; the rest is optional.

    `sort` returns the native value (a date, a number); `tone` and `icon` are for chips, `note` is a muted second
    line, `width` in pixels of the sketches fixes the column, else it fits its contents.
    """

    title: str
    text: Callable[[Row], str]
    kind: Kind = "text"
    sort: Callable[[Row], Any] | None = None
    tone: Callable[[Row], Tone] | None = None
    icon: Callable[[Row], str] | None = None
    note: Callable[[Row], str] | None = None
    tip: Callable[[Row], str] | None = None
    width: int = 0


class RowModel(QAbstractTableModel, Generic[Row]):
    """The rows of a table; `show_rows` replaces them all."""

    def __init__(self, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: list[Row] = []
        self._answers = [self._answer(column) for column in self.columns]

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows and forget those before."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row(self, at: int) -> Row:
        """Return the row at a place of the source, not of a sorted view."""
        return self._rows[at]

    def say(self, at: int) -> str:
        """Return all that a row shows, in one line, for a filter to look in."""
        row = self._rows[at]
        return " ".join(f"{column.text(row)} {column.note(row) if column.note else ''}" for column in self.columns)

    def rows(self) -> list[Row]:
        """Return the rows in the order they were given."""
        return list(self._rows)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(self.columns[section].kind)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        asked = self._answers[index.column()].get(int(role))
        return asked(self._rows[index.row()]) if asked else None

    @staticmethod
    def _answer(column: Column[Row]) -> dict[int, Callable[[Row], Any]]:
        """Return what a column says for each role; made once, because Qt asks very often.

        Nothing here holds the model: in a circle of references it would be freed by the cyclic collector, at a
        moment of its choosing, and Qt takes that badly.
        """
        alignment = _alignment(column.kind)
        answers: dict[int, Callable[[Row], Any] | None] = {
            int(Qt.ItemDataRole.DisplayRole): column.text,
            int(Qt.ItemDataRole.TextAlignmentRole): lambda _: alignment,
            int(Qt.ItemDataRole.ToolTipRole): column.tip,
            int(Qt.ItemDataRole.AccessibleTextRole): lambda row: _say(row, column),
            int(CellRole.KIND): lambda _: column.kind,
            int(CellRole.ROW): lambda row: row,
            int(CellRole.SORT): column.sort or column.text,
            int(CellRole.TONE): column.tone,
            int(CellRole.ICON): column.icon,
            int(CellRole.NOTE): column.note,
        }
        return {role: answer for role, answer in answers.items() if answer is not None}


def _alignment(kind: Kind) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if kind == "number" else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _say(row: Row, column: Column[Row]) -> str:
    note = column.note(row) if column.note else ""
    return f"{column.title}: {column.text(row)} {note}".rstrip()
