"""Rooms and their beds, made in a moment: how many, how many beds each, then names to put right.

It holds texts; what is wrong with them is said by `app.ui.presenters.wizard`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.reference.texts import tr, tr_n
from app.ui.kit import CountEdit, Field, Label, QuietIconButton, SecondaryButton, beside
from app.ui.presenters.wizard import BED_LETTERS, MOST_ROOMS, RoomText, bed_count, rooms_for
from app.ui.theme import px


class _RoomRow(QWidget):
    """One room: its name, its beds, and a button that takes it away."""

    changed = Signal()
    removed = Signal()

    def __init__(self, room: RoomText) -> None:
        super().__init__()
        self.name = QLineEdit(room.name)
        self.name.setFixedWidth(px(58))
        self.name.setMaxLength(40)
        self.name.setAccessibleName(tr("wizard.room_name"))
        self.beds = QLineEdit(room.beds)
        self.beds.setAccessibleName(tr("wizard.room_beds"))
        self._labels = Label("", "small", wrap=True)
        self._remove = QuietIconButton("close", tr("wizard.room_remove"), on_click=self.removed.emit)
        self._remove.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(3))
        column.addLayout(beside(self.name, self.beds, self._remove, spacing=6))
        column.addWidget(self._labels)
        self.name.textChanged.connect(self._on_changed)
        self.beds.textChanged.connect(self._on_changed)
        self._show_labels()

    def room(self) -> RoomText:
        """Return the room as typed."""
        return RoomText(self.name.text(), self.beds.text())

    def come_after(self, before: QWidget) -> QWidget:
        """Take the place after a widget in the order of Tab; return the last widget here."""
        for widget in (self.name, self.beds, self._remove):
            QWidget.setTabOrder(before, widget)
            before = widget
        return before

    def _on_changed(self) -> None:
        self._show_labels()
        self.changed.emit()

    def _show_labels(self) -> None:
        self._labels.setText(" · ".join(self.room().labels()))


class RoomEditor(QWidget):
    """The editor; `changed` at every key."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_RoomRow] = []
        self.count = CountEdit(least=1, most=MOST_ROOMS)
        self.each = CountEdit(least=1, most=len(BED_LETTERS))
        self.prepare = SecondaryButton(tr("wizard.rooms_prepare"), on_click=self._on_prepare)
        self.prepare.setAutoDefault(False)
        self._add = SecondaryButton(tr("wizard.room_add"), "add", on_click=self._on_add)
        self._add.setAutoDefault(False)
        self._total = Label("", "muted")
        self._error = Label("", "error", wrap=True)
        self._error.hide()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(18))
        self._grid.setVerticalSpacing(px(10))
        for side in (0, 1):
            self._grid.setColumnStretch(side, 1)
        top = beside(
            Field(tr("wizard.rooms_count"), self.count), Field(tr("wizard.rooms_each"), self.each), self.prepare
        )
        top.setAlignment(self.prepare, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addLayout(top)
        column.addWidget(self._error)
        column.addLayout(self._grid)
        column.addLayout(beside(self._add, None, self._total))
        column.addStretch(1)

    def rooms(self) -> tuple[RoomText, ...]:
        """Return the rooms as typed."""
        return tuple(row.room() for row in self._rows)

    def show_rooms(self, rooms: Sequence[RoomText]) -> None:
        """Show these rooms and no others."""
        for row in self._rows:
            self._drop(row)
        self._rows = [self._make(room) for room in rooms]
        self.count.set_count(len(rooms) or 1)
        if rooms:
            self.each.set_count(max(len(rooms[0].bed_names()), 1))
        self._place()

    def set_error(self, text: str) -> None:
        """Say what is wrong with the rooms, or take it away."""
        self._error.setText(text)
        self._error.setVisible(bool(text))

    def _make(self, room: RoomText) -> _RoomRow:
        row = _RoomRow(room)
        row.changed.connect(self._on_changed)
        row.removed.connect(self._on_removed)
        return row

    def _drop(self, row: _RoomRow) -> None:
        self._grid.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _place(self) -> None:
        before: QWidget = self.prepare
        for at, row in enumerate(self._rows):
            self._grid.addWidget(row, at // 2, at % 2, Qt.AlignmentFlag.AlignTop)
            before = row.come_after(before)
        QWidget.setTabOrder(before, self._add)
        self._on_changed()

    def _on_prepare(self) -> None:
        count, each = self.count.count(), self.each.count()
        if count is not None and each is not None:
            self.show_rooms(rooms_for(count, each))

    def _on_add(self) -> None:
        beds = self._rows[-1].beds.text() if self._rows else "A"
        row = self._make(RoomText(str(len(self._rows) + 1), beds))
        self._rows.append(row)
        self._place()
        row.name.setFocus()
        row.name.selectAll()

    def _on_removed(self) -> None:
        row = self.sender()
        if isinstance(row, _RoomRow):
            self._rows.remove(row)
            self._drop(row)
            self._place()

    def _on_changed(self) -> None:
        rooms = self.rooms()
        beds = tr_n("wizard.beds_total", bed_count(rooms))
        self._total.setText(tr_n("wizard.rooms_total", len(rooms), beds=beds))
        self.set_error("")
        self.changed.emit()
