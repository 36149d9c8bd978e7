"""Sorts and filters the rows of a table between its model and its view.

It keeps no row; it only says in what order and which of them are shown.
"""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from app.ui.kit.code_combo import fold
from app.ui.kit.row_model import CellRole, RowModel

_Index = QModelIndex | QPersistentModelIndex


class RowProxy(QSortFilterProxyModel):
    """Sorts by native values and filters by words found anywhere in a row, accents aside."""

    def __init__(self, source: QAbstractItemModel, parent: QObject) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        # The folded text of each row, kept while the rows stay: a filter asks for all of them at every letter.
        self._texts: dict[int, str] = {}
        self.setSourceModel(source)
        for changed in (source.modelReset, source.dataChanged, source.rowsInserted, source.rowsRemoved):
            changed.connect(self._forget)
        self.setSortRole(int(CellRole.SORT))
        self.setSortLocaleAware(True)

    def set_words(self, text: str) -> None:
        """Keep the rows that hold every word of `text`."""
        self.beginFilterChange()
        self._words = fold(text).split()
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, source_row: int, source_parent: _Index) -> bool:  # noqa: N802
        if not self._words:
            return True
        text = self._texts.get(source_row)
        if text is None:
            text = self._texts[source_row] = fold(self._say(source_row, source_parent))
        return all(word in text for word in self._words)

    def _say(self, row: int, parent: _Index) -> str:
        model = self.sourceModel()
        if isinstance(model, RowModel):
            return model.say(row)
        return " ".join(str(model.index(row, at, parent).data() or "") for at in range(model.columnCount()))

    def _forget(self) -> None:
        self._texts.clear()

    def lessThan(self, left: _Index, right: _Index) -> bool:  # noqa: N802
        one, other = left.data(CellRole.SORT), right.data(CellRole.SORT)
        if one is None or other is None:
            return one is None and other is not None
        if isinstance(one, str):
            return fold(one) < fold(str(other))
        return bool(one < other)
