"""The rooms and beds of a house that exists, each name on a line of its own so that a bed keeps its history.

It holds names; what may go is known by the register, and a bed that was used offers no way to take it away.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.reference.ids import BedId
from app.reference.texts import tr
from app.services.house import BedPlan, RoomPlan
from app.ui.kit import QuietIconButton, SecondaryButton, beside
from app.ui.theme import px
from app.ui.widgets.flow import FlowLayout

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(slots=True)
class _Bed:
    name: QLineEdit
    place: QWidget
    id: BedId | None
    used: bool


class _RoomRow(QWidget):
    """One room: its name, its beds, a button for one more."""

    changed = Signal()
    removed = Signal()

    def __init__(self, room: RoomPlan) -> None:
        super().__init__()
        self._id = room.id
        self._beds: list[_Bed] = []
        self.name = QLineEdit(room.name)
        self.name.setMaxLength(40)
        self.name.setFixedWidth(px(96))
        self.name.setAccessibleName(tr("beds.house_room_name"))
        self._ground = QWidget()
        self._flow = FlowLayout(self._ground, gap=6)
        self.add_bed = QuietIconButton("add", tr("beds.house_add_bed", room=room.name), on_click=self._on_add)
        self.drop = QuietIconButton("close", tr("beds.house_drop_room", room=room.name), on_click=self.removed.emit)
        for button in (self.add_bed, self.drop):
            button.setAutoDefault(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(10))
        row.addWidget(self.name, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._ground, 1)
        row.addWidget(self.add_bed, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.drop, 0, Qt.AlignmentFlag.AlignTop)
        for bed in room.beds:
            self._add(bed)
        self.name.textChanged.connect(self.changed)
        self._show()

    def plan(self) -> RoomPlan:
        """Return the room as it stands."""
        beds = tuple(BedPlan(bed.name.text().strip(), bed.id, bed.used) for bed in self._beds)
        return RoomPlan(self.name.text().strip(), beds, self._id)

    def beds(self) -> int:
        """Return how many beds there are."""
        return len(self._beds)

    def _add(self, plan: BedPlan) -> _Bed:
        name = QLineEdit(plan.name)
        name.setMaxLength(20)
        name.setFixedWidth(px(54))
        name.setAccessibleName(tr("beds.house_bed_name", room=self.name.text()))
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(name)
        bed = _Bed(name, place, plan.id, plan.used)
        if plan.used:
            name.setToolTip(tr("beds.house_used_bed"))
        else:
            drop = QuietIconButton("close", tr("beds.house_drop_bed", bed=f"{self.name.text()}{plan.name}"))
            drop.setAutoDefault(False)
            drop.clicked.connect(lambda: self._drop_bed(bed))
            row.addWidget(drop)
        self._beds.append(bed)
        self._flow.addWidget(place)
        name.textChanged.connect(self.changed)
        return bed

    def _on_add(self) -> None:
        known = {bed.name.text().strip() for bed in self._beds}
        letter = next((each for each in _LETTERS if each not in known), "")
        self._add(BedPlan(letter)).name.setFocus()
        self._show()
        self.changed.emit()

    def _drop_bed(self, bed: _Bed) -> None:
        self._beds.remove(bed)
        self._flow.removeWidget(bed.place)
        bed.place.hide()
        bed.place.deleteLater()
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self.drop.setVisible(not any(bed.used for bed in self._beds))
        self.updateGeometry()


class HouseRooms(QScrollArea):
    """The editor; `changed` at every key."""

    changed = Signal()

    def __init__(self, rooms: tuple[RoomPlan, ...]) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows: list[_RoomRow] = []
        self.add_room = SecondaryButton(tr("beds.house_add_room"), "add", on_click=self._on_add)
        self.add_room.setAutoDefault(False)
        ground = QWidget()
        self._column = QVBoxLayout(ground)
        self._column.setContentsMargins(0, 0, px(6), 0)
        self._column.setSpacing(px(8))
        self._column.addLayout(beside(self.add_room, None))
        self._column.addStretch(1)
        self.setWidget(ground)
        self.viewport().setAutoFillBackground(False)
        ground.setAutoFillBackground(False)
        self.setMinimumHeight(px(150))
        self.show_rooms(rooms)

    def show_rooms(self, rooms: tuple[RoomPlan, ...]) -> None:
        """Show these rooms and no others."""
        for row in list(self.rows):
            self._drop(row)
        for room in rooms:
            self._add(room)

    def rooms(self) -> tuple[RoomPlan, ...]:
        """Return the rooms as they stand."""
        return tuple(row.plan() for row in self.rows)

    def beds(self) -> int:
        """Return how many beds there are."""
        return sum(row.beds() for row in self.rows)

    def _add(self, room: RoomPlan) -> _RoomRow:
        row = _RoomRow(room)
        row.changed.connect(self.changed)
        row.removed.connect(self._on_removed)
        self._column.insertWidget(len(self.rows), row)
        self.rows.append(row)
        return row

    def _on_add(self) -> None:
        known = {row.name.text().strip() for row in self.rows}
        number = next(n for n in range(1, 1000) if str(n) not in known)
        row = self._add(RoomPlan(str(number), (BedPlan("A"),)))
        row.name.setFocus()
        row.name.selectAll()
        self.changed.emit()

    def _on_removed(self) -> None:
        row = self.sender()
        if isinstance(row, _RoomRow):
            self._drop(row)
            self.add_room.setFocus()
            self.changed.emit()

    def _drop(self, row: _RoomRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
