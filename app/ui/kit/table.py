"""Tables: `table_view` makes a styled view over a model, which sorts, filters, and tells what was chosen.

For the month of presences this is too slow; that page paints its own grid.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QFrame, QHeaderView, QTableView, QWidget

from app.ui.kit.cell_delegate import ROW_HEIGHT, CellDelegate
from app.ui.kit.row_model import CellRole, RowModel
from app.ui.kit.row_proxy import RowProxy
from app.ui.kit.table_head import TableHead
from app.ui.theme import px

_Index = QModelIndex | QPersistentModelIndex


class TableView(QTableView):
    """The view; `row_opened` carries the row double-clicked or opened with Return, `row_chosen` the one selected."""

    row_opened = Signal(object)
    row_chosen = Signal(object)

    def __init__(self, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.proxy = RowProxy(model, self)
        self.setHorizontalHeader(TableHead(self))
        self.setModel(self.proxy)
        self.setItemDelegate(CellDelegate(self))
        self.doubleClicked.connect(self._open)

    def current_row(self) -> Any:
        """Return the row object selected, or None."""
        index = self.currentIndex()
        return index.data(CellRole.ROW) if index.isValid() else None

    def choose(self, at: int) -> None:
        """Select the row at a place of the view, from 0; out of range selects none."""
        if 0 <= at < self.proxy.rowCount():
            self.setCurrentIndex(self.proxy.index(at, 0))
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())

    def choose_row(self, row: object) -> None:
        """Select the row that equals `row`, wherever it stands; none when it is not there."""
        for at in range(self.proxy.rowCount()):
            if self.proxy.index(at, 0).data(CellRole.ROW) == row:
                self.choose(at)
                return
        self.choose(-1)

    def set_words(self, text: str) -> None:
        """Keep only the rows that hold every word of `text`."""
        self.proxy.set_words(text)

    def currentChanged(self, current: _Index, previous: _Index) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        if current.row() != previous.row() or not current.isValid():
            self.row_chosen.emit(current.data(CellRole.ROW) if current.isValid() else None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.currentIndex().isValid():
            super().focusInEvent(event)
            return
        # Qt would choose the first row: the card beside the table would be another's because a dialog was closed.
        QAbstractScrollArea.focusInEvent(self, event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: _Index) -> None:
        self.row_opened.emit(index.data(CellRole.ROW))


def table_view(
    model: QAbstractItemModel,
    *,
    stretch: int | None = None,
    sortable: bool = True,
    row_height: int = ROW_HEIGHT,
    name: str = "",
    parent: QWidget | None = None,
) -> TableView:
    """Return a view over `model` in the house's style; `stretch` is the column that takes what room is left.

    `name` is what a screen reader calls it. Tab leaves the table, arrows move in it, Return opens the row.
    """
    view = TableView(model, parent)
    view.setAccessibleName(name)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.verticalHeader().hide()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(px(row_height))
    head = view.horizontalHeader()
    head.setResizeContentsPrecision(50)
    head.setSectionsClickable(sortable)
    _size_columns(view, model, stretch)
    if sortable:
        # -1: the order of the rows as given, until somebody presses a head.
        view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        view.setSortingEnabled(True)
    return view


def _size_columns(view: TableView, model: QAbstractItemModel, stretch: int | None) -> None:
    head = view.horizontalHeader()
    last = model.columnCount() - 1
    for at in range(last + 1):
        width = model.columns[at].width if isinstance(model, RowModel) else 0
        if at == (last if stretch is None else stretch):
            head.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        elif width:
            head.setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive)
            view.setColumnWidth(at, px(width))
        else:
            head.setSectionResizeMode(at, QHeaderView.ResizeMode.ResizeToContents)
