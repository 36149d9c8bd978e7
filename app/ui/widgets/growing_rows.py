"""Rows of fields of which one is always empty at the end: to add one more, one only goes on typing.

What a row holds is the business of whoever makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.kit.button import QuietIconButton
from app.ui.theme import px
from app.ui.widgets.tab_order import take_place_of


class GrowingRow(QWidget):
    """One row; subclasses lay out in `line`, emit `changed`, and say when they are empty."""

    changed = Signal()
    removed = Signal()

    def __init__(self, remove_name: str) -> None:
        super().__init__()
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.setSpacing(px(6))
        self.remove = QuietIconButton("close", remove_name, on_click=self.removed.emit)
        # Return must still press the form's main button; Tab need not stop here, because an emptied row counts as none.
        self.remove.setAutoDefault(False)
        self.remove.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def controls(self) -> list[QWidget]:
        """Return the controls in the order of Tab."""
        raise NotImplementedError

    def is_empty(self) -> bool:
        """Return whether nothing is typed in it."""
        raise NotImplementedError


Row = TypeVar("Row", bound=GrowingRow)


class GrowingRows(QWidget, Generic[Row]):
    """The rows; `changed` at every change in one of them."""

    changed = Signal()

    def __init__(self, make: Callable[[], Row], *, most: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._most = most
        self._rows: list[Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(6))
        self.show_rows(())

    def rows(self) -> list[Row]:
        """Return the rows, the empty one at the end among them."""
        return list(self._rows)

    def filled(self) -> list[Row]:
        """Return the rows in which something is typed."""
        return [row for row in self._rows if not row.is_empty()]

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows, made by the caller, and an empty one."""
        for row in self._rows:
            self._drop(row)
        self._rows = []
        for row in rows:
            self._add(row)
        self._grow()

    def _add(self, row: Row) -> None:
        row.changed.connect(self._on_changed)
        row.removed.connect(self._on_removed)
        self._column.addWidget(row)
        row.show()  # at once: a layout shows it with the next event, and Tab would not find it yet
        self.setFocusProxy(None)  # type: ignore[arg-type]  # Qt takes no widget for no proxy
        before = self._rows[-1].controls()[-1] if self._rows else None
        self._rows.append(row)
        for control in row.controls():
            # Made late, it would come last in the form.
            if before is None:
                take_place_of(self, control)
            else:
                QWidget.setTabOrder(before, control)
            before = control
        self.setFocusProxy(self._rows[0].controls()[0])

    def _grow(self) -> None:
        if len(self._rows) < self._most and (not self._rows or not self._rows[-1].is_empty()):
            self._add(self._make())
        for row in self._rows:
            row.remove.setEnabled(not row.is_empty())

    def _drop(self, row: Row) -> None:
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _on_changed(self) -> None:
        self._grow()
        self.changed.emit()

    def _on_removed(self) -> None:
        gone = self.sender()
        kept = next((row for row in self._rows if row is gone), None)
        if kept is None:
            return
        at = self._rows.index(kept)
        self._rows.remove(kept)
        self._drop(kept)
        self._grow()
        self._rows[min(at, len(self._rows) - 1)].controls()[0].setFocus()
        self.changed.emit()
