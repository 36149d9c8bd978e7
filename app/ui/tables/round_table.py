"""The table of the evening round: rooms as headings; of each guest bed, state, meals, and whether she was confirmed.

It shows; what a key does is said in the dialog.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from app.reference.texts import tr
from app.ui.kit import Column, RowModel, TableView, table_view
from app.ui.kit.row_model import CellRole
from app.ui.presenters.meal_board import Kinds, kind_word
from app.ui.presenters.night_state import say_state, sign_of, tone_of, word_of
from app.ui.presenters.round_sheet import RoundHead, RoundLine, RoundSheet
from app.ui.theme import Tone, px

_Index = QModelIndex | QPersistentModelIndex
Entry = RoundHead | RoundLine

ROW, HEAD = 30, 25
_AHEAD = 2
"""How many lines after the chosen one are kept in view."""
_MEAL = 58


class RoundModel(RowModel[Entry]):
    """The lines; a room's heading can be seen and not chosen."""

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let the arrows pass over the headings."""
        if index.isValid() and isinstance(self.row(index.row()), RoundHead):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Write the headings in bold."""
        if int(role) == CellRole.KIND and index.isValid() and isinstance(self.row(index.row()), RoundHead):
            return "strong"
        return super().data(index, role)

    def update_rows(self, rows: Sequence[Entry]) -> None:
        """Show other rows: in the place of as many, without moving the list under the eyes."""
        if len(rows) != self.rowCount() or not rows:
            self.show_rows(rows)
            return
        self._rows = list(rows)
        self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.columns) - 1))


def round_model(offered: Kinds) -> RoundModel:
    """Return an empty model of the round, with a column for each kind of meal that the house proposes."""
    meals: list[Column[Entry]] = [
        Column(
            tr("presences.round_meal", key=number, kind=tr(f"presences.round_meal_{kind}")),
            _of_line(partial(_say_meal, kind)),
            "chip",
            tone=_of_tone(partial(_meal_tone, kind)),
            tip=_of_line(partial(_say_kind, kind)),
            width=_MEAL,
        )
        for number, kind in enumerate(offered, start=1)
    ]
    if offered:
        others: Column[Entry] = Column(
            tr("presences.round_others"), _of_line(partial(_say_others, offered)), "muted", width=84
        )
        meals.append(others)
    return RoundModel(
        [
            Column(tr("presences.round_bed"), _say_bed, "muted", width=54),
            Column(tr("presences.guest"), _of_line(lambda line: line.row.name_used), "strong"),
            Column("", _of_line(lambda line: line.row.code), "mono", width=84),
            Column(
                tr("presences.round_state"),
                _of_line(lambda line: f"{sign_of(line.state)} {word_of(line.state)}"),
                "chip",
                tone=_of_tone(lambda line: tone_of(line.state)),
                tip=_of_line(lambda line: say_state(line.state)),
                width=150,
            ),
            *meals,
            Column(
                tr("presences.round_check"),
                _of_line(
                    lambda line: tr("presences.round_confirmed" if line.confirmed else "presences.round_proposed")
                ),
                "chip",
                tone=_of_tone(lambda line: "green" if line.confirmed else "amber"),
                icon=_of_line(lambda line: "check" if line.confirmed else "schedule"),
                width=148,
            ),
        ]
    )


class RoundTable:
    """The view and its model: `show` fills it, `choose` and `chosen` speak of guests, not of lines on the screen."""

    def __init__(self, offered: Kinds) -> None:
        self.model = round_model(offered)
        self.view: TableView = table_view(
            self.model, stretch=1, name=tr("presences.round_table"), sortable=False, row_height=ROW
        )
        self._lines: list[int] = []
        self._lines_of_before: list[int] = []

    def show(self, sheet: RoundSheet, *, headings: bool = True) -> None:
        """Show a round, the headings across all columns; without them the bed's name alone tells the room."""
        entries: Sequence[Entry] = [each for each in sheet.entries() if headings or isinstance(each, RoundLine)]
        self._lines = [place for place, entry in enumerate(entries) if isinstance(entry, RoundLine)]
        fresh = self._lines_of_before != self._lines
        self._lines_of_before = self._lines
        self.model.update_rows(entries)
        if not fresh:
            return
        self.view.clearSpans()
        for place, entry in enumerate(entries):
            if isinstance(entry, RoundHead):
                self.view.setSpan(place, 0, 1, len(self.model.columns))
                self.view.setRowHeight(place, px(HEAD))

    def choose(self, at: int) -> None:
        """Select a guest; her room's heading and the lines after her are kept in view."""
        place = self._lines[at] if 0 <= at < len(self._lines) else -1
        if place >= 0:
            last = self.model.rowCount() - 1
            self.view.scrollTo(self.view.proxy.index(min(place + _AHEAD, last), 0))
            self.view.scrollTo(self.view.proxy.index(max(place - 1, 0), 0))
        self.view.choose(place)

    def chosen(self) -> int:
        """Return the selected guest, -1 when there is none."""
        place = self.view.currentIndex().row()
        return self._lines.index(place) if place in self._lines else -1

    def high(self, lines: int) -> int:
        """Return how high the table is with its first so many lines on the screen."""
        places = range(min(lines, self.model.rowCount()))
        return self.view.horizontalHeader().sizeHint().height() + sum(map(self.view.rowHeight, places)) + 2


def _say_bed(entry: Entry) -> str:
    if isinstance(entry, RoundHead):
        return tr("presences.round_room", room=entry.room) if entry.room else tr("presences.round_no_room")
    return entry.row.bed or "–"


def _of_line(say: Callable[[RoundLine], str]) -> Callable[[Entry], str]:
    return lambda entry: say(entry) if isinstance(entry, RoundLine) else ""


def _of_tone(tone: Callable[[RoundLine], Tone | None]) -> Callable[[Entry], Tone]:
    # A cell of kind chip without a tone is painted as words.
    return lambda entry: tone(entry) if isinstance(entry, RoundLine) else None  # type: ignore[return-value]


def _say_kind(kind: str, _: RoundLine) -> str:
    return kind_word(kind)


def _say_meal(kind: str, line: RoundLine) -> str:
    return tr("presences.round_meal_yes" if kind in line.kinds else "presences.round_meal_no")


def _meal_tone(kind: str, line: RoundLine) -> Tone | None:
    return "green" if kind in line.kinds else None


def _say_others(offered: Kinds, line: RoundLine) -> str:
    return ", ".join(kind_word(kind) for kind in line.kinds if kind not in offered)
