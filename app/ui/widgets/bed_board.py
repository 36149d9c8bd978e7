"""The rooms of a house with their beds as tiles, wrapped to the width there is.

It shows a board; what is done with a tile is said by `bed_carry`.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from app.reference.ids import BedId
from app.reference.texts import tr
from app.services.bed import BedBoard, BedNight
from app.ui.kit import Label
from app.ui.presenters.bed_board import TAKEN, Carried, room_title, rooms_of, tile_words
from app.ui.theme import px
from app.ui.widgets.bed_carry import BedCarry
from app.ui.widgets.bed_tile import WIDE, BedTile
from app.ui.widgets.flow import FlowLayout

_GAP = 8


def carried_of(bed: BedNight) -> Carried | None:
    """Return the guest that can be picked up from a bed."""
    use = bed.use
    return Carried(use.stay, use.name_used, bed.id) if bed.state == TAKEN and use and use.stay is not None else None


class RoomGroup(QWidget):
    """A room: its name over its beds."""

    def __init__(self, name: str, tiles: list[BedTile]) -> None:
        super().__init__()
        self._tiles = tiles
        self._columns = 0
        self._grid = QGridLayout()
        self._grid.setSpacing(px(_GAP))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(5))
        column.addWidget(Label(room_title(name), "field"))
        column.addLayout(self._grid)
        self.setAccessibleName(room_title(name))

    def fit(self, columns: int) -> None:
        """Put the beds beside each other, so many in a row at most."""
        columns = max(1, min(columns, len(self._tiles)))
        if columns != self._columns:
            self._columns = columns
            for at, tile in enumerate(self._tiles):
                self._grid.addWidget(tile, at // columns, at % columns)


class BedBoardView(QScrollArea):
    """The board; Tab goes from tile to tile, arrows to the next in a direction."""

    def __init__(self, carry: BedCarry) -> None:
        super().__init__()
        self._carry = carry
        self._groups: list[RoomGroup] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._ground = QWidget()
        self._flow = FlowLayout(self._ground, gap=12)
        self.setWidget(self._ground)
        self.viewport().setAutoFillBackground(False)
        self._ground.setAutoFillBackground(False)
        self.setAccessibleName(tr("beds.board"))
        self.setMinimumHeight(px(230))

    def tiles(self) -> list[BedTile]:
        """Return the tiles of the beds, in order."""
        return [tile for tile in self._carry.tiles() if isinstance(tile.subject, BedNight)]

    def tile(self, bed: BedId) -> BedTile | None:
        """Return the tile of a bed."""
        return next((tile for tile in self.tiles() if _bed_of(tile) == bed), None)

    def show_board(self, board: BedBoard) -> None:
        """Show a board; the keyboard stays on the bed where it is."""
        had = next((_bed_of(tile) for tile in self.tiles() if tile.hasFocus()), None)
        self.clear()
        for name, beds in rooms_of(board):
            tiles = [BedTile(tile_words(bed), bed, carried_of(bed)) for bed in beds]
            for tile in tiles:
                self._carry.watch(tile, target=True)
                tile.focused.connect(self._on_focused)
            group = RoomGroup(name, tiles)
            self._groups.append(group)
            self._flow.addWidget(group)
        self._fit()
        again = self.tile(had) if had is not None else None
        if again is not None:
            again.setFocus(Qt.FocusReason.TabFocusReason)

    def clear(self) -> None:
        """Drop all tiles and their words."""
        tiles = self.tiles()
        self._carry.release(tiles)
        for tile in tiles:
            tile.forget()
        for group in self._groups:
            self._flow.removeWidget(group)
            group.hide()
            group.deleteLater()
        self._groups = []

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        columns = (self.viewport().width() + px(_GAP)) // (px(WIDE) + px(_GAP))
        for group in self._groups:
            group.fit(columns)

    def _on_focused(self) -> None:
        tile = self.sender()
        if isinstance(tile, BedTile):
            self.ensureWidgetVisible(tile, px(8), px(30))


def _bed_of(tile: BedTile) -> BedId | None:
    return tile.subject.id if isinstance(tile.subject, BedNight) else None
