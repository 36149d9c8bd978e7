"""The side of the bed board: guests without a bed, to be carried to one, and who is expected.

It shows and asks; the page does.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.texts import tr
from app.services.bed import ArrivalRow, BedBoard, Bedless
from app.ui.kit import Card, Label, ListRow, Mark
from app.ui.presenters.bed_board import Carried, arrival_tip, arrival_words, bedless_words
from app.ui.theme import px
from app.ui.widgets.bed_carry import BedCarry
from app.ui.widgets.bed_tile import BedTile
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.row_list import RowList


class ArrivalEntry(ListRow):
    """A planned arrival; `asked` carries it when it is pressed."""

    asked = Signal(object)

    def __init__(self, row: ArrivalRow, today: date) -> None:
        super().__init__(*arrival_words(row, today), trail=Mark("more_horiz", "muted"), can_open=True)
        self.row = row
        self.setToolTip(arrival_tip(row, today))
        self.opened.connect(self._on_opened)

    def _on_opened(self) -> None:
        self.asked.emit(self)


class BedSide(QWidget):
    """The two lists."""

    arrival_asked = Signal(object)
    """An `ArrivalEntry` was pressed."""

    def __init__(self, carry: BedCarry) -> None:
        super().__init__()
        self._carry = carry
        self._tiles: list[BedTile] = []
        self._bedless = Card(tr("beds.bedless_title"), " ")
        self._hint = Label("", "muted", wrap=True)
        ground = QWidget()
        self._flow = FlowLayout(ground, gap=8)
        self._ground = ground
        self._bedless.body.setSpacing(px(8))
        self._bedless.body.addWidget(self._hint)
        self._bedless.body.addWidget(ground)
        self._arrivals = Card(tr("beds.arrivals"), " ")
        self._none = Label(tr("beds.arrivals_none"), "strong", wrap=True)
        self._none_hint = Label(tr("beds.arrivals_none_hint"), "muted", wrap=True)
        self.rows = RowList()
        self._arrivals.body.setSpacing(px(6))
        for widget in (self._none, self._none_hint):
            self._arrivals.body.addWidget(widget)
        self._arrivals.body.addWidget(self.rows, 1)
        self._rest = QWidget()
        self._arrivals.body.addWidget(self._rest, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(14))
        column.addWidget(self._bedless)
        column.addWidget(self._arrivals, 1)

    def show_board(self, board: BedBoard) -> None:
        """Show who has no bed on the night of a board, and who is expected."""
        self.clear()
        for guest in board.without_bed:
            tile = BedTile(bedless_words(guest), guest, Carried(guest.stay, guest.name_used))
            self._tiles.append(tile)
            self._carry.watch(tile, target=False)
            self._flow.addWidget(tile)
        self._ground.setVisible(bool(board.without_bed))
        self._hint.setText(tr("beds.bedless_hint") if board.without_bed else tr("beds.bedless_none"))
        self._bedless.set_title(tr("beds.bedless_title"), str(len(board.without_bed)) if board.without_bed else "")
        rows = [ArrivalEntry(row, board.today) for row in board.arrivals]
        for row in rows:
            row.asked.connect(self.arrival_asked)
        self.rows.show_rows(rows)
        self.rows.setVisible(bool(rows))
        for widget in (self._none, self._rest):
            widget.setVisible(not rows)
        self._none_hint.setVisible(not rows)
        self._arrivals.set_title(tr("beds.arrivals"), str(len(rows)) if rows else "")

    def bedless_tiles(self) -> list[BedTile]:
        """Return the tiles of guests without a bed."""
        return [tile for tile in self._tiles if isinstance(tile.subject, Bedless)]

    def clear(self) -> None:
        """Drop every word about anybody."""
        self._carry.release(self._tiles)
        for tile in self._tiles:
            tile.forget()
            self._flow.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self._tiles = []
        for row in self.rows.rows():
            if isinstance(row, ListRow):
                row.show_text("")
                row.setToolTip("")
        self.rows.clear()
