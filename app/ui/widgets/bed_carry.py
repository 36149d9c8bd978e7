"""Carrying a guest from tile to tile, by keys or with the mouse: who is carried, from where, and where she would go.

It changes nothing in the register: it says where she was dropped.
"""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.ui.kit import Chip
from app.ui.presenters.bed_board import Carried, neighbour
from app.ui.theme import px
from app.ui.widgets.bed_tile import BedTile


class BedCarry(QObject):
    """Watches the tiles of a page; those that can be dropped on are `targets`."""

    changed = Signal()
    """Somebody was picked up or put down again."""
    dropped = Signal(object, object)
    """A `Carried` was dropped on the subject of a tile."""
    opened = Signal(object)
    """A tile was pressed while nobody is carried; carries the tile."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._tiles: list[tuple[BedTile, bool]] = []
        self._ghost: Chip | None = None
        self.carried: Carried | None = None

    def watch(self, tile: BedTile, *, target: bool) -> None:
        """Take a tile in."""
        self._tiles.append((tile, target))
        tile.clicked.connect(self._on_click)
        tile.carry_asked.connect(self._on_carry)
        tile.cancel_asked.connect(self.cancel)
        tile.step_asked.connect(self._on_step)
        tile.dragged.connect(self._on_drag)
        tile.dropped.connect(self._on_drop)

    def tiles(self) -> list[BedTile]:
        """Return the tiles, in the order in which they were taken in."""
        self._tiles = [(tile, target) for tile, target in self._tiles if shiboken6.isValid(tile)]
        return [tile for tile, _ in self._tiles]

    def release(self, tiles: list[BedTile]) -> None:
        """Let tiles go that are being taken away."""
        gone = set(tiles)
        self._tiles = [(tile, target) for tile, target in self._tiles if tile not in gone]

    def pick_up(self, carried: Carried | None) -> None:
        """Carry a guest, or nobody."""
        self.carried = carried
        self._show()
        self.changed.emit()

    def cancel(self) -> None:
        """Put her back where she was."""
        self._drop_ghost()
        if self.carried is not None:
            self.pick_up(None)

    def drop_on(self, tile: BedTile) -> None:
        """Drop the guest on a tile, if it is one that takes her."""
        carried, takes = self.carried, any(each is tile and target for each, target in self._tiles)
        self.cancel()
        if carried is not None and takes:
            self.dropped.emit(carried, tile.subject)

    def _on_click(self) -> None:
        tile = self.sender()
        if not isinstance(tile, BedTile):
            return
        if self.carried is not None:
            self.drop_on(tile)
        else:
            self.opened.emit(tile)

    def _on_carry(self) -> None:
        tile = self.sender()
        if isinstance(tile, BedTile):
            if self.carried is not None:
                self.drop_on(tile)
            elif tile.carried is not None:
                self.pick_up(tile.carried)

    def _on_step(self, right: int, down: int) -> None:
        tiles = [tile for tile in self.tiles() if tile.isVisible()]
        tile = self.sender()
        if not isinstance(tile, BedTile) or tile not in tiles:
            return
        middles = [each.mapTo(self._page, each.rect().center()) for each in tiles]
        found = neighbour([(point.x(), point.y()) for point in middles], tiles.index(tile), right, down)
        tiles[found].setFocus(Qt.FocusReason.TabFocusReason)
        self._show()

    def _on_drag(self, at: QPoint) -> None:
        tile = self.sender()
        if isinstance(tile, BedTile) and self.carried is None:
            self.pick_up(tile.carried)
        if self.carried is None:
            return
        if self._ghost is None:
            self._ghost = Chip("primary", self.carried.name, "person", parent=self._page)
            self._ghost.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._ghost.resize(self._ghost.sizeHint())
            self._ghost.show()
        self._ghost.move(self._page.mapFromGlobal(at) + QPoint(px(10), px(10)))
        self._ghost.raise_()
        aimed = self._under(at)
        for each, target in self._tiles:
            each.mark(lifted=self._is_source(each), aimed=target and each is aimed)

    def _on_drop(self, at: QPoint) -> None:
        tile = self._under(at)
        if tile is None:
            self.cancel()
        else:
            self.drop_on(tile)

    def _under(self, at: QPoint) -> BedTile | None:
        for tile in self.tiles():
            if tile.isVisible() and tile.visibleRegion().contains(tile.mapFromGlobal(at)):
                return tile
        return None

    def _is_source(self, tile: BedTile) -> bool:
        return self.carried is not None and tile.carried is not None and tile.carried.stay == self.carried.stay

    def _show(self) -> None:
        for tile in self.tiles():
            tile.mark(lifted=self._is_source(tile))

    def _drop_ghost(self) -> None:
        if self._ghost is not None:
            self._ghost.show_state("primary", "")
            self._ghost.hide()
            self._ghost.deleteLater()
            self._ghost = None
